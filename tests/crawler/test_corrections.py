"""An editor's word on an announcement: kept, acted on, and never undone by a crawl."""

import pytest
from sqlmodel import select

from catalog.launches import record_launch
from crawler.corrections import correct_launch, corrected_labels, get_launch, item_of
from crawler.relevance.labels import measure
from db.models import AuditEntry, Launch, RelevanceLabel, Tool
from db.session import Store
from errors import NotFound
from tests.factories import ADA, MONDAY, make_launch, make_tool


def test_noise_called_a_launch_founds_its_tool(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, kind="noise", why="nothing in it speaks of AI", url="https://cinder.example/")
        correct_launch(session, launch, True, True, ADA, MONDAY)
        tool = session.get(Tool, launch.tool_id)

        assert (launch.kind, launch.why) == ("launch", "")
        assert tool is not None and tool.home_url == "https://cinder.example/"


def test_noise_called_a_launch_finds_a_known_tool(store: Store) -> None:
    with store.write() as session:
        first = make_launch(session, kind="noise", external_id="1", url="https://cinder.example/")
        second = make_launch(session, kind="noise", external_id="2", url="https://cinder.example/?ref=hn")
        for launch in (first, second):
            correct_launch(session, launch, True, True, ADA, MONDAY)

        assert first.tool_id == second.tool_id
        assert len(session.exec(select(Tool)).all()) == 1


@pytest.mark.parametrize(("is_ai", "is_launch"), [(True, False), (False, True), (False, False)])
def test_any_no_sets_a_launch_aside(store: Store, is_ai: bool, is_launch: bool) -> None:
    with store.write() as session:
        launch = make_launch(session, make_tool(session))
        correct_launch(session, launch, is_ai, is_launch, ADA, MONDAY)

        assert (launch.kind, launch.why, launch.tool_id) == ("noise", f"set aside by {ADA}", None)


def test_later_crawl_keeps_the_correction(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, make_tool(session))
        item = item_of(launch)
        correct_launch(session, launch, True, False, ADA, MONDAY)
        record_launch(session, item, MONDAY)

        assert (launch.kind, launch.tool_id) == ("noise", None)


def test_second_word_replaces_the_first(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, make_tool(session))
        correct_launch(session, launch, True, False, "ben@example.org", MONDAY)
        correct_launch(session, launch, True, True, ADA, MONDAY)
        [label] = session.exec(select(RelevanceLabel)).all()

        assert (label.is_launch, label.said_by, launch.kind) == (True, ADA, "launch")


def test_correction_is_audited(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, make_tool(session))
        correct_launch(session, launch, True, False, ADA, MONDAY)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "correct launch")).all()

        assert (entry.who, entry.subject, entry.at) == (ADA, f"launch {launch.id}", MONDAY)
        assert entry.detail == {"is_ai": True, "is_launch": False, "before": "launch", "after": "noise"}


def test_address_of_no_tool_founds_none(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, kind="noise", url="https://news.ycombinator.com/")
        correct_launch(session, launch, True, True, ADA, MONDAY)

        assert (launch.kind, launch.tool_id) == ("launch", None)


def test_corrections_can_be_evaluated(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session, make_tool(session), tagline="runs LLMs")
        correct_launch(session, launch, True, True, ADA, MONDAY)

    with store.read() as session:
        [label] = corrected_labels(session)
    assert (label.source, label.title, label.description) == ("hackernews", "Show HN: Kettle", "runs LLMs")
    assert measure([label])["launch"]["f1"] == 1.0


def test_dates_of_a_stored_launch_survive(store: Store) -> None:
    with store.write() as session:
        launch_id = make_launch(session, make_tool(session)).id or 0

    with store.read() as session:
        assert item_of(get_launch(session, launch_id)).launched_at == MONDAY
        assert session.get(Launch, launch_id) is not None


def test_unknown_launch_is_refused(store: Store) -> None:
    with store.read() as session, pytest.raises(NotFound, match="There is no launch 7; see 'verdicts launches"):
        get_launch(session, 7)
