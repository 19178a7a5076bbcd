"""What every test may use: a migrated store, settings, a fixed Monday, the cast, and no network but loopback."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config import Settings
from db.session import Store, make_engine, upgrade

if TYPE_CHECKING:
    from demo.week_run import DemoWeek

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ALLOWED = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file goes to one worker, and those about the week to the same one: it is lived through once."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return "week" if file.endswith(("test_week.py", "test_browser.py")) else file

    return ByFile(config, log)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails at once, by name."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ALLOWED:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file made once by running the migrations; closing the last connection empties its log."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": tmp_path,
            "base_url": "https://verdicts.example",
            "secret_key": "k" * 40,
            "smtp": {"security": "none"},
            "mail": {"from_address": "digest@verdicts.example", "bounce_address": "bounce@verdicts.example"},
            "schedule": {"timezone": "Europe/Berlin"},
            "crawl": {"delay_seconds": 0},
        }
    )


@pytest.fixture
def store(migrated: Path, settings: Settings) -> Iterator[Store]:
    (settings.data_dir / "verdicts.db").write_bytes(migrated.read_bytes())
    store = Store(make_engine(settings.store_url))
    yield store
    store.close()


@pytest.fixture
def monday() -> datetime:
    return MONDAY


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DemoWeek"]:
    """The demo's week, lived through once for all who ask about it (they run in one worker)."""
    from rich.console import Console

    from demo.week_run import run_week

    with run_week(tmp_path_factory.mktemp("week"), Console(file=StringIO())) as week:
        yield week


@pytest.fixture
def corpus() -> Path:
    """The recorded corpus; skipped with the reason without it, and failing in CI when it was promised."""
    folder = os.environ.get("VERDICTS_CORPUS")
    if not folder:
        pytest.skip("VERDICTS_CORPUS does not name the recorded corpus")
    return Path(folder)


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database of its own on the PostgreSQL of this machine, dropped afterwards."""
    base = os.environ.get("VERDICTS_TEST_POSTGRES_URL")
    if not base:
        skip_unless_ci("VERDICTS_TEST_POSTGRES_URL names no PostgreSQL")
    assert base is not None
    yield from fresh_database(base)


def fresh_database(base: str) -> Iterator[str]:
    import psycopg

    name = f"verdicts_test_{os.getpid()}_{os.urandom(4).hex()}"
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield base.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(base, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def skip_unless_ci(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI skips nothing: {why}")
    pytest.skip(why)
