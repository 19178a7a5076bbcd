"""A text read once: everything in it that a claim or a fact may be made of. Facts are read once and kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from panel.claims import units
from panel.claims.licences import Licence, find_licences
from panel.claims.names import Name, find_exact, find_products, subject_of
from panel.claims.quantities import find_quantities
from panel.claims.quantity import Quantity
from panel.claims.stamps import Stamp, find_dates, find_versions
from panel.claims.statements import Statement, find_statements
from panel.claims.stems import stems
from panel.claims.values import LONGEST_FACT, GivenFact

TEAM_OF = re.compile(
    r"\b(?:team|studio|office|shop|group|crew|company|agency|firm"
    r"|class|clinic|department|newsroom|household|start-?up) of (?:about |around |some )?$",
    re.IGNORECASE,
)
NEXT_WORD = re.compile(r"\s([A-Za-z]+)")
SIZE_IN_NAME = re.compile(r"(\d+(?:\.\d+)?)[bB](?![a-z])")
MOST_NUMBERS = 24  # of one sentence; no sentence of a review has more
# Digits that are part of a label: certificates, percentiles, quarters.
LABELS = re.compile(
    r"\b(SOC ?)2\b|\bISO(?:/IEC)? ?27001\b|\b[pP](?:50|9[059])\b|\b(?:9[059]|50)th\b|\bQ[1-4]\b|\b(?:480|720"
    r"|1080|1440|2160)p\b|\b4K\b(?! (?:tok|con))|\bType (?:1|2|II?)\b"
)
UNLIMITED = re.compile(
    (
        r"\b(?:unlimited|limitless|unmetered|uncapped) (?P<a>(?:[\w-]+ ){0,2}[\w-]+)|\bno (?:cap|limit|ceiling"
        r"|limits) on (?:the number of |how many )?(?P<b>[\w-]+(?: [\w-]+)?)"
        r"|\bas many (?P<c>[\w-]+(?: [\w-]+)?) as (?:you|we|I|one)|\b(?P<d>[\w-]+) (?:are|is) (?:unlimited"
        r"|uncapped|unmetered|without limit)|\bwithout (?:a |any )?(?:cap|limit) on (?P<e>[\w-]+)"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Read:
    text: str
    names: tuple[Name, ...]
    products: tuple[Name, ...]
    licences: tuple[Licence, ...]
    dates: tuple[Stamp, ...]
    versions: tuple[Stamp, ...]
    quantities: tuple[Quantity, ...]
    statements: tuple[Statement, ...]
    unlimited: tuple[tuple[int, int, str], ...]
    stems: frozenset[str]
    unread: int = 0  # numbers past the most that are read
    subject: tuple[str, ...] = ()


def read_text(text: str, in_fact: bool = False) -> Read:
    names = find_exact(text)
    licences = find_licences(text)
    masked = mask(text, spans(names, licences))
    versions = find_versions(masked)
    masked = mask(masked, spans(versions))
    dates = [one for one in find_dates(masked) if is_date(masked, one)]
    masked = mask(masked, spans(dates))
    products = find_products(mask(text, spans(names, licences, versions)))
    masked = mask(masked, spans(products))
    masked = LABELS.sub(lambda label: " " * len(label[0]), masked)
    quantities = [as_staff(masked, one) for one in find_quantities(masked)]
    quantities = with_carried_nouns(masked, quantities)
    if in_fact:
        quantities += [size for name in names for size in sizes_of(name)]
    return Read(
        text,
        tuple(names),
        tuple(products),
        tuple(licences),
        tuple(dates),
        tuple(versions),
        tuple(quantities[:MOST_NUMBERS]),
        tuple(find_statements(text, in_fact)),
        tuple(unlimited(text)),
        stems(text),
        max(0, len(quantities) - MOST_NUMBERS),
    )


class Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def spans(*groups: Sequence[Spanned]) -> list[tuple[int, int]]:
    return [(one.start, one.end) for group in groups for one in group]


def mask(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def is_date(text: str, stamp: Stamp) -> bool:
    """A lone year is one unless it counts something: '2,000 users' in '2000 users'."""
    if stamp.parts[1] or stamp.parts[2]:
        return True
    word = NEXT_WORD.match(text, stamp.end)
    counted = word is not None and units.noun_of(word[1]) in units.COUNTED
    return not counted and not re.search(r"[$€£]\s?$", text[: stamp.start])


def as_staff(text: str, quantity: Quantity) -> Quantity:
    if quantity.dim in ("number", "count") and TEAM_OF.search(text[: quantity.start]):
        return replaced(quantity, dim="count", unit="employee")
    return quantity


def with_carried_nouns(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """'reads 100 formats and exports to 12': the second number counts formats too."""
    carried: list[Quantity] = []
    for one in quantities:
        last = next((before for before in reversed(carried) if before.dim == "count"), None)
        if (
            one.dim == "number"
            and last
            and re.search(r"\b(?:to|and|or|with|from|only|for|another|just) $", text[: one.start])
        ):
            one = replaced(one, dim="count", unit=last.unit)
        carried.append(one)
    return carried


def replaced(one: Quantity, dim: str, unit: str) -> Quantity:
    return Quantity(one.start, one.end, one.low, one.high, one.bound, dim, unit, one.per, one.in_words, one.article)


def sizes_of(name: Name) -> list[Quantity]:
    """'nightjar-13b-chat' says 13 billion parameters by its name."""
    if name.kind not in ("model", "repository"):
        return []
    return [
        Quantity(name.start, name.end, float(size) * 1e9, float(size) * 1e9, "", "count", "parameter")
        for size in SIZE_IN_NAME.findall(name.text)
    ]


def unlimited(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in UNLIMITED.finditer(text):
        words = next(group for group in match.groups() if group).split()
        nouns = [units.noun_of(word) for word in words]
        found.append((match.start(), match.end(), next((noun for noun in nouns if noun in units.COUNTED), nouns[-1])))
    return found


@lru_cache(maxsize=2048)
def read_fact_once(fact: GivenFact) -> Read:
    text = " ".join((fact.text or f"{fact.key}: {fact.value}")[:LONGEST_FACT].split())
    if fact.value and fact.text and fact.value not in fact.text:
        text = f"{text} ({fact.key}: {fact.value})"[:LONGEST_FACT]
    read = read_text(text, in_fact=True)
    subject = subject_of(text, fact.tag, fact.tool)
    return Read(**{**read.__dict__, "subject": subject})
