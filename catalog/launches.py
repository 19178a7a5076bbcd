"""A launch seen on a source becomes a row once, and finds or founds its tool."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from catalog import merges
from catalog.identity import SHARED_HOSTS, Key, canonical_url, keys_of, registrable_domain, slugify
from catalog.text import UNSEEN, one_line
from db.models import Launch, Release, Source, Tool, ToolKey
from db.words import LaunchKind


def check_web_url(value: str) -> str:
    if not canonical_url(value) or UNSEEN.search(value):
        raise ValueError("is no web address")
    return value.strip()


def check_words(value: str) -> str:
    if not value:
        raise ValueError("holds nothing that can be seen")
    return value


WebUrl = Annotated[str, AfterValidator(check_web_url), Field(max_length=2000)]
Line = Annotated[str, AfterValidator(one_line)]
Words = Annotated[str, AfterValidator(one_line), AfterValidator(check_words)]


class LaunchItem(BaseModel):
    """A launch as a spider read it: the door for every value from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    external_id: Words = Field(max_length=500)
    url: WebUrl
    seen_on: WebUrl
    title: Words
    name: Words
    tagline: Line = ""
    launched_at: AwareDatetime | None = None
    date_from: str | None = None
    repository: str | None = None
    topics: tuple[str, ...] = ()
    version: str | None = None
    traction: dict[str, Any] = {}
    kind: LaunchKind = LaunchKind.LAUNCH
    why: str = ""


class Recorded(BaseModel):
    is_new: bool
    tool_is_new: bool = False
    tool_id: int | None = None


def record_launch(session: Session, item: LaunchItem, now: datetime) -> Recorded:
    """Store it once, by (source, the source's own id); seen again, only its traction and date move."""
    known = session.exec(
        select(Launch).where(Launch.source_key == item.source, Launch.external_id == item.external_id)
    ).one_or_none()
    if known:
        known.last_seen_at = now
        known.traction = {**known.traction, **item.traction}
        if known.kind == LaunchKind.UPDATE and known.tool_id is None:
            attach_update(session, item, known)  # its tool may have been announced since
        session.add(known)
        return Recorded(is_new=False, tool_id=known.tool_id)
    tool, tool_is_new = (None, False)
    if item.kind == LaunchKind.LAUNCH:
        tool, tool_is_new = resolve_tool(session, item, now)
    elif item.kind == LaunchKind.UPDATE:
        tool = find_updated_tool(session, item)
    launch = build_launch(item, tool, now)
    session.add(launch)
    session.flush()
    if tool and item.version:
        record_release(session, tool, item, launch)
    return Recorded(is_new=True, tool_is_new=tool_is_new, tool_id=tool.id if tool else None)


def build_launch(item: LaunchItem, tool: Tool | None, now: datetime) -> Launch:
    return Launch(
        source_key=item.source,
        external_id=item.external_id,
        url=item.url,
        seen_on=item.seen_on,
        title=item.title[:1000],
        name=item.name[:200],
        tagline=item.tagline[:1000],
        launched_at=item.launched_at.astimezone(UTC) if item.launched_at else None,
        date_from=item.date_from,
        first_seen_at=now,
        last_seen_at=now,
        traction=item.traction,
        kind=item.kind,
        why=item.why,
        tool_id=tool.id if tool else None,
    )


def resolve_tool(session: Session, item: LaunchItem, now: datetime) -> tuple[Tool | None, bool]:
    """(the tool this launch is about, whether it is new). None when the address proves no tool."""
    keys = keys_of(item.url, item.repository)
    if not keys:
        return None, False
    tool = find_tool(session, keys)
    is_new = tool is None
    if tool is None:
        tool = found_tool(session, item, now)
    learn(session, tool, item, keys, now)
    return tool, is_new


def find_tool(session: Session, keys: list[Key]) -> Tool | None:
    for key in keys:
        row = session.get(ToolKey, (key.kind, key.value))
        if row:
            return session.get(Tool, row.tool_id)
    return None


def find_updated_tool(session: Session, item: LaunchItem) -> Tool | None:
    return find_tool(session, keys_of(item.url, item.repository)) or find_sibling(session, item)


def attach_update(session: Session, item: LaunchItem, launch: Launch) -> None:
    tool = find_updated_tool(session, item)
    if tool:
        launch.tool_id = tool.id
        if item.version:
            record_release(session, tool, item, launch)


def find_sibling(session: Session, item: LaunchItem) -> Tool | None:
    """A version's announcement starts with its tool's name and stands on the tool's own site, or in the one
    feed that announced the tool too. In a place where everybody announces, a name proves nothing."""
    named = [tool for tool in session.exec(select(Tool)) if starts_with_name(item.title, tool.name)]
    domain = registrable_domain(item.url)
    own_site = None if domain in SHARED_HOSTS else domain
    announced = select(Launch.tool_id).join(Source, col(Source.key) == col(Launch.source_key))
    same_feed = set(session.exec(announced.where(Launch.source_key == item.source, Source.spider == "feed")))
    siblings = [tool for tool in named if registrable_domain(tool.home_url) == own_site or tool.id in same_feed]
    return max(siblings, key=lambda tool: len(tool.name), default=None)  # "Kettle Pro 2.0" is not Kettle's


def starts_with_name(title: str, name: str) -> bool:
    return re.match(rf"{re.escape(name)}(?![\w.-])", title, re.IGNORECASE) is not None


def found_tool(session: Session, item: LaunchItem, now: datetime) -> Tool:
    repository = next((key.value for key in keys_of(item.url, item.repository) if key.kind == "repository"), None)
    home = canonical_url(item.url)
    assert home is not None
    tool = Tool(
        slug=free_slug(session, item.name),
        name=item.name[:200],
        tagline=item.tagline[:500],
        home_url=home,
        repository=repository,
        first_seen_at=now,
        launched_at=item.launched_at,
    )
    session.add(tool)
    session.flush()
    return tool


def free_slug(session: Session, name: str) -> str:
    base = slugify(name)
    taken = set(session.exec(select(Tool.slug).where(col(Tool.slug).startswith(base))))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)


def learn(session: Session, tool: Tool, item: LaunchItem, keys: list[Key], now: datetime) -> None:
    """What one more announcement adds: keys, an earlier date, a repository, a better home page."""
    for key in keys:
        row = session.get(ToolKey, (key.kind, key.value))
        if row is None:
            assert tool.id is not None
            session.add(ToolKey(kind=key.kind, value=key.value, tool_id=tool.id))
        elif row.tool_id != tool.id:
            merges.join_or_alert(session, tool, row.tool_id, f"{item.source} names both ({key.value})", now)
        if key.kind == "repository" and not tool.repository:
            tool.repository = key.value
        if key.kind == "url" and tool.home_url.startswith("https://github.com/"):
            tool.home_url = key.value
    if item.launched_at and (tool.launched_at is None or item.launched_at < tool.launched_at):
        tool.launched_at = item.launched_at
    tool.tagline = tool.tagline or item.tagline[:500]
    session.add(tool)
    session.flush()


def record_release(session: Session, tool: Tool, item: LaunchItem, launch: Launch) -> None:
    assert item.version is not None and tool.id is not None
    version = item.version[:64]
    known = select(Release).where(Release.tool_id == tool.id, Release.version == version)
    if session.exec(known).first() is None:
        session.add(
            Release(
                tool_id=tool.id,
                version=version,
                url=item.url,
                released_at=item.launched_at,
                launch_id=launch.id,
            )
        )
