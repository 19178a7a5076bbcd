"""A local inbox: a real SMTP server on loopback that keeps every message, and a page to read them.

Mail to a bounce address goes into a maildir, as a mail server would deliver it.
"""

import html
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    number: int
    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


class Inbox:
    def __init__(self, folder: Path, bounce_local: str) -> None:
        self.folder, self.bounce_local = folder, bounce_local
        self.received: list[Received] = []
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        for name in ("new", "cur", "tmp"):
            (self.maildir / name).mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=port, data_size_limit=2_000_000)

    @property
    def maildir(self) -> Path:
        return self.folder / "bounces"

    @property
    def port(self) -> int:
        return int(self.controller.port)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        for recipient in envelope.rcpt_tos:
            self.take(str(envelope.mail_from or ""), recipient, envelope.original_content or b"")
        return "250 2.0.0 kept"

    def take(self, sender: str, recipient: str, raw: bytes) -> None:
        with self.lock:
            number = next(self.numbers)
            if recipient.startswith(f"{self.bounce_local}+"):
                head = f"Delivered-To: {recipient}\r\n".encode()
                (self.maildir / "new" / f"{number}.demo").write_bytes(head + raw)
                return
            self.received.append(Received(number, sender, recipient, raw))
            (self.folder / f"{number:04d}.eml").write_bytes(raw)

    def to(self, address: str) -> list[Received]:
        return [one for one in self.received if one.recipient == address]


@contextmanager
def open_inbox(folder: Path, bounce_local: str = "bounce") -> Iterator[Inbox]:
    folder.mkdir(parents=True, exist_ok=True)
    inbox = Inbox(folder, bounce_local)
    inbox.controller.start()
    try:
        yield inbox
    finally:
        inbox.controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ── the page ─────────────────────────────────────────────────────────────────────────────────────

STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,Helvetica,Arial;margin:0 auto;max-width:72rem;"
    "padding:16px}a{color:inherit}li{border-top:1px solid #DAD7CF;padding:8px 0;list-style:none}ul{padding:0}"
    "iframe{width:100%;height:80vh;border:1px solid #DAD7CF;background:#FBFAF7}pre{white-space:pre-wrap;font-size:13px}"
)


@contextmanager
def serve_inbox(inbox: Inbox) -> Iterator[str]:
    """The inbox as pages on loopback; yields their address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(inbox))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_handler(inbox: Inbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the base class's name
            status, kind, body = page(inbox, self.path)
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
            )
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:  # the base class's name
            pass

    return Handler


def page(inbox: Inbox, path: str) -> tuple[int, str, str]:
    """(status, media type, body): / lists, /12 shows a mail, /12/html and /12/text are its parts."""
    number, _, part = path.strip("/").partition("/")
    if not number:
        return 200, "text/html", list_page(inbox)
    mail = next((one for one in inbox.received if str(one.number) == number), None)
    if mail is None:
        return 404, "text/plain", "There is no such mail."
    if part in ("html", "text"):
        return 200, "text/html" if part == "html" else "text/plain", mail.part("html" if part == "html" else "plain")
    return 200, "text/html", mail_page(mail)


def list_page(inbox: Inbox) -> str:
    rows = "".join(
        f'<li><a href="/{one.number}">{html.escape(str(one.message["Subject"]))}</a> — '
        f"{html.escape(one.recipient)}</li>"
        for one in reversed(inbox.received)
    )
    head = f"<!doctype html><html lang=en><title>Inbox</title><style>{STYLE}</style>"
    return f"{head}<h1>Inbox: {len(inbox.received)} mails</h1><ul>{rows}</ul>"


def mail_page(mail: Received) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in mail.message.items())
    return (
        f"<!doctype html><html lang=en><title>Mail {mail.number}</title><style>{STYLE}</style>"
        "<p><a href='/'>Inbox</a> · "
        f"<a href='/{mail.number}/text'>plain text</a></p><pre>{html.escape(headers)}</pre>"
        f"<iframe sandbox='allow-popups' src='/{mail.number}/html' title='The mail'></iframe>"
    )
