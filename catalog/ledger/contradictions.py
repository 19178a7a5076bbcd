"""Two pages that disagree: both are kept, and the pair is shown for as long as both stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlmodel import Session, col, or_, select

from catalog.ledger.normal import contradicts
from catalog.ledger.standing import SURE_ENOUGH, Pages, Standing
from db.models import Contradiction, Fact

KEYS = ("tier", "entry_price", "licence", "parameters", "context_length", "weights")


@dataclass(frozen=True)
class Pair:
    """Two statements that cannot both be true; `ended_at` is when one of them no longer stood."""

    key: str
    facts: tuple[Fact, Fact]
    found_at: datetime
    ended_at: datetime | None


def contradictions_of(session: Session, tool_id: int, at: datetime | None = None) -> list[Pair]:
    """The pairs that stood at that moment (default: now), the first found first."""
    query = select(Contradiction).where(Contradiction.tool_id == tool_id)
    if at:
        still = or_(col(Contradiction.ended_at).is_(None), col(Contradiction.ended_at) > at)
        query = query.where(Contradiction.found_at <= at, still)
    else:
        query = query.where(col(Contradiction.ended_at).is_(None))
    rows = session.exec(query.order_by(col(Contradiction.found_at), col(Contradiction.id))).all()
    ids = {own_id for row in rows for own_id in (row.fact_a_id, row.fact_b_id)}
    facts = {fact.id: fact for fact in session.exec(select(Fact).where(col(Fact.id).in_(ids)))} if ids else {}
    return [Pair(row.key, (facts[row.fact_a_id], facts[row.fact_b_id]), row.found_at, row.ended_at) for row in rows]


def find_contradictions(standing: Standing, pages: Pages) -> list[tuple[Fact, Fact]]:
    """Pure. Each pair with the lower id first; what is doubtful contradicts nothing."""
    found = []
    plans = {pages.url_of(fact): fact.normal.get("plans") or [] for fact in standing.single.get("tier", [])}
    for key in KEYS:
        sure = [fact for fact in standing.single.get(key, []) if fact.confidence >= SURE_ENOUGH]
        for one, other in combinations(sorted(sure, key=lambda fact: fact.id or 0), 2):
            listed: tuple[Any, Any] = (plans.get(pages.url_of(one), ()), plans.get(pages.url_of(other), ()))
            if contradicts(one, other, *listed):
                found.append((one, other))
    return found


def note_contradictions(
    session: Session,
    tool_id: int,
    found: Iterable[tuple[Fact, Fact]],
    known: Iterable[Contradiction],
    now: datetime,
) -> None:
    """Write what is new, end what no longer stands.

    Args:
        known: all rows of the tool.
    """
    rows = {(row.fact_a_id, row.fact_b_id): row for row in known}
    standing = {(one.id or 0, other.id or 0): one.key for one, other in found}
    for ids, row in rows.items():
        if ids not in standing:
            row.ended_at = row.ended_at or now
        elif row.ended_at:
            row.ended_at = None  # what their pages list beside them had explained it for a while
    for ids, key in standing.items():
        if ids not in rows:
            session.add(Contradiction(tool_id=tool_id, key=key, fact_a_id=ids[0], fact_b_id=ids[1], found_at=now))
