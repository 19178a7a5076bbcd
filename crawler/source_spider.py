"""The way every source is visited: ask, read, follow. A source's own file says where to ask and how an answer reads."""

import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.context import CrawlContext
from crawler.guest.manners import AskedToWait, hold_source, host_of
from crawler.guest.waits import LONGEST_FRESH
from crawler.reading.listing import Launches
from errors import ParseError

TURNED_AWAY = (401, 403, 407, 429, 451)


class SourceSpider(Spider):
    """What a source fills in: `first`, and where an answer has a next page, `more`. Its module's `parse` reads."""

    may_be_empty = False  # whether a visit may rightly hold no entry at all
    places: ClassVar[Mapping[str, str]] = {}  # field → where its parser looks for it, for those who must mend it

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context

    def first(self, source: str, base_url: str) -> Iterable[Request]:
        """The first requests of a visit."""
        raise NotImplementedError

    def more(self, launches: Launches, response: Response) -> Iterable[Request]:
        """What to ask next, given what was read."""
        return ()

    def read(self, payload: bytes, url: str, source: str) -> Launches:
        """Raises ParseError when nothing of it can be read."""
        parse: Callable[..., Launches] = sys.modules[type(self).__module__].parse
        return parse(payload, url, self.context.clock())

    def ask(self, source: str, url: str, **options: Any) -> Request:
        """A polite request of this source: conditional unless told otherwise."""
        meta = {"source": source, "is_api": True, "conditional": True, **options.pop("meta", {})}
        return Request(
            url,
            callback=options.pop("callback", self.answered),
            errback=self.failed,
            meta=meta,
            dont_filter=True,
            **options,
        )

    async def start(self) -> AsyncIterator[Request]:
        for source, base_url in self.context.sources.items():
            for request in self.first(source, base_url):
                yield request

    def answered(self, response: Response, **_known: Any) -> Iterator[Any]:
        source = response.meta["source"]
        payload = read_payload(self.context, source, response)
        if payload is None:
            return
        tally = self.context.tally(source)
        try:
            launches = self.read(payload, response.url, source)
        except ParseError as exc:
            tally.counts["unreadable"] += 1
            tally.problem(str(exc))
            tally.blocked = tally.blocked or (str(exc) if "bot wall" in str(exc) else None)
            return
        tally.take(launches, response.url, payload)
        if launches.fresh_seconds:
            asked = self.context.clock() + min(timedelta(seconds=launches.fresh_seconds), LONGEST_FRESH)
            tally.fresh_until = max(filter(None, (asked, tally.fresh_until)))
        yield from self.in_window(launches)
        yield from self.more(launches, response)

    def in_window(self, launches: Launches) -> Launches:
        """Never a whole archive; oldest first, for a tool is announced before its next version is."""
        start = self.context.window_start()
        recent = [item for item in launches if item.launched_at is None or item.launched_at >= start]
        return Launches(sorted(recent, key=lambda item: item.launched_at or start))

    def failed(self, failure: Failure) -> None:
        """A request that got no answer: its source says so."""
        request = failure.request  # type: ignore[attr-defined]
        why = failure.getErrorMessage() or failure.type.__name__  # type: ignore[union-attr]
        tally = self.context.tally(request.meta["source"])
        if isinstance(failure.value, AskedToWait):
            tally.blocked = tally.blocked or why
        if isinstance(failure.value, IgnoreRequest) and "robots.txt" in why:
            no_robots = self.context.hosts_without_robots.get(urlsplit(request.url).netloc)
            if no_robots:
                why = f"its robots.txt cannot be had, which is no permission ({no_robots})"
                if until := self.context.pauses.get(host_of(request)):
                    hold_source(self.context, request, until)
            else:
                tally.blocked = tally.blocked or f"{request.url[:300]}: {why[:300]}"
        tally.problem(f"{request.url[:300]} could not be read: {why[:300]}")


def read_payload(context: CrawlContext, source: str, response: Response) -> bytes | None:
    """The body of a 200. Anything else is noted on the source (a 304 we asked for is no problem) and None."""
    if response.status == 304 and not response.meta.get("unasked"):
        return None
    if response.status == 200:
        return response.body
    tally = context.tally(source)
    said = f"{response.url[:300]} answered {response.status}"
    if response.status in TURNED_AWAY:
        tally.blocked = tally.blocked or said
    tally.problem(said)
    return None
