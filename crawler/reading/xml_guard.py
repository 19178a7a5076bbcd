"""Which feeds are read at all: refuses those made to cost time or memory, before the feed parser sees them.

What passes takes that parser a few seconds at most; nothing here opens a file or an address.
"""

import codecs
import re
from typing import Any
from xml.parsers import expat

from feedparser.encodings import convert_to_utf8
from feedparser.sanitizer import replace_doctype

MOST_TAGS = 100_000
MOST_REFERENCES = 300_000  # "&": twice escaped HTML has many
MOST_ATTRIBUTES = 250  # of one tag; the parser's time grows with their square
DEEPEST = 500
LONGEST_DECLARATION = 1000  # the parser looks for its end in steps that grow with the cube of the line
# The parser takes any codec of Python's by its name: some are quadratic, some hide the markup from a check.
CHARSETS = re.compile(
    r"(ascii|utf-8(-sig)?|iso8859-\d+|cp(125\d|437|85\d|866|874|932|949|950)|koi8-\w"
    r"|gb2312|gbk|gb18030|big5|euc_\w+|shift_jis|johab|tis-620|mac-\w+)"
)
DECLARED = re.compile(rb"""encoding\s*=\s*['"]([^'"]*)""")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
WIDE = (  # how a document in UTF-16 or UTF-32 begins; the longer first
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF32_LE, "utf-32-le"), (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (b"\0<", "utf-16-be"), (b"<\0", "utf-16-le"),
)  # fmt: skip


class Unsafe(ValueError):
    """What the document does that we do not follow, as the end of a sentence: "declares entities of its own"."""


def safe_feed(payload: bytes) -> bytes:
    """The document as the feed parser may have it: in UTF-8 and saying so, which is what was checked. Raises Unsafe."""
    try:
        text: bytes = convert_to_utf8({}, closed_declaration(narrow(payload)), {})
    except (UnicodeError, LookupError) as exc:
        raise Unsafe(f"is in no readable character encoding ({type(exc).__name__})") from exc
    check_size(text)
    check_tags(replace_doctype(text)[1])
    return text


def narrow(payload: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8, so that every check sees the markup."""
    codec = next((codec for start, codec in WIDE if payload.startswith(start)), None)
    if codec is None:
        return payload.removeprefix(codecs.BOM_UTF8)
    text = payload.decode(codec, "replace").removeprefix("\ufeff")
    return DECLARATION.sub("<?xml version='1.0' encoding='utf-8'?>", text).encode("utf-8", "replace")


def closed_declaration(payload: bytes) -> bytes:
    """With the XML declaration on a line of its own, and in an encoding feeds are written in."""
    if payload.startswith(b"\x4c\x6f\xa7\x94"):
        raise Unsafe("is written in EBCDIC")
    if not payload.startswith(b"<?"):
        return payload
    end = payload.find(b"?>", 0, LONGEST_DECLARATION)
    if end < 0:
        raise Unsafe("begins with a declaration that does not end")
    for name in DECLARED.findall(payload[:end]):
        check_charset(name.decode("latin-1").strip())
    return payload[: end + 2] + b"\n" + payload[end + 2 :]


def check_charset(name: str) -> None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError) as exc:
        if not name.isascii():
            raise Unsafe("declares a character encoding that cannot be read") from exc
        return  # an honest mistake: the parser goes on to guess
    if not CHARSETS.fullmatch(known) and not known.startswith(("utf-16", "utf-32")):
        raise Unsafe(f"declares the character encoding {name[:40]}, which no feed needs")


def check_size(text: bytes) -> None:
    start = re.search(rb"<\w", text)
    if b"<!ENTITY" in text[: start.start() if start else len(text)]:
        raise Unsafe("declares entities of its own")
    for mark, most, noun in ((b"<", MOST_TAGS, "tags"), (b"&", MOST_REFERENCES, "references")):
        if text.count(mark) > most:
            raise Unsafe(f"holds more than {most:,} {noun}")


def check_tags(text: bytes) -> None:
    """Up to the first error of form: from there on the parser reads leniently, and in linear time."""
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unsafe(f"nests tags more than {DEEPEST} deep")
        if len(attributes) > MOST_ATTRIBUTES:
            raise Unsafe(f"has a tag with more than {MOST_ATTRIBUTES} attributes")

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser: Any = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return
