"""What a batch of readings becomes in the store: snapshots, facts, and what the pages say of their tools.

A handful of queries for the whole batch. Commits nothing; knows no network.
"""

import hashlib
from bisect import insort
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from catalog.categories import categorise
from catalog.changes import Known, known_of, note_availability, note_moves
from catalog.facts import fact_values, facts_of, pages_of
from catalog.ledger.contradictions import find_contradictions, note_contradictions
from catalog.ledger.standing import SINGLE, SURE_ENOUGH, Pages, Standing, is_missed, standing_of
from catalog.names import name_key
from catalog.proposals import consider_all, links_of
from catalog.text import one_line
from crawler.items import PageRead, ToolReading
from crawler.settling import Settled, settle
from db.bulk import insert_rows
from db.models import Contradiction, Fact, Launch, Snapshot, Tool
from db.words import Availability

VERIFIED_AGAIN = timedelta(days=1)  # how old a confirmation may grow before it alone is a reason to write
SnapshotId = tuple[int | None, str, str]  # tool, address, hash of the text


@dataclass
class Shelf:
    """What the store knows of one tool of a batch, and what its reading means for that."""

    tool: Tool
    reading: ToolReading
    facts: list[Fact]
    pages: Pages
    titles: list[str]
    topics: list[str]
    told: Known
    contradictions: list[Contradiction]
    before: Standing
    was_ever_read: bool
    settled: Settled = field(default_factory=Settled)

    @property
    def is_alive(self) -> bool:
        return self.reading.availability == Availability.ALIVE


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
    shelves = take_down(session, readings)
    alive = [shelf for shelf in shelves if shelf.is_alive]
    for shelf in alive:
        note_lost(shelf, told)
        shelf.settled = settle(shelf.before, shelf.pages, shelf.reading)
        told.facts_new += len(shelf.settled.new)
    snapshots = store_snapshots(session, alive)
    store_facts(session, alive, snapshots, now)
    for shelf in filter(may_mean_something, alive):
        note_what_it_means(session, shelf, now)
    for shelf in shelves:
        note_visit(session, shelf, now)
    session.flush()
    links = {shelf.reading.tool_id: links_of(shelf.tool, shelf.reading.links) for shelf in alive}
    consider_all(session, [shelf.tool for shelf in alive], links, now)


def take_down(session: Session, readings: list[ToolReading]) -> list[Shelf]:
    """Those of tools that are still there: others were merged meanwhile."""
    ids = [reading.tool_id for reading in readings]
    tools = {tool.id or 0: tool for tool in session.exec(select(Tool).where(col(Tool.id).in_(ids)))}
    titles: dict[int, list[str]] = {}
    topics: dict[int, list[str]] = {}
    launches = select(Launch.tool_id, Launch.title, Launch.topics).where(col(Launch.tool_id).in_(ids))
    for tool_id, title, filed_under in session.exec(launches):
        titles.setdefault(tool_id or 0, []).append(title)
        topics.setdefault(tool_id or 0, []).extend(filed_under)
    disagreeing: dict[int, list[Contradiction]] = {}
    for row in session.exec(select(Contradiction).where(col(Contradiction.tool_id).in_(ids))):
        disagreeing.setdefault(row.tool_id, []).append(row)
    facts, pages, told = facts_of(session, ids), pages_of(session, ids), known_of(session, ids)
    return [
        Shelf(
            tool=tools[own_id],
            reading=reading,
            facts=facts[own_id],
            pages=pages[own_id],
            titles=titles.get(own_id, []),
            topics=topics.get(own_id, []),
            told=told[own_id],
            contradictions=disagreeing.get(own_id, []),
            before=standing_of(facts[own_id], pages[own_id]),
            was_ever_read=bool(pages[own_id].urls),
        )
        for reading in readings
        if (own_id := reading.tool_id) in tools
    ]


def note_lost(shelf: Shelf, told: Told) -> None:
    """Of the facts a page stated surely, those that the same page, read again, no longer yields in any value."""
    read = {page.url for page in shelf.reading.pages}
    stated = {fact.key for page in shelf.reading.pages for fact in page.facts}
    for fact in shelf.before.chosen.values():
        url = shelf.pages.url_of(fact)
        if fact.confidence >= SURE_ENOUGH and url in read:
            told.stood[fact.key] += 1
            if fact.key not in stated:
                told.lost.append((fact.key, url))


# ── snapshots ────────────────────────────────────────────────────────────────────────────────────


def store_snapshots(session: Session, shelves: Iterable[Shelf]) -> dict[int, int]:
    """Each page's snapshot. A page that reads as at any time before is not stored again, unless it ended a claim."""
    pages = [(shelf, page, snapshot_id(shelf.reading, page)) for shelf in shelves for page in shelf.reading.pages]
    known = find_snapshots(session, {key for _, _, key in pages})
    new = {key: (shelf, page) for shelf, page, key in pages if key not in known or page.url in shelf.settled.ended}
    if new:
        insert_rows(session, Snapshot, [snapshot_values(key, page) for key, (_, page) in new.items()])
    known |= find_snapshots(session, new)
    for key, (shelf, page) in new.items():
        shelf.pages.urls[known[key]] = page.url
        for name in (page.url, ""):
            insort(shelf.pages.moments.setdefault(name, []), page.fetched_at)
    return {id(page): known[key] for _, page, key in pages}


def find_snapshots(session: Session, wanted: Collection[SnapshotId]) -> dict[SnapshotId, int]:
    """The newest of each."""
    tools, hashes = ({key[place] for key in wanted} for place in (0, 2))
    query = select(Snapshot.tool_id, Snapshot.url, Snapshot.content_hash, Snapshot.id)
    query = query.where(col(Snapshot.tool_id).in_(tools), col(Snapshot.content_hash).in_(hashes))
    found: dict[SnapshotId, int] = {}
    for tool_id, url, content_hash, own_id in session.exec(query.order_by(col(Snapshot.id))) if tools else []:
        found[tool_id, url, content_hash] = own_id or 0
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


def store_facts(session: Session, shelves: Iterable[Shelf], snapshots: dict[int, int], now: datetime) -> None:
    """One moment for all pages of a reading. The new facts join those of their shelf, with their ids."""
    rows, growing = [], {}
    for shelf in shelves:
        for fact in shelf.settled.confirmed.values():
            # A page that was stored anew says so of all it still states; else once a day is enough.
            if now - fact.verified_at >= VERIFIED_AGAIN or is_missed(fact, shelf.pages):
                fact.verified_at = now
        for page, new in shelf.settled.new:
            rows.append(fact_values(shelf.reading.tool_id, snapshots[id(page)], new, now))
            growing[shelf.reading.tool_id] = shelf
    if not rows:
        return
    insert_rows(session, Fact, rows)
    growing = {tool_id: shelf for tool_id, shelf in growing.items() if may_mean_something(shelf)}
    known = {fact.id for shelf in growing.values() for fact in shelf.facts}
    stored = select(Fact).where(col(Fact.tool_id).in_(list(growing)), Fact.observed_at == now).order_by(col(Fact.id))
    for fact in session.exec(stored) if growing else ():
        if fact.id not in known:
            growing[fact.tool_id].facts.append(fact)


def may_mean_something(shelf: Shelf) -> bool:
    """Nothing moves at a first reading; and it contradicts itself only where two pages speak of one thing."""
    keys = [new.key for _, new in shelf.settled.new if new.key in SINGLE]
    return bool(shelf.facts) or len(keys) > len(set(keys))


def note_what_it_means(session: Session, shelf: Shelf, now: datetime) -> None:
    standing = standing_of(shelf.facts, shelf.pages)
    tool_id = shelf.reading.tool_id
    note_moves(session, shelf.facts, shelf.pages, shelf.before, standing, shelf.told, now)
    note_contradictions(session, tool_id, find_contradictions(standing, shelf.pages), shelf.contradictions, now)


# ── the tool ─────────────────────────────────────────────────────────────────────────────────────


def note_visit(session: Session, shelf: Shelf, now: datetime) -> None:
    tool, reading = shelf.tool, shelf.reading
    note_availability(session, tool, reading.availability, reading.why, shelf.told, now, was_alive=shelf.was_ever_read)
    tool.availability, tool.unavailable_why = reading.availability, reading.why or None
    tool.last_read_at = now
    if shelf.is_alive:
        tool.moved_to = None
        describe(tool, reading, shelf.titles, shelf.topics)
    elif reading.availability == Availability.MOVED:
        tool.moved_to = reading.moved_to


def describe(tool: Tool, reading: ToolReading, titles: list[str], topics: list[str]) -> None:
    """The tool's own page outranks an announcement; the category comes from its own words."""
    if reading.unchanged_urls:
        return  # a part of its pages does not describe it
    if reading.name.casefold() == tool.name.casefold():
        tool.name = reading.name  # "kettle" is what its repository is called, "Kettle" what it calls itself
        tool.name_key = name_key(tool.name)
    if reading.tagline:
        tool.tagline = one_line(reading.tagline)[:300]
    own_words = [tool.name, tool.tagline, tool.tagline, *titles, *(page.text[:4000] for page in reading.pages)]
    tool.category, tool.category_sure, why = categorise(" ".join(own_words), topics)
    tool.category_why = list(why)
    tool.repository = tool.repository or reading.repository
    tool.description = one_line(reading.description)[:1000] or tool.description
    tool.feed_url = next(iter(reading.feed_links), tool.feed_url)
    tool.icon_url = next(iter(reading.icons), tool.icon_url)
