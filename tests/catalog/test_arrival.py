"""In which order announcements come in changes nothing about the tools they become."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from catalog.addresses import slugify
from catalog.launches import LaunchItem, record_launch
from catalog.proposals import open_proposals
from catalog.recording import record_launches
from catalog.redirects import find_tool
from db.models import Launch, Release, Tool, ToolSlug
from db.session import Store
from tests.catalog.items import item
from tests.factories import MONDAY, make_source

KETTLE = "https://github.com/acme/kettle"
TOLD: list[LaunchItem] = [
    item("home", "https://kettle.example/", name="Kettle", launched_at=MONDAY),
    item("repo", KETTLE, name="kettle", launched_at=MONDAY - timedelta(days=3)),
    item("both", "https://kettle.example/", repository=KETTLE, name="Kettle AI", launched_at=None),
    item("article", "https://kettle.example/blog/hello", repository=KETTLE, name="Hello Kettle"),
    item("first", KETTLE, name="Kettle 1.0", launched_at=MONDAY - timedelta(days=9)),
    item("second", "https://kettle.example/", name="Kettle 2.0", launched_at=MONDAY + timedelta(days=9)),
    item("namesake", "https://kettle.other.example/", name="Kettle", launched_at=MONDAY - timedelta(days=20)),
    item("twin", "https://third.example/", name="KETTLE", source="wire"),
    item("pan", "https://pan.example/", name="Pan", source="wire"),
    item("pan-2", "https://pan.example/", name="Pan 2.0", source="wire", launched_at=MONDAY - timedelta(days=1)),
]
some_in_two_orders = st.lists(st.sampled_from(TOLD), unique_by=lambda one: one.external_id, min_size=2).flatmap(
    lambda some: st.tuples(st.permutations(some), st.permutations(some))
)


def prepare(session: Session) -> None:
    make_source(session)
    make_source(session, "wire", "feed")


def world(session: Session) -> dict[str, Any]:
    """What the store says, without the numbers it gave."""
    session.expire_all()
    tools = session.exec(select(Tool)).all()
    of = {
        tool.id: frozenset(session.exec(select(Launch.external_id).where(Launch.tool_id == tool.id))) for tool in tools
    }
    releases = session.exec(select(Release).order_by(col(Release.version)))
    return {
        "tools": sorted(
            (sorted(of[tool.id]), tool.name, tool.name_key, tool.tagline, tool.home_url, tool.launched_at)
            for tool in tools
        ),
        "slugs": sorted(without_number(tool) for tool in tools),
        "proposals": {frozenset((of[asked.a.id], of[asked.b.id])) for asked in open_proposals(session)},
        "releases": sorted((sorted(of[one.tool_id]), one.version, one.url) for one in releases),
    }


def without_number(tool: Tool) -> str:
    """Which of two namesakes is the second depends on who came first, and on nothing else."""
    base = slugify(tool.name)
    return base if tool.slug.removeprefix(base).lstrip("-").isdigit() else tool.slug


def world_after(store: Store, items: Sequence[LaunchItem], *, at_once: bool = False) -> dict[str, Any]:
    with store.read() as session:
        prepare(session)
        if at_once:
            record_launches(session, items, MONDAY)
        for one in () if at_once else items:
            record_launch(session, one, MONDAY)
        left = world(session)
        session.rollback()
        session.expunge_all()
    return left


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(some_in_two_orders)
def test_order_of_arrival_changes_nothing(store: Store, orders: tuple[list[LaunchItem], list[LaunchItem]]) -> None:
    one, other = orders

    assert world_after(store, one) == world_after(store, other)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(some_in_two_orders)
def test_batch_and_single_file_agree(store: Store, orders: tuple[list[LaunchItem], list[LaunchItem]]) -> None:
    one, other = orders

    assert world_after(store, one, at_once=True) == world_after(store, other)


def test_the_whole_story_makes_four_tools(store: Store) -> None:
    with store.write() as session:
        prepare(session)
        record_launches(session, TOLD, MONDAY)
        found = world(session)

    kettle = ["article", "both", "first", "home", "repo", "second"]
    assert [tool[:2] for tool in found["tools"]] == [
        (kettle, "Kettle"), (["namesake"], "Kettle"), (["pan", "pan-2"], "Pan"), (["twin"], "KETTLE")
    ]  # fmt: skip
    assert [(launches, version) for launches, version, _ in found["releases"]] == [
        (kettle, "1.0"), (kettle, "2.0"), (["pan", "pan-2"], "2.0")
    ]  # fmt: skip


def test_every_slug_there_was_leads_to_its_tool(store: Store) -> None:
    with store.write() as session:
        prepare(session)
        had: dict[str, str] = {}
        for one in TOLD:
            recorded = record_launch(session, one, MONDAY)
            had[session.get_one(Tool, recorded.tool_id).slug] = one.external_id
        former = set(session.exec(select(ToolSlug.slug)))
        led = {slug: getattr(find_tool(session, slug), "id", None) for slug in had}
        owners = dict(session.execute(select(Launch.external_id, Launch.tool_id)).all())

    assert former
    assert led == {slug: owners[external_id] for slug, external_id in had.items()}
