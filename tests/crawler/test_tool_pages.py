"""Which tools are due, what is known of their pages, and what a licence file's answer holds."""

import base64
from datetime import timedelta

import pytest
from sqlmodel import Session

from catalog.facts import NewFact
from config import Settings
from crawler.context import CrawlContext
from crawler.items import PageRead, ToolReading
from crawler.pipelines import store_one
from crawler.tool_pages import KnownPages, known_pages, licence_page, needs_licence_text, other_page, tools_to_read
from db.models import Tool
from db.session import Store
from tests.factories import MONDAY, make_tool
from tests.fakes import FakeClock

HOME, PRICING = "https://kettle.example/", "https://kettle.example/pricing"


@pytest.fixture
def context(store: Store, settings: Settings) -> CrawlContext:
    return CrawlContext(settings, store, FakeClock(MONDAY), {"homepage": ""})


def test_unread_tools_come_first(context: CrawlContext) -> None:
    with context.store.write() as session:
        for name, days in (("Old", 9), ("Older", 12), ("Fresh", 1)):
            make_tool(session, name, last_read_at=MONDAY - timedelta(days=days))
        make_tool(session, "Unread", last_read_at=None)

    assert [tool.name for tool in tools_to_read(context)] == ["Unread", "Older", "Old"]


@pytest.mark.parametrize(("days", "is_due"), [(3, False), (8, True)])
@pytest.mark.parametrize("availability", ["dead", "closed to robots", "bot wall", "parked", "moved"])
def test_gone_tool_rests_a_week(context: CrawlContext, availability: str, days: int, is_due: bool) -> None:
    with context.store.write() as session:
        make_tool(session, availability=availability, last_read_at=MONDAY - timedelta(days=days))

    assert bool(tools_to_read(context)) is is_due


def test_gone_tools_leave_room_for_others(context: CrawlContext) -> None:
    crawl = context.settings.crawl.model_copy(update={"most_tools_a_crawl": 1})
    context.settings = context.settings.model_copy(update={"crawl": crawl})
    with context.store.write() as session:
        make_tool(session, "Dead", availability="dead", last_read_at=MONDAY - timedelta(days=6))
        make_tool(session, "Living", last_read_at=MONDAY - timedelta(days=3))

    assert [tool.name for tool in tools_to_read(context)] == ["Living"]


def test_pricing_link_is_another_document() -> None:
    links = [
        "https://www.kettle.example/#pricing",
        "https://kettle.example/index.html#plans",
        f"{PRICING}?plan=pro#top",
    ]

    assert other_page(links, HOME) == f"{PRICING}?plan=pro"
    assert other_page(links[:2], HOME) is None


def read_kettle(session_context: CrawlContext) -> Tool:
    with session_context.store.write() as session:
        tool = unread(session)
    said = NewFact("tier", "Paid", {}, "Paid", 0, 4, 0.9)
    pages = [PageRead(HOME, 200, "Kettle", MONDAY), PageRead(PRICING, 200, "Paid", MONDAY, (said,))]
    store_one(session_context, ToolReading(tool_id=tool.id or 0, pages=pages))
    return tool


def unread(session: Session) -> Tool:
    return make_tool(session, availability="unread", last_read_at=None)


def test_priced_page_of_a_tool_is_remembered(context: CrawlContext) -> None:
    tool = read_kettle(context)

    assert known_pages(context, [tool]) == {tool.id: KnownPages(frozenset({HOME, PRICING}), (PRICING,))}


def test_tool_never_read_has_no_known_pages(context: CrawlContext) -> None:
    with context.store.write() as session:
        tool = unread(session)

    assert known_pages(context, [tool]) == {}


# ── the licence file ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("licence", "is_needed"),
    [
        ({"spdx_id": "NOASSERTION"}, True),
        ({"key": "other"}, True),
        ({"spdx_id": "MIT"}, False),
        (None, False),
        ("x", False),
    ],
)
def test_only_unnamed_licences_are_fetched(licence: object, is_needed: bool) -> None:
    assert needs_licence_text({"license": licence}) is is_needed


def answer(text: bytes, **values: object) -> dict[str, object]:
    return {"encoding": "base64", "content": base64.encodebytes(text).decode(), "path": "LICENSE", **values}


def test_licence_file_is_quoted() -> None:
    page = licence_page(answer(b"# Elastic License 2.0\n\nTerms"), "acme/kettle", MONDAY)

    assert page and page.url == "https://github.com/acme/kettle/blob/HEAD/LICENSE"
    [fact] = page.facts
    assert (fact.key, fact.value, fact.label) == ("licence", "Elastic-2.0", "our_check")
    assert page.text[fact.start : fact.end] == fact.quote == "Elastic License 2.0"


def test_unknown_licence_file_states_nothing() -> None:
    page = licence_page(answer(b"Ask Ada.\0\xff", path="docs/MY LICENCE"), "acme/kettle", MONDAY)

    assert page and (page.facts, page.text) == ((), "Ask Ada.\ufffd")
    assert page.url.endswith("/blob/HEAD/docs/MY%20LICENCE")


@pytest.mark.parametrize(
    "record", [{}, {"encoding": "none", "content": ""}, {"encoding": "base64", "content": 7}, answer(b"", content="ä")]
)
def test_answer_without_a_file_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        licence_page(record, "acme/kettle", MONDAY)


def test_empty_licence_file_is_no_page() -> None:
    assert licence_page(answer(b" \n"), "acme/kettle", MONDAY) is None
