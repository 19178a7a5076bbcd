"""The weekly hour holds by the clock on the wall, also in the weeks when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import DAYS
from digest.calendar import next_week_time, say_day, say_moment, say_short

FIRST, LAST = datetime(2024, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  # the strategy adds the zone
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-16T09:00", "2026-11-20T06:00"),
        ("2026-11-20T05:59:59", "2026-11-20T06:00"),
        ("2026-11-20T06:00", "2026-11-27T06:00"),
        ("2027-03-25T09:00", "2027-03-26T06:00"),
        ("2027-03-27T09:00", "2027-04-02T05:00"),  # summer time began on 28 March
        ("2026-10-24T09:00", "2026-10-30T06:00"),  # and ended on 25 October
    ],
)
def test_the_hour_holds_on_the_wall(after: str, expected: str) -> None:
    assert next_week_time("fri 07:00", BERLIN, utc(after)) == utc(expected)


def test_the_week_is_the_zones_own() -> None:
    """Sunday evening in UTC is Monday morning in Auckland."""
    assert next_week_time("mon 07:00", AUCKLAND, utc("2026-11-15T17:00")) == utc("2026-11-15T18:00")


@given(
    after=st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)),
    day=st.sampled_from(DAYS),
    hour=st.integers(5, 23),
    zone=st.sampled_from([BERLIN, AUCKLAND, ZoneInfo("America/St_Johns")]),
)
def test_the_next_time_is_next_and_right(after: datetime, day: str, hour: int, zone: ZoneInfo) -> None:
    found = next_week_time(f"{day} {hour:02}:30", zone, after)

    local = found.astimezone(zone)
    assert (DAYS[local.weekday()], local.hour, local.minute) == (day, hour, 30)
    assert timedelta(0) < found - after <= timedelta(days=7, hours=1)


def test_moments_are_said_in_the_zone() -> None:
    moment = utc("2026-11-19T23:30")

    assert say_day(moment, BERLIN) == "Fri 20 Nov 2026"
    assert say_short(moment, BERLIN) == "20 Nov"
    assert say_moment(moment, BERLIN) == "Fri 20 Nov 2026, 00:30 Europe/Berlin"
