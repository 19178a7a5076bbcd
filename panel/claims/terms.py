"""Judges what a sentence says in words: licences, openness, plans, hosting, certificates, and what is unlimited."""

import re
from collections.abc import Iterator, Sequence

from panel.claims import units
from panel.claims.denial import in_denial
from panel.claims.licences import NOT_OPEN, OSI, Licence, licences_agree
from panel.claims.openness import find_openness, judge_openness
from panel.claims.plans import find_plans
from panel.claims.sentence import Read
from panel.claims.statements import PAID_ONLY, RESTRICTED, Statement
from panel.claims.values import ANCHORED, CONTRADICTED, UNANCHORED, Claim

Known = Sequence[tuple[int, Read]]
PLAN_ONLY = re.compile(
    (
        r"\b(?:Pro|Team|Business|Enterprise|Plus|Premium|Scale|Growth|paid)(?: plan| tier"
        r"| plans)?(?: and (?:up|above|Enterprise|Business))?,? only\b|\bonly (?:on|in|with) (?:the )?(?:Pro"
        r"|Team|Business|Enterprise|Plus|Premium|Scale|Growth|paid)\b"
    ),
    re.IGNORECASE,
)
PLATFORMS = {"windows", "linux", "macos", "ios", "android", "chrome", "firefox"}
NAMED_PLAN = re.compile(
    r"\b(?:[Tt]he|[Oo]n|its|their|an?) (?P<name>(?!Free|Paid|Annual|Monthly|Top|Cheapest)[A-Z][a-z]+) (?:plan"
    r"|tier|package)\b"
)
FREE_THING = re.compile(
    r"\b(?:is|are|comes?) free\b|\bon the free\b|\bfree plan\b|\beven free\b|\bfor free\b|\bfree (?:tier|users)\b"
    r"|\b(?:on|in|with|at) (?:any|every|all|each|the (?:cheapest|lowest|smallest|basic|entry|bottom)) (?:the"
    r" )?(?:paid )?"
    r"(?:plan|tier|package|level)s?\b|\bwhatever you pay\b|\bwhichever plan\b",
    re.IGNORECASE,
)


def judge_terms(read: Read, known: Known) -> Iterator[Claim]:
    yield from judge_licences(read, known)
    for said in find_openness(read.text):
        verdict, index = judge_openness(said, known)
        what = "open" if said.holds else "not open"
        yield claim(read, said.start, said.end, "openness", f"{said.what} {what}", verdict, index, known)
    for statement in read.statements:
        verdict, index, span = judge_statement(statement, read, known)
        says = f"{statement.topic}: {'yes' if statement.holds else 'no'}"
        yield claim(read, statement.start, statement.end, "statement", says, verdict, index, known, span)
    for start, end, noun in read.unlimited:
        verdict, index = judge_unlimited(noun, read, known)
        yield claim(read, start, end, "limit", f"unlimited {noun}", verdict, index, known)
    yield from judge_free_thing(read, known)
    yield from judge_plans(read, known)


def judge_plans(read: Read, known: Known) -> Iterator[Claim]:
    """'the Agency tier' where the facts name other plans."""
    names = {name for _, fact in known for _, _, name in find_plans(fact.text)}
    for match in NAMED_PLAN.finditer(read.text):
        name = match["name"].lower()
        if names and not any(name in fact.text.lower() for _, fact in known):
            yield claim(read, match.start(), match.end(), "plan", match["name"], UNANCHORED, None, known)


def claim(
    read: Read,
    start: int,
    end: int,
    kind: str,
    says: str,
    verdict: str,
    index: int | None,
    known: Known,
    span: tuple[int, int] = (0, 0),
) -> Claim:
    written = read.text[start:end].strip()
    fact = next((one.text for at, one in known if at == index), "")
    why = {
        ANCHORED: f"'{written}' stands in the fact '{fact[:120]}'.",
        CONTRADICTED: f"'{written}' is denied by the fact '{fact[:120]}'; correct the sentence or cite a newer fact.",
        UNANCHORED: f"No fact says '{written}' ({says}); cite one that does, or leave it out.",
    }[verdict]
    if index is not None and span == (0, 0):
        span = (0, len(fact))
    return Claim(start, end, kind, says, verdict, why, index, *span)


def judge_licences(read: Read, known: Known) -> Iterator[Claim]:
    for said in read.licences:
        if is_passing(read.text, said):
            continue
        denied = in_denial(read.text, said.start, said.end) and not re.search(
            r"without (?:a )?(?:fuss|thinking)", read.text
        )
        verdict, index = judge_licence(said, denied, known)
        says = f"licence {'not ' if denied else ''}{said.family} {said.version}".strip()
        yield claim(read, said.start, said.end, "licence", says, verdict, index, known)


def is_passing(text: str, said: Licence) -> bool:
    """'proprietary data', 'a community licence would help': words that only look like a licence."""
    if said.family == "proprietary":
        return not re.search(r"licen[cs]e|closed|\bis proprietary|are proprietary", text, re.IGNORECASE)
    return said.family == "unlicense" and "public domain" in text.lower() and "image" in text.lower()


def judge_licence(said: Licence, denied: bool, known: Known) -> tuple[str, int | None]:
    facts = [(index, one) for index, read in known for one in read.licences]
    agreeing = [index for index, one in facts if licences_agree(said, one)]
    if denied:
        if agreeing:
            return CONTRADICTED, agreeing[0]
        return (ANCHORED, facts[0][0]) if facts else (UNANCHORED, None)
    other = next((index for index, one in facts if one.scope and one.family != said.family and not one.later), None)
    if said.scope == "both" and agreeing and other is not None:
        return CONTRADICTED, other
    if agreeing:
        return ANCHORED, agreeing[0]
    if said.family in ("community", "terms", "proprietary"):
        vague = [index for index, one in facts if one.family in NOT_OPEN]
        if vague:
            return ANCHORED, vague[0]
    rivals = [index for index, one in facts if not (said.scope and one.scope and said.scope != one.scope)]
    return (CONTRADICTED, rivals[0]) if rivals else (UNANCHORED, None)


def judge_statement(said: Statement, read: Read, known: Known) -> tuple[str, int | None, tuple[int, int]]:
    agreeing: list[tuple[int, tuple[int, int]]] = []
    denying: list[tuple[int, tuple[int, int]]] = []
    plans = {name for _, _, name in find_plans(read.text)}
    for index, fact in known:
        theirs = {name for _, _, name in find_plans(fact.text)}
        for one in fact.statements:
            if one.topic == said.topic and (not plans or not theirs or plans & theirs):
                (agreeing if one.holds == said.holds else denying).append((index, (one.start, one.end)))
    if not agreeing and (implied := implied_by(said, known)) is not None:
        verdict, index = implied
        return verdict, index, (0, 0)
    if denying and (not agreeing or said.topic in ("free plan", "card")):
        return CONTRADICTED, *denying[0]
    return (ANCHORED, *agreeing[0]) if agreeing else (UNANCHORED, None, (0, 0))


def implied_by(said: Statement, known: Known) -> tuple[str, int] | None:
    """What a fact on another subject settles: a licence settles commercial use, a trial is no free plan."""
    for index, fact in known:
        topics = {one.topic: one.holds for one in fact.statements}
        families = {one.family for one in fact.licences if not one.later}
        if said.topic == "commercial use" and families & (OSI | {"cc-by", "cc-by-nc"}):
            return (ANCHORED if said.holds == ("cc-by-nc" not in families) else CONTRADICTED), index
        if said.topic == "commercial use" and RESTRICTED.search(fact.text) and "commercial" in fact.text.lower():
            return (CONTRADICTED if said.holds else ANCHORED), index
        if (
            said.topic == "free plan"
            and not any("free plan" in {one.topic for one in other.statements} for _, other in known)
            and (PAID_ONLY.search(fact.text) or topics.get("trial"))
        ):
            return (CONTRADICTED if said.holds else ANCHORED), index
        if said.topic == "self-hosting" and topics.get("docker") and said.holds and "your" in fact.text:
            return ANCHORED, index
        if (excluded := excluded_by(said, fact, topics)) is not None:
            return excluded, index
        other = {"offline": "self-hosting", "self-hosting": "offline"}.get(said.topic)
        if other in topics:
            return (ANCHORED if topics[other] == said.holds else CONTRADICTED), index
        if said.topic == "mobile app" and (topics.get("ios") or topics.get("android")):
            return (ANCHORED if said.holds else CONTRADICTED), index
        if said.topic in ("ios", "android") and topics.get("mobile app") and said.topic in fact.text.lower():
            return (ANCHORED if said.holds else CONTRADICTED), index
    return None


def excluded_by(said: Statement, fact: Read, topics: dict[str, bool]) -> str | None:
    """'macOS and Linux only' leaves Windows out; what is kept in America is not kept in Europe."""
    if said.topic in PLATFORMS and PLATFORMS & topics.keys() and re.search(r"\bonly\b", fact.text):
        return CONTRADICTED if said.holds else ANCHORED
    elsewhere = {"eu hosting": "us hosting", "us hosting": "eu hosting"}.get(said.topic, "")
    return CONTRADICTED if said.holds and topics.get(elsewhere) else None


def judge_unlimited(noun: str, read: Read, known: Known) -> tuple[str, int | None]:
    plans = {name for _, _, name in find_plans(read.text)}
    capped = None
    for index, fact in known:
        theirs = {name for _, _, name in find_plans(fact.text)}
        if plans and theirs and not plans & theirs:
            continue
        if any(same_noun(noun, other) for _, _, other in fact.unlimited):
            return ANCHORED, index
        counted = any(one.dim == "count" and same_noun(noun, one.unit) for one in fact.quantities)
        if counted or re.search(rf"\d[\d,.]*[ -](?:\w+ ){{0,2}}{re.escape(noun)}s?\b", fact.text, re.IGNORECASE):
            capped = index
    return (CONTRADICTED, capped) if capped is not None else (UNANCHORED, None)


def same_noun(one: str, other: str) -> bool:
    return units.same_noun(one, other)


def judge_free_thing(read: Read, known: Known) -> Iterator[Claim]:
    """'Version history is free' against 'Version history: Pro plan only'."""
    match = FREE_THING.search(read.text)
    if not match or in_denial(read.text, match.start(), match.end()):
        return
    for index, fact in known:
        only = PLAN_ONLY.search(fact.text)
        if only and read.stems & fact.stems:
            yield claim(
                read,
                match.start(),
                match.end(),
                "statement",
                "part of the free plan",
                CONTRADICTED,
                index,
                known,
                only.span(),
            )
            return
