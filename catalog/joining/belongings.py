"""What a tool has, table by table: which rows change hands when two tools become one or one becomes two."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, insert, update
from sqlmodel import Session, SQLModel, col, select

from catalog.addresses import canonical_url, repository_of
from catalog.identity import Key, keys_of
from db.models import (
    Change,
    Contradiction,
    Fact,
    Launch,
    Prediction,
    Release,
    Review,
    Snapshot,
    Tool,
    ToolKey,
    ToolSlug,
    Verdict,
)

AT_ONCE = 500  # ids one statement names
Moved = dict[str, list[Any]]

# Tables whose rows simply change hands, with what names a row. Comparisons, proposals and merges do not.
BELONGINGS: dict[type[SQLModel], str] = {
    Launch: "id",
    ToolKey: "value",
    ToolSlug: "slug",
    Release: "id",
    Snapshot: "id",
    Fact: "id",
    Contradiction: "id",
    Change: "id",
    Review: "id",
    Prediction: "id",
    Verdict: "id",
}


def columns(table: type[SQLModel]) -> Any:
    return table.__table__.c  # type: ignore[attr-defined]


def name_of(table: type[SQLModel]) -> str:
    return str(table.__table__.name)  # type: ignore[attr-defined]


def own_rows(session: Session, table: type[SQLModel], tool_id: int) -> list[Any]:
    """What names the rows of a tool."""
    named = columns(table)[BELONGINGS[table]]
    if table is ToolKey:
        rows = session.execute(select(ToolKey.kind, ToolKey.value).where(ToolKey.tool_id == tool_id))
        return sorted([kind, value] for kind, value in rows)
    return sorted(session.execute(select(named).where(columns(table).tool_id == tool_id)).scalars())


def hand_over(session: Session, rows: Moved, from_id: int, to_id: int) -> None:
    """Give the named rows away, as far as they are still there to give."""
    for table, named in BELONGINGS.items():
        c = columns(table)
        for some in lots(rows.get(name_of(table), ())):
            if table is ToolKey:
                give_keys(session, some, from_id, to_id)
                continue
            found = c[named].in_(some) & (c.tool_id == from_id)
            session.execute(update(table).where(found).values(tool_id=to_id))


def give_keys(session: Session, pairs: Sequence[Sequence[str]], from_id: int, to_id: int) -> None:
    for kind in {kind for kind, _ in pairs}:
        values = [value for other, value in pairs if other == kind]
        found = (col(ToolKey.kind) == kind) & col(ToolKey.value).in_(values) & (col(ToolKey.tool_id) == from_id)
        session.execute(update(ToolKey).where(found).values(tool_id=to_id))


def lots(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def put_back(session: Session, table: type[SQLModel], values: dict[str, Any]) -> int:
    """A row as it was; where its number has been given to another meanwhile, under a new one."""
    row = table.model_validate(values).model_dump()
    if session.get(table, row["id"]) is not None:
        del row["id"]
    done = session.execute(insert(table).values(**row))
    return int(done.inserted_primary_key[0])  # type: ignore[attr-defined]


def take_away(session: Session, row: SQLModel) -> dict[str, Any]:
    """Delete it, and hand out all it held."""
    values = row.model_dump(mode="json")
    session.delete(row)
    session.flush()
    return values


# ── what speaks of an address ────────────────────────────────────────────────────────────────────


def keys_of_tool(session: Session, tool_id: int) -> set[Key]:
    rows = session.execute(select(ToolKey.kind, ToolKey.value).where(ToolKey.tool_id == tool_id))
    return {Key(kind, value) for kind, value in rows}


def nearest_key(url: str, keys: Iterable[Key]) -> Key | None:
    """The key an address stands for or stands under; of several, the closest."""
    keys = set(keys)
    own = set(keys_of(url))
    if own & keys:
        return max(own & keys, key=lambda key: (len(key.value), key.kind, key.value))
    canonical = canonical_url(url) or ""
    above = [key for key in keys if key.kind == "url" and stands_under(canonical, key.value)]
    if not above and (repository := repository_of(url)):
        above = [key for key in keys if key == Key("repository", repository)]
    return max(above, key=lambda key: (len(key.value), key.value), default=None)


def stands_under(url: str, home: str) -> bool:
    """A page of the same site, at or below the path of the home page."""
    page, root = urlsplit(url), urlsplit(home)
    path = root.path.rstrip("/")
    return bool(root.netloc) and page.netloc == root.netloc and (page.path == path or page.path.startswith(f"{path}/"))


def newest_rows(session: Session) -> dict[str, int]:
    """The highest number of each table now: what is higher later has come since."""
    tables = (Launch, Snapshot, Fact, Change, Contradiction, Release)
    return {name_of(table): session.execute(select(func.max(columns(table).id))).scalar() or 0 for table in tables}


def rows_about(
    session: Session,
    tool: Tool,
    keys: set[Key],
    others: set[Key],
    launch_ids: Iterable[int] = (),
    since: Mapping[str, int] | None = None,
) -> Moved:
    """Of a tool's rows those that come from the addresses `keys`, rather than from `others`.

    Args:
        launch_ids: announcements that are meant whatever their address.
        since: table → the highest number that is too old to be meant.
    """
    every = keys | others

    def own(table: type[SQLModel], *names: str) -> Iterator[Any]:
        c = columns(table)
        after = (since or {}).get(name_of(table), 0)
        picked = select(c.id, *(c[name] for name in names)).where(c.tool_id == tool.id, c.id > after)
        return iter(session.execute(picked.order_by(c.id)))

    launches = [row.id for row in own(Launch, "url") if nearest_key(row.url, every) in keys]
    taken = set(launches) | set(launch_ids)
    snapshots = {row.id for row in own(Snapshot, "url") if nearest_key(row.url, every) in keys}
    facts = {row.id for row in own(Fact, "snapshot_id") if row.snapshot_id in snapshots}
    changes = own(Change, "before_fact_id", "after_fact_id")
    clashes = own(Contradiction, "fact_a_id", "fact_b_id")
    releases = own(Release, "launch_id", "url")
    return {
        "launch": sorted(taken),
        "snapshot": sorted(snapshots),
        "fact": sorted(facts),
        "change": [row.id for row in changes if (row.after_fact_id or row.before_fact_id) in facts],
        "contradiction": [row.id for row in clashes if {row.fact_a_id, row.fact_b_id} <= facts],
        "release": [row.id for row in releases if row.launch_id in taken or nearest_key(row.url, every) in keys],
    }
