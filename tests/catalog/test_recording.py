"""A batch of launches leaves the very rows that the same launches leave one by one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, SQLModel, col, select

from catalog.launches import LaunchItem, Recorded, record_launch
from catalog.recording import record_launches
from db.models import AuditEntry, Launch, Merge, MergeProposal, Release, Tool, ToolKey, ToolSlug, Traction
from db.session import Store
from db.words import LaunchKind
from tests.catalog.items import item
from tests.factories import MONDAY, make_source

TABLES = (Launch, Tool, ToolKey, ToolSlug, Release, Traction, Merge, MergeProposal, AuditEntry)
SITES = ["https://kettle.example/", "https://pan.example/", "https://pan.example/docs", "https://t.me/one"]
REPOSITORIES = ["https://github.com/acme/kettle", "https://github.com/acme/pan"]
TITLES = ["Kettle – boils models locally", "Kettle 2 released", "Kettle Pro 2.0 is out", "Pan 1.1"]

launches = st.builds(
    item,
    source=st.sampled_from(["hackernews", "wire"]),
    external_id=st.sampled_from("123456"),
    url=st.sampled_from([*SITES, *REPOSITORIES]),
    repository=st.sampled_from([None, None, *REPOSITORIES]),
    title=st.sampled_from(TITLES),
    name=st.sampled_from(["Kettle", "kettle!", "Kettle 2", "Kettle Pro", "Pan", "日本"]),
    tagline=st.sampled_from(["", "boils models"]),
    kind=st.sampled_from([LaunchKind.LAUNCH, LaunchKind.LAUNCH, LaunchKind.UPDATE, LaunchKind.NOISE]),
    version=st.sampled_from([None, None, "2.0"]),
    launched_at=st.sampled_from([None, MONDAY, MONDAY - timedelta(days=3)]),
    traction=st.sampled_from([{}, {"points": 3}, {"points": 4, "comments": 1}]),
)
batches = st.lists(st.lists(launches, max_size=12), max_size=3)
Recorder = Callable[[Session, list[LaunchItem], datetime], list[Recorded]]


def one_by_one(session: Session, items: list[LaunchItem], now: datetime) -> list[Recorded]:
    return [record_launch(session, one, now) for one in items]


def rows_left(store: Store, record: Recorder, batches: list[list[LaunchItem]]) -> dict[str, list[dict[str, Any]]]:
    """What the tables hold afterwards; nothing of it is kept."""
    with store.read() as session:
        prepare(session)
        for number, items in enumerate(batches):
            record(session, items, MONDAY + timedelta(hours=20 * number))
        session.flush()
        session.expire_all()
        left = {table.__name__: values_of(session, table) for table in TABLES}
        session.rollback()
    return left


def values_of(session: Session, table: type[SQLModel]) -> list[dict[str, Any]]:
    """Readings by launch and moment: in which order they were written says nothing."""
    order = (Traction.launch_id, Traction.read_at) if table is Traction else table.__table__.primary_key
    unsaid = {"id"} if table is Traction else set()
    return [row.model_dump(exclude=unsaid) for row in session.exec(select(table).order_by(*map(col, order)))]


def prepare(session: Session) -> None:
    make_source(session)
    make_source(session, "wire", "feed")


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that write, as the database is given them."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield said
    event.remove(store.engine, "before_cursor_execute", note)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(batches)
def test_batch_leaves_the_rows_of_one_by_one(store: Store, batches: list[list[LaunchItem]]) -> None:
    assert rows_left(store, record_launches, batches) == rows_left(store, one_by_one, batches)


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(launches, max_size=12))
def test_each_launch_is_told_its_outcome(store: Store, items: list[LaunchItem]) -> None:
    with store.read() as session:
        prepare(session)
        together = [(one.is_new, one.tool_is_new) for one in record_launches(session, items, MONDAY)]
        session.rollback()
        session.expunge_all()
        prepare(session)
        apart = [(one.is_new, one.tool_is_new) for one in one_by_one(session, items, MONDAY)]
        session.rollback()

    assert together == apart


def many(count: int, **values: Any) -> list[LaunchItem]:
    return [item(str(n), f"https://tool-{n}.example/", name=f"Tool {n}", **values) for n in range(count)]


def test_plain_batch_takes_few_statements(store: Store) -> None:
    with store.write() as session:
        prepare(session)
    with counted(store) as said, store.write() as session:
        recorded = record_launches(session, many(200), MONDAY)

    assert all(one.tool_is_new and one.tool_id for one in recorded)
    assert len(said) <= 5


def test_nothing_new_writes_nothing(store: Store) -> None:
    with store.write() as session:
        prepare(session)
        record_launches(session, many(50, traction={"points": 3}), MONDAY)
    with counted(store) as said, store.write() as session:
        recorded = record_launches(session, many(50, traction={"points": 3}), MONDAY + timedelta(hours=6))

    assert said == [] and not any(one.is_new for one in recorded)


def test_moved_figures_are_written_together(store: Store) -> None:
    later = MONDAY + timedelta(hours=6)
    with store.write() as session:
        prepare(session)
        record_launches(session, many(50, traction={"points": 3}), MONDAY)
    with counted(store) as said, store.write() as session:
        record_launches(session, many(50, traction={"points": 9}), later)
        seen = {(row.traction["points"], row.last_seen_at) for row in session.exec(select(Launch))}

    assert (seen, len(said)) == ({(9, later)}, 1)


@pytest.mark.parametrize(("hours", "writes"), [(23, 0), (24, 1)])
def test_seen_is_noted_once_a_day(store: Store, hours: int, writes: int) -> None:
    with store.write() as session:
        prepare(session)
        record_launches(session, [item()], MONDAY)
    with counted(store) as said, store.write() as session:
        record_launches(session, [item()], MONDAY + timedelta(hours=hours))

    assert len(said) == writes


def test_more_than_one_query_names_is_looked_up(store: Store) -> None:
    with store.write() as session:
        prepare(session)
        record_launches(session, many(900), MONDAY)
        recorded = record_launches(session, many(900), MONDAY)

    assert not any(one.is_new for one in recorded)


@pytest.mark.postgres
def test_batch_is_the_same_on_postgres(postgres_url: str) -> None:
    from db.session import make_engine, upgrade

    upgrade(postgres_url)
    store = Store(make_engine(postgres_url))
    mixed = [*many(30), item("x", name="Tool 3"), *many(31), item("y", "https://tool-3.example/")]
    with store.write() as session:
        prepare(session)
        recorded = record_launches(session, mixed, MONDAY)
        owners = dict(session.execute(select(Launch.external_id, Tool.name).join(Tool)).all())
    store.close()

    assert sum(one.is_new for one in recorded) == 33
    assert owners == {str(n): f"Tool {n}" for n in range(31)} | {"x": "Tool 3", "y": "Tool 3"}
