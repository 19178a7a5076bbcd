"""Downloader middleware that asks politely: "changed since?", and "come back later" is heard, kept and obeyed."""

import asyncio
import hashlib
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from sqlmodel import Session, col, delete, select

from crawler.context import CrawlContext, Seen, Tally
from crawler.guest.network import GuardedHandler
from crawler.guest.waits import ASKS_TO_WAIT, fresh_until, validator, wait_asked
from db.models import HostPause, Source, Validator
from db.session import insert_or_update
from db.words import CrawlOutcome

SHORT_WAIT = timedelta(seconds=90)  # so long a crawl stays and waits; for more the source comes back another time
MOST_NAPS = 3  # a host that keeps asking for one more moment is left in peace
MOST_MISSES = 3  # validators a server does not honour are no longer sent
LONGEST_ADDRESS = 2000  # a longer one is no key, and is asked without validators
CONDITIONS = ("If-None-Match", "If-Modified-Since")


class AskedToWait(IgnoreRequest):
    """The host asked us to stay away longer than a crawl can wait."""


class Pauses:
    """Stands before robots.txt is asked for: a host that asked for quiet hears nothing at all."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Pauses":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises AskedToWait."""
        await wait_out(self.crawler.spider.context, request, is_replay=replays(self.crawler))  # type: ignore[union-attr]


class PatientHandler(GuardedHandler):
    """One connection a host, and a last look at its pause: a question may have stood in line while it was asked for.

    Scrapy's slots start all that stands in line at once when there is no delay, whatever their limit.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.context: CrawlContext = crawler.spider.context  # type: ignore[union-attr]
        self.lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def download_request(self, request: Request) -> Response:
        """Raises AskedToWait."""
        host = host_of(request)
        async with self.lines[host]:
            await wait_out(self.context, request)
            response = await super().download_request(request)
            if until := wait_asked(response, self.context.clock()):
                self.context.pauses[host] = until  # for the next in line; `Manners` keeps it
        return response


async def wait_out(context: CrawlContext, request: Request, *, is_replay: bool = False) -> None:
    """A short pause of the host is waited out, a long one ends the request. Raises AskedToWait."""
    host = host_of(request)
    for naps in range(MOST_NAPS + 1):
        until = context.pauses.get(host)
        left = until - context.clock() if until else timedelta(0)
        if until is None or left <= timedelta(0):
            return
        if left > SHORT_WAIT or naps == MOST_NAPS:
            hold_source(context, request, until)
            raise AskedToWait(f"{host} asked us to stay away until {until:%Y-%m-%d %H:%M} UTC")
        if is_replay:  # nobody is there to be spared
            return
        await asyncio.sleep(left.total_seconds())


class Manners:
    """Asks with the validators of the last visit, compares what comes, and keeps the pauses that are asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.known: dict[str, Validator] = {}
        self.read_before: set[str] = set()
        crawler.signals.connect(self.remember, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Manners":
        return cls(crawler)

    @property
    def context(self) -> CrawlContext:
        return self.crawler.spider.context  # type: ignore[union-attr,no-any-return]

    def remember(self, spider: Any) -> None:
        """What earlier crawls were told: pauses of hosts, and validators that belong to this reading of the pages."""
        context = self.context
        with context.store.read() as session:
            pauses = session.exec(select(HostPause).where(HostPause.until > context.clock())).all()
            of_this = select(Validator).where(Validator.parser == context.parser)
            known = session.exec(of_this).all() if context.parser else []
            read = session.exec(select(Source.key).where(col(Source.last_success_at).is_not(None))).all()
        if not replays(self.crawler):
            context.pauses.update({pause.host: pause.until for pause in pauses})
        self.known = {row.url: row for row in known}
        self.read_before = {"homepage", *read}

    def known_of(self, request: Request) -> Validator | None:
        """What the last visit left; a source never read is not "unchanged" because another one asks the same."""
        return self.known.get(request.url) if request.meta["source"] in self.read_before else None

    def process_request(self, request: Request) -> None:
        source = request.meta.get("source")
        if source is None:
            return
        self.context.tally(source).counts["requests"] += 1
        if not request.meta.get("conditional"):
            return
        for name in CONDITIONS:  # those of an address that has sent us on here say nothing of this one
            request.headers.pop(name, None)
        known = self.known_of(request)
        if known and known.misses < MOST_MISSES:
            add_validators(request, known)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        again = self.heed(request, response)
        source = request.meta.get("source")
        if source is None or again is not None:
            return again or response
        tally = self.context.tally(source)
        tally.counts["bytes"] += len(response.body)
        if response.status == 304:
            self.take_unchanged(request, response, tally)
        elif response.status == 200 and request.meta.get("conditional"):
            return self.compare(request, response, source, tally)
        return response

    def heed(self, request: Request, response: Response) -> Request | None:
        """Keep the pause an answer asks for; after a short one the same question is asked once more."""
        now = self.context.clock()
        until = wait_asked(response, now)
        if until is None:
            return None
        host = host_of(request)
        self.context.pauses[host] = until
        if not replays(self.crawler):
            with self.context.store.write() as session:
                keep_pause(session, host, until, f"it answered {response.status} to {request.url[:200]}")
        if response.status not in ASKS_TO_WAIT:  # a limit used up by an answer that stands
            hold_source(self.context, request, until)
            return None
        if until - now <= SHORT_WAIT and not request.meta.get("has_waited"):
            return request.replace(dont_filter=True, meta={**request.meta, "has_waited": True})
        hold_source(self.context, request, until)
        return None

    def take_unchanged(self, request: Request, response: Response, tally: Tally) -> None:
        """A 304 nobody asked for is no answer."""
        if was_asked_conditionally(request):
            tally.counts["unchanged"] += 1
            self.keep_freshness(request, response, tally)
        else:
            request.meta["unasked"] = True

    def keep_freshness(self, request: Request, response: Response, tally: Tally) -> None:
        if request.meta.get("is_api"):
            tally.fresh_until = tally.fresh_until or fresh_until(response, self.context.clock())

    def compare(self, request: Request, response: Response, source: str, tally: Tally) -> Response:
        """The same bytes as last time are no news, whatever the status says."""
        known = self.known_of(request)
        body_hash = hashlib.sha256(response.body).hexdigest()
        seen = Seen(source, validator(response, "ETag"), validator(response, "Last-Modified", 100), body_hash)
        self.keep_freshness(request, response, tally)
        self.context.seen[request.url] = seen
        if known is None or known.body_hash != body_hash:
            return response
        tally.counts["unchanged"] += 1
        seen.misses = known.misses + was_asked_conditionally(request)
        return response.replace(status=304, body=b"")


def replays(crawler: Crawler) -> bool:
    """Whether this crawl lives on a recording: pauses of today are none of its own."""
    return bool(crawler.settings.get("REPLAY_FROM"))


def was_asked_conditionally(request: Request) -> bool:
    return any(name in request.headers for name in CONDITIONS)


def host_of(request: Request) -> str:
    return (urlsplit(request.url).hostname or "").lower()[:255]


def hold_source(context: CrawlContext, request: Request, until: datetime) -> None:
    source = request.meta.get("source")
    if source and request.meta.get("is_api"):
        tally = context.tally(source)
        tally.retry_at = max(filter(None, (tally.retry_at, until)))


def add_validators(request: Request, known: Validator) -> None:
    if known.etag:
        request.headers["If-None-Match"] = known.etag
    if known.last_modified:
        request.headers["If-Modified-Since"] = known.last_modified


def keep_pause(session: Session, host: str, until: datetime, why: str) -> None:
    insert_or_update(session, HostPause, [{"host": host, "until": until, "why": why}], ["host"])


def keep_validators(session: Session, context: CrawlContext, now: datetime) -> None:
    """Written after the launches they stand for, and after the visit was judged.

    An answer half read, or one with nothing in it, leaves none: else the next 304 would call it good.
    """
    good = {key for key in {seen.source for seen in context.seen.values()} if leaves_validators(session, context, key)}
    rows = (
        {
            "url": url,
            "etag": seen.etag,
            "last_modified": seen.last_modified,
            "checked_at": now,
            "parser": context.parser,
            "body_hash": seen.body_hash,
            "misses": seen.misses,
        }
        for url, seen in context.seen.items()
        if seen.source in good and len(url) <= LONGEST_ADDRESS
    )
    if context.parser:
        insert_or_update(session, Validator, rows, ["url"])


def leaves_validators(session: Session, context: CrawlContext, key: str) -> bool:
    """A page of a tool that cannot be read says nothing of the others."""
    counts = context.tally(key).counts
    if key == "homepage":
        return not counts["refused"]
    source = session.get(Source, key)
    is_good = source is None or source.last_outcome in (CrawlOutcome.OK, CrawlOutcome.NOT_MODIFIED)
    return is_good and not counts["errors"]


def drop_old_pauses(session: Session, now: datetime) -> None:
    session.exec(delete(HostPause).where(col(HostPause.until) <= now))
