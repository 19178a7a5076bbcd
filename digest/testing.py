"""Send an edition as it stands to one editor. Nobody else can be reached from here."""

from datetime import datetime

from sqlmodel import col, select

from config import Settings
from db.models import Editor, FrozenEdition
from db.session import Store
from digest import editions
from digest.mailer import Mailer
from digest.message import Reader, build_message
from errors import NotFound


def send_test(
    store: Store,
    settings: Settings,
    number: int | None,
    to: str,
    mailer: Mailer,
    lenses: list[tuple[str, str]],
    now: datetime,
) -> None:
    """Raises NotFound when `to` is no editor's address, MailError when the relay refuses it."""
    with store.read() as session:
        edition = editions.get_edition(session, number)
        known = select(Editor).where(Editor.email == to.strip().casefold(), col(Editor.is_active))
        editor = session.exec(known).first()
        if editor is None:
            raise NotFound("editor", to or "without an address", "a test goes to an editor only (--to EMAIL)")
        mail = editions.preview(session, settings, edition, lenses)
    draft = FrozenEdition(
        edition_id=edition.id or 0,
        subject=f"[Test] {mail.subject}",
        html=mail.html,
        text=mail.text,
        content={},
        content_hash="0" * 64,
        approved_by="test",
        approved_at=now,
    )
    reader = Reader(
        address=editor.email,
        unsubscribe_url=f"{settings.base_url}/subscribe",  # an editor's test unsubscribes nobody
        sender=settings.mail.from_address,
        message_id=f"<test-{edition.number}-{int(now.timestamp())}@{settings.mail.domain}>",
    )
    with mailer.connect() as connection:
        connection.offer(reader.sender, reader.address)
        connection.transmit(build_message(settings, draft, now).addressed_to(reader))
