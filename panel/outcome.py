"""From votes to a verdict, by written rules. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from db.words import Outcome, Stance
from panel.evidence import Evidence


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    ships: int
    skips: int
    abstentions: int
    why: str  # said when the outcome is watch


def decide(stances: Mapping[str, str], minimum: int, evidence: Evidence) -> Result:
    """Majority of the votes cast; a tie, fewer votes than the minimum or a mere first look is `watch`.

    Args:
        stances: reviewer → ship, skip or abstain.
        minimum: how many ship-or-skip votes a verdict needs.
    """
    count = Counter(stances.values())
    ships, skips, abstentions = count[Stance.SHIP], count[Stance.SKIP], count[Stance.ABSTAIN]
    outcome, why = Outcome.WATCH, ""
    if ships + skips < minimum:
        why = f"only {ships + skips} of the {minimum} votes a verdict needs"
    elif evidence is Evidence.FIRST_LOOK:
        why = "too little is documented yet"
    elif ships == skips:
        why = "the panel is split evenly"
    else:
        outcome = Outcome.SHIP if ships > skips else Outcome.SKIP
    return Result(outcome, ships, skips, abstentions, why)
