"""What is checked and what comes out: given facts, the claims of a quote, and the reading of the whole."""

from dataclasses import dataclass
from datetime import datetime

ANCHORED, UNANCHORED, CONTRADICTED = "anchored", "unanchored", "contradicted"
VERDICTS = (ANCHORED, UNANCHORED, CONTRADICTED)
LONGEST_QUOTE = 1200
MOST_FACTS = 200
LONGEST_FACT = 600


@dataclass(frozen=True)
class GivenFact:
    """One fact as the check sees it. `tag` says where it stands ('pricing', 'Fernhost docs')."""

    text: str
    tag: str = ""
    key: str = ""
    value: str = ""
    label: str = ""  # vendor_claim, third_party or our_check
    observed_at: datetime | None = None
    tool: str = ""


@dataclass(frozen=True)
class Claim:
    """Something in the quote that can be checked, and what the facts say of it."""

    start: int
    end: int
    kind: str
    says: str
    verdict: str
    why: str
    fact: int | None = None
    fact_start: int = 0
    fact_end: int = 0


@dataclass(frozen=True)
class Reading:
    verdict: str
    claims: tuple[Claim, ...]
    flags: tuple[str, ...] = ()  # what of the quote or the facts was not read

    @property
    def why(self) -> str:
        """The sentence of the claim that decides, then what was not read."""
        deciding = [claim.why for claim in self.claims if claim.verdict == self.verdict]
        first = deciding[0] if deciding else "Nothing in it can be checked against a fact."
        return " ".join((first, *self.flags))


def read_fact(written: str) -> GivenFact:
    """'[pricing] Pro: $20 per month' as a fact with its tag."""
    text = written.strip()
    if text.startswith("[") and "]" in text:
        tag, _, rest = text[1:].partition("]")
        return GivenFact(rest.strip(), tag.strip())
    return GivenFact(text)
