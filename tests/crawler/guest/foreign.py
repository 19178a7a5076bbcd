"""A spider of somebody else's, made polite by the add-on alone: `python -m … CONFIG SETTINGS URL…`.

Prints one JSON document: what each address answered, the settings in force and the delay of each host.
"""

import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from config import load_settings
from crawler.context import CrawlContext
from crawler.guest.addon import RESOLVER, GoodGuest
from crawler.guest.network import trusted_hosts
from db.session import open_store

TOLD = ("ROBOTSTXT_OBEY", "CONCURRENT_REQUESTS_PER_DOMAIN", "DOWNLOAD_MAXSIZE", "COOKIES_ENABLED", "USER_AGENT")


class Guest(scrapy.Spider):
    name = "guest"
    context: CrawlContext
    urls: list[str]
    answers: dict[str, Any]

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url, callback=self.parse, errback=self.failed, dont_filter=True)

    def parse(self, response: Any) -> None:
        engine = self.crawler.engine
        downloader = engine.downloader
        self.answers[response.url] = response.status
        self.answers["delays"] = {host: slot.delay for host, slot in downloader.slots.items()}
        self.answers["kept"] = downloader.per_slot_settings

    def failed(self, failure: Any) -> None:
        self.answers[failure.request.url] = failure.getErrorMessage()


def main(config: Path, own: dict[str, Any], urls: list[str]) -> None:
    settings = load_settings(config, environ={})
    context = CrawlContext(settings, open_store(settings.store_url), lambda: datetime(2026, 11, 16, 9, tzinfo=UTC), {})
    trusted = {"TRUSTED_HOSTS": trusted_hosts(settings, "guest"), "HTTPERROR_ALLOW_ALL": True}
    process = AsyncCrawlerProcess({"ADDONS": {GoodGuest: 0}, **RESOLVER, "LOG_ENABLED": False, **trusted, **own})
    crawler = process.create_crawler(Guest)
    answers: dict[str, Any] = {}
    process.crawl(crawler, context=context, urls=urls, answers=answers)
    process.start()
    told = {name: crawler.settings.get(name) for name in TOLD}
    print(json.dumps({"settings": told, **answers}))  # noqa: T201  # the test reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:])
