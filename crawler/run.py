"""One crawl of one spider in a process of its own: `python -m crawler.run SPIDER --sources a,b`.

A crash, leak or hang here cannot touch the clock or the sender. Prints one JSON document: counts per source.
"""

import argparse
import gc
import hashlib
import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import ROOT, Settings, load_settings
from crawler.context import CrawlContext, running_clock
from crawler.guest.manners import drop_old_pauses, keep_validators
from crawler.health.visits import record_visit
from crawler.sources import SPIDERS, known_sources
from db.session import open_store
from errors import AppError

KEPT_STATS = (
    "response_received_count", "retry/max_reached",
    "robotstxt/forbidden", "item_scraped_count", "memusage/max", "finish_reason", "spider_exceptions/count",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = read_arguments(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    logging.root.handlers[0].setLevel(logging.WARNING)  # Scrapy sets its own loggers' levels anew
    now = datetime.fromisoformat(options.now) if options.now else datetime.now(UTC)
    try:
        folders = {"RECORD_TO": options.record, "REPLAY_FROM": options.replay}
        counts = crawl(load_settings(options.config), options.spider, options.sources.split(","), now, folders)
    except AppError as exc:
        print(exc, file=sys.stderr)  # noqa: T201  # the parent reads it
        return 1
    print(json.dumps(counts))  # noqa: T201  # the parent reads it
    return 0


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crawler.run")
    parser.add_argument("spider", choices=SPIDERS)
    parser.add_argument("--sources", required=True, help="keys, comma-separated")
    parser.add_argument("--now", help="the moment this crawl believes in (ISO 8601)")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--record", type=Path, help="a folder to write every exchange into")
    parser.add_argument("--replay", type=Path, help="such a folder, to read from instead of the network")
    return parser.parse_args(arguments)


def crawl(
    settings: Settings, spider: str, keys: list[str], now: datetime, folders: Mapping[str, Path | None]
) -> dict[str, dict[str, Any]]:
    """
    Args:
        folders: RECORD_TO or REPLAY_FROM, when the exchanges are to be written down or read back.
    """
    if folders.get("REPLAY_FROM"):  # a folder needs no politeness
        settings = settings.model_copy(update={"crawl": settings.crawl.model_copy(update={"delay_seconds": 0.0})})
    urls = {row.key: row.base_url for row in known_sources(settings)}
    store = open_store(settings.store_url)
    context = CrawlContext(
        settings,
        store,
        running_clock(now),
        {key: urls[key] for key in keys},
        started_at=now,
        parser="" if any(folders.values()) else parser_of(spider),  # a recording holds whole answers
    )
    try:
        stats = run_spider(context, spider, {name: str(folder) for name, folder in folders.items() if folder})
        return record(context, load_spider(spider), keys, now, stats)
    finally:
        store.close()


def run_spider(context: CrawlContext, name: str, limits: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Crawl to the end. An exception inside a spider is noted on its source; it never ends as 'finished'.

    Args:
        limits: Scrapy settings to lay over ours, such as a shorter timeout.
    """
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.settings import scrapy_settings

    rest_the_collector()
    logging.disable(logging.INFO)  # Scrapy would make a record of every answer and item, for nobody to read
    process = AsyncCrawlerProcess(scrapy_settings(context.settings, name) | dict(limits or {}))
    crawler = process.create_crawler(load_spider(name))

    def note(failure: Any, response: Any, spider: Any) -> None:
        # after an errback `response` is the failure it was given; before the first request there is none
        request = getattr(response, "request", None)
        source = (request and request.meta.get("source")) or next(iter(context.sources))
        where = f"{request.url[:200]}: " if request else ""
        context.tally(source).problem(f"{where}{failure.type.__name__}: {failure.getErrorMessage()[:200]}")

    def note_item(failure: Any, item: Any, response: Any, spider: Any) -> None:
        source = getattr(item, "source", None) or "homepage"
        context.tally(source).counts["refused"] += 1
        context.tally(source).problem(f"an item could not be stored: {failure.getErrorMessage()[:200]}")

    crawler.signals.connect(note, signal=signals.spider_error)
    crawler.signals.connect(note_item, signal=signals.item_error)
    process.crawl(crawler, context=context)
    process.start()
    assert crawler.stats is not None
    reason = crawler.stats.get_value("finish_reason")
    if reason != "finished":
        for key in context.sources:
            context.tally(key).problem(f"the crawl was cut short ({reason})")
    return {key: value for key, value in crawler.stats.get_stats().items() if key in KEPT_STATS}


def parser_of(spider: str) -> str:
    """A fingerprint of the code that reads this spider's pages: when it changes, all are read anew."""
    code = ROOT / "crawler"
    files = [code / "spiders" / f"{spider}.py"]
    files += [file for part in (".", "reading", "relevance") for file in sorted((code / part).glob("*.py"))]
    files += sorted(code.glob("extract/*.py")) if spider == "homepage" else []
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def rest_the_collector() -> None:
    """What is loaded stays for the whole crawl, so it need not be looked through; and cycles may wait a little."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


def load_spider(name: str) -> Any:
    from importlib import import_module

    module = import_module(f"crawler.spiders.{name}")
    return next(
        value for value in vars(module).values() if isinstance(value, type) and getattr(value, "name", "") == name
    )


def record(
    context: CrawlContext, spider: Any, keys: list[str], started_at: datetime, stats: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    now = context.clock()
    told: dict[str, dict[str, Any]] = {}
    with context.store.write() as session:
        for key in keys:
            visit = record_visit(
                session,
                context.settings,
                key,
                context.tally(key),
                started_at,
                now,
                stats,
                may_be_empty=spider.may_be_empty,
                places=spider.places,
            )
            told[key] = {**context.tally(key).counts, "outcome": visit.outcome, "error": visit.error}
        keep_validators(session, context, now)
        drop_old_pauses(session, now)
    return told


if __name__ == "__main__":
    sys.exit(main())
