"""The outbox for single mails: confirm, welcome, goodbye, reminder, alert.

A letter is queued in the transaction that causes it and sent within the minute. Unlike an edition it is
sent *at least* once: a crash in the middle repeats it, since a second "please confirm" harms nobody.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from config import Settings
from db.models import Letter
from db.session import Store
from db.words import LetterState
from digest.addresses import Address, masked, parse_address
from digest.mailer import Mailer
from digest.message import build_letter
from digest.render import UNSUBSCRIBE_URL, render_letter
from digest.suppressions import find_suppression
from errors import MailError, RenderError

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
STALE = timedelta(minutes=5)
KEPT = timedelta(days=14)


def queue_letter(
    session: Session,
    settings: Settings,
    kind: str,
    to: str,
    context: dict[str, Any],
    now: datetime,
    dedupe_key: str | None = None,
) -> bool:
    """Returns False when a letter with this `dedupe_key` was queued before.

    Raises RenderError when its template is broken.
    """
    if dedupe_key and session.exec(select(Letter).where(Letter.dedupe_key == dedupe_key)).first():
        return False
    site = {
        "name": settings.mail.from_name,
        "home_url": settings.base_url,
        "postal_address": settings.mail.postal_address,
    }
    mail = render_letter(kind, {"site": site, **context})
    letter = Letter(
        kind=kind,
        dedupe_key=dedupe_key,
        to_address=to,
        subject=mail.subject,
        text=mail.text.replace(UNSUBSCRIBE_URL, context.get("unsubscribe_url", "")),
        html=mail.html.replace(UNSUBSCRIBE_URL, context.get("unsubscribe_url", "")),
        next_at=now,
        created_at=now,
    )
    session.add(letter)
    return True


def send_due_letters(store: Store, settings: Settings, mailer: Mailer, now: datetime, limit: int = 200) -> int:
    """Send what is due, one commit a letter. Returns how many were handed over."""
    sent = 0
    for _ in range(limit):
        letter = claim_letter(store, now)
        if letter is None:
            break
        sent += send_letter(store, settings, mailer, letter, now)
    return sent


def claim_letter(store: Store, now: datetime) -> Letter | None:
    with store.write() as session:
        due = select(Letter).where(
            Letter.next_at <= now,
            or_(
                Letter.state == LetterState.QUEUED,
                Letter.state == LetterState.SENDING,  # its sender died: `next_at` was its lease
            ),
        )
        letter = session.exec(due.order_by(col(Letter.id)).limit(1).with_for_update(skip_locked=True)).first()
        if letter is None:
            return None
        letter.state = LetterState.SENDING
        letter.next_at = now + STALE
        letter.attempts += 1
        session.add(letter)
        return letter


def send_letter(store: Store, settings: Settings, mailer: Mailer, letter: Letter, now: datetime) -> bool:
    try:
        recipient = parse_address(letter.to_address)
        check_not_suppressed(store, settings, recipient)
        content = build_letter(settings, letter, now)
        with mailer.connect() as connection:
            connection.offer(settings.mail.from_address, recipient.written)
            connection.transmit(content)
    except (MailError, RenderError, ValueError) as exc:
        permanent = not isinstance(exc, MailError) or exc.permanent
        settle(store, letter, now, error=str(exc), permanent=permanent)
        log.warning("letter=%s kind=%s to=%s error=%s", letter.id, letter.kind, masked(letter.to_address), exc)
        return False
    settle(store, letter, now)
    return True


def check_not_suppressed(store: Store, settings: Settings, address: Address) -> None:
    """It may have been suppressed since the letter was queued, and that outranks every letter."""
    with store.read() as session:
        if find_suppression(session, settings, address.key):
            raise MailError("the address is suppressed", permanent=True)


def settle(store: Store, letter: Letter, now: datetime, error: str | None = None, permanent: bool = False) -> None:
    with store.write() as session:
        row = session.get(Letter, letter.id)
        if row is None:
            return
        row.last_error = error
        if error is None:
            row.state, row.sent_at = LetterState.SENT, now
        elif permanent or row.attempts >= MOST_ATTEMPTS:
            row.state = LetterState.FAILED
        else:
            row.state, row.next_at = LetterState.QUEUED, now + timedelta(minutes=2**row.attempts)
        session.add(row)


def forget_address(session: Session, address: str) -> None:
    for letter in session.exec(select(Letter).where(Letter.to_address == address)):
        session.delete(letter)


def drop_old(session: Session, now: datetime) -> int:
    """What was sent or given up is not kept: a confirmation link is a key."""
    done = col(Letter.state).in_([LetterState.SENT, LetterState.FAILED])
    old = session.exec(select(Letter).where(done, Letter.created_at < now - KEPT)).all()
    for letter in old:
        if letter.dedupe_key is None:
            session.delete(letter)
        else:
            letter.text = letter.html = ""
            session.add(letter)
    return len(old)
