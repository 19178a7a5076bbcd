"""The ledger of facts: what a tool's own pages said, when, and where exactly."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
    rows = session.exec(select(Fact).where(Fact.tool_id == tool_id).order_by(col(Fact.observed_at), col(Fact.id)))
    known = [fact for fact in rows if not at or fact.observed_at <= at]
    return standing_facts(known, last_reading(session, tool_id, at))


def current_facts_of(session: Session, tools: Iterable[Tool]) -> dict[int, list[Fact]]:
    """What stands of each of these tools now, in one query."""
    read_at = {tool.id or 0: tool.last_read_at for tool in tools}
    rows = session.exec(
        select(Fact).where(col(Fact.tool_id).in_(list(read_at))).order_by(col(Fact.observed_at), col(Fact.id))
    )
    known: dict[int, list[Fact]] = {tool_id: [] for tool_id in read_at}
    for fact in rows:
        known[fact.tool_id].append(fact)
    return {tool_id: standing_facts(facts, read_at[tool_id]) for tool_id, facts in known.items()}


def standing_facts(known: Iterable[Fact], read_at: datetime | None) -> list[Fact]:
    """Of one tool's facts, oldest first, those that stand."""
    single: dict[str, Fact] = {}
    claims = []
    for fact in known:
        if fact.key in SINGLE:
            single[fact.key] = fact
        else:
            claims.append(fact)
    return [*single.values(), *standing_claims(claims, read_at)]


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
    settled = settle(list(known), snapshot.text, found, tool_id)
    for fact in settled.confirmed:
        fact.verified_at = now
        session.add(fact)
    stored: dict[int, Fact] = {}
    changes = []
    for new, replaced in settled.new:
        before = stored.get(id(replaced), replaced)
        fact = stored[id(new)] = store_fact(session, tool_id, snapshot, new, now)
        known[:] = [fact, *(one for one in known if one is not before)]
        if isinstance(before, Fact) and is_event(before, new):
            changes.append(store_change(session, before, fact, now))
    return len(settled.new), changes


@dataclass
class Settled:
    """What a reading means for what stood: each new fact with what it takes the place of, and what stands on."""

    new: list[tuple[NewFact, Fact | NewFact | None]] = field(default_factory=list)
    confirmed: list[Fact] = field(default_factory=list)


def settle(standing: list[Fact | NewFact], text: str, found: Iterable[NewFact], tool_id: int) -> Settled:
    """Pure. `standing` moves along with every new fact.

    Args:
        text: of the snapshot the findings quote.
    """
    settled = Settled()
    for new in found:
        if not is_quoted(new, text):
            log.warning("tool=%s key=%s span does not hold its quote: dropped", tool_id, new.key)
            continue
        before = standing_fact(standing, new)
        if before and confirms(before, new):
            settled.confirmed += [before] if isinstance(before, Fact) else []
        elif not (before and is_surer(before, new)):
            settled.new.append((new, before))
            standing[:] = [new, *(one for one in standing if one is not before)]
    return settled


def is_quoted(new: NewFact, text: str) -> bool:
    return bool(new.quote) and text[new.start : new.end] == new.quote


def standing_fact(known: Iterable[Fact | NewFact], new: NewFact) -> Fact | NewFact | None:
    """What stood in the place of the new one: its key's, or the same claim."""
    is_single = new.key in SINGLE
    return next((fact for fact in known if fact.key == new.key and (is_single or fact.value == new.value)), None)


def confirms(before: Fact | NewFact, new: NewFact) -> bool:
    """The same statement; a sure reading of what was doubtful is a new fact all the same."""
    is_same = same_statement(before.key, before.normal, before.value, new.normal, new.value)
    return is_same and not before.confidence < SURE_ENOUGH <= new.confidence


def is_surer(before: Fact | NewFact, new: NewFact) -> bool:
    """A doubtful reading does not replace a sure one."""
    return before.confidence >= SURE_ENOUGH > new.confidence


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


def is_event(before: Fact | NewFact, new: NewFact) -> bool:
    return new.key in WATCHED and min(before.confidence, new.confidence) >= SURE_ENOUGH


def store_fact(session: Session, tool_id: int, snapshot: Snapshot, new: NewFact, now: datetime) -> Fact:
    assert snapshot.id is not None
    fact = Fact(**fact_values(tool_id, snapshot.id, new, now))
    session.add(fact)
    session.flush()
    return fact


def fact_values(tool_id: int, snapshot_id: int, new: NewFact, now: datetime) -> dict[str, Any]:
    """The columns of a fact that is new."""
    return {
        "tool_id": tool_id,
        "key": new.key,
        "value": new.value,
        "normal": dict(new.normal),
        "snapshot_id": snapshot_id,
        "quote": new.quote,
        "quote_start": new.start,
        "quote_end": new.end,
        "label": new.label,
        "confidence": new.confidence,
        "observed_at": now,
        "verified_at": now,
    }


def store_change(session: Session, before: Fact, after: Fact, now: datetime) -> Change:
    assert before.id is not None and after.id is not None
    change = Change(
        tool_id=after.tool_id, key=after.key, before_fact_id=before.id, after_fact_id=after.id, happened_at=now
    )
    session.add(change)
    return change
