"""The tools' own pages: home and pricing page, then the repository, read for facts with their exact words."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.addresses import repository_of
from crawler.extract.facts import find_facts
from crawler.extract.findings import Finding
from crawler.extract.liveness import ALIVE, Liveness, judge_liveness
from crawler.extract.page import Page, read_page
from crawler.extract.pricing import find_pricing
from crawler.guest.limits import LimitReached
from crawler.guest.manners import AskedToWait
from crawler.items import ToolReading
from crawler.tool_pages import (
    GITHUB,
    PRICES,
    known_pages,
    liveness_of,
    lives_at,
    note_liveness,
    other_page,
    own_words,
    page_read,
    same_page,
    tools_to_read,
    without,
)
from crawler.tool_spider import SOURCE, ToolSpider, why_of
from db.models import Tool
from db.words import Availability

AT_ONCE = 32


class HomepageSpider(ToolSpider):
    name = SOURCE
    may_be_empty = True  # no tool is due
    places: ClassVar[dict[str, str]] = {}
    custom_settings = {"METAREFRESH_ENABLED": False}  # noqa: RUF012  # refreshes are followed here, and counted

    async def start(self) -> AsyncIterator[Request]:
        tools = tools_to_read(self.context)
        self.known = known_pages(self.context, tools)
        for number, tool in enumerate(tools):
            if number % AT_ONCE == AT_ONCE - 1:  # no long queue is held, and Scrapy looks through it for each request
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            yield self.first(tool)

    def first(self, tool: Tool) -> Request:
        own = repository_of(tool.home_url)
        reading = ToolReading(
            tool_id=tool.id or 0, repository=(tool.repository or own or "").removeprefix(GITHUB) or None
        )
        if own:
            return self.ask_github(reading, "", self.read_repository)
        return self.ask(tool.home_url, self.read_home, reading, self.home_failed)

    # ── the home page ────────────────────────────────────────────────────────────────────────────

    def read_home(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        if self.is_unchanged(response):
            yield self.home_unchanged(response, reading)
            return
        page = self.page_of(response)
        found = self.judge(response, reading, page)
        hop = self.hop(response, page) if found.state == Availability.ALIVE else None
        self.context.tally(SOURCE).counts["found"] += hop is None
        if hop or not note_liveness(reading, found):
            self.forget(response)
            yield hop or reading
            return
        self.describe(reading, page)
        facts = [*find_facts(page), *find_pricing(page)]
        reading.pages.append(page_read(page, response.status, self.context.clock(), facts))
        yield self.pricing_of(reading, other_page(page.pricing_links, response.url))

    def judge(self, response: Response, reading: ToolReading, page: Page) -> Liveness:
        """A tool lives where it was read last; one that was never read, where its announced address leads."""
        found = liveness_of(response, response.meta["asked"], page)
        if found.state == Availability.MOVED and lives_at(response.url, self.known_of(reading)):
            return ALIVE
        return found

    def describe(self, reading: ToolReading, page: Page) -> None:
        reading.name, reading.tagline, reading.description = page.name, page.tagline, page.description
        reading.icons, reading.feed_links, reading.links = page.icons, page.feed_links, page.repository_links
        reading.repository = reading.repository or next(filter(None, map(repository_of, page.repository_links)), None)

    def home_unchanged(self, response: Response, reading: ToolReading) -> Request | ToolReading:
        """The pricing page it linked to last time may still have changed."""
        if not self.is_as_known(reading, response.url):
            return self.again(response)
        self.context.tally(SOURCE).counts["found"] += 1
        priced = (url for url in self.known_of(reading).priced if not url.startswith(GITHUB))
        return self.pricing_of(reading, other_page(priced, response.url))

    # ── the pricing page ─────────────────────────────────────────────────────────────────────────

    def pricing_of(self, reading: ToolReading, url: str | None) -> Request | ToolReading:
        return self.ask(url, self.read_pricing, reading, self.pricing_failed) if url else self.next_of(reading)

    def read_pricing(self, response: Response, reading: ToolReading) -> Iterator[Any]:
        if self.is_unchanged(response):
            known = self.is_as_known(reading, response.url)
            yield self.next_of(reading) if known else self.again(response)
            return
        page = self.page_of(response)
        found = liveness_of(response, response.meta["asked"], page)
        hop = self.hop(response, page) if found.state == Availability.ALIVE else None
        if hop or found.state != Availability.ALIVE:
            self.forget(response)
        if hop and not is_read(hop.url, reading):
            yield hop
            return
        if found.state != Availability.ALIVE:
            self.problem(f"{response.url[:300]} could not be read as a pricing page: {found.why}")
            self.pricing_unread(reading)
        elif not hop and not is_read(response.url, reading):
            facts = [*find_pricing(page), *(one for one in find_facts(page) if one.key != "licence")]
            reading.pages.append(page_read(page, response.status, self.context.clock(), facts))
        yield self.next_of(reading)

    def pricing_unread(self, reading: ToolReading) -> None:
        """A home page alone does not outvote a pricing page that could not be read this time."""
        if self.known_of(reading).priced:
            reading.pages = without(PRICES, reading.pages)

    # ── what went wrong ──────────────────────────────────────────────────────────────────────────

    def home_failed(self, failure: Failure) -> list[Any]:
        request = failure.request  # type: ignore[attr-defined]
        reading: ToolReading = request.meta["reading"]
        why = why_of(failure)
        if isinstance(failure.value, LimitReached):
            self.problem(why)
        if isinstance(failure.value, AskedToWait | LimitReached):
            return []  # that says nothing of the tool: it stays due
        if isinstance(failure.value, IgnoreRequest) and "robots.txt" in why:
            reading.availability, reading.why = self.forbidden(request)
        else:
            reading.availability, reading.why = Availability.UNREACHABLE, why
            self.problem(f"{request.url[:300]} could not be read: {why}")
        return [reading]

    def forbidden(self, request: Request) -> tuple[Availability, str]:
        if urlsplit(request.url).netloc in self.context.hosts_without_robots:
            return Availability.UNREACHABLE, "its robots.txt cannot be had, which is no permission"
        return Availability.CLOSED_TO_ROBOTS, "its robots.txt asks us not to read it"

    def pricing_failed(self, failure: Failure) -> list[Any]:
        request = failure.request  # type: ignore[attr-defined]
        reading: ToolReading = request.meta["reading"]
        if isinstance(failure.value, LimitReached) or not isinstance(failure.value, IgnoreRequest):
            self.problem(f"{request.url[:300]} could not be read: {why_of(failure)[:200]}")
        self.pricing_unread(reading)
        return [self.next_of(reading)]


def is_read(url: str, reading: ToolReading) -> bool:
    """Whether this visit has read the page already, under whatever fragment."""
    return any(same_page(url, known) for known in (*(page.url for page in reading.pages), *reading.unchanged_urls))


def parse(payload: bytes, url: str, now: datetime) -> list[Finding]:
    """What one recorded page states, with its spans: facts, prices, and what it calls itself.

    A wall for robots, or a page that stands for no tool, states nothing.
    """
    page = read_page(payload, url)
    if judge_liveness(200, url, url, page, {}).state != Availability.ALIVE:
        return []
    return [*find_facts(page), *find_pricing(page), *own_words(page)]
