"""What launches reached over time: raw readings with their moment, and the differences between them.

Append only; no mixed score is ever computed here. `record_traction` writes, the rest is pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel import Session, col, func, select

from db.models import Launch, Traction
from db.words import LaunchKind

SOONEST = timedelta(hours=20)  # two readings of one launch are that far apart at least
UNCHANGED_AFTER = timedelta(days=5)  # then "it stands where it stood" is news too
# A launch is read again from the first age on; one that gave no answer by the second is let go.
AGES = ((timedelta(days=7), timedelta(days=9)), (timedelta(days=1), timedelta(days=2)))
DAYS = (0, 1, 7)
CLOSE = timedelta(hours=12)  # a reading so near to a moment tells of it


@dataclass(frozen=True)
class TractionRead:
    """A launch's numbers as a source gave them, on their way to the store."""

    source: str
    external_id: str
    read_at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Delta:
    """From one reading to the next."""

    read_at: datetime
    value: float
    change: float
    per_day: float


def record_traction(session: Session, launch_id: int, values: Mapping[str, Any], now: datetime) -> bool:
    """Keep the first reading, and a later one that says something new. True when it was kept."""
    if not values:
        return False
    newest = select(Traction).where(Traction.launch_id == launch_id).order_by(col(Traction.read_at).desc())
    last = session.exec(newest.limit(1)).first()
    if last and not is_news(last, values, now):
        return False
    session.add(Traction(launch_id=launch_id, read_at=now, values=dict(values)))
    session.flush()
    return True


def is_news(last: Traction, values: Mapping[str, Any], now: datetime) -> bool:
    age = now - last.read_at
    return age >= UNCHANGED_AFTER or (age >= SOONEST and dict(values) != last.values)


def traction_of(session: Session, launch_id: int) -> list[Traction]:
    """Every reading of a launch, oldest first."""
    query = select(Traction).where(Traction.launch_id == launch_id)
    return list(session.exec(query.order_by(col(Traction.read_at), col(Traction.id))))


def readings_due(session: Session, source: str, now: datetime) -> list[str]:
    """The source's own ids of launches past a day or a week that were not read since; the older first."""
    at = func.coalesce(Launch.launched_at, Launch.first_seen_at)
    due: list[str] = []
    for age, too_late in AGES:
        query = (
            select(Launch.external_id, at, func.max(Traction.read_at))
            .join(Traction, col(Traction.launch_id) == col(Launch.id), isouter=True)
            .where(Launch.source_key == source, Launch.kind == LaunchKind.LAUNCH, at > now - too_late, at <= now - age)
            .group_by(col(Launch.id), col(Launch.external_id), at)
            .order_by(at)
        )
        due += [own_id for own_id, start, read_at in session.exec(query) if not read_at or read_at < start + age]
    return due


# ── read from the readings ───────────────────────────────────────────────────────────────────────


def deltas(readings: Iterable[Traction], key: str) -> list[Delta]:
    """How a number moved from reading to reading; readings without it are passed over."""
    points = numbers(readings, key)
    return [
        Delta(at, value, value - before, round((value - before) / days_between(since, at), 2))
        for (since, before), (at, value) in pairwise(points)
        if at > since
    ]


def by_day(readings: Iterable[Traction], key: str, days: Sequence[int] = DAYS) -> dict[int, float | None]:
    """The number on the days since the first reading; None for a day nobody looked near."""
    points = numbers(readings, key)
    return {day: nearest(points, points[0][0] + timedelta(days=day)) if points else None for day in days}


def since_first(readings: Iterable[Traction], key: str) -> float | None:
    """The change from the first reading to the last; None with fewer than two."""
    points = numbers(readings, key)
    return points[-1][1] - points[0][1] if len(points) > 1 else None


def numbers(readings: Iterable[Traction], key: str) -> list[tuple[datetime, float]]:
    """(moment, value) in the order of time, of the readings that state a number under this key."""
    stated = [(reading.read_at, reading.values.get(key)) for reading in readings]
    return sorted((at, value) for at, value in stated if isinstance(value, int | float) and not isinstance(value, bool))


def nearest(points: Sequence[tuple[datetime, float]], moment: datetime) -> float | None:
    at, value = min(points, key=lambda point: abs(point[0] - moment))
    return value if abs(at - moment) <= CLOSE else None


def days_between(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(days=1)
