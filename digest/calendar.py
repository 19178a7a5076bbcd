"""Weekly moments in a named time zone, and how they are said."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config import DAYS


def next_week_time(week_time: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first 'fri 07:00' strictly after `after`, as a UTC instant; wall time holds over clock changes."""
    day, clock = week_time.split()
    hour, minute = map(int, clock.split(":"))
    local = after.astimezone(zone)
    date = local.date() + timedelta(days=(DAYS.index(day) - local.weekday()) % 7)
    moment = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)
    if moment.astimezone(UTC) <= after:
        date += timedelta(days=7)
        moment = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)
    return moment.astimezone(UTC)


def say_day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b} {local.year}"


def say_short(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b}"


def say_moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{say_day(moment, zone)}, {moment.astimezone(zone):%H:%M} {zone.key}"
