"""Who is mailed: sign-up with double opt-in, confirmation, unsubscribing, import, export, erasure.

Knows no HTTP: web/ hands in plain values and shows one answer for every outcome of a sign-up.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from config import Settings, secret_keys
from db import audit
from db.models import Bounce, Delivery, Signup, Subscriber
from db.words import SubscriberState
from digest import letters
from digest.addresses import Address, address_hash, parse_address
from digest.render import plain
from digest.suppressions import find_suppression, suppress
from digest.tokens import CONFIRM, UNSUBSCRIBE, TokenError, make_token, read_token
from errors import AppError, NotFound

CONFIRM_DAYS = 7
ADDRESS_PAUSE = timedelta(hours=24)
MOST_A_MONTH = 3
ERASED = "erased"
CLASH = "This address was removed; subscribe again if that was not meant."


class SignupOutcome(StrEnum):
    MAILED = "mailed"
    ALREADY = "already active"
    SUPPRESSED = "suppressed"
    LIMITED = "limited"


def request_subscription(
    session: Session, settings: Settings, address: Address, network: str, now: datetime
) -> SignupOutcome:
    """Ask the address's owner to confirm; nobody is subscribed by this alone.

    Args:
        network: the asker's /24 or /64, as text; kept only as a hash.
    """
    outcome = judge_signup(session, settings, address, network, now)
    session.add(
        Signup(
            address_hash=address_hash(settings, address.key),
            network_hash=address_hash(settings, network),
            tried_at=now,
            was_mailed=outcome is SignupOutcome.MAILED,
        )
    )
    if outcome is SignupOutcome.MAILED:
        subscriber = find_or_add(session, address, "form", now)
        queue_confirmation(session, settings, subscriber, now)
    return outcome


def judge_signup(session: Session, settings: Settings, address: Address, network: str, now: datetime) -> SignupOutcome:
    if find_suppression(session, settings, address.key):
        return SignupOutcome.SUPPRESSED
    subscriber = find_subscriber(session, address.key)
    if subscriber and subscriber.state == SubscriberState.ACTIVE:
        return SignupOutcome.ALREADY
    if is_over_limits(session, settings, address, network, now):
        return SignupOutcome.LIMITED
    return SignupOutcome.MAILED


def is_over_limits(session: Session, settings: Settings, address: Address, network: str, now: datetime) -> bool:
    """List bombing: limits for the address, for the asker's network, and for everybody together."""
    mailed = select(func.count()).select_from(Signup).where(col(Signup.was_mailed))
    to_address = mailed.where(Signup.address_hash == address_hash(settings, address.key))
    last_hour = mailed.where(Signup.tried_at > now - timedelta(hours=1))
    from_network = last_hour.where(Signup.network_hash == address_hash(settings, network))
    return (
        session.exec(to_address.where(Signup.tried_at > now - ADDRESS_PAUSE)).one() >= 1
        or session.exec(to_address.where(Signup.tried_at > now - timedelta(days=30))).one() >= MOST_A_MONTH
        or session.exec(from_network).one() >= settings.web.signups_an_hour_each_network
        or session.exec(last_hour).one() >= settings.web.signups_an_hour
    )


def queue_confirmation(session: Session, settings: Settings, subscriber: Subscriber, now: datetime) -> None:
    expires_at = now + timedelta(days=CONFIRM_DAYS)
    assert subscriber.id is not None
    token = make_token(secret_keys(settings), CONFIRM, subscriber.id, expires_at=expires_at)
    context = {
        "address": subscriber.address,
        "confirm_url": f"{settings.base_url}/confirm/{token}",
        "expires_days": CONFIRM_DAYS,
    }
    letters.queue_letter(session, settings, "confirm", subscriber.address, context, now)


def find_or_add(session: Session, address: Address, came_from: str, now: datetime) -> Subscriber:
    subscriber = find_subscriber(session, address.key)
    if subscriber is None:
        subscriber = Subscriber(address=address.written, address_key=address.key, came_from=came_from, created_at=now)
    elif subscriber.state == SubscriberState.UNSUBSCRIBED:
        subscriber.state = SubscriberState.PENDING
    elif subscriber.state == SubscriberState.PENDING:
        subscriber.created_at = now  # it lives as long as the link it is sent now
    session.add(subscriber)
    session.flush()
    return subscriber


def find_subscriber(session: Session, address_key: str) -> Subscriber | None:
    return session.exec(select(Subscriber).where(Subscriber.address_key == address_key)).one_or_none()


def subscriber_of(session: Session, settings: Settings, purpose: str, token: str, now: datetime) -> Subscriber:
    """Who a link belongs to. Raises TokenError when the link is not good or its owner was erased."""
    claim = read_token(secret_keys(settings), purpose, token, now)
    subscriber = session.get(Subscriber, claim.subscriber_id)
    if subscriber is None:
        raise TokenError(CLASH)
    return subscriber


def confirm(session: Session, settings: Settings, token: str, now: datetime) -> Subscriber:
    """Make a pending subscriber active; a second click changes nothing.

    Raises TokenError; an unsubscribed or suppressed address is not revived by an old link.
    """
    subscriber = subscriber_of(session, settings, CONFIRM, token, now)
    if subscriber.state == SubscriberState.ACTIVE:
        return subscriber
    if subscriber.state != SubscriberState.PENDING or find_suppression(session, settings, subscriber.address_key):
        raise TokenError("This address was unsubscribed since; subscribe again to get a new link.")
    subscriber.state = SubscriberState.ACTIVE
    subscriber.confirmed_at = now
    session.add(subscriber)
    audit.record(session, now, "subscriber", "confirm", f"subscriber {subscriber.id}")
    letters.queue_letter(
        session, settings, "welcome", subscriber.address, welcome_context(settings, subscriber, now), now
    )
    return subscriber


def welcome_context(settings: Settings, subscriber: Subscriber, now: datetime) -> dict[str, Any]:
    from digest.calendar import next_week_time, say_moment

    send_at = next_week_time(settings.schedule.send, settings.schedule.zone, now)
    return {
        "address": subscriber.address,
        "next_send": say_moment(send_at, settings.schedule.zone),
        "archive_url": f"{settings.base_url}/editions",
        "unsubscribe_url": unsubscribe_url(settings, subscriber.id or 0),
    }


def unsubscribe(session: Session, settings: Settings, token: str, now: datetime) -> Subscriber:
    """At once and for good; doing it again changes nothing and sends nothing."""
    subscriber = subscriber_of(session, settings, UNSUBSCRIBE, token, now)
    if subscriber.state in (SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED):
        return subscriber
    subscriber.state = SubscriberState.UNSUBSCRIBED
    subscriber.unsubscribed_at = now
    session.add(subscriber)
    audit.record(session, now, "subscriber", "unsubscribe", f"subscriber {subscriber.id}")
    context = {"address": subscriber.address, "subscribe_url": f"{settings.base_url}/subscribe"}
    letters.queue_letter(session, settings, "goodbye", subscriber.address, context, now)
    return subscriber


def unsubscribe_url(settings: Settings, subscriber_id: int, edition_id: int = 0) -> str:
    """A link that never expires and can do nothing else (RFC 8058)."""
    return f"{settings.base_url}/unsubscribe/{unsubscribe_token(settings, subscriber_id, edition_id)}"


def unsubscribe_token(settings: Settings, subscriber_id: int, edition_id: int = 0) -> str:
    return make_token(secret_keys(settings), UNSUBSCRIBE, subscriber_id, edition_id)


def drop_unconfirmed(session: Session, now: datetime) -> int:
    """Sign-ups nobody confirmed, and attempts older than the limits need."""
    stale = session.exec(
        select(Subscriber).where(
            Subscriber.state == SubscriberState.PENDING,
            Subscriber.created_at < now - timedelta(days=CONFIRM_DAYS),
            col(Subscriber.confirmed_at).is_(None),
            ~select(Delivery).where(Delivery.subscriber_id == Subscriber.id).exists(),
        )
    ).all()
    for subscriber in stale:
        session.delete(subscriber)
    for signup in session.exec(select(Signup).where(Signup.tried_at < now - timedelta(days=31))):
        session.delete(signup)
    return len(stale)


# ── import, export, erase ────────────────────────────────────────────────────────────────────────


@dataclass
class ImportReport:
    added: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)  # a sentence each: line, address, why


def import_csv(session: Session, settings: Settings, lines: Iterable[str], by: str, now: datetime) -> ImportReport:
    """Add people who agreed elsewhere (column `email`, optional `name`). Nobody is revived by an import.

    Raises AppError when there is no `email` column or the file is no CSV.
    """
    reader = csv.DictReader(lines)
    try:
        columns = {name.strip("\ufeff \t").casefold(): name for name in reader.fieldnames or []}
        if "email" not in columns:
            raise AppError("The CSV has no 'email' column; its first line must name the columns, as in email,name.")
        report = ImportReport()
        for row in reader:
            import_row(session, settings, row, columns, report, reader.line_num, now)
    except (csv.Error, UnicodeDecodeError) as exc:
        raise AppError(f"The CSV cannot be read: {exc}; save it as UTF-8, comma-separated.") from exc
    audit.record(session, now, by, "import subscribers", "subscribers", added=report.added, refused=len(report.refused))
    return report


def import_row(
    session: Session,
    settings: Settings,
    row: dict[str, str],
    columns: dict[str, str],
    report: ImportReport,
    line: int,
    now: datetime,
) -> None:
    try:
        address = parse_address(row[columns["email"]] or "")
    except ValueError as exc:
        report.refused.append(f"line {line}: {exc}")
        return
    if find_suppression(session, settings, address.key):
        report.refused.append(f"line {line}: {address.written} is suppressed and stays so")
        return
    if find_subscriber(session, address.key):
        report.known += 1
        return
    name = plain(row.get(columns.get("name", "")) or "")[:200]
    session.add(
        Subscriber(
            address=address.written,
            address_key=address.key,
            name=name,
            state=SubscriberState.ACTIVE,
            came_from="import",
            created_at=now,
            confirmed_at=now,
        )
    )
    session.flush()
    report.added += 1


def export_csv(session: Session) -> str:
    """All subscribers; a cell a spreadsheet would run as a formula is quoted with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["email", "name", "state", "came_from", "created_at", "confirmed_at", "unsubscribed_at"])
    for one in known_people(session):
        moments = (one.created_at, one.confirmed_at, one.unsubscribed_at)
        cells = [one.address, one.name, one.state, one.came_from, *(at.isoformat() if at else "" for at in moments)]
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def known_people(session: Session) -> list[Subscriber]:
    """Everybody but the erased, of whom only the row's number is left."""
    return list(session.exec(select(Subscriber).where(Subscriber.came_from != ERASED).order_by(Subscriber.address_key)))


def safe_cell(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def erase(session: Session, settings: Settings, address: Address, by: str, now: datetime) -> None:
    """Forget a person; only the keyed hash stays, so that no import revives them."""
    subscriber = find_subscriber(session, address.key)
    if subscriber is None:
        raise NotFound("subscriber", address.written)
    suppress(session, settings, address, "erased at the person's request", by, now)
    suppression = find_suppression(session, settings, address.key)
    assert suppression is not None
    suppression.address = None
    session.add(suppression)
    forget_subscriber(session, subscriber)
    audit.record(session, now, by, "erase", f"subscriber {subscriber.id}")


def forget_subscriber(session: Session, subscriber: Subscriber) -> None:
    """The row stays for the ledger's sums; nothing in it names a person any more."""
    letters.forget_address(session, subscriber.address)
    for bounce in session.exec(select(Bounce).where(Bounce.subscriber_id == subscriber.id)):
        bounce.subscriber_id = None
        session.add(bounce)
    subscriber.address = f"erased-{subscriber.id}@invalid"
    subscriber.address_key = subscriber.address
    subscriber.name = ""
    subscriber.came_from = ERASED
    subscriber.state = SubscriberState.SUPPRESSED
    for delivery in session.exec(select(Delivery).where(Delivery.subscriber_id == subscriber.id)):
        delivery.remote_reply = None
        delivery.domain_key = "erased"
        session.add(delivery)
    session.add(subscriber)
