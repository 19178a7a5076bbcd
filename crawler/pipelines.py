"""Store what spiders yield: one transaction an item, so that a killed crawl loses nothing it stored."""

import hashlib
from datetime import datetime
from typing import Any

from scrapy.crawler import Crawler
from sqlmodel import Session, select

from catalog.categories import categorise
from catalog.facts import SINGLE, NewFact, current_facts, record_facts
from catalog.launches import LaunchItem, record_launch
from catalog.text import one_line
from crawler.context import CrawlContext
from crawler.items import PageRead, ToolReading
from db.models import Launch, Snapshot, Tool
from db.words import Availability


class StorePipeline:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        context: CrawlContext = self.crawler.spider.context  # type: ignore[union-attr]
        if isinstance(item, LaunchItem):
            store_launch(context, item)
        elif isinstance(item, ToolReading):
            store_reading(context, item)
        return item


def store_launch(context: CrawlContext, item: LaunchItem) -> None:
    tally = context.tally(item.source)
    with context.store.write() as session:
        recorded = record_launch(session, item, context.clock())
    tally.counts["launches_new" if recorded.is_new else "launches_seen"] += 1
    tally.counts["tools_new"] += recorded.tool_is_new
    if item.launched_at and (tally.newest is None or item.launched_at > tally.newest):
        tally.newest = item.launched_at


def store_reading(context: CrawlContext, reading: ToolReading) -> None:
    """The pages of one tool, their facts and what they say of it, in one transaction."""
    tally = context.tally("homepage")
    now = context.clock()
    with context.store.write() as session:
        tool = session.get(Tool, reading.tool_id)
        if tool is None:  # absorbed by a merge since the crawl began
            return
        tool.availability, tool.unavailable_why = reading.availability, reading.why or None
        tool.last_read_at = now
        session.add(tool)
        if reading.availability == Availability.ALIVE:
            tally.counts["facts_new"] += store_pages(session, tool, reading, now)
            describe(session, tool, reading)


def store_pages(session: Session, tool: Tool, reading: ToolReading, now: datetime) -> int:
    """One moment for all pages of the reading: what none of them states any more no longer stands."""
    new = 0
    known = current_facts(session, tool.id or 0)
    chosen = choose_facts(reading.pages)
    for page in reading.pages:
        snapshot = store_snapshot(session, tool, page)
        facts = [fact for fact in page.facts if chosen.get(fact.key, (page, fact)) == (page, fact)]
        added, _ = record_facts(session, tool.id or 0, snapshot, facts, now, known)
        new += added
    return new


def choose_facts(pages: list[PageRead]) -> dict[str, tuple[PageRead, NewFact]]:
    """Of a key a tool has one of at a time, the surest reading; of equals, the later page (its pricing page)."""
    chosen: dict[str, tuple[PageRead, NewFact]] = {}
    for page in pages:
        for fact in page.facts:
            if fact.key in SINGLE and (fact.key not in chosen or fact.confidence >= chosen[fact.key][1].confidence):
                chosen[fact.key] = (page, fact)
    return chosen


def store_snapshot(session: Session, tool: Tool, page: PageRead) -> Snapshot:
    """A page that reads as last time is not stored again."""
    content_hash = hashlib.sha256(page.text.encode()).hexdigest()
    known = session.exec(
        select(Snapshot).where(
            Snapshot.tool_id == tool.id, Snapshot.url == page.url, Snapshot.content_hash == content_hash
        )
    ).first()
    if known:
        return known
    snapshot = Snapshot(
        tool_id=tool.id,
        url=page.url,
        fetched_at=page.fetched_at,
        status=page.status,
        content_hash=content_hash,
        text=page.text,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def describe(session: Session, tool: Tool, reading: ToolReading) -> None:
    """The tool's own page outranks an announcement; the category comes from its own words."""
    if reading.name.casefold() == tool.name.casefold():
        tool.name = reading.name  # "kettle" is what its repository is called, "Kettle" what it calls itself
    if reading.tagline:
        tool.tagline = one_line(reading.tagline)[:300]
    titles = session.exec(select(Launch.title).where(Launch.tool_id == tool.id)).all()
    own_words = " ".join(
        [tool.name, tool.tagline, tool.tagline, *titles, *(page.text[:4000] for page in reading.pages)]
    )
    tool.category, _ = categorise(own_words)
    if reading.repository and not tool.repository:
        tool.repository = reading.repository
    session.add(tool)
