"""What a merge leaves for a person to decide, as alerts; and when it is decided."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from catalog.redirects import find_tool
from db import alerts
from db.models import Comparison, Merge, Tool, Verdict
from db.words import ComparisonState

STANDING = (ComparisonState.APPROVED, ComparisonState.PUBLISHED)


def raise_same_tool(session: Session, keep: Tool, other: Tool, why: str, now: datetime) -> None:
    alerts.raise_alert(
        session,
        f"same-tool:{keep.slug}:{other.slug}",
        f"{keep.name} and {other.name} look like one tool: {why}.",
        f"Compare {keep.home_url} and {other.home_url}; then 'verdicts tools proposals', and accept or refuse it.",
        now,
    )


def clear_same_tool(session: Session, tools: Collection[Tool], now: datetime) -> None:
    """Whether two are one has been said; the alert may know them by slugs they had before."""
    ids = {tool.id for tool in tools}
    for alert in alerts.open_alerts(session):
        kind, *slugs = alert.key.split(":")
        if kind == "same-tool" and {getattr(find_tool(session, slug), "id", None) for slug in slugs} <= ids:
            alerts.clear_alert(session, alert.key, now)


def standing_verdicts(session: Session, tool_id: int) -> list[tuple[Comparison, Verdict]]:
    """Of each comparison that stands the newest verdict on this tool, the oldest first."""
    rows = session.exec(
        select(Comparison, Verdict)
        .join(Verdict, col(Verdict.comparison_id) == col(Comparison.id))
        .where(Verdict.tool_id == tool_id, col(Comparison.state).in_(STANDING))
        .order_by(col(Verdict.id))
    )
    newest = {comparison.id: (comparison, verdict) for comparison, verdict in rows}
    return sorted(newest.values(), key=lambda both: both[1].id or 0)


def note_two_verdicts(session: Session, tool: Tool, gone_name: str, merge_id: int, now: datetime) -> None:
    """Said once a merge, and only where more than one verdict stands."""
    standing = standing_verdicts(session, tool.id or 0)
    verdicts = list(session.exec(select(Verdict).where(Verdict.tool_id == tool.id).order_by(col(Verdict.id))))
    outcomes = {verdict.outcome for verdict in verdicts}
    if len(standing) < 2 and len(outcomes) < 2:
        return
    told = "; ".join(
        f"{verdict.outcome} in comparison {verdict.comparison_id}, {verdict.decided_at:%Y-%m-%d}"
        for verdict in verdicts
    )
    alerts.raise_alert(
        session,
        f"two-verdicts:{merge_id}",
        f"{tool.name} has more than one verdict since {gone_name} was merged into it: {told}.",
        f"Judge {tool.name} anew, a newer verdict settles it; or 'verdicts tools unmerge {merge_id} --as EMAIL'.",
        now,
    )


def clear_settled_verdicts(session: Session, now: datetime) -> None:
    """An alert of two verdicts is over once the tool was judged anew, or its merge is undone."""
    for alert in alerts.open_alerts(session):
        if alert.key.startswith("two-verdicts:"):
            merge = session.get(Merge, int(alert.key.partition(":")[2]))
            if merge is None or merge.undone_at or is_judged_since(session, merge):
                alerts.clear_alert(session, alert.key, now)


def is_judged_since(session: Session, merge: Merge) -> bool:
    newer = select(Verdict.id).where(Verdict.tool_id == merge.kept_id, col(Verdict.decided_at) > merge.merged_at)
    return session.exec(newer).first() is not None
