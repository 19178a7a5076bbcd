"""The prediction register: proposed from a review, confirmed by an editor, settled once, never changed.

Each verb checks its guard, writes the audit line in the same transaction, and refuses in a sentence.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from catalog.text import one_line
from db import alerts, audit
from db.models import Prediction, Review
from db.words import PredictionOutcome
from errors import AppError, NotAllowed, NotFound
from panel.decisions import get_editor
from panel.prediction_words import FURTHEST_YEARS, LONGEST, SHORTEST, furthest

LONGEST_HOW = 500
MOST_LISTED = 1000
MOST_NAMED = 10
ALERT = "predictions-due"

# ── verbs ────────────────────────────────────────────────────────────────────────────────────────


def propose_prediction(
    session: Session,
    review_id: int,
    statement: str,
    probability: float,
    resolve_by: date,
    settled_how: str,
    by: str,
    now: datetime,
) -> Prediction:
    """Write down what a standing review foretells; it counts once an editor has confirmed it."""
    review = get_review(session, review_id)
    prediction = Prediction(
        review_id=review_id,
        tool_id=review.tool_id,
        reviewer=review.reviewer,
        statement=check_statement(session, review_id, statement),
        probability=check_probability(probability),
        resolve_by=check_date(resolve_by, now.date()),
        settled_how=check_how(settled_how),
        made_at=now,
    )
    session.add(prediction)
    session.flush()
    said = {"review": review_id, "probability": probability, "resolve_by": resolve_by.isoformat()}
    audit.record(session, now, by, "propose prediction", f"prediction {prediction.id}", **said)
    return prediction


def confirm(session: Session, prediction_id: int, editor: str, now: datetime) -> Prediction:
    """Too late once its day has come: by then it may be known."""
    prediction = get_prediction(session, prediction_id)
    name = get_editor(session, editor).email
    if prediction.confirmed_at:
        raise NotAllowed(f"Prediction {prediction_id} cannot be confirmed", f"{prediction.confirmed_by} has done so")
    if prediction.resolve_by <= now.date():
        day = f"it was to be settled by {prediction.resolve_by}, and may be known by now"
        raise NotAllowed(f"Prediction {prediction_id} cannot be confirmed", day)
    prediction.confirmed_at, prediction.confirmed_by = now, name
    session.add(prediction)
    audit.record(session, now, name, "confirm prediction", f"prediction {prediction_id}")
    return prediction


def settle(session: Session, prediction_id: int, outcome: str, why: str, by: str, now: datetime) -> Prediction:
    """Say what came of it, once. What is known early may be settled early."""
    prediction = get_prediction(session, prediction_id)
    name = get_editor(session, by).email
    word, why = check_outcome(outcome), one_line(why)
    if prediction.confirmed_at is None:
        cure = f"it is not confirmed; 'verdicts predictions confirm {prediction_id} --as EMAIL' comes first"
        raise NotAllowed(f"Prediction {prediction_id} cannot be settled", cure)
    if prediction.outcome is not None:
        raise NotAllowed(f"Prediction {prediction_id} stays as it is", f"it was settled as {prediction.outcome}")
    if word == PredictionOutcome.VOID and not why:
        raise AppError(f"Prediction {prediction_id} needs a reason to be void (--why).")
    prediction.outcome, prediction.settled_why = word, why
    prediction.settled_at, prediction.settled_by = now, name
    session.add(prediction)
    session.flush()
    audit.record(session, now, name, "settle prediction", f"prediction {prediction_id}", outcome=str(word), why=why)
    return prediction


# ── guards ───────────────────────────────────────────────────────────────────────────────────────


def get_review(session: Session, review_id: int) -> Review:
    review = session.get(Review, review_id)
    if review is None:
        raise NotFound("review", review_id, "see 'verdicts predictions suggest ID', ID being a comparison's number")
    if review.replaced_at:
        why = "it was replaced; take the prediction from the one that stands"
        raise NotAllowed(f"Review {review_id} takes no prediction", why)
    return review


def get_prediction(session: Session, prediction_id: int) -> Prediction:
    """Locked until the transaction ends, so that two who decide at once are told apart."""
    prediction = session.get(Prediction, prediction_id, with_for_update=True)
    if prediction is None:
        raise NotFound("prediction", prediction_id, "see 'verdicts predictions'")
    return prediction


def check_statement(session: Session, review_id: int, statement: str) -> str:
    statement = one_line(statement)
    if not SHORTEST <= len(statement) <= LONGEST:
        told = f"The statement has {len(statement)} characters; write between {SHORTEST} and {LONGEST}."
        raise AppError(told)
    same = select(Prediction.id).where(Prediction.review_id == review_id, Prediction.statement == statement).limit(1)
    known = session.exec(same).first()
    if known:
        raise NotAllowed(f"Review {review_id} takes no such prediction", f"prediction {known} says the same")
    return statement


def check_probability(probability: float) -> float:
    if not 0 < probability < 1:
        raise AppError(f"{probability:g} is no probability of a prediction; give one between 0 and 1, such as 0.7.")
    return probability


def check_date(resolve_by: date, today: date) -> date:
    if resolve_by <= today:
        raise AppError(f"{resolve_by} is not in the future; give a later day to settle it by.")
    if resolve_by > furthest(today):
        raise AppError(f"{resolve_by} is more than {FURTHEST_YEARS} years away; give a day by {furthest(today)}.")
    return resolve_by


def check_how(settled_how: str) -> str:
    settled_how = one_line(settled_how)
    if not 1 <= len(settled_how) <= LONGEST_HOW:
        told = f"How it will be settled has {len(settled_how)} characters; say what will be looked at"
        raise AppError(f"{told}, in 1 to {LONGEST_HOW}.")
    return settled_how


def check_outcome(outcome: str) -> PredictionOutcome:
    try:
        return PredictionOutcome(outcome)
    except ValueError as exc:
        raise AppError(f"'{outcome}' is no outcome of a prediction; it is yes, no or void.") from exc


# ── what is due ──────────────────────────────────────────────────────────────────────────────────────


def due(session: Session, now: datetime, limit: int = MOST_LISTED) -> list[Prediction]:
    """Confirmed, unsettled, and their day has come; the longest due first."""
    query = select(Prediction).where(is_due(now.date())).order_by(col(Prediction.resolve_by), col(Prediction.id))
    return list(session.exec(query.limit(limit)))


def is_due(today: date) -> ColumnElement[bool]:
    row = Prediction
    return and_(col(row.confirmed_at).is_not(None), col(row.outcome).is_(None), col(row.resolve_by) <= today)


def remind_of_due(session: Session, now: datetime) -> int:
    """Keep the one alert as it is today: how many are due, or none."""
    count = session.exec(select(func.count(col(Prediction.id))).where(is_due(now.date()))).one()
    if not count:
        alerts.clear_alert(session, ALERT, now)
        return 0
    named = ", ".join(str(one.id) for one in due(session, now, MOST_NAMED))
    more = f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    what = f"{count} prediction{'s are' if count > 1 else ' is'} due: {named}{more}."
    cure = "See 'verdicts predictions --due'; 'verdicts predictions settle ID yes|no|void --why TEXT --as EMAIL'."
    alerts.raise_alert(session, ALERT, what, cure, now)
    return count
