"""How good a reviewer's probabilities were: Brier score, skill against two plain forecasts, and calibration.

G. W. Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950), 1-3.
His sum runs over both classes; as is usual for yes or no, ours is half of it: 0 is perfect, 1 is always wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from panel.agreement import Interval, wilson

FLOOR = 5  # fewer settled predictions than this say nothing
BINS = 10
COIN = 0.25  # the Brier score of always saying 0.5


@dataclass(frozen=True)
class Forecast:
    """A settled prediction: what was said, and what came."""

    probability: float
    came_true: bool


@dataclass(frozen=True)
class Bin:
    """Forecasts from `low` up to, not including, `high`."""

    low: float
    high: float
    count: int
    forecast: float  # the mean of what was said
    observed: float  # the share that came true
    interval: Interval  # of that share


@dataclass(frozen=True)
class Score:
    """Under the floor only `settled` is said; a skill is None where its reference is already perfect."""

    settled: int
    brier: float | None = None
    base_rate: float | None = None  # the share that came true, known only afterwards
    base_brier: float | None = None  # of always saying the base rate
    skill: float | None = None  # against the base rate: 1 is perfect, 0 no better, below 0 worse
    coin_skill: float | None = None  # against always saying 0.5
    bins: tuple[Bin, ...] = ()


def score(forecasts: Sequence[Forecast]) -> Score:
    """Void predictions are for the caller to leave out: they have no outcome to be right about."""
    if len(forecasts) < FLOOR:
        return Score(len(forecasts))
    brier = fmean(brier_part(one.probability, one.came_true) for one in forecasts)
    base_rate = fmean(one.came_true for one in forecasts)
    base_brier = base_rate * (1 - base_rate)
    return Score(
        settled=len(forecasts),
        brier=brier,
        base_rate=base_rate,
        base_brier=base_brier,
        skill=skill_against(base_brier, brier),
        coin_skill=skill_against(COIN, brier),
        bins=calibration(forecasts),
    )


def brier_part(probability: float, came_true: bool) -> float:
    return (probability - came_true) ** 2


def skill_against(reference: float, brier: float) -> float | None:
    return 1 - brier / reference if reference else None


def calibration(forecasts: Sequence[Forecast], bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal width, the empty ones left out."""
    filled: dict[int, list[Forecast]] = {}
    for one in forecasts:
        filled.setdefault(min(int(one.probability * bins), bins - 1), []).append(one)
    return tuple(make_bin(index / bins, (index + 1) / bins, filled[index]) for index in sorted(filled))


def make_bin(low: float, high: float, forecasts: Sequence[Forecast]) -> Bin:
    hits = sum(one.came_true for one in forecasts)
    count = len(forecasts)
    said = fmean(one.probability for one in forecasts)
    return Bin(low, high, count, said, hits / count, wilson(hits, count))
