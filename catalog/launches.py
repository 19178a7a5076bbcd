"""A launch seen on a source becomes a row once, and finds or founds its tool."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from catalog.addresses import SHARED_HOSTS, canonical_url, registrable_domain
from catalog.identity import Key, keys_of
from catalog.merges import fresh_id, is_repository_page
from catalog.names import name_key
from catalog.naming import note_release, settle
from catalog.proposals import consider, join
from catalog.redirects import free_slug
from catalog.text import UNSEEN, one_line
from catalog.traction import record_traction
from db.models import Launch, Source, Tool, ToolKey
from db.words import LaunchKind

SEEN_AGAIN = timedelta(days=1)  # how old `last_seen_at` may grow before it alone is a reason to write
MOST_JOINED = 5
MOST_ALIKE = 50  # tools of one name a version is looked for among
WORD_END = re.compile(r"(?![\w.-])")


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
        see_again(session, item, known, now)
        return Recorded(is_new=False, tool_id=known.tool_id)
    tool, tool_is_new = (None, False)
    if item.kind == LaunchKind.LAUNCH:
        tool, tool_is_new = resolve_tool(session, item, now)
    elif item.kind == LaunchKind.UPDATE:
        tool = find_updated_tool(session, item)
    launch = Launch(**launch_values(item, tool.id if tool else None, now))
    session.add(launch)
    session.flush()
    assert launch.id is not None
    record_traction(session, launch.id, item.traction, now)
    if tool and item.version:
        note_release(session, tool, item.version, launch, now)
    if tool and item.kind == LaunchKind.LAUNCH:
        settled = settle_tool(session, tool, now, is_new=tool_is_new)
        tool_is_new = tool_is_new and settled is tool
        tool = settled
    return Recorded(is_new=True, tool_is_new=tool_is_new, tool_id=tool.id if tool else None)


def settle_tool(session: Session, tool: Tool, now: datetime, *, is_new: bool = False) -> Tool:
    """After an announcement was given to it: what all of them say of it, and whether it is another's twin."""
    if not is_new:
        settle(session, tool, now)
    for _ in range(MOST_JOINED):  # a tool that took over another's words may be a third one's twin by them
        before, tool = tool.id, consider(session, tool, "", now)
        if tool.id == before:
            break
    return tool


def see_again(session: Session, item: LaunchItem, known: Launch, now: datetime) -> None:
    is_owned = known.kind != LaunchKind.UPDATE or known.tool_id is not None
    if not is_owned:
        attach_update(session, item, known, now)  # its tool may have been announced since
    found_owner = not is_owned and known.tool_id is not None
    assert known.id is not None
    record_traction(session, known.id, item.traction, now)
    if found_owner or has_moved(known.traction, known.last_seen_at, item.traction, now):
        known.traction = {**known.traction, **item.traction}
        known.last_seen_at = now
        session.add(known)


def has_moved(known: Mapping[str, Any], last_seen_at: datetime, values: Mapping[str, Any], now: datetime) -> bool:
    """Whether a launch seen again is worth a write: other figures, or a day since the last one."""
    return {**known, **values} != known or now - last_seen_at >= SEEN_AGAIN


def launch_values(item: LaunchItem, tool_id: int | None, now: datetime) -> dict[str, Any]:
    """The columns of a launch that is new."""
    return {
        "source_key": item.source,
        "external_id": item.external_id,
        "url": item.url,
        "seen_on": item.seen_on,
        "title": item.title[:1000],
        "name": item.name[:200],
        "tagline": item.tagline[:1000],
        "launched_at": item.launched_at.astimezone(UTC) if item.launched_at else None,
        "date_from": item.date_from,
        "first_seen_at": now,
        "last_seen_at": now,
        "traction": item.traction,
        "topics": list(item.topics),
        "kind": item.kind,
        "why": item.why,
        "tool_id": tool_id,
    }


def resolve_tool(session: Session, item: LaunchItem, now: datetime) -> tuple[Tool | None, bool]:
    """(the tool this launch is about, whether it is new). None when the address proves no tool."""
    keys = keys_of(item.url, item.repository)
    if not keys:
        return None, False
    tool = find_by_key(session, keys)
    is_new = tool is None
    if tool is None:
        tool = found_tool(session, item, keys, now)
    return learn(session, tool, item, keys, now), is_new


def find_by_key(session: Session, keys: list[Key]) -> Tool | None:
    for key in keys:
        row = session.get(ToolKey, (key.kind, key.value))
        if row:
            return session.get(Tool, row.tool_id)
    return None


def find_updated_tool(session: Session, item: LaunchItem) -> Tool | None:
    return find_by_key(session, keys_of(item.url, item.repository)) or find_sibling(session, item)


def attach_update(session: Session, item: LaunchItem, launch: Launch, now: datetime) -> None:
    tool = find_updated_tool(session, item)
    if tool:
        launch.tool_id = tool.id
        if item.version:
            note_release(session, tool, item.version, launch, now)


def find_sibling(session: Session, item: LaunchItem) -> Tool | None:
    """A version's announcement starts with its tool's name and stands on the tool's own site, or in the one
    feed that announced the tool too. In a place where everybody announces, a name proves nothing."""
    names = {name.lower() for name in possible_names(item.title)}
    keys = {key for name in names if (key := name_key(name))}
    alike = session.exec(
        select(Tool).where(col(Tool.name_key).in_(sorted(keys))).order_by(col(Tool.id)).limit(MOST_ALIKE)
    )
    named = [tool for tool in alike if tool.name.lower() in names]
    domain = registrable_domain(item.url)
    own_site = None if domain in SHARED_HOSTS else domain
    announced = select(Launch.tool_id).join(Source, col(Source.key) == col(Launch.source_key))
    in_feed = announced.where(Launch.source_key == item.source, Source.spider == "feed")
    same_feed = (
        set(session.exec(in_feed.where(col(Launch.tool_id).in_([tool.id for tool in named])))) if named else set()
    )
    siblings = [tool for tool in named if registrable_domain(tool.home_url) == own_site or tool.id in same_feed]
    return max(siblings, key=lambda tool: len(tool.name), default=None)  # "Kettle Pro 2.0" is not Kettle's


def possible_names(title: str) -> list[str]:
    """Every beginning of the title that ends where a word does: what a tool it speaks of may be called."""
    return [title[: end.start()] for end in WORD_END.finditer(title[:201]) if end.start()]


def found_tool(session: Session, item: LaunchItem, keys: list[Key], now: datetime) -> Tool:
    tool = Tool(id=fresh_id(session), **tool_values(item, keys, free_slug(session, item.name), now))
    session.add(tool)
    session.flush()
    return tool


def tool_values(item: LaunchItem, keys: list[Key], slug: str, now: datetime) -> dict[str, Any]:
    """The columns of a tool this launch founds."""
    home = canonical_url(item.url)
    assert home is not None
    return {
        "slug": slug,
        "name": item.name[:200],
        "name_key": name_key(item.name[:200])[:200],
        "tagline": item.tagline[:500],
        "home_url": home,
        "repository": next((key.value for key in keys if key.kind == "repository"), None),
        "first_seen_at": now,
        "launched_at": item.launched_at,
    }


def learn(session: Session, tool: Tool, item: LaunchItem, keys: list[Key], now: datetime) -> Tool:
    """What one more announcement adds: keys, an earlier date, a repository, a better home page.

    The answer is the tool afterwards: keys of two tools make them one.
    """
    for key in keys:
        row = session.get(ToolKey, (key.kind, key.value))
        if row is None:
            assert tool.id is not None
            session.add(ToolKey(kind=key.kind, value=key.value, tool_id=tool.id))
            session.flush()
        elif row.tool_id != tool.id:
            tool = join(session, tool, row.tool_id, f"{item.source} names both ({key.value})", now)
    for key in keys:
        if key.kind == "repository" and not tool.repository:
            tool.repository = key.value
        if key.kind == "url" and is_repository_page(tool.home_url):
            tool.home_url = key.value
    if item.launched_at and (tool.launched_at is None or item.launched_at < tool.launched_at):
        tool.launched_at = item.launched_at
    tool.tagline = tool.tagline or item.tagline[:500]
    session.add(tool)
    session.flush()
    return tool
