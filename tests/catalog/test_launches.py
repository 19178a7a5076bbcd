"""Announcements become launches once, and find or found their tool."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, select

from catalog.launches import Recorded, record_launch
from catalog.proposals import open_proposals
from catalog.redirects import find_tool
from db import alerts
from db.models import AuditEntry, Launch, Release, Tool, ToolKey
from db.session import Store
from db.words import LaunchKind
from tests.catalog.items import HOME, item
from tests.factories import MONDAY, make_comparison, make_source

REPOSITORY = "https://github.com/acme/kettle"


def record(session: Session, *args: Any, now: datetime = MONDAY, **values: Any) -> Recorded:
    one = item(*args, **values)
    make_source(session, one.source, "feed" if one.source == "wire" else one.source)
    return record_launch(session, one, now)


def tools(session: Session) -> list[Tool]:
    return list(session.exec(select(Tool).order_by(col(Tool.id))))


def versions(session: Session) -> list[str]:
    return list(session.exec(select(Release.version)))


def test_launch_founds_its_tool(store: Store) -> None:
    with store.write() as session:
        recorded = record(session, repository=REPOSITORY)
        [tool] = tools(session)

    assert (recorded.is_new, recorded.tool_is_new, recorded.tool_id) == (True, True, tool.id)
    assert (tool.slug, tool.home_url, tool.repository) == ("kettle", HOME, "acme/kettle")
    assert tool.launched_at == MONDAY


def test_launch_is_stored_once(store: Store) -> None:
    with store.write() as session:
        first, second = record(session), record(session)
        launches = session.exec(select(Launch)).all()

    assert [first.is_new, second.is_new, len(launches)] == [True, False, 1]


def test_seen_again_moves_traction_only(store: Store) -> None:
    later = MONDAY + timedelta(days=1)
    with store.write() as session:
        record(session, traction={"points": 3, "comments": 1})
        record(session, now=later, traction={"points": 90}, title="Changed", name="Changed", url="https://x.example/")
        launch = session.exec(select(Launch)).one()

    assert launch.traction == {"points": 90, "comments": 1}
    assert (launch.title, launch.url) == ("Show HN: Kettle – boils models locally", HOME)
    assert (launch.first_seen_at, launch.last_seen_at) == (MONDAY, later)


def test_topics_are_stored(store: Store) -> None:
    with store.write() as session:
        record(session, topics=("LLMs", "Local AI"))
        launch = session.exec(select(Launch)).one()

    assert launch.topics == ["LLMs", "Local AI"]


def test_version_in_a_name_is_a_release_where_the_address_proves_it(store: Store) -> None:
    with store.write() as session:
        record(session, name="Kettle 2.0")
        alone = [tool.name for tool in tools(session)], versions(session)
        record(session, "2", source="wire", name="Kettle")
        together = [tool.name for tool in tools(session)], versions(session)

    assert (alone, together) == ((["Kettle 2.0"], []), (["Kettle"], ["2.0"]))


def test_earlier_announcement_names_the_tool_and_the_old_slug_leads_there(store: Store) -> None:
    with store.write() as session:
        record(session, name="Kettle AI")
        record(session, "2", name="Boiler", launched_at=MONDAY - timedelta(days=1))
        [tool] = tools(session)
        found = find_tool(session, "kettle-ai")

    assert (tool.name, tool.slug, found) == ("Boiler", "boiler", tool)


def test_tool_that_was_read_keeps_its_name(store: Store) -> None:
    with store.write() as session:
        record(session)
        [tool] = tools(session)
        tool.last_read_at = MONDAY
        record(session, "2", name="Boiler", launched_at=MONDAY - timedelta(days=1))

    assert (tool.name, tool.slug, tool.launched_at) == ("Kettle", "kettle", MONDAY - timedelta(days=1))


def test_same_id_on_two_sources_is_two(store: Store) -> None:
    with store.write() as session:
        record(session)
        recorded = record(session, source="wire")

    assert recorded.is_new


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"url": HOME}, {"url": "http://www.kettle.example/?utm_source=wire"}),
        ({"url": REPOSITORY}, {"url": "https://github.com/Acme/Kettle/releases"}),
        ({"url": HOME, "repository": REPOSITORY}, {"url": REPOSITORY}),
        ({"url": REPOSITORY}, {"url": HOME, "repository": REPOSITORY}),
    ],
)
def test_sources_join_in_one_tool(store: Store, first: dict[str, str], second: dict[str, str]) -> None:
    with store.write() as session:
        record(session, **first)
        recorded = record(session, source="wire", name="Kettle AI", **second)
        count = len(tools(session))

    assert (count, recorded.tool_is_new) == (1, False)


def test_same_name_elsewhere_is_another_tool(store: Store) -> None:
    with store.write() as session:
        record(session)
        record(session, "2", url="https://kettle.other.example/")
        slugs = [tool.slug for tool in tools(session)]

    assert slugs == ["kettle", "kettle-2"]


def test_slugs_stay_unique_among_many(store: Store) -> None:
    names = ["Kettle", "kettle!", "Kettle 2", "KETTLE", "Kettle", "日本", "日本"]
    with store.write() as session:
        for n, name in enumerate(names):
            record(session, str(n), url=f"https://t{n}.example/", name=name)
        slugs = [tool.slug for tool in tools(session)]

    assert len(set(slugs)) == len(names)


def test_shared_host_founds_no_tool(store: Store) -> None:
    with store.write() as session:
        recorded = record(session, url="https://news.ycombinator.com/item?id=7")

    assert (recorded.is_new, recorded.tool_id) == (True, None)


def test_noise_is_kept_without_a_tool(store: Store) -> None:
    with store.write() as session:
        record(session, kind=LaunchKind.NOISE, why="not a launch: an essay")
        launch = session.exec(select(Launch)).one()
        count = len(tools(session))

    assert (launch.kind, launch.why, launch.tool_id, count) == ("noise", "not a launch: an essay", None, 0)


def test_home_page_replaces_the_repository_page(store: Store) -> None:
    with store.write() as session:
        record(session, url=REPOSITORY)
        record(session, "2", repository=REPOSITORY)
        [tool] = tools(session)

    assert tool.home_url == HOME


def test_earliest_announcement_dates_the_tool(store: Store) -> None:
    earlier = MONDAY - timedelta(days=9)
    with store.write() as session:
        record(session)
        record(session, "2", launched_at=earlier)
        record(session, "3", launched_at=MONDAY + timedelta(days=1))
        [tool] = tools(session)

    assert tool.launched_at == earlier


def test_any_zone_is_stored_as_utc(store: Store) -> None:
    with store.write() as session:
        record(session, launched_at=MONDAY.astimezone(timezone(timedelta(hours=-7))))
        session.expire_all()
        launch, [tool] = session.exec(select(Launch)).one(), tools(session)

        assert [launch.launched_at, tool.launched_at] == [MONDAY, MONDAY]
        assert launch.launched_at.utcoffset() == timedelta(0)


# ── two rows that were one tool ──────────────────────────────────────────────────────────────────


def make_two_and_name_both(session: Session) -> list[Tool]:
    record(session, url=REPOSITORY, launched_at=MONDAY)
    record(session, "2", url=HOME, launched_at=MONDAY - timedelta(days=3))
    found = tools(session)
    record(session, "3", url=HOME, repository=REPOSITORY)
    return found


def test_proven_twins_are_merged_and_audited(store: Store) -> None:
    with store.write() as session:
        gone, keep = make_two_and_name_both(session)
        [tool] = tools(session)
        keys = session.exec(select(ToolKey.tool_id)).all()
        audit = session.exec(select(AuditEntry)).one()

    assert (tool.id, tool.home_url, tool.launched_at) == (keep.id, HOME, MONDAY - timedelta(days=3))
    assert set(keys) == {keep.id}
    assert (audit.action, audit.detail["absorbed"]) == ("merge tools", gone.slug)


def test_merge_moves_every_launch(store: Store) -> None:
    with store.write() as session:
        _, keep = make_two_and_name_both(session)
        owners = session.exec(select(Launch.tool_id)).all()

    assert owners == [keep.id] * 3


def test_judged_twin_raises_an_alert_instead(store: Store) -> None:
    with store.write() as session:
        comparison = make_comparison(session)  # Kettle and Emberloaf, already set side by side
        session.add(ToolKey(kind="url", value=HOME, tool_id=comparison.tool_a_id))
        record(session, url=REPOSITORY, name="Kettle")
        record(session, "2", url=HOME, repository=REPOSITORY)
        [alert] = alerts.open_alerts(session)

        assert "look like one tool" in alert.what and HOME in alert.cure
        assert len(tools(session)) == 3
        assert session.exec(select(AuditEntry)).all() == []
        assert [asked.a.id for asked in open_proposals(session)] == [comparison.tool_a_id]


# ── versions ─────────────────────────────────────────────────────────────────────────────────────

UPDATE = {"kind": LaunchKind.UPDATE, "title": "Kettle 0.9.2 released", "version": "0.9.2"}


def test_version_becomes_a_release(store: Store) -> None:
    with store.write() as session:
        record(session)
        recorded = record(session, "2", url="https://kettle.example/blog/0-9-2", **UPDATE)
        release = session.exec(select(Release)).one()

    assert (release.version, release.tool_id, release.url) == (
        "0.9.2",
        recorded.tool_id,
        "https://kettle.example/blog/0-9-2",
    )


def test_version_told_twice_is_one_release(store: Store) -> None:
    with store.write() as session:
        record(session)
        for n, source in ((2, "hackernews"), (3, "hackernews"), (4, "wire")):
            record(session, str(n), source=source, **UPDATE)
        found = versions(session)

    assert found == ["0.9.2"]


def test_overlong_version_told_twice_is_one(store: Store) -> None:
    endless = {**UPDATE, "version": "1." + "1" * 200}
    with store.write() as session:
        record(session)
        for n in (2, 3):
            record(session, str(n), **endless)
        [version] = versions(session)

    assert len(version) == 64


def test_update_of_unknown_tool_founds_none(store: Store) -> None:
    with store.write() as session:
        recorded = record(session, **UPDATE)
        count = len(tools(session))

    assert (recorded.tool_id, count) == (None, 0)


def test_update_waits_for_its_tool(store: Store) -> None:
    with store.write() as session:
        record(session, "2", url="https://kettle.example/blog/0-9-2", **UPDATE)
        recorded = record(session)
        record(session, "2", url="https://kettle.example/blog/0-9-2", **UPDATE)
        release = session.exec(select(Release)).one()

    assert release.tool_id == recorded.tool_id


@pytest.mark.parametrize("name", ["Kettl", "Kettles", "Kettle-Pro"])
def test_likeness_of_a_name_is_no_name(store: Store, name: str) -> None:
    with store.write() as session:
        record(session, name=name)
        recorded = record(session, "2", url="https://kettle.example/blog/2", **UPDATE)

    assert recorded.tool_id is None


def test_longest_name_takes_the_release(store: Store) -> None:
    with store.write() as session:
        record(session)
        pro = record(session, "2", url="https://kettle.example/pro", name="Kettle Pro")
        recorded = record(
            session, "3", url="https://kettle.example/b", **{**UPDATE, "title": "Kettle Pro 0.9.2 released"}
        )

    assert recorded.tool_id == pro.tool_id


def test_shared_host_makes_no_siblings(store: Store) -> None:
    with store.write() as session:
        record(session, url="https://huggingface.co/acme/kettle")
        recorded = record(session, "2", url="https://huggingface.co/blog/kettle", **UPDATE)

    assert recorded.tool_id is None


# ── hostile text ─────────────────────────────────────────────────────────────────────────────────


def test_overlong_text_is_cut(store: Store) -> None:
    with store.write() as session:
        record(session, title="t" * 9000, name="n" * 9000, tagline="g" * 9000)
        launch, [tool] = session.exec(select(Launch)).one(), tools(session)

    assert (len(launch.title), len(launch.name), len(launch.tagline)) == (1000, 200, 1000)
    assert (len(tool.name), len(tool.slug)) == (200, 80)


def test_hostile_text_is_stored_as_text(store: Store) -> None:
    hostile = "Robert'); DROP TABLE tool;--\x00\u202e<script>"
    with store.write() as session:
        record(session, title=hostile, name=hostile, external_id=hostile)
        launch = session.exec(select(Launch)).one()

    assert launch.title == "Robert'); DROP TABLE tool;--<script>" == launch.external_id


@pytest.mark.parametrize(
    "values",
    [
        {"title": "\u200b\u202e"},
        {"name": "  \n"},
        {"external_id": ""},
        {"external_id": "x" * 501},
        {"url": "javascript:alert(1)"},
        {"url": "https://ada:pw@kettle.example/"},
        {"url": "https://kettle.example/#\ud800"},
        {"url": "https://kettle.example/\u202ecod.exe"},
        {"url": "https://kettle.example/" + "a" * 2000},
        {"seen_on": "/item?id=1"},
        {"launched_at": datetime(2026, 11, 16)},  # noqa: DTZ001  # that is the point
        {"surprise": 1},
    ],
)
def test_value_that_does_not_fit_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        item(**values)
