"""Start crawls, one subprocess a spider, and stand by: a hung one is ended, a dead one is recorded."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from config import Settings, child_environment
from crawler.context import Tally
from crawler.health.alarms import clear_disabled
from crawler.health.visits import record_visit
from crawler.recording import begin_recording, moment_of_recording
from crawler.sources import SPIDERS, is_on, known_sources, register_sources
from db.models import Source
from db.session import Store
from errors import NotAllowed, NotFound

GRACE_SECONDS = 10
LOOK_UP_SECONDS = 0.5  # how soon a stop is noticed while a crawl runs
Stop = Callable[[], bool]


def never() -> bool:
    return False


def crawl_now(
    store: Store,
    settings: Settings,
    keys: Iterable[str],
    now: datetime,
    *,
    record: Path | None = None,
    replay: Path | None = None,
) -> dict[str, dict[str, Any]]:
    """Crawl the named sources or spiders (none named: all enabled), whatever their next visit says.

    Args:
        record: a new folder to write every exchange into.
        replay: such a folder, to crawl from instead of the network.
    Returns counts per source. Raises NotFound for an unknown name, NotAllowed for a source that needs a permission,
    ConfigError for a folder that cannot be used.
    """
    options: list[str] = []
    if replay:
        now, options = moment_of_recording(replay), ["--replay", str(replay.resolve())]
    chosen = choose(store, settings, list(keys), now)
    if record:
        begin_recording(record, now)
        options = ["--record", str(record.resolve())]
    return crawl_sources(store, settings, chosen, now, options=options)


def crawl_due(
    store: Store, settings: Settings, now: datetime, spider: str, stop: Stop = never
) -> dict[str, dict[str, Any]]:
    """Crawl the spider's enabled sources whose next visit has come."""
    with store.write() as session:
        sources = register_sources(session, settings, now)
        clear_disabled(session, sources, now)
    due = [
        source
        for source in sources
        if source.spider == spider and source.is_enabled and (source.next_due_at is None or source.next_due_at <= now)
    ]
    return crawl_sources(store, settings, due, now, stop)


def choose(store: Store, settings: Settings, names: list[str], now: datetime) -> list[Source]:
    with store.write() as session:
        sources = register_sources(session, settings, now)
        clear_disabled(session, sources, now)
    known = {row.key for row in known_sources(settings)} | set(SPIDERS)
    for name in names:
        if name not in known:
            raise NotFound("source", name, f"known are {', '.join(sorted(known))}")
    for row in known_sources(settings):
        if row.key in names and row.permission and not is_on(settings, row):
            raise NotAllowed(
                f"crawl {row.key}", f"{row.permission}; state who permitted it under [sources.{row.key}] permission"
            )
    if names:
        return [row for row in sources if row.key in names or (row.spider in names and row.is_enabled)]
    return [source for source in sources if source.is_enabled]


def crawl_sources(
    store: Store,
    settings: Settings,
    sources: list[Source],
    now: datetime,
    stop: Stop = never,
    options: Iterable[str] = (),
) -> dict[str, dict[str, Any]]:
    counts: dict[str, dict[str, Any]] = {}
    for spider in SPIDERS:  # the tools' own pages last: the others find the tools
        keys = sorted(source.key for source in sources if source.spider == spider)
        if keys:
            counts |= run_subprocess(store, settings, spider, keys, now, stop=stop, options=options)
    return counts


def run_subprocess(
    store: Store,
    settings: Settings,
    spider: str,
    keys: list[str],
    now: datetime,
    *,
    stop: Stop = never,
    limit_seconds: float | None = None,
    grace_seconds: float = GRACE_SECONDS,
    options: Iterable[str] = (),
) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-P", "-m", "crawler.run", spider, "--sources", ",".join(keys), "--now", now.isoformat()]
    if settings.config_path:
        command += ["--config", str(settings.config_path)]
    command += options
    child = subprocess.Popen(  # noqa: S603  # our own module, keys checked against the configuration
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        errors="replace",
        env=child_environment(),
    )
    out, err, why = wait_for(child, limit_seconds or settings.crawl.timeout_seconds + 60, grace_seconds, stop)
    result = counts_in(out, keys) if child.returncode == 0 else {}
    if not result:
        why = why or f"the crawl {end_of(child.returncode)}: {last_line(err)}"
        record_death(store, settings, keys, why, now)
        result = {key: {"errors": 1, "error": why} for key in keys}
    return result


def counts_in(out: str, keys: list[str]) -> dict[str, dict[str, Any]]:
    """The document a crawl ends with; empty when it is none, whatever else was printed before."""
    try:
        told = json.loads(last_line(out, longest=None))
    except (ValueError, RecursionError):
        return {}
    is_whole = isinstance(told, dict) and all(isinstance(told.get(key), dict) for key in keys)
    return told if is_whole else {}


def wait_for(child: subprocess.Popen[str], timeout: float, grace: float, stop: Stop = never) -> tuple[str, str, str]:
    """(stdout, stderr, why it was ended, if it was). SIGTERM to the whole group first, then SIGKILL."""
    deadline = time.monotonic() + timeout
    while not stop() and time.monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            return (*child.communicate(timeout=min(LOOK_UP_SECONDS, timeout)), "")
    os.killpg(child.pid, signal.SIGTERM)
    try:
        out, err = child.communicate(timeout=grace)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
    return out, err, "the program was stopped" if stop() else f"the crawl was ended after {timeout:g} seconds"


def end_of(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    names = {one.value: one.name for one in signal.Signals}
    return f"was killed by {names.get(-code, f'signal {-code}')}"


def last_line(text: str, longest: int | None = 300) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:longest] if lines else "it said nothing"


def record_death(store: Store, settings: Settings, keys: list[str], why: str, now: datetime) -> None:
    with store.write() as session:
        for source in session.exec(select(Source).where(Source.key.in_(keys))):  # type: ignore[attr-defined]
            tally = Tally()
            tally.problem(why)
            record_visit(session, settings, source.key, tally, now, now)
