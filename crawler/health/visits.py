"""What a visit says of its source. HTTP 200 with nothing in it is not health: every outcome has its why."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from config import Settings
from crawler.context import Tally
from crawler.health.alarms import update_alerts
from crawler.health.drift import Past, tell_drift, tell_lost_facts, tells_of_fields
from crawler.sources import find_source
from db import alerts, audit
from db.models import Crawl, Recording, Source
from db.words import CrawlOutcome
from errors import NotFound

LONGEST_PAUSE = timedelta(days=7)
JITTER = 0.1  # of the interval, so that not all sources are asked in the same minute
LOOK_BACK = 12  # visits
RECORD_EVERY = timedelta(days=1)
GOOD = (CrawlOutcome.OK, CrawlOutcome.NOT_MODIFIED)
COUNTED = ("requests", "unchanged", "found", "launches_new", "launches_seen", "tools_new", "facts_new", "errors")


def judge_visit(tally: Tally, *, has_content: bool, drift: list[str] | None = None) -> tuple[CrawlOutcome, str | None]:
    """(outcome, why it is not good).

    Args:
        has_content: False for a source that may rightly have nothing to read (no tool is due).
        drift: what fell against the source's own past, in sentences.
    """
    counts = tally.counts
    why = "; ".join(list(dict.fromkeys([*(drift or ()), *tally.problems]))[:5]) or None
    if tally.blocked and not counts["found"]:
        return CrawlOutcome.BLOCKED, tally.blocked
    if counts["errors"] and not counts["found"]:
        return CrawlOutcome.ERROR, why
    if has_content and not counts["found"] and not counts["unchanged"]:
        return CrawlOutcome.EMPTY, why or "it answered, but nothing in the answer could be read"
    if counts["errors"] or drift:
        return CrawlOutcome.PARTIAL, why
    if counts["found"]:
        return CrawlOutcome.OK, None
    return (CrawlOutcome.NOT_MODIFIED if counts["unchanged"] else CrawlOutcome.OK), None


def record_visit(
    session: Session,
    settings: Settings,
    key: str,
    tally: Tally,
    started_at: datetime,
    now: datetime,
    stats: dict[str, Any] | None = None,
    *,
    may_be_empty: bool = False,
    places: Mapping[str, str] | None = None,
) -> Crawl:
    """Write the visit down and bring the source's health, next visit, last good answer and alerts up to date.

    Args:
        may_be_empty: whether the source may rightly hold nothing.
        places: field → where its parser looks for it.
    """
    source = session.get_one(Source, key)
    past = past_of(session, key)
    drift = drift_of(past, tally, places or {}, may_be_empty=may_be_empty)
    outcome, why = judge_visit(tally, has_content=not may_be_empty, drift=drift)
    counted: dict[str, Any] = {name: tally.counts[name] for name in COUNTED}
    crawl = Crawl(
        source_key=key,
        started_at=started_at,
        finished_at=now,
        outcome=outcome,
        error=why,
        stats={**(stats or {}), **({"lost": tally.lost[:50]} if tally.lost else {})},
        coverage=tally.coverage(),
        **counted,
    )
    session.add(crawl)
    update_source(settings, source, outcome, crawl, tally, now)
    session.add(source)
    if outcome == CrawlOutcome.OK:
        keep_recording(session, key, tally, now)
    is_whole = outcome == CrawlOutcome.NOT_MODIFIED or is_compared(tally, past)
    update_alerts(session, source, outcome, drift, now, is_whole=is_whole)
    return crawl


def drift_of(past: Past, tally: Tally, places: Mapping[str, str], *, may_be_empty: bool) -> list[str]:
    """What fell against the source's own past. An answer unchanged in part tells nothing of the whole."""
    if lost := tell_lost_facts(tally.stood, tally.lost):
        return lost
    if tally.counts["unreadable"] and not tally.counts["found"]:
        return tally.problems[:2]  # it answered, and nothing of it was what the source sends
    if tally.counts["unchanged"] or not tally.counts["answers"]:
        return []
    if not tally.counts["found"] and not may_be_empty and tally.problems:
        return tally.problems[:2]
    usual = replace(past, found=0) if may_be_empty else past  # its number of entries is no promise
    return tell_drift(usual, tally.counts["found"], tally.counts["read"], tally.coverage(), places)


def is_compared(tally: Tally, past: Past) -> bool:
    """Whether this visit saw enough to say that nothing is lost."""
    return not tally.counts["unchanged"] and tells_of_fields(past, tally.counts["read"])


def past_of(session: Session, key: str) -> Past:
    """What is usual: of the recent visits that held something and lost nothing, since somebody last said so."""
    source = session.get_one(Source, key)
    query = (
        select(Crawl.found, Crawl.coverage)
        .where(Crawl.source_key == key, Crawl.outcome == CrawlOutcome.OK, Crawl.found > 0, Crawl.unchanged == 0)
        .order_by(col(Crawl.id).desc())
        .limit(LOOK_BACK)
    )
    if source.compared_from:
        query = query.where(Crawl.started_at > source.compared_from)
    return Past.of((found, coverage) for found, coverage in session.exec(query))


def accept_change(session: Session, key: str, who: str, why: str, now: datetime) -> None:
    """The place has changed and is read rightly: what it held before is no longer its measure.

    Raises NotFound for an unknown source.
    """
    source = session.get(Source, key)
    if source is None:
        raise NotFound("source", key, "see 'verdicts sources'")
    source.compared_from = now
    session.add(source)
    alerts.clear_alert(session, f"source-drift:{key}", now)
    audit.record(session, now, who, "accept change", f"source {key}", why=why)


def update_source(
    settings: Settings, source: Source, outcome: CrawlOutcome, crawl: Crawl, tally: Tally, now: datetime
) -> None:
    is_good = outcome in GOOD
    # A broken page of one tool, or a few broken entries, are no reason to read the others later.
    is_failure = not is_good and not (outcome == CrawlOutcome.PARTIAL and is_mostly_read(source, tally))
    source.last_attempt_at = now
    source.last_outcome = outcome
    source.last_error = None if is_good else crawl.error
    source.failures_in_row = source.failures_in_row + 1 if is_failure else 0
    source.last_success_at = now if is_good else source.last_success_at
    source.retry_at = tally.retry_at
    source.last_new_at = now if tally.counts["launches_new"] else source.last_new_at
    source.next_due_at = next_visit(settings, source, now, tally.fresh_until)
    if tally.newest and (source.last_launch_at is None or tally.newest > source.last_launch_at):
        source.last_launch_at = tally.newest


def is_mostly_read(source: Source, tally: Tally) -> bool:
    return source.spider == "homepage" or 2 * tally.counts["read"] >= tally.counts["found"] > 0


def next_visit(settings: Settings, source: Source, now: datetime, fresh_until: datetime | None = None) -> datetime:
    """The interval, doubled with each failure in a row up to a week and a little moved; never before the answer
    may have changed, nor before we were asked to return."""
    pause = min(interval_of(settings, source) * 2 ** min(source.failures_in_row, 10), LONGEST_PAUSE)
    moved = min(pause * (1 + JITTER * share_of(f"{source.key} {now:%Y-%m-%dT%H}")), LONGEST_PAUSE)
    asked: list[datetime] = [moment for moment in (fresh_until, source.retry_at) if moment]
    due: datetime = now + moved
    return max([due, *asked])


def interval_of(settings: Settings, source: Source) -> timedelta:
    row = find_source(settings, source.key)
    hours = settings.source(source.key).every_hours or (row and row.every_hours)
    usual = settings.schedule.homepage_hours if source.spider == "homepage" else settings.schedule.crawl_hours
    return timedelta(hours=hours or usual)


def share_of(text: str) -> float:
    """A steady number from 0 to 1 for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def keep_recording(session: Session, key: str, tally: Tally, now: datetime) -> None:
    """The fullest answer of a good visit, once a day: to compare with when a later one has lost something."""
    known = session.get(Recording, key)
    is_enough = known is None or (known.taken_at <= now - RECORD_EVERY and not tally.counts["unchanged"])
    if tally.answer is None or not is_enough:
        return
    url, payload, found = tally.answer
    recording = known or Recording(source_key=key, url=url, taken_at=now, found=found, body=b"")
    recording.url, recording.taken_at, recording.found = url, now, found
    recording.coverage, recording.body = tally.coverage(), zlib.compress(payload)
    session.add(recording)
