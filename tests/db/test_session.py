"""The store is opened whole or refused in a sentence; what was written is never lost to a neighbour."""

import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlmodel import select

from config import ROOT, Settings
from db.models import Subscriber
from db.session import PRAGMAS, Store, is_healthy, make_engine, open_store, revisions
from errors import StoreError
from tests.db.conftest import url_of
from tests.factories import BEN, make_subscriber


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    return str(caught.value)


def test_an_empty_store_is_created(empty_url: str) -> None:
    store = open_store(empty_url)

    found, wanted = revisions(store.engine)
    store.close()
    assert found == wanted is not None


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/a/b/verdicts.db").close()

    assert (tmp_path / "a/b/verdicts.db").exists()


def test_three_starting_together_make_one_store(settings: Settings) -> None:
    script = f"from db.session import open_store; open_store({settings.store_url!r}).close()"
    children = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(3)]

    assert [child.wait(60) for child in children] == [0, 0, 0]


def test_a_store_behind_names_its_cure(settings: Settings, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    said = refusal(settings.store_url)

    assert "revision 0000" in said
    assert "'verdicts db upgrade'" in said


def test_a_foreign_database_is_not_filled(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE photos (id INTEGER)"))
    engine.dispose()

    assert "revision none" in refusal(url)


def test_a_damaged_store_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database at all " * 100)

    said = refusal(f"sqlite:///{tmp_path}/bad.db")

    assert "file is not a database" in said
    assert "\n" not in said


def test_an_unreachable_postgres_is_one_sentence() -> None:
    said = refusal("postgresql+psycopg://keeper:secret@127.0.0.1:1/verdicts")

    assert said.startswith("The store postgresql+psycopg://keeper:***@127.0.0.1:1/verdicts cannot be opened: ")
    assert said.endswith("check database_url and that the server runs.")
    assert "\n" not in said
    assert "secret" not in said


@pytest.mark.parametrize("url", ["nonsense:secret", "mysql://x/y", "sqlite:////proc/nowhere/x.db"])
def test_an_impossible_address_is_a_sentence(url: str) -> None:
    said = refusal(url)

    assert "check database_url" in said
    assert "secret" not in said


def test_sqlite_is_opened_durable(store: Store) -> None:
    with store.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar() for name, _ in (p.split("=") for p in PRAGMAS)
        }

    kept = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000, "secure_delete": 1}
    assert found == kept


def test_a_healthy_store_says_nothing(either_store: Store) -> None:
    assert is_healthy(either_store.engine) == ""


def test_a_block_that_fails_writes_nothing(either_store: Store) -> None:
    with pytest.raises(RuntimeError), either_store.write() as session:
        make_subscriber(session, BEN)
        raise RuntimeError

    with either_store.read() as session:
        assert not session.exec(select(Subscriber)).all()


def test_what_was_read_outlives_its_session(either_store: Store) -> None:
    with either_store.write() as session:
        make_subscriber(session, BEN)

    with either_store.read() as session:
        ben = session.exec(select(Subscriber)).one()

    assert (ben.address, ben.state) == (BEN, "active")


def test_reading_goes_on_beside_a_writer(store: Store) -> None:
    with store.write() as writing:
        make_subscriber(writing, BEN)
        with store.read() as reading:
            seen = reading.exec(select(Subscriber)).all()

    assert seen == []


def test_opening_goes_on_beside_a_writer(settings: Settings, store: Store) -> None:
    with store.write() as writing, ExitStack() as opened:
        make_subscriber(writing, BEN)

        other = open_store(settings.store_url)
        opened.callback(other.close)
        assert is_healthy(other.engine) == ""


def test_a_naive_moment_is_refused(either_store: Store) -> None:
    with pytest.raises(StatementError), either_store.write() as session:
        make_subscriber(session, BEN).created_at = datetime(2026, 11, 16)  # noqa: DTZ001  # the point of the test


def test_an_aware_moment_comes_back_as_utc(either_store: Store) -> None:
    berlin = datetime(2026, 11, 16, 10, tzinfo=timezone(timedelta(hours=1)))
    with either_store.write() as session:
        make_subscriber(session, BEN).created_at = berlin

    with either_store.read() as session:
        found = session.exec(select(Subscriber)).one().created_at
    assert found == berlin
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


def test_three_processes_lose_no_update(either_store: Store) -> None:
    with either_store.write() as session:
        make_subscriber(session, BEN).name = "0"

    command = [sys.executable, "-m", "tests.db.counting", url_of(either_store), "200"]
    children = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]

    assert [child.wait(60) for child in children] == [0, 0, 0]
    with either_store.read() as session:
        assert session.exec(select(Subscriber)).one().name == "600"
