"""A store the commands find by their environment: empty, or with a week in it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config import Settings
from db import alerts
from db.session import Store
from jobs import add_run
from tests.commands.shell import take_up
from tests.factories import make_approved_edition, make_comparison, make_launch, make_tool
from tests.panel.conftest import migrated

__all__ = ["migrated"]


@pytest.fixture
def home(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store; commands open it as an operator's shell would."""
    take_up(monkeypatch, tmp_path)
    return store


@pytest.fixture
def week(home: Store, settings: Settings, monday: datetime) -> Store:
    """One approved comparison in edition 1, one pending, a launch, a run and an alert."""
    with home.write() as session:
        make_approved_edition(session, settings, monday)
        make_comparison(session, "Lathe", "Anvil")
        make_launch(session, make_tool(session, "Cinder"))
        alerts.raise_alert(session, "job:pair", "The job pair failed.", "Look.", monday)
    add_run(home, "pair", monday - timedelta(hours=1))
    return home
