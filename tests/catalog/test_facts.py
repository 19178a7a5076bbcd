"""The ledger of facts: what is new, what is confirmed, and what stood when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import select

from catalog.facts import NewFact, current_facts, fact_values, find_sure, is_quoted, store_fact
from crawler.items import ToolReading
from crawler.storing import store_readings
from db.bulk import insert_rows
from db.models import Change, Contradiction, Fact, Snapshot, Tool
from db.session import Store
from db.words import FactLabel
from errors import AppError
from tests.catalog.readings import (
    HOME,
    PRICING,
    REPOSITORY,
    found,
    licence,
    page,
    price,
    read,
    stored,
    values_of,
    visit,
)
from tests.factories import MONDAY, make_fact, make_snapshot, make_tool

DAY = timedelta(days=1)


def test_changed_fact_is_a_new_row(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        read(session, tool, MONDAY + DAY, price("49"))
        before, after = stored(session)

    assert (before.value, before.verified_at, after.value) == ("$29/month", MONDAY, "$49/month")
    assert after.observed_at == MONDAY + DAY


def test_confirmed_fact_only_moves_its_date(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for now in (MONDAY, MONDAY + DAY):
            assert read(session, tool, now, price("29")) == []
        [fact] = stored(session)

    assert (fact.observed_at, fact.verified_at) == (MONDAY, MONDAY + DAY)


@pytest.mark.parametrize("spelling", ["2879.20", "2879.200", "02879.2"])
def test_another_spelling_is_no_new_fact(store: Store, spelling: str) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("2879.2"))
        read(session, tool, MONDAY + DAY, price(spelling))

        assert len(stored(session)) == 1


def test_doubtful_reading_replaces_no_sure_one(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        for days, url in ((1, HOME), (2, PRICING), (30, HOME)):
            read(session, tool, MONDAY + days * DAY, price("1", 0.5), url=url)

        assert values_of(current_facts(session, tool.id)) == {"$29/month"}
        assert len(stored(session)) == 1


def test_sure_reading_settles_a_doubtful_one(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29", 0.4))
        doubtful = find_sure(current_facts(session, tool.id), "entry_price")
        read(session, tool, MONDAY + DAY, price("29"))
        sure = find_sure(current_facts(session, tool.id), "entry_price")

    assert doubtful is None
    assert sure is not None and sure.confidence == 1.0


@pytest.mark.parametrize(("start", "end"), [(1, 10), (0, 8), (0, 0), (50, 59)])
def test_span_that_does_not_hold_its_quote_is_refused(store: Store, start: int, end: int) -> None:
    wrong = NewFact("tier", "Paid", {}, "$29/month" if end else "", start, end, 1.0)
    with store.write() as session:
        tool = make_tool(session)
        with pytest.raises(AppError, match="does not stand in its page"):
            store_fact(session, tool.id, make_snapshot(session, tool, "$29/month"), wrong, MONDAY)
        reading = ToolReading(tool.id, pages=[page(HOME, MONDAY, text="$29/month")])
        reading.pages[0] = type(reading.pages[0])(HOME, 200, "$29/month", MONDAY, (wrong, price("29")))
        store_readings(session, [reading], MONDAY)

        assert not is_quoted(wrong, "$29/month")
        assert values_of(stored(session)) == {"$29/month"}


def test_two_tools_have_their_own_facts(store: Store) -> None:
    with store.write() as session:
        kettle, ember = make_tool(session, "Kettle"), make_tool(session, "Emberloaf")
        read(session, kettle, MONDAY, price("29"))

        assert read(session, ember, MONDAY, price("49")) == []
        assert values_of(current_facts(session, kettle.id)) == {"$29/month"}


def test_many_facts_are_written_as_they_were_given(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        snapshot = make_snapshot(session, tool, "$29/month")
        rows = [fact_values(tool.id, snapshot.id, price(str(n)), MONDAY + n * DAY) for n in range(2500)]
        insert_rows(session, Fact, rows)
        facts = stored(session)

    assert [fact.model_dump(exclude={"id"}) for fact in facts] == rows


@pytest.mark.postgres
def test_postgresql_keeps_the_same(postgres_url: str) -> None:
    from config import Settings
    from db.session import make_engine, upgrade

    address = Settings(database_url=postgres_url).store_url
    upgrade(address)
    store = Store(make_engine(address))
    with store.write() as session:
        tool = make_tool(session)
        snapshot = make_snapshot(session, tool, "$29/month")
        rows = [fact_values(tool.id, snapshot.id, price(str(n)), MONDAY + n * DAY) for n in range(1200)]
        insert_rows(session, Fact, rows)
        visit(session, tool, page(HOME, MONDAY + 3000 * DAY, licence("MIT")), now=MONDAY + 3000 * DAY)
        facts = stored(session)
    store.close()

    assert [fact.model_dump(exclude={"id"}) for fact in facts[:-1]] == rows


# ── one of several pages ─────────────────────────────────────────────────────────────────────────


def test_licence_file_is_believed_more_than_a_page(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        pages = [
            page(REPOSITORY, MONDAY, licence("Apache-2.0", FactLabel.OUR_CHECK)),
            page(HOME, MONDAY, found("licence", "MIT", spdx="MIT")),
        ]
        visit(session, tool, *pages, now=MONDAY)

        assert values_of(current_facts(session, tool.id)) == {"Apache-2.0"}
        assert values_of(stored(session)) == {"Apache-2.0", "MIT"}


def test_pricing_page_knows_the_price(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        visit(session, tool, page(PRICING, MONDAY, price("29")), page(HOME, MONDAY, price("19")), now=MONDAY)

        assert values_of(current_facts(session, tool.id)) == {"$29/month"}


def test_page_not_read_keeps_its_word_for_a_week(store: Store) -> None:
    """A pricing page that fails once does not hand the price to the home page; one that is gone does."""
    chosen = []
    with store.write() as session:
        tool = make_tool(session)
        home = [found("entry_price", "$19", 0.7, amount="19", currency="USD", period="month")]
        visit(session, tool, page(PRICING, MONDAY, price("29")), page(HOME, MONDAY, *home), now=MONDAY)
        for days in (1, 6, 9):
            now = MONDAY + days * DAY
            visit(session, tool, page(HOME, now, *home, text=f"{days} days\n"), now=now)
            chosen.append(values_of(current_facts(session, tool.id)))

    assert chosen == [{"$29/month"}, {"$29/month"}, {"$19"}]


def test_page_that_left_a_price_out_does_not_confirm_it_by_being_unchanged(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"), url=PRICING)
        read(session, tool, MONDAY + DAY, url=PRICING)
        for days in (2, 5, 9):
            now = MONDAY + days * DAY
            visit(session, tool, page(HOME, now, price("19", 0.7), text=f"{days}"), now=now, unchanged_urls=[PRICING])

        assert values_of(current_facts(session, tool.id)) == {"$19/month"}


def test_price_no_page_states_any_more_is_the_last_known(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, price("29"))
        for days in (1, 20):
            read(session, tool, MONDAY + days * DAY, found("claim", f"{days} days"))

        assert "$29/month" in values_of(current_facts(session, tool.id))


# ── what stood when ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "standing"), [(-1, set()), (0, {"$29/month"}), (1.5, {"$39/month"}), (9, {"$49/month"})]
)
def test_past_day_shows_what_stood_then(store: Store, days: float, standing: set[str]) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for n, amount in enumerate(("29", "39", "49")):
            read(session, tool, MONDAY + n * DAY, price(amount))

        assert values_of(current_facts(session, tool.id, MONDAY + timedelta(days=days))) == standing


@pytest.mark.parametrize(
    ("days", "standing"),
    [(0, {"kept", "dropped"}), (0.5, {"kept", "dropped"}), (1.5, {"kept", "dropped"}), (2, {"kept", "new"})],
)
def test_past_day_shows_the_claims_of_then(store: Store, days: float, standing: set[str]) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for n, other in enumerate(("dropped", "dropped", "new", "new")):
            read(session, tool, MONDAY + n * DAY, found("claim", "kept"), found("claim", other))

        assert values_of(current_facts(session, tool.id, MONDAY + timedelta(days=days))) == standing


def test_page_that_states_nothing_more_leaves_no_claim(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("claim", "in 40 ms"))
        visit(session, tool, page(HOME, MONDAY + DAY, text="Soon."), now=MONDAY + DAY)

        assert current_facts(session, tool.id) == []
        assert values_of(current_facts(session, tool.id, MONDAY)) == {"in 40 ms"}


def test_page_that_reads_as_before_may_end_a_claim(store: Store) -> None:
    """Back to an older text, or the same text read with better eyes."""
    with store.write() as session:
        tool = make_tool(session)
        for n, claims in enumerate(([], [found("claim", "in 40 ms")], [])):
            read(session, tool, MONDAY + n * DAY, *claims)
        stood = [values_of(current_facts(session, tool.id, MONDAY + n * DAY)) for n in range(3)]

    assert stood == [set(), {"in 40 ms"}, set()]


def test_quote_anchored_later_hides_no_claim(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        read(session, tool, MONDAY, found("claim", "in 40 ms"))
        make_fact(session, tool, "claim", "for 3 seats", MONDAY + DAY)

        assert values_of(current_facts(session, tool.id)) == {"in 40 ms", "for 3 seats"}


def test_claim_on_two_pages_is_one_fact(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for now in (MONDAY, MONDAY + DAY):
            visit(
                session,
                tool,
                *(page(url, now, found("claim", "in 40 ms"), text=str(now)) for url in (HOME, PRICING)),
                now=now,
            )

        assert len(stored(session)) == 1


PAGES = (HOME, PRICING, REPOSITORY)
FACTS = st.one_of(
    st.sampled_from(["9", "19", "29"]).flatmap(
        lambda amount: st.sampled_from([0.4, 0.7, 0.9]).map(lambda sure: price(amount, sure))
    ),
    st.sampled_from(["MIT", "Apache-2.0"]).map(licence),
    st.sampled_from(["in 40 ms", "for 3 seats", "at 99.9 %"]).map(lambda words: found("claim", words)),
)
# A page reads anew, says it is unchanged, or is not read at all; and the hours since the visit before.
VISITS = st.lists(
    st.tuples(
        st.sampled_from([1, 6, 23, 24, 50, 24 * 6, 24 * 9]),
        st.dictionaries(
            st.sampled_from(PAGES), st.one_of(st.just("unchanged"), st.lists(FACTS, max_size=4)), min_size=1
        ),
    ),
    min_size=1,
    max_size=9,
)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(visits=VISITS)
@example(  # a claim that goes from one page to another, and then from there
    visits=[
        (1, {HOME: [found("claim", "in 40 ms")]}),
        (1, {REPOSITORY: [found("claim", "in 40 ms")], HOME: []}),
        (1, {REPOSITORY: []}),
    ]
)
def test_any_past_moment_is_answered_as_it_was_answered_then(store: Store, visits: list[Any]) -> None:
    now: datetime = MONDAY
    answers: list[tuple[datetime, set[int | None]]] = []
    with store.write() as session:
        for table in (Change, Contradiction, Fact, Snapshot, Tool):
            session.execute(delete(table))
        tool = make_tool(session)
        stated: dict[str, set[str]] = {}
        for hours, told in visits:
            now += timedelta(hours=hours)
            pages = [page(url, now, *facts) for url, facts in told.items() if facts != "unchanged"]
            unchanged = [url for url, facts in told.items() if facts == "unchanged" and url in stated]
            visit(session, tool, *pages, now=now, unchanged_urls=unchanged)
            read_now = {one.url: {fact.value for fact in one.facts if fact.key == "claim"} for one in pages}
            stated |= read_now
            claims = {fact.value for fact in current_facts(session, tool.id) if fact.key == "claim"}
            assert set().union(*read_now.values()) <= claims <= set().union(*stated.values())
            for moment in (now, now + timedelta(minutes=59)):
                answers.append((moment, {fact.id for fact in current_facts(session, tool.id)}))

        for moment, then in answers:
            assert {fact.id for fact in current_facts(session, tool.id, moment)} == then
        assert all(fact.quote == page_text(session, fact) for fact in stored(session))


def page_text(session: Any, fact: Fact) -> str:
    text = session.exec(select(Snapshot.text).where(Snapshot.id == fact.snapshot_id)).one()
    return str(text[fact.quote_start : fact.quote_end])
