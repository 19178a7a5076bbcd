"""Every figure and licence in a quote must be found in a fact of that tool. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FIGURE = re.compile(r"(?<![\w.])[$€£]?\d+(?:[.,]\d+)*")
LICENCE = re.compile(
    r"\b(apache|agpl|lgpl|gpl|mit|bsd|mpl|elastic|unlicense|isc)(?=[- ]?(?:v?\d|licen[cs]ed?|\b))", re.IGNORECASE
)


@dataclass(frozen=True)
class Claim:
    """Something in a quote that needs a fact: a figure as it is compared, and as it was written."""

    kind: str  # figure · licence
    wanted: str
    written: str


def claims_of(quote: str) -> list[Claim]:
    found = [Claim("figure", plain_figure(match[0]), match[0]) for match in FIGURE.finditer(quote)]
    found += [Claim("licence", match[1].lower(), match[0]) for match in LICENCE.finditer(quote)]
    unique: dict[tuple[str, str], Claim] = {}
    for claim in found:
        unique.setdefault((claim.kind, claim.wanted), claim)
    return list(unique.values())


def holds(text: str, claim: Claim) -> bool:
    """Whether a fact's words contain the claim."""
    if claim.kind == "licence":
        return re.search(rf"(?<![a-z]){re.escape(claim.wanted)}(?![a-z])", text.lower()) is not None
    return any(plain_figure(match[0]) == claim.wanted for match in re.finditer(r"\d+(?:[.,]\d+)*", text))


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
