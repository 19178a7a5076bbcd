"""The ledger: one row a reader and edition, every move of it guarded, so that a crash loses nothing silently.

pending → leased → transmitting → accepted | retry | failed | skipped | unknown. A result is written only by
the owner of the lease (fencing). After `kill -9` a row in `transmitting` becomes `unknown`: never sent again
by itself.
"""

import hashlib
import hmac
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, or_, update
from sqlmodel import Session, col, select

from config import Settings, secret_keys
from db import audit
from db.models import Delivery, Edition, Subscriber
from db.words import DeliveryState, SubscriberState
from digest.suppressions import find_suppression
from errors import NotAllowed

LEASE = timedelta(minutes=2)
BACKOFF = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
LOT = 1000
WAITING = (DeliveryState.PENDING, DeliveryState.RETRY)
OPEN = (*WAITING, DeliveryState.LEASED, DeliveryState.TRANSMITTING)


@dataclass(frozen=True)
class Leased:
    """A row this sender may send: plain values, good outside the session."""

    edition_id: int
    subscriber_id: int
    address: str
    message_id: str
    attempts: int
    owner: str


def freeze_audience(session: Session, settings: Settings, edition: Edition) -> int:
    """One row for everyone who is active now; whoever signs up later waits for the next edition."""
    assert edition.id is not None
    active = select(Subscriber.id, Subscriber.address_key).where(Subscriber.state == SubscriberState.ACTIVE)
    rows = session.exec(active.order_by(col(Subscriber.id))).all()
    key = secret_keys(settings)[0]
    for start in range(0, len(rows), LOT):
        lot = [new_row(key, settings.mail.domain, edition.id, *row) for row in rows[start : start + LOT] if row[0]]
        session.exec(insert(Delivery).values(lot))
    return len(rows)


def new_row(key: bytes, domain: str, edition_id: int, subscriber_id: int | None, address_key: str) -> dict[str, object]:
    digest = hmac.new(key, f"delivery\0{edition_id}\0{subscriber_id}".encode(), hashlib.sha256).digest()
    return {
        "edition_id": edition_id,
        "subscriber_id": subscriber_id,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "order_key": int.from_bytes(digest[:4]) >> 1,
        "message_id": f"<{b32encode(digest[4:24]).decode().lower()}@{domain}>",
        "domain_key": address_key.rpartition("@")[2],
    }


def lease_next(session: Session, settings: Settings, edition_id: int, owner: str, now: datetime) -> Leased | None:
    """Claim one open row, or None when none is due. Whoever may not be mailed any more is skipped here,
    in the same transaction."""
    while True:
        row = session.exec(
            select(Delivery)
            .where(Delivery.edition_id == edition_id, *is_due(now))
            .order_by(col(Delivery.order_key))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        subscriber = session.get(Subscriber, row.subscriber_id)
        assert subscriber is not None
        reason = skip_reason(session, settings, subscriber)
        if reason:
            row.state, row.skip_reason, row.lease_owner = DeliveryState.SKIPPED, reason, None
            session.add(row)
            session.flush()
            continue
        row.state, row.lease_owner, row.lease_until = DeliveryState.LEASED, owner, now + LEASE
        row.attempts += 1
        session.add(row)
        return Leased(edition_id, row.subscriber_id, subscriber.address, row.message_id, row.attempts, owner)


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    waiting = col(Delivery.state) == DeliveryState.RETRY
    return (or_(col(Delivery.state) == DeliveryState.PENDING, waiting & (col(Delivery.next_at) <= now)),)


def skip_reason(session: Session, settings: Settings, subscriber: Subscriber) -> str:
    if find_suppression(session, settings, subscriber.address_key):
        return "suppressed"
    return "" if subscriber.state == SubscriberState.ACTIVE else str(subscriber.state)


def mark_transmitting(session: Session, leased: Leased, now: datetime) -> bool:
    """The durable mark, committed before the first byte of content. False: the lease is not ours any more."""
    moved = session.exec(
        update(Delivery)
        .where(*owned(leased, DeliveryState.LEASED))
        .values(state=DeliveryState.TRANSMITTING, lease_until=now + LEASE)
    )
    return bool(moved.rowcount == 1)


def record_accepted(session: Session, leased: Leased, reply: str, now: datetime) -> None:
    values = {"state": DeliveryState.ACCEPTED, "accepted_at": now, "last_code": 250, "remote_reply": reply[:300]}
    settle(session, leased, values)


def record_failed(session: Session, leased: Leased, code: int, reply: str) -> None:
    settle(session, leased, {"state": DeliveryState.FAILED, "last_code": code or None, "remote_reply": reply[:300]})


def record_retry(session: Session, leased: Leased, code: int, reply: str, now: datetime) -> None:
    """A temporary refusal: again later, at growing distance; after the last try it has failed."""
    if leased.attempts > len(BACKOFF):
        return record_failed(session, leased, code, reply)
    pause = BACKOFF[leased.attempts - 1] * jitter(leased)
    values = {"state": DeliveryState.RETRY, "next_at": now + pause, "last_code": code or None}
    settle(session, leased, {**values, "remote_reply": reply[:300]})
    return None


def jitter(leased: Leased) -> float:
    """0.9 … 1.1, the same for the same row and attempt: no crowd comes back at one moment."""
    seed = hashlib.sha256(f"{leased.message_id}{leased.attempts}".encode()).digest()[0]
    return 0.9 + seed / 255 * 0.2


def record_unknown(session: Session, leased: Leased, why: str) -> None:
    settle(session, leased, {"state": DeliveryState.UNKNOWN, "remote_reply": why[:300]})


def give_back(session: Session, leased: Leased) -> None:
    """Surely nothing of the content was accepted: as if it had not been tried."""
    settle(session, leased, {"state": DeliveryState.PENDING, "attempts": leased.attempts - 1})


def settle(session: Session, leased: Leased, values: dict[str, object]) -> None:
    states = (DeliveryState.LEASED, DeliveryState.TRANSMITTING)
    session.exec(update(Delivery).where(*owned(leased, *states)).values(lease_owner=None, lease_until=None, **values))


def owned(leased: Leased, *states: DeliveryState) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Delivery.edition_id) == leased.edition_id,
        col(Delivery.subscriber_id) == leased.subscriber_id,
        col(Delivery.lease_owner) == leased.owner,
        col(Delivery.attempts) == leased.attempts,
        col(Delivery.state).in_(states),
    )


def expire_leases(session: Session, edition_id: int, now: datetime, owners: Iterable[str] = ()) -> int:
    """What a dead sender left: leased rows are open again, rows in transmission are `unknown`.

    Args:
        owners: senders known to be dead, whose leases need not run out first.
    Returns: how many became unknown.
    """
    dead = or_(col(Delivery.lease_until) <= now, col(Delivery.lease_owner).in_(list(owners)))
    left = (col(Delivery.edition_id) == edition_id, dead)
    free = {"lease_owner": None, "lease_until": None}
    session.exec(
        update(Delivery)
        .where(*left, col(Delivery.state) == DeliveryState.LEASED)
        .values(state=DeliveryState.PENDING, attempts=Delivery.attempts - 1, **free)
    )
    lost = session.exec(
        update(Delivery)
        .where(*left, col(Delivery.state) == DeliveryState.TRANSMITTING)
        .values(state=DeliveryState.UNKNOWN, remote_reply="the sender stopped in the middle", **free)
    )
    return int(lost.rowcount)


def counts(session: Session, edition_id: int) -> Counter[str]:
    query = select(Delivery.state, func.count()).where(Delivery.edition_id == edition_id).group_by(col(Delivery.state))
    return Counter(dict(session.exec(query).all()))


def has_open(session: Session, edition_id: int) -> bool:
    query = select(Delivery.subscriber_id).where(Delivery.edition_id == edition_id, col(Delivery.state).in_(OPEN))
    return session.exec(query.limit(1)).first() is not None


def skip_open(session: Session, edition_id: int, reason: str) -> int:
    """A leased row too: its sender finds the lease gone before any content leaves."""
    moved = session.exec(
        update(Delivery)
        .where(col(Delivery.edition_id) == edition_id, col(Delivery.state).in_((*WAITING, DeliveryState.LEASED)))
        .values(state=DeliveryState.SKIPPED, skip_reason=reason, lease_owner=None, lease_until=None)
    )
    return int(moved.rowcount)


def settle_unknown(session: Session, edition: Edition, choice: str, by: str, now: datetime) -> int:
    """A person decides: `resend` sends these once more, `assume` takes them as delivered."""
    if choice not in ("resend", "assume"):
        raise NotAllowed(f"'{choice}' settles nothing", "it is resend or assume")
    values: dict[str, object] = (
        {"state": DeliveryState.PENDING}
        if choice == "resend"
        else {"state": DeliveryState.ACCEPTED, "accepted_at": now, "remote_reply": f"assumed delivered by {by}"}
    )
    moved = session.exec(
        update(Delivery)
        .where(col(Delivery.edition_id) == edition.id, col(Delivery.state) == DeliveryState.UNKNOWN)
        .values(**values)
    )
    audit.record(session, now, by, f"unknown {choice}", f"edition {edition.number}", rows=int(moved.rowcount))
    return int(moved.rowcount)


def unknown_deliveries(session: Session, edition_id: int) -> list[tuple[Delivery, Subscriber]]:
    query = (
        select(Delivery, Subscriber)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(Delivery.edition_id == edition_id, Delivery.state == DeliveryState.UNKNOWN)
    )
    return list(session.exec(query).all())


def retry_failed(session: Session, edition: Edition, by: str, now: datetime) -> int:
    """Failed rows are open again, for a person who removed the cause."""
    moved = session.exec(
        update(Delivery)
        .where(col(Delivery.edition_id) == edition.id, col(Delivery.state) == DeliveryState.FAILED)
        .values(state=DeliveryState.PENDING, attempts=0)
    )
    audit.record(session, now, by, "retry failed", f"edition {edition.number}", rows=int(moved.rowcount))
    return int(moved.rowcount)
