"""What a crawl's spiders, middlewares and pipeline share: settings, store, clock and the tally."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from catalog.launches import LaunchItem
from config import Settings
from crawler.reading.listing import Launches
from db.session import Store

UNSAID = datetime.min.replace(tzinfo=UTC)


@dataclass
class Tally:
    """What one source's visit came to. `found` counts the entries its answers held, new or not, readable or not."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    blocked: str | None = None  # who turned us away, and how
    retry_at: datetime | None = None
    fresh_until: datetime | None = None  # the other side says that nothing changes before
    newest: datetime | None = None
    fields: Counter[str] = field(default_factory=Counter)  # field → how many launches state it
    answer: tuple[str, bytes, int] | None = None  # the fullest answer: its address, its bytes, the entries in it
    stood: Counter[str] = field(default_factory=Counter)  # fact → how many of the pages read again stated it before
    lost: list[tuple[str, str]] = field(default_factory=list)  # (fact, page) of those that state it no more

    def problem(self, why: str) -> None:
        self.counts["errors"] += 1
        if len(self.problems) < 20:
            self.problems.append(why)

    def take(self, listing: Launches, url: str, payload: bytes) -> None:
        """Count one answer that could be read."""
        self.counts["answers"] += 1
        self.counts["found"] += listing.found
        for why in listing.problems:
            self.problem(why)
        for item in listing:
            self.counts["read"] += 1
            self.fields.update(stated_fields(item))
        if self.answer is None or listing.found > self.answer[2]:
            self.answer = (url, payload, listing.found)

    def coverage(self) -> dict[str, float]:
        """Field → share of the launches read that state it."""
        read = self.counts["read"]
        return {name: round(count / read, 3) for name, count in sorted(self.fields.items())} if read else {}


def stated_fields(item: LaunchItem) -> list[str]:
    """The fields of a launch that hold something."""
    plain = ("name", "tagline", "url", "launched_at", "repository", "topics", "version")
    return [*(name for name in plain if getattr(item, name)), *(f"traction.{name}" for name in item.traction)]


@dataclass(slots=True)  # a crawl keeps one for each page
class Seen:
    """What a server gave us with a page, to ask "changed since?" with next time."""

    source: str
    etag: str | None
    last_modified: str | None
    body_hash: str
    misses: int = 0


@dataclass
class CrawlContext:
    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    sources: dict[str, str]  # key → base URL, of the sources to visit
    tallies: dict[str, Tally] = field(default_factory=dict)
    started_at: datetime = UNSAID  # the moment the crawl believes in; the same when it is replayed
    parser: str = ""  # names this reading of the pages: validators of another one are not sent
    seen: dict[str, Seen] = field(default_factory=dict)  # URL → what came with it
    pauses: dict[str, datetime] = field(default_factory=dict)  # host → until when it asked us to stay away
    hosts_without_robots: dict[str, str] = field(default_factory=dict)  # why their robots.txt cannot be had

    def __post_init__(self) -> None:
        self.started_at = self.clock() if self.started_at is UNSAID else self.started_at

    def tally(self, source: str) -> Tally:
        return self.tallies.setdefault(source, Tally())

    def window_start(self) -> datetime:
        return self.started_at - timedelta(days=self.settings.crawl.window_days)


def running_clock(now: datetime) -> Callable[[], datetime]:
    """A clock that reads `now` at this moment and goes on from there."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
