"""A tool's slug: the one it has, those it had before, and one that is free."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from catalog.addresses import slugify
from db.models import Tool, ToolSlug
from errors import NotFound

SLUGS_AT_ONCE = 20
MOST_SLUGS_AT_ONCE = 5000


def find_tool(session: Session, slug: str) -> Tool | None:
    """The tool that has this slug, or had it before."""
    tool = session.exec(select(Tool).where(Tool.slug == slug)).one_or_none()
    former = None if tool else session.get(ToolSlug, slug)
    return session.get(Tool, former.tool_id) if former else tool


def get_tool(session: Session, slug: str) -> Tool:
    tool = find_tool(session, slug)
    if tool is None:
        raise NotFound("tool", slug, "see 'verdicts tools'")
    return tool


def free_slug(session: Session, name: str) -> str:
    """The first that no tool has or had. Asked slug by slug: a search by beginning reads the whole table."""
    candidates, count = numbered(slugify(name)), SLUGS_AT_ONCE
    while True:
        some = list(islice(candidates, count))
        taken = set(session.exec(select(Tool.slug).where(col(Tool.slug).in_(some))))
        taken |= set(session.exec(select(ToolSlug.slug).where(col(ToolSlug.slug).in_(some))))
        if free := [slug for slug in some if slug not in taken]:
            return free[0]
        count = min(4 * count, MOST_SLUGS_AT_ONCE)


def numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1


def change_slug(session: Session, tool: Tool, name: str, now: datetime) -> None:
    """The slug follows the name; the old one leads here. A slug this tool had before is taken back."""
    assert tool.id is not None
    base, old = slugify(name), tool.slug
    if base_of(old, base):
        return
    give_up_former(session, tool, name)
    tool.slug = free_slug(session, name)
    session.add_all([tool, ToolSlug(slug=old, tool_id=tool.id, since=now)])
    session.flush()


def give_up_former(session: Session, tool: Tool, name: str) -> None:
    """A slug the tool had before is free again, for itself or for what is split from it."""
    former = session.get(ToolSlug, slugify(name))
    if former and former.tool_id == tool.id:
        session.delete(former)
        session.flush()


def base_of(slug: str, base: str) -> bool:
    """Whether the slug is this base, or this base with a number against namesakes."""
    rest = slug.removeprefix(base)
    return slug.startswith(base) and (not rest or (rest[0] == "-" and rest[1:].isdigit()))
