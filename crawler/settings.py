"""Scrapy's settings for every crawl: polite and safe by default, nothing to forget a spider."""

from typing import Any

from config import Settings
from crawler.limits import api_hosts
from crawler.network import trusted_hosts
from crawler.robots import PRODUCT
from crawler.sources import delay_of

MEGABYTE = 1024 * 1024


def scrapy_settings(settings: Settings, spider: str) -> dict[str, Any]:
    delay = delay_of(settings, spider)
    handler = "crawler.network.GuardedHandler"
    return {
        "BOT_NAME": "verdicts",
        "USER_AGENT": settings.user_agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": PRODUCT,
        # One connection a host, and a pause between two requests to it.
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else 4,
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts this many tasks for every response
        # Limits per response and per crawl.
        "DOWNLOAD_TIMEOUT": 20,
        "DOWNLOAD_MAXSIZE": 5 * MEGABYTE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_MAXDELAY": 10,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # not 429 and 503: those asked us to wait
        "RETRY_PRIORITY_ADJUST": -1,
        "CLOSESPIDER_TIMEOUT": settings.crawl.timeout_seconds,
        "CLOSESPIDER_PAGECOUNT": 5000,
        # What may be spoken, and to whom.
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,
            "ftp": None,
            "data": None,
            "s3": None,
        },
        "TWISTED_DNS_RESOLVER": "crawler.network.GuardedResolver",
        "TRUSTED_HOSTS": trusted_hosts(settings, spider),
        "API_HOSTS": api_hosts(settings),
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        # 540 lies beyond Scrapy's retry (550): only a final failure counts.
        # 860 is beside the downloader: robots.txt, redirects and retries cost a site too.
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.robots.RobotsByTheBook": 540,
            "crawler.manners.Manners": 560,
            "crawler.manners.Pauses": 90,
            "crawler.recorder.Recorder": 950,
            "crawler.limits.SiteLimits": 860,
        },
        "ITEM_PIPELINES": {"crawler.pipelines.StorePipeline": 300},
        "HTTPERROR_ALLOW_ALL": True,  # spiders say themselves what a 404 means
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_FORMAT": "%(asctime)s %(levelname)s %(name)s %(message)s",
    }
