"""`verdicts changes`: both sides with their evidence, and the verdicts resting on what moved."""

from datetime import timedelta

import pytest
from sqlmodel import select

from catalog.changes import apply_changes
from db.models import Tool
from db.session import Store
from tests.catalog.readings import visit
from tests.commands.shell import call
from tests.factories import MONDAY, make_fact

LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def moved(week: Store) -> Store:
    """Kettle's price rose on Wednesday, which brought its verdict back; a day later its page was gone."""
    from catalog.changes import store_change
    from db.models import Fact

    with week.write() as session:
        kettle = session.exec(select(Tool).where(Tool.slug == "kettle")).one()
        before = session.exec(select(Fact).where(Fact.tool_id == kettle.id, Fact.key == "entry_price")).one()
        store_change(session, before, make_fact(session, kettle, "entry_price", "$49/month", LATER), LATER)
        session.flush()
        apply_changes(session, LATER)
        visit(session, kettle, now=LATER + timedelta(days=1), availability="dead", why="its home page answered 404")
    return week


def test_event_of_a_fact_has_both_sides(moved: Store) -> None:
    event = call("changes", "--json").document[0]

    assert (event["tool"], event["key"], event["before"], event["after"]) == (
        "kettle",
        "entry_price",
        "$29/month",
        "$49/month",
    )
    assert event["happened_at"] == LATER.isoformat()
    assert [(event["evidence"][side]["quote"], event["evidence"][side]["url"]) for side in ("before", "after")] == [
        ("$29/month", "https://kettle.example/#entry_price"),
        ("$49/month", "https://kettle.example/#entry_price"),
    ]
    assert event["comparisons"] == [{"slug": "kettle-vs-emberloaf", "state": "recheck", "flipped": True}]


def test_event_without_facts_says_why(moved: Store) -> None:
    event = call("changes", "--json").document[1]

    assert (event["key"], event["before"], event["after"]) == ("availability", "alive", "dead")
    assert event["why"] == "its home page answered 404"
    assert event["evidence"] == {"before": None, "after": None}
    assert event["comparisons"] == [{"slug": "kettle-vs-emberloaf", "state": "recheck", "flipped": False}]


def test_changes_are_told_from_a_day_on(moved: Store) -> None:
    since = (LATER + timedelta(days=1)).date().isoformat()

    assert [event["key"] for event in call("changes", "--since", since, "--json").document] == ["availability"]


def test_table_names_the_verdicts(moved: Store) -> None:
    said = call("changes")

    assert said.code == 0
    for words in ("$29/month", "$49/month", "its home page answered 404", "kettle-vs-emberloaf → recheck"):
        assert words in " ".join(said.out.split())
