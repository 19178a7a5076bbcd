"""Scrapy's settings for a crawl: the good guest's, and what the operator and the spider's row of defaults say."""

from typing import Any

from config import Settings
from crawler.guest.addon import RESOLVER, GoodGuest
from crawler.guest.limits import api_hosts
from crawler.guest.network import trusted_hosts
from crawler.sources import delay_of

# Every request and item would pay for them. No depth is bounded, spiders see every status, name no domains and no
# passwords.
UNUSED_SPIDER_MIDDLEWARES = ("depth.DepthMiddleware", "httperror.HttpErrorMiddleware")
UNUSED_DOWNLOADER_MIDDLEWARES = ("httpauth.HttpAuthMiddleware", "offsite.OffsiteMiddleware")
UNUSED_EXTENSIONS = ("logstats.LogStats", "spiderstate.SpiderState", "feedexport.FeedExporter", "throttle.AutoThrottle")


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
        "SPIDER_MIDDLEWARES": {f"scrapy.spidermiddlewares.{name}": None for name in UNUSED_SPIDER_MIDDLEWARES},
        "DOWNLOADER_MIDDLEWARES": {
            f"scrapy.downloadermiddlewares.{name}": None for name in UNUSED_DOWNLOADER_MIDDLEWARES
        },
        "EXTENSIONS": {f"scrapy.extensions.{name}": None for name in UNUSED_EXTENSIONS},
        "ITEM_PIPELINES": {"crawler.pipelines.StorePipeline": 300},
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it would read the callback's source for every answer
        "HTTPERROR_ALLOW_ALL": True,  # spiders say themselves what a 404 means
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s %(message)s",
    }
