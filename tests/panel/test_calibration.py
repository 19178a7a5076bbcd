"""Probabilities held against what came: the Brier score, its two references, and calibration."""

import pytest

from panel.calibration import FLOOR, Forecast, Score, calibration, score


def forecasts(*pairs: tuple[float, int]) -> list[Forecast]:
    return [Forecast(probability, bool(came)) for probability, came in pairs]


def test_brier_score_is_the_mean_squared_error() -> None:
    found = score(forecasts((0.9, 1), (0.8, 1), (0.7, 0), (0.2, 0), (0.4, 1)))

    assert found.brier == pytest.approx((0.01 + 0.04 + 0.49 + 0.04 + 0.36) / 5)
    assert found.settled == 5


def test_always_saying_half_scores_a_quarter_and_has_no_skill_against_the_coin() -> None:
    found = score(forecasts((0.5, 1), (0.5, 0), (0.5, 0), (0.5, 0), (0.5, 0)))

    assert (found.brier, found.coin_skill) == (0.25, 0.0)
    assert found.skill == pytest.approx(1 - 0.25 / 0.16)  # worse than the base rate of one in five


def test_always_saying_the_base_rate_has_no_skill_against_it() -> None:
    found = score(forecasts((0.8, 1), (0.8, 1), (0.8, 1), (0.8, 1), (0.8, 0)))

    assert found.base_rate == 0.8
    assert found.brier == pytest.approx(found.base_brier)
    assert found.skill == pytest.approx(0)
    assert found.coin_skill == pytest.approx(1 - 0.16 / 0.25)


def test_skill_against_a_base_rate_that_cannot_be_beaten_is_not_said() -> None:
    found = score(forecasts(*[(0.9, 1)] * 5))

    assert (found.skill, found.base_brier) == (None, 0.0)
    assert found.coin_skill == pytest.approx(0.96)


def test_nothing_is_said_under_the_floor() -> None:
    few = score(forecasts(*[(0.9, 1)] * (FLOOR - 1)))

    assert few == Score(4, brier=None, base_rate=None, base_brier=None, skill=None, coin_skill=None, bins=())
    assert score([]).settled == 0
    assert score(forecasts(*[(0.9, 1)] * FLOOR)).brier is not None


def test_bins_hold_what_was_said_and_what_came() -> None:
    low, high = calibration(forecasts((0.12, 0), (0.18, 1), (0.9, 1), (0.95, 1), (0.99, 0)))

    assert (low.low, low.high, low.count, low.observed) == (0.1, 0.2, 2, 0.5)
    assert low.forecast == pytest.approx(0.15)
    assert (high.low, high.high, high.count) == (0.9, 1.0, 3)
    assert high.observed == pytest.approx(2 / 3)


@pytest.mark.parametrize("tenths", range(1, 10))
def test_probability_on_an_edge_belongs_to_the_bin_above(tenths: int) -> None:
    [only] = calibration(forecasts((tenths / 10, 1)))

    assert only.low == tenths / 10


def test_bins_are_ten_at_most() -> None:
    assert len(calibration(forecasts(*[(one / 1000, 1) for one in range(1, 1000)]))) == 10


def test_interval_of_few_is_wide() -> None:
    """Wilson's interval of 5 in 5, as published tables have it."""
    [only] = calibration(forecasts(*[(0.95, 1)] * 5))

    assert only.interval.low == pytest.approx(0.5655, abs=1e-4)
    assert only.interval.high == 1
