"""Readings of what launches reached: which are kept, and what lies between them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.traction import by_day, deltas, record_traction, since_first, traction_of
from db.models import Traction
from db.session import Store
from tests.factories import MONDAY, make_launch


def reading(days: float, **values: Any) -> Traction:
    return Traction(launch_id=1, read_at=MONDAY + timedelta(days=days), values=values)


def record(store: Store, *readings: tuple[datetime, dict[str, Any]]) -> list[bool]:
    with store.write() as session:
        launch = make_launch(session)
        return [record_traction(session, launch.id or 0, values, at) for at, values in readings]


def hours(number: float) -> datetime:
    return MONDAY + timedelta(hours=number)


def test_first_reading_is_kept(store: Store) -> None:
    assert record(store, (MONDAY, {"points": 0})) == [True]


def test_reading_without_values_is_left_out(store: Store) -> None:
    assert record(store, (MONDAY, {})) == [False]


@pytest.mark.parametrize(
    ("after", "points", "kept"),
    [
        (19, 8, False),  # too soon
        (20, 8, True),
        (24, 3, False),  # nothing new
        (24 * 5, 3, True),  # unmoved for days: that is worth a line
    ],
)
def test_later_reading_is_kept_for_news(store: Store, after: float, points: int, kept: bool) -> None:
    assert record(store, (MONDAY, {"points": 3}), (hours(after), {"points": points})) == [True, kept]


def test_readings_come_oldest_first(store: Store) -> None:
    with store.write() as session:
        launch = make_launch(session)
        for day, points in enumerate((3, 8, 5)):
            record_traction(session, launch.id or 0, {"points": points}, MONDAY + timedelta(days=day))
        readings = traction_of(session, launch.id or 0)

    assert [one.values for one in readings] == [{"points": 3}, {"points": 8}, {"points": 5}]
    assert [one.read_at for one in readings] == [MONDAY + timedelta(days=day) for day in range(3)]


def test_change_is_told_per_day() -> None:
    found = deltas([reading(0, stars=100), reading(1, stars=130), reading(7, stars=100)], "stars")

    assert [(one.value, one.change, one.per_day) for one in found] == [(130, 30, 30.0), (100, -30, -5.0)]


def test_readings_without_the_number_are_passed_over() -> None:
    readings = [reading(0, stars=1), reading(1, forks=9), reading(2, stars="many"), reading(3, stars=True)]

    assert deltas(readings, "stars") == []
    assert since_first(readings, "stars") is None


def test_two_readings_at_one_moment_divide_nothing() -> None:
    assert deltas([reading(0, stars=1), reading(0, stars=2)], "stars") == []


def test_days_are_read_near_their_moment() -> None:
    readings = [reading(0.1, stars=100), reading(1.3, stars=140), reading(7.1, stars=300), reading(9, stars=310)]

    assert by_day(readings, "stars") == {0: 100, 1: 140, 7: 300}
    assert since_first(readings, "stars") == 210


def test_day_nobody_looked_at_is_unknown() -> None:
    assert by_day([reading(0, stars=100), reading(3, stars=140)], "stars") == {0: 100, 1: None, 7: None}
    assert by_day([], "stars") == {0: None, 1: None, 7: None}
