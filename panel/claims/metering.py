"""By what a tool is charged: 'billed by the second', 'you pay per page'."""

import re
from collections.abc import Iterator, Sequence

from panel.claims.sentence import Read
from panel.claims.units import PER_ADVERB, noun_of
from panel.claims.values import CONTRADICTED, UNANCHORED, Claim

Known = Sequence[tuple[int, Read]]
METERED = re.compile(
    r"\b(?:bill(?:ed|ing)?|charg(?:ed?|es|ing)|meter(?:ed|ing)|pric(?:ed|ing)|pay|paid|invoiced)"
    r"(?: (?:is|are|you|us|it|works|runs|comes|for it))*"
    r" (?:strictly |only )?(?:by|per) (?:the |each )?(?P<unit>second|minute|hour|day|month|year|week|seat|user|token"
    r"|character|word|page|image|request|call|run|task|gigabyte|message|document|project|credit|query|resolution"
    r"|workspace|team|developer|agent|contact)\b",
    re.IGNORECASE,
)
BILLED = re.compile(
    r"\b(?:bill(?:ed|s|ing)?|invoiced|invoices?|charged|charges?)(?: (?:is|are|you|us))* (?P<adverb>daily|weekly"
    r"|monthly|quarterly"
    r"|yearly|annually|hourly)\b",
    re.IGNORECASE,
)
OF_ADVERB = PER_ADVERB | {"quarterly": "quarter"}
PER_TIME = {"second", "minute", "hour", "day", "week", "month", "year"}


def judge_metering(read: Read, known: Known) -> Iterator[Claim]:
    """A fact that meters by the same thing bears it; one that meters by another denies it."""
    for match, unit in metered(read.text):
        theirs = [(index, one) for index, fact in known for one in metered_by(fact)]
        if any(noun_of(one) == noun_of(unit) for _, one in theirs):
            continue
        rival = next((index for index, one in theirs if (one in PER_TIME) == (unit in PER_TIME)), None)
        written = match[0].strip()
        fact = next((one.text for index, one in known if index == rival), "")
        if rival is None:
            why = f"No fact says '{written}'; cite one that does, or leave it out."
            yield Claim(match.start(), match.end(), "metering", f"by the {unit}", UNANCHORED, why)
        else:
            why = f"'{written}' does not agree with the fact '{fact[:120]}'; correct it."
            yield Claim(
                match.start(), match.end(), "metering", f"by the {unit}", CONTRADICTED, why, rival, 0, len(fact)
            )


def metered(text: str) -> Iterator[tuple[re.Match[str], str]]:
    yield from ((match, match["unit"].lower()) for match in METERED.finditer(text))
    yield from ((match, OF_ADVERB[match["adverb"].lower()]) for match in BILLED.finditer(text))


def metered_by(fact: Read) -> list[str]:
    said = [unit for _, unit in metered(fact.text)]
    named = re.findall(r"(?:/ ?|\b(?:per|every|each|a) (?:[\d.,]+ ?[KkMm]? )?)([a-z]+)", fact.text)
    return said + [one.removesuffix("s") for one in named if any(q.dim == "money" for q in fact.quantities)]
