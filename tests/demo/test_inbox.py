"""The demo's inbox is a real mail server: what arrives is kept, what bounces goes to the maildir."""

import smtplib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from db.words import BounceKind
from demo.dsn import bounce_of
from demo.inbox import Inbox, open_inbox, serve_inbox
from digest.bounce_reading import read_bounce

MAIL = (
    b"From: digest@verdicts.example\r\nTo: <ben@example.org>\r\nSubject: Hello <b>Ben</b>\r\n"
    b"Message-ID: <1@verdicts.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<script>alert(1)</script><p>Hello</p>\r\n"
)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with open_inbox(tmp_path / "inbox") as inbox:
        yield inbox


def post(inbox: Inbox, sender: str, recipient: str, raw: bytes = MAIL) -> None:
    with smtplib.SMTP("127.0.0.1", inbox.port, timeout=5) as relay:
        relay.sendmail(sender, [recipient], raw)


def test_a_mail_is_kept_byte_for_byte(inbox: Inbox) -> None:
    post(inbox, "bounce+abc@verdicts.example", "ben@example.org")

    [received] = inbox.to("ben@example.org")
    assert received.raw == MAIL
    assert received.sender == "bounce+abc@verdicts.example"


def test_mail_to_a_bounce_address_lands_in_the_maildir(inbox: Inbox) -> None:
    post(inbox, "", "bounce+abc@verdicts.example")

    [path] = (inbox.maildir / "new").iterdir()
    assert path.read_bytes().startswith(b"Delivered-To: bounce+abc@verdicts.example\r\n")
    assert inbox.received == []


def test_the_notification_reads_as_a_hard_bounce(inbox: Inbox) -> None:
    post(inbox, "bounce+abc@verdicts.example", "ben@example.org")

    reading = read_bounce(bounce_of(inbox.received[0]))

    assert reading.kind is BounceKind.HARD
    assert reading.to_addresses == ("bounce+abc@verdicts.example",)


def test_a_subject_is_shown_as_text_and_a_mail_runs_nothing(inbox: Inbox) -> None:
    post(inbox, "a@verdicts.example", "ben@example.org")
    with serve_inbox(inbox) as url:
        listing = urlopen(f"{url}/", timeout=5).read().decode()
        with urlopen(f"{url}/1/html", timeout=5) as answer:
            policy = answer.headers["Content-Security-Policy"]

    assert "Hello &lt;b&gt;Ben&lt;/b&gt;" in listing
    assert policy.startswith("default-src 'none'")
