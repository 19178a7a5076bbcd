"""What becomes of comparisons, and of proposals, when one of their tools becomes another (docs/decisions/0014).

A pair exists once, the lower id first. What readers were shown or an editor approved is never folded away.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, SQLModel, col, select

from catalog.joining.belongings import put_back, take_away
from db.models import Comparison, Entry, MergeProposal, Review, Tool, Verdict, Waiver
from db.words import ComparisonState, ProposalState
from errors import NotAllowed

FURTHER = [ComparisonState.PENDING, ComparisonState.REJECTED, ComparisonState.DRAFTED, ComparisonState.RECHECK]
WEIGHT = [ProposalState.MERGED, ProposalState.OPEN, ProposalState.REFUSED]
Pair = tuple[int, int | None]


@dataclass
class Log:
    """What was changed in place, and what had to go: enough to undo both."""

    altered: list[dict[str, Any]] = field(default_factory=list)
    dropped: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def alter(self, session: Session, row: Any, **values: Any) -> None:
        before = row.model_dump(mode="json")
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        after = row.model_dump(mode="json")
        moved = {name: [before[name], after[name]] for name in values}
        self.altered.append({"table": row.__tablename__, "id": row.id, "columns": moved})

    def drop(self, session: Session, row: SQLModel) -> None:
        self.dropped[str(row.__tablename__)].append(take_away(session, row))


@dataclass(frozen=True)
class Fold:
    """A pair that is there once afterwards; the others go into the one that stays."""

    pair: Pair
    stays: Comparison
    go: list[Comparison]


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────


def plan_folds(session: Session, keep: Tool, gone: Tool) -> list[Fold]:
    """Raises NotAllowed where two judged comparisons would have to become one."""
    assert keep.id is not None and gone.id is not None
    groups: dict[Pair, list[Comparison]] = defaultdict(list)
    for comparison in comparisons_of(session, keep.id, gone.id):
        groups[pair_after(comparison, keep.id, gone.id)].append(comparison)
    folds = []
    for pair, rivals in groups.items():
        judged = [one for one in rivals if is_judged(session, one)]
        refuse_loss(keep, gone, judged)
        ranked = sorted(rivals, key=lambda one: rank(session, one, one in judged), reverse=True)
        folds.append(Fold(pair, ranked[0], ranked[1:]))
    return folds


def comparisons_of(session: Session, *tool_ids: int) -> list[Comparison]:
    has = or_(col(Comparison.tool_a_id).in_(tool_ids), col(Comparison.tool_b_id).in_(tool_ids))
    return list(session.exec(select(Comparison).where(has).order_by(col(Comparison.id))))


def pair_after(comparison: Comparison, keep_id: int, gone_id: int) -> Pair:
    """The tools of a comparison once the two are one; a comparison of the two with each other has one tool left."""
    tools = sorted({keep_id if tool == gone_id else tool for tool in comparison.tool_ids})
    return (tools[0], tools[1]) if len(tools) == 2 else (tools[0], None)


def is_judged(session: Session, comparison: Comparison) -> bool:
    if comparison.published_at or comparison.state in (ComparisonState.APPROVED, ComparisonState.PUBLISHED):
        return True
    verdict = session.exec(select(Verdict.id).where(Verdict.comparison_id == comparison.id)).first()
    return verdict is not None or session.get(Entry, comparison.id) is not None


def refuse_loss(keep: Tool, gone: Tool, judged: list[Comparison]) -> None:
    what = f"{keep.slug} and {gone.slug} cannot be merged"
    for one in judged:
        if one.state == ComparisonState.APPROVED and {keep.id, gone.id} == set(one.tool_ids):
            why = f"comparison {one.id} sets the two side by side and is approved, not yet published"
            raise NotAllowed(what, f"{why}; take it out of its edition, or merge them once it is published")
    if len(judged) > 1:
        named = " and ".join(f"{one.id} ({one.slug})" for one in judged)
        why = f"comparisons {named} would become one pair, and both carry verdicts that must not be lost"
        raise NotAllowed(what, f"{why}; keep both tools and refuse the proposal")


def rank(session: Session, comparison: Comparison, judged: bool) -> tuple[bool, int, int, int]:
    """Which of two comparisons of one pair stays: the one more has been put into, then the older."""
    further = FURTHER.index(ComparisonState(comparison.state)) if comparison.state in FURTHER else len(FURTHER)
    return judged, further, len(reviews_of(session, comparison)), -(comparison.id or 0)


def reviews_of(session: Session, comparison: Comparison) -> list[Review]:
    found = select(Review).where(Review.comparison_id == comparison.id)
    return list(session.exec(found.order_by(col(Review.id))))


def merge_comparisons(
    session: Session, folds: list[Fold], keep: Tool, gone: Tool, by: str, now: datetime, log: Log
) -> None:
    for fold in folds:
        for one in fold.go:
            fold_in(session, one, fold.stays, now, log)
        is_of_both = {keep.id, gone.id} == set(fold.stays.tool_ids)
        if is_of_both and fold.stays.state == ComparisonState.PENDING and not reviews_of(session, fold.stays):
            drop_unbegun(session, fold.stays, log)
            continue
        a, b = fold.pair
        if fold.stays.tool_ids != tuple(filter(None, fold.pair)):
            log.alter(session, fold.stays, tool_a_id=a, tool_b_id=b)
        if is_of_both:
            end_self_comparison(session, fold.stays, keep, gone, by, now, log)
        session.flush()


def fold_in(session: Session, goes: Comparison, stays: Comparison, now: datetime, log: Log) -> None:
    """Its reviews stay readable, as replaced ones, with the comparison that stays; its waivers waive nothing there."""
    for review in reviews_of(session, goes):
        log.alter(session, review, comparison_id=stays.id, replaced_at=review.replaced_at or now)
    session.flush()
    drop_unbegun(session, goes, log)


def drop_unbegun(session: Session, comparison: Comparison, log: Log) -> None:
    """A comparison nothing hangs on; all it held stands in the merge's record."""
    for waiver in session.exec(select(Waiver).where(Waiver.comparison_id == comparison.id)).all():
        log.drop(session, waiver)
    log.drop(session, comparison)


def end_self_comparison(
    session: Session, one: Comparison, keep: Tool, gone: Tool, by: str, now: datetime, log: Log
) -> None:
    """A tool is no rival of its own: published, it stays as it was shown; else it is rejected."""
    reviews = reviews_of(session, one)
    kept = {review.reviewer for review in reviews if review.tool_id == keep.id and review.replaced_at is None}
    for review in reviews:
        if review.tool_id == gone.id and review.replaced_at is None and review.reviewer in kept:
            log.alter(session, review, replaced_at=now)
    session.flush()
    if is_judged(session, one) or one.state == ComparisonState.REJECTED:
        return
    why = f"{gone.name} ({gone.slug}) is {keep.name} itself: the two were merged"
    log.alter(session, one, state=ComparisonState.REJECTED, decided_by=by, decided_at=now, decided_why=why)


# ── proposals ────────────────────────────────────────────────────────────────────────────────────


def merge_proposals(session: Session, keep: Tool, gone: Tool, log: Log) -> None:
    """Those of `gone` now ask about `keep`; of two about one pair a refusal outweighs an open question."""
    assert keep.id is not None and gone.id is not None
    groups: dict[Pair, list[MergeProposal]] = defaultdict(list)
    for one in proposals_of(session, keep.id, gone.id):
        tools = sorted({keep.id if tool == gone.id else tool for tool in (one.tool_a_id, one.tool_b_id)})
        groups[tools[0], tools[1] if len(tools) == 2 else None].append(one)
    for (a, b), rivals in groups.items():
        ranked = sorted(rivals, key=lambda one: (-WEIGHT.index(ProposalState(one.state)), one.id))
        for one in ranked if b is None else ranked[1:]:
            log.drop(session, one)  # the question between the two is answered by the merge itself
        if b is not None and (ranked[0].tool_a_id, ranked[0].tool_b_id) != (a, b):
            log.alter(session, ranked[0], tool_a_id=a, tool_b_id=b)
        session.flush()


def proposals_of(session: Session, *tool_ids: int) -> list[MergeProposal]:
    has = or_(col(MergeProposal.tool_a_id).in_(tool_ids), col(MergeProposal.tool_b_id).in_(tool_ids))
    return list(session.exec(select(MergeProposal).where(has).order_by(col(MergeProposal.id))))


# ── and back ─────────────────────────────────────────────────────────────────────────────────────

TABLES: dict[str, type[SQLModel]] = {
    table.__tablename__: table  # type: ignore[misc]
    for table in (Comparison, MergeProposal, Review)
}


def restore(session: Session, altered: list[dict[str, Any]], dropped: dict[str, list[dict[str, Any]]]) -> None:
    """Pairs first, so that the places of those that went are free; then those; then what pointed to them."""
    put_altered_back(session, altered, ("comparison", "mergeproposal"), {})
    moved_to = {row["id"]: put_back(session, Comparison, row) for row in dropped.get("comparison", ())}
    put_altered_back(session, altered, ("review",), moved_to)
    for values in dropped.get("waiver", ()):
        owner = values["comparison_id"]
        put_back(session, Waiver, values | {"comparison_id": moved_to.get(owner, owner)})
    for values in dropped.get("mergeproposal", ()):
        put_back(session, MergeProposal, values)


def put_altered_back(
    session: Session, altered: list[dict[str, Any]], tables: tuple[str, ...], moved_to: dict[int, int]
) -> None:
    for change in reversed(altered):
        row: Any = session.get(TABLES[change["table"]], change["id"]) if change["table"] in tables else None
        if row is not None:
            put_columns_back(row, change["columns"], moved_to)
            session.add(row)
            session.flush()


def put_columns_back(row: Any, columns: dict[str, list[Any]], moved_to: dict[int, int]) -> None:
    """What has been changed again since stays; tools of a pair go back together."""
    present = row.model_dump(mode="json")
    before = type(row).model_validate(present | {name: pair[0] for name, pair in columns.items()})
    if any(present[name] != after for name, (_, after) in columns.items()):
        return
    for name in columns:
        value = getattr(before, name)
        setattr(row, name, moved_to.get(value, value) if name == "comparison_id" else value)
