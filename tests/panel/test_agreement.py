"""Shares, agreement and effective votes, against figures worked by hand or printed in the sources."""

import pytest

from panel.agreement import (
    Ballot,
    difference,
    effective_votes,
    independence,
    pairs_of,
    phi,
    rate,
    ship_rate,
    split_rate,
)

PANEL = ("builder", "skeptic", "futurist", "founder")
SIGNS = {"#": "ship", "x": "skip", "-": "abstain"}


def ballots(*written: str) -> list[Ballot]:
    """'##x- 3': how the four voted, in the reviewers' order, and in how many verdicts."""
    found = []
    for one in written:
        signs, _, count = one.partition(" ")
        stances = {key: SIGNS[sign] for key, sign in zip(PANEL, signs, strict=False)}
        found.append(Ballot(stances, int(count or 1)))
    return found


def test_sixteen_of_sixteen_is_not_certain() -> None:
    found = rate(16, 16)

    assert found.share == 1
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.8064, abs=1e-4), 1)


def test_interval_is_wilsons() -> None:
    found = rate(81, 263)  # a case printed in Newcombe (1998)

    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (
        pytest.approx(0.2553, abs=1e-4),
        pytest.approx(0.3662, abs=1e-4),
    )


def test_nothing_has_no_share() -> None:
    assert rate(0, 0).share is None
    assert rate(3, 4, fewest=5).share is None
    assert rate(3, 5, fewest=5).share == 0.6


def test_difference_is_newcombes() -> None:
    found = difference(rate(56, 70), rate(48, 80))  # printed in Newcombe (1998): 0.0524 to 0.3339

    assert found is not None
    assert found[0] == pytest.approx(0.2)
    assert (found[1].low, found[1].high) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))


def test_abstention_is_no_vote() -> None:
    found = ship_rate(ballots("#### 3", "x### 2", "-### 4"), "builder")

    assert (found.hits, found.of) == (3, 5)


def test_split_counts_votes_against_the_majority() -> None:
    cast = ballots("x### 2", "#### 3", "#xx- 1", "##xx 5", "-##x 7")

    assert (split_rate(cast, "builder").hits, split_rate(cast, "builder").of) == (3, 6)
    assert (split_rate(cast, "founder").hits, split_rate(cast, "founder").of) == (7, 12)


def test_pair_agrees_over_what_both_voted_on() -> None:
    [pair] = pairs_of(ballots("## 4", "xx 3", "#x 1", "x# 2", "-# 9"), PANEL[:2])

    assert (pair.agreed.hits, pair.agreed.of) == (7, 10)
    assert pair.r == pytest.approx(10 / 600**0.5)  # (4·3 − 1·2) / √(5·5·6·4)


def test_seven_shared_votes_are_too_few() -> None:
    [few] = pairs_of(ballots("## 4", "xx 3"), PANEL[:2])
    [enough] = pairs_of(ballots("## 4", "xx 4"), PANEL[:2])

    assert (few.agreed.of, few.agreed.share, few.r) == (7, None, None)
    assert (enough.agreed.share, enough.r) == (1, 1)


def test_opposites_correlate_by_minus_one() -> None:
    assert phi([0, 5, 5, 0]) == -1
    assert phi([5, 5, 5, 5]) == 0
    assert phi([0, 0, 5, 5]) is None


@pytest.mark.parametrize(("r", "votes"), [(0, 4), (1, 1), (0.5, 1.6), (-0.3, 4), (1.2, 1)])
def test_four_votes_are_worth_by_how_they_correlate(r: float, votes: float) -> None:
    assert effective_votes(4, r) == pytest.approx(votes)


def test_votes_that_always_agree_are_one() -> None:
    found = independence(ballots("#### 12", "xxxx 12"), PANEL)

    assert found is not None
    assert (found.r, found.effective, found.interval.low) == (1, 1, 1)
    assert 1.02 < found.interval.high < 1.5  # 24 verdicts are no proof of it


def test_votes_that_do_not_hang_together_are_four() -> None:
    every = [f"{a}{b}{c}{d} 2" for a in "#x" for b in "#x" for c in "#x" for d in "#x"]
    found = independence(ballots(*every), PANEL)

    assert found is not None
    assert (found.r, found.effective, found.interval.high) == (0, 4, 4)
    assert 2 < found.interval.low < 3.9


def test_interval_is_of_95_in_100() -> None:
    """Of 400 votes without correlation r strays by 1.96 / √400 at most."""
    found = independence(ballots("## 100", "#x 100", "x# 100", "xx 100"), PANEL[:2])

    assert found is not None
    assert found.interval.low == pytest.approx(2 / 1.098, abs=0.02)


def test_interval_narrows_with_the_votes() -> None:
    def width(times: int) -> float:
        found = independence(ballots(*(f"{signs} {5 * times}" for signs in ("####", "xxxx", "##xx", "x#x#"))), PANEL)
        assert found is not None
        assert found.interval.low <= found.effective <= found.interval.high
        return found.interval.high - found.interval.low

    assert width(100) < width(1) / 5


def test_same_votes_give_the_same_interval_in_any_order() -> None:
    cast = ballots("#### 5", "xxxx 4", "##xx 3", "x#x# 2")

    assert independence(cast, PANEL) == independence(cast[::-1], PANEL)


def test_who_never_says_no_adds_no_vote() -> None:
    found = independence(ballots("#### 6", "##xx 3", "#x#x 3", "#xxx 6"), PANEL)

    assert found is not None
    assert found.counted == PANEL[1:]
    assert found.effective == effective_votes(3, found.r)
    assert found.interval.high <= 3


def test_panel_that_only_ships_has_no_figure() -> None:
    assert independence(ballots("#### 16"), PANEL) is None
    assert independence([], PANEL) is None
