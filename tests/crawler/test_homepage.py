"""The tools' own pages: which are due, what they state, and where their words are kept."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from catalog.facts import NewFact, current_facts
from catalog.ledger.contradictions import contradictions_of
from config import Settings
from crawler.context import CrawlContext
from crawler.items import PageRead, ToolReading
from crawler.pipelines import store_one
from crawler.spiders.homepage import parse
from db.models import Change, Fact, Launch, Snapshot, Tool
from db.session import Store
from db.words import Availability
from tests.catalog.items import item
from tests.factories import MONDAY, make_launch, make_source, make_tool
from tests.fakes import FakeClock

CASES = sorted((Path(__file__).parents[1] / "pages" / "homepage").iterdir())
OWN_WORDS = ("name", "tagline", "description")
HOME, PRICING = "https://kettle.example/", "https://kettle.example/pricing"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_states_its_facts(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text())
    stated = parse((case / "payload.html").read_bytes(), expected["url"], MONDAY)
    found = {fact.key: fact for fact in stated if fact.key not in OWN_WORDS}

    for key, value in expected["facts"].items():
        assert found[key].value == value
    for key, normal in expected.get("normal", {}).items():
        assert {name: found[key].normal.get(name) for name in normal} == normal
    assert expected["facts"] or not found


def test_page_names_itself_in_its_text() -> None:
    payload = b"<title>Kettle</title><meta name=description content='Boils models.'><h1>Kettle</h1><p>Boils models.</p>"
    found = {fact.key: fact for fact in parse(payload, HOME, MONDAY)}

    assert (found["name"].quote, found["description"].quote) == ("Kettle", "Boils models.")
    assert (found["name"].start, found["name"].end) == (0, 6)


def test_unseen_words_are_no_finding() -> None:
    payload = b"<title>Kettle</title><meta name=description content='Boils models.'><h1>Tea</h1>"

    assert parse(payload, HOME, MONDAY) == []


@pytest.fixture
def context(store: Store, settings: Settings) -> CrawlContext:
    return CrawlContext(settings, store, FakeClock(MONDAY), {"homepage": ""})


# ── what is stored of a reading ──────────────────────────────────────────────────────────────────


def page(context: CrawlContext, url: str, **stated: str) -> PageRead:
    """A page that says just this; read a moment after the one before."""
    text = "\n".join(stated.values())
    context.clock.move(seconds=1)
    facts = [
        NewFact(key.rstrip("_"), value, {}, value, text.index(value), text.index(value) + len(value), 0.9)
        for key, value in stated.items()
    ]
    return PageRead(url, 200, text, context.clock(), tuple(facts))


def read(context: CrawlContext, tool: Tool, *pages: PageRead, **values: object) -> None:
    store_one(context, ToolReading(tool_id=tool.id, pages=list(pages), **values))


def rows(context: CrawlContext, table: type) -> list:
    with context.store.read() as session:
        return list(session.exec(select(table)))


@pytest.fixture
def kettle(context: CrawlContext) -> Tool:
    with context.store.write() as session:
        return make_tool(session, availability="unread", last_read_at=None)


def test_second_reading_stores_nothing_twice(context: CrawlContext, kettle: Tool) -> None:
    for days in (0, 2):
        context.clock.move(days=days)
        pages = [
            page(context, HOME, claim="in 40 ms", tier="Free"),
            page(context, PRICING, claim="for 3 seats", tier="Paid"),
        ]
        read(context, kettle, *pages)

    assert len(rows(context, Fact)) == 4
    assert len(rows(context, Snapshot)) == 2
    assert rows(context, Change) == []


def test_claims_of_every_page_stand_together(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, page(context, HOME, claim="in 40 ms"), page(context, PRICING, claim="for 3 seats"))
    with context.store.read() as session:
        values = {fact.value for fact in current_facts(session, kettle.id)}

    assert values == {"in 40 ms", "for 3 seats"}


def test_pricing_page_outranks_the_home_page(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, page(context, HOME, tier="Free"), page(context, PRICING, tier="Paid"))

    with context.store.read() as session:
        [fact] = current_facts(session, kettle.id)
        [pair] = contradictions_of(session, kettle.id)

    assert fact.value == "Paid"
    assert {one.value for one in pair.facts} == {"Free", "Paid"}


def test_unreachable_tool_keeps_its_facts(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, page(context, HOME, claim="in 40 ms"))
    context.clock.move(days=2)
    read(context, kettle, availability=Availability.UNREACHABLE, why="no answer")
    with context.store.read() as session:
        tool = session.get_one(Tool, kettle.id)
        values = [fact.value for fact in current_facts(session, kettle.id)]

    assert (tool.availability, tool.unavailable_why, tool.last_read_at) == ("unreachable", "no answer", context.clock())
    assert values == ["in 40 ms"]


def test_quote_can_be_found_in_its_snapshot(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, page(context, HOME, tagline="Boils models", tier="Free"))
    [snapshot] = rows(context, Snapshot)

    for fact in rows(context, Fact):
        assert snapshot.text[fact.quote_start : fact.quote_end] == fact.quote


def test_tool_describes_itself_best(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, name="KETTLE", tagline="A coding agent\nfor your\u202e codebase", repository="acme/kettle")
    [tool] = rows(context, Tool)

    assert (tool.name, tool.tagline) == ("KETTLE", "A coding agent for your codebase")
    assert (tool.category, tool.repository) == ("coding-agents", "acme/kettle")


def test_stranger_name_does_not_rename(context: CrawlContext, kettle: Tool) -> None:
    read(context, kettle, name="Just a moment...")
    [tool] = rows(context, Tool)

    assert tool.name == "Kettle"


def test_tool_merged_meanwhile_is_passed_over(context: CrawlContext) -> None:
    store_one(context, ToolReading(tool_id=404, pages=[page(context, HOME, tier="Free")]))

    assert rows(context, Fact) == rows(context, Snapshot) == []


def test_launches_are_counted_new_and_seen(context: CrawlContext) -> None:
    with context.store.write() as session:
        make_source(session)
    for _ in range(2):
        store_one(context, item())
    tally = context.tally("hackernews")

    assert dict(tally.counts) == {"launches_new": 1, "tools_new": 1, "launches_seen": 1}
    assert tally.newest == MONDAY


def test_item_that_fails_leaves_the_others(context: CrawlContext) -> None:
    with context.store.write() as session:
        make_launch(session, make_tool(session))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store_one(context, item(source="nobody"))

    assert len(rows(context, Launch)) == 1
