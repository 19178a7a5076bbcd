"""Both stores, migrated: what holds on one must hold on the other."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from config import Settings
from db.session import Store, make_engine, upgrade
from tests.conftest import fresh_database, skip_unless_ci

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One for all tests, so that each statement is compiled once. Its folder is in memory where the machine has such:
    no test here pulls the plug, and a disk is slow."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield make_engine(f"sqlite:///{folder}/verdicts.db")


@pytest.fixture
def settings(settings: Settings, engine: Engine) -> Iterator[Settings]:
    data_dir = Path(str(engine.url.database)).parent
    for left in data_dir.iterdir():
        left.unlink()
    yield settings.model_copy(update={"data_dir": data_dir})
    engine.dispose()


@pytest.fixture
def store(engine: Engine, settings: Settings, migrated: Path) -> Store:
    (settings.data_dir / "verdicts.db").write_bytes(migrated.read_bytes())
    return Store(engine)


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[Store]:
    """A PostgreSQL store made once by running the migrations; each test gets it emptied."""
    base = os.environ.get("VERDICTS_TEST_POSTGRES_URL")
    if not base:
        skip_unless_ci("VERDICTS_TEST_POSTGRES_URL names no PostgreSQL")
    for url in fresh_database(str(base)):
        address = Settings(database_url=url).store_url
        upgrade(address)
        store = Store(make_engine(address))
        yield store
        store.close()


@pytest.fixture
def postgres_store(migrated_postgres: Store) -> Store:
    with migrated_postgres.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no order of tables
        for name in SQLModel.metadata.tables:
            connection.execute(text(f'DELETE FROM "{name}"'))
    return migrated_postgres


@pytest.fixture(params=BOTH)
def either_store(request: pytest.FixtureRequest) -> Store:
    store: Store = request.getfixturevalue("store" if request.param == "sqlite" else "postgres_store")
    return store


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The address of a store of each kind that nothing was written to yet."""
    if request.param == "sqlite":
        return settings.store_url
    return Settings(database_url=request.getfixturevalue("postgres_url")).store_url


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)
