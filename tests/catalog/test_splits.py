"""A row that was two tools becomes two, and stays two."""

from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from catalog.joining.refusals import is_refused
from catalog.launches import record_launch
from catalog.merges import merge_tools
from catalog.splits import preview_split, split_tool
from db import alerts
from db.models import AuditEntry, Contradiction, Fact, Launch, Release, Snapshot, Tool, ToolKey, VerdictFact
from db.session import Store
from errors import AppError, NotAllowed
from tests.catalog.items import HOME, item
from tests.catalog.two_tools import all_rows, compare, verdict
from tests.factories import ADA, MONDAY, make_fact, make_source, make_tool

REPOSITORY = "https://github.com/acme/kettle"
WHY = "two makers"


def joined(session: Session) -> Tool:
    """Kettle's page and a repository that a launch wrongly named together."""
    make_source(session)
    record_launch(session, item("1", HOME), MONDAY)
    record_launch(session, item("2", REPOSITORY, name="Kettle C"), MONDAY)
    record_launch(session, item("3", HOME, repository=REPOSITORY, version="1.0"), MONDAY)
    return session.exec(select(Tool)).one()


def split(session: Session, tool: Tool, take: Sequence[str] = (REPOSITORY,), name: str = "Kettle C") -> Tool:
    return split_tool(session, tool, take, name, ADA, WHY, MONDAY)


def page(session: Session, fact: Fact, url: str) -> Fact:
    session.get_one(Snapshot, fact.snapshot_id).url = url
    session.flush()
    return fact


def test_split_takes_the_address_and_its_launches(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        new = split(session, tool)
        owners = dict(session.execute(select(Launch.external_id, Launch.tool_id)).all())
        keys = dict(session.execute(select(ToolKey.kind, ToolKey.tool_id)).all())

    assert owners == {"1": tool.id, "2": new.id, "3": tool.id}
    assert keys == {"url": tool.id, "repository": new.id}
    assert (new.slug, new.repository, new.home_url) == ("kettle-c", "acme/kettle", REPOSITORY)
    assert (tool.repository, tool.home_url) == (None, HOME)


def test_split_takes_what_was_read_there(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        ours, theirs = (make_fact(session, tool, "licence", value) for value in ("MIT", "GPL"))
        page(session, ours, f"{HOME}pricing")
        page(session, theirs, f"{REPOSITORY}/blob/main/LICENSE")
        clash = Contradiction(
            tool_id=tool.id or 0, key="licence", fact_a_id=ours.id or 0, fact_b_id=theirs.id or 0, found_at=MONDAY
        )
        session.add(clash)
        new = split(session, tool)

        assert (ours.tool_id, theirs.tool_id, clash.ended_at) == (tool.id, new.id, MONDAY)


def test_release_goes_with_its_launch(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        record_launch(session, item("4", f"{REPOSITORY}/releases", version="2.0", name="Kettle C"), MONDAY)
        new = split(session, tool)
        owners = dict(session.execute(select(Release.version, Release.tool_id)).all())

    assert owners == {"1.0": tool.id, "2.0": new.id}


def test_split_pair_is_not_joined_by_the_same_keys_again(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        new = split(session, tool)
        record_launch(session, item("9", HOME, repository=REPOSITORY), MONDAY)

        assert is_refused(session, tool, new)
        assert len(session.exec(select(Tool)).all()) == 2


def test_split_is_undone_by_a_merge(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        new = split(session, tool)
        merge_tools(session, tool, new, "it was one after all", ADA, MONDAY)
        owners = set(session.exec(select(Launch.tool_id)))

    assert owners == {tool.id}


def test_split_is_audited(store: Store) -> None:
    with store.write() as session:
        new = split(session, joined(session))
        said = session.exec(select(AuditEntry).where(AuditEntry.who == ADA)).one()

    assert (said.action, said.detail["into"], said.detail["why"]) == ("split tool", new.slug, WHY)


def test_verdict_that_rests_on_what_left_raises_an_alert(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        fact = page(session, make_fact(session, tool, "licence", "GPL"), REPOSITORY)
        judged = verdict(session, compare(session, tool, make_tool(session, "Anvil"), "published"), tool)
        session.add(VerdictFact(verdict_id=judged.id or 0, fact_id=fact.id or 0))
        split(session, tool)
        [alert] = alerts.open_alerts(session)

    assert f"comparison {judged.comparison_id}" in alert.what


@pytest.mark.parametrize(
    ("take", "name", "why", "refusal"),
    [
        (["https://unknown.example/"], "X", WHY, "https://unknown.example/ is no address of it"),
        (["nonsense"], "X", WHY, "nonsense is no address of it"),
        ([HOME, REPOSITORY], "X", WHY, "nothing would be left"),
        ([REPOSITORY], " ", WHY, "needs a name"),
        ([REPOSITORY], "X", "", "needs its reason"),
    ],
)
def test_split_that_makes_no_sense_is_refused(store: Store, take: list[str], name: str, why: str, refusal: str) -> None:
    with store.write() as session:
        tool = joined(session)
        before = all_rows(session)
        with pytest.raises((AppError, NotAllowed), match=refusal):
            split_tool(session, tool, take, name, ADA, why, MONDAY)

        assert all_rows(session) == before


def test_preview_counts_and_changes_nothing(store: Store) -> None:
    with store.write() as session:
        tool = joined(session)
        before = all_rows(session)
        told = preview_split(session, tool, [REPOSITORY], "Kettle C")

        assert (told.keys, told.moves["launch"], told.stays["launch"]) == (["repository acme/kettle"], 1, 2)
        assert all_rows(session) == before
