"""Dates read strictly: what is impossible or leaves the day open is unknown, never made up."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.reading.dates import first_date, read_moment
from tests.factories import MONDAY

TEN = datetime(2026, 11, 16, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-16T10:00:00Z", TEN),
        ("2026-11-16T10:00:00.123+00:00", TEN),
        ("2026-11-16 10:00:00", TEN),
        ("2026-11-16T15:30:00+0530", TEN),
        ("Mon, 16 Nov 2026 10:00:00 GMT", TEN),
        ("Mon, 16 Nov 2026 10:00:00", TEN),
        ("16 Nov 26 05:00 EST", TEN),
        ("Mon, 16 Nov 2026 10:00:00 XYZ", TEN),
        ("Nov 16, 2026, 10:00 AM", TEN),
        ("Mon Nov 16 10:00:00 2026", TEN),
        ("November 16th, 2026", MIDNIGHT),
        ("2026/11/16", MIDNIGHT),
        ("20261116", MIDNIGHT),
    ],
)
def test_date_is_read_in_utc(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-11", "16:00", "10/11/2026", "2026-02-30", "2026-13-01T00:00:00Z", "2026-W47-1", "1763287200",
        "Mon, 30 Feb 2026 10:00:00 GMT", "Mon, 16 Nov 2026 25:00:00 GMT", "2026-11-16T10:00:00+99:99", "v2026.11.16",
        "Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00", "yesterday", "1" * 10_000,
        "13:00 PM Nov 16, 2026", "Nov 16, 2026 13:00 PM", "0000-00-00 00:00:00",
    ],
)  # fmt: skip
def test_what_states_no_day_is_unknown(text: str) -> None:
    assert read_moment(text) is None


def test_first_readable_date_counts_by_name() -> None:
    stated = [("published", "soon"), ("updated", "2026-11-15"), ("created", "2026-11-14")]

    assert first_date(stated, MONDAY) == (datetime(2026, 11, 15, tzinfo=UTC), "updated")


def test_date_ahead_is_left_out() -> None:
    ahead = (MONDAY + timedelta(days=1, minutes=1)).isoformat()

    assert first_date([("published", ahead)], MONDAY) == (None, None)
