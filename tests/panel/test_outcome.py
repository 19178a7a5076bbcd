"""From votes to a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.evidence import Evidence
from panel.outcome import Result, decide

STANCES = st.dictionaries(st.text(max_size=3), st.sampled_from(["ship", "skip", "abstain"]), max_size=9)


def votes(ship: int = 0, skip: int = 0, abstain: int = 0) -> dict[str, str]:
    cast = ["ship"] * ship + ["skip"] * skip + ["abstain"] * abstain
    return {f"lens-{index}": stance for index, stance in enumerate(cast)}


def decided(ship: int, skip: int, abstain: int, evidence: Evidence = Evidence.DOCUMENTED) -> Result:
    return decide(votes(ship, skip, abstain), 2, evidence)


@pytest.mark.parametrize(
    ("ship", "skip", "abstain", "outcome"),
    [(3, 1, 0, "ship"), (1, 3, 0, "skip"), (2, 0, 0, "ship"), (2, 1, 1, "ship"), (0, 2, 2, "skip")],
)
def test_majority_of_votes_cast_decides(ship: int, skip: int, abstain: int, outcome: str) -> None:
    result = decided(ship, skip, abstain)

    assert (result.outcome, result.why) == (outcome, "")


def test_tie_is_watched_and_says_so() -> None:
    result = decided(2, 2, 0)

    assert (result.outcome, result.why) == ("watch", "the panel is split evenly")


def test_too_few_votes_are_watched() -> None:
    result = decided(1, 0, 3)

    assert (result.outcome, result.why) == ("watch", "only 1 of the 2 votes a verdict needs")


def test_first_look_is_watched_whatever_the_votes() -> None:
    result = decided(4, 0, 0, Evidence.FIRST_LOOK)

    assert (result.outcome, result.why) == ("watch", "too little is documented yet")


def test_claims_of_the_vendor_suffice() -> None:
    assert decided(4, 0, 0, Evidence.CLAIMED).outcome == "ship"


def test_abstentions_are_counted_apart() -> None:
    result = decided(2, 1, 3)

    assert (result.ships, result.skips, result.abstentions) == (2, 1, 3)


@given(STANCES, st.integers(1, 9), st.sampled_from(list(Evidence)))
def test_only_a_watch_gives_its_reason(stances: dict[str, str], minimum: int, evidence: Evidence) -> None:
    result = decide(stances, minimum, evidence)

    assert (result.outcome == "watch") == bool(result.why)
    assert result.ships + result.skips + result.abstentions == len(stances)


@given(STANCES, st.integers(1, 9), st.sampled_from(list(Evidence)))
def test_opposite_votes_give_opposite_verdicts(stances: dict[str, str], minimum: int, evidence: Evidence) -> None:
    turned = {"ship": "skip", "skip": "ship", "abstain": "abstain"}
    opposite = {"ship": "skip", "skip": "ship", "watch": "watch"}

    result = decide(stances, minimum, evidence)

    assert (
        decide({key: turned[one] for key, one in stances.items()}, minimum, evidence).outcome
        == opposite[result.outcome]
    )
