"""Vendors' pages without a feed, each a source of its own: a sitemap's changed pages, or one page that lists them."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from sqlmodel import col, select
from twisted.python.failure import Failure

from catalog.launches import LaunchItem
from config import PageSource
from crawler.context import CrawlContext, Seen
from crawler.reading import sitemaps
from crawler.reading.listing import Launches
from crawler.reading.page_launches import parse, read_addresses, read_page
from crawler.source_spider import SourceSpider, read_payload
from crawler.sources import page_rules
from db.models import Launch, Source, Validator
from db.words import LaunchKind
from errors import ParseError

__all__ = ["PagesSpider", "parse"]

MOST_SITEMAPS = 20
MOST_PAGES, MOST_PAGES_AT_FIRST = 50, 30
GONE = (404, 410)
AHEAD = 2  # pages of a source asked for at a time: one is read while the next one is on its way
OLD_NEWS = "not a launch: it bears no date, and was there before our first visit"
TOO_MANY = "{url} leads to more than {most} sitemaps; name the one that is meant in [pages.{source}] url"
NONE_MEANT = "none of the {count:,} addresses in {url} matches '{include}' (include)"


@dataclass
class Visit:
    """What this visit has gathered of one source before it chooses the pages to read."""

    url: str
    rules: PageSource
    is_first: bool
    waiting: int = 0  # sitemaps asked for and not yet answered
    asked: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)  # other addresses, where one was redirected
    listed: int = 0  # addresses they hold, meant or not
    pages: dict[str, sitemaps.Address] = field(default_factory=dict)
    chosen: deque[sitemaps.Address] = field(default_factory=deque)  # pages still to be read


class PagesSpider(SourceSpider):
    name = "pages"

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(context, **options)
        self.visits: dict[str, Visit] = {}

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        rules = page_rules(self.context.settings, source)
        self.visits[source] = visit = Visit(base_url, rules, is_first_visit(self.context, source))
        if rules.kind == "list":
            yield self.ask(source, base_url)
        else:
            yield self.ask_sitemap(visit, source, base_url)

    def read(self, payload: bytes, url: str, source: str) -> Launches:
        visit = self.visits[source]
        launches = parse(payload, url, self.context.clock(), source=source, rules=visit.rules)
        return set_aside_old_news(launches) if visit.is_first else launches

    # ── sitemaps ─────────────────────────────────────────────────────────────────────────────────

    def ask_sitemap(self, visit: Visit, source: str, url: str) -> Request:
        visit.waiting += 1
        visit.asked.append(url)
        request = self.ask(source, url, callback=self.sitemap_answered)
        return request.replace(errback=self.sitemap_failed)

    def sitemap_answered(self, response: Response) -> Iterator[Request]:
        source = response.meta["source"]
        visit, tally = self.visits[source], self.context.tally(source)
        visit.waiting -= 1
        visit.answered.append(response.url)
        payload = read_payload(self.context, source, response)
        if payload is not None:
            try:
                launches = read_addresses(payload, response.url, source, visit.rules)
            except ParseError as exc:
                tally.problem(str(exc))
                tally.blocked = tally.blocked or (str(exc) if "bot wall" in str(exc) else None)
            else:
                tally.take(launches, response.url, payload)
                yield from self.follow(visit, source, launches.document)
        yield from self.settle(visit, source)

    def sitemap_failed(self, failure: Failure) -> Iterator[Request]:
        self.failed(failure)
        source = failure.request.meta["source"]  # type: ignore[attr-defined]
        self.visits[source].waiting -= 1
        yield from self.settle(self.visits[source], source)

    def follow(self, visit: Visit, source: str, sitemap: sitemaps.Sitemap) -> Iterator[Request]:
        """Keep what is meant of its addresses, and ask for the sitemaps it names."""
        visit.listed += len(sitemap.pages)
        for page in sitemaps.matching(sitemap.pages, visit.rules.include, visit.rules.exclude):
            if len(visit.pages) < sitemaps.MOST_URLS:
                visit.pages.setdefault(page.url, page)
        start = self.context.window_start()
        named = [child for child in sitemap.children if child.lastmod is None or child.lastmod >= start]
        named.sort(key=lambda child: child.lastmod or start, reverse=True)
        for child in named:
            if child.url in visit.asked:
                continue
            if len(visit.asked) >= MOST_SITEMAPS:
                self.context.tally(source).problem(TOO_MANY.format(url=visit.url, most=MOST_SITEMAPS, source=source))
                return
            yield self.ask_sitemap(visit, source, child.url)

    def settle(self, visit: Visit, source: str) -> Iterator[Request]:
        """When all sitemaps have answered: the pages worth reading, within bounds."""
        if visit.waiting:
            return
        if visit.listed and not visit.pages:
            told = NONE_MEANT.format(count=visit.listed, url=visit.url[:300], include=visit.rules.include)
            self.context.tally(source).problem(told)
        chosen, rest = self.choose(visit, source)
        if rest and visit.is_first:
            # What was there before us is no news: it counts as read.
            self.context.seen |= {page.url: Seen(source, None, None, "") for page in rest if page.lastmod is None}
        elif rest:
            for url in visit.answered:  # the rest is read next time, so an unchanged sitemap must be had again
                self.context.seen.pop(url, None)
        visit.chosen = deque(chosen)
        visit.pages = {}
        for _ in range(AHEAD):
            yield from self.next_page(source)

    def next_page(self, source: str) -> Iterator[Request]:
        """One page asks for the next, so that no long queue of them is held."""
        chosen = self.visits[source].chosen
        if chosen:
            page = chosen.popleft()
            known = {"address": page.url, "lastmod": page.lastmod}
            request = self.ask(source, page.url, callback=self.page_answered, cb_kwargs=known)
            request.errback = self.page_failed
            yield request

    def choose(self, visit: Visit, source: str) -> tuple[list[sitemaps.Address], list[sitemaps.Address]]:
        pages = sitemaps.believable(list(visit.pages.values()))
        launches, read = what_is_known(self.context, source, pages)
        worth = sitemaps.worth_reading(pages, self.context.window_start(), launches, read)
        most = MOST_PAGES_AT_FIRST if visit.is_first else MOST_PAGES
        return worth[:most], worth[most:]

    # ── pages ────────────────────────────────────────────────────────────────────────────────────

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        self.failed(failure)
        yield from self.next_page(failure.request.meta["source"])  # type: ignore[attr-defined]

    def page_answered(
        self, response: Response, address: str, lastmod: datetime | None
    ) -> Iterator[Request | LaunchItem]:
        source = response.meta["source"]
        yield from self.next_page(source)
        tally, visit = self.context.tally(source), self.visits[source]
        if response.status in GONE:  # sitemaps name pages that are no more; that harms nothing
            tally.counts["gone"] += 1
            return
        payload = read_payload(self.context, source, response)
        if payload is None:
            return
        try:
            launches = read_page(payload, address, self.context.clock(), source, visit.rules, lastmod)
        except ParseError as exc:
            tally.problem(str(exc))
            return
        tally.take(launches, response.url, payload)
        yield from self.in_window(set_aside_old_news(launches) if visit.is_first else launches)


def is_first_visit(context: CrawlContext, source: str) -> bool:
    with context.store.read() as session:
        known = session.get(Source, source)
        launch = session.exec(select(Launch.id).where(Launch.source_key == source).limit(1)).first()
    return launch is None and (known is None or known.last_success_at is None)


def what_is_known(
    context: CrawlContext, source: str, pages: Iterable[sitemaps.Address]
) -> tuple[set[str], dict[str, datetime]]:
    """(addresses whose launch is stored, address → when it was last read)"""
    origins = {"{0.scheme}://{0.netloc}/".format(urlsplit(page.url)) for page in pages}
    with context.store.read() as session:
        launches = session.exec(select(Launch.external_id).where(Launch.source_key == source)).all()
        read: dict[str, datetime] = {}
        for origin in sorted(origins):
            of_site = col(Validator.url).startswith(origin, autoescape=True)
            read |= dict(session.exec(select(Validator.url, Validator.checked_at).where(of_site)).all())
    return set(launches), read


def set_aside_old_news(launches: Launches) -> Launches:
    """At the first visit only a date tells what is new."""
    for place, item in enumerate(launches):
        if item.launched_at is None and item.kind is LaunchKind.LAUNCH:
            launches[place] = item.model_copy(update={"kind": LaunchKind.NOISE, "why": OLD_NEWS})
    return launches
