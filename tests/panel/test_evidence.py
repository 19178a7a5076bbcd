"""Quotes tied to the facts they rest on."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from catalog.facts import current_facts
from db.models import Fact, Snapshot, Tool
from db.session import Store
from panel.evidence import LONGEST_SPAN, Evidence, anchor, evidence_level
from tests.factories import make_fact, make_snapshot, make_tool, price


def tool_with_page(session: Session, text: str) -> Tool:
    tool = make_tool(session)
    make_snapshot(session, tool, text)
    return tool


def test_known_fact_is_cited_not_written_again(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool = make_tool(session)
        known = price(session, tool, "29")
        cited = anchor(session, tool.id or 0, "At $29 it is fair.", monday)

        assert [fact.id for fact in cited] == [known.id]
        assert len(session.exec(select(Fact)).all()) == 1


def test_figure_on_a_page_becomes_a_fact(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool = tool_with_page(session, "Kettle\nIt answers in 40 ms at the edge.\nBye")
        [fact] = anchor(session, tool.id or 0, "40 ms is quick.", monday)
        page = session.get_one(Snapshot, fact.snapshot_id)

    assert page.text[fact.quote_start : fact.quote_end] == fact.quote == "It answers in 40 ms at the edge."


def test_figure_standing_nowhere_cites_nothing(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool = tool_with_page(session, "It answers in 40 ms.")

        assert anchor(session, tool.id or 0, "60 ms is quick.", monday) == []
        assert session.exec(select(Fact)).all() == []


@pytest.mark.parametrize("before", [0, 150, 600, 3000])
def test_figure_deep_in_a_long_line_is_found(store: Store, monday: datetime, before: int) -> None:
    text = "word " * before + "answers in 40 ms " + "and more " * 300
    with store.write() as session:
        tool = tool_with_page(session, text)
        [fact] = anchor(session, tool.id or 0, "40 ms is quick.", monday)

    assert " 40 ms" in fact.quote
    assert len(fact.quote) <= LONGEST_SPAN
    assert text[fact.quote_start : fact.quote_end] == fact.quote


def test_cut_span_holds_whole_words_only(store: Store, monday: datetime) -> None:
    text = "abcdefghijk " * 80 + "answers in 40 ms " + "lmnopqrstuv " * 80
    with store.write() as session:
        tool = tool_with_page(session, text)
        [fact] = anchor(session, tool.id or 0, "40 ms is quick.", monday)

    assert set(fact.quote.split()) == {"abcdefghijk", "answers", "in", "40", "ms", "lmnopqrstuv"}


def test_only_the_newest_reading_of_a_page_counts(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool = tool_with_page(session, "It answers in 40 ms.")
        make_snapshot(session, tool, "It answers in 55 ms.", monday + timedelta(days=1))

        assert anchor(session, tool.id or 0, "40 ms is quick.", monday) == []
        assert len(anchor(session, tool.id or 0, "55 ms is quick.", monday)) == 1


def test_pages_of_another_tool_are_not_read(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool_with_page(session, "It answers in 40 ms.")
        other = make_tool(session, "Emberloaf")

        assert anchor(session, other.id or 0, "40 ms is quick.", monday) == []


def test_anchored_quote_unseats_no_other_claim(store: Store, monday: datetime) -> None:
    with store.write() as session:
        tool = tool_with_page(session, "It serves 900 teams.")
        claim = make_fact(session, tool, "claim", "It answers in 40 ms.")
        anchor(session, tool.id or 0, "900 teams use it.", monday + timedelta(hours=1))

        assert claim in current_facts(session, tool.id or 0)


@pytest.mark.parametrize(
    ("keys", "level"),
    [
        ([], Evidence.FIRST_LOOK),
        (["claim"], Evidence.FIRST_LOOK),
        (["tier"], Evidence.FIRST_LOOK),
        (["claim", "licence"], Evidence.CLAIMED),
        (["tier", "claim", "claim"], Evidence.CLAIMED),
        (["tier", "claim", "claim", "licence"], Evidence.DOCUMENTED),
        (["claim", "claim", "claim", "licence"], Evidence.CLAIMED),
    ],
)
def test_evidence_grows_with_what_is_known(keys: list[str], level: Evidence) -> None:
    assert evidence_level([Fact(key=key, confidence=0.9) for key in keys]) is level


def test_doubtful_price_documents_nothing() -> None:
    facts = [Fact(key=key, confidence=0.5) for key in ("tier", "entry_price", "claim", "licence")]

    assert evidence_level(facts) is Evidence.CLAIMED
