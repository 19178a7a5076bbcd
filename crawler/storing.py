"""What a batch of readings becomes in the store: snapshots, facts, and what the pages say of their tools.

A handful of queries for the whole batch. Commits nothing; knows no network.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from catalog.categories import categorise
from catalog.facts import (
    SINGLE,
    SURE_ENOUGH,
    NewFact,
    Settled,
    current_facts_of,
    fact_values,
    is_event,
    settle,
    store_change,
)
from catalog.text import one_line
from crawler.items import PageRead, ToolReading
from db.models import Fact, Launch, Snapshot, Tool
from db.words import Availability

VERIFIED_AGAIN = timedelta(days=1)  # how old a confirmation may grow before it alone is a reason to write
SnapshotId = tuple[int | None, str, str]  # tool, address, hash of the text


@dataclass
class Shelf:
    """What the store knows of the tools of a batch, and the rows the batch adds."""

    tools: dict[int, Tool]
    facts: dict[int, list[Fact]]
    titles: dict[int, list[str]]
    snapshots: dict[int, int] = field(default_factory=dict)  # id() of a page read → its snapshot
    pages: dict[int, str] = field(default_factory=dict)  # snapshot of a standing fact → its address
    new_facts: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Told:
    """What readings came to: how many facts are new, and which a page stated before and states no more."""

    facts_new: int = 0
    stood: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[str, str]] = field(default_factory=list)  # (fact, page)


def store_readings(session: Session, readings: Sequence[ToolReading], now: datetime) -> Told:
    """A tool read twice is stored twice, in order."""
    told, later = Told(), list(readings)
    while later:
        first = {reading.tool_id: reading for reading in reversed(later)}
        store_one_each(session, list(first.values()), now, told)
        later = [reading for reading in later if reading is not first[reading.tool_id]]
    return told


def store_one_each(session: Session, readings: list[ToolReading], now: datetime, told: Told) -> None:
    shelf = take_down(session, readings)
    readings = [reading for reading in readings if reading.tool_id in shelf.tools]  # others were merged meanwhile
    alive = [reading for reading in readings if reading.availability == Availability.ALIVE]
    shelf.snapshots = store_snapshots(session, alive)
    for reading in alive:
        note_lost(shelf, reading, told)
        told.facts_new += store_facts(session, shelf, reading, now)
    insert_all(session, Fact, shelf.new_facts)
    for reading in readings:
        tool = shelf.tools[reading.tool_id]
        tool.availability, tool.unavailable_why = reading.availability, reading.why or None
        tool.last_read_at = now
        if reading.availability == Availability.ALIVE:
            describe(tool, reading, shelf.titles.get(reading.tool_id, []))
    session.flush()


def note_lost(shelf: Shelf, reading: ToolReading, told: Told) -> None:
    """Of the facts a page stated surely, those that the same page, read again, no longer yields in any value."""
    read = {page.url for page in reading.pages}
    stated = {fact.key for page in reading.pages for fact in page.facts}
    for fact in shelf.facts[reading.tool_id]:
        url = shelf.pages.get(fact.snapshot_id, "")
        if fact.key in SINGLE and fact.confidence >= SURE_ENOUGH and url in read:
            told.stood[fact.key] += 1
            if fact.key not in stated:
                told.lost.append((fact.key, url))


def take_down(session: Session, readings: list[ToolReading]) -> Shelf:
    ids = [reading.tool_id for reading in readings]
    tools = {tool.id or 0: tool for tool in session.exec(select(Tool).where(col(Tool.id).in_(ids)))}
    titles: dict[int, list[str]] = {}
    for tool_id, title in session.exec(select(Launch.tool_id, Launch.title).where(col(Launch.tool_id).in_(ids))):
        titles.setdefault(tool_id or 0, []).append(title)
    facts = current_facts_of(session, tools.values())
    shelf = Shelf(tools, facts, titles)
    if kept := {fact.snapshot_id for some in facts.values() for fact in some}:
        rows = session.exec(select(Snapshot.id, Snapshot.url).where(col(Snapshot.id).in_(kept)))
        shelf.pages = {snapshot_id or 0: url for snapshot_id, url in rows}
    return shelf


# ── snapshots ────────────────────────────────────────────────────────────────────────────────────


def store_snapshots(session: Session, readings: Iterable[ToolReading]) -> dict[int, int]:
    """Each page's snapshot; a page that reads as at any time before is not stored again."""
    pages = [(snapshot_id(reading, page), page) for reading in readings for page in reading.pages]
    known = find_snapshots(session, {key for key, _ in pages})
    new = {key: page for key, page in pages if key not in known}
    insert_all(session, Snapshot, [snapshot_values(key, page) for key, page in new.items()])
    known |= find_snapshots(session, new)
    return {id(page): known[key] for key, page in pages}


def find_snapshots(session: Session, wanted: Collection[SnapshotId]) -> dict[SnapshotId, int]:
    tools, hashes = ({key[place] for key in wanted} for place in (0, 2))
    query = select(Snapshot.tool_id, Snapshot.url, Snapshot.content_hash, Snapshot.id)
    query = query.where(col(Snapshot.tool_id).in_(tools), col(Snapshot.content_hash).in_(hashes))
    found: dict[SnapshotId, int] = {}
    for tool_id, url, content_hash, own_id in session.exec(query.order_by(col(Snapshot.id))) if tools else []:
        found.setdefault((tool_id, url, content_hash), own_id or 0)
    return found


def snapshot_id(reading: ToolReading, page: PageRead) -> SnapshotId:
    return reading.tool_id, page.url, hashlib.sha256(page.text.encode()).hexdigest()


def snapshot_values(key: SnapshotId, page: PageRead) -> dict[str, Any]:
    tool_id, url, content_hash = key
    return {
        "tool_id": tool_id,
        "url": url,
        "fetched_at": page.fetched_at,
        "status": page.status,
        "content_hash": content_hash,
        "text": page.text,
    }


# ── facts ────────────────────────────────────────────────────────────────────────────────────────


def store_facts(session: Session, shelf: Shelf, reading: ToolReading, now: datetime) -> int:
    """One moment for all pages of the reading: what none of them states any more no longer stands."""
    known = shelf.facts[reading.tool_id]
    unchanged = [fact for fact in known if shelf.pages.get(fact.snapshot_id) in reading.unchanged_urls]
    standing: list[Fact | NewFact] = list(known)
    confirmed, added = list(unchanged), 0
    chosen = choose_facts(reading.pages)
    for page in reading.pages:
        facts = [fact for fact in page.facts if chosen.get(fact.key, fact) is fact and not yields(fact, unchanged)]
        settled = settle(standing, page.text, facts, reading.tool_id)
        add_facts(session, shelf, shelf.snapshots[id(page)], reading.tool_id, settled, now)
        confirmed += settled.confirmed
        added += len(settled.new)
    confirm(known, confirmed, now, is_moved=added > 0)
    return added


def choose_facts(pages: list[PageRead]) -> dict[str, NewFact]:
    """Of a key a tool has one of at a time, the surest reading; of equals, the later page (its pricing page)."""
    chosen: dict[str, NewFact] = {}
    for page in pages:
        for fact in page.facts:
            if fact.key in SINGLE and (fact.key not in chosen or fact.confidence >= chosen[fact.key].confidence):
                chosen[fact.key] = fact
    return chosen


def yields(fact: NewFact, unchanged: list[Fact]) -> bool:
    """Whether a page that has not changed says it more surely than the one that was read."""
    return fact.key in SINGLE and any(one.key == fact.key and one.confidence >= fact.confidence for one in unchanged)


def add_facts(session: Session, shelf: Shelf, snapshot: int, tool_id: int, settled: Settled, now: datetime) -> None:
    for new, before in settled.new:
        values = fact_values(tool_id, snapshot, new, now)
        if isinstance(before, Fact) and is_event(before, new):
            after = Fact(**values)  # an event names it, so it needs its id at once
            session.add(after)
            session.flush()
            store_change(session, before, after, now)
        else:
            shelf.new_facts.append(values)


def confirm(known: list[Fact], confirmed: list[Fact], now: datetime, *, is_moved: bool) -> None:
    """All of them or none: claims stand together, and those left behind no longer stand."""
    ids = {fact.id for fact in confirmed}
    is_moved = is_moved or any(fact.key not in SINGLE and fact.id not in ids for fact in known)
    if is_moved or any(now - fact.verified_at >= VERIFIED_AGAIN for fact in confirmed):
        for fact in confirmed:
            fact.verified_at = now


# ── the tool ─────────────────────────────────────────────────────────────────────────────────────


def describe(tool: Tool, reading: ToolReading, titles: list[str]) -> None:
    """The tool's own page outranks an announcement; the category comes from its own words."""
    if reading.unchanged_urls:
        return  # a part of its pages does not describe it
    if reading.name.casefold() == tool.name.casefold():
        tool.name = reading.name  # "kettle" is what its repository is called, "Kettle" what it calls itself
    if reading.tagline:
        tool.tagline = one_line(reading.tagline)[:300]
    own_words = [tool.name, tool.tagline, tool.tagline, *titles, *(page.text[:4000] for page in reading.pages)]
    tool.category, _ = categorise(" ".join(own_words))
    tool.repository = tool.repository or reading.repository
    tool.description = one_line(reading.description)[:1000] or tool.description
    tool.feed_url = next(iter(reading.feed_links), tool.feed_url)
    tool.icon_url = next(iter(reading.icons), tool.icon_url)


def insert_all(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table.__table__), rows)  # type: ignore[attr-defined]
