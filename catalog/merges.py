"""Two rows for one tool become one, by identity or by an editor; and two again. Audited; nothing is lost on the way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from catalog.joining import belongings, merged_pairs
from catalog.joining.belongings import BELONGINGS
from catalog.joining.merge_alerts import clear_same_tool, note_two_verdicts
from catalog.joining.refusals import remember_refusal
from db import alerts, audit
from db.models import Comparison, Merge, Release, Tool, ToolSlug, Verdict
from errors import AppError, NotAllowed, NotFound

IDENTITY = "identity"  # who merges when the addresses prove it
RECENT_MERGES = 200
FILLED = ("repository", "description", "icon_url", "feed_url", "moved_to")  # taken over where the kept one has none


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do.

    Attributes:
        moves: table → how many rows change hands.
        clashes: what both have, in words, with what becomes of it.
        refusal: why it would be refused; empty when it would not.
    """

    keep: str
    gone: str
    moves: dict[str, int]
    clashes: list[str]
    refusal: str = ""


def merge_tools(session: Session, keep: Tool, gone: Tool, why: str, by: str, now: datetime) -> Merge:
    """`gone` becomes `keep`: rows, slugs and comparisons. Raises NotAllowed where a verdict would be lost."""
    keep_id, gone_id = two_tools(keep, gone)
    folds = merged_pairs.plan_folds(session, keep, gone)
    had_verdicts = [tool_id for tool_id in (keep_id, gone_id) if belongings.own_rows(session, Verdict, tool_id)]
    merge = Merge(kept_id=keep_id, gone_id=gone_id, gone={}, kept={}, moved={}, why=why, merged_by=by, merged_at=now)
    merge.gone, log = gone.model_dump(mode="json"), merged_pairs.Log()
    session.add(merge)
    merged_pairs.merge_comparisons(session, folds, keep, gone, by, now, log)
    merged_pairs.merge_proposals(session, keep, gone, log)
    drop_double_releases(session, keep_id, gone_id, log)
    moved = {belongings.name_of(table): belongings.own_rows(session, table, gone_id) for table in BELONGINGS}
    belongings.hand_over(session, moved, gone_id, keep_id)
    moved["merge"] = take_over_merges(session, gone_id, keep_id)
    merge.moved = {
        "rows": moved,
        "altered": log.altered,
        "dropped": dict(log.dropped),
        "newest": belongings.newest_rows(session),
    }
    merge.kept = take_over(keep, gone)
    slug, name = gone.slug, gone.name
    session.add(keep)
    session.delete(gone)
    session.flush()
    session.add(ToolSlug(slug=slug, tool_id=keep_id, since=now))
    session.flush()
    audit.record(session, now, by, "merge tools", f"tool {keep_id}", absorbed=slug, why=why, merge=merge.id)
    clear_same_tool(session, [keep], now)
    if len(had_verdicts) == 2:
        note_two_verdicts(session, keep, name, merge.id or 0, now)
    return merge


def two_tools(keep: Tool, gone: Tool) -> tuple[int, int]:
    assert keep.id is not None and gone.id is not None
    if keep.id == gone.id:
        raise NotAllowed(f"{keep.slug} cannot be merged", "both names lead to this one tool")
    return keep.id, gone.id


def take_over(keep: Tool, gone: Tool) -> dict[str, list[Any]]:
    """The kept row learns what it lacks; what it said before stands in the answer, beside what it says now."""
    before = keep.model_dump(mode="json")
    for name in FILLED:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    keep.tagline = keep.tagline or gone.tagline
    keep.first_seen_at = min(keep.first_seen_at, gone.first_seen_at)
    keep.launched_at = min(filter(None, (keep.launched_at, gone.launched_at)), default=None)
    if is_repository_page(keep.home_url) and not is_repository_page(gone.home_url):
        keep.home_url = gone.home_url
    after = keep.model_dump(mode="json")
    return {name: [value, after[name]] for name, value in before.items() if after[name] != value}


def is_repository_page(url: str) -> bool:
    return url.startswith("https://github.com/")


def drop_double_releases(session: Session, keep_id: int, gone_id: int, log: merged_pairs.Log) -> None:
    """Of a version both have, the earlier told one stays."""
    found = select(Release).where(col(Release.tool_id).in_((keep_id, gone_id))).order_by(col(Release.id))
    by_version: dict[str, list[Release]] = {}
    for release in session.exec(found).all():
        by_version.setdefault(release.version, []).append(release)
    for twins in by_version.values():
        ranked = sorted(twins, key=lambda one: (one.released_at is None, one.released_at, one.tool_id != keep_id))
        for release in ranked[1:]:
            log.drop(session, release)


def take_over_merges(session: Session, from_id: int, to_id: int) -> list[int]:
    """Earlier merges into a tool stay on record when that tool goes, too."""
    ids = list(session.exec(select(Merge.id).where(Merge.kept_id == from_id).order_by(col(Merge.id))))
    session.execute(update(Merge).where(col(Merge.kept_id) == from_id).values(kept_id=to_id))
    return [own for own in ids if own is not None]


def fresh_id(session: Session) -> int | None:
    """The number the next tool needs so that no merged one's is given away again; None: any the store gives.

    SQLite gives the highest number again once its row is gone; PostgreSQL never does.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    recent = select(Merge.gone_id).order_by(col(Merge.id).desc()).limit(RECENT_MERGES)
    gone = max(session.exec(recent), default=0)
    highest = session.execute(select(func.max(Tool.id))).scalar() or 0
    return gone + 1 if gone > highest else None


# ── two again ────────────────────────────────────────────────────────────────────────────────────


def get_merge(session: Session, merge_id: int) -> Merge:
    merge = session.get(Merge, merge_id)
    if merge is None:
        raise NotFound("merge", merge_id, "'verdicts tools show SLUG' lists a tool's merges")
    return merge


def undo_merge(session: Session, merge_id: int, by: str, now: datetime) -> Tool:
    """Both rows as they were. What came since stays with the kept tool, unless its address is the other's."""
    merge = get_merge(session, merge_id)
    refuse_undo(session, merge)
    keep = session.get_one(Tool, merge.kept_id)
    rows = merge.moved["rows"]
    gone = bring_back(session, merge)
    assert gone.id is not None
    belongings.hand_over(session, rows, merge.kept_id, gone.id)
    session.execute(update(Merge).where(col(Merge.id).in_(rows["merge"])).values(kept_id=gone.id))
    merged_pairs.restore(session, merge.moved["altered"], merge.moved["dropped"])
    give_late_arrivals(session, keep, gone, merge.moved["newest"])
    for values in merge.moved["dropped"].get("release", ()):
        put_release_back(session, values | {"tool_id": gone.id if values["tool_id"] == merge.gone_id else keep.id})
    give_columns_back(session, merge, keep)
    merge.undone_by, merge.undone_at = by, now
    session.add(merge)
    session.flush()
    remember_refusal(session, keep, gone, f"merge {merge_id} was undone", by, now)
    alerts.clear_alert(session, f"two-verdicts:{merge_id}", now)
    audit.record(session, now, by, "undo merge", f"tool {keep.id}", brought_back=gone.slug, merge=merge_id)
    return gone


def refuse_undo(session: Session, merge: Merge) -> None:
    what = f"Merge {merge.id} cannot be undone"
    if merge.undone_at:
        raise NotAllowed(what, f"{merge.undone_by} has undone it already")
    later = select(Merge).where(
        Merge.kept_id == merge.kept_id, col(Merge.id) > merge.id, col(Merge.undone_at).is_(None)
    )
    for one in session.exec(later.order_by(col(Merge.id).desc())):
        if merge.id in one.moved["rows"]["merge"]:
            raise NotAllowed(what, f"the tool it made went into another by merge {one.id}; undo that one first")


def bring_back(session: Session, merge: Merge) -> Tool:
    former = session.get(ToolSlug, merge.gone["slug"])
    if former is None or former.tool_id != merge.kept_id:
        raise AppError(f"Merge {merge.id} cannot be undone: its slug {merge.gone['slug']} leads to another tool now.")
    session.delete(former)
    session.flush()
    return session.get_one(Tool, belongings.put_back(session, Tool, merge.gone))


def give_columns_back(session: Session, merge: Merge, keep: Tool) -> None:
    """What a later merge wrote over stays written; that merge then gives back what stood before this one."""
    later = select(Merge).where(
        Merge.kept_id == merge.kept_id, col(Merge.id) > merge.id, col(Merge.undone_at).is_(None)
    )
    others = session.exec(later.order_by(col(Merge.id))).all()
    present = keep.model_dump(mode="json")
    before = Tool.model_validate(present | {name: pair[0] for name, pair in merge.kept.items()})
    for name, (old, new) in merge.kept.items():
        heir = next((one for one in others if one.kept.get(name, [None])[0] == new and name in one.kept), None)
        if heir:
            heir.kept = heir.kept | {name: [old, heir.kept[name][1]]}
            session.add(heir)
        elif present[name] == new:
            setattr(keep, name, getattr(before, name))
    session.add(keep)
    session.flush()


def give_late_arrivals(session: Session, keep: Tool, gone: Tool, newest: dict[str, int]) -> None:
    assert keep.id is not None and gone.id is not None
    own, others = (belongings.keys_of_tool(session, tool_id) for tool_id in (gone.id, keep.id))
    late = belongings.rows_about(session, keep, own, others, since=newest)
    late["release"] = new_versions(session, gone.id, late["release"])
    belongings.hand_over(session, late, keep.id, gone.id)


def new_versions(session: Session, tool_id: int, release_ids: list[int]) -> list[int]:
    """Those of a version the tool does not have yet."""
    known = set(session.exec(select(Release.version).where(Release.tool_id == tool_id)))
    found = session.exec(select(Release).where(col(Release.id).in_(release_ids))).all()
    return [one.id or 0 for one in found if one.version not in known]


def put_release_back(session: Session, values: dict[str, Any]) -> None:
    known = select(Release).where(Release.tool_id == values["tool_id"], Release.version == values["version"])
    if session.exec(known).first() is None:
        belongings.put_back(session, Release, values)


# ── looking first ────────────────────────────────────────────────────────────────────────────────


def preview_merge(session: Session, keep: Tool, gone: Tool) -> MergePreview:
    """What `merge_tools` would do; changes nothing."""
    keep_id, gone_id = two_tools(keep, gone)
    moves = {belongings.name_of(table): len(belongings.own_rows(session, table, gone_id)) for table in BELONGINGS}
    moves["comparison"] = len(merged_pairs.comparisons_of(session, gone_id))
    try:
        folds = merged_pairs.plan_folds(session, keep, gone)
    except NotAllowed as refused:
        return MergePreview(keep.slug, gone.slug, moves, [], str(refused))
    ours, theirs = (
        set(session.exec(select(Release.version).where(Release.tool_id == one))) for one in (keep_id, gone_id)
    )
    clashes = [f"release {version}: both have it, the earlier stays" for version in sorted(ours & theirs)]
    for fold in folds:
        clashes += [f"comparison {one.id} goes into comparison {fold.stays.id}" for one in fold.go]
        if set(fold.stays.tool_ids) == {keep_id, gone_id}:
            clashes.append(f"comparison {fold.stays.id} sets the two side by side")
    if all(belongings.own_rows(session, Verdict, one) for one in (keep_id, gone_id)):
        clashes.append("both have verdicts: an alert will ask which one stands")
    return MergePreview(keep.slug, gone.slug, moves, clashes)


def is_in_a_comparison(session: Session, *tool_ids: int) -> bool:
    has = or_(col(Comparison.tool_a_id).in_(tool_ids), col(Comparison.tool_b_id).in_(tool_ids))
    return session.exec(select(Comparison.id).where(has)).first() is not None
