"""The crawl's rivals, each in a process of its own: `python -m bench.crawl_rivals empty|usual STAGE PORT FOLDER COUNT`.

`empty` is Scrapy as it comes, whose callback does nothing; `usual` also reads each page with selectors and stores an
item with a session and a commit of its own. Neither asks for robots.txt; both ask one address, by the Host header.
"""

import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from sqlmodel import Session

from bench.crawl_origin import TODAY, launch_url
from bench.crawl_ours import peak_mb
from db.models import Launch, Source
from db.session import open_store

QUIET = {"LOG_LEVEL": "WARNING"}  # a line a page would cost the rival, and tells nothing


def main(kind: str, stage: str, port: str, folder: str, count: str) -> None:
    spider = {"empty": EmptySpider, "usual": UsualSpider}[kind]
    store = open_store(f"sqlite:///{folder}/rival.db")
    with store.write() as session:
        session.merge(Source(key="rival", spider="rival", title="Rival", url="http://rival.example/"))
    settings: dict[str, Any] = QUIET | (
        {"ITEM_PIPELINES": {"bench.crawl_rivals.UsualPipeline": 300}} if kind == "usual" else {}
    )
    began, used = time.perf_counter(), time.process_time()
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler, pages=pages_of(stage, int(count)), port=int(port), store=store)
    process.start()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    assert crawler.stats is not None
    told = {"requests": crawler.stats.get_value("response_received_count")}
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak_mb(), "told": told}))


def pages_of(stage: str, count: int) -> Iterator[tuple[str, str]]:
    """(host, path) of every page: launch pages, or both pages of every tool."""
    if stage == "pages":
        return (launch_url(number) for number in range(count))
    return ((f"tool-{number}.example", path) for number in range(count) for path in ("/", "/pricing"))


class EmptySpider(Spider):
    name = "empty"

    def __init__(self, pages: Iterator[tuple[str, str]], port: int, store: Any) -> None:
        super().__init__()
        self.pages, self.port, self.store = pages, port, store

    async def start(self) -> AsyncIterator[Request]:
        for host, path in self.pages:
            url = f"http://127.0.0.1:{self.port}{path}"
            yield Request(url, headers={"Host": host}, dont_filter=True, meta={"page": f"http://{host}{path}"})

    def parse(self, response: Response) -> Any:
        return None


class UsualSpider(EmptySpider):
    name = "usual"

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {
            "url": response.meta["page"],
            "title": response.css('meta[property="og:title"]::attr(content)').get()
            or response.css("title::text").get(""),
            "tagline": response.css('meta[name="description"]::attr(content)').get("")
            or response.css('meta[property="og:description"]::attr(content)').get(""),
            "facts": {
                "structured": response.css('script[type="application/ld+json"]::text').getall(),
                "prices": re.findall(r"\$\d+(?:\.\d\d)?", " ".join(response.css("body ::text").getall())),
                "links": response.css("a::attr(href)").getall(),
            },
        }


class UsualPipeline:
    """A session and a commit per item."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> "UsualPipeline":
        pipeline = cls()
        pipeline.crawler = crawler  # type: ignore[attr-defined]
        return pipeline

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        store = self.crawler.spider.store  # type: ignore[attr-defined]
        with Session(store.engine) as session:
            session.add(launch_of(item))
            session.commit()
        return item


def launch_of(item: dict[str, Any]) -> Launch:
    return Launch(
        source_key="rival",
        external_id=item["url"],
        url=item["url"],
        seen_on=item["url"],
        title=item["title"],
        name=item["title"][:200],
        tagline=item["tagline"],
        first_seen_at=TODAY,
        last_seen_at=TODAY,
        traction=item["facts"],
        kind="launch",
    )


if __name__ == "__main__":
    Path(sys.argv[4]).mkdir(parents=True, exist_ok=True)
    main(*sys.argv[1:])
