"""What a crawl's spiders, middlewares and pipeline share: settings, store, clock and the tally."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import Settings
from db.session import Store


@dataclass
class Tally:
    """What one source's visit came to. `parsed` counts what the payload held, new or not."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    retry_at: datetime | None = None
    newest: datetime | None = None

    def problem(self, why: str) -> None:
        self.counts["errors"] += 1
        if len(self.problems) < 20:
            self.problems.append(why)


@dataclass
class CrawlContext:
    settings: Settings
    store: Store
    clock: Callable[[], datetime]
    sources: dict[str, str]  # key → base URL, of the sources to visit
    tallies: dict[str, Tally] = field(default_factory=dict)
    validators: dict[str, tuple[str, str | None, str | None]] = field(default_factory=dict)  # URL → source, …
    hosts_without_robots: dict[str, str] = field(default_factory=dict)  # why their robots.txt cannot be had

    def tally(self, source: str) -> Tally:
        return self.tallies.setdefault(source, Tally())

    def window_start(self) -> datetime:
        return self.clock() - timedelta(days=self.settings.crawl.window_days)


def running_clock(now: datetime) -> Callable[[], datetime]:
    """A clock that reads `now` at this moment and goes on from there."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
