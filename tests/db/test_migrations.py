"""The migrations make what the models say, on both databases, up and down."""

from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import db.models  # noqa: F401  # fills the metadata
from db.session import MIGRATIONS, Store, alembic_config, make_engine, revisions, upgrade
from tests.db.conftest import url_of


def tables(store: Store) -> set[str]:
    return set(inspect(store.engine).get_table_names()) - {"alembic_version"}


def test_upgrade_from_empty_makes_every_table(either_store: Store) -> None:
    assert tables(either_store) == set(SQLModel.metadata.tables)


def test_models_and_migrations_agree(either_store: Store) -> None:
    command.check(alembic_config(url_of(either_store)))


def test_a_difference_would_be_found(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE letter DROP COLUMN last_error"))

    with pytest.raises(CommandError, match="last_error"):
        command.check(alembic_config(url_of(store)))


def test_down_to_nothing_and_up_again(empty_url: str) -> None:
    upgrade(empty_url)
    command.downgrade(alembic_config(empty_url), "base")
    store = Store(make_engine(empty_url))

    assert tables(store) == set()

    upgrade(empty_url)
    assert tables(store) == set(SQLModel.metadata.tables)
    store.close()


def test_upgrading_twice_changes_nothing(either_store: Store) -> None:
    before = tables(either_store)

    upgrade(url_of(either_store))

    assert tables(either_store) == before


def test_head_by_file_name_is_the_head_alembic_knows(migrated: Path) -> None:
    from alembic.script import ScriptDirectory

    with make_engine(f"sqlite:///{migrated}").connect() as connection:
        found, head = revisions(connection.engine)

    assert found == head == ScriptDirectory(str(MIGRATIONS)).get_current_head()
