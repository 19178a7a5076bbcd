"""What spiders yield reaches the store in batches, whole or not at all, and a bad item harms only itself."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import event
from sqlmodel import select

from catalog.facts import NewFact, current_facts
from catalog.names import name_key
from catalog.traction import TractionRead
from config import ROOT, Settings
from crawler.context import CrawlContext
from crawler.items import PageRead, ToolReading
from crawler.pipelines import LONGEST_WAIT, MOST_WAITING, StorePipeline, store_batch
from crawler.spiders.feed import FeedSpider
from db.models import Change, Fact, Launch, Snapshot, Tool, Traction
from db.session import Store, make_engine
from tests.catalog.items import item
from tests.crawler.crawling import crawl, feed, prepare, route, serve
from tests.factories import MONDAY, make_source, make_tool
from tests.fakes import FakeClock

HOME, PRICING = "https://kettle.example/", "https://kettle.example/pricing"


@pytest.fixture
def context(store: Store, settings: Settings) -> CrawlContext:
    with store.write() as session:
        make_source(session)
        make_tool(session, availability="unread", last_read_at=None)
    return CrawlContext(settings, store, FakeClock(MONDAY), {"hackernews": ""})


@pytest.fixture
def pipeline(context: CrawlContext) -> StorePipeline:
    crawler = Crawler(FeedSpider)
    crawler.spider = FeedSpider(context)
    return StorePipeline.from_crawler(crawler)


def rows(context: CrawlContext, table: type) -> list:
    with context.store.read() as session:
        return list(session.exec(select(table)))


def launches(count: int, **values: Any) -> list:
    return [item(str(n), f"https://tool-{n}.example/", name=f"Tool {n}", **values) for n in range(count)]


# ── batches ──────────────────────────────────────────────────────────────────────────────────────


def test_full_batch_is_stored_at_once(pipeline: StorePipeline, context: CrawlContext) -> None:
    for one in launches(MOST_WAITING - 1):
        pipeline.process_item(one)
    before = len(rows(context, Launch))
    pipeline.process_item(item("last"))

    assert (before, len(rows(context, Launch))) == (0, MOST_WAITING)
    assert context.tally("hackernews").counts["launches_new"] == MOST_WAITING


def test_item_after_the_longest_wait_stores(pipeline: StorePipeline, context: CrawlContext) -> None:
    pipeline.process_item(item("1"))
    context.clock.move(seconds=LONGEST_WAIT.seconds)
    pipeline.process_item(item("2"))

    assert len(rows(context, Launch)) == 2


def test_end_of_the_crawl_stores_the_rest(pipeline: StorePipeline, context: CrawlContext) -> None:
    pipeline.process_item(item())
    pipeline.close_spider()

    assert len(rows(context, Launch)) == 1


def test_item_of_another_kind_passes_through(pipeline: StorePipeline, context: CrawlContext) -> None:
    stranger = {"not": "ours"}

    assert pipeline.process_item(stranger) is stranger
    assert pipeline.waiting == []


def test_batch_is_one_transaction(context: CrawlContext) -> None:
    commits: list[int] = []
    event.listen(context.store.engine, "commit", lambda _connection: commits.append(1))
    reading = ToolReading(1, pages=[page(context, HOME, tier="Free")])
    store_batch(context, [*launches(30), reading, TractionRead("hackernews", "3", MONDAY, {"points": 3})])

    assert len(commits) == 1
    assert [len(rows(context, table)) for table in (Launch, Fact, Traction)] == [30, 1, 1]


def test_newest_launch_is_told(context: CrawlContext) -> None:
    store_batch(context, [item("1"), item("2", launched_at=MONDAY - timedelta(days=1)), item("3", launched_at=None)])

    assert context.tally("hackernews").newest == MONDAY


def test_reading_of_an_unknown_launch_is_passed_over(context: CrawlContext) -> None:
    store_batch(context, [TractionRead("hackernews", "404", MONDAY, {"points": 3})])

    assert rows(context, Traction) == [] and context.tally("hackernews").problems == []


# ── a bad item ───────────────────────────────────────────────────────────────────────────────────

POISON = {
    "a source nobody knows": item("bad", source="nobody"),
    "a number no column holds": TractionRead("hackernews", "3", MONDAY, {"points": {1, 2}}),
}


@pytest.mark.parametrize("bad", POISON.values(), ids=POISON)
def test_poisonous_item_harms_only_itself(context: CrawlContext, bad: Any) -> None:
    store_batch(context, launches(5))
    store_batch(context, [*launches(20), bad, item("after", HOME)])
    [problem] = context.tally(bad.source).problems

    assert len(rows(context, Launch)) == 21
    assert "could not be stored: " in problem and bad.external_id in problem
    assert context.tally("hackernews").counts["launches_new"] == 21


def test_locked_store_is_no_fault_of_the_items(context: CrawlContext) -> None:
    busy = make_engine(context.settings.store_url)
    with context.store.engine.connect() as ours:
        ours.exec_driver_sql("PRAGMA busy_timeout=1")
    with busy.begin():
        store_batch(context, launches(3))
    tally = context.tally("hackernews")
    busy.dispose()

    assert tally.counts["errors"] == 3 and all("locked" in why for why in tally.problems)


# ── readings of tools ────────────────────────────────────────────────────────────────────────────


def page(context: CrawlContext, url: str, **stated: str) -> PageRead:
    """A page that says just this."""
    text = "\n".join(stated.values())
    facts = [
        NewFact(key.rstrip("_"), value, {}, value, text.index(value), text.index(value) + len(value), 0.9)
        for key, value in stated.items()
    ]
    return PageRead(url, 200, text, context.clock(), tuple(facts))


def read(context: CrawlContext, *pages: PageRead, **values: Any) -> None:
    store_batch(context, [ToolReading(1, pages=list(pages), **values)])


def standing(context: CrawlContext) -> dict[str, Any]:
    with context.store.read() as session:
        return {fact.value: fact.verified_at for fact in current_facts(session, 1)}


def test_second_reading_within_a_day_writes_no_fact(context: CrawlContext) -> None:
    for _ in range(2):
        read(context, page(context, HOME, claim="in 40 ms"), page(context, PRICING, tier="Paid"))
        context.clock.move(hours=6)

    assert set(standing(context).values()) == {MONDAY}
    assert (len(rows(context, Fact)), len(rows(context, Snapshot))) == (2, 2)
    assert rows(context, Tool)[0].last_read_at == MONDAY + timedelta(hours=6)


def test_confirmation_moves_once_a_day(context: CrawlContext) -> None:
    for _ in range(2):
        read(context, page(context, HOME, claim="in 40 ms", tier="Paid"))
        context.clock.move(days=1)

    assert set(standing(context).values()) == {MONDAY + timedelta(days=1)}


def test_claim_left_out_stands_no_more(context: CrawlContext) -> None:
    read(context, page(context, HOME, claim="in 40 ms", claim_="for 3 seats"))
    context.clock.move(hours=6)
    read(context, page(context, HOME, claim="in 40 ms"))

    assert set(standing(context)) == {"in 40 ms"}


def test_new_claim_leaves_the_others_standing(context: CrawlContext) -> None:
    read(context, page(context, HOME, claim="in 40 ms"))
    context.clock.move(hours=6)
    read(context, page(context, HOME, claim="in 40 ms", claim_="for 3 seats"))

    assert set(standing(context)) == {"in 40 ms", "for 3 seats"}


def test_moved_price_is_an_event(context: CrawlContext) -> None:
    for price in ("$29/month", "$39/month"):
        read(context, page(context, PRICING, entry_price=price))
        context.clock.move(days=1)
    [change] = rows(context, Change)

    assert [fact.value for fact in rows(context, Fact) if fact.id == change.after_fact_id] == ["$39/month"]


def test_unchanged_pages_confirm_what_they_said(context: CrawlContext) -> None:
    read(context, page(context, HOME, claim="in 40 ms"), page(context, PRICING, claim="for 3 seats"))
    context.clock.move(days=2)
    read(context, unchanged=True, unchanged_urls=[HOME, PRICING])

    assert standing(context) == dict.fromkeys(("in 40 ms", "for 3 seats"), MONDAY + timedelta(days=2))


def test_unchanged_page_keeps_its_surer_word(context: CrawlContext) -> None:
    read(context, page(context, HOME, tier="Free"))
    context.clock.move(days=2)
    doubtful = PageRead(PRICING, 200, "Paid", context.clock(), (NewFact("tier", "Paid", {}, "Paid", 0, 4, 0.7),))
    read(context, doubtful, unchanged_urls=[HOME])

    assert set(standing(context)) == {"Free"} and rows(context, Change) == []


def test_part_of_the_pages_does_not_describe_the_tool(context: CrawlContext) -> None:
    read(context, page(context, HOME, claim="A coding agent for your codebase"))
    category = rows(context, Tool)[0].category
    context.clock.move(days=2)
    read(context, page(context, PRICING, tier="Paid"), unchanged_urls=[HOME])

    assert category == "coding-agents" == rows(context, Tool)[0].category


def test_tool_read_twice_in_a_batch_is_stored_in_order(context: CrawlContext) -> None:
    first, second = (ToolReading(1, pages=[page(context, HOME, tier=tier)]) for tier in ("Free", "Paid"))
    store_batch(context, [first, second])

    assert set(standing(context)) == {"Paid"} and len(rows(context, Change)) == 1


def test_renamed_tool_is_found_by_its_name(context: CrawlContext) -> None:
    read(context, page(context, HOME, claim="in 40 ms"), name="KETTLE")
    [tool] = rows(context, Tool)

    assert (tool.name, tool.name_key) == ("KETTLE", name_key("Kettle"))


def test_feed_and_icon_are_kept(context: CrawlContext) -> None:
    read(context, feed_links=(f"{HOME}feed", f"{HOME}rss"), icons=(f"{HOME}icon.png",), description="x" * 2000)
    [tool] = rows(context, Tool)

    assert (tool.feed_url, tool.icon_url, len(tool.description)) == (f"{HOME}feed", f"{HOME}icon.png", 1000)


def test_many_readings_take_few_statements(context: CrawlContext) -> None:
    with context.store.write() as session:
        tools = [make_tool(session, f"Tool {n}", last_read_at=None).id for n in range(50)]
    said: list[str] = []
    event.listen(context.store.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    store_batch(context, [ToolReading(n or 0, pages=[page(context, HOME, tier="Free")]) for n in tools])

    assert len(said) <= 14, said


# ── a crawl that is killed ───────────────────────────────────────────────────────────────────────

FEEDS = {name: f"http://{name}.example/feed.xml" for name in ("one", "two", "three")}
# Stands in for an interrupted crawl: the process dies right after its first batch, in the middle of its work.
KILLED = """
import os, signal, sys
from crawler import pipelines, run
pipelines.MOST_WAITING = 10
stored = pipelines.store_batch
def store_and_die(context, items):
    stored(context, items)
    os.kill(os.getpid(), signal.SIGKILL)
pipelines.store_batch = store_and_die
run.main(sys.argv[1:])
"""


def contents(store: Store) -> list[Any]:
    with store.read() as session:
        found = session.exec(select(Launch.source_key, Launch.external_id, Launch.title, Tool.slug).join(Tool)).all()
    return sorted(map(tuple, found))


@pytest.fixture
def grounds(tmp_path: Path, migrated: Path) -> Iterator[list[Any]]:
    """Two places with the same feeds."""
    places = []
    pages = [
        route(
            f"{name}.example",
            "/feed.xml",
            feed(*(f"{name} {n} – an AI agent" for n in range(25)), host=f"{name}.example"),
        )
        for name in FEEDS
    ]
    with serve(*pages) as origin:
        mirrored = {"delay_seconds": 0, "connect_to": {f"{name}.example": origin.url for name in FEEDS}}
        for name in ("killed", "whole"):
            (tmp_path / name).mkdir()
            places.append(prepare(tmp_path / name, migrated, crawl=mirrored, feeds=FEEDS))
        yield places
    for place in places:
        place.store.close()


def test_killed_crawl_run_again_leaves_the_same_rows(grounds: list[Any]) -> None:
    killed, whole = grounds
    arguments = ["feed", "--sources", ",".join(FEEDS), "--now", MONDAY.isoformat()]
    command = [sys.executable, "-c", KILLED, *arguments, "--config", str(killed.settings.config_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    left = len(contents(killed.store))
    for place in grounds:
        crawl(place, "feed", *FEEDS)

    assert done.returncode == -signal.SIGKILL and 0 < left < 75
    assert len(contents(whole.store)) == 75
    assert contents(killed.store) == contents(whole.store)
