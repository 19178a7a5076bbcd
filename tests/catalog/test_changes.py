"""A moved fact brings back the verdicts that rest on it: those, all of those, and once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from catalog.changes import apply_changes, changes_since
from config import Settings
from db.models import AuditEntry, Change, Comparison, Fact, Tool
from db.session import Store
from db.words import ComparisonState
from tests.factories import MONDAY, make_approved_comparison, make_comparison, make_fact, price

LATER = MONDAY + timedelta(days=2)


def tool_of(session: Session, comparison: Comparison) -> Tool:
    return session.get(Tool, comparison.tool_a_id)


def fact_of(session: Session, comparison: Comparison, key: str = "entry_price") -> Fact:
    query = select(Fact).where(Fact.tool_id == comparison.tool_a_id, Fact.key == key)
    return session.exec(query.order_by(Fact.id.desc())).first()


def move(session: Session, before: Fact, after: Fact) -> Change:
    change = Change(
        tool_id=before.tool_id, key=before.key, before_fact_id=before.id, after_fact_id=after.id, happened_at=LATER
    )
    session.add(change)
    session.flush()
    return change


def move_price(session: Session, comparison: Comparison, amount: str = "49") -> Change:
    before = fact_of(session, comparison)
    return move(session, before, price(session, tool_of(session, comparison), amount, LATER))


@pytest.mark.parametrize("state", ["approved", "published"])
def test_decided_comparison_comes_back(store: Store, settings: Settings, state: str) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        comparison.state = state
        change = move_price(session, comparison)
        flipped = apply_changes(session, LATER)

        assert flipped == [comparison]
        assert comparison.state == ComparisonState.RECHECK
        assert comparison.recheck_why == "Kettle: entry price $29/month → $49/month"
        assert change.applied_at == LATER


@pytest.mark.parametrize("state", ["pending", "drafted"])
def test_undecided_comparison_is_left(store: Store, state: str) -> None:
    with store.write() as session:
        comparison = make_comparison(session, state=state)
        move_price(session, comparison)

        assert apply_changes(session, LATER) == []
        assert comparison.state == state


def test_only_comparisons_on_that_fact_come_back(store: Store, settings: Settings) -> None:
    with store.write() as session:
        kettle = make_approved_comparison(session, settings)
        other = make_comparison(session, "Murmur", "Lark")
        other.state, other.decided_by, other.decided_at, other.answer = "approved", "ada@x.example", MONDAY, "Yes."
        move_price(session, kettle)

        assert [row.slug for row in apply_changes(session, LATER)] == ["kettle-vs-emberloaf"]
        assert other.state == "approved"


def test_fact_nothing_rests_on_flips_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        tool = tool_of(session, comparison)
        move(
            session, make_fact(session, tool, "context_length", "8K"), make_fact(session, tool, "context_length", "9K")
        )

        assert apply_changes(session, LATER) == []
        assert comparison.state == "approved"


def test_change_is_applied_once(store: Store, settings: Settings) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        move_price(session, comparison)
        first = apply_changes(session, LATER)
        comparison.state = ComparisonState.APPROVED
        second = apply_changes(session, LATER + timedelta(hours=1))

        assert (len(first), second, comparison.state) == (1, [], "approved")


def test_two_moves_flip_a_comparison_once(store: Store, settings: Settings) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        move_price(session, comparison)
        tier = fact_of(session, comparison, "tier")
        move(session, tier, make_fact(session, tool_of(session, comparison), "tier", "Free", LATER))

        assert apply_changes(session, LATER) == [comparison]


def test_second_look_is_audited(store: Store, settings: Settings) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        move_price(session, comparison)
        apply_changes(session, LATER)
        audit = session.exec(select(AuditEntry).where(AuditEntry.action == "recheck")).one()

        assert audit.subject == f"comparison {comparison.id}"
        assert audit.detail == {"why": "Kettle: entry price $29/month → $49/month"}


def test_changes_are_told_since_a_day(store: Store) -> None:
    with store.write() as session:
        move_price(session, make_comparison(session))

        assert [told.what for told in changes_since(session, LATER)] == ["entry price $29/month → $49/month"]
        assert changes_since(session, LATER + timedelta(seconds=1)) == []
