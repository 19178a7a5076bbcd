"""Every figure and licence in a quote must be found in a fact of that tool. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A figure that is claimed: not the end of a name ("H100") or of another figure.
FIGURE = re.compile(rf"(?<![\w.])(?<!\d,)(?:(?:US)?([$€£])\s?|v(?=\d))?({NUMBER.pattern})", re.IGNORECASE)
UNIT_BEFORE = re.compile(r"(?:([$€£])|\b(usd|eur|gbp))\s?$", re.IGNORECASE)
UNIT_AFTER = re.compile(r"\s?(%|(?:per ?cent|usd|eur|gbp|dollars?|euros?|pounds?)\b)", re.IGNORECASE)
UNITS = {"$": "usd", "€": "eur", "£": "gbp", "dollar": "usd", "euro": "eur", "pound": "gbp"}
UNITS |= {"percent": "%", "per cent": "%"}
LICENCE = re.compile(
    r"\b(apache|agpl|lgpl|gpl|mit|bsd|mpl|elastic(?=[- ](?:v?\d|licen))|unlicense|isc)"
    r"(?=[- ]?(?:v?\d|licen[cs]ed?|\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Claim:
    """Something in a quote that needs a fact: a figure as it is compared, and as it was written."""

    kind: str  # figure · licence
    wanted: str
    written: str
    unit: str = ""  # of a price or a share: 29 dollars are not 29 euros


def claims_of(quote: str) -> list[Claim]:
    found = [figure_claim(quote, match) for match in FIGURE.finditer(quote)]
    found += [Claim("licence", match[1].lower(), match[0]) for match in LICENCE.finditer(quote)]
    unique: dict[tuple[str, str, str], Claim] = {}
    for claim in found:
        unique.setdefault((claim.kind, claim.wanted, claim.unit), claim)
    return list(unique.values())


def figure_claim(quote: str, match: re.Match[str]) -> Claim:
    after = UNIT_AFTER.match(quote, match.end())
    if match[1]:
        return Claim("figure", plain_figure(match[2]), match[0], UNITS[match[1]])
    written = quote[match.start() : after.end() if after else match.end()]
    return Claim("figure", plain_figure(match[2]), written, plain_unit(after[1]) if after else "")


def holds(text: str, claim: Claim) -> bool:
    """Whether a fact's words contain the claim."""
    return position(text, claim) is not None


def position(text: str, claim: Claim) -> int | None:
    """Where the claim stands in the text."""
    if claim.kind == "licence":
        match = re.search(rf"(?<![a-z]){re.escape(claim.wanted)}(?![a-z])", text.lower())
        return match.start() if match else None
    for match in NUMBER.finditer(text):
        if plain_figure(match[0]) == claim.wanted and (not claim.unit or claim.unit in units_around(text, match)):
            return match.start()
    return None


def units_around(text: str, match: re.Match[str]) -> set[str]:
    before = UNIT_BEFORE.search(text[max(0, match.start() - 5) : match.start()])
    after = UNIT_AFTER.match(text, match.end())
    return {plain_unit(found[found.lastindex or 0]) for found in (before, after) if found}


def plain_unit(written: str) -> str:
    word = written.lower()
    return UNITS.get(word) or UNITS.get(word.removesuffix("s")) or word


def plain_figure(written: str) -> str:
    """'1,500' and '1500' are one figure, and so are '2.0' and '2.00'; '1.5' stays itself."""
    digits = written.strip("$€£").rstrip(".,")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else digits
    if re.fullmatch(r"\d+\.\d+", digits):
        digits = digits.rstrip("0").rstrip(".") or "0"
    return digits.lstrip("0") or "0"


def unanchored(quote: str, texts: Iterable[str]) -> list[Claim]:
    """The claims of a quote that none of the facts' texts contains."""
    known = list(texts)
    return [claim for claim in claims_of(quote) if not any(holds(text, claim) for text in known)]
