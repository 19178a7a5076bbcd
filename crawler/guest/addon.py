"""The Scrapy add-on that makes any spider a good guest: polite, bounded, and deaf to every address but public ones.

Name it in ADDONS. It brings robots.txt by RFC 9309, conditional requests, pauses that outlive a crawl, one connection a
host, limits an answer and a site, the address guard, and recording. What it needs of the spider is `spider.context`.
"""

from typing import Any

from scrapy.settings import BaseSettings

from config import Settings
from crawler.guest.robots import PRODUCT

MEGABYTE = 1024 * 1024
HANDLER = "crawler.guest.manners.PatientHandler"

POLITE: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_USER_AGENT": PRODUCT,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 3.0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 2,
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],  # not 429 and 503: those asked us to wait
    "RETRY_PRIORITY_ADJUST": -1,
}
BOUNDED: dict[str, Any] = {
    "DOWNLOAD_TIMEOUT": 20,  # seconds for a whole answer, however it drips
    "DOWNLOAD_MAXSIZE": 5 * MEGABYTE,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_MAXDELAY": 10,
}
CLOSED: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER, "file": None, "ftp": None, "data": None, "s3": None},
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
}
MIDDLEWARES: dict[str, int | None] = {
    "crawler.guest.manners.Pauses": 90,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.guest.robots.ObeyRobots": 100,  # in its place
    "crawler.guest.robots.RobotsByTheBook": 540,  # beyond Scrapy's retry (550): only a final failure counts
    "crawler.guest.manners.Manners": 560,
    "crawler.guest.limits.SiteLimits": 860,  # beside the downloader: robots.txt, redirects and retries cost a site too
    "crawler.guest.recorder.Recorder": 950,
}
# Needed before an add-on is asked, so it stands in the process's own settings.
RESOLVER = {"TWISTED_DNS_RESOLVER": "crawler.guest.network.GuardedResolver"}


class GoodGuest:
    def update_settings(self, settings: BaseSettings) -> None:
        """What the project itself sets outranks this (priority "addon")."""
        named = {"USER_AGENT": Settings().user_agent}  # the name robots.txt is read by, and where to complain
        for name, value in (POLITE | BOUNDED | CLOSED | named).items():
            settings.set(name, value, "addon")
        for path, place in MIDDLEWARES.items():
            settings["DOWNLOADER_MIDDLEWARES"].setdefault(path, place)
