"""Vendors' and launch lists' feeds: RSS, Atom and RDF, each a source of its own."""

import calendar
import html
import io
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.context import CrawlContext
from crawler.relevance import judge
from crawler.spiders.reading import build_item, note_failure, read_payload
from crawler.titles import name_from_url, split_title
from db.words import LaunchKind
from errors import ParseError

DATES = (("published_parsed", "published"), ("updated_parsed", "updated"), ("created_parsed", "created"))
# A feed of launches says so; in any other an entry must announce something itself.
LISTS = re.compile(r"\b(launch(es|wire)?|new tools|product hunt|directory|show hn)\b", re.IGNORECASE)
TAGS = re.compile(r"<[^>]{0,2000}>")


class FeedSpider(Spider):
    name = "feed"

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context

    async def start(self) -> AsyncIterator[Request]:
        for source, url in self.context.sources.items():
            yield Request(
                url,
                callback=self.read,
                errback=self.failed,
                cb_kwargs={"source": source},
                meta={"source": source, "is_api": True, "conditional": True},
                dont_filter=True,
            )

    def read(self, response: Response, source: str) -> Iterator[Any]:
        payload = read_payload(self.context, source, response)
        if payload is None:
            return
        tally = self.context.tally(source)
        try:
            items, problems = read_feed(payload, response.url, source)
        except ParseError as exc:
            tally.problem(str(exc))
            return
        tally.counts["parsed"] += len(items) + len(problems)
        for why in problems:
            tally.problem(why)
        start = self.context.window_start()
        # Oldest first: a tool is announced before its next version is.
        items.sort(key=lambda item: item.launched_at or start)
        yield from (item for item in items if item.launched_at is None or item.launched_at >= start)

    def failed(self, failure: Failure) -> None:
        note_failure(self.context, failure)


def parse(payload: bytes, url: str, now: datetime, source: str = "feed") -> list[LaunchItem]:
    """The entries of one recorded feed. Raises ParseError when nothing of it can be read."""
    return read_feed(payload, url, source)[0]


def read_feed(payload: bytes, url: str, source: str) -> tuple[list[LaunchItem], list[str]]:
    """(launches, sentences about what could not be read). Raises ParseError when there is no feed at all."""
    feed = feedparser.parse(
        io.BytesIO(payload),  # bare bytes it would take for the name of a file here, and open it
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-location": url},
    )
    broken = bool(feed.bozo) and is_broken(feed.bozo_exception)
    if not feed.entries and (broken or not feed.version):
        reason = str(feed.get("bozo_exception", "no feed in it"))
        raise ParseError(source, f"{url[:300]} is not a readable feed ({one_line(reason)[:200]})")
    items, problems = [], []
    if broken:
        problems.append(
            f"{url[:300]} is malformed, entries may be missing ({one_line(str(feed.bozo_exception))[:200]})"
        )
    announces = bool(LISTS.search(f"{feed.feed.get('title', '')} {url}"))
    for entry in feed.entries:
        try:
            item = read_entry(entry, url, source, announces)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
            problems.append(f"an entry could not be read: {str(exc)[:120]}")
            continue
        if item:
            items.append(item)
    return items, problems


def is_broken(exc: Exception) -> bool:
    """Whether entries may be lost; a wrong charset or media type loses none."""
    return not isinstance(exc, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def read_entry(entry: Any, feed_url: str, source: str, announces: bool) -> LaunchItem | None:
    """None for an entry that points nowhere."""
    link = entry.get("link") or ""
    if not link.startswith(("http://", "https://")):
        return None
    title = plain(entry.get("title")) or link
    summary = plain(entry.get("summary"))[:500]
    name, tagline = split_title(title)
    judged = judge(
        title, summary, tuple(tag.term for tag in entry.get("tags", []) if tag.get("term")), announces=announces
    )
    launched_at, date_from = date_of(entry)
    return build_item(
        source=source,
        external_id=entry.get("id") or link,
        url=link,
        seen_on=link if link.startswith("http") else feed_url,
        title=title,
        name=name or name_from_url(link),
        tagline=tagline or (summary if judged.kind is LaunchKind.LAUNCH else ""),
        launched_at=launched_at,
        date_from=date_from,
        judged=judged,
    )


def plain(markup: str | None) -> str:
    """What a reader sees: many feeds escape their HTML twice."""
    return one_line(html.unescape(TAGS.sub(" ", markup or "")))


def date_of(entry: Any) -> tuple[datetime | None, str | None]:
    """The first date the entry states, in UTC; feedparser has already applied its offset."""
    for parsed, name in DATES:
        value = entry.get(parsed)
        if value:
            return datetime.fromtimestamp(calendar.timegm(value), UTC), name
    return None, None
