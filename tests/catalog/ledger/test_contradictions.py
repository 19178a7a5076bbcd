"""Two pages that disagree: both kept, the pair shown while both stand."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from catalog.ledger.contradictions import contradictions_of
from db.models import Change, Contradiction, Tool
from db.session import Store
from db.words import FactLabel
from tests.catalog.readings import HOME, PRICING, REPOSITORY, found, licence, page, price, stored, visit
from tests.factories import MONDAY, make_tool

DAY = timedelta(days=1)
MODEL = "https://huggingface.co/acme/kettle"


def pairs(session: Session, tool: Tool, days: float | None = None) -> list[set[str]]:
    at = None if days is None else MONDAY + timedelta(days=days)
    return [{fact.value for fact in pair.facts} for pair in contradictions_of(session, tool.id, at)]


def home_against_file(session: Session, tool: Tool, days: int, on_home: str, in_file: str = "Apache-2.0") -> None:
    now = MONDAY + days * DAY
    file = page(REPOSITORY, now, licence(in_file, FactLabel.OUR_CHECK), text=f"pushed on day {days}\n")
    visit(session, tool, page(HOME, now, licence(on_home)), file, now=now)


def test_licence_of_the_home_page_against_the_file(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        home_against_file(session, tool, 0, "MIT")

        assert pairs(session, tool) == [{"MIT", "Apache-2.0"}]
        assert len(stored(session)) == 2
        assert session.exec(select(Change)).all() == []


def test_price_of_the_home_page_against_the_pricing_page(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        visit(session, tool, page(HOME, MONDAY, price("19")), page(PRICING, MONDAY, price("29")), now=MONDAY)

        assert pairs(session, tool) == [{"$19/month", "$29/month"}]


def test_parameters_against_the_model_page(store: Store) -> None:
    told = found("parameters", "70B", total=70 * 10**9)
    with store.write() as session:
        tool = make_tool(session)
        model = page(MODEL, MONDAY, found("parameters", "8.03B", total=8_030_261_248))
        visit(session, tool, page(HOME, MONDAY, told), model, now=MONDAY)

        assert pairs(session, tool) == [{"70B", "8.03B"}]


def test_price_of_another_plan_on_the_list_is_none(store: Store) -> None:
    plans = [{"name": "Pro", "amount": "29", "currency": "USD", "period": "month", "per": None}]
    priced = [found("tier", "Paid", plans=plans), price("9", plan="Starter")]
    with store.write() as session:
        tool = make_tool(session)
        visit(session, tool, page(HOME, MONDAY, price("29")), page(PRICING, MONDAY, *priced), now=MONDAY)

        assert pairs(session, tool) == []


@pytest.mark.parametrize("confidence", [0.3, 0.59])
def test_doubtful_reading_contradicts_nothing(store: Store, confidence: float) -> None:
    with store.write() as session:
        tool = make_tool(session)
        visit(
            session,
            tool,
            page(HOME, MONDAY, price("19", confidence)),
            page(PRICING, MONDAY, price("29")),
            now=MONDAY,
        )

        assert pairs(session, tool) == []


def test_pair_ends_when_one_side_is_corrected(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for days, on_home in enumerate(("MIT", "MIT", "Apache-2.0", "Apache-2.0")):
            home_against_file(session, tool, days, on_home)
        [row] = session.exec(select(Contradiction)).all()

        assert (row.found_at, row.ended_at) == (MONDAY, MONDAY + 2 * DAY)
        assert pairs(session, tool) == []
        assert pairs(session, tool, 1.5) == [{"MIT", "Apache-2.0"}]
        assert [pairs(session, tool, days) for days in (-1, 2)] == [[], []]


def test_page_that_left_it_out_long_ago_contradicts_no_more(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        home_against_file(session, tool, 0, "MIT")
        for days in (1, 9):
            now = MONDAY + days * DAY
            file = page(REPOSITORY, now, licence("Apache-2.0", FactLabel.OUR_CHECK), text=f"{days}\n")
            visit(session, tool, page(HOME, now, text="Boils models."), file, now=now)

        assert (pairs(session, tool, 1), pairs(session, tool)) == ([{"MIT", "Apache-2.0"}], [])


def test_new_disagreement_is_a_new_pair(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        for days, on_home in enumerate(("MIT", "BSD-3-Clause")):
            home_against_file(session, tool, days, on_home)

        assert pairs(session, tool) == [{"BSD-3-Clause", "Apache-2.0"}]
        assert len(session.exec(select(Contradiction)).all()) == 2
