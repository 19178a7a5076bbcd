"""What the register says: each prediction with its state, and what a reviewer's settled ones come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from db.models import Prediction, Tool
from db.words import PredictionOutcome
from panel.calibration import Forecast, Score, brier_part, score
from panel.lenses import reviewers
from panel.predictions import MOST_LISTED, is_due


class PredictionState(StrEnum):
    """Said of a row and a day, never stored."""

    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    DUE = "due"
    SETTLED = "settled"


@dataclass(frozen=True)
class Listed:
    prediction: Prediction
    tool: str  # its slug
    state: PredictionState
    brier: float | None  # this one's part of the Brier score; None while unsettled, and of a void one


@dataclass(frozen=True)
class Record:
    """What a reviewer's settled predictions come to; void ones count in nothing else."""

    reviewer: str
    void: int
    score: Score


def listed(session: Session, now: datetime, *, only_due: bool = False, limit: int = MOST_LISTED) -> list[Listed]:
    """Unsettled ones first, by the day they are to be settled."""
    query = select(Prediction, Tool.slug).join(Tool, col(Tool.id) == col(Prediction.tool_id))
    if only_due:
        query = query.where(is_due(now.date()))
    order = (col(Prediction.outcome).is_not(None), col(Prediction.resolve_by), col(Prediction.id))
    rows = session.exec(query.order_by(*order).limit(limit))
    return [Listed(row, slug, state_of(row, now.date()), part_of(row)) for row, slug in rows]


def state_of(prediction: Prediction, today: date) -> PredictionState:
    if prediction.outcome is not None:
        return PredictionState.SETTLED
    if prediction.confirmed_at is None:
        return PredictionState.UNCONFIRMED
    return PredictionState.DUE if prediction.resolve_by <= today else PredictionState.OPEN


def part_of(prediction: Prediction) -> float | None:
    if prediction.outcome in (None, PredictionOutcome.VOID):
        return None
    return brier_part(prediction.probability, prediction.outcome == PredictionOutcome.YES)


def records(session: Session) -> list[Record]:
    """Of each reviewer with a settled prediction, in the reviewers' order."""
    query = select(Prediction.reviewer, Prediction.probability, Prediction.outcome)
    settled: dict[str, list[tuple[float, str]]] = {}
    for reviewer, probability, outcome in session.exec(query.where(col(Prediction.outcome).is_not(None))):
        settled.setdefault(reviewer, []).append((probability, outcome or ""))
    order = {one.key: one.order for one in reviewers()}
    return [make_record(key, settled[key]) for key in sorted(settled, key=lambda key: (order.get(key, 99), key))]


def make_record(reviewer: str, settled: Sequence[tuple[float, str]]) -> Record:
    known = [Forecast(said, came == PredictionOutcome.YES) for said, came in settled if came != PredictionOutcome.VOID]
    return Record(reviewer, len(settled) - len(known), score(known))
