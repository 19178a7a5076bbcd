"""Two rows for one tool become one. Audited; a tool that was already judged is left to an editor."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, delete, select

from db import alerts, audit
from db.models import Change, Comparison, Fact, Launch, Release, Snapshot, Tool, ToolKey


def join_or_alert(session: Session, keep: Tool, other_id: int, why: str, now: datetime) -> None:
    other = session.get(Tool, other_id)
    if other is None or other.id == keep.id:
        return
    if is_in_a_comparison(session, other_id):
        alerts.raise_alert(
            session,
            f"same-tool:{keep.slug}:{other.slug}",
            f"{keep.name} and {other.name} look like one tool: {why}.",
            f"Compare {keep.home_url} and {other.home_url}; if they are one tool, decide which row stays.",
            now,
        )
        return
    absorb(session, keep, other)
    audit.record(session, now, "identity", "merge tools", f"tool {keep.id}", absorbed=other.slug, why=why)


def is_in_a_comparison(session: Session, tool_id: int) -> bool:
    pairs = select(Comparison.id).where(or_(Comparison.tool_a_id == tool_id, Comparison.tool_b_id == tool_id))  # type: ignore[arg-type]
    return session.exec(pairs).first() is not None


def absorb(session: Session, keep: Tool, other: Tool) -> None:
    """Everything `other` has goes to `keep`; releases both have stay once."""
    versions = set(session.exec(select(Release.version).where(Release.tool_id == keep.id)))
    session.exec(delete(Release).where(col(Release.tool_id) == other.id, col(Release.version).in_(versions)))
    for table in (Launch, ToolKey, Snapshot, Fact, Change, Release):
        session.exec(update(table).where(table.tool_id == other.id).values(tool_id=keep.id))  # type: ignore[arg-type]
    keep.repository = keep.repository or other.repository
    keep.first_seen_at = min(keep.first_seen_at, other.first_seen_at)
    keep.launched_at = min(filter(None, (keep.launched_at, other.launched_at)), default=None)
    session.delete(other)
    session.flush()
