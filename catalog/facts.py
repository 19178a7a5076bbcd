"""The ledger of facts: what a tool's own pages said, when, and where exactly. Append-only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from catalog.ledger.standing import SURE_ENOUGH, Pages, Standing, standing_of
from db.models import Fact, Snapshot, Tool
from db.words import FactLabel
from errors import AppError


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


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def current_facts(session: Session, tool_id: int, at: datetime | None = None) -> list[Fact]:
    """What stood at that moment (default: now): of each single key the one chosen, and the claims still stated."""
    return standing_at(session, tool_id, at).facts


def standing_at(session: Session, tool_id: int, at: datetime | None = None) -> Standing:
    """The same, with what every other page said of the single keys."""
    return standing_of(facts_of(session, [tool_id])[tool_id], pages_of(session, [tool_id])[tool_id], at)


def current_facts_of(session: Session, tools: Iterable[Tool]) -> dict[int, list[Fact]]:
    """What stands of each of these tools now, in two queries."""
    ids = [tool.id or 0 for tool in tools]
    known, pages = facts_of(session, ids), pages_of(session, ids)
    return {tool_id: standing_of(known[tool_id], pages[tool_id]).facts for tool_id in ids}


def facts_of(session: Session, tool_ids: Sequence[int]) -> dict[int, list[Fact]]:
    """All there ever were, the oldest first."""
    known: dict[int, list[Fact]] = {tool_id: [] for tool_id in tool_ids}
    query = select(Fact).where(col(Fact.tool_id).in_(tool_ids)).order_by(col(Fact.observed_at), col(Fact.id))
    for fact in session.exec(query) if known else []:
        known[fact.tool_id].append(fact)
    return known


def pages_of(session: Session, tool_ids: Sequence[int]) -> dict[int, Pages]:
    """Where and when they were read; the texts stay where they are."""
    pages = {tool_id: Pages() for tool_id in tool_ids}
    query = select(Snapshot.tool_id, Snapshot.id, Snapshot.url, Snapshot.fetched_at)
    query = query.where(col(Snapshot.tool_id).in_(tool_ids)).order_by(col(Snapshot.fetched_at), col(Snapshot.id))
    for tool_id, own_id, url, fetched_at in session.exec(query) if pages else []:
        pages[tool_id or 0].add(own_id or 0, url, fetched_at)
    return pages


def find_fact(facts: Iterable[Fact], key: str) -> Fact | None:
    return next((fact for fact in facts if fact.key == key), None)


def find_sure(facts: Iterable[Fact], key: str) -> Fact | None:
    """The same, but only what may be told to a reader as a fact."""
    return next((fact for fact in facts if fact.key == key and fact.confidence >= SURE_ENOUGH), None)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def is_quoted(new: NewFact, text: str) -> bool:
    return bool(new.quote) and text[new.start : new.end] == new.quote


def store_fact(session: Session, tool_id: int, snapshot: Snapshot, new: NewFact, now: datetime) -> Fact:
    """One fact, with its id. Raises AppError where the page does not hold the quote."""
    assert snapshot.id is not None
    if not is_quoted(new, snapshot.text):
        raise AppError(f"The fact {new.key} “{new.value[:80]}” is not stored: its quote does not stand in its page.")
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
