"""A store the commands find by their environment: empty, or with a week in it."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings
from db import alerts
from db.session import Store, make_engine
from jobs import add_run
from tests.commands.shell import take_up
from tests.factories import MONDAY, make_approved_edition, make_comparison, make_launch, make_tool


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store; commands open it as an operator's shell would."""
    take_up(monkeypatch, tmp_path)
    return store


@pytest.fixture(scope="session")
def written(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One approved comparison in edition 1, one pending, a launch, a run and an alert; written once, then copied."""
    folder = tmp_path_factory.mktemp("week")
    settings = Settings.model_validate({"data_dir": folder, "secret_key": "k" * 40})
    path = folder / "verdicts.db"
    path.write_bytes(migrated.read_bytes())
    store = Store(make_engine(settings.store_url))
    with store.write() as session:
        make_approved_edition(session, settings, MONDAY)
        make_comparison(session, "Lathe", "Anvil")
        make_launch(session, make_tool(session, "Cinder"))
        alerts.raise_alert(session, "job:pair", "The job pair failed.", "Look.", MONDAY)
    add_run(store, "pair", MONDAY - timedelta(hours=1))
    store.close()
    return path


@pytest.fixture
def week(written: Path, home: Store, tmp_path: Path) -> Store:
    home.close()
    (tmp_path / "verdicts.db").write_bytes(written.read_bytes())
    return home
