"""How much one answer and one site may cost us: bytes on the wire, requests and seconds. Knows no spider.

`BoundedProtocol` ends a single answer; `SiteLimits` counts a crawl's answers by registrable site.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web._newclient import BODY

from catalog.addresses import registrable_domain
from config import Settings
from crawler.sources import known_sources

SITES = ("feed", "pages", "releases", "producthunt")  # sources that are somebody's web site
KILOBYTE, MEGABYTE = 1024, 1024 * 1024
LONGEST_HEAD = 64 * KILOBYTE  # status line and headers, interim answers included
LONGEST_WIRE_FACTOR = 2  # chunk framing may at most double a body
SITE_LIMITS = {"requests": 60, "bytes": 40 * MEGABYTE, "seconds": 300}
API_LIMITS = {"requests": 2000, "bytes": 200 * MEGABYTE, "seconds": 1800}
MEANING = {
    "requests": "this crawl has made {limit} requests to it",
    "bytes": "this crawl has read {limit} bytes from it",
    "seconds": "this crawl has spent {limit} seconds downloading from it",
}


class LimitReached(IgnoreRequest):
    """A site has had its share of this crawl: our doing, which says nothing about the site."""


# ── one answer ───────────────────────────────────────────────────────────────────────────────────


class EndlessAnswer(Exception):
    """The other side does not stop; the message says in what."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Hangs up on headers without end and on a body that is mostly framing.

    Scrapy counts a body's own bytes and Twisted a line's; neither counts header lines or chunk extensions.
    """

    longest_wire = 0

    def request(self, request: Any) -> Deferred[Any]:
        self.head_bytes = self.wire_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # the interface's name
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self._parser is None:  # the answer is complete, or was given up
            return
        self.wire_bytes += len(data)
        if self._parser.state != BODY:
            self.head_bytes += len(data)
        if self.head_bytes > LONGEST_HEAD:
            self.hang_up(f"its headers do not end within {LONGEST_HEAD} bytes")
        elif self.longest_wire and self.wire_bytes > self.longest_wire:
            self.hang_up(f"its answer takes more than {self.longest_wire} bytes on the wire")

    def hang_up(self, why: str) -> None:
        assert self.transport is not None
        self.transport.abortConnection()
        self._disconnectParser(Failure(EndlessAnswer(why)))  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """What a connection pool builds its connections with."""

    longest_wire = 0

    def buildProtocol(self, addr: Any) -> BoundedProtocol:  # noqa: N802  # the interface's name
        protocol = BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        protocol.longest_wire = self.longest_wire
        return protocol


def bounded_factory(largest_body: int) -> type[BoundedFactory]:
    longest = LONGEST_HEAD + LONGEST_WIRE_FACTOR * largest_body if largest_body else 0
    return type("BoundedFactory", (BoundedFactory,), {"longest_wire": longest})


def endless_reason(exc: BaseException) -> str | None:
    """The sentence of an EndlessAnswer behind a failed download, however deep Twisted has wrapped it."""
    cause = exc.__cause__
    reasons = getattr(cause, "reasons", None) or []
    return next((str(one.value) for one in reasons if one.check(EndlessAnswer)), None)


# ── one site, over a whole crawl ─────────────────────────────────────────────────────────────────


@dataclass
class Spent:
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0


class SiteLimits:
    """Downloader middleware next to the downloader, so that retries, redirects and robots.txt count too."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.site_limits = SITE_LIMITS | settings.getdict("SITE_LIMITS")
        self.api_limits = API_LIMITS | settings.getdict("API_LIMITS")
        self.api_hosts = frozenset(settings.getlist("API_HOSTS"))
        self.spent: defaultdict[str, Spent] = defaultdict(Spent)
        crawler.signals.connect(self.count_bytes, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SiteLimits":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises LimitReached when the site's share is used up."""
        site = site_of(request.url)
        spent, limits = self.spent[site], self.api_limits if self.is_api(request) else self.site_limits
        for unit, limit in limits.items():
            if getattr(spent, unit) >= limit:
                why = MEANING[unit].format(limit=f"{limit:,}")
                raise LimitReached(f"{request.url[:200]} was left out: {why}, which is the most a site may cost")
        request.meta["site"] = site
        spent.requests += 1

    def is_api(self, request: Request) -> bool:
        """Asked as a source's interface, or at one's address."""
        return bool(request.meta.get("is_api")) or urlsplit(request.url).hostname in self.api_hosts

    def process_response(self, request: Request, response: Response) -> Response:
        self.count_seconds(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        self.count_seconds(request)

    def count_seconds(self, request: Request) -> None:
        if "site" in request.meta:
            self.spent[request.meta["site"]].seconds += request.meta.pop("download_seconds", 0.0)

    def count_bytes(self, data: bytes, request: Request) -> None:
        """As they arrive: what is cut off has cost us too."""
        if "site" in request.meta:
            self.spent[request.meta["site"]].bytes += len(data)


def site_of(url: str) -> str:
    return registrable_domain(url) or urlsplit(url).netloc.lower()


def api_hosts(settings: Settings) -> list[str]:
    """The interfaces' own addresses, mirrors included. A vendor's feed or news stands on the vendor's site."""
    urls = [row.base_url for row in known_sources(settings) if row.spider not in SITES]
    return sorted({urlsplit(url).hostname or "" for url in urls} - {""})
