"""What a visit to a tool's own pages is made of: asking "changed since?", and the record of its repository."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urldefrag

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.ledger.standing import SURE_ENOUGH
from crawler.context import CrawlContext
from crawler.extract.page import Page, read_page
from crawler.extract.repository import read_repository_record
from crawler.guest.limits import LimitReached
from crawler.guest.manners import AskedToWait
from crawler.items import PageRead, ToolReading
from crawler.spiders.github import api_headers
from crawler.tool_pages import (
    GITHUB,
    KnownPages,
    licence_page,
    liveness_of,
    needs_licence_text,
    new_fact,
    note_liveness,
    same_page,
    without,
)
from db.words import Availability, FactLabel

SOURCE = "homepage"
LONGEST_LINK = 2000
MOST_HOPS = 3  # meta refreshes in a row
ASKED_TO_WAIT = (403, 429)  # GitHub's hourly limit answers either
NO_RECORD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
CONDITIONS = (b"If-None-Match", b"If-Modified-Since")
Read = Callable[..., Iterator[Any]]


class ToolSpider(Spider):
    """The home page and its links are the derived spider's; every reading ends at `next_of`."""

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context
        self.known: dict[int, KnownPages] = {}

    def problem(self, why: str) -> None:
        self.context.tally(SOURCE).problem(why)

    def known_of(self, reading: ToolReading) -> KnownPages:
        return self.known.get(reading.tool_id, KnownPages())

    # ── asking ───────────────────────────────────────────────────────────────────────────────────

    def ask(self, url: str, callback: Any, reading: ToolReading, errback: Any, **meta: Any) -> Request:
        """A question that may be answered "as last time"; then see `is_as_known`."""
        return Request(
            url,
            callback=callback,
            errback=errback,
            cb_kwargs={"reading": reading},
            meta={"source": SOURCE, "reading": reading, "conditional": True, "asked": url, **meta},
            dont_filter=True,
        )

    def is_unchanged(self, response: Response) -> bool:
        """A 304 nobody asked for is no answer."""
        return response.status == 304 and bool(response.meta.get("conditional"))

    def is_as_known(self, reading: ToolReading, *urls: str) -> bool:
        """Whether a 304 speaks of pages this tool's facts came from: another tool's reading may have asked before."""
        found = [url for url in urls if url in self.known_of(reading).urls]
        reading.unchanged_urls += [url for url in found if url not in reading.unchanged_urls]
        return bool(found)

    def again(self, response: Response) -> Request:
        """The same question without "changed since?"."""
        asked = request_of(response)
        headers = {name: value for name, value in asked.headers.items() if name not in CONDITIONS}
        return asked.replace(headers=headers, meta={**asked.meta, "conditional": False})

    def page_of(self, response: Response) -> Page:
        return read_page(response.body, response.url, getattr(response, "encoding", None))

    def hop(self, response: Response, page: Page) -> Request | None:
        """Where a page sends its readers on by itself: a few times, and never to itself."""
        asked, hops, target = request_of(response), response.meta.get("hops", 0), page.refresh_to
        if response.status != 200 or not target or hops >= MOST_HOPS or same_page(target, response.url):
            return None
        meta = {"asked": response.meta["asked"], "hops": hops + 1}
        return self.ask(urldefrag(target)[0], asked.callback, response.meta["reading"], asked.errback, **meta)

    def forget(self, response: Response) -> None:
        """What stands in a page's place is never "unchanged": it is looked at anew each time."""
        self.context.seen.pop(request_of(response).url, None)

    # ── the repository ───────────────────────────────────────────────────────────────────────────

    def next_of(self, reading: ToolReading) -> Request | ToolReading:
        """The repository's record last, when there is one: licence and stars."""
        return self.ask_github(reading, "", self.read_repository) if reading.repository else finished(reading)

    def ask_github(self, reading: ToolReading, path: str, callback: Read) -> Request:
        base = self.context.settings.source("github").base_url or "https://api.github.com"
        url = f"{base}/repos/{reading.repository}{path}"
        return self.ask(url, callback, reading, self.repository_failed).replace(headers=api_headers(self.context))

    def own_files(self, reading: ToolReading) -> list[str]:
        start = f"{GITHUB}{reading.repository}/blob/"
        return [url for url in self.known_of(reading).urls if url.startswith(start)]

    def read_repository(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        has_more = has_anything(reading)
        self.context.tally(SOURCE).counts["found"] += not has_more
        if self.is_unchanged(response):
            # With the record stands the licence file: each push to the repository moves a date in it.
            own = [f"{GITHUB}{reading.repository}", *self.own_files(reading)]
            yield finished(reading) if self.is_as_known(reading, *own) else self.again(response)
        elif response.status == 200:
            record = self.record_of(response, reading)
            needs_text = record is not None and needs_licence_text(record)
            yield self.ask_github(reading, "/license", self.read_licence) if needs_text else finished(reading)
        elif response.status in ASKED_TO_WAIT:
            self.problem(f"{response.url[:300]} answered {response.status}: we ask too often")
            if has_more:  # else that says nothing of the tool: it stays due
                yield finished(reading)
        else:
            if not has_more:
                note_liveness(reading, liveness_of(response, response.url, None))
            yield finished(reading)

    def record_of(self, response: Response, reading: ToolReading) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads(response.body)
            text, findings = read_repository_record(record)
        except NO_RECORD as exc:
            self.problem(f"{response.url[:300]} is no repository record ({str(exc)[:100]})")
            return None
        facts = tuple(new_fact(finding, FactLabel.OUR_CHECK) for finding in findings)
        url = f"{GITHUB}{reading.repository}"
        if isinstance(record.get("homepage"), str) and record["homepage"].strip():
            reading.links = (*reading.links, record["homepage"].strip()[:LONGEST_LINK])
        reading.pages.append(PageRead(url, response.status, text, self.context.clock(), facts))
        return record

    def read_licence(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        if self.is_unchanged(response) and not self.is_as_known(reading, *self.own_files(reading)):
            yield self.again(response)
            return
        if response.status == 200:
            self.take_licence(response, reading)
        yield finished(reading)

    def take_licence(self, response: Response, reading: ToolReading) -> None:
        """A sure file is believed, with a page's own word kept beside it; a doubtful one leaves neither sure."""
        try:
            read = licence_page(json.loads(response.body), reading.repository or "", self.context.clock())
        except NO_RECORD as exc:
            self.problem(f"{response.url[:300]} is no licence file ({str(exc)[:100]})")
            return
        if read:
            is_doubtful = any(fact.confidence < SURE_ENOUGH for fact in read.facts)
            reading.pages = [*(without(("licence",), reading.pages) if is_doubtful else reading.pages), read]

    def repository_failed(self, failure: Failure) -> list[Any]:
        reading: ToolReading = failure.request.meta["reading"]  # type: ignore[attr-defined]
        if not has_anything(reading) and isinstance(failure.value, AskedToWait | LimitReached):
            return []  # that says nothing of the tool: it stays due
        if not has_anything(reading):
            reading.availability, reading.why = Availability.UNREACHABLE, why_of(failure)
        return [finished(reading)]


def request_of(response: Response) -> Request:
    assert response.request is not None
    return response.request


def why_of(failure: Failure) -> str:
    return (failure.getErrorMessage() or failure.type.__name__)[:300]  # type: ignore[union-attr]


def has_anything(reading: ToolReading) -> bool:
    return bool(reading.pages or reading.unchanged_urls)


def finished(reading: ToolReading) -> ToolReading:
    reading.unchanged = bool(reading.unchanged_urls) and not reading.pages
    return reading
