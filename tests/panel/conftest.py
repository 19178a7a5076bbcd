"""The migrated store, as tests/db has it: closing the last connection empties its log."""

from pathlib import Path

import pytest

from db.session import upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file made once by running the migrations; each test gets a copy."""
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path
