"""A feed of any form becomes plain entries: RSS, Atom and RDF through feedparser, JSON Feed by hand. Pure.

What an entry means for us (name, kind, date) is the feed spider's business.
"""

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

import feedparser

from catalog.text import one_line
from crawler.reading.plain_text import is_web_page, plain, what_it_is
from crawler.reading.xml_guard import Unsafe, safe_feed
from errors import ParseError

WHOLE = re.compile(rb"</(?:rss|feed|rdf:rdf|channel)\s*>\s*(?:<!--[^>]{0,1000}-->\s*)?\Z", re.IGNORECASE)
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
LONGEST_FRESH = 86_400  # seconds; a feed that asks for a year's silence is mistaken
# feedparser has many ways to fall over a document that is none.
FALLS = (ValueError, TypeError, KeyError, IndexError, AttributeError, LookupError, AssertionError, RecursionError)


@dataclass(frozen=True)
class Entry:
    """One entry as the feed states it; `dates` are (field, text) pairs, the best first."""

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """
    Attributes:
        found: entries the feed holds, readable or not.
        fresh_seconds: how long it says that asking again is no use.
    """

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    found: int = 0
    problems: list[str] = field(default_factory=list)
    fresh_seconds: int | None = None
    document: Any = None


def read_feed(payload: bytes, url: str, source: str) -> Feed:
    """Raises ParseError with what stands there instead of a feed."""
    if not payload.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise ParseError(source, f"{url[:300]} is empty")
    is_json = payload[:200].lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n")[:1] in (b"{", b"[")
    feed = read_json(payload, url, source) if is_json else read_xml(payload, url, source)
    return replace(feed, entries=list(with_own_ids(feed.entries)))


def with_own_ids(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries that point nowhere leave; an id that stands for several addresses is none."""
    addresses = defaultdict(set)
    for entry in entries:
        addresses[entry.id].add(entry.link)
    for entry in entries:
        if entry.link:
            yield entry if entry.id and len(addresses[entry.id]) == 1 else replace(entry, id=entry.link)


# ── RSS, Atom, RDF ───────────────────────────────────────────────────────────────────────────────


def read_xml(payload: bytes, url: str, source: str) -> Feed:
    if is_web_page(payload):
        raise ParseError(source, f"{url[:300]} {what_it_is(payload, 'a feed')}")
    try:
        document = parse_xml(safe_feed(payload))
    except Unsafe as exc:
        raise ParseError(source, f"{url[:300]} {exc}") from exc
    except FALLS as exc:
        raise ParseError(source, f"{url[:300]} is not a readable feed ({type(exc).__name__})") from exc
    broken = bool(document.bozo) and not is_harmless(document.bozo_exception, payload)
    reason = one_line(str(document.get("bozo_exception", "no feed in it")))[:200]
    if not document.entries and (broken or not document.version):
        raise ParseError(source, f"{url[:300]} is not a readable feed ({reason})")
    base = resolve(url, text(document.feed.get("link"))) or url
    return Feed(
        title=plain(text(document.feed.get("title"))),
        entries=[entry_of(entry, base) for entry in document.entries],
        found=len(document.entries),
        problems=[f"{url[:300]} is malformed, entries may be missing ({reason})"] if broken else [],
        fresh_seconds=fresh_seconds(document.feed),
        document=document.feed,
    )


def parse_xml(payload: bytes) -> Any:
    # Bare bytes it would take for the name of a file here, and open it.
    return feedparser.parse(io.BytesIO(payload), sanitize_html=False, resolve_relative_uris=False)


def is_harmless(exc: Exception, payload: bytes) -> bool:
    """A wrong charset or media type loses no entry, nor does a slip in a document that came to its end."""
    if isinstance(exc, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType):
        return True
    return bool(WHOLE.search(payload[-2000:]))


def entry_of(entry: Any, base: str) -> Entry:
    links = [link for link in entry.get("links", []) if isinstance(link, dict)]
    enclosed = next((link.get("href") for link in links if link.get("rel") == "enclosure"), "")
    link = entry.get("feedburner_origlink") or entry.get("link") or enclosed or web_id(entry)
    content = [text(part.get("value")) for part in entry.get("content", [])]
    summary = text(entry.get("summary")) or next(filter(None, content), "")
    # Not entry.get("updated"): it answers with the date of publication when there is none.
    dates = [(name, text(dict.get(entry, name))) for name in ("published", "updated", "created")]
    return Entry(
        id=one_line(text(entry.get("id"))),
        link=resolve(base, text(link)),
        title=text(entry.get("title")),
        summary=summary,
        dates=tuple((name, date) for name, date in dates if date),
        topics=tuple(text(tag.get("term")) for tag in entry.get("tags", []) if text(tag.get("term"))),
    )


def web_id(entry: Any) -> str:
    """An id that is an address serves as the link of an entry without one."""
    own = text(entry.get("id"))
    return own if own.startswith(("https://", "http://")) else ""


def fresh_seconds(channel: Any) -> int | None:
    """What RSS says by <ttl> minutes, or the syndication module by updatePeriod and updateFrequency."""
    ttl = text(channel.get("ttl")).strip()
    if ttl.isascii() and ttl.isdecimal() and len(ttl) < 9:
        return min(int(ttl) * 60, LONGEST_FRESH) or None
    period = PERIODS.get(text(channel.get("sy_updateperiod")).strip().lower())
    if period is None:
        return None
    often = text(channel.get("sy_updatefrequency")).strip()
    times = int(often) if often.isascii() and often.isdecimal() and len(often) < 9 else 1
    return min(period // max(times, 1), LONGEST_FRESH) or None


# ── JSON Feed ────────────────────────────────────────────────────────────────────────────────────


def read_json(payload: bytes, url: str, source: str) -> Feed:
    """JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as exc:
        raise ParseError(source, f"{url[:300]} is not readable JSON ({one_line(str(exc))[:200]})") from exc
    version = text(document.get("version")) if isinstance(document, dict) else ""
    if "jsonfeed" not in version or not isinstance(document.get("items"), list):
        raise ParseError(source, f"{url[:300]} is JSON, but no JSON Feed")
    items = document["items"]
    base = resolve(url, text(document.get("home_page_url"))) or url
    entries = [entry_of_json(item, base) for item in items if isinstance(item, dict)]
    lost = len(items) - len(entries)
    problems = [f"{lost} of {len(items)} entries could not be read: they are no objects"] if lost else []
    return Feed(plain(text(document.get("title"))), entries, len(items), problems, None, document)


def entry_of_json(item: dict[str, Any], base: str) -> Entry:
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    own = text(item.get("id"))
    link = text(item.get("url")) or text(item.get("external_url")) or own
    body = next(filter(None, (text(item.get(name)) for name in ("summary", "content_text", "content_html"))), "")
    dates = [(name, text(item.get(name))) for name in ("date_published", "date_modified")]
    return Entry(
        id=one_line(own),
        link=resolve(base, link) if link != own or own.startswith("http") else "",
        title=text(item.get("title")),
        summary=body,
        dates=tuple((name, date) for name, date in dates if date),
        topics=tuple(filter(None, map(text, tags or []))),
    )


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def text(value: Any) -> str:
    """A text, or a number where one should stand (JSON Feed allows it of ids); anything else is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def resolve(base: str, link: str) -> str:
    """The absolute web address a link means, or ''."""
    if not link.strip():
        return ""
    try:
        joined = urljoin(base, link.strip())
    except ValueError:  # brackets that hold no address
        return ""
    return joined if joined.startswith(("https://", "http://")) else ""
