"""What a visit says of its source. HTTP 200 with nothing in it is not health. Pure but for `record_visit`."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from config import Settings
from crawler.context import Tally
from db import alerts
from db.models import Crawl, Source
from db.words import CrawlOutcome

LONGEST_PAUSE = timedelta(days=7)
ALERT_AFTER = 3


def judge_visit(tally: Tally, *, has_content: bool) -> CrawlOutcome:
    """
    Args:
        has_content: False for a source that may rightly have nothing to read (no tool is due).
    """
    counts = tally.counts
    if counts["errors"]:
        return CrawlOutcome.DEGRADED if counts["parsed"] else CrawlOutcome.FAILED
    if counts["unchanged"] and not counts["parsed"]:
        return CrawlOutcome.UNCHANGED
    return CrawlOutcome.OK if counts["parsed"] or not has_content else CrawlOutcome.EMPTY


def record_visit(
    session: Session,
    settings: Settings,
    key: str,
    tally: Tally,
    started_at: datetime,
    now: datetime,
    stats: dict[str, Any] | None = None,
) -> Crawl:
    """Write the visit down and bring the source's health, next visit and alert up to date."""
    source = session.get(Source, key)
    assert source is not None
    outcome = judge_visit(tally, has_content=key != "homepage")
    crawl = Crawl(
        source_key=key,
        started_at=started_at,
        finished_at=now,
        outcome=outcome,
        error="; ".join(tally.problems[:5]) or None,
        stats=stats or {},
        **{
            name: tally.counts[name]
            for name in ("requests", "unchanged", "launches_new", "launches_seen", "tools_new", "facts_new", "errors")
        },
    )
    session.add(crawl)
    update_source(settings, source, outcome, crawl, tally, now)
    session.add(source)
    update_alert(session, source, now)
    return crawl


def update_source(
    settings: Settings, source: Source, outcome: CrawlOutcome, crawl: Crawl, tally: Tally, now: datetime
) -> None:
    is_good = outcome in (CrawlOutcome.OK, CrawlOutcome.UNCHANGED)
    # A broken page of one tool is that tool's failure, and no reason to read the others later.
    is_failure = not is_good and not (source.spider == "homepage" and outcome == CrawlOutcome.DEGRADED)
    source.last_attempt_at = now
    source.last_outcome = outcome
    source.last_error = None if is_good else crawl.error or "it answered, but nothing in the answer could be read"
    source.failures_in_row = source.failures_in_row + 1 if is_failure else 0
    source.last_success_at = now if is_good else source.last_success_at
    source.retry_at = tally.retry_at
    source.next_due_at = next_visit(settings, source, now)
    if tally.newest and (source.last_launch_at is None or tally.newest > source.last_launch_at):
        source.last_launch_at = tally.newest


def next_visit(settings: Settings, source: Source, now: datetime) -> datetime:
    """The interval, doubled with each failure in a row up to a week, and never before we were asked to return."""
    hours = settings.schedule.homepage_hours if source.spider == "homepage" else settings.schedule.crawl_hours
    pause = min(timedelta(hours=hours) * 2 ** min(source.failures_in_row, 10), LONGEST_PAUSE)
    due: datetime = now + pause
    return max(due, source.retry_at) if source.retry_at else due


def update_alert(session: Session, source: Source, now: datetime) -> None:
    key = f"source:{source.key}"
    if source.failures_in_row < ALERT_AFTER:
        if source.failures_in_row == 0:
            alerts.clear_alert(session, key, now)
        return
    alerts.raise_alert(
        session,
        key,
        f"{source.title} has failed {source.failures_in_row} times in a row: {source.last_error}",
        f"Open {source.url or 'its page'} in a browser; if it moved, set [sources.{source.key}] base_url, or disable "
        "it.",
        now,
    )
