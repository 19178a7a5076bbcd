"""Hacker News through Algolia's search: Show HN and Launch HN posts of a window of time."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.identity import repository_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.context import CrawlContext
from crawler.relevance import Judgement, is_article, judge
from crawler.spiders.reading import build_item, load_listing, note_failure, read_payload
from crawler.titles import name_from_url, split_title
from db.words import LaunchKind

SOURCE = "hackernews"
TAGS = ("show_hn", "launch_hn")
PER_PAGE = 100
MOST_HITS = 1000  # a query returns no more, whatever its window holds
REREAD = timedelta(days=2)  # young posts are read again for their points
LINK = re.compile(r"https?://[^\s\"'<>]+")


class HackerNewsSpider(Spider):
    name = SOURCE

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context

    async def start(self) -> AsyncIterator[Request]:
        now = self.context.clock()
        for tag in TAGS:
            yield self.window(tag, self.context.window_start(), now)

    def window(self, tag: str, after: datetime, until: datetime, page: int = 0) -> Request:
        a, b = int(after.timestamp()), int(until.timestamp())
        query = {
            "tags": tag,
            "numericFilters": f"created_at_i>{a},created_at_i<={b}",
            "hitsPerPage": PER_PAGE,
            "page": page,
        }
        return Request(
            f"{self.context.sources[SOURCE]}/api/v1/search_by_date?{urlencode(query)}",
            callback=self.read,
            errback=self.failed,
            cb_kwargs={"tag": tag, "after": after, "until": until, "page": page},
            meta={"source": SOURCE, "is_api": True},
            dont_filter=True,
        )

    def read(self, response: Response, tag: str, after: datetime, until: datetime, page: int) -> Iterator[Any]:
        payload = read_payload(self.context, SOURCE, response)
        if payload is None:
            return
        document = load_listing(SOURCE, payload, "hits")
        middle = after + (until - after) / 2
        if page == 0 and document.get("nbHits", 0) > MOST_HITS and until - after > timedelta(minutes=10):
            yield self.window(tag, after, middle)
            yield self.window(tag, middle, until)
            return
        items, problems = read_hits(document)
        self.context.tally(SOURCE).counts["parsed"] += len(items) + len(problems)
        for why in problems:
            self.context.tally(SOURCE).problem(why)
        yield from items
        if page + 1 < min(document.get("nbPages", 0), MOST_HITS // PER_PAGE):
            yield self.window(tag, after, until, page + 1)

    def failed(self, failure: Failure) -> None:
        note_failure(self.context, failure)


def parse(payload: bytes, url: str, now: datetime) -> list[LaunchItem]:
    """The launches of one recorded answer. Raises ParseError when it is no search result."""
    return read_hits(load_listing(SOURCE, payload, "hits"))[0]


def read_hits(document: dict[str, Any]) -> tuple[list[LaunchItem], list[str]]:
    items, problems = [], []
    for hit in document["hits"]:
        try:
            item = read_hit(hit)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
            problems.append(f"a post could not be read: {type(exc).__name__} {str(exc)[:120]}")
            continue
        if item:
            items.append(item)
    return items, problems


def read_hit(hit: dict[str, Any]) -> LaunchItem | None:
    """None for a post without any address: there is nothing to look at."""
    title = one_line(html.unescape(hit["title"]))
    story = html.unescape(hit.get("story_text") or "")
    url = hit.get("url") or first_link(story)
    if not url:
        return None
    name, tagline = split_title(title)
    judged = judge(title, f"{tagline or title} {re.sub('<[^>]+>', ' ', story)[:400]}")
    if not tagline:
        name, tagline = name_from_url(url), title.partition(":")[2].strip() or title
        if judged.kind is LaunchKind.LAUNCH and is_article(url) and not repository_of(url):
            judged = Judgement(LaunchKind.NOISE, "not a launch: it names no tool and links to an article")
    return build_item(
        source=SOURCE,
        external_id=str(hit["objectID"]),
        url=url,
        seen_on=f"https://news.ycombinator.com/item?id={hit['objectID']}",
        title=title,
        name=name,
        tagline=tagline,
        launched_at=datetime.fromtimestamp(int(hit["created_at_i"]), UTC),
        date_from="created_at_i",
        traction={"points": int(hit.get("points") or 0), "comments": int(hit.get("num_comments") or 0)},
        judged=judged,
    )


def first_link(story: str) -> str | None:
    match = LINK.search(story)
    return match[0].rstrip(".,;)") if match else None
