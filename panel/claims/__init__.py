"""Whether a sentence of a review is borne by given facts: anchored, contradicted, or not found. Pure, no network.

`check_quote` is the door. Bounded: 1,200 characters of quote, 200 facts, 24 numbers of a sentence or a fact;
what lies past a bound is told in `Reading.flags`.
"""

from panel.claims.reading import check_quote
from panel.claims.values import ANCHORED, CONTRADICTED, UNANCHORED, Claim, GivenFact, Reading, read_fact

__all__ = ["ANCHORED", "CONTRADICTED", "UNANCHORED", "Claim", "GivenFact", "Reading", "check_quote", "read_fact"]
