"""A week's material as the store has it: counts that are true, changes readers should hear of, launches in short."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from config import Settings
from db.models import Comparison, Crawl, Edition, Entry
from db.session import Store
from digest.compose import Week
from digest.material import gather, opinions
from jobs import lenses
from panel import decisions
from tests.factories import (
    ADA,
    MONDAY,
    make_approved_comparison,
    make_comparison,
    make_edition,
    make_editor,
    make_fact,
    make_launch,
    make_reviews,
    make_single,
    make_source,
    make_tool,
    move_price,
)

LAST_WEEK, TUESDAY, NEXT_MONDAY = MONDAY - timedelta(days=7), MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)


def edition_of_the_week(session: Session, **values: Any) -> Edition:
    given = {"from_at": MONDAY - timedelta(hours=1), "until_at": NEXT_MONDAY, "send_at": NEXT_MONDAY}
    return make_edition(session, **given | values)


def with_entry(session: Session, settings: Settings) -> Edition:
    pair, edition = make_approved_comparison(session, settings), edition_of_the_week(session)
    session.add(Entry(comparison_id=pair.id, edition_id=edition.id, position=1))
    session.flush()
    return edition


def published(session: Session, settings: Settings) -> Comparison:
    """A comparison readers saw last week."""
    pair = make_approved_comparison(session, settings, LAST_WEEK)
    pair.state, pair.published_at = "published", LAST_WEEK
    session.add(pair)
    return pair


def price_moves(session: Session, pair: Comparison, amount: str = "49", at: datetime = TUESDAY) -> None:
    move_price(session, decisions.tools_of(session, pair)[0], amount, at)


def gathered(session: Session, settings: Settings, edition: Edition | None = None) -> Week:
    return gather(session, settings, edition or edition_of_the_week(session), lenses())


def quick_names(session: Session, settings: Settings) -> list[str]:
    return [one["name"] for one in gathered(session, settings).quick]


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_tells_both_tools(store: Store, settings: Settings) -> None:
    with store.write() as session:
        [entry] = gathered(session, settings, with_entry(session, settings)).entries

    assert [(tool.name, tool.outcome, tool.ships, tool.skips) for tool in entry.tools] == [
        ("Kettle", "ship", 3, 1),
        ("Emberloaf", "ship", 3, 1),
    ]
    assert entry.url == "https://verdicts.example/compare/kettle-vs-emberloaf"
    assert {tool.checked for tool in entry.tools} == {"16 Nov"}


def test_marks_stand_in_the_lenses_order(store: Store, settings: Settings) -> None:
    with store.write() as session:
        [entry] = gathered(session, settings, with_entry(session, settings)).entries

    assert [mark["reviewer"] for mark in entry.tools[0].marks] == [name for _, name in lenses()]
    assert [mark["stance"] for mark in entry.tools[0].marks] == ["ship", "ship", "ship", "skip"]


def test_opinions_know_what_they_rest_on(store: Store, settings: Settings) -> None:
    with store.write() as session:
        [entry] = gathered(session, settings, with_entry(session, settings)).entries

    assert len(entry.opinions) == 8
    assert all(opinion.is_anchored for opinion in entry.opinions)


def test_a_replaced_review_is_not_quoted(store: Store, settings: Settings) -> None:
    with store.write() as session:
        pair = make_comparison(session)
        make_reviews(session, pair)
        decisions.add_review(session, pair.id or 0, "kettle", "builder", "skip", "It broke.", "ada", TUESDAY)
        quotes = [one.quote for one in opinions(session, pair, dict(lenses()))]
        assert len(quotes) == 8
        assert quotes.count("It broke.") == 1


def test_an_unsure_price_is_not_told(store: Store, settings: Settings) -> None:
    with store.write() as session:
        tool = make_tool(session, "Quill")
        make_fact(session, tool, "entry_price", "$9/month", normal={"period": "month"}, confidence=0.4)

        assert gathered(session, settings).quick[0]["price"] == "Price not stated"


@pytest.mark.parametrize(
    ("normal", "said"),
    [({"period": "month"}, "$9/month"), ({}, "Price not stated")],
)
def test_a_price_needs_its_period(store: Store, settings: Settings, normal: dict[str, str], said: str) -> None:
    with store.write() as session:
        tool = make_tool(session, "Quill")
        make_fact(session, tool, "tier", "Paid")
        make_fact(session, tool, "entry_price", "$9/month", normal=normal)

        assert gathered(session, settings).quick[0]["price"] == said


@pytest.mark.parametrize(("spdx", "said"), [("MIT", "Open source, MIT"), ("BUSL-1.1", "Price not stated")])
def test_only_an_open_licence_is_called_open(store: Store, settings: Settings, spdx: str, said: str) -> None:
    with store.write() as session:
        make_fact(session, make_tool(session, "Quill"), "licence", spdx, normal={"spdx": spdx})

        assert gathered(session, settings).quick[0]["price"] == said


def test_an_entry_may_be_one_tool(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_editor(session)
        single, edition = make_single(session, update_why="its price halved"), edition_of_the_week(session)
        make_reviews(session, single)
        decisions.approve(session, settings, single.id or 0, ADA, MONDAY)
        make_tool(session, "Quill")
        session.add(Entry(comparison_id=single.id, edition_id=edition.id, position=1))
        session.flush()
        week = gathered(session, settings, edition)

    [entry] = week.entries
    assert [(tool.name, tool.outcome) for tool in entry.tools] == [("Kettle", "ship")]
    assert (entry.url, entry.update_why) == ("https://verdicts.example/compare/kettle", "its price halved")
    assert len(entry.opinions) == 4
    assert [one["name"] for one in week.quick] == ["Quill"]


# ── verdicts that changed ────────────────────────────────────────────────────────────────────────


def test_a_moved_fact_tells_was_and_recheck(store: Store, settings: Settings) -> None:
    with store.write() as session:
        price_moves(session, published(session, settings))
        [line] = gathered(session, settings).changed

    assert (line["tool"], line["what"]) == ("Kettle", "entry price $29/month → $49/month")
    assert (line["was"], line["now"], line["since"]) == ("SHIP 3–1", "re-check", "17 Nov")
    assert (line["source_url"], line["url"]) == (
        "https://kettle.example/#entry_price",
        "https://verdicts.example/compare/kettle-vs-emberloaf",
    )


def test_a_second_verdict_is_told_as_now(store: Store, settings: Settings) -> None:
    with store.write() as session:
        pair = published(session, settings)
        price_moves(session, pair)
        make_reviews(session, pair, TUESDAY, ship=1)
        decisions.approve(session, settings, pair.id or 0, ADA, TUESDAY + timedelta(hours=1))
        [line] = gathered(session, settings).changed

    assert (line["was"], line["now"]) == ("SHIP 3–1", "SKIP 3–1")


def test_what_readers_never_saw_is_no_change(store: Store, settings: Settings) -> None:
    with store.write() as session:
        price_moves(session, make_approved_comparison(session, settings, LAST_WEEK))

        assert gathered(session, settings).changed == []


@pytest.mark.parametrize("at", [MONDAY - timedelta(hours=2), MONDAY - timedelta(hours=1), NEXT_MONDAY + timedelta(1)])
def test_another_weeks_change_is_not_told(store: Store, settings: Settings, at: datetime) -> None:
    with store.write() as session:
        price_moves(session, published(session, settings), at=at)

        assert gathered(session, settings).changed == []


def test_a_change_is_told_in_one_week_only(store: Store, settings: Settings) -> None:
    with store.write() as session:
        price_moves(session, published(session, settings), at=TUESDAY)
        weeks = [
            edition_of_the_week(session, until_at=TUESDAY),
            edition_of_the_week(session, number=2, from_at=TUESDAY),
        ]

        assert [len(gathered(session, settings, one).changed) for one in weeks] == [1, 0]


def test_two_moves_are_one_change_of_verdict(store: Store, settings: Settings) -> None:
    """The verdict rested on the first price only."""
    with store.write() as session:
        pair = published(session, settings)
        price_moves(session, pair)
        price_moves(session, pair, "59", TUESDAY + timedelta(hours=5))

        assert len(gathered(session, settings).changed) == 1


# ── launches in short, and the counts ────────────────────────────────────────────────────────────


def test_compared_tools_are_no_quick_launches(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_comparison(session)
        make_tool(session, "Quill")

        assert quick_names(session, settings) == ["Quill"]


def test_a_rejected_pair_frees_its_tools(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_comparison(session, state="rejected", decided_by=ADA, decided_why="a bad pair")

        assert quick_names(session, settings) == ["Kettle", "Emberloaf"]


@pytest.mark.parametrize(
    "values",
    [
        {"availability": "dead"},
        {"availability": "unread"},
        {"tagline": ""},
        {"first_seen_at": LAST_WEEK},
        {"first_seen_at": NEXT_MONDAY + timedelta(1)},
    ],
)
def test_a_quick_launch_is_new_and_alive(store: Store, settings: Settings, values: dict[str, Any]) -> None:
    with store.write() as session:
        make_tool(session, "Quill", **values)

        assert quick_names(session, settings) == []


def test_the_most_noticed_come_first(store: Store, settings: Settings) -> None:
    with store.write() as session:
        for name, traction in [("Quill", {"points": 3}), ("Murmur", {"stars": 900}), ("Tally", {})]:
            make_launch(session, make_tool(session, name), traction=traction)

        assert quick_names(session, settings) == ["Murmur", "Quill", "Tally"]


def test_quick_launches_are_capped(store: Store, settings: Settings) -> None:
    with store.write() as session:
        for number in range(12):
            make_tool(session, f"Tool{number}")

        assert len(quick_names(session, settings)) == settings.edition.most_quick_launches == 8


def test_launches_are_counted_without_noise(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_launch(session, make_tool(session, "Quill"))
        make_launch(session, external_id="noise", kind="noise")
        make_launch(session, external_id="update", kind="update")
        make_launch(session, external_id="old", first_seen_at=LAST_WEEK)

        assert gathered(session, settings).launches == 1


def test_sources_are_counted_when_they_answered(store: Store, settings: Settings) -> None:
    outcomes = {"hackernews": "ok", "github": "not-modified", "wire": "partial", "down": "error", "homepage": "ok"}
    with store.write() as session:
        for key, outcome in outcomes.items():
            make_source(session, key)
            for _ in range(2):
                session.add(Crawl(source_key=key, started_at=TUESDAY, finished_at=TUESDAY, outcome=outcome))
        session.add(Crawl(source_key="down", started_at=LAST_WEEK, finished_at=LAST_WEEK, outcome="ok"))
        session.flush()

        assert gathered(session, settings).sources == 3


def test_the_date_is_the_readers_own(store: Store, settings: Settings) -> None:
    late = datetime.fromisoformat("2026-11-19T23:30+00:00")  # already Friday in Berlin
    with store.write() as session:
        found = gathered(session, settings, edition_of_the_week(session, send_at=late))

    assert (found.date, found.date_iso) == ("Fri 20 Nov 2026", "2026-11-20")
    assert found.web_url == "https://verdicts.example/editions/1"
