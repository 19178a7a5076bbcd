"""One open alert a condition, from when it is seen until it is over."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from db import alerts
from db.models import Alert
from db.session import Store
from tests.factories import MONDAY


def test_a_condition_is_raised_once(store: Store) -> None:
    with store.write() as session:
        first = alerts.raise_alert(session, "paused:1", "It is paused.", "Resume it.", MONDAY)
        again = alerts.raise_alert(session, "paused:1", "Still paused.", "Resume it.", MONDAY + timedelta(hours=1))

    with store.read() as session:
        [alert] = alerts.open_alerts(session)
    assert (first, again) == (True, False)
    assert (alert.what, alert.raised_at) == ("Still paused.", MONDAY)


def test_a_cleared_condition_may_come_back(store: Store) -> None:
    with store.write() as session:
        alerts.raise_alert(session, "paused:1", "It is paused.", "Resume it.", MONDAY)
        alerts.clear_alert(session, "paused:1", MONDAY)
        session.flush()

        assert alerts.open_alerts(session) == []
        assert alerts.raise_alert(session, "paused:1", "Again.", "Resume it.", MONDAY)
        assert len(session.exec(select(Alert)).all()) == 2


def test_clearing_what_is_not_open_does_nothing(store: Store) -> None:
    with store.write() as session:
        alerts.clear_alert(session, "paused:1", MONDAY)

        assert session.exec(select(Alert)).all() == []


def test_the_store_holds_one_open_row(either_store: Store) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        session.add_all([Alert(key="k", what="w", cure="c", raised_at=MONDAY) for _ in range(2)])


def test_a_long_key_is_found_again(either_store: Store) -> None:
    key = "source:" + "x" * 300
    with either_store.write() as session:
        alerts.raise_alert(session, key, "w", "c", MONDAY)

        assert not alerts.raise_alert(session, key, "w", "c", MONDAY)
