"""The migrated store, as a file of its own."""

from pathlib import Path

import pytest

from db.session import upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file made once by running the migrations; closing the last connection empties its log."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path
