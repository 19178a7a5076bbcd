"""Dates as feeds and pages write them, read strictly: what is impossible, or leaves the day open, is None. Pure.

A lenient reader turns 30 February into 2 March and "16:00" into today; a launch's date must not be made up so.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before it stands what programs write for "no date": 1970, year 1
MOST_AHEAD = timedelta(days=1)  # clocks and zones differ by so much; what is dated later is not out yet
LONGEST = 64
MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}
CLOCK = r"(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\b\.?)?)"
ZONE = r"\s*(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Za-z]{1,5})?(?:\s*\([^()]*\))?"
MONTH = r"(?P<month>[A-Za-z]{3})[a-z]{0,6}\.?"
WEEKDAY = r"(?:[^\W\d]{2,9}\.?,?\s+)?"
FORMS = tuple(
    re.compile(form)
    for form in (
        # 2026-11-16T10:00:00Z, 2026/1/6
        rf"(?P<year>\d{{4}})(?P<rule>[-/])(?P<month>\d{{1,2}})(?P=rule)(?P<day>\d{{1,2}})(?:(?:\s*T\s*|\s+){CLOCK}{ZONE})?",
        # 20261116
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:(?:\s*T\s*|\s+){CLOCK}{ZONE})?",
        # Mon, 16 Nov 2026 10:00:00 +0100
        rf"{WEEKDAY}(?P<day>\d{{1,2}})[\s-]+{MONTH}[\s-]+(?P<year>\d{{4}}|\d{{2}})(?:[\s,]+(?:at\s+)?{CLOCK}{ZONE})?",
        # November 16, 2026
        rf"{WEEKDAY}{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?:[\s,]+(?:at\s+)?{CLOCK}{ZONE})?",
        # Mon Nov 16 10:00:00 2026
        rf"{WEEKDAY}{MONTH}\s+(?P<day>\d{{1,2}})\s+{CLOCK}{ZONE}\s+(?P<year>\d{{4}})",
    )
)


def stated_moment(text: Any) -> datetime | None:
    """An interface's own moment (ISO 8601), in UTC; None when it states none.

    Raises ValueError or TypeError for anything else: an entry with a broken date is a broken entry.
    """
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_moment(text: str) -> datetime | None:
    """The moment a text states, in UTC; without a zone it is taken for UTC, without a time for midnight."""
    bare = " ".join(text[: LONGEST * 2].split())
    if not bare or len(bare) > LONGEST:
        return None
    match = next(filter(None, (form.fullmatch(bare) for form in FORMS)), None)
    if match is None:
        return None
    try:
        moment = build_moment(match.groupdict())
    except (ValueError, OverflowError):  # there is no 30 February
        return None
    return moment if moment >= EARLIEST else None


def build_moment(parts: dict[str, str | None]) -> datetime:
    month = parts["month"] or ""
    number = int(month) if month.isdecimal() else MONTHS.get(month.lower(), 0)
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if parts["half"]:
        hour = read_half(hour, parts["half"])
    second = min(second, 59)  # a leap second
    local = datetime(read_year(parts["year"] or ""), number, int(parts["day"] or 0), hour, minute, second)  # noqa: DTZ001
    return local.replace(tzinfo=read_zone(parts["zone"] or "")).astimezone(UTC)


def read_half(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:
        raise ValueError("no hour of a half day")
    return hour % 12 + (12 if half[0] in "pP" else 0)


def read_year(text: str) -> int:
    """Two digits as RFC 2822 §4.3 reads them."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def read_zone(text: str) -> timezone:
    """An offset, or a name; a name that is not known says as much as none (RFC 2822 §4.3)."""
    if text[:1] not in ("+", "-"):
        return timezone(timedelta(hours=ZONES.get(text.upper(), 0)))
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        raise ValueError("no such offset")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def first_date(stated: Iterable[tuple[str, str]], now: datetime) -> tuple[datetime | None, str | None]:
    """Of (field, text) pairs the first that can be read and is not ahead of `now`, with its field's name."""
    for name, text in stated:
        moment = read_moment(text)
        if moment and moment <= now + MOST_AHEAD:
            return moment, name
    return None, None
