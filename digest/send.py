"""Send approved editions. Owns the order of steps and the commits between them; knows no SMTP.

The one place that commits inside its work: the ledger's marks must be durable at exact moments.
"""

import logging
import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from sqlmodel import Session, col, select

from config import Settings, secret_keys
from db import alerts, audit
from db.models import Comparison, Edition, Entry
from db.session import Store
from db.words import ComparisonState, DeliveryState, EditionState
from digest import ledger
from digest.addresses import masked
from digest.editions import verify_edition
from digest.ledger import Leased
from digest.mailer import Connection, Mailer, Unanswered
from digest.message import Message, build_message, make_reader
from digest.smtp_codes import HARD, Meaning, find_status, meaning_of
from digest.steering import pause_edition
from errors import AppError, MailError, NotAllowed, RenderError

log = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 5
AUTH_CODES = (530, 534, 535)
MAILBOX = HARD | {Meaning.MAILBOX_FULL, Meaning.DISABLED}  # refusals that speak of one mailbox only
Clock = Callable[[], datetime]
Stop = Callable[[], bool]


def never() -> bool:
    return False


def send_due_editions(
    store: Store, settings: Settings, mailer: Mailer, clock: Clock, stop: Stop = never
) -> dict[int, Counter[str]]:
    """Every approved edition whose hour has come, and every one that was interrupted. Harmless to call again."""
    settle_stopped(store, clock())
    with store.read() as session:
        due = session.exec(
            select(Edition)
            .where(
                (col(Edition.state) == EditionState.SENDING)
                | ((col(Edition.state) == EditionState.APPROVED) & (col(Edition.send_at) <= clock()))
            )
            .order_by(col(Edition.number))
        ).all()
    tallies, refusals = {}, []
    for edition in due:
        try:
            tallies[edition.number] = send_edition(store, settings, edition.number, mailer, clock, stop)
        except AppError as exc:  # it harms only itself; the others go out first
            refusals.append(exc)
    if refusals:
        raise refusals[0]
    return tallies


def settle_stopped(store: Store, now: datetime) -> None:
    """What a sender that died left in a paused or cancelled edition: nobody else would come by to settle it."""
    stopped = select(Edition).where(col(Edition.state).in_([EditionState.PAUSED, EditionState.CANCELLED]))
    with store.write() as session:
        for edition in session.exec(stopped.with_for_update()).all():
            if edition.id is None or not ledger.has_open(session, edition.id):
                continue
            ledger.expire_leases(session, edition.id, now)
            if edition.state == EditionState.CANCELLED:
                ledger.skip_open(session, edition.id, "cancelled")
            finish(session, edition.number, now)


def send_edition(
    store: Store, settings: Settings, number: int, mailer: Mailer, clock: Clock, stop: Stop = never
) -> Counter[str]:
    """Start or go on sending one edition; returns the ledger's counts.

    Raises NotAllowed when it is not approved, or is not what was approved.
    """
    with store.write() as session:
        edition = begin(session, settings, number, clock())
        frozen = verify_edition(session, edition)
        message = build_message(settings, frozen, edition.sending_started_at or clock())
        rehearse(settings, edition, message)
    Sender(store, settings, edition, message, mailer, clock, stop).run()
    with store.write() as session:
        return finish(session, number, clock())


def rehearse(settings: Settings, edition: Edition, message: Message) -> None:
    """A link or address of ours that no header can hold stops the edition here, not at every reader."""
    reader = make_reader(settings, edition.id or 0, 0, "reader@example.org", "<0@example.org>", secret_keys(settings))
    message.addressed_to(reader)


def begin(session: Session, settings: Settings, number: int, now: datetime) -> Edition:
    """approved → sending, with the audience frozen in the same transaction. A sending one goes on."""
    edition = session.exec(select(Edition).where(Edition.number == number).with_for_update()).one_or_none()
    if edition is None or edition.id is None:
        raise NotAllowed(f"Edition {number} cannot be sent", "there is none with this number")
    if edition.state == EditionState.SENDING:
        ledger.expire_leases(session, edition.id, now)
        return edition
    if edition.state != EditionState.APPROVED:
        raise NotAllowed(f"Edition {number} cannot be sent", f"it is {edition.state}")
    check_entries(session, edition)
    edition.state, edition.sending_started_at = EditionState.SENDING, now
    session.add(edition)
    readers = ledger.freeze_audience(session, settings, edition)
    publish_entries(session, edition, now)
    audit.record(session, now, "sender", "start sending", f"edition {number}", readers=readers)
    return edition


def check_entries(session: Session, edition: Edition) -> None:
    """Approval is checked again at the last moment: a fact may have moved since."""
    unapproved = [row.slug for row in comparisons_of(session, edition) if row.state != ComparisonState.APPROVED]
    if unapproved:
        raise NotAllowed(
            f"Edition {edition.number} cannot be sent", f"{', '.join(unapproved)} is not approved any more; withdraw it"
        )


def comparisons_of(session: Session, edition: Edition) -> list[Comparison]:
    query = select(Comparison).join(Entry, col(Entry.comparison_id) == col(Comparison.id))
    return list(session.exec(query.where(Entry.edition_id == edition.id)))


def publish_entries(session: Session, edition: Edition, now: datetime) -> None:
    for comparison in comparisons_of(session, edition):
        comparison.state, comparison.published_at = ComparisonState.PUBLISHED, now
        session.add(comparison)


def finish(session: Session, number: int, now: datetime) -> Counter[str]:
    """sending → sent once nothing is open; what is unknown is told to a person."""
    edition = session.exec(select(Edition).where(Edition.number == number).with_for_update()).one()
    assert edition.id is not None
    tally = ledger.counts(session, edition.id)
    if edition.state == EditionState.SENDING and not ledger.has_open(session, edition.id):
        edition.state, edition.finished_at = EditionState.SENT, now
        session.add(edition)
        audit.record(session, now, "sender", "finish sending", f"edition {number}", **dict(tally))
    if tally[DeliveryState.UNKNOWN]:
        alerts.raise_alert(
            session,
            f"unknown:{number}",
            f"Edition {number}: of {tally[DeliveryState.UNKNOWN]} mails nobody knows whether they arrived.",
            f"Look at 'verdicts edition unknown {number}', then settle them with resend or assume.",
            now,
        )
    return tally


class Sender:
    """One pass over the open deliveries of one edition, over one connection at a time."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        edition: Edition,
        message: Message,
        mailer: Mailer,
        clock: Clock,
        stop: Stop,
    ) -> None:
        assert edition.id is not None
        self.store, self.settings, self.message, self.mailer = store, settings, message, mailer
        self.edition_id, self.number = edition.id, edition.number
        self.clock, self.stop = clock, stop
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.keys = secret_keys(settings)
        self.failures = 0
        self.lost: set[int] = set()  # readers at whom a connection was lost in this pass
        self.connection: Connection | None = None
        self.open_connection = ExitStack()

    def run(self) -> None:
        try:
            while not self.stop() and self.is_sending():
                leased = self.lease()
                if leased is None:
                    return
                self.deliver(leased)
                if self.failures >= FAILURES_IN_A_ROW:
                    self.pause(f"{self.failures} failures in a row")
        finally:
            self.open_connection.close()

    def is_sending(self) -> bool:
        """Looked up before every reader, so that a pause or cancel takes hold at once."""
        with self.store.read() as session:
            return session.get_one(Edition, self.edition_id).state == EditionState.SENDING

    def lease(self) -> Leased | None:
        with self.store.write() as session:
            return ledger.lease_next(session, self.settings, self.edition_id, self.owner, self.clock())

    def deliver(self, leased: Leased) -> None:
        """Offer, durable mark, content, outcome: in this order and no other."""
        try:
            connection = self.connect()
        except MailError as exc:
            return self.unreachable(leased, exc)
        try:
            content, sender = self.address(leased)
            connection.offer(sender, leased.address)
        except (MailError, RenderError) as exc:
            return self.refused(leased, exc)
        if not self.mark(leased):
            return self.disconnect()  # after 354 the only way back is to hang up
        try:
            reply = connection.transmit(content)
        except Unanswered as exc:
            why = str(exc)
            self.record(lambda session: ledger.record_unknown(session, leased, why))
            self.failures += 1
            return self.disconnect()
        except MailError as exc:
            return self.refused(leased, exc)
        self.failures = 0
        return self.record(lambda session: ledger.record_accepted(session, leased, reply, self.clock()))

    def address(self, leased: Leased) -> tuple[bytes, str]:
        reader = make_reader(
            self.settings, self.edition_id, leased.subscriber_id, leased.address, leased.message_id, self.keys
        )
        return self.message.addressed_to(reader), reader.sender

    def connect(self) -> Connection:
        if self.connection is None:
            self.connection = self.open_connection.enter_context(self.mailer.connect())
        return self.connection

    def disconnect(self) -> None:
        self.connection = None
        self.open_connection.close()

    def mark(self, leased: Leased) -> bool:
        with self.store.write() as session:
            return ledger.mark_transmitting(session, leased, self.clock())

    def unreachable(self, leased: Leased, exc: MailError) -> None:
        """No connection, so it says nothing of the reader, whatever the relay's code."""
        log.warning("edition=%s error=%s", self.number, exc)
        self.record(lambda session: ledger.give_back(session, leased))
        self.failures += 1
        if exc.code in AUTH_CODES:
            self.pause(str(exc))

    def refused(self, leased: Leased, exc: MailError | RenderError) -> None:
        """Nothing was accepted. A broken connection is not the reader's fault; a refusal is an answer."""
        log.warning(
            "edition=%s subscriber=%s to=%s error=%s", self.number, leased.subscriber_id, masked(leased.address), exc
        )
        if isinstance(exc, RenderError):
            return self.record(lambda session: ledger.record_failed(session, leased, 0, str(exc)))
        if exc.code in AUTH_CODES:
            self.record(lambda session: ledger.give_back(session, leased))
            return self.pause(str(exc))
        if exc.code == 0 or exc.code == 421:
            return self.hung_up(leased, exc)
        if exc.permanent:
            self.failures += is_about_us(exc.reply)
            return self.record(lambda session: ledger.record_failed(session, leased, exc.code, exc.reply))
        return self.record(lambda session: ledger.record_retry(session, leased, exc.code, exc.reply, self.clock()))

    def hung_up(self, leased: Leased, exc: MailError) -> None:
        """Once, and the next connection tries the same reader again; twice, and the others go first."""
        if leased.subscriber_id in self.lost:
            why = exc.reply or str(exc)
            self.record(lambda session: ledger.record_retry(session, leased, exc.code, why, self.clock()))
        else:
            self.record(lambda session: ledger.give_back(session, leased))
        self.lost.add(leased.subscriber_id)
        self.failures += 1
        self.disconnect()

    def record(self, write: Callable[[Session], None]) -> None:
        with self.store.write() as session:
            write(session)

    def pause(self, why: str) -> None:
        with self.store.write() as session:
            edition = session.get_one(Edition, self.edition_id, with_for_update=True)
            if edition.state == EditionState.SENDING:  # else somebody was faster
                pause_edition(session, self.number, "sender", why, self.clock())


def is_about_us(reply: str) -> bool:
    """A permanent refusal that blames the sender or the content would meet every reader alike."""
    return meaning_of(reply, find_status(reply)) not in MAILBOX
