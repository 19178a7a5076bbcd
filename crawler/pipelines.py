"""Store what spiders yield, in batches of one transaction each: a killed crawl loses its last batch and no more.

What was lost is read again by the next crawl, for a page's validators are kept only after its items.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from catalog.launches import LaunchItem, Recorded
from catalog.recording import record_figures, record_launches
from catalog.traction import TractionRead
from crawler.context import CrawlContext
from crawler.items import ToolReading
from crawler.storing import Told, store_readings

Item = LaunchItem | TractionRead | ToolReading
MOST_WAITING = 400
READING_WEIGHT = 4  # a reading holds its pages' texts, so fewer of them wait
LONGEST_WAIT = timedelta(seconds=2)
# What one item can do to a transaction. A store that is locked or gone is no item's fault.
POISON = (SQLAlchemyError, ValueError, TypeError, ArithmeticError)


@dataclass
class Stored:
    """What a batch came to."""

    launches: list[tuple[LaunchItem, Recorded]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    refused: list[tuple[Item, str]] = field(default_factory=list)


class StorePipeline:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.waiting: list[Item] = []
        self.weight = 0
        self.since: datetime | None = None
        crawler.signals.connect(self.flush, signal=signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        return cls(crawler)

    @property
    def context(self) -> CrawlContext:
        return self.crawler.spider.context  # type: ignore[union-attr,no-any-return]

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, LaunchItem | TractionRead | ToolReading):
            return item
        now = self.context.clock()
        self.since = self.since or now
        self.waiting.append(item)
        self.weight += READING_WEIGHT if isinstance(item, ToolReading) else 1
        if self.weight >= MOST_WAITING or now - self.since >= LONGEST_WAIT:
            self.flush()
        return item

    def flush(self) -> None:
        waiting, self.waiting, self.weight, self.since = self.waiting, [], 0, None
        if waiting:
            store_batch(self.context, waiting)

    def close_spider(self) -> None:
        self.flush()


def store_batch(context: CrawlContext, items: Sequence[Item]) -> None:
    """Store them in one transaction, or where one of them spoils it, each in a savepoint of its own."""
    try:
        try:
            stored = store_together(context, items)
        except OperationalError:
            raise
        except POISON:
            stored = store_apart(context, items)
    except OperationalError as exc:
        stored = Stored(refused=[(item, reason_of(exc)) for item in items])
    count(context, stored)


def store_together(context: CrawlContext, items: Sequence[Item]) -> Stored:
    """All of them or none. Raises what the store raises."""
    with context.store.write() as session:
        return store(session, items, context.clock())


def store_one(context: CrawlContext, item: Item) -> None:
    """One item in a transaction of its own. Raises what the store raises."""
    count(context, store_together(context, [item]))


def store_apart(context: CrawlContext, items: Sequence[Item]) -> Stored:
    whole = Stored()
    with context.store.write() as session:
        for item in items:
            try:
                with session.begin_nested():
                    one = store(session, [item], context.clock())
            except OperationalError:
                raise
            except POISON as exc:
                whole.refused.append((item, reason_of(exc)))
                continue
            whole.launches += one.launches
            whole.told += one.told
    return whole


def store(session: Session, items: Sequence[Item], now: datetime) -> Stored:
    launches = [item for item in items if isinstance(item, LaunchItem)]
    recorded = record_launches(session, launches, now) if launches else []
    if figures := [item for item in items if isinstance(item, TractionRead)]:
        record_figures(session, figures, now)
    readings = [item for item in items if isinstance(item, ToolReading)]
    told = [store_readings(session, readings, now)] if readings else []
    return Stored(list(zip(launches, recorded, strict=True)), told)


def reason_of(exc: Exception) -> str:
    return " ".join(str(getattr(exc, "orig", None) or exc).split())[:200]


def count(context: CrawlContext, stored: Stored) -> None:
    """After the commit: what was rolled back has not happened."""
    for item, recorded in stored.launches:
        tally = context.tally(item.source)
        tally.counts["launches_new" if recorded.is_new else "launches_seen"] += 1
        tally.counts["tools_new"] += recorded.tool_is_new
        if item.launched_at and (tally.newest is None or item.launched_at > tally.newest):
            tally.newest = item.launched_at
    for told in stored.told:
        tally = context.tally("homepage")
        tally.counts["facts_new"] += told.facts_new
        tally.stood.update(told.stood)
        tally.lost += told.lost
    for refused, why in stored.refused:
        source = "homepage" if isinstance(refused, ToolReading) else refused.source
        context.tally(source).counts["refused"] += 1
        context.tally(source).problem(f"{name_of(refused)} could not be stored: {why}")


def name_of(item: Item) -> str:
    if isinstance(item, ToolReading):
        return f"what was read of tool {item.tool_id}"
    return f"{'the launch' if isinstance(item, LaunchItem) else 'what was read of'} {item.external_id[:100]}"
