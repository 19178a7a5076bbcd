"""robots.txt as RFC 9309 says, where Scrapy is looser: a server that fails forbids, one without a file allows.

Sits between Scrapy's retry and its robots middleware and hands that one an answer it reads the right way.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from twisted.internet.defer import Deferred

from crawler.context import CrawlContext

PRODUCT = "AIToolVerdicts"
LONGEST = 500 * 1024  # §2.5: what must be parsed, and all that is
LONGEST_DELAY = 60.0
MOST_KEPT = 200  # hosts whose file is remembered; an older one is asked for again
FORBID = b"User-agent: *\nDisallow: /\n"
AGENT_LINE = re.compile(rb"(?i)((?:^|[\r\n])[ \t\xef\xbb\xbf]*user[- ]?agent[ \t]*:[ \t]*)([^\r\n#]*)")
TOKEN = re.compile(rb"[a-z_-]+|\*", re.IGNORECASE)


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's, but an answer that had to be thrown away (a compression bomb) forbids.

    Too many redirects still allow (§2.3.1.2).
    """

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        super()._robots_error(exc, netloc)
        if "max redirections" not in str(exc):
            spider = self.crawler.spider
            spider.context.hosts_without_robots[netloc] = str(exc) or type(exc).__name__  # type: ignore[union-attr]
            self._parsers[netloc] = ProtegoRobotParser(FORBID, spider)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Asked twice: who waited while the answer was thrown away would be let through by the first reading."""
        await super().robot_parser(request)
        parser = await super().robot_parser(request)
        if len(self._parsers) > MOST_KEPT:  # a crawl of a thousand sites would hold a thousand of them
            oldest = next(iter(self._parsers))
            if not isinstance(self._parsers[oldest], Deferred):
                del self._parsers[oldest]
        return parser


class RobotsByTheBook:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.slow_down, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsByTheBook":
        return cls(crawler)

    @property
    def context(self) -> CrawlContext:
        return self.crawler.spider.context  # type: ignore[union-attr,no-any-return]

    def process_response(self, request: Request, response: Response) -> Response:
        if not is_robots(request):
            return response
        if response.status >= 500 or response.status == 429:
            return self.forbid(request, f"it answered {response.status}")
        allowed = response.body[:LONGEST] if response.status == 200 else b""
        return response.replace(status=200, body=AGENT_LINE.sub(one_of_two, allowed))

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """Unreachable is no permission (§2.3.1.4)."""
        return self.forbid(request, str(exception) or type(exception).__name__) if is_robots(request) else None

    def forbid(self, request: Request, why: str) -> Response:
        self.context.hosts_without_robots[asked_host(request)] = why
        return TextResponse(request.url, status=200, body=FORBID)

    def slow_down(self, robotparser: Any, request: Request) -> None:
        """A Crawl-delay longer than ours is kept, up to a minute; a replaying origin (no delay) needs none."""
        asked = delay_asked(robotparser)
        engine = self.crawler.engine
        if not asked or engine is None or not self.context.settings.crawl.delay_seconds:
            return
        slot = engine.downloader.slots.get(engine.downloader.get_slot_key(request))
        if slot is not None:
            slot.delay = max(slot.delay, asked)
            # A slot is forgotten when it rests for a minute; the next one of this host starts with what stands here.
            engine.downloader.per_slot_settings[engine.downloader.get_slot_key(request)] = {"delay": slot.delay}


def delay_asked(robotparser: RobotParser) -> float:
    """Seconds, at most a minute."""
    return min(robotparser.crawl_delay(PRODUCT) or 0.0, LONGEST_DELAY)


def one_of_two(line: re.Match[bytes]) -> bytes:
    """Ours or somebody else's: tokens are compared whole, in either case and without a version (§2.2.1), where the
    parser takes any part of our name for us."""
    token = TOKEN.match(line[2])
    name = token[0].lower() if token else b""
    ours = PRODUCT.encode()
    return line[1] + (b"*" if name == b"*" else ours if name == ours.lower() else b"someone-else")


def asked_host(request: Request) -> str:
    """The host whose robots.txt this is, wherever a redirect has led since."""
    first: str = next(iter(request.meta.get("redirect_urls", [])), request.url)
    return urlsplit(first).netloc


def is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt")) and request.callback is NO_CALLBACK
