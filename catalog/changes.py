"""What a change does: the verdicts resting on the moved fact come back for a second look."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from db import audit
from db.models import Change, Comparison, Fact, Tool, Verdict, VerdictFact
from db.words import ComparisonState

KEY_NAMES = {
    "tier": "pricing",
    "entry_price": "entry price",
    "licence": "licence",
    "weights": "weights",
    "context_length": "context length",
    "parameters": "parameters",
}


class Told(NamedTuple):
    """A change in words, with where it can be read."""

    change: Change
    tool: Tool
    before: Fact
    after: Fact

    @property
    def what(self) -> str:
        return f"{KEY_NAMES.get(self.change.key, self.change.key)} {self.before.value} → {self.after.value}"


def apply_changes(session: Session, now: datetime) -> list[Comparison]:
    """Flip every approved or published comparison whose verdict rests on a moved fact. Each change is applied once."""
    flipped = []
    for change in session.exec(select(Change).where(col(Change.applied_at).is_(None)).order_by(col(Change.id))):
        change.applied_at = now
        session.add(change)
        told = tell(session, change)
        for comparison in resting_on(session, change.before_fact_id or 0):
            comparison.state = ComparisonState.RECHECK
            comparison.recheck_why = f"{told.tool.name}: {told.what}"
            session.add(comparison)
            audit.record(
                session, now, "fact check", "recheck", f"comparison {comparison.id}", why=comparison.recheck_why
            )
            flipped.append(comparison)
    return flipped


def resting_on(session: Session, fact_id: int) -> list[Comparison]:
    """Comparisons decided, in force, and with a standing verdict that rests on this fact."""
    found = session.exec(
        select(Comparison)
        .join(Verdict, col(Verdict.comparison_id) == col(Comparison.id))
        .join(VerdictFact, col(VerdictFact.verdict_id) == col(Verdict.id))
        .where(
            VerdictFact.fact_id == fact_id,
            col(Comparison.state).in_([ComparisonState.APPROVED, ComparisonState.PUBLISHED]),
            Verdict.decided_at == Comparison.decided_at,
        )
        .distinct()
    )
    return list(found)


def tell(session: Session, change: Change) -> Told:
    tool = session.get(Tool, change.tool_id)
    before, after = session.get(Fact, change.before_fact_id), session.get(Fact, change.after_fact_id)
    assert tool and before and after  # foreign keys
    return Told(change, tool, before, after)


def changes_since(session: Session, since: datetime | None = None) -> list[Told]:
    query = select(Change).order_by(col(Change.happened_at), col(Change.id))
    if since:
        query = query.where(Change.happened_at >= since)
    return [tell(session, change) for change in session.exec(query)]
