"""Downloader middleware that asks politely: "changed since?", and "come back later" is heard, kept and obeyed."""

import asyncio
import email.utils
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from sqlmodel import Session, col, delete, select

from crawler.context import CrawlContext, Seen, Tally
from db.models import HostPause, Validator
from db.session import insert_or_update

LONGEST_WAIT = timedelta(hours=24)
SHORT_WAIT = timedelta(seconds=90)  # so long a crawl stays and waits; for more the source comes back another time
UNSAID_WAIT = timedelta(minutes=15)  # a 429 that names no time
LONGEST_FRESH = timedelta(hours=24)
MOST_MISSES = 3  # validators a server does not honour are no longer sent
ASKS_TO_WAIT = (403, 429, 503)
MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
RATE_LIMIT = re.compile(r";\s*r\s*=\s*0\s*(?=;|,|$).*?;\s*t\s*=\s*(\d{1,9})", re.IGNORECASE)


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
        """A short pause of the host is waited out, a long one ends the request. Raises AskedToWait."""
        context: CrawlContext = self.crawler.spider.context  # type: ignore[union-attr]
        host = host_of(request)
        until = context.pauses.get(host)
        if until is None:
            return
        left = until - context.clock()
        if left > SHORT_WAIT:
            hold_source(context, request, until)
            raise AskedToWait(f"{host} asked us to stay away until {until:%Y-%m-%d %H:%M} UTC")
        if left > timedelta(0):
            await asyncio.sleep(left.total_seconds())


class Manners:
    """Asks with the validators of the last visit, compares what comes, and keeps the pauses that are asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.parser = ""
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
        self.parser = context.parser
        with context.store.read() as session:
            pauses = session.exec(select(HostPause).where(HostPause.until > context.clock())).all()
            of_this = select(Validator).where(Validator.parser == self.parser)
            known = session.exec(of_this).all() if self.parser else []
        context.pauses.update({pause.host: pause.until for pause in pauses})
        self.known = {row.url: row for row in known}

    def process_request(self, request: Request) -> None:
        source = request.meta.get("source")
        if source is None:
            return
        self.context.tally(source).counts["requests"] += 1
        known = self.known.get(request.url) if request.meta.get("conditional") else None
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
            tally.counts["unchanged"] += 1
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
        with self.context.store.write() as session:
            keep_pause(session, host, until, f"it answered {response.status} to {request.url[:200]}")
        if response.status == 200:
            return None
        if until - now <= SHORT_WAIT and not request.meta.get("has_waited"):
            return request.replace(dont_filter=True, meta={**request.meta, "has_waited": True})
        hold_source(self.context, request, until)
        return None

    def compare(self, request: Request, response: Response, source: str, tally: Tally) -> Response:
        """The same bytes as last time are no news, whatever the status says."""
        known = self.known.get(request.url)
        body_hash = hashlib.sha256(response.body).hexdigest()
        seen = Seen(source, header(response, "ETag"), header(response, "Last-Modified"), body_hash)
        if request.meta.get("is_api"):
            tally.fresh_until = tally.fresh_until or fresh_until(response, self.context.clock())
        if known is None or known.body_hash != body_hash:
            self.context.seen[request.url] = seen
            return response
        tally.counts["unchanged"] += 1
        was_asked = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        if was_asked and known.misses < MOST_MISSES:
            seen.misses = known.misses + 1
            self.context.seen[request.url] = seen
        return response.replace(status=304, body=b"")


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
    """Written after the launches they stand for. A source's answer half read is read again, so it leaves none."""
    rows = [
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
        if seen.source == "homepage" or not context.tally(seen.source).counts["errors"]
    ]
    if context.parser:
        insert_or_update(session, Validator, rows, ["url"])


def drop_old_pauses(session: Session, now: datetime) -> None:
    session.exec(delete(HostPause).where(col(HostPause.until) <= now))


# ── what an answer asks for ──────────────────────────────────────────────────────────────────────


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def wait_asked(response: Response, now: datetime) -> datetime | None:
    """Until when the other side asks us to stay away, capped at a day.

    Retry-After in both forms (RFC 9110 §10.2.3), or a rate limit that is used up: GitHub's x-ratelimit-reset (an
    epoch), Product Hunt's X-Rate-Limit-Reset and RateLimit-Reset (seconds), Hugging Face's `RateLimit: "api";r=0;t=35`.
    """
    asked = retry_after(header(response, "Retry-After") or "", now) if response.status in ASKS_TO_WAIT else None
    asked = max(filter(None, (asked, *limits_used_up(response, now))), default=None)
    if asked is None and response.status == 429:
        asked = now + UNSAID_WAIT
    return min(asked, now + LONGEST_WAIT) if asked and asked > now else None


def limits_used_up(response: Response, now: datetime) -> Iterable[datetime | None]:
    for name in ("X-RateLimit", "X-Rate-Limit", "RateLimit"):
        if (header(response, f"{name}-Remaining") or "").strip() == "0":
            yield moment_of(header(response, f"{name}-Reset") or "", now)
    if used_up := RATE_LIMIT.search(header(response, "RateLimit") or ""):
        yield moment_of(used_up[1], now)


def retry_after(text: str, now: datetime) -> datetime | None:
    seconds = text.strip()
    if seconds.isdecimal() and seconds.isascii():
        return now + min(timedelta(seconds=min(int(seconds), 10**7)), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else None


def moment_of(text: str, now: datetime) -> datetime | None:
    """A reset is told as an epoch or as seconds from now; no epoch of our time is so small."""
    if not (text.isdecimal() and text.isascii()):
        return None
    number = min(int(text), 2**33)
    return datetime.fromtimestamp(number, UTC) if number > 10**8 else now + timedelta(seconds=number)


def fresh_until(response: Response, now: datetime) -> datetime | None:
    """Until when the answer says of itself that it holds (Cache-Control, RFC 9111 §5.2.2), up to a day."""
    told = MAX_AGE.search(header(response, "Cache-Control") or "")
    return now + min(timedelta(seconds=int(told[1])), LONGEST_FRESH) if told and int(told[1]) else None
