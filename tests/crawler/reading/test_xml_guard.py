"""Feeds made to cost time, memory or a secret: what is refused, and what an honest feed may still do."""

import io
from pathlib import Path

import feedparser
import pytest

from crawler.reading.xml_guard import MOST_ATTRIBUTES, Unsafe, safe_feed
from crawler.spiders.feed import parse
from errors import ParseError
from tests.crawler.crawling import feed
from tests.factories import MONDAY

XML = b'<?xml version="1.0"?>'
HONEST = feed("Show HN: Kettle – an AI agent")


def rss(title: bytes, doctype: bytes = b"", encoding: bytes = b"utf-8") -> bytes:
    start = b'<?xml version="1.0" encoding="' + encoding + b'"?>' + doctype
    return start + b'<rss version="2.0"><channel><item><title>' + title + b"</title></item></channel></rss>"


def attributes(count: int) -> bytes:
    return b" ".join(b'a%d=""' % n for n in range(count))


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
CROWDED = b"<rss " + attributes(MOST_ATTRIBUTES + 1) + b"/>"
HOSTILE = {
    "laughs": (rss(b"&l9;", b'<!DOCTYPE r [<!ENTITY l0 "ha">' + LAUGHS + b"]>"), "declares entities of its own"),
    "quadratic": (rss(b"&a;" * 9, b'<!DOCTYPE r [<!ENTITY a "' + b"a" * 9999 + b'">]>'), "entities"),
    "external": (rss(b"&x;", b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
    "parameter": (rss(b"a", b'<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'), "entities"),
    "wide": (rss(b"&x;", b'<!DOCTYPE r [<!ENTITY x "y">]>').decode().encode("utf-16"), "entities"),
    "wide-unmarked": (rss(b"&x;", b'<!DOCTYPE r [<!ENTITY x "y">]>').decode().encode("utf-16-le"), "entities"),
    "wider": (rss(b"&x;", b'<!DOCTYPE r [<!ENTITY x "y">]>').decode().encode("utf-32"), "entities"),
    "attributes": (CROWDED, "a tag with more than 250 attributes"),
    "attributes-wide": (CROWDED.decode().encode("utf-16-be"), "a tag with more than 250 attributes"),
    "attributes-accented": ("<é ".encode() + attributes(MOST_ATTRIBUTES + 1) + b"/>", "more than 250 attributes"),
    "attributes-doctypes": (b"<!DOCTYPE a><!DOCTYPE b>" + CROWDED, "a tag with more than 250 attributes"),
    "tags": (b"<rss>" + b"<a/>" * 100_000, "more than 100,000 tags"),
    "references": (rss(b"&amp;" * 300_001), "more than 300,000 references"),
    "depth": (b"<a>" * 501, "nests tags more than 500 deep"),
    "punycode": (rss(b"a-b9", encoding=b"punycode"), "declares the character encoding punycode, which no feed needs"),
    "idna": (rss(b"a", encoding=b"idna"), "declares the character encoding idna"),
    "escapes": (rss(b"a", encoding=b"unicode_escape"), "declares the character encoding unicode_escape"),
    "utf-7": (rss(b"a", encoding=b"UTF-7"), "declares the character encoding UTF-7"),
    "second": (b'<?x encoding="utf-8" encoding="punycode"?><rss/>', "declares the character encoding punycode"),
    "unreadable": (rss(b"a", encoding=b"\xff\xfe"), "a character encoding that cannot be read"),
    "ebcdic": (rss(b"a", encoding=b"cp037").decode().encode("cp037"), "is written in EBCDIC"),
    "declaration": (b"<?" + b'encoding="' * 20_000, "a declaration that does not end"),
}


@pytest.mark.parametrize("key", HOSTILE)
def test_costly_document_is_refused(key: str) -> None:
    payload, why = HOSTILE[key]

    with pytest.raises(Unsafe, match=why):
        safe_feed(payload)


@pytest.mark.parametrize("key", ["laughs", "external", "attributes", "punycode"])
def test_feed_reader_asks_the_guard_first(key: str) -> None:
    payload, why = HOSTILE[key]

    with pytest.raises(ParseError, match=rf"kettle: https://kettle\.example/feed\.xml .*{why}"):
        parse(payload, "https://kettle.example/feed.xml", MONDAY, "kettle")


def titles(payload: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(io.BytesIO(safe_feed(payload))).entries]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "iso-8859-15", "cp1252"])
def test_honest_feed_is_read_in_any_usual_encoding(codec: str) -> None:
    declared = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig")}"?>{HONEST}'.replace("–", "-")

    assert titles(declared.encode(codec)) == ["Show HN: Kettle - an AI agent"]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b"<?>",
        b"\xef\xbb\xbf",
        b"<rss><channel>&nbsp;",
        rss(b"<![CDATA[ <!ENTITY x 'y'> ]]>"),
        rss(b"a", encoding=b"no-such-thing"),
    ],
)
def test_rubbish_is_left_to_the_parser(payload: bytes) -> None:
    feedparser.parse(io.BytesIO(safe_feed(payload)))


@pytest.mark.parametrize("payload", [HONEST.encode(), b"<rss>\xe9</rss>", XML + b"<rss/>", b"<?a?><rss/>"])
def test_parser_gets_what_was_checked(payload: bytes) -> None:
    """Whatever the parser would have guessed: the document says UTF-8, and is."""
    safe = safe_feed(payload)

    assert safe.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
    assert safe_feed(safe) == safe.replace(b"?>\n", b"?>\n\n", 1)
    safe.decode("utf-8")


def test_declaration_gets_a_line_of_its_own() -> None:
    """The parser's search for the encoding ends at a line's end; without one its time grows with the cube."""
    assert safe_feed(XML + b'<rss encoding="' * 3).partition(b"\n")[2] == b'<rss encoding="' * 3


def test_external_subset_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "outside.dtd").write_text('<!ENTITY secret "read from disk">')
    doctype = f'<!DOCTYPE rss SYSTEM "{(tmp_path / "outside.dtd").as_uri()}">'.encode()

    assert titles(rss(b"[&secret;]", doctype)) in ([], ["[&secret;]"])


def test_recorded_feeds_are_all_read(corpus: Path) -> None:
    feeds = [path for path in sorted((corpus / "feeds_edge").iterdir()) if path.suffix in (".xml", ".rss", ".atom")]

    assert len(feeds) > 10
    for path in feeds:
        safe_feed(path.read_bytes())
