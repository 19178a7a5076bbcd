"""A mail that came in, as parts, texts, fields and addresses. Any bytes give a mail; nothing here raises.

What a returned or forwarded message holds is not looked into, and everything is read up to a limit only.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

TEXT_READ = 60_000
PARTS_READ = 200
NESTED_PARTS_READ = 60
SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
MAIL_ERRORS = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)

Fields = dict[str, str]

_NESTING = re.compile(rb"^content-type:[ \t\r\n]{0,20}(?:multipart|message)/", re.I | re.M)
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"'|\\]{1,128}@[a-z0-9](?:[a-z0-9.\-]{0,250}[a-z0-9])?", re.I)
_FIELD = re.compile(r"^([a-z][a-z\-]{2,40})[ \t]?:[ \t]?(.{0,4000})$", re.I)
_TAG = re.compile(r"<(?:style|script)\b[^<]{0,20000}</(?:style|script)>|<[^<>]{0,2000}>", re.I)
COPY_BEGINS = re.compile(
    r"^(?:[-=|* ]{2,60}.{0,60}(?:below this line|copy of (?:the|your) (?:message|mail)|original (?:message"
    r"|mail)|returned message|message (?:header|text|body)"
    r"|enclosed is a copy|forwarded message|元のメッセージ|原邮件|原始).{0,60}|(?:below is a copy"
    r"|(?:the )?original message (?:follows|headers)|message headers? follow"
    r"|included is a copy|message text follows|original message headers).{0,60}|(?:received|return-path"
    r"|dkim-signature): ?\S.{0,200})$",
    re.I | re.M,
)
_QUOTED = re.compile(r"^(?:> ?(?!>>)|\| ).{0,2000}$", re.M)


def parse_mail(raw: bytes) -> Message:
    """Mail nested deeper than any mail server writes is read by its headers and its flat text."""
    if len(_NESTING.findall(raw)) > NESTED_PARTS_READ:
        return BytesHeaderParser().parsebytes(raw)
    try:
        return message_from_bytes(raw)
    except MAIL_ERRORS:
        return Message()


def parts_of(mail: Message) -> Iterator[Message]:
    """The parts of this mail itself, in order; what a returned or forwarded message holds is not looked into."""
    waiting, seen = [mail], 0
    while waiting and seen < PARTS_READ:
        part, seen = waiting.pop(), seen + 1
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(children_of(part)))


def children_of(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def report_type(mail: Message) -> str:
    found = re.search(r"report-type=\"?([\w\-]{1,40})", header(mail, "Content-Type"), re.I)
    return found[1].lower() if found else ""


def header(mail: Message, name: str) -> str:
    try:
        return "".join(
            _as_text(chunk, charset) for chunk, charset in decode_header(str(mail.get(name, ""))[:4000])
        ).strip()
    except MAIL_ERRORS:
        return ""


def _as_text(chunk: bytes | str, charset: str | None) -> str:
    if isinstance(chunk, str):
        return chunk
    for candidate in (charset or "utf-8", "utf-8"):
        try:
            return chunk.decode(candidate)
        except (LookupError, ValueError):
            continue
    return chunk.decode("latin-1")


def _text_of(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except MAIL_ERRORS:
        return ""
    return _as_text(payload[:TEXT_READ], charset).replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def whole_text(mail: Message) -> str:
    """What the reporting machine says: the texts ahead of the returned message, or its page without the tags."""
    texts = {"text/plain": "", "text/html": ""}
    for part in parts_of(mail):
        if part.get_content_maintype() == "message":
            break
        unparsed = part.get_content_maintype() == "multipart" and not part.is_multipart()
        kind = "text/plain" if unparsed else part.get_content_type()
        if kind in texts and len(texts[kind]) < TEXT_READ:
            texts[kind] += _text_of(part) + "\n\n"
    return texts["text/plain"] if texts["text/plain"].strip() else html.unescape(_TAG.sub(" ", texts["text/html"]))


def spoken_text(mail: Message) -> str:
    """The same without quotations and without the copy of our own mail."""
    text = _QUOTED.sub("", whole_text(mail))
    copy = COPY_BEGINS.search(text, 1) if text.strip() else None
    return text[: copy.start()] if copy and text[: copy.start()].strip() else text


def paragraphs_of(text: str) -> list[str]:
    return re.split(r"\n\s{0,200}\n", text)[:PARTS_READ]


def blocks_of(part: Message) -> list[Fields]:
    return list(field_blocks(_raw_text(part)))


def _raw_text(part: Message) -> str:
    """A report part as written: the parser takes it for messages, and some servers encode it."""
    payload = part.get_payload()
    inner = payload if isinstance(payload, list) else [payload]
    text = "\n\n".join(_written(block) for block in inner[:PARTS_READ])
    return _decoded(text, header(part, "Content-Transfer-Encoding").lower())


def _written(block: object) -> str:
    if not isinstance(block, Message):
        return str(block)
    fields = "\n".join(f"{name}: {value}" for name, value in block.items())
    return f"{fields}\n\n{''.join(_written(inner) for inner in children_of(block)[:1]) or block.get_payload()}"


def _decoded(text: str, encoding: str) -> str:
    try:
        if encoding == "base64":
            return base64.b64decode("".join(text.split())).decode("utf-8", "replace")
        if encoding == "quoted-printable":
            return quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
    return text


def field_blocks(text: str) -> Iterator[Fields]:
    for paragraph in paragraphs_of(text[:TEXT_READ].replace("\r\n", "\n")):
        unfolded = re.sub(r"\n[ \t]{1,200}(?=\S)", " ", paragraph)
        fields: Fields = {}
        for line in unfolded.split("\n"):
            if found := _FIELD.match(line.strip()):
                fields.setdefault(found[1].lower(), found[2].strip())
        if fields:
            yield fields


def address_in(text: str) -> str | None:
    return next(addresses_in(text), None)


def addresses_in(text: str) -> Iterator[str]:
    return (found[0] for found in _ADDRESS.finditer(text[:TEXT_READ]))


def addresses_sent_to(mail: Message) -> tuple[str, ...]:
    try:
        values = [str(value) for name in SENT_TO for value in mail.get_all(name, [])]
    except MAIL_ERRORS:
        return ()
    return tuple(dict.fromkeys(address for value in values for address in addresses_in(value)))[:50]
