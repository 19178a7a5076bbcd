"""A fake relay that proves at its end that Cleo and Dan got nothing, and an edition ready to go."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as trials
from sqlalchemy import Engine

from config import Settings
from db.session import Store, make_engine, upgrade
from tests.digest.sending import make_ready
from tests.factories import CLEO, DAN, MONDAY
from tests.fakes import FakeClock, FakeMailer

trials.register_profile("busy machine", deadline=None, max_examples=60)
trials.load_profile("busy machine")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One for all tests, so that each statement is compiled once. Its folder is in memory where the machine has such:
    no test here pulls the plug, and a disk is slow."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield make_engine(f"sqlite:///{folder}/verdicts.db")


@pytest.fixture
def settings(settings: Settings, engine: Engine) -> Settings:
    return settings.model_copy(update={"data_dir": Path(str(engine.url.database)).parent})


@pytest.fixture
def store(engine: Engine, settings: Settings, migrated: Path) -> Iterator[Store]:
    for left in settings.data_dir.iterdir():
        left.unlink()
    (settings.data_dir / "verdicts.db").write_bytes(migrated.read_bytes())
    yield Store(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_settings(request: pytest.FixtureRequest, settings: Settings, store: Store) -> Settings:
    """Settings whose store is migrated: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return settings
    there = settings.model_copy(update={"database_url": request.getfixturevalue("postgres_url")})
    upgrade(there.store_url)
    engine = make_engine(there.store_url)
    with engine.begin() as connection:  # quicker, and no less true of a process that is killed
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = off")
    engine.dispose()
    return there


@pytest.fixture
def either_store(either_settings: Settings) -> Iterator[Store]:
    store = Store(make_engine(either_settings.store_url))
    yield store
    store.close()


@pytest.fixture
def mailer() -> Iterator[FakeMailer]:
    mailer = FakeMailer()
    yield mailer
    assert not {CLEO, DAN} & set(mailer.recipients)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def ready(store: Store, settings: Settings) -> Store:
    """The store with edition 1 approved and due: Ben, Eve and Fay may be mailed; Cleo and Dan may not."""
    make_ready(store, settings)
    return store
