"""One row that was two tools becomes two. Audited, and remembered: we never join the two again by ourselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from catalog.addresses import canonical_url
from catalog.identity import Key, keys_of
from catalog.joining import belongings
from catalog.joining.belongings import Moved
from catalog.joining.refusals import remember_refusal
from catalog.merges import fresh_id
from catalog.names import name_key
from catalog.naming import best_home
from catalog.redirects import free_slug, give_up_former
from db import alerts, audit
from db.models import Contradiction, Launch, Tool, Verdict, VerdictFact
from errors import AppError, NotAllowed


@dataclass(frozen=True)
class Share:
    """What leaves a tool: the keys, the announcements named, and every row that comes with them."""

    keys: set[Key]
    left: set[Key]
    rows: Moved


@dataclass(frozen=True)
class SplitPreview:
    tool: str
    name: str
    keys: list[str]
    moves: dict[str, int]
    stays: dict[str, int]


def split_tool(session: Session, tool: Tool, take: Sequence[str], name: str, by: str, why: str, now: datetime) -> Tool:
    """A new tool of the addresses in `take` (keys or announcements), with what was read there.

    Comparisons and verdicts stay: they were made of the tool as it was.
    """
    if not name.strip():
        raise AppError("The new tool needs a name (--name).")
    if not why.strip():
        raise AppError("A split needs its reason (--why).")
    share = share_of(session, tool, take)
    new = found_split(session, tool, share, take, name.strip(), now)
    assert tool.id is not None and new.id is not None
    belongings.hand_over(session, share.rows, tool.id, new.id)
    end_contradictions(session, tool.id, set(share.rows["fact"]), now)
    shrink(session, tool, share.left)
    remember_refusal(session, tool, new, f"split by an editor: {why.strip()}", by, now)
    counts = {table: len(rows) for table, rows in share.rows.items() if rows}
    audit.record(session, now, by, "split tool", f"tool {tool.id}", into=new.slug, why=why.strip(), moved=counts)
    note_verdicts(session, tool, new, share.rows["fact"], now)
    return new


def share_of(session: Session, tool: Tool, take: Sequence[str]) -> Share:
    assert tool.id is not None
    every = belongings.keys_of_tool(session, tool.id)
    found = session.execute(select(Launch.id, Launch.url).where(Launch.tool_id == tool.id))
    launches = {own: url for own, url in found}  # noqa: C416  # rows are no pairs to a type checker
    keys: set[Key] = set()
    named: set[int] = set()
    for url in take:
        of_key = set(keys_of(url)) & every
        of_launch = {own for own, other in launches.items() if canonical_url(other) == canonical_url(url)}
        if not canonical_url(url) or not (of_key or of_launch):
            cure = "'verdicts tools show' lists its keys and announcements"
            raise NotAllowed(f"{tool.slug} cannot be split", f"{url} is no address of it; {cure}")
        keys |= of_key
        named |= of_launch
    rows = belongings.rows_about(session, tool, keys, every - keys, named)
    if not every - keys or (launches and set(rows["launch"]) >= set(launches)):
        raise NotAllowed(f"{tool.slug} cannot be split", "nothing would be left of it; rename it instead")
    rows["toolkey"] = sorted([key.kind, key.value] for key in keys)
    return Share(keys, every - keys, rows)


def found_split(session: Session, tool: Tool, share: Share, take: Sequence[str], name: str, now: datetime) -> Tool:
    told = session.exec(select(Launch).where(col(Launch.id).in_(share.rows["launch"]))).all()
    home = best_home([*addresses(share.keys), *take, *(launch.url for launch in told)])
    assert home is not None
    give_up_former(session, tool, name)
    new = Tool(
        id=fresh_id(session),
        slug=free_slug(session, name),
        name=name[:200],
        name_key=name_key(name)[:200],
        tagline=next((launch.tagline[:500] for launch in told if launch.tagline), ""),
        category=tool.category,
        home_url=home,
        repository=next((key.value for key in sorted_keys(share.keys) if key.kind == "repository"), None),
        first_seen_at=min((launch.first_seen_at for launch in told), default=now),
        launched_at=min((launch.launched_at for launch in told if launch.launched_at), default=None),
    )
    session.add(new)
    session.flush()
    return new


def shrink(session: Session, tool: Tool, left: set[Key]) -> None:
    """The tool no longer speaks for the addresses that left it."""
    told = session.exec(select(Launch).where(Launch.tool_id == tool.id)).all()
    dates = [launch.launched_at for launch in told if launch.launched_at]
    if told:
        tool.launched_at = min(dates, default=None)
        tool.first_seen_at = min(launch.first_seen_at for launch in told)
    if tool.repository and Key("repository", tool.repository) not in left:
        tool.repository = next((key.value for key in sorted_keys(left) if key.kind == "repository"), None)
    if not set(keys_of(tool.home_url)) & left:
        tool.home_url = best_home(addresses(left)) or tool.home_url
    session.add(tool)
    session.flush()


def sorted_keys(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (key.kind, key.value))


def addresses(keys: set[Key]) -> list[str]:
    """Where keys that are addresses lead."""
    urls = [key.value for key in sorted_keys(keys) if key.kind == "url"]
    return urls + [f"https://github.com/{key.value}" for key in sorted_keys(keys) if key.kind == "repository"]


def end_contradictions(session: Session, tool_id: int, facts: set[int], now: datetime) -> None:
    """Two tools may well say two things."""
    open_ones = select(Contradiction).where(Contradiction.tool_id == tool_id, col(Contradiction.ended_at).is_(None))
    for one in session.exec(open_ones).all():
        if {one.fact_a_id, one.fact_b_id} & facts:
            one.ended_at = now
            session.add(one)


def note_verdicts(session: Session, tool: Tool, new: Tool, fact_ids: list[int], now: datetime) -> None:
    """A verdict that rests on what has left is one to look at again."""
    resting: set[int] = set()
    for some in belongings.lots(fact_ids):
        query = select(Verdict.comparison_id).join(VerdictFact, col(VerdictFact.verdict_id) == col(Verdict.id))
        resting |= set(session.exec(query.where(Verdict.tool_id == tool.id, col(VerdictFact.fact_id).in_(some))))
    if resting:
        named = ", ".join(map(str, sorted(resting)))
        alerts.raise_alert(
            session,
            f"split:{tool.slug}:{new.slug}",
            f"{new.name} was split from {tool.name}; verdicts on {tool.name} rest on its facts (comparison {named}).",
            f"Read the comparison and judge {tool.name} again where it matters.",
            now,
        )


def preview_split(session: Session, tool: Tool, take: Sequence[str], name: str) -> SplitPreview:
    """What `split_tool` would do; changes nothing."""
    assert tool.id is not None
    share = share_of(session, tool, take)
    moves = {table: len(rows) for table, rows in share.rows.items()}
    tables = {belongings.name_of(table): table for table in belongings.BELONGINGS}
    stays = {name: len(belongings.own_rows(session, tables[name], tool.id)) - count for name, count in moves.items()}
    return SplitPreview(tool.slug, name, [f"{key.kind} {key.value}" for key in sorted_keys(share.keys)], moves, stays)
