"""What may be one tool is proposed once; what is proven one is joined, unless somebody has judged it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from catalog.launches import record_launch
from catalog.proposals import accept, consider, consider_all, join, links_of, open_proposals, refuse
from catalog.recording import record_launches
from catalog.redirects import change_slug
from db import alerts
from db.models import AuditEntry, Merge, MergeProposal, Tool
from db.session import Store
from errors import AppError, NotAllowed, NotFound
from tests.catalog.items import HOME, item
from tests.catalog.two_tools import compare
from tests.factories import ADA, MONDAY, make_launch, make_source, make_tool

REPOSITORY = "https://github.com/acme/kettle"


def namesakes(session: Session) -> tuple[Tool, Tool]:
    """A home page and a repository of one uncommon name; nothing joins them."""
    site = make_tool(session, "Zorblattle", name_key="zorblattle", home_url="https://zorblattle.example/")
    code = make_tool(
        session,
        "zorblattle",
        name_key="zorblattle",
        slug="zorblattle-2",
        home_url="https://github.com/quux/zorblattle",
        repository="quux/zorblattle",
    )
    return site, code


def tools(session: Session) -> list[Tool]:
    return list(session.exec(select(Tool)))


def test_namesakes_are_proposed_with_the_reason(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        consider(session, code, "", MONDAY)
        [asked] = open_proposals(session)

    assert (asked.a.id, asked.b.id) == (site.id, code.id)
    assert asked.proposal.why


def test_launches_of_one_name_are_proposed_as_they_come(store: Store) -> None:
    with store.write() as session:
        make_source(session)
        record_launch(session, item("1", "https://zorblattle.example/", name="Zorblattle"), MONDAY)
        record_launches(session, [item("2", "https://github.com/quux/zorblattle", name="zorblattle")], MONDAY)

        assert len(open_proposals(session)) == 1


def test_same_pair_is_asked_once(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        for tool in (site, code, site):
            consider(session, tool, "", MONDAY)

        assert len(session.exec(select(MergeProposal)).all()) == 1


def test_refused_pair_is_never_asked_again(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        consider(session, code, "", MONDAY)
        refuse(session, 1, ADA, "two makers", MONDAY)
        consider(session, site, links_of(site, [code.home_url]), MONDAY)
        joined = join(session, site, code.id or 0, "a launch names both", MONDAY)

        assert (open_proposals(session), len(tools(session)), joined.id) == ([], 2, site.id)


def test_link_found_later_turns_a_proposal_into_a_merge(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        make_launch(session, site)
        make_launch(session, code, launched_at=MONDAY + timedelta(days=1))
        consider(session, code, "", MONDAY)
        stays = consider(session, site, links_of(site, [code.home_url]), MONDAY)
        merge = session.exec(select(Merge)).one()

        assert (stays.id, len(tools(session)), open_proposals(session)) == (site.id, 1, [])
        assert (merge.merged_by, merge.kept_id) == ("identity", site.id)


def test_repository_learnt_later_joins_its_owner(store: Store) -> None:
    with store.write() as session:
        make_source(session)
        record_launch(session, item("1", REPOSITORY, name="kettle"), MONDAY)
        record_launch(session, item("2", HOME, name="Kettle"), MONDAY)
        site = session.exec(select(Tool).where(Tool.home_url == HOME)).one()
        site.repository = "acme/kettle"
        consider_all(session, [site], {}, MONDAY)

        assert len(tools(session)) == 1


def test_moved_home_page_joins_the_place_it_moved_to(store: Store) -> None:
    with store.write() as session:
        old = make_tool(session, "Zorblattle", name_key="zorblattle", moved_to="https://zorblattle.dev/")
        make_tool(session, "Zorblattle", slug="z", name_key="zorblattle", home_url="https://zorblattle.dev/")
        consider(session, old, "", MONDAY)

        assert len(tools(session)) == 1


def test_judged_tool_is_proposed_and_not_merged(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        compare(session, site, make_tool(session, "Anvil"))
        consider(session, site, links_of(site, [code.home_url]), MONDAY)

        assert (len(tools(session)), len(open_proposals(session))) == (3, 1)


def test_proposal_nothing_speaks_for_any_more_goes(store: Store) -> None:
    with store.write() as session:
        _, code = namesakes(session)
        consider(session, code, "", MONDAY)
        code.name, code.name_key = "Quite another", "quiteanother"
        consider(session, code, "", MONDAY)

        assert open_proposals(session) == []


def test_batch_is_considered_in_few_queries(store: Store) -> None:
    from sqlalchemy import event

    said: list[str] = []
    with store.write() as session:
        batch = [make_tool(session, f"Tool {n}", name_key=f"tool{n}") for n in range(100)]
        event.listen(store.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        consider_all(session, batch, {}, MONDAY)

    assert len(said) <= 4


def test_accepted_proposal_merges_and_clears_its_alert(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        compare(session, code, make_tool(session, "Anvil"))
        join(session, site, code.id or 0, "a launch names both", MONDAY)
        raised = [alert.key for alert in alerts.open_alerts(session)]
        merge = accept(session, 1, ADA, "", MONDAY)

        assert raised == ["same-tool:zorblattle:zorblattle-2"]
        assert (alerts.open_alerts(session), open_proposals(session)) == ([], [])
        assert (merge.kept_id, merge.why) == (code.id, "a launch names both")  # the one readers know stays


def test_refused_proposal_clears_its_alert_and_is_audited(store: Store) -> None:
    with store.write() as session:
        site, code = namesakes(session)
        compare(session, code, make_tool(session, "Anvil"))
        join(session, site, code.id or 0, "a launch names both", MONDAY)
        change_slug(session, site, "Renamed since", MONDAY)
        refuse(session, 1, ADA, "two makers", MONDAY)
        said = session.exec(select(AuditEntry)).one()

        assert alerts.open_alerts(session) == []
        assert (said.action, said.who, said.detail["why"]) == ("refuse merge", ADA, "two makers")


def test_refusal_needs_a_reason_and_an_open_question(store: Store) -> None:
    with store.write() as session:
        consider(session, namesakes(session)[0], "", MONDAY)
        with pytest.raises(AppError, match="needs its reason"):
            refuse(session, 1, ADA, " ", MONDAY)
        refuse(session, 1, ADA, "two makers", MONDAY)
        with pytest.raises(NotAllowed, match=f"{ADA} said refused"):
            accept(session, 1, ADA, "", MONDAY)
        with pytest.raises(NotFound, match="no open proposal 7"):
            refuse(session, 7, ADA, "no", MONDAY)
