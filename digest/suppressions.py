"""Addresses never to be mailed. A suppression outranks import, form and editor."""

from datetime import datetime

from sqlmodel import Session, col, select

from config import Settings
from db import audit
from db.models import Subscriber, Suppression
from db.words import SubscriberState
from digest.addresses import Address, address_hash
from errors import NotFound


def find_suppression(session: Session, settings: Settings, address_key: str) -> Suppression | None:
    return session.get(Suppression, address_hash(settings, address_key))


def suppress(session: Session, settings: Settings, address: Address, why: str, by: str, now: datetime) -> bool:
    """Returns whether this was new. The first reason stands."""
    hashed = address_hash(settings, address.key)
    is_new = session.get(Suppression, hashed) is None
    if is_new:
        session.add(
            Suppression(address_hash=hashed, address=address.written, reason=why, suppressed_at=now, suppressed_by=by)
        )
        audit.record(session, now, by, "suppress", f"address {hashed[:12]}", why=why)
    subscriber = session.exec(select(Subscriber).where(Subscriber.address_key == address.key)).one_or_none()
    if subscriber:
        subscriber.state = SubscriberState.SUPPRESSED
        session.add(subscriber)
    return is_new


def unsuppress(session: Session, settings: Settings, address: Address, why: str, by: str, now: datetime) -> None:
    """Lifts the suppression; the person must subscribe again to be mailed."""
    hashed = address_hash(settings, address.key)
    suppression = session.get(Suppression, hashed)
    if suppression is None:
        raise NotFound("suppression for", address.written)
    session.delete(suppression)
    subscriber = session.exec(select(Subscriber).where(Subscriber.address_key == address.key)).one_or_none()
    if subscriber and subscriber.state == SubscriberState.SUPPRESSED:
        subscriber.state = SubscriberState.UNSUBSCRIBED
        session.add(subscriber)
    audit.record(session, now, by, "unsuppress", f"address {hashed[:12]}", why=why)


def suppressions(session: Session) -> list[Suppression]:
    return list(session.exec(select(Suppression).order_by(col(Suppression.suppressed_at).desc())))
