"""What a person, or the sender itself, may do to an edition on its way: pause, resume, cancel, open again."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from db import alerts, audit
from db.models import Edition, Entry
from db.words import DeliveryState, EditionState
from digest import ledger
from errors import NotAllowed


def pause_edition(session: Session, number: int, by: str, why: str, now: datetime) -> None:
    move(session, number, EditionState.SENDING, EditionState.PAUSED, "paused", by, why, now)
    alerts.raise_alert(
        session,
        f"paused:{number}",
        f"Edition {number} is paused: {why}.",
        f"Remove the cause ('verdicts doctor' checks the relay), then 'verdicts edition resume {number} --as EMAIL'.",
        now,
    )


def resume_edition(session: Session, number: int, by: str, now: datetime) -> None:
    move(session, number, EditionState.PAUSED, EditionState.SENDING, "resumed", by, "", now)
    alerts.clear_alert(session, f"paused:{number}", now)


def cancel_edition(session: Session, number: int, by: str, why: str, now: datetime) -> int:
    """Stop for good: who has it keeps it, who has not is skipped. Returns how many were skipped."""
    edition = session.exec(select(Edition).where(Edition.number == number).with_for_update()).one_or_none()
    stoppable = (EditionState.SENDING, EditionState.PAUSED, EditionState.APPROVED, EditionState.DRAFT)
    if edition is None or edition.id is None or edition.state not in stoppable:
        raise NotAllowed(f"Edition {number} cannot be cancelled", f"it is {edition.state if edition else 'not there'}")
    skipped = ledger.skip_open(session, edition.id, "cancelled")
    if edition.sending_started_at is None:  # nothing of it was shown: its comparisons wait for the next one
        session.exec(delete(Entry).where(col(Entry.edition_id) == edition.id))
    edition.state, edition.finished_at, edition.stopped_why = EditionState.CANCELLED, now, why
    session.add(edition)
    audit.record(session, now, by, "cancel", f"edition {number}", why=why, skipped=skipped)
    for key in (f"paused:{number}", f"withdrawn:{number}"):
        alerts.clear_alert(session, key, now)
    return skipped


def move(
    session: Session, number: int, old: EditionState, new: EditionState, done: str, by: str, why: str, now: datetime
) -> None:
    moved = session.exec(
        update(Edition)
        .where(col(Edition.number) == number, col(Edition.state) == old)
        .values(state=new, stopped_why=why or None)
    )
    if moved.rowcount != 1:
        edition = session.exec(select(Edition).where(Edition.number == number)).one_or_none()
        raise NotAllowed(f"Edition {number} cannot be {done}", f"it is {edition.state if edition else 'not there'}")
    audit.record(session, now, by, done, f"edition {number}", why=why)


def reopen(session: Session, edition: Edition, now: datetime) -> None:
    """A sent edition with open deliveries (a person settled or retried some) is sending again; one without
    is not."""
    assert edition.id is not None
    is_open = ledger.has_open(session, edition.id)
    if edition.state == EditionState.SENT and is_open:
        edition.state, edition.finished_at = EditionState.SENDING, None
        session.add(edition)
    if not ledger.counts(session, edition.id)[DeliveryState.UNKNOWN]:
        alerts.clear_alert(session, f"unknown:{edition.number}", now)
