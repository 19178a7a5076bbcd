"""Scrapy's settings for a crawl: the good guest's, and what the operator and the spider's row of defaults say."""

from typing import Any

from scrapy.settings import default_settings

from config import Settings
from crawler.guest.addon import RESOLVER, GoodGuest
from crawler.guest.limits import api_hosts
from crawler.guest.network import trusted_hosts
from crawler.sources import delay_of

# Every request and item would pay for the others, or every crawl for loading them: an SSH server, a second HTTP client.
# No depth is bounded, spiders see every status, name no domains and no passwords. Scrapy loads what is listed as None
# too, so its own lists are cut down instead.
UNUSED = (
    "downloadermiddlewares.cookies",
    "downloadermiddlewares.httpauth",
    "downloadermiddlewares.httpproxy",
    "downloadermiddlewares.httpcache",
    "downloadermiddlewares.offsite",
    "downloadermiddlewares.stats",
    "spidermiddlewares.depth",
    "spidermiddlewares.httperror",
    "extensions.feedexport",
    "extensions.logcount",
    "extensions.logstats",
    "extensions.memdebug",
    "extensions.remote_control",
    "extensions.spiderstate",
    "extensions.telnet",
    "extensions.throttle",
)
LISTS = ("DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE", "EXTENSIONS_BASE")


def without_unused(name: str) -> dict[str, int]:
    """One of Scrapy's own lists of components, without those nobody here needs."""
    whole: dict[str, int] = getattr(default_settings, name)
    unused = tuple(f"scrapy.{module}." for module in UNUSED)
    return {path: place for path, place in whole.items() if not path.startswith(unused)}


def scrapy_settings(settings: Settings, spider: str) -> dict[str, Any]:
    return {
        "BOT_NAME": "verdicts",
        "ADDONS": {GoodGuest: 0},
        **RESOLVER,
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_DELAY": delay_of(settings, spider),
        "TRUSTED_HOSTS": trusted_hosts(settings, spider),
        "API_HOSTS": api_hosts(settings),
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts this many tasks for every response
        "CLOSESPIDER_TIMEOUT": settings.crawl.timeout_seconds,
        "CLOSESPIDER_PAGECOUNT": 5000,
        **{name: without_unused(name) for name in LISTS},
        "ITEM_PIPELINES": {"crawler.pipelines.StorePipeline": 300},
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it would read the callback's source for every answer
        "HTTPERROR_ALLOW_ALL": True,  # spiders say themselves what a 404 means
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s %(message)s",
    }
