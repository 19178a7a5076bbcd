"""What comes back: matched by the token in the address it was sent to, counted once, and acted upon.

Identity comes from the signed envelope token alone, never from what a message's body says (anybody can
write a body).
"""

import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, col, select

from config import Settings, secret_keys
from db import alerts
from db.models import Bounce, Edition, Subscriber
from db.session import Store
from db.words import BounceKind
from digest.addresses import Address, masked
from digest.bounce_reading import Reading, read_bounce
from digest.subscriptions import unsubscribe, unsubscribe_token
from digest.suppressions import suppress
from digest.tokens import BOUNCE, Claim, TokenError, read_address_token
from errors import AppError

log = logging.getLogger(__name__)

SOFT_WINDOW = timedelta(days=60)
# Soft, but said of us or of the weather, not of the mailbox: they count against nobody.
NOT_THE_READER = ("delayed", "policy", "blocked", "sender-refused")
MOST_SOFT = 5  # soft bounces on so many different days suspend the address
TOKEN = re.compile(r"^[^@]+\+([a-z2-7]{20,80})@", re.IGNORECASE)
LONGEST = 2_000_000
UNREADABLE = "bounces:unreadable"


@dataclass(frozen=True)
class Ingested:
    reading: Reading
    subscriber_id: int | None
    effect: str  # said to a person: "suppressed", "counted", "no effect: …"


def ingest(session: Session, settings: Settings, raw: bytes, now: datetime) -> Ingested:
    """One raw message. A repeated one, a forged token or an ordinary mail has no effect."""
    reading = read_bounce(raw[:LONGEST])
    raw_hash = hashlib.sha256(raw).hexdigest()
    if session.exec(select(Bounce.id).where(Bounce.raw_hash == raw_hash)).first():
        return Ingested(reading, None, "no effect: counted before")
    claim = find_claim(settings, reading.to_addresses, now)
    subscriber = session.get(Subscriber, claim.subscriber_id) if claim else None
    known_edition = claim is not None and session.get(Edition, claim.edition_id) is not None
    session.add(
        Bounce(
            raw_hash=raw_hash,
            kind=reading.kind,
            reason=reading.reason,
            why=reading.why,
            status_code=reading.status,
            subscriber_id=subscriber.id if subscriber else None,
            edition_id=claim.edition_id if claim and known_edition else None,
            received_at=now,
        )
    )
    session.flush()
    if claim is None or subscriber is None:
        return Ingested(reading, None, "no effect: it carries no token of ours")
    return Ingested(reading, subscriber.id, act(session, settings, subscriber, reading, raw, now))


def find_claim(settings: Settings, addresses: Iterable[str], now: datetime) -> Claim | None:
    for address in addresses:
        match = TOKEN.match(address.strip())
        if not match:
            continue
        try:
            return read_address_token(secret_keys(settings), BOUNCE, match[1], now)
        except TokenError:
            log.warning("bounce address=%s refused=bad-token", masked(address))
    return None


def act(
    session: Session, settings: Settings, subscriber: Subscriber, reading: Reading, raw: bytes, now: datetime
) -> str:
    if reading.kind is BounceKind.COMPLAINT:
        return stop_mailing(session, settings, subscriber, f"complaint: {reading.why}", now)
    if reading.kind is BounceKind.HARD:
        return stop_mailing(session, settings, subscriber, f"hard bounce: {reading.why}", now)
    if reading.kind is BounceKind.SOFT and reading.reason in NOT_THE_READER:
        return f"noted: {reading.why}"
    if reading.kind is BounceKind.SOFT:
        days = soft_days(session, subscriber, now)
        if days < MOST_SOFT:
            return f"counted: soft bounces on {days} of {MOST_SOFT} days"
        return stop_mailing(session, settings, subscriber, f"{days} days with soft bounces: {reading.why}", now)
    if is_unsubscribe_mail(raw):
        assert subscriber.id is not None
        unsubscribe(session, settings, unsubscribe_token(settings, subscriber.id), now)
        return "unsubscribed by mail"
    return "no effect: not a bounce"


def stop_mailing(session: Session, settings: Settings, subscriber: Subscriber, why: str, now: datetime) -> str:
    address = Address(subscriber.address, subscriber.address_key)
    is_new = suppress(session, settings, address, why, "bounce processor", now)
    return "suppressed" if is_new else "no effect: suppressed before"


def soft_days(session: Session, subscriber: Subscriber, now: datetime) -> int:
    """On how many different days it bounced softly of late; several on one day count once."""
    moments = session.exec(
        select(Bounce.received_at).where(
            Bounce.subscriber_id == subscriber.id,
            Bounce.kind == BounceKind.SOFT,
            col(Bounce.reason).not_in(NOT_THE_READER),
            Bounce.received_at > now - SOFT_WINDOW,
        )
    )
    return len({moment.date() for moment in moments})


def is_unsubscribe_mail(raw: bytes) -> bool:
    """The mailto half of List-Unsubscribe: a person's own mail with just that subject."""
    message = message_from_bytes(raw[:LONGEST], policy=compat32)
    return str(message.get("Subject", "")).strip().casefold() == "unsubscribe"


def ingest_maildir(store: Store, settings: Settings, folder: Path, now: datetime) -> list[tuple[str, Ingested]]:
    """Everything in new/, moved to cur/ once it is committed. A message that cannot be read stays and is told."""
    incoming = folder / "new"
    if not incoming.is_dir():
        raise AppError(f"{folder} is no maildir: it has no folder 'new'; check [bounces] maildir.")
    done = []
    (folder / "cur").mkdir(exist_ok=True)
    unreadable = []
    for path in sorted(incoming.iterdir()):
        try:
            raw = path.read_bytes()
        except OSError as exc:
            unreadable.append(f"{path.name} ({exc.strerror})")
            continue
        with store.write() as session:
            done.append((path.name, ingest(session, settings, raw, now)))
        path.rename(folder / "cur" / f"{path.name}:2,S")
    with store.write() as session:
        tell_unreadable(session, incoming, unreadable, now)
    return done


def tell_unreadable(session: Session, incoming: Path, names: list[str], now: datetime) -> None:
    if not names:
        return alerts.clear_alert(session, UNREADABLE, now)
    what = f"{len(names)} files in {incoming} cannot be read: {', '.join(names[:3])}."
    cure = "Correct their owner and permissions, or take them away."
    alerts.raise_alert(session, UNREADABLE, what, cure, now)
    return None


def counts_since(session: Session, since: datetime) -> dict[str, int]:
    query = select(Bounce.kind, func.count()).where(col(Bounce.received_at) >= since).group_by(col(Bounce.kind))
    return dict(session.exec(query).all())
