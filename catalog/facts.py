"""The ledger of facts: what a tool's own pages said, when, and where exactly."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session, col, select

from db.models import Change, Fact, Snapshot, Tool
from db.words import FactLabel

log = logging.getLogger(__name__)

# Of these a tool has one at a time; of the others (claims) as many as its pages state.
SINGLE = (
    "tier",
    "entry_price",
    "licence",
    "parameters",
    "context_length",
    "weights",
    "free_credit",
    "tagline",
    "stars",
)
# A move of one of these is an event that brings verdicts back.
WATCHED = ("tier", "entry_price", "licence", "weights", "context_length", "parameters")
SURE_ENOUGH = 0.6
# What of a normal form is the statement; the rest is its wording (plan names, order, alternatives).
STATEMENT = {
    "entry_price": ("amount", "currency", "period", "per"),
    "licence": ("spdx",),
    "parameters": ("total", "active"),
    "context_length": ("tokens",),
}


@dataclass(frozen=True)
class NewFact:
    """A statement found on a page, not yet stored. `snapshot_text[start:end]` is the quote."""

    key: str
    value: str
    normal: Mapping[str, Any]
    quote: str
    start: int
    end: int
    confidence: float
    label: FactLabel = FactLabel.VENDOR_CLAIM


def current_facts(session: Session, tool_id: int, at: datetime | None = None) -> list[Fact]:
    """What stood at that moment (default: now): of each single key the newest, of claims those still stated."""
    rows = session.exec(select(Fact).where(Fact.tool_id == tool_id).order_by(col(Fact.observed_at), col(Fact.id))).all()
    single: dict[str, Fact] = {}
    claims = []
    for fact in rows:
        if at and fact.observed_at > at:
            continue
        if fact.key in SINGLE:
            single[fact.key] = fact
        else:
            claims.append(fact)
    return [*single.values(), *standing_claims(claims, last_reading(session, tool_id, at))]


def last_reading(session: Session, tool_id: int, at: datetime | None) -> datetime | None:
    """When the tool's pages were last read before `at`, as far as the tool itself remembers."""
    tool = session.get(Tool, tool_id)
    moments = [moment for moment in (at, tool.last_read_at if tool else None) if moment]
    return min(moments, default=None)


def standing_claims(claims: list[Fact], read_at: datetime | None) -> list[Fact]:
    """Those the last reading still found, and those added since (an editor's quote anchored on a stored page)."""
    moments = {moment for fact in claims for moment in (fact.observed_at, fact.verified_at)}
    newest = max((moment for moment in moments if not read_at or moment <= read_at), default=None)
    return [fact for fact in claims if not newest or fact.verified_at >= newest]


def find_fact(facts: Iterable[Fact], key: str) -> Fact | None:
    return next((fact for fact in facts if fact.key == key), None)


def find_sure(facts: Iterable[Fact], key: str) -> Fact | None:
    """The same, but only what may be told to a reader as a fact."""
    return next((fact for fact in facts if fact.key == key and fact.confidence >= SURE_ENOUGH), None)


def record_facts(
    session: Session,
    tool_id: int,
    snapshot: Snapshot,
    found: Iterable[NewFact],
    now: datetime,
    known: list[Fact] | None = None,
) -> tuple[int, list[Change]]:
    """Store what is new, confirm what still stands, and write an event for each watched fact that moved.

    Args:
        known: what stood before a reading of several pages began; it grows by what is stored.
    Returns how many facts are new, and the events.
    """
    known = current_facts(session, tool_id) if known is None else known
    added, changes = 0, []
    for new in found:
        if snapshot.text[new.start : new.end] != new.quote or not new.quote:
            log.warning("tool=%s key=%s span does not hold its quote: dropped", tool_id, new.key)
            continue
        before = standing_fact(known, new)
        is_same = before and same_statement(before.key, before.normal, before.value, new.normal, new.value)
        if before and is_same and not before.confidence < SURE_ENOUGH <= new.confidence:
            before.verified_at = now
            session.add(before)
            continue
        if before and before.confidence >= SURE_ENOUGH > new.confidence:
            continue  # a doubtful reading does not replace a sure one
        fact = store_fact(session, tool_id, snapshot, new, now)
        known[:] = [fact, *(one for one in known if one is not before)]
        added += 1
        if before and is_event(before, new):
            changes.append(store_change(session, before, fact, now))
    return added, changes


def standing_fact(known: list[Fact], new: NewFact) -> Fact | None:
    if new.key in SINGLE:
        return find_fact(known, new.key)
    return next((fact for fact in known if fact.key == new.key and fact.value == new.value), None)


def same_statement(
    key: str, normal_a: Mapping[str, Any], value_a: str, normal_b: Mapping[str, Any], value_b: str
) -> bool:
    """'2879.2' and '2879.20', or the same plans in another order, are the same statement."""
    parts = STATEMENT.get(key)
    if not parts or not normal_a or not normal_b:
        return value_a == value_b
    return all(plain(normal_a.get(part)) == plain(normal_b.get(part)) for part in parts)


def plain(value: Any) -> Any:
    """Numbers compare as numbers, however they are written."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


def is_event(before: Fact, new: NewFact) -> bool:
    return new.key in WATCHED and min(before.confidence, new.confidence) >= SURE_ENOUGH


def store_fact(session: Session, tool_id: int, snapshot: Snapshot, new: NewFact, now: datetime) -> Fact:
    assert snapshot.id is not None
    fact = Fact(
        tool_id=tool_id,
        key=new.key,
        value=new.value,
        normal=dict(new.normal),
        snapshot_id=snapshot.id,
        quote=new.quote,
        quote_start=new.start,
        quote_end=new.end,
        label=new.label,
        confidence=new.confidence,
        observed_at=now,
        verified_at=now,
    )
    session.add(fact)
    session.flush()
    return fact


def store_change(session: Session, before: Fact, after: Fact, now: datetime) -> Change:
    assert before.id is not None and after.id is not None
    change = Change(
        tool_id=after.tool_id, key=after.key, before_fact_id=before.id, after_fact_id=after.id, happened_at=now
    )
    session.add(change)
    return change
