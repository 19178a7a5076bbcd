"""What readers have already seen, and what has moved since: nothing is told twice without news."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from catalog.changes import KEY_NAMES
from db.models import Change, Comparison, Edition, Entry, Fact, Launch, Release, Tool
from db.words import ComparisonState, EditionState

REST = timedelta(weeks=4)  # a tool that was in an edition rests so long
THIS_WEEK = timedelta(days=6)  # what was proposed or published since belongs to one edition
MATERIAL = ("tier", "entry_price", "licence", "availability", "weights", "version")
OPEN = (ComparisonState.PENDING, ComparisonState.DRAFTED, ComparisonState.APPROVED, ComparisonState.RECHECK)
GOING_OUT = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)


@dataclass(frozen=True)
class History:
    """
    Attributes:
        paired: every pair there ever was, the lower id first.
        alone: tools that had a comparison of their own.
        resting: tool → why it is not proposed now.
        moved: tool that an edition carried → what moved since.
        of_category: how many comparisons of a category this week already has.
        pairs, singles: how many were proposed this week.
    """

    paired: frozenset[tuple[int, int]] = frozenset()
    alone: frozenset[int] = frozenset()
    resting: Mapping[int, str] = field(default_factory=dict)
    moved: Mapping[int, str] = field(default_factory=dict)
    of_category: Mapping[str, int] = field(default_factory=dict)
    pairs: int = 0
    singles: int = 0


def read_history(session: Session, now: datetime) -> History:
    rows = session.exec(select(Comparison).order_by(col(Comparison.id))).all()
    this_week = [row for row in rows if row.created_at > now - THIS_WEEK]
    carried = carried_at(session)
    resting = {
        tool_id: "it is in a comparison that awaits its decision or its edition"
        for row in rows
        if row.state in OPEN
        for tool_id in row.tool_ids
    }
    moved = {}
    news = news_of(session, carried)
    for tool_id, seen_at in carried.items():
        if seen_at > now - REST:
            resting.setdefault(
                tool_id, f"it was in the edition of {day(seen_at)} and rests until {day(seen_at + REST)}"
            )
        elif tool_id in news:
            moved[tool_id] = news[tool_id]
        else:
            resting.setdefault(tool_id, f"readers saw it on {day(seen_at)}, and nothing material has changed since")
    return History(
        paired=frozenset((row.tool_a_id, row.tool_b_id) for row in rows if row.tool_b_id is not None),
        alone=frozenset(row.tool_a_id for row in rows if row.tool_b_id is None),
        resting=resting,
        moved=moved,
        of_category=count_categories(session, now),
        pairs=len([row for row in this_week if row.tool_b_id is not None]),
        singles=len([row for row in this_week if row.tool_b_id is None]),
    )


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def carried_at(session: Session) -> dict[int, datetime]:
    """Tool → when an edition last carried it."""
    told = func.coalesce(Comparison.published_at, Edition.sending_started_at)
    query = (
        select(Comparison.tool_a_id, Comparison.tool_b_id, told)
        .join(Entry, col(Entry.comparison_id) == col(Comparison.id), isouter=True)
        .join(Edition, col(Edition.id) == col(Entry.edition_id), isouter=True)
        .where(or_(col(Comparison.published_at).is_not(None), col(Edition.state).in_(GOING_OUT)))
    )
    last: dict[int, datetime] = {}
    for a, b, at in session.exec(query):
        for tool_id in (a, b):
            if tool_id is not None and at is not None:
                last[tool_id] = max(at, last.get(tool_id, at))
    return last


def count_categories(session: Session, now: datetime) -> Counter[str]:
    """Comparisons of each category that are open, or went out with this week's edition."""
    busy = or_(col(Comparison.state).in_(OPEN), col(Comparison.published_at) > now - THIS_WEEK)
    query = select(Tool.category).join(Comparison, col(Comparison.tool_a_id) == col(Tool.id)).where(busy)
    return Counter(session.exec(query))


def news_of(session: Session, carried: Mapping[int, datetime]) -> dict[int, str]:
    """Tool → its last material change or release since readers saw it, as a sentence."""
    if not carried:
        return {}
    told: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    since = min(carried.values())
    for tool_id, name, at, what in [*changes_after(session, since), *releases_after(session, since)]:
        if tool_id in carried and at > carried[tool_id]:
            told[tool_id].append((at, f"{name}{what} since readers last saw it."))
    return {tool_id: max(found)[1] for tool_id, found in told.items()}


def changes_after(session: Session, since: datetime) -> list[tuple[int, str, datetime, str]]:
    before, after = aliased(Fact), aliased(Fact)
    query = (
        select(Change, Tool.name, before.value, after.value)
        .join(Tool, col(Tool.id) == col(Change.tool_id))
        .join(before, col(before.id) == col(Change.before_fact_id), isouter=True)
        .join(after, col(after.id) == col(Change.after_fact_id), isouter=True)
        .where(Change.happened_at > since, col(Change.key).in_(MATERIAL))
    )
    return [
        (change.tool_id, name, change.happened_at, f"'s {say_move(change, was, became)}")
        for change, name, was, became in session.exec(query)
    ]


def say_move(change: Change, was: str | None, became: str | None) -> str:
    what = KEY_NAMES.get(change.key, change.key)
    old, new = was or change.before, became or change.after
    return f"{what} moved from {old} to {new}" if old and new else f"{what} changed"


def releases_after(session: Session, since: datetime) -> list[tuple[int, str, datetime, str]]:
    at = func.coalesce(Release.released_at, Launch.first_seen_at)
    query = (
        select(Release.tool_id, Tool.name, at, Release.version)
        .join(Tool, col(Tool.id) == col(Release.tool_id))
        .join(Launch, col(Launch.id) == col(Release.launch_id), isouter=True)
        .where(at > since)
    )
    return [(tool_id, name, moment, f" released {version}") for tool_id, name, moment, version in session.exec(query)]
