"""What an editor says of an announcement: kept as a label, acted on at once, never undone by a later crawl."""

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from catalog.launches import LaunchItem, resolve_tool, settle_tool
from crawler.relevance.labels import Label
from db import audit
from db.models import Launch, RelevanceLabel
from db.words import LaunchKind
from errors import NotFound


def get_launch(session: Session, launch_id: int) -> Launch:
    launch = session.get(Launch, launch_id)
    if launch is None:
        raise NotFound("launch", launch_id, "see 'verdicts launches --json'")
    return launch


def correct_launch(
    session: Session, launch: Launch, is_ai: bool, is_launch: bool, who: str, now: datetime
) -> RelevanceLabel:
    """Both answers yes make it a launch and find or found its tool; any other makes it noise."""
    assert launch.id is not None
    label = session.exec(select(RelevanceLabel).where(RelevanceLabel.launch_id == launch.id)).one_or_none()
    label = label or RelevanceLabel(launch_id=launch.id, is_ai=is_ai, is_launch=is_launch, said_by=who, said_at=now)
    label.is_ai, label.is_launch, label.said_by, label.said_at = is_ai, is_launch, who, now
    before = launch.kind
    if is_ai and is_launch:
        take_up(session, launch, now)
    else:
        launch.kind, launch.why, launch.tool_id = LaunchKind.NOISE, f"set aside by {who}", None
    session.add(label)
    session.add(launch)
    session.flush()
    audit.record(
        session, now, who, "correct launch", f"launch {launch.id}",
        is_ai=is_ai, is_launch=is_launch, before=before, after=str(launch.kind),
    )  # fmt: skip
    return label


def take_up(session: Session, launch: Launch, now: datetime) -> None:
    launch.kind, launch.why = LaunchKind.LAUNCH, ""
    if launch.tool_id is None:
        tool, is_new = resolve_tool(session, item_of(launch), now)
        launch.tool_id = tool.id if tool else None
        if tool:
            session.flush()
            launch.tool_id = settle_tool(session, tool, now, is_new=is_new).id


def item_of(launch: Launch) -> LaunchItem:
    """The announcement as its spider read it, as far as it was stored."""
    return LaunchItem(
        source=launch.source_key,
        external_id=launch.external_id,
        url=launch.url,
        seen_on=launch.seen_on,
        title=launch.title,
        name=launch.name,
        tagline=launch.tagline,
        launched_at=launch.launched_at.replace(tzinfo=launch.launched_at.tzinfo or UTC) if launch.launched_at else None,
        date_from=launch.date_from,
        topics=tuple(launch.topics),
    )


def corrected_labels(session: Session) -> list[Label]:
    """Every correction, oldest first, as the evaluation reads it."""
    found = select(RelevanceLabel, Launch).join(Launch, col(Launch.id) == col(RelevanceLabel.launch_id))
    return [
        Label(launch.source_key, launch.title, launch.url, launch.tagline, label.is_ai, label.is_launch)
        for label, launch in session.exec(found.order_by(col(RelevanceLabel.id)))
    ]
