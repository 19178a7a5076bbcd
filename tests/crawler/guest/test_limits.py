"""What one answer and one site may cost a crawl, counted without a server."""

import re
from importlib.metadata import version
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from config import ROOT, Settings, SourceSettings
from crawler.guest.limits import (
    API_LIMITS,
    LONGEST_HEAD,
    MEGABYTE,
    SITE_LIMITS,
    LimitReached,
    SiteLimits,
    api_hosts,
    bounded_factory,
    site_of,
)
from tests.crawler.crawling import effective_settings

HOME = "https://kettle.example/"


def crawler_with(**limits: Any) -> tuple[Crawler, SiteLimits]:
    crawler = get_crawler(settings_dict=limits)
    return crawler, SiteLimits.from_crawler(crawler)


def ask(limits: SiteLimits, url: str = HOME, **meta: Any) -> Request:
    request = Request(url, meta=meta)
    limits.process_request(request)
    return request


def test_request_over_the_share_is_refused() -> None:
    _, limits = crawler_with(SITE_LIMITS={"requests": 2})
    ask(limits)
    ask(limits, "https://www.kettle.example/pricing")

    with pytest.raises(
        LimitReached, match=r"https://kettle\.example/third was left out: this crawl has made 2 requests"
    ):
        ask(limits, "https://kettle.example/third")
    ask(limits, "https://pot.example/")


def test_bytes_count_as_they_arrive() -> None:
    crawler, limits = crawler_with(SITE_LIMITS={"bytes": 1000})
    request = ask(limits)
    for size in (400, 600):
        crawler.signals.send_catch_log(signals.bytes_received, data=b"x" * size, request=request, spider=None)

    with pytest.raises(
        LimitReached, match=r"this crawl has read 1,000 bytes from it, which is the most a site may cost"
    ):
        ask(limits)


def test_seconds_of_failures_count_too() -> None:
    _, limits = crawler_with(SITE_LIMITS={"seconds": 5})
    answered, failed = ask(limits), ask(limits)
    answered.meta["download_seconds"] = failed.meta["download_seconds"] = 2.5
    limits.process_response(answered, Response(HOME))
    limits.process_exception(failed, TimeoutError())

    with pytest.raises(LimitReached, match="this crawl has spent 5 seconds downloading from it"):
        ask(limits)


def test_redirect_costs_the_site_it_leads_to() -> None:
    _, limits = crawler_with(SITE_LIMITS={"seconds": 5})
    request = ask(limits)
    led_on = request.replace(url="https://pot.example/")
    limits.process_request(led_on)
    led_on.meta["download_seconds"] = 9.0
    limits.process_response(led_on, Response(led_on.url))

    ask(limits)
    with pytest.raises(LimitReached):
        ask(limits, "https://pot.example/other")


def test_same_seconds_are_counted_once() -> None:
    _, limits = crawler_with()
    request = ask(limits)
    request.meta["download_seconds"] = 2.0
    limits.process_response(request, Response(HOME))
    limits.process_response(request, Response(HOME))

    assert limits.spent["kettle.example"].seconds == 2.0


def test_interface_has_a_larger_share() -> None:
    _, limits = crawler_with(SITE_LIMITS={"requests": 1}, API_LIMITS={"requests": 3})
    for _ in range(3):
        ask(limits, is_api=True)

    with pytest.raises(LimitReached):
        ask(limits, is_api=True)
    assert all(API_LIMITS[unit] > SITE_LIMITS[unit] for unit in SITE_LIMITS)


def test_interface_is_known_by_its_address(settings: Settings) -> None:
    _, limits = crawler_with(API_HOSTS=api_hosts(settings))

    assert limits.is_api(Request("https://api.github.com/repos/a/b"))
    assert not limits.is_api(Request(HOME))


def test_mirror_of_an_interface_is_one_too(settings: Settings) -> None:
    mirrored = settings.model_copy(update={"sources": {"github": SourceSettings(base_url="http://127.0.0.1:9000")}})

    assert "127.0.0.1" in api_hosts(mirrored)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://docs.kettle.co.uk/a", "kettle.co.uk"),
        ("https://ada.github.io/kettle", "ada.github.io"),
        ("https://KETTLE.example:443/", "kettle.example"),
    ],
)
def test_site_is_what_somebody_registered(url: str, site: str) -> None:
    assert site_of(url) == site


def test_every_crawl_has_the_limits(settings: Settings) -> None:
    ours = effective_settings(settings, "homepage")

    assert ours["DOWNLOADER_MIDDLEWARES"]["crawler.guest.limits.SiteLimits"] > 850  # robots.txt and retries pass it too
    assert ours["DOWNLOAD_MAXSIZE"] == 5 * MEGABYTE
    assert ours["DOWNLOAD_TIMEOUT"] <= 30
    assert ours["REDIRECT_MAX_TIMES"] == 5
    assert ours["DOWNLOAD_VERIFY_CERTIFICATES"] is True


@pytest.mark.parametrize("setting", ["COOKIES_ENABLED", "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED"])
def test_what_a_crawl_never_needs_is_off(settings: Settings, setting: str) -> None:
    assert effective_settings(settings, "feed")[setting] is False


def test_only_http_is_spoken(settings: Settings) -> None:
    ours = dict(effective_settings(settings, "feed")["DOWNLOAD_HANDLERS"])
    scheme_defaults = get_crawler().settings.getdict("DOWNLOAD_HANDLERS_BASE")

    assert {scheme for scheme in {**scheme_defaults, **ours} if ours.get(scheme, "left open")} == {"http", "https"}


def test_brotli_can_be_bounded() -> None:
    """Before 1.2 its decompressor had no limit to give (CVE-2025-6176)."""
    assert tuple(map(int, version("brotli").split(".")[:2])) >= (1, 2)


def test_crawl_has_no_other_way_out() -> None:
    """All that is fetched passes the one guarded handler."""
    others = re.compile(
        r"^\s*(?:import|from) (urllib\.request|http\.client|requests|httpx2?|aiohttp|socket)\b", re.MULTILINE
    )
    files = list((ROOT / "crawler").rglob("*.py"))

    assert len(files) > 20
    assert [str(path) for path in files if others.search(path.read_text(encoding="utf-8"))] == []


def test_wire_may_carry_twice_the_body() -> None:
    assert bounded_factory(5 * MEGABYTE).longest_wire == 10 * MEGABYTE + LONGEST_HEAD
    assert bounded_factory(0).longest_wire == 0
