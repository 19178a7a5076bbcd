"""The ledger of facts: what is new, what is confirmed, what moved, and what stood when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from catalog.facts import NewFact, current_facts, find_sure, record_facts, same_statement
from db.models import Change, Fact, Snapshot, Tool
from db.session import Store
from tests.factories import MONDAY, make_fact, make_snapshot, make_tool

DAY = timedelta(days=1)


def found(key: str, value: str, *, confidence: float = 1.0, **normal: Any) -> NewFact:
    return NewFact(key, value, normal, value, 0, len(value), confidence)


def price(amount: str, **values: Any) -> NewFact:
    return found("entry_price", f"${amount}/month", amount=amount, currency="USD", period="month", **values)


def read(session: Session, tool: Tool, now: datetime, *facts: NewFact) -> tuple[int, list[Change]]:
    """One reading of a page that says just this."""
    tool.last_read_at = now
    added, changes = 0, []
    for fact in facts:
        more, moved = record_facts(session, tool.id, make_snapshot(session, tool, fact.quote, now), [fact], now)
        added, changes = added + more, changes + moved
    session.flush()
    return added, changes


def stored(session: Session) -> list[Fact]:
    return list(session.exec(select(Fact).order_by(col(Fact.id))))


def values_of(facts: list[Fact]) -> set[str]:
    return {fact.value for fact in facts}


def test_changed_fact_is_a_new_row(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        added, [change] = read(session, tool, MONDAY + DAY, price("49"))
        before, after = stored(session)

    assert (before.value, before.verified_at, after.value, added) == ("$29/month", MONDAY, "$49/month", 1)
    assert (change.before_fact_id, change.after_fact_id, change.happened_at) == (before.id, after.id, MONDAY + DAY)


def test_confirmed_fact_only_moves_its_date(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        outcome = read(session, tool, MONDAY + DAY, price("29"))
        [fact] = stored(session)

    assert outcome == (0, [])
    assert (fact.observed_at, fact.verified_at) == (MONDAY, MONDAY + DAY)


@pytest.mark.parametrize("spelling", ["2879.20", "2879.200", "02879.2"])
def test_another_spelling_is_no_change(store: Store, spelling: str) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("2879.2"))

        assert read(session, tool, MONDAY + DAY, price(spelling)) == (0, [])


def test_currency_or_period_is_a_change() -> None:
    usd = {"amount": "29", "currency": "USD", "period": "month"}

    assert same_statement("entry_price", usd, "a", {**usd, "plan": "Pro"}, "b")
    assert not same_statement("entry_price", usd, "a", {**usd, "currency": "EUR"}, "a")
    assert not same_statement("entry_price", usd, "a", {**usd, "period": "year"}, "a")
    assert not same_statement("entry_price", usd, "a", {}, "b")


def test_unwatched_fact_moves_without_an_event(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("stars", "100"))

        assert read(session, tool, MONDAY + DAY, found("stars", "140")) == (1, [])


def test_doubtful_reading_replaces_no_sure_one(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        outcome = read(session, tool, MONDAY + DAY, price("1", confidence=0.5))

        assert outcome == (0, [])
        assert values_of(current_facts(session, tool.id)) == {"$29/month"}


def test_doubtful_facts_write_no_event(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29", confidence=0.4))
        moved = [read(session, tool, MONDAY + n * DAY, fact)[1] for n, fact in ((1, price("49", confidence=0.4)),)]
        moved.append(read(session, tool, MONDAY + 2 * DAY, price("59"))[1])

    assert moved == [[], []]


def test_sure_reading_settles_a_doubtful_one(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29", confidence=0.4))
        outcome = read(session, tool, MONDAY + DAY, price("29"))
        sure = find_sure(current_facts(session, tool.id), "entry_price")

    assert outcome == (1, [])
    assert sure is not None and sure.confidence == 1.0


@pytest.mark.parametrize(("start", "end"), [(1, 10), (0, 8), (0, 0), (50, 59)])
def test_span_that_does_not_hold_is_dropped(store: Store, start: int, end: int) -> None:
    wrong = NewFact("tier", "Paid", {}, "$29/month" if end else "", start, end, 1.0)
    with store.write() as session:
        tool = make_tool(session)
        outcome = record_facts(session, tool.id, make_snapshot(session, tool, "$29/month"), [wrong], MONDAY)

        assert (outcome, stored(session)) == ((0, []), [])


def test_two_tools_have_their_own_facts(store: Store) -> None:
    with store.write() as session:
        kettle, ember = make_tool(session, "Kettle"), make_tool(session, "Emberloaf")
        read(session, kettle, MONDAY, price("29"))
        added, changes = read(session, ember, MONDAY, price("49"))

    assert (added, changes) == (1, [])


# ── what stood when ──────────────────────────────────────────────────────────────────────────────


def test_newest_of_a_single_fact_stands(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for n, amount in enumerate(("29", "39", "49")):
            read(session, tool, MONDAY + n * DAY, price(amount))

        assert values_of(current_facts(session, tool.id)) == {"$49/month"}


@pytest.mark.parametrize(
    ("days", "standing"), [(-1, set()), (0, {"$29/month"}), (1.5, {"$39/month"}), (9, {"$49/month"})]
)
def test_past_day_shows_what_stood_then(store: Store, days: float, standing: set[str]) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for n, amount in enumerate(("29", "39", "49")):
            read(session, tool, MONDAY + n * DAY, price(amount))

        assert values_of(current_facts(session, tool.id, MONDAY + timedelta(days=days))) == standing


def test_claim_no_page_repeats_no_longer_stands(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("claim", "in 40 ms"), found("claim", "at 99.9 %"))
        read(session, tool, MONDAY + DAY, found("claim", "in 40 ms"))

        assert values_of(current_facts(session, tool.id)) == {"in 40 ms"}
        assert len(stored(session)) == 2


@pytest.mark.parametrize(
    ("days", "standing"),
    [(0, {"kept", "dropped"}), (0.5, {"kept", "dropped"}), (1.5, {"kept", "dropped"}), (2, {"kept", "new"})],
)
def test_past_day_shows_the_claims_of_then(store: Store, days: float, standing: set[str]) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("claim", "kept"), found("claim", "dropped"))
        read(session, tool, MONDAY + DAY, found("claim", "kept"), found("claim", "dropped"))
        read(session, tool, MONDAY + 2 * DAY, found("claim", "kept"), found("claim", "new"))

        assert values_of(current_facts(session, tool.id, MONDAY + timedelta(days=days))) == standing


def test_quote_anchored_later_hides_no_claim(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("claim", "in 40 ms"))
        make_fact(session, tool, "claim", "for 3 seats", MONDAY + DAY)

        assert values_of(current_facts(session, tool.id)) == {"in 40 ms", "for 3 seats"}


def test_pages_of_one_reading_confirm_each_other(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for now in (MONDAY, MONDAY + DAY):
            known = current_facts(session, tool.id)
            for text in ("in 40 ms", "for 3 seats", "in 40 ms"):
                snapshot: Snapshot = make_snapshot(session, tool, text, now)
                record_facts(session, tool.id, snapshot, [found("claim", text)], now, known)
            tool.last_read_at = now

        assert len(stored(session)) == 2
        assert values_of(current_facts(session, tool.id)) == {"in 40 ms", "for 3 seats"}
