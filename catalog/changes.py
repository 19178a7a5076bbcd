"""Change events: what moved about a tool, with its evidence, and which verdicts rest on that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from catalog.ledger.moves import availability_move, find_moves
from catalog.ledger.normal import same_statement
from catalog.ledger.standing import Pages, Standing
from db import audit
from db.models import AuditEntry, Change, Comparison, Fact, Release, Snapshot, Tool, Verdict, VerdictFact
from db.words import Availability, ComparisonState

AVAILABILITY, VERSION = "availability", "version"
KEY_NAMES = {
    "tier": "pricing",
    "entry_price": "entry price",
    "licence": "licence",
    "weights": "weights",
    "context_length": "context length",
    "parameters": "parameters",
}
OUT_OF_REACH = (Availability.DEAD, Availability.PARKED, Availability.MOVED)  # what no verdict may stand on
IN_FORCE = (ComparisonState.APPROVED, ComparisonState.PUBLISHED)
NUMBERS = re.compile(r"\d+")


class Told(NamedTuple):
    """A change with where it can be read; `before` and `after` are its facts, where facts tell it."""

    change: Change
    tool: Tool
    before: Fact | None = None
    after: Fact | None = None
    before_url: str | None = None
    after_url: str | None = None

    @property
    def what(self) -> str:
        words = f"{KEY_NAMES.get(self.change.key, self.change.key)} {self.change.before} → {self.change.after}"
        return f"{words} ({self.change.why})" if self.change.why else words

    @property
    def why_again(self) -> str:
        """Why a verdict resting on it is looked at again."""
        return f"{self.tool.name}: {self.what}"

    @property
    def source_url(self) -> str:
        return self.after_url or self.tool.home_url


@dataclass
class Known:
    """What was told of a tool before: of facts when, of its availability the last word."""

    facts: dict[int, datetime] = field(default_factory=dict)
    availability: str | None = None


# ── writing events ───────────────────────────────────────────────────────────────────────────────


def known_of(session: Session, tool_ids: Sequence[int]) -> dict[int, Known]:
    known = {tool_id: Known() for tool_id in tool_ids}
    columns: tuple[Any, ...] = (Change.tool_id, Change.key, Change.after, Change.after_fact_id, Change.happened_at)
    query = select(*columns).where(col(Change.tool_id).in_(tool_ids)).order_by(col(Change.id))
    for tool_id, key, after, fact_id, happened_at in session.exec(query):
        if fact_id:
            known[tool_id].facts[fact_id] = happened_at
        elif key == AVAILABILITY:
            known[tool_id].availability = after
    return known


def note_moves(
    session: Session, known: list[Fact], pages: Pages, before: Standing, after: Standing, told: Known, now: datetime
) -> list[Change]:
    moves = find_moves(known, pages, before, after, told.facts, now)
    return [store_change(session, move.before, move.after, now) for move in moves]


def store_change(session: Session, before: Fact, after: Fact, now: datetime) -> Change:
    assert before.id is not None and after.id is not None
    change = Change(
        tool_id=after.tool_id,
        key=after.key,
        before=before.value,
        after=after.value,
        before_fact_id=before.id,
        after_fact_id=after.id,
        happened_at=now,
    )
    session.add(change)
    return change


def note_availability(
    session: Session, tool: Tool, now_is: str, why: str, told: Known, now: datetime, *, was_alive: bool
) -> Change | None:
    """Before the tool's row says so: a visit that failed once is no event."""
    move = availability_move(tool.availability, now_is, told.availability, was_alive=was_alive)
    return add_event(session, tool, AVAILABILITY, *move, why, now) if move else None


def note_release(session: Session, tool: Tool, release: Release, now: datetime) -> Change | None:
    """An event when the release is newer than all that were known; the tool's first is none."""
    others = select(Release.version).where(Release.tool_id == tool.id, Release.version != release.version)
    newest = max(session.exec(others), key=version_order, default=None)
    if newest is None or version_order(release.version) <= version_order(newest):
        return None
    told = select(Change.id).where(Change.tool_id == tool.id, Change.key == VERSION, Change.after == release.version)
    if session.exec(told).first() is not None:
        return None
    return add_event(session, tool, VERSION, newest, release.version, "", now)


def version_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """ "1.10" after "1.9", and "2.0-rc1" before "2.0"."""
    main, _, rest = version.partition("-")
    numbers = [int(number[:12]) for number in NUMBERS.findall(main)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), not rest, rest


def add_event(session: Session, tool: Tool, key: str, before: str, after: str, why: str, now: datetime) -> Change:
    assert tool.id is not None
    change = Change(tool_id=tool.id, key=key, before=before, after=after, why=why, happened_at=now)
    session.add(change)
    return change


# ── what rests on them ───────────────────────────────────────────────────────────────────────────


def apply_changes(session: Session, now: datetime) -> list[Comparison]:
    """Flip every approved or published comparison whose verdict rests on what moved. Each change is applied once."""
    flipped = []
    for told in told_of(session, select_told().where(col(Change.applied_at).is_(None))):
        told.change.applied_at = now
        session.add(told.change)
        for comparison in resting_on(session, told.change):
            comparison.state = ComparisonState.RECHECK
            comparison.recheck_why = told.why_again
            session.add(comparison)
            audit.record(session, now, "fact check", "recheck", subject_of(comparison), why=comparison.recheck_why)
            flipped.append(comparison)
    return flipped


def resting_on(session: Session, change: Change) -> list[Comparison]:
    """Comparisons decided, in force, and with a standing verdict that rests on what moved."""
    return [
        comparison
        for comparison, verdict in verdicts_under(session, change)
        if comparison.state in IN_FORCE and verdict.decided_at == comparison.decided_at
    ]


def verdicts_under(session: Session, change: Change) -> list[tuple[Comparison, Verdict]]:
    """Comparisons with the verdict that stood when it happened, if that rests on what moved.

    A verdict rests on a key of a tool, on whatever page and in whatever words the fact it cites was stated. A new
    version moves none: what is said of the old one may still be so.
    """
    query = select(Comparison, Verdict).join(Verdict, col(Verdict.comparison_id) == col(Comparison.id))
    query = query.where(Verdict.tool_id == change.tool_id, Verdict.decided_at <= change.happened_at)
    query = query.order_by(col(Comparison.id), col(Verdict.id))
    if change.key == AVAILABILITY and change.after in OUT_OF_REACH:
        holds = or_(Comparison.tool_a_id == change.tool_id, Comparison.tool_b_id == change.tool_id)
        found = query.where(holds)
    elif change.key in (AVAILABILITY, VERSION):
        return []
    else:
        cited = select(VerdictFact.verdict_id).join(Fact, col(Fact.id) == col(VerdictFact.fact_id))
        cited = cited.where(Fact.tool_id == change.tool_id, Fact.key == change.key)
        found = query.where(col(Verdict.id).in_(cited))
    last = {comparison.id: (comparison, verdict) for comparison, verdict in session.exec(found)}
    return list(last.values())


def has_flipped(session: Session, told: Told, comparison: Comparison) -> bool:
    """As the audit log remembers: the comparison may have been approved again since."""
    entries = select(AuditEntry.detail).where(
        AuditEntry.at == told.change.applied_at,
        AuditEntry.action == "recheck",
        AuditEntry.subject == subject_of(comparison),
    )
    return any(detail.get("why") == told.why_again for detail in session.exec(entries))


def subject_of(comparison: Comparison) -> str:
    return f"comparison {comparison.id}"


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def changes_since(session: Session, since: datetime | None = None) -> list[Told]:
    query = select_told()
    return told_of(session, query.where(Change.happened_at >= since) if since else query)


def select_told() -> Any:
    before: Any = aliased(Fact)
    after: Any = aliased(Fact)
    page_before: Any = aliased(Snapshot)
    page_after: Any = aliased(Snapshot)
    columns: tuple[Any, ...] = (Change, Tool, before, after, page_before.url, page_after.url)
    return (
        select(*columns)
        .join(Tool, col(Tool.id) == col(Change.tool_id))
        .outerjoin(before, before.id == Change.before_fact_id)
        .outerjoin(page_before, page_before.id == before.snapshot_id)
        .outerjoin(after, after.id == Change.after_fact_id)
        .outerjoin(page_after, page_after.id == after.snapshot_id)
        .order_by(col(Change.happened_at), col(Change.id))
    )


def told_of(session: Session, query: Any) -> list[Told]:
    return [Told(*row) for row in session.exec(query)]


def has_returned(session: Session, told: Told) -> bool:
    """The page says again what it said before, and no later event tells so: not worth telling a reader."""
    if told.before is None or told.after is None:
        return False
    change = told.change
    later = select(Change.id).where(Change.tool_id == change.tool_id, Change.key == change.key)
    later = later.where(col(Change.id) > change.id)
    said = (
        select(Fact)
        .join(Snapshot, col(Snapshot.id) == col(Fact.snapshot_id))
        .where(Fact.tool_id == change.tool_id, Fact.key == change.key, Snapshot.url == told.after_url)
        .order_by(col(Fact.observed_at).desc(), col(Fact.id).desc())
    )
    newest = session.exec(said.limit(1)).first()
    return newest is not None and same_statement(told.before, newest) and session.exec(later).first() is None
