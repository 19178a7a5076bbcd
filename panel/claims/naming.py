"""Judges names, versions and dates: each must stand in a fact as it is written, or as it is called elsewhere."""

import re
from collections.abc import Iterator, Sequence

from panel.claims.names import Name, model_key, same_model, same_product
from panel.claims.sentence import Read
from panel.claims.stamps import Stamp, dates_agree, versions_agree
from panel.claims.values import ANCHORED, CONTRADICTED, UNANCHORED, Claim
from panel.claims.vocabulary import LANGUAGES

Known = Sequence[tuple[int, Read]]
RELATED = re.compile(
    (
        r"\b(?:rivals?|compet(?:es?|itors?|ing)|integrates?|integrated|integrating"
        r"|integrations?|plugs? (?:straight )?in(?:to)?|connects?"
        r"|hooks? into|syncs?|works with|talks to|imports? from|exports? to|built on|built by|built with"
        r"|sits on"
        r"|powered by|backed by|back it\b|funded by|acquired by|bought by|owned by|partners? with|partnership"
        r"|customers?|clients|used by|users include|trusted by|investors?|led by|led (?:the|its|a)|backs (?:it"
        r"|them)|invested in|wrote (?:the|its|their) (?:\w+ )?(?:cheque|check)|owns|acquired|bought|founded by"
        r"|founders?|ex-|former(?:ly)?|people who left"
        r"|alumni|left"
        r"|cheaper than|faster than|better than|slower than|dearer than|beats|outperforms|undercuts|covered"
        r"|supported|supports|to beat|alternatives?|replacement for|replaces|fork of|based on|wraps"
        r"|wrapper (?:around|for|over)|runs on|hosted on|hosted by|compatible with|certified by|audited by"
        r"|made by|from the makers of|against|measured against|compares? (?:itself )?(?:with|to)|uses"
        r"|relies on|calls|(?:run|use|trust|love) it\b|(?:rely on|pay for|build on|swear by) it\b"
        r"|stores? .* in|log(?:s)? in with|sign(?:s)? in with|comes from|trained on|fine-tuned (?:on|from)"
        r"|relies|reads from|writes to|pulls from|pushes to|sends? .* to)\b"
    ),
    re.IGNORECASE,
)
DATE_TOPICS = {
    "cutoff": (
        r"knowledge|cut-?off|training data|train(?:ed|ing)|knows? (?:nothing|about)|aware|ends? in"
        r"|stops? (?:in|at)|memory ends"
    ),
    "release": (
        r"releas|launch|came out|out since|shipp|version|first public|publish|announc|debut|latest|updated?"
        r"|last (?:commit|change)|stars|commit"
    ),
    "founded": r"found|started|incorporat|company from|born|est\b|established",
    "ending": (
        r"retire|sunset|deprecat|goes dark|shut|end of life|eol|discontinu|removed|switch(?:ed)? off"
        r"|stops? working|turned off|dies"
    ),
    "price": r"price|cost|rate|from then|increase",
}
TOPIC = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in DATE_TOPICS.items()}


def judge_names(read: Read, known: Known, idle: list[tuple[int, int]]) -> Iterator[Claim]:
    for name in read.names:
        verdict, index, span = judge_exact(name, known)
        yield named(read, name.start, name.end, name.kind, name.text, verdict, index, span, known)
    for stamp in read.versions:
        verdict, index, span = judge_version(stamp, known)
        yield named(read, stamp.start, stamp.end, "version", said_version(stamp), verdict, index, span, known)
    for stamp in read.dates:
        if any(stamp.start < right and left < stamp.end for left, right in idle):
            continue
        verdict, index, span = judge_date(stamp, read, known)
        if not stamp.parts[0] and verdict == UNANCHORED:
            continue  # 'in January', said in passing
        yield named(read, stamp.start, stamp.end, "date", said_date(stamp), verdict, index, span, known)
    yield from judge_languages(read, known)
    yield from judge_related(read, known)


def named(
    read: Read,
    start: int,
    end: int,
    kind: str,
    says: str,
    verdict: str,
    index: int | None,
    span: tuple[int, int],
    known: Known,
) -> Claim:
    written = read.text[start:end]
    theirs = next((one.text[slice(*span)] for at, one in known if at == index), "")
    why = {
        ANCHORED: f"The {kind} '{written}' stands in a fact.",
        CONTRADICTED: f"The {kind} '{written}' is '{theirs}' in the facts; correct it.",
        UNANCHORED: f"The {kind} '{written}' is in no fact; cite one that names it, or leave it out.",
    }[verdict]
    return Claim(start, end, kind, says, verdict, why, index, *span)


def judge_exact(name: Name, known: Known) -> tuple[str, int | None, tuple[int, int]]:
    other: tuple[int, tuple[int, int]] | None = None
    for index, fact in known:
        for theirs in fact.names:
            if is_same(name, theirs):
                return ANCHORED, index, (theirs.start, theirs.end)
            if other is None and theirs.kind == name.kind and is_rival(name, theirs):
                other = index, (theirs.start, theirs.end)
        at = stands_in(name, fact.text)
        if at is not None:
            return ANCHORED, index, (at, at + len(name.text))
        if name.kind == "model" and same_product(name.key, fact.subject):
            return ANCHORED, index, (0, len(fact.text))
    return (CONTRADICTED, *other) if other else (UNANCHORED, None, (0, 0))


def is_same(name: Name, theirs: Name) -> bool:
    if name.kind in ("model", "hardware") and theirs.kind in ("model", "hardware", "repository", "file"):
        return same_model(name.key, model_key(loose(name, theirs)))
    return name.kind == theirs.kind and name.key == theirs.key


def loose(name: Name, theirs: Name) -> str:
    """A checkpoint's 'v0.1' matters only to a quote that names one."""
    return theirs.text if re.search(r"v\d", name.text) else re.sub(r"-v\d+(?:\.\d+)*$", "", theirs.text)


def is_rival(name: Name, theirs: Name) -> bool:
    if name.kind == "command":
        return name.text.split()[0] == theirs.text.split()[0]
    if name.kind in ("file", "repository"):
        return name.text[:4].lower() == theirs.text[:4].lower()
    return True


def stands_in(name: Name, text: str) -> int | None:
    """Where the very words stand, not as a part of a longer name."""
    if name.kind == "model":
        return None
    match = re.search(rf"(?<![\w-]){re.escape(name.text)}(?![\w-]|\.\w)", text, re.IGNORECASE)
    return match.start() if match else None


def judge_version(said: Stamp, known: Known) -> tuple[str, int | None, tuple[int, int]]:
    other = None
    for index, fact in known:
        for theirs in fact.versions:
            if theirs.name != said.name:
                continue
            if versions_agree(said, theirs):
                return ANCHORED, index, (theirs.start, theirs.end)
            other = other or (index, (theirs.start, theirs.end))
    return (CONTRADICTED, *other) if other else (UNANCHORED, None, (0, 0))


def judge_date(said: Stamp, read: Read, known: Known) -> tuple[str, int | None, tuple[int, int]]:
    topics = topics_of(read.text)
    other = None
    for index, fact in known:
        theirs_topics = topics_of(fact.text)
        if topics and theirs_topics and not topics & theirs_topics:
            continue
        for theirs in fact.dates:
            if dates_agree(said, theirs):
                return ANCHORED, index, (theirs.start, theirs.end)
            if topics & theirs_topics:
                other = other or (index, (theirs.start, theirs.end))
    return (CONTRADICTED, *other) if other else (UNANCHORED, None, (0, 0))


def topics_of(text: str) -> set[str]:
    return {name for name, pattern in TOPIC.items() if pattern.search(text)}


# 'in Japanese too', and not 'in one Swedish town'.
IN_TONGUE = re.compile(
    r"\b(?:in|into) (?!English)[A-Z][a-z]+(?:ese|ish|ian|an|ch|ic)(?:[.,;]|$| (?:too|and|or|as well|but)\b)"
)


def judge_languages(read: Read, known: Known) -> Iterator[Claim]:
    """'the Finnish is better than I feared': a language the tool is said to speak."""
    if not IN_TONGUE.search(read.text) and not re.search(
        r"language|translat|transcri|speaks?|voices?|subtitles|accent|dub|speech",
        read.text + " ".join(fact.text for _, fact in known),
        re.IGNORECASE,
    ):
        return
    for match in re.finditer(rf"\b(?:{'|'.join(word.capitalize() for word in LANGUAGES)})\b", read.text):
        index = next((at for at, fact in known if match[0].lower() in fact.text.lower()), None)
        span = (0, 0) if index is None else span_in(match[0], next(fact.text for at, fact in known if at == index))
        yield named(
            read,
            match.start(),
            match.end(),
            "language",
            match[0],
            UNANCHORED if index is None else ANCHORED,
            index,
            span,
            known,
        )


def judge_related(read: Read, known: Known) -> Iterator[Claim]:
    """Firms and products the sentence ties the tool to: rivals, customers, integrations, makers."""
    cue = RELATED.search(read.text)
    if not cue:
        return
    for name in read.products:
        before = name.end <= cue.start()
        listed = re.search(
            (
                r"\bled\b|wrote|back(?:s|ed)|invest|acquired|bought|owns|(?:run|use|trust|love|back|rely on|pay"
                r" for|build on"
                r"|swear by) it|to beat|customers?|clients|covered|supported|rivals?|investors?|compet|backers"
                r"|integrations?"
            ),
            cue[0],
            re.I,
        )
        alone = re.search(r"\bled\b|wrote|backs|invest|acquired|bought|owns", cue[0], re.IGNORECASE)
        if (
            before
            and not alone
            and not (listed and re.search(r"\band\b|,", read.text[name.end : cue.start()] + read.text[: name.start]))
        ):
            continue
        index = next((at for at, fact in known if mentions(fact, name)), None)
        span = (0, 0) if index is None else span_in(name.text, next(fact.text for at, fact in known if at == index))
        verdict = UNANCHORED if index is None else ANCHORED
        yield named(read, name.start, name.end, "name", name.text, verdict, index, span, known)


def mentions(fact: Read, name: Name) -> bool:
    compact = re.sub(r"[\s.-]", "", name.text.lower())
    return compact in re.sub(r"[\s.-]", "", fact.text.lower()) or same_product(name.key, fact.subject)


def span_in(word: str, text: str) -> tuple[int, int]:
    at = text.lower().find(word.lower())
    return (at, at + len(word)) if at >= 0 else (0, len(text))


def said_version(stamp: Stamp) -> str:
    number = ".".join(map(str, stamp.parts))
    return f"{stamp.name} {'>= ' if stamp.at_least else ''}{number}".strip()


def said_date(stamp: Stamp) -> str:
    return "-".join(f"{part:02d}" for part in stamp.parts if part > 0)
