"""The comparisons everybody may read, each read whole before the session closes.

A comparison can be under work again while its page stands. The page then shows what was approved last:
the reviews that stood when the verdict was decided, and the answer as its edition froze it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from db.models import (
    Change,
    Comparison,
    Editor,
    Entry,
    Fact,
    FrozenEdition,
    Review,
    ReviewFact,
    Snapshot,
    Tool,
    Verdict,
)
from db.shown import (
    PublishedComparison,
    ShownChange,
    ShownFact,
    ShownReview,
    ShownTool,
    ShownVerdict,
    in_order,
)
from db.words import ComparisonState
from errors import NotFound

AS_APPROVED = (ComparisonState.APPROVED, ComparisonState.PUBLISHED)
CurrentFacts = Callable[[Session, int], list[Fact]]


def get_published_comparison(session: Session, slug: str, current_facts: CurrentFacts) -> PublishedComparison:
    """Everything its page shows; `current_facts` is the catalog's rule of what stands today."""
    comparison = session.exec(
        select(Comparison).where(Comparison.slug == slug, col(Comparison.published_at).is_not(None))
    ).one_or_none()
    if comparison is None or comparison.published_at is None:
        raise NotFound("published comparison", slug)
    told = approved_words(session, comparison)
    verdicts = verdicts_of(session, comparison)
    tools = [
        shown_tool(session, comparison, tool_id, verdicts.get(tool_id, []), current_facts)
        for tool_id in comparison.tool_ids
    ]
    decided = sorted((one for of_tool in verdicts.values() for one in of_tool), key=lambda one: one.decided_at)
    return PublishedComparison(
        slug=comparison.slug,
        answer=str(told.get("answer") or ""),
        jobs=str(told.get("jobs") or ""),
        update_why=comparison.update_why,
        published_at=comparison.published_at,
        recheck_why=comparison.recheck_why or "",
        is_settled=comparison.state in AS_APPROVED,
        tools=tools,
        verdicts=decided[::-1],
        changes=changes_since(session, comparison, decided[0].decided_at) if decided else [],
    )


def approved_words(session: Session, comparison: Comparison) -> dict[str, Any]:
    """The answer as it was approved: while it is being rewritten, the frozen edition remembers it."""
    if comparison.state in AS_APPROVED:
        return {"answer": comparison.answer, "jobs": comparison.jobs}
    content = session.exec(
        select(FrozenEdition.content)
        .join(Entry, col(Entry.edition_id) == col(FrozenEdition.edition_id))
        .where(Entry.comparison_id == comparison.id)
    ).first()
    entries = (content or {}).get("entries", [])
    return next((entry for entry in entries if entry.get("slug") == comparison.slug), {})


def verdicts_of(session: Session, comparison: Comparison) -> dict[int, list[ShownVerdict]]:
    """By tool, the oldest first."""
    rows = session.exec(
        select(Verdict, Tool.name, Editor.name)
        .join(Tool, col(Tool.id) == col(Verdict.tool_id))
        .outerjoin(Editor, col(Editor.email) == col(Verdict.approved_by))
        .where(Verdict.comparison_id == comparison.id)
        .order_by(col(Verdict.decided_at), col(Verdict.id))
    )
    found: dict[int, list[ShownVerdict]] = {}
    for verdict, name, editor in rows:
        found.setdefault(verdict.tool_id, []).append(shown_verdict(verdict, name, editor or verdict.approved_by))
    return found


def shown_verdict(verdict: Verdict, tool_name: str, approved_by: str) -> ShownVerdict:
    return ShownVerdict(
        tool=tool_name,
        outcome=verdict.outcome,
        votes=f"{max(verdict.ships, verdict.skips)}–{min(verdict.ships, verdict.skips)}",
        abstentions=verdict.abstentions,
        marks=[{"reviewer": name, "stance": verdict.marks[name]} for name in in_order(verdict.marks)],
        evidence=verdict.evidence,
        why=verdict.why,
        decided_at=verdict.decided_at,
        approved_by=approved_by,
    )


def shown_tool(
    session: Session,
    comparison: Comparison,
    tool_id: int,
    verdicts: list[ShownVerdict],
    current_facts: CurrentFacts,
) -> ShownTool:
    tool = session.get(Tool, tool_id)
    assert tool is not None  # a foreign key
    latest = verdicts[-1] if verdicts else None
    return ShownTool(
        name=tool.name,
        slug=tool.slug,
        tagline=tool.tagline,
        home_url=tool.home_url,
        verdict=latest,
        facts=with_sources(session, current_facts(session, tool_id)),
        reviews=reviews_at(session, comparison, tool_id, latest.decided_at) if latest else {},
    )


def reviews_at(session: Session, comparison: Comparison, tool_id: int, at: datetime) -> dict[str, ShownReview]:
    """The reviews a verdict was decided on; later ones wait for their own decision."""
    rows = session.exec(
        select(Review)
        .where(
            Review.comparison_id == comparison.id,
            Review.tool_id == tool_id,
            Review.written_at <= at,
            or_(col(Review.replaced_at).is_(None), col(Review.replaced_at) > at),
        )
        .order_by(col(Review.written_at), col(Review.id))
    ).all()
    return {review.reviewer: shown_review(session, review) for review in rows}


def shown_review(session: Session, review: Review) -> ShownReview:
    cited = session.exec(
        select(Fact)
        .join(ReviewFact, col(ReviewFact.fact_id) == col(Fact.id))
        .where(ReviewFact.review_id == review.id)
        .order_by(col(Fact.id))
    ).all()
    return ShownReview(
        id=review.id or 0,
        reviewer=review.reviewer,
        stance=review.stance,
        quote=review.quote,
        origin=review.origin,
        written_by=review.written_by,
        facts=with_sources(session, cited),
    )


def with_sources(session: Session, facts: Iterable[Fact]) -> list[ShownFact]:
    facts = list(facts)
    wanted = {fact.snapshot_id for fact in facts}
    urls = dict(session.exec(select(Snapshot.id, Snapshot.url).where(col(Snapshot.id).in_(wanted))).all())
    return [
        ShownFact(
            id=fact.id or 0,
            key=fact.key,
            value=fact.value,
            quote=fact.quote,
            source_url=urls[fact.snapshot_id],
            label=fact.label,
            observed_at=fact.observed_at,
            verified_at=fact.verified_at,
        )
        for fact in facts
    ]


def changes_since(session: Session, comparison: Comparison, since: datetime) -> list[ShownChange]:
    """What moved under its tools after the first verdict, the newest first."""
    rows = session.exec(
        select(Change, Tool, Snapshot.url)
        .join(Tool, col(Tool.id) == col(Change.tool_id))
        .outerjoin(Fact, col(Fact.id) == col(Change.after_fact_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Fact.snapshot_id))
        .where(col(Change.tool_id).in_(comparison.tool_ids), Change.happened_at > since)
        .order_by(col(Change.happened_at).desc(), col(Change.id).desc())
    ).all()
    return [shown_change(change, tool, url) for change, tool, url in rows]


def shown_change(change: Change, tool: Tool, source_url: str | None) -> ShownChange:
    return ShownChange(
        fact_id=change.after_fact_id,
        tool=tool.name,
        key=change.key,
        before=change.before,
        after=change.after,
        why=change.why,
        source_url=source_url or tool.home_url,
        at=change.happened_at,
    )
