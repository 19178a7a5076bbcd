"""Downloader middleware that asks politely: "changed since?", and "come back later" is heard and kept."""

import email.utils
from datetime import UTC, datetime, timedelta

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.context import CrawlContext
from db.models import Validator

LONGEST_WAIT = timedelta(hours=24)


class Manners:
    """Downloader middleware: asks "changed since?", counts, and hears "come back later"."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Manners":
        return cls(crawler)

    @property
    def context(self) -> CrawlContext:
        return self.crawler.spider.context  # type: ignore[union-attr,no-any-return]

    def process_request(self, request: Request) -> None:
        source = request.meta.get("source")
        if source is None:
            return
        self.context.tally(source).counts["requests"] += 1
        if request.meta.get("conditional"):
            add_validators(self.context, request)

    def process_response(self, request: Request, response: Response) -> Response:
        source = request.meta.get("source")
        if source is None:
            return response
        tally = self.context.tally(source)
        if response.status == 304:
            tally.counts["unchanged"] += 1
        elif response.status == 200 and request.meta.get("conditional"):
            self.context.validators[request.url] = source, header(response, "ETag"), header(response, "Last-Modified")
        elif response.status in (403, 429, 503):
            wait = wait_asked(response, self.context.clock())
            if wait and request.meta.get("is_api"):
                tally.retry_at = max(filter(None, (tally.retry_at, wait)))
        return response


def add_validators(context: CrawlContext, request: Request) -> None:
    with context.store.read() as session:
        known = session.get(Validator, request.url)
    if known and known.etag:
        request.headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        request.headers["If-Modified-Since"] = known.last_modified


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def wait_asked(response: Response, now: datetime) -> datetime | None:
    """Until when the other side asks us to stay away: Retry-After in both forms, or a rate-limit reset.

    Capped at a day (RFC 9110 §10.2.3; GitHub's x-ratelimit-reset is an epoch).
    """
    asked = retry_after(header(response, "Retry-After") or "", now)
    if asked is None and header(response, "X-RateLimit-Remaining") == "0":
        asked = epoch(header(response, "X-RateLimit-Reset") or "")
    return min(asked, now + LONGEST_WAIT) if asked and asked > now else None


def retry_after(text: str, now: datetime) -> datetime | None:
    if text.strip().isdecimal():
        return now + min(timedelta(seconds=min(int(text), 10**7)), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else None


def epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(min(int(text), 2**33), UTC) if text.isdecimal() else None
