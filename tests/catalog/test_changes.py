"""What is an event and what is noise; and a moved fact brings back the verdicts resting on it, each once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from catalog.changes import (
    apply_changes,
    changes_since,
    has_flipped,
    has_returned,
    note_release,
    store_change,
    verdicts_under,
)
from catalog.facts import NewFact
from config import Settings
from db.models import AuditEntry, Change, Comparison, Fact, Release, Tool
from db.session import Store
from db.words import ComparisonState, FactLabel
from tests.catalog.readings import HOME, PRICING, REPOSITORY, found, licence, page, read, visit
from tests.catalog.readings import price as stated
from tests.factories import MONDAY, make_approved_comparison, make_comparison, make_fact, make_tool, price

LATER = MONDAY + timedelta(days=2)
DAY = timedelta(days=1)


def tool_of(session: Session, comparison: Comparison) -> Tool:
    return session.get(Tool, comparison.tool_a_id)


def fact_of(session: Session, comparison: Comparison, key: str = "entry_price") -> Fact:
    query = select(Fact).where(Fact.tool_id == comparison.tool_a_id, Fact.key == key)
    return session.exec(query.order_by(Fact.id.desc())).first()


def move(session: Session, before: Fact, after: Fact) -> Change:
    change = store_change(session, before, after, LATER)
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


def test_verdict_given_on_the_new_fact_stands(store: Store, settings: Settings) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings, LATER + DAY)
        move_price(session, comparison)

        assert apply_changes(session, LATER + 2 * DAY) == []
        assert comparison.state == "approved"


def test_event_remembers_what_it_flipped(store: Store, settings: Settings) -> None:
    """The first of two; by the second the comparison had come back already."""
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        change = move_price(session, comparison)
        move_price(session, comparison, "59")
        told = changes_since(session)
        before = [has_flipped(session, one, comparison) for one in told]
        apply_changes(session, LATER)
        comparison.state = ComparisonState.APPROVED

        assert [pair for pair, _ in verdicts_under(session, change)] == [comparison]
        assert (before, [has_flipped(session, one, comparison) for one in told]) == ([False, False], [True, False])


# ── what is an event ─────────────────────────────────────────────────────────────────────────────


def story(store: Store, *visits: list[NewFact], url: str = HOME, step: timedelta = DAY) -> list[str]:
    """The events of a page that said these things, day after day."""
    with store.write() as session:
        tool = make_tool(session)
        events = []
        for number, facts in enumerate(visits):
            events += read(session, tool, MONDAY + number * step, *facts, url=url)
        return [f"{event.key} {event.before} → {event.after}" for event in events]


def tier(value: str, *plans: str) -> NewFact:
    return found("tier", value, plans=[{"name": plan} for plan in plans])


def test_moved_price_is_an_event(store: Store) -> None:
    assert story(store, [stated("29")], [stated("49")]) == ["entry_price $29/month → $49/month"]


MOVES = {
    "tier": (tier("Free"), tier("Paid")),
    "licence": (licence("MIT"), licence("BUSL-1.1")),
    "weights": (found("weights", "open", open=True), found("weights", "closed", open=False)),
    "context_length": (found("context_length", "128K", tokens=128_000), found("context_length", "1M", tokens=10**6)),
    "parameters": (found("parameters", "70B", total=70 * 10**9), found("parameters", "72B", total=72 * 10**9)),
    "free": (
        found("entry_price", "Free", amount="0", currency=None, period=None, per=None, plan=None),
        stated("20"),
    ),
}


@pytest.mark.parametrize("key", MOVES)
def test_each_watched_key_moves(store: Store, key: str) -> None:
    before, after = MOVES[key]

    assert story(store, [before], [after]) == [f"{before.key} {before.value} → {after.value}"]


NOISE = {
    "the same amount": [[stated("2879.2")], [stated("2879.20")]],
    "reordered plans": [[tier("Paid", "Pro", "Team")], [tier("Paid", "Team", "Pro")]],
    "another plan named": [[stated("29", plan="Pro")], [stated("29", plan="Professional")]],
    "a licence in other words": [[found("licence", "MIT License")], [licence("MIT")]],
    "a currency shown by location": [[stated("20")], [stated("20", currency="EUR")], [stated("20")]],
    "billed by the year": [
        [stated("20", annual={"amount": "16", "currency": "USD", "period": "month"})],
        [stated("16")],
    ],
    "a page that says nothing": [[stated("29")], [], [stated("29")]],
    "a doubtful reading": [[stated("29")], [stated("49", confidence=0.5)], [stated("29")]],
    "doubtful, then sure": [[stated("29", confidence=0.4)], [stated("49")]],
    "a window counted in 1,024s": [
        [found("context_length", "128K", tokens=128_000)],
        [found("context_length", "131,072", tokens=131_072)],
    ],
    "parameters told exactly": [
        [found("parameters", "7B", total=7 * 10**9)],
        [found("parameters", "7.24B", total=7_241_732_096)],
    ],
    "stars": [[found("stars", "100")], [found("stars", "140")]],
}


@pytest.mark.parametrize("noise", NOISE)
def test_noise_is_no_event(store: Store, noise: str) -> None:
    assert story(store, *NOISE[noise]) == []


def test_price_moves_within_the_currency_it_is_shown_in(store: Store) -> None:
    euros = [stated("18", currency="EUR")]

    assert story(store, [stated("20")], euros, [stated("25")]) == ["entry_price $20/month → $25/month"]


def test_page_that_wavers_is_told_once(store: Store) -> None:
    low, high = [stated("29")], [stated("49")]

    assert story(store, low, high, low, high, low, high, low) == ["entry_price $29/month → $49/month"]


def test_value_that_is_back_is_told_once_it_holds(store: Store) -> None:
    low, high = [stated("29")], [stated("49")]
    events = story(store, low, high, *[low] * 10)

    assert events == ["entry_price $29/month → $49/month", "entry_price $49/month → $29/month"]


@pytest.mark.parametrize(("days", "returned"), [(1, False), (2, True), (11, False)])
def test_event_taken_back_is_not_worth_telling(store: Store, days: int, returned: bool) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for day, amount in enumerate(["29", "49", *["29"] * 9][: days + 1]):
            read(session, tool, MONDAY + day * DAY, stated(amount))

        assert has_returned(session, changes_since(session)[0]) is returned


def test_better_source_is_no_move(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, licence("MIT"))
        checked = page(REPOSITORY, LATER, licence("Apache-2.0", FactLabel.OUR_CHECK))

        assert visit(session, tool, page(HOME, LATER, licence("MIT")), checked, now=LATER) == []


def test_pricing_page_that_fails_moves_nothing(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        visit(session, tool, page(PRICING, MONDAY, stated("29")), page(HOME, MONDAY, stated("19", 0.7)), now=MONDAY)
        events = visit(session, tool, page(HOME, LATER, stated("19", 0.7), text="New!\n"), now=LATER)

        assert events == []


def test_price_of_a_page_that_is_gone_moves(store: Store) -> None:
    after = MONDAY + 9 * DAY
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, stated("29"), url=PRICING)
        [event] = visit(session, tool, page(HOME, after, stated("19", 0.7)), now=after)

        assert (event.before, event.after) == ("$29/month", "$19/month")
        assert event.before_fact_id and event.after_fact_id


# ── availability ─────────────────────────────────────────────────────────────────────────────────


def fate(store: Store, *states: str, **values: str) -> list[str]:
    """The events of a tool found in these states, day after day."""
    with store.write() as session:
        tool = make_tool(session, availability="unread", last_read_at=None)
        for number, state in enumerate(states):
            now = MONDAY + number * DAY
            pages = [page(HOME, now, stated("29"))] if state == "alive" else []
            visit(session, tool, *pages, now=now, availability=state, why=f"why {number}", **values)
        return [told.what for told in changes_since(session)]


@pytest.mark.parametrize("state", ["dead", "parked", "moved"])
def test_clear_answer_is_an_event_at_once(store: Store, state: str) -> None:
    assert fate(store, "alive", state) == [f"availability alive → {state} (why 1)"]


@pytest.mark.parametrize("state", ["unreachable", "bot wall", "closed to robots"])
def test_visit_that_failed_is_an_event_when_it_fails_again(store: Store, state: str) -> None:
    assert fate(store, "alive", state, "alive", state, state, "alive") == [
        f"availability alive → {state} (why 4)",
        f"availability {state} → alive (why 5)",
    ]


@pytest.mark.parametrize("state", ["unreachable", "bot wall", "closed to robots"])
def test_single_failed_visit_is_no_event(store: Store, state: str) -> None:
    assert fate(store, "alive", state, "alive", state) == []


@pytest.mark.parametrize("state", ["dead", "unreachable", "bot wall", "alive"])
def test_first_visit_is_no_event(store: Store, state: str) -> None:
    assert fate(store, state) == []


def test_tool_that_came_back_is_told(store: Store) -> None:
    assert fate(store, "dead", "alive") == ["availability dead → alive (why 1)"]


def test_address_it_moved_to_is_kept(store: Store) -> None:
    fate(store, "alive", "moved", moved_to="https://ember.example/")
    with store.read() as session:
        moved = session.exec(select(Tool.moved_to)).one()

    assert moved == "https://ember.example/"


@pytest.mark.parametrize(("state", "flips"), [("dead", True), ("parked", True), ("moved", True), ("bot wall", False)])
def test_tool_out_of_reach_brings_its_verdicts_back(store: Store, settings: Settings, state: str, flips: bool) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        tool = tool_of(session, comparison)
        for number in (1, 2):
            visit(session, tool, now=MONDAY + number * DAY, availability=state, why="it answered 404")
        flipped = apply_changes(session, LATER)

        assert flipped == ([comparison] if flips else [])
        assert comparison.recheck_why == (f"Kettle: availability alive → {state} (it answered 404)" if flips else None)


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("known", "version", "event"),
    [
        (["1.9"], "1.10", "version 1.9 → 1.10"),
        (["1.0", "2.0"], "2.1", "version 2.0 → 2.1"),
        (["2.0-rc1"], "2.0", "version 2.0-rc1 → 2.0"),
        (["2.0"], "1.9.1", None),
        (["v2"], "2.0", None),
        ([], "1.0", None),
    ],
)
def test_newer_release_is_an_event_that_flips_nothing(
    store: Store, settings: Settings, known: list[str], version: str, event: str | None
) -> None:
    with store.write() as session:
        comparison = make_approved_comparison(session, settings)
        tool = tool_of(session, comparison)
        for each in (*known, version):
            session.add(Release(tool_id=tool.id, version=each, url=f"{HOME}{each}"))
        session.flush()
        release = session.exec(select(Release).where(Release.version == version)).one()
        for _ in range(2):
            note_release(session, tool, release, LATER)
            session.flush()

        assert [told.what for told in changes_since(session)] == ([event] if event else [])
        assert apply_changes(session, LATER) == []
        assert comparison.state == "approved"
