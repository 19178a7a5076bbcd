"""Judges the numbers of a sentence: found in a fact, denied by one, computed from several, or a figure of speech."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from panel.claims import units
from panel.claims.arithmetic import FREE_MONTHS, derived, product, saved_share
from panel.claims.context import qualities
from panel.claims.matching import Said, agree, denies, on_topic, same_thing
from panel.claims.names import Name, same_product
from panel.claims.quantity import Quantity
from panel.claims.ratios import find_ratios, judge_order, judge_ratio
from panel.claims.rhetoric import covered, is_forecast
from panel.claims.sentence import Read
from panel.claims.values import ANCHORED, CONTRADICTED, UNANCHORED, Claim

Known = Sequence[tuple[int, Read]]
FIRM_TIMES = {"session", "retention", "trial", "refund", "cold start", "first token", "latency", "timeout", "sample"}
MAKERS = re.compile(r"\b(?:founded|built|made|written|started|maintained) by (?:a team of )?$", re.IGNORECASE)
STAFF = re.compile(r"\b(?:makers?|staff|employs|headcount|founders|work there|works there|payroll)\b", re.IGNORECASE)
# 'five people can share one account' is a number of seats.
ADMITTED = re.compile(
    r" (?:can|may|could|get to|are allowed to) (?:share|use|log|join|sign|edit|collaborate|work|be invited|have"
    r" access)"
    r"|(?: \w+)? (?:at once|concurrently|in parallel|simultaneously|at the same time)\b|(?: of (?:you|us))?"
    r" (?:share|sharing) (?:a|an|one|the|its)",
    re.IGNORECASE,
)
ONLY_ONE = re.compile(
    r" (?:at a time|is all|are all|and no more|only\b|per (?:account|user|plan)|each\b)|\b(?:limit|maximum)\b", re.I
)
TOOL_HAS = re.compile(
    r"\b(?:it|they|[A-Z]\w+)\b[^,.;:]{0,40}\b(?:has|have|with|uses?|offers?|supports?|ships?|includes?|sells?"
    r"|employs?|lists?"
    r"|covers?|needs?|requires?|allows?)\b[^,.;:]{0,24}$"
)
ERRS = re.compile(r"\bmiss(?:es|ed)?\b|\bwrong\b|\berrors?\b|\bfails?\b|\bcorrect|\bhallucinat|\bmistak", re.IGNORECASE)
THERE_ARE = re.compile(
    r"\b(?:there are|it has|it offers|they offer|comes? in|you get|it sells|they sell|choose from)(?: only| just"
    r"| exactly)? $",
    re.IGNORECASE,
)


def judge_figures(
    read: Read, known: Known, compared: Known, about: tuple[Name, ...], idle: list[tuple[int, int]]
) -> Iterator[Claim]:
    """`known` may speak of the sentence's subjects; `compared` of anything the sentence names."""
    either = [
        (index, fact, said_once(one, fact.text, fact.stems)) for index, fact in compared for one in fact.quantities
    ]
    indexes = {index for index, _ in known}
    facts = [one for one in either if one[0] in indexes]
    ratios = [one for one in find_ratios(read.text) if not covered(one.start, one.end, idle)]
    for ratio in ratios:
        verdict, index = judge_ratio(read.text, ratio, either)
        if verdict:
            yield ratio_claim(read, ratio.start, ratio.end, verdict, index, compared)
    orders = [one for one in judge_order(read.text, either) if not ratios]
    for start, end, verdict, index in orders:
        yield ratio_claim(read, start, end, verdict, index, compared)
    taken = [(one.start, one.end) for one in ratios] + idle
    quantities = [
        one
        for one in read.quantities
        if (not covered(one.start, one.end, taken) or is_plain_share(one, read.text)) and not is_percentile(one, read)
    ]
    given: list[Quantity] = []
    foreign = [theirs for index, _, theirs in either if index not in indexes]
    judged = [
        (one, judge_figure(one, read, quantities, owned(one, read, about, facts), known, given, foreign))
        for one in ordered(quantities)
    ]
    yield from (found for one, found in judged if found is not None and one not in given)


def is_plain_share(one: Quantity, text: str) -> bool:
    """'misses one word in twenty' is 5%, though 'one word' alone is a turn of phrase."""
    return one.bound == "share" and bool(ERRS.search(text))


def is_percentile(one: Quantity, read: Read) -> bool:
    """'95 of every 100 calls come back within …' is p95, which the time beside it carries."""
    timed = any(other.dim == "time" for other in read.quantities)
    return (
        one.dim == "percent"
        and timed
        and "percentile" in qualities(read.text[one.start : one.end + 12], 0, one.end - one.start)
    )


@lru_cache(maxsize=4096)
def said_once(one: Quantity, text: str, stems: frozenset[str]) -> Said:
    """Facts stay while quotes come and go."""
    return Said(one, text, stems)


def owned(
    one: Quantity, read: Read, about: tuple[Name, ...], facts: list[tuple[int, Read, Said]]
) -> list[tuple[int, Read, Said]]:
    """Where a sentence speaks of two products, a number belongs to the one named last before it."""
    known_subjects = [name for name in about if any(same_product(name.key, fact.subject) for _, fact, _ in facts)]
    if len(known_subjects) < 2:
        return facts
    owner = max(
        known_subjects,
        key=lambda name: (name.start <= one.start, name.start if name.start <= one.start else -name.start),
    )
    return [entry for entry in facts if not entry[1].subject or same_product(owner.key, entry[1].subject)]


def ordered(quantities: list[Quantity]) -> list[Quantity]:
    """Prices first: a price may explain the number of seats beside it."""
    return sorted(quantities, key=lambda one: (one.dim != "money", one.start))


def judge_figure(
    one: Quantity,
    read: Read,
    quantities: list[Quantity],
    facts: list[tuple[int, Read, Said]],
    known: Known,
    given: list[Quantity],
    foreign: list[Said],
) -> Claim | None:
    said = Said(one, read.text, read.stems)
    alike = [(index, theirs) for index, _, theirs in facts]
    for index, theirs in alike:
        if same_thing(said, theirs) and on_topic(said, theirs) and agree(said, theirs):
            return figure_claim(read, one, ANCHORED, index, theirs.quantity, known)
    if one.dim == "money":
        others = [other for other in read.quantities if other.dim != "money"]
        computed = product(said, others, alike)
        if computed and (computed[0] or not any(denies(said, theirs) for _, theirs in alike) or is_seats(computed[2])):
            right, index, other = computed
            given.append(other)
            return figure_claim(read, one, ANCHORED if right else CONTRADICTED, index, None, known)
    follows = derived(said, alike)
    if follows is None and one.dim == "percent":
        follows = saved_share(said, alike)
    if follows is not None:
        return figure_claim(read, one, ANCHORED, follows, None, known)
    if one.dim == "number" and not said.benchmarks and any(stands_somewhere(one, fact) for _, fact in known):
        return None  # 'at 0.14 and it shows', 'not a millisecond over 50'
    if is_weak(one, said, read):
        if any(one.low > 1 and same_thing(said, other) and agree(said, other) for other in foreign):
            return figure_claim(read, one, UNANCHORED, None, None, known)
        return weak_claim(one, said, read, alike, known)
    return denied_or_missing(one, said, read, alike, known)


def stands_somewhere(one: Quantity, fact: Read) -> bool:
    """A number without a unit may be the version, the year or the price that a fact gives."""
    return any(one.low == theirs.low for theirs in fact.quantities) or bool(
        re.search(rf"(?<![\d.]){re.escape(f'{one.low:g}')}(?!\d)", fact.text)
    )


def is_seats(other: Quantity) -> bool:
    return other.dim == "count" and other.unit in ("user", "employee", "person", "developer")


def denied_or_missing(one: Quantity, said: Said, read: Read, alike: list[tuple[int, Said]], known: Known) -> Claim:
    for index, theirs in alike:
        if denies(said, theirs):
            return figure_claim(read, one, CONTRADICTED, index, theirs.quantity, known)
    for index, fact in known:
        if one.dim == "count" and any(units.same_noun(one.unit, noun) for _, _, noun in fact.unlimited):
            return figure_claim(read, one, CONTRADICTED, index, None, known)
    return figure_claim(read, one, UNANCHORED, None, None, known)


def is_weak(one: Quantity, said: Said, read: Read) -> bool:
    """Said in passing: it claims something only when a fact speaks of the same."""
    forecast = is_forecast(read.text[: one.start])
    if one.dim in ("money", "bytes", "percent"):
        return forecast and one.dim != "bytes"
    if one.dim == "time":
        return forecast or weak_time(one, said)
    if one.article and one.unit in units.COUNTED - units.IDLE_NOUNS and ONLY_ONE.match(read.text, one.end):
        return False
    if one.article or forecast:
        return True
    if one.dim in ("times", "frequency"):
        return True
    if one.dim == "count":
        return weak_count(one, said, read)
    return one.in_words  # digits that no turn of phrase explains are meant


def weak_time(one: Quantity, said: Said) -> bool:
    if "percentile" in said.qualities or one.low < 1 or (said.caps and one.bound):
        return False
    if FREE_MONTHS.match(said.text, one.end) and not one.article:
        return False
    return not said.family & (FIRM_TIMES if one.article else said.family)


def weak_count(one: Quantity, said: Said, read: Read) -> bool:
    if MAKERS.search(read.text[: one.start]) or (one.unit == "person" and STAFF.search(read.text)):
        return False
    if one.unit in units.PASSING and one.low > 1 and THERE_ARE.search(read.text[: one.start]):
        return False
    if one.unit in ("token", "parameter") or ADMITTED.match(read.text, one.end):
        return False
    if one.unit in units.IDLE_NOUNS:
        return (one.in_words and one.low <= 20) or one.low <= 2
    if one.unit in units.PASSING and one.in_words and one.low <= 5:
        return True
    if one.unit in units.COUNTED:
        return one.low == 1
    firm = bool(said.plans or one.bound or TOOL_HAS.search(read.text[: one.start])) and one.low > 3
    return one.low <= 3 or (one.in_words and not firm)


def weak_claim(one: Quantity, said: Said, read: Read, alike: list[tuple[int, Said]], known: Known) -> Claim | None:
    for index, theirs in alike:
        if is_forecast(read.text) or (one.article and one.dim == "count") or one.unit in units.PASSING:
            return None
        if one.dim == "frequency" and said.stems & theirs.stems and denies(said, theirs):
            return figure_claim(read, one, CONTRADICTED, index, theirs.quantity, known)
        related = said.family & theirs.family if one.dim in ("time", "times") else one.dim == "count"
        if related and denies(said, theirs) and one.unit not in units.IDLE_NOUNS:
            return figure_claim(read, one, CONTRADICTED, index, theirs.quantity, known)
    return None


def figure_claim(
    read: Read, one: Quantity, verdict: str, index: int | None, theirs: Quantity | None, known: Known
) -> Claim:
    written = read.text[one.start : one.end].strip()
    fact = next((fact.text for at, fact in known if at == index), "")
    span = (theirs.start, theirs.end) if theirs else (0, len(fact))
    known_as = fact[slice(*span)].strip()
    why = {
        ANCHORED: f"'{written}' follows from the fact '{fact[:120]}'.",
        CONTRADICTED: f"'{written}' does not agree with '{known_as[:120]}' in the facts; correct the figure.",
        UNANCHORED: f"No fact gives '{written}' for what the sentence speaks of; cite one that does, or leave it out.",
    }[verdict]
    return Claim(one.start, one.end, one.dim, normal(one), verdict, why, index, *span)


def normal(one: Quantity) -> str:
    """'money usd 30 per user per month' for people and programs."""
    number = f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}"
    per = "".join(f" per {amount:g} {name}" for name, amount in one.per)
    return " ".join(part for part in (one.bound, number, one.unit or one.dim) if part) + per


def ratio_claim(read: Read, start: int, end: int, verdict: str, index: int | None, known: Known) -> Claim:
    written = read.text[start:end].strip()
    why = {
        ANCHORED: f"'{written}' follows from the facts that are compared.",
        CONTRADICTED: f"The facts give another ratio than '{written}'; correct it.",
        UNANCHORED: f"No two facts can be compared for '{written}'; cite them, or leave it out.",
    }[verdict]
    fact = next((fact.text for at, fact in known if at == index), "")
    return Claim(start, end, "comparison", written.lower(), verdict, why, index, 0, len(fact))
