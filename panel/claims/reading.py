"""Reads a quote against given facts. Contradicted wins over not found; a sentence that claims nothing is left alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from panel.claims.figures import judge_figures
from panel.claims.functions import judge_functions
from panel.claims.metering import judge_metering
from panel.claims.names import Name, same_product
from panel.claims.naming import judge_names, mentions
from panel.claims.rhetoric import covered, idle_spans, is_condition
from panel.claims.sentence import MOST_NUMBERS, Read, read_fact_once, read_text
from panel.claims.terms import judge_terms
from panel.claims.things import judge_things
from panel.claims.values import ANCHORED, CONTRADICTED, LONGEST_QUOTE, MOST_FACTS, UNANCHORED, Claim, GivenFact, Reading

SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(]?[A-Z0-9$€£`])")
LEADS = re.compile(
    (
        r"(?:^|[,;:—–]\s*)(?:at|with|on|in|for|where|while|and|but|so|yes|when|as|since|because|though|if"
        r"|even)?\s*(?:the\s)?$"
    ),
    re.IGNORECASE,
)
VERB = re.compile(r"['’]s\b|\s(?:is|was|has|does|will|can|could|would|never|only|also|now|[a-z]+(?<!s)s)\b")
OBJECT = re.compile(
    r"\b(?:with|to|for|from|into|than|like|and|or|of|by|via|on|unlike|beat|beats|against)\s$", re.IGNORECASE
)
CONDITIONAL_KINDS = {"statement", "openness"}
EXACT_KINDS = {"model", "repository", "file", "command", "metering"}  # a figure of speech never holds one


def check_quote(quote: str, facts: Sequence[GivenFact]) -> Reading:
    """What of the quote the facts bear, deny or do not know."""
    text = quote[:LONGEST_QUOTE]
    known = [(index, read_fact_once(fact)) for index, fact in enumerate(facts[:MOST_FACTS])]
    claims = [one for start, end in sentences(text) for one in sentence_claims(text[start:end], start, known)]
    flags = unread_facts(known) + left_out(quote, facts)
    return Reading(verdict_of(claims), tuple(sorted(claims, key=lambda one: one.start)), flags)


def left_out(quote: str, facts: Sequence[GivenFact]) -> tuple[str, ...]:
    """What stands past the bounds and was not read."""
    flags = []
    if len(quote) > LONGEST_QUOTE:
        flags.append(f"Only the first {LONGEST_QUOTE} characters of the quote are read; check it in parts.")
    if len(facts) > MOST_FACTS:
        flags.append(f"Only the first {MOST_FACTS} of {len(facts)} facts are read; give fewer.")
    return tuple(flags)


def verdict_of(claims: Sequence[Claim]) -> str:
    verdicts = {claim.verdict for claim in claims}
    return next((one for one in (CONTRADICTED, UNANCHORED) if one in verdicts), ANCHORED)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in SENTENCE.finditer(text):
        if text[start : cut.start()].endswith("?") and text.count(" ", start, cut.start()) < 4:
            continue  # 'Free trial? There is none.' says one thing
        yield start, cut.start()
        start = cut.end()
    yield start, len(text)


def sentence_claims(text: str, offset: int, known: list[tuple[int, Read]]) -> Iterator[Claim]:
    read = read_text(text)
    yield from unread(text, offset, read)
    idle = idle_spans(text)
    about = subjects(read)
    facts = [(index, fact) for index, fact in known if concerns(fact, about)]
    claims = (
        *judge_terms(read, facts),
        *judge_functions(read, facts),
        *judge_metering(read, facts),
        *judge_names(read, known, idle),
        *judge_things(read, known, about),
        *judge_figures(read, facts, known, about, idle),
    )
    for claim in claims:
        if claim.kind not in EXACT_KINDS and is_idle(claim, idle):
            continue
        if claim.kind in CONDITIONAL_KINDS and claim.verdict == UNANCHORED and is_condition(text[: claim.start]):
            continue
        yield replace(claim, start=claim.start + offset, end=claim.end + offset)


def is_idle(claim: Claim, idle: list[tuple[int, int]]) -> bool:
    """'One word in twenty' is a share, though 'one word' alone is a turn of phrase."""
    if claim.kind == "percent":
        return any(left <= claim.start and claim.end <= right for left, right in idle)
    return covered(claim.start, claim.end, idle)


def unread(text: str, offset: int, read: Read) -> Iterator[Claim]:
    """A sentence of more numbers than are read is never passed in silence."""
    if read.unread:
        why = f"Only the first {MOST_NUMBERS} numbers of this sentence are read, {read.unread} are not; split it."
        yield Claim(offset, offset + len(text), "unread", f"{read.unread} numbers", UNANCHORED, why)


def unread_facts(known: list[tuple[int, Read]]) -> tuple[str, ...]:
    return tuple(
        f"Only the first {MOST_NUMBERS} numbers of fact {index + 1} are read, {fact.unread} are not; split it."
        for index, fact in known
        if fact.unread
    )


def subjects(read: Read) -> tuple[Name, ...]:
    """Products and models that do or are something in the sentence, not those that are only mentioned."""
    named = [*read.products, *(name for name in read.names if name.kind == "model")]
    return tuple(name for name in named if is_subject(read.text, name))


def is_subject(text: str, name: Name) -> bool:
    if name.start == 0 or LEADS.search(text[: name.start]):
        return True
    return bool(VERB.match(text, name.end)) and not OBJECT.search(text[: name.start])


def concerns(fact: Read, about: tuple[Name, ...]) -> bool:
    """Whether the fact may speak of the sentence's subjects; a fact on another product anchors nothing."""
    if not about or not fact.subject:
        return True
    return any(same_product(name.key, fact.subject) or mentions(fact, name) for name in about)
