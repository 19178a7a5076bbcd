"""The bytes of a message: MIME, RFC 8058 headers, and the few parts that are the reader's own.

An edition is encoded once and cut at its sentinels; a reader's copy is a join of those pieces.
"""

import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from html import escape

from config import Settings
from db.models import FrozenEdition, Letter
from digest.render import ADDRESS, UNSUBSCRIBE_URL
from digest.tokens import BOUNCE, UNSUBSCRIBE, make_address_token, make_token
from errors import RenderError

IN_HTML = "html "
SENTINELS = re.compile(f"({UNSUBSCRIBE_URL}|{ADDRESS})")
# What a header may hold once it is encoded: printable ASCII. Everything else was encoded or removed.
PRINTABLE = re.compile(r"[\x20-\x7e]*")
# binascii lets a line grow over 76 bytes where a space at its end had to be encoded.
OVERLONG = re.compile(rb"([^\r\n]{74,})(=20|=09)(?=\r\n|\Z)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Reader:
    address: str
    unsubscribe_url: str
    sender: str  # the envelope sender, which carries the bounce token
    message_id: str


@dataclass(frozen=True)
class Message:
    """An edition ready to be addressed: `pieces` alternate between bytes and sentinel names."""

    headers: bytes
    pieces: tuple[bytes | str, ...]

    def addressed_to(self, reader: Reader) -> bytes:
        values = {UNSUBSCRIBE_URL: reader.unsubscribe_url, ADDRESS: reader.address}
        values |= {IN_HTML + name: escape(value) for name, value in values.items()}
        body = b"".join(piece if isinstance(piece, bytes) else soft(values[piece]) for piece in self.pieces)
        return stuff_dots(self.headers + reader_headers(reader) + b"\r\n" + body)


def build_message(settings: Settings, frozen: FrozenEdition, sent_at: datetime) -> Message:
    """Raises RenderError when a header would not be one clean line."""
    boundary = f"=_{frozen.content_hash[:32]}"
    mail = settings.mail
    headers = [
        ("From", encoded_mailbox(mail.from_name, mail.from_address)),
        ("Subject", encoded_text(frozen.subject)),
        ("Date", format_datetime(sent_at)),
        ("List-ID", f"<digest.{mail.domain}>"),
        ("Feedback-ID", f"edition-{frozen.edition_id}:digest:verdicts"),
    ]
    if mail.reply_to:
        headers.append(("Reply-To", mail.reply_to))
    return Message(
        headers=header_lines([*headers, *mime_headers(boundary)]),
        pieces=tuple(body_pieces(frozen.text, frozen.html, boundary)),
    )


def make_reader(
    settings: Settings, edition_id: int, subscriber_id: int, address: str, message_id: str, key: tuple[bytes, ...]
) -> Reader:
    local, _, domain = settings.mail.envelope_base.rpartition("@")
    bounce = make_address_token(key, BOUNCE, subscriber_id, edition_id)
    token = make_token(key, UNSUBSCRIBE, subscriber_id, edition_id)
    return Reader(
        address=address,
        unsubscribe_url=f"{settings.base_url}/unsubscribe/{token}",
        sender=f"{local}+{bounce}@{domain}",
        message_id=message_id,
    )


def reader_headers(reader: Reader) -> bytes:
    """Written raw: the stdlib's header folding turns a long List-Unsubscribe into encoded words, which
    mailbox providers then ignore (cpython#74717)."""
    return header_lines(
        [
            ("To", f"<{reader.address}>"),
            ("Message-ID", reader.message_id),
            ("List-Unsubscribe", f"<{reader.unsubscribe_url}>,\r\n <mailto:{reader.sender}?subject=unsubscribe>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ],
        folded=True,
    )


def build_letter(settings: Settings, letter: Letter, now: datetime) -> bytes:
    """A single mail as bytes. It is written to one person, so it carries no list headers."""
    boundary = f"=_letter_{letter.id}"
    mail = settings.mail
    headers = [
        ("From", encoded_mailbox(mail.from_name, mail.from_address)),
        ("To", f"<{letter.to_address}>"),
        ("Subject", encoded_text(letter.subject)),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<letter-{letter.id}-{int(letter.created_at.timestamp())}@{mail.domain}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    pieces = body_pieces(letter.text, letter.html, boundary)
    body = b"".join(piece for piece in pieces if isinstance(piece, bytes))
    return stuff_dots(header_lines([*headers, *mime_headers(boundary)]) + b"\r\n" + body)


def mime_headers(boundary: str) -> list[tuple[str, str]]:
    return [("MIME-Version", "1.0"), ("Content-Type", f'multipart/alternative; boundary="{boundary}"')]


def body_pieces(text: str, html: str, boundary: str) -> list[bytes | str]:
    pieces: list[bytes | str] = [part_head(boundary, "text/plain"), *encoded_pieces(text)]
    in_html = (piece if isinstance(piece, bytes) else IN_HTML + piece for piece in encoded_pieces(html))
    pieces += [b"\r\n", part_head(boundary, "text/html"), *in_html]
    return [*pieces, f"\r\n--{boundary}--\r\n".encode()]


def part_head(boundary: str, kind: str) -> bytes:
    head = f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode()


def encoded_pieces(content: str) -> list[bytes | str]:
    """Quoted-printable, cut at the sentinels (RFC 2045 §6.7)."""
    pieces = SENTINELS.split(content)
    last = len(pieces) - 1
    return [
        piece if SENTINELS.fullmatch(piece) else quoted(piece) if index == last else quoted_open(piece)
        for index, piece in enumerate(pieces)
        if piece
    ]


def quoted_open(text: str) -> bytes:
    """With room left on its last line for the sign that the line goes on."""
    return quoted(text + "=")[: -len(b"=3D")]


def quoted(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    encoded = binascii.b2a_qp(lines, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return OVERLONG.sub(rb"\1=\r\n\2", encoded)


def soft(value: str) -> bytes:
    """A reader's value between soft line breaks, so that no line grows over 76 bytes."""
    return b"=\r\n" + quoted_open(value) + b"=\r\n"


def stuff_dots(content: bytes) -> bytes:
    """RFC 5321 §4.5.2; `content` has CRLF line ends only."""
    return content.replace(b"\r\n.", b"\r\n..")


def header_lines(headers: list[tuple[str, str]], *, folded: bool = False) -> bytes:
    """Refuses anything that would make a second header out of a value."""
    lines = []
    for name, value in headers:
        checked = value.replace(",\r\n <", ", <") if folded else value.replace("\r\n ", " ")
        if not PRINTABLE.fullmatch(checked):
            raise RenderError(f"The header {name}", "its value holds a line break or a character outside ASCII")
        lines.append(f"{name}: {value}\r\n".encode("ascii"))
    return b"".join(lines)


def encoded_text(text: str) -> str:
    """RFC 2047. Text that already looks encoded is encoded again, so that it can never be decoded into
    a header of its own (cpython#121650)."""
    clean = CONTROL.sub(" ", text).strip()
    if clean.isascii() and "=?" not in clean:
        return clean
    encoded = Header(clean, "utf-8", maxlinelen=60).encode(linesep="\r\n", splitchars="")
    return encoded.replace("\r\n\t", "\r\n ")


def encoded_mailbox(name: str, address: str) -> str:
    name = CONTROL.sub(" ", name).strip()
    is_plain = name.isascii() and "=?" not in name and address.isascii()
    return formataddr((name, address)) if is_plain else f"{encoded_text(name)} <{address}>"
