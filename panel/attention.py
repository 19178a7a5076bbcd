"""Which new launches drew much attention, measured against other launches of the same source."""

from bisect import bisect_left
from collections import defaultdict
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from db.models import Launch, Source
from db.words import LaunchKind
from panel.candidates import UNITS, most_of

BESIDE = timedelta(days=60)
MOST_LAUNCHES = 5000
ENOUGH = 12  # launches that tell what is usual at a source
UPPER = 2 / 3  # above so large a share of them is high
HIGH = {"points": 200, "stars": 1000, "votes": 300, "upvotes": 100, "likes": 300, "downloads": 50_000}  # anywhere


def strong_launches(session: Session, now: datetime) -> dict[int, str]:
    """Tool → the attention its launch drew, in words; only where it is high for that source."""
    query = (
        select(Launch.tool_id, Launch.source_key, Source.title, Launch.traction)
        .join(Source, col(Source.key) == col(Launch.source_key))
        .where(Launch.kind == LaunchKind.LAUNCH, Launch.first_seen_at > now - BESIDE)
        .order_by(col(Launch.first_seen_at).desc(), col(Launch.id).desc())
        .limit(MOST_LAUNCHES)
    )
    counted: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for tool_id, source, title, traction in session.exec(query):
        for unit, value in most_of([traction]).items():
            counted[source, unit].append((value, tool_id or 0, title))
    strong: dict[int, str] = {}
    for source, unit in sorted(counted, key=lambda key: (UNITS.index(key[1]), key[0])):
        values = sorted(value for value, _, _ in counted[source, unit])
        for value, tool_id, title in counted[source, unit]:
            if tool_id and is_high(value, values, unit):
                strong.setdefault(tool_id, f"{value:,} {unit} on {title}")
    return strong


def is_high(value: int, values: list[int], unit: str) -> bool:
    """
    Args:
        values: all of the source, in order.
    """
    if unit in HIGH and value >= HIGH[unit]:
        return True
    return len(values) >= ENOUGH and bisect_left(values, value) >= UPPER * len(values)
