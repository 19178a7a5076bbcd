"""An edition to 2,000 readers over SMTP with the whole ledger (three durable commits a reader), beside the
usual Python way: templates and an EmailMessage per reader, smtplib.send_message, and no ledger at all."""

import smtplib
import tempfile
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bench.sink import running_sink
from config import Settings
from db.models import Edition, FrozenEdition, Subscriber
from db.session import Store, open_store
from digest import editions, render
from digest.mailer import SmtpMailer
from digest.samples import sample_edition
from digest.send import send_edition

READERS = 2000
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def run() -> dict[str, Any]:
    with running_sink() as port, tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), port)
        store = open_store(settings.store_url)
        prepare(store)
        ours = seconds(lambda: send_edition(store, settings, 1, SmtpMailer(settings.smtp), lambda: NOW))
        store.close()
        rival = seconds(lambda: send_the_usual_way(port))
    return {
        "with the ledger, mails/s": READERS / ours,
        "usual way without a ledger, mails/s": READERS / rival,
        "ratio": rival / ours,
        "readers": READERS,
    }


def settings_for(folder: Path, port: int) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": folder,
            "secret_key": "b" * 40,
            "smtp": {"port": port, "security": "none"},
            "mail": {"from_address": "digest@verdicts.example"},
        }
    )


def prepare(store: Store) -> None:
    mail = render.render_digest(sample_edition())
    content = sample_edition()
    with store.write() as session:
        edition = Edition(
            number=1, state="approved", created_at=NOW, from_at=NOW, until_at=NOW, cutoff_at=NOW, send_at=NOW
        )
        session.add(edition)
        session.flush()
        session.add(
            FrozenEdition(
                edition_id=edition.id or 0,
                subject=mail.subject,
                html=mail.html,
                text=mail.text,
                content=content,
                content_hash=editions.hash_of(mail.subject, mail.html, mail.text, content),
                approved_by="bench@verdicts.example",
                approved_at=NOW,
            )
        )
        for number in range(READERS):
            address = f"reader{number}@example.org"
            session.add(
                Subscriber(address=address, address_key=address, state="active", came_from="import", created_at=NOW)
            )


def send_the_usual_way(port: int) -> None:
    mail = render.render_digest(sample_edition())
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(READERS):
            message = EmailMessage()
            message["From"], message["To"] = "digest@verdicts.example", f"reader{number}@example.org"
            message["Subject"] = mail.subject
            message.set_content(mail.text.replace(render.ADDRESS, str(message["To"])))
            message.add_alternative(mail.html.replace(render.ADDRESS, str(message["To"])), subtype="html")
            client.send_message(message)


def seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
