"""Both stores, migrated: what holds on one must hold on the other."""

from collections.abc import Iterator

import pytest

from config import Settings
from db.session import Store, make_engine, upgrade


@pytest.fixture
def postgres_store_url(postgres_url: str) -> str:
    return Settings(database_url=postgres_url).store_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, settings: Settings) -> str:
    """The address of an empty store of each kind."""
    if request.param == "sqlite":
        return settings.store_url
    url: str = request.getfixturevalue("postgres_store_url")
    return url


@pytest.fixture
def either_store(store_url: str) -> Iterator[Store]:
    upgrade(store_url)
    store = Store(make_engine(store_url))
    yield store
    store.close()
