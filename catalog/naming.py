"""What its announcements say of a tool, whatever order they came in: the earliest names it.

Its own page outranks them, so a tool that was read keeps the words it has.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from catalog.addresses import SHARED_HOSTS, canonical_url, registrable_domain, repository_of
from catalog.changes import note_release as note_version
from catalog.names import name_key, version_of_name
from catalog.redirects import change_slug
from db.models import Comparison, Launch, Release, Tool
from db.words import LaunchKind

MOST_ANNOUNCEMENTS = 200  # of one tool are looked at, the earliest


def announcements(session: Session, tool_id: int | None, most: int = MOST_ANNOUNCEMENTS) -> list[Launch]:
    """The earliest first; those without a date last."""
    found = select(Launch).where(Launch.tool_id == tool_id, Launch.kind == LaunchKind.LAUNCH)
    order = (col(Launch.launched_at).is_(None), col(Launch.launched_at), col(Launch.source_key), Launch.external_id)
    return list(session.exec(found.order_by(*order).limit(most)))


def settle(session: Session, tool: Tool, now: datetime) -> None:
    """Name, tagline, home page, date and releases as all its announcements together give them."""
    told = announcements(session, tool.id)
    if not told:
        return
    name = agreed_name([launch.name for launch in told])
    dates = [launch.launched_at for launch in told if launch.launched_at]
    tool.launched_at = min([*dates, *([tool.launched_at] if tool.launched_at else [])], default=None)
    if tool.last_read_at is None:
        tool.tagline = next((launch.tagline[:500] for launch in told if launch.tagline), tool.tagline)
        tool.home_url = best_home([launch.url for launch in told]) or tool.home_url
        rename(session, tool, name, now)
    for launch in told:
        if version := version_told(launch.name, [other.name for other in told]):
            note_release(session, tool, version, launch, now)
    session.add(tool)
    session.flush()


def rename(session: Session, tool: Tool, name: str, now: datetime) -> None:
    """The slug follows, until readers know the tool by it."""
    tool.name, tool.name_key = name[:200], name_key(name)[:200]
    has = (Comparison.tool_a_id == tool.id) | (Comparison.tool_b_id == tool.id)
    if session.exec(select(Comparison.id).where(has)).first() is None:
        change_slug(session, tool, name, now)


def agreed_name(names: Sequence[str]) -> str:
    """The first one's; without its version where another announcement of the same tool shows that it is one."""
    first = names[0]
    return version_of_name(first)[0] if version_told(first, names) else first


def version_told(name: str, names: Sequence[str]) -> str | None:
    """'2.0' of "Kettle 2.0" where the same tool was also announced as "Kettle" or "Kettle 3.0"."""
    base, version = version_of_name(name)
    if not version:
        return None
    others = [version_of_name(other) for other in names]
    shown = any(name_key(one) == name_key(base) and other != version for one, other in others)
    return version if shown else None


def best_home(urls: Sequence[str]) -> str | None:
    """A site of its own before a page on a shared host, its front page before an article, a repository last."""
    homes = {canonical for url in urls if (canonical := canonical_url(url))}
    return min(homes, key=home_rank, default=None)


def home_rank(url: str) -> tuple[bool, bool, int, int, str]:
    path = [part for part in urlsplit(url).path.split("/") if part]
    return repository_of(url) is not None, registrable_domain(url) in SHARED_HOSTS, len(path), len(url), url


def note_release(session: Session, tool: Tool, version: str, launch: Launch, now: datetime) -> None:
    """A version is one release, told by the earliest of its announcements."""
    assert tool.id is not None
    known = select(Release).where(Release.tool_id == tool.id, Release.version == version[:64])
    release = session.exec(known).first()
    is_new = release is None
    if release is None:
        release = Release(tool_id=tool.id, version=version[:64], url=launch.url)
    elif release.released_at and not (launch.launched_at and launch.launched_at < release.released_at):
        return
    release.url, release.released_at, release.launch_id = launch.url, launch.launched_at, launch.id
    session.add(release)
    session.flush()
    if is_new:
        note_version(session, tool, release, now)


def older_first(session: Session, one: Tool, other: Tool) -> tuple[Tool, Tool]:
    """The tool that was announced first, then the other: it names both when they are one."""
    return (one, other) if age(session, one) <= age(session, other) else (other, one)


def age(session: Session, tool: Tool) -> tuple[bool, float, str, str, int]:
    first = next(iter(announcements(session, tool.id, most=1)), None)
    at = first.launched_at.timestamp() if first and first.launched_at else 0.0
    own_id = (first.source_key, first.external_id) if first else ("", "")
    return first is None or first.launched_at is None, at, *own_id, tool.id or 0
