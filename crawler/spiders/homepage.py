"""The tools' own pages: home, pricing and repository record, read for facts with their exact words."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urldefrag, urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from sqlmodel import col, or_, select
from twisted.python.failure import Failure

from catalog.facts import NewFact
from catalog.identity import canonical_url
from crawler.context import CrawlContext
from crawler.extract.facts import find_facts
from crawler.extract.findings import Finding
from crawler.extract.page import Page, read_page
from crawler.extract.pricing import find_pricing
from crawler.extract.repository import read_repository_record
from crawler.items import PageRead, ToolReading
from crawler.spiders.github import api_headers
from db.models import Tool
from db.words import Availability, FactLabel

SOURCE = "homepage"
FINDING_DEAD = (404, 410)
ASKED_TO_WAIT = (403, 429)  # GitHub's hourly limit answers either


class HomepageSpider(Spider):
    name = SOURCE
    may_be_empty = True  # no tool may be due
    places: ClassVar[dict[str, str]] = {}

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context

    async def start(self) -> AsyncIterator[Request]:
        for tool in tools_to_read(self.context):
            reading = ToolReading(tool_id=tool.id or 0, repository=tool.repository)
            if tool.home_url.startswith("https://github.com/"):
                yield self.repository_request(reading)
            else:
                yield self.page(tool.home_url, self.read_home, reading, self.home_failed)

    def page(self, url: str, callback: Any, reading: ToolReading, errback: Any) -> Request:
        return Request(
            url,
            callback=callback,
            errback=errback,
            cb_kwargs={"reading": reading},
            meta={"source": SOURCE, "reading": reading},
            dont_filter=True,
        )

    def read_home(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        self.context.tally(SOURCE).counts["found"] += 1
        if response.status != 200:
            yield unavailable(reading, response.status)
            return
        page = read_page(response.body, response.url, response.encoding if hasattr(response, "encoding") else None)
        reading.name, reading.tagline = page.name, page.tagline
        reading.repository = reading.repository or next(iter(page.repository_links), None)
        reading.pages.append(
            page_read(page, response.status, self.context.clock(), [*find_facts(page), *find_pricing(page)])
        )
        pricing = other_page(page.pricing_links, response.url)
        if pricing:
            yield self.page(pricing, self.read_pricing, reading, self.pricing_failed)
        else:
            yield from self.finish(reading)

    def read_pricing(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        if response.status == 200:
            page = read_page(response.body, response.url, getattr(response, "encoding", None))
            facts = [*find_pricing(page), *(found for found in find_facts(page) if found.key != "licence")]
            reading.pages.append(page_read(page, response.status, self.context.clock(), facts))
        else:
            self.context.tally(SOURCE).problem(f"{response.url[:300]} answered {response.status}")
        yield from self.finish(reading)

    def finish(self, reading: ToolReading) -> Iterator[Any]:
        """The repository's record last, when there is one: licence and stars."""
        yield self.repository_request(reading) if reading.repository else reading

    def repository_request(self, reading: ToolReading) -> Request:
        owner_and_name = (reading.repository or "").removeprefix("https://github.com/")
        base = self.context.settings.source("github").base_url or "https://api.github.com"
        request = self.page(f"{base}/repos/{owner_and_name}", self.read_repository, reading, self.repository_failed)
        return request.replace(headers=api_headers(self.context))

    def read_repository(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        self.context.tally(SOURCE).counts["found"] += not reading.pages
        if response.status == 200:
            try:
                text, findings = read_repository_record(json.loads(response.body))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
                self.context.tally(SOURCE).problem(f"{response.url[:300]} is no repository record ({str(exc)[:100]})")
            else:
                facts = tuple(new_fact(finding, FactLabel.OUR_CHECK) for finding in findings)
                url = f"https://github.com/{reading.repository}"
                reading.pages.append(PageRead(url, response.status, text, self.context.clock(), facts))
        elif response.status in ASKED_TO_WAIT:
            self.context.tally(SOURCE).problem(f"{response.url[:300]} answered {response.status}: we ask too often")
            if not reading.pages:
                return  # that says nothing of the tool: it stays due
        elif not reading.pages:
            yield unavailable(reading, response.status)
            return
        yield reading

    # ── what went wrong ──────────────────────────────────────────────────────────────────────────

    def home_failed(self, failure: Failure) -> Iterable[Any]:
        request = failure.request  # type: ignore[attr-defined]
        reading: ToolReading = request.meta["reading"]
        why = (failure.getErrorMessage() or failure.type.__name__)[:300]  # type: ignore[union-attr]
        if isinstance(failure.value, IgnoreRequest) and "robots.txt" in why:
            reading.availability, reading.why = self.forbidden(request)
        else:
            reading.availability, reading.why = Availability.UNREACHABLE, why
            self.context.tally(SOURCE).problem(f"{request.url[:300]} could not be read: {why}")
        return [reading]

    def forbidden(self, request: Request) -> tuple[Availability, str]:
        if urlsplit(request.url).netloc in self.context.hosts_without_robots:
            return Availability.UNREACHABLE, "its robots.txt cannot be had, which is no permission"
        return Availability.CLOSED_TO_ROBOTS, "its robots.txt asks us not to read it"

    def pricing_failed(self, failure: Failure) -> Iterable[Any]:
        request = failure.request  # type: ignore[attr-defined]
        if not isinstance(failure.value, IgnoreRequest):
            self.context.tally(SOURCE).problem(
                f"{request.url[:300]} could not be read: {failure.getErrorMessage()[:200]}"
            )
        return list(self.finish(request.meta["reading"]))

    def repository_failed(self, failure: Failure) -> Iterable[Any]:
        request = failure.request  # type: ignore[attr-defined]
        reading: ToolReading = request.meta["reading"]
        if not reading.pages:
            reading.availability, reading.why = Availability.UNREACHABLE, failure.getErrorMessage()[:300]
        return [reading]


def tools_to_read(context: CrawlContext) -> list[Tool]:
    """Tools never read first, then those read longest ago; the dead are tried again after a week."""
    now = context.clock()
    stale = now - timedelta(hours=context.settings.crawl.reread_hours)
    query = (
        select(Tool)
        .where(or_(col(Tool.last_read_at).is_(None), col(Tool.last_read_at) <= stale))
        .order_by(col(Tool.last_read_at).is_not(None), col(Tool.last_read_at), col(Tool.id))
        .limit(context.settings.crawl.most_tools_a_crawl)
    )
    with context.store.read() as session:
        tools = session.exec(query).all()
    week_ago = now - timedelta(days=7)
    gone = (Availability.DEAD, Availability.CLOSED_TO_ROBOTS)
    return [
        tool for tool in tools if tool.availability not in gone or not tool.last_read_at or tool.last_read_at < week_ago
    ]


def unavailable(reading: ToolReading, status: int) -> ToolReading:
    reading.availability = Availability.DEAD if status in FINDING_DEAD else Availability.UNREACHABLE
    reading.why = f"its home page answered {status}"
    return reading


def other_page(links: Iterable[str], url: str) -> str | None:
    """The first pricing link that is another document than the one just read."""
    here = canonical_url(url)
    return next((urldefrag(link)[0] for link in links if canonical_url(link) != here), None)


def page_read(page: Page, status: int, fetched_at: datetime, findings: Iterable[Finding]) -> PageRead:
    facts = tuple(new_fact(finding, FactLabel.VENDOR_CLAIM) for finding in findings)
    return PageRead(page.url, status, page.text, fetched_at, facts)


def new_fact(finding: Finding, label: FactLabel) -> NewFact:
    return NewFact(
        key=finding.key,
        value=finding.value,
        normal=finding.normal,
        quote=finding.quote,
        start=finding.start,
        end=finding.end,
        confidence=finding.confidence,
        label=label,
    )


def parse(payload: bytes, url: str, now: datetime) -> list[Finding]:
    """The facts one recorded page states, with their spans."""
    page = read_page(payload, url)
    return [*find_facts(page), *find_pricing(page)]
