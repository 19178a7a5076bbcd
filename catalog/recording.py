"""A batch of launches at once: what it plainly founds is inserted together, every harder case takes its careful way.

The rows are those `record_launch` would write for the same launches one by one; only the statements are fewer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, tuple_, update
from sqlmodel import Session, col, select

from catalog.addresses import slugify
from catalog.identity import Key, keys_of
from catalog.launches import LaunchItem, Recorded, has_moved, launch_values, record_launch, tool_values
from catalog.merges import fresh_id
from catalog.names import name_key
from catalog.traction import TractionRead, is_news
from db.bulk import insert_rows
from db.models import Launch, Tool, ToolKey, ToolSlug, Traction
from db.words import LaunchKind

MOST_AT_ONCE = 400  # values one look-up names; SQLite takes no more than a few ten thousand parameters
LaunchId = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """What the store holds of a launch that is met again."""

    id: int
    kind: str
    tool_id: int | None
    traction: dict[str, Any]
    last_seen_at: datetime


@dataclass
class Waiting:
    """A new launch nothing in the store or the batch stands in the way of; `keys` are those of the tool it founds."""

    place: int
    item: LaunchItem
    keys: list[Key]


@dataclass
class Batch:
    """
    Attributes:
        seen: launches the store knew, until the batch meets them.
        met: launches this batch has met.
        keys: that belong to a tool, or will by the time the next launch is looked at.
        slugs: that are taken, or will be.
        names: that tools have, as names are compared, or will have.
        waiting: new launches not yet written.
        moved: what seen launches' rows have to take over, not yet written.
        readings: what launches have reached, not yet written.
    """

    now: datetime
    seen: dict[LaunchId, Seen]
    keys_of: list[list[Key]] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    met: set[LaunchId] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    last_reading: dict[int, Traction] = field(default_factory=dict)
    recorded: list[Recorded] = field(default_factory=list)


def record_launches(session: Session, items: Sequence[LaunchItem], now: datetime) -> list[Recorded]:
    """Store a batch, in its order; what each launch came to, in the same order."""
    batch = look_up(session, items, now)
    for place, item in enumerate(items):
        record_next(session, batch, place, item)
    write_waiting(session, batch)
    session.flush()
    return batch.recorded


def record_figures(session: Session, reads: Sequence[TractionRead], now: datetime) -> int:
    """Store what known launches have reached, the last reading of each; how many of them are known."""
    latest = {(read.source, read.external_id): read for read in reads}
    seen = find_seen(session, set(latest))
    readings = find_last_readings(session, [one.id for one in seen.values()])
    batch = Batch(now=now, seen=seen, last_reading=readings)
    for own_id, known in seen.items():
        take_figures(batch, known, latest[own_id].values, latest[own_id].read_at)
    write_figures(session, batch)
    return len(seen)


def look_up(session: Session, items: Sequence[LaunchItem], now: datetime) -> Batch:
    """What the store knows of these launches, their keys and their names: one query each."""
    all_keys = [keys_of(item.url, item.repository) if item.kind == LaunchKind.LAUNCH else [] for item in items]
    named = {(key.kind, key.value) for keys in all_keys for key in keys}
    seen = find_seen(session, {(item.source, item.external_id) for item in items})
    founders = [item for item, keys in zip(items, all_keys, strict=True) if keys]
    return Batch(
        now=now,
        keys_of=all_keys,
        seen=seen,
        keys={Key(*row) for row in find_rows(session, (ToolKey.kind, ToolKey.value), named, ())},
        slugs=taken_slugs(session, {slugify(item.name) for item in founders}),
        names=taken_names(session, {name_key(item.name[:200])[:200] for item in founders}),
        last_reading=find_last_readings(session, [one.id for one in seen.values() if one.traction]),
    )


def find_seen(session: Session, ids: set[LaunchId]) -> dict[LaunchId, Seen]:
    columns = (Launch.id, Launch.kind, Launch.tool_id, Launch.traction, Launch.last_seen_at)
    rows = find_rows(session, (Launch.source_key, Launch.external_id), ids, columns)
    return {(source, external_id): Seen(*rest) for source, external_id, *rest in rows}


def find_last_readings(session: Session, launch_ids: list[int]) -> dict[int, Traction]:
    """Of each launch the newest reading of what it had reached."""
    newest: dict[int, Traction] = {}
    for some in lots(launch_ids):
        of_them = select(Traction.launch_id, func.max(Traction.read_at)).where(col(Traction.launch_id).in_(some))
        last = tuple_(Traction.launch_id, Traction.read_at).in_(of_them.group_by(col(Traction.launch_id)))
        newest |= {reading.launch_id: reading for reading in session.exec(select(Traction).where(last))}
    return newest


def lots(values: Iterable[Any]) -> Iterator[list[Any]]:
    """In order, and no more at once than one query may name."""
    listed = sorted(values)
    for start in range(0, len(listed), MOST_AT_ONCE):
        yield listed[start : start + MOST_AT_ONCE]


def find_rows(session: Session, pair: tuple[Any, Any], wanted: set[LaunchId], more: tuple[Any, ...]) -> list[Any]:
    """The rows whose two columns hold a wanted pair; columns only, no entities."""
    rows: list[Any] = []
    for some in lots(wanted):
        one, other = ({both[place] for both in some} for place in (0, 1))
        # Asked column by column: for pairs SQLite would read the whole table instead of the index.
        found = session.execute(select(*pair, *more).where(pair[0].in_(one), pair[1].in_(other)))
        rows += [row for row in found if (row[0], row[1]) in wanted]
    return rows


def find_slugs(session: Session, slugs: set[str]) -> dict[str, int]:
    """Slug → id of the tool that has it."""
    taken: dict[str, int] = {}
    for some in lots(slugs):
        rows = session.execute(select(Tool.slug, Tool.id).where(col(Tool.slug).in_(some)))
        taken |= {slug: tool_id for slug, tool_id in rows}  # noqa: C416  # rows are no pairs to a type checker
    return taken


def taken_slugs(session: Session, slugs: set[str]) -> set[str]:
    """Those a tool has, or had before."""
    taken = set(find_slugs(session, slugs))
    for some in lots(slugs):
        taken |= set(session.exec(select(ToolSlug.slug).where(col(ToolSlug.slug).in_(some))))
    return taken


def taken_names(session: Session, names: set[str]) -> set[str]:
    taken: set[str] = set()
    for some in lots(names - {""}):
        taken |= set(session.exec(select(Tool.name_key).where(col(Tool.name_key).in_(some))))
    return taken


def record_next(session: Session, batch: Batch, place: int, item: LaunchItem) -> None:
    own_id = (item.source, item.external_id)
    seen = None if own_id in batch.met else batch.seen.get(own_id)
    if seen and not (seen.kind == LaunchKind.UPDATE and seen.tool_id is None):
        see_again(batch, seen, item)
    elif own_id not in batch.met and not seen and is_plain(batch, place, item):
        wait(batch, place, item)
    else:
        record_carefully(session, batch, item)
    batch.met.add(own_id)
    if not seen:
        batch.keys.update(batch.keys_of[place])


def see_again(batch: Batch, seen: Seen, item: LaunchItem) -> None:
    take_figures(batch, seen, item.traction, batch.now)
    batch.recorded.append(Recorded(is_new=False, tool_id=seen.tool_id))


def take_figures(batch: Batch, seen: Seen, values: Mapping[str, Any], read_at: datetime) -> None:
    last = batch.last_reading.get(seen.id)
    if values and (last is None or is_news(last, values, read_at)):
        batch.readings.append({"launch_id": seen.id, "read_at": read_at, "values": dict(values)})
    if has_moved(seen.traction, seen.last_seen_at, values, read_at):
        batch.moved.append({"launch": seen.id, "figures": {**seen.traction, **values}, "seen": read_at})


def is_plain(batch: Batch, place: int, item: LaunchItem) -> bool:
    """A launch without a tool, or the first word of a tool whose keys and name nobody has."""
    keys = batch.keys_of[place]
    if item.kind != LaunchKind.LAUNCH:
        return item.kind != LaunchKind.UPDATE
    return not keys or (not item.version and batch.keys.isdisjoint(keys) and is_new_name(batch, item.name))


def is_new_name(batch: Batch, name: str) -> bool:
    return slugify(name) not in batch.slugs and name_key(name[:200])[:200] not in batch.names


def wait(batch: Batch, place: int, item: LaunchItem) -> None:
    keys = batch.keys_of[place]
    batch.waiting.append(Waiting(len(batch.recorded), item, keys))
    batch.recorded.append(Recorded(is_new=True, tool_is_new=bool(keys)))
    if keys:
        take_name(batch, slugify(item.name), name_key(item.name[:200])[:200])


def record_carefully(session: Session, batch: Batch, item: LaunchItem) -> None:
    """One by one, after everything before it: this one must see what those have written."""
    write_waiting(session, batch)
    recorded = record_launch(session, item, batch.now)
    if recorded.is_new and recorded.tool_id:
        tool = session.get_one(Tool, recorded.tool_id)
        take_name(batch, tool.slug, tool.name_key)
    batch.recorded.append(recorded)


def take_name(batch: Batch, slug: str, name: str) -> None:
    batch.slugs.add(slug)
    batch.names |= {name} - {""}


def write_waiting(session: Session, batch: Batch) -> None:
    tools = found_tools(session, batch)
    launches = [launch_values(one.item, tools.get(one.place), batch.now) for one in batch.waiting]
    insert_rows(session, Launch, launches)
    first = {(one.item.source, one.item.external_id): one.item.traction for one in batch.waiting if one.item.traction}
    found = find_rows(session, (Launch.source_key, Launch.external_id), set(first), (Launch.id,))
    batch.readings += [
        {"launch_id": launch_id, "read_at": batch.now, "values": first[source, own_id]}
        for source, own_id, launch_id in sorted(found, key=lambda row: row[2])
    ]
    write_figures(session, batch)
    batch.waiting = []


def found_tools(session: Session, batch: Batch) -> dict[int, int]:
    """Place of the founding launch → id of its tool, keys included."""
    founders = {slugify(one.item.name): one for one in batch.waiting if one.keys}
    rows = [tool_values(one.item, one.keys, slug, batch.now) for slug, one in founders.items()]
    if rows and (first := fresh_id(session)):
        rows = [row | {"id": first + place} for place, row in enumerate(rows)]
    insert_rows(session, Tool, rows)
    ids = find_slugs(session, set(founders))
    tools = {one.place: ids[slug] for slug, one in founders.items()}
    insert_rows(
        session,
        ToolKey,
        [
            {"kind": key.kind, "value": key.value, "tool_id": ids[slug]}
            for slug, one in founders.items()
            for key in one.keys
        ],
    )
    for place, tool_id in tools.items():
        batch.recorded[place].tool_id = tool_id
    return tools


def write_figures(session: Session, batch: Batch) -> None:
    insert_rows(session, Traction, batch.readings)
    if batch.moved:
        launches = Launch.__table__  # type: ignore[attr-defined]
        statement = update(launches).where(launches.c.id == bindparam("launch"))
        session.execute(statement.values(traction=bindparam("figures"), last_seen_at=bindparam("seen")), batch.moved)
    batch.readings, batch.moved = [], []
