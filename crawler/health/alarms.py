"""When a source needs a person: it keeps failing, its answers have lost something, or it has fallen silent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlmodel import Session, col, select

from db import alerts
from db.models import Launch, Source
from db.words import CrawlOutcome

KINDS = ("source", "source-drift", "source-silent")
ALERT_AFTER = 3
SILENT_FACTOR = 4  # times its usual gap a source may bring nothing new
SHORTEST_SILENCE = timedelta(days=7)
ANSWERED = (CrawlOutcome.OK, CrawlOutcome.NOT_MODIFIED, CrawlOutcome.PARTIAL)


def update_alerts(
    session: Session, source: Source, outcome: CrawlOutcome, drift: list[str], now: datetime, *, is_whole: bool = True
) -> None:
    """
    Args:
        is_whole: whether the visit saw enough to say that nothing is lost; of less, an alert is neither raised nor
            cleared.
    """
    page = source.url or "its page"
    set_alert(
        session,
        f"source:{source.key}",
        source.failures_in_row >= ALERT_AFTER or None if source.failures_in_row else False,
        f"{source.title} has failed {source.failures_in_row} times in a row: {source.last_error}",
        f"Open {page} in a browser; if it moved, set [sources.{source.key}] base_url, or disable it.",
        now,
    )
    has_drifted = outcome == CrawlOutcome.EMPTY or bool(drift)
    set_alert(
        session,
        f"source-drift:{source.key}",
        has_drifted or (False if is_whole and outcome in ANSWERED else None),
        f"{source.title} answers, but {'; '.join(drift[:4]) or 'nothing in the answer could be read'}.",
        f"Its page may look different now: compare {page} with its last good answer "
        f"('verdicts sources recording {source.key}'), then mend the parser or the selectors; "
        f"if all is read rightly, 'verdicts sources accept {source.key}'.",
        now,
    )
    gap = silence_of(session, source, now)
    failed = source.failures_in_row > 0  # that is told already, and is another matter
    set_alert(
        session,
        f"source-silent:{source.key}",
        None if failed and gap else gap is not None,
        f"{source.title} has brought nothing new for {gap.days if gap else 0} days, longer than it ever rests.",
        f"Open {page}: is anything new there? If so, its parser misses it; if the place is dead, disable it.",
        now,
    )


def clear_disabled(session: Session, sources: Iterable[Source], now: datetime) -> None:
    """Who switches a source off has dealt with what was said of it; no visit would clear it."""
    off = {source.key for source in sources if not source.is_enabled}
    for alert in alerts.open_alerts(session):
        kind, _, key = alert.key.partition(":")
        if kind in KINDS and key in off:
            alerts.clear_alert(session, alert.key, now)


def set_alert(session: Session, key: str, state: bool | None, what: str, cure: str, now: datetime) -> None:
    """True raises it, False clears it, None leaves it as it stands."""
    if state:
        alerts.raise_alert(session, key, what, cure, now)
    elif state is False:
        alerts.clear_alert(session, key, now)


def silence_of(session: Session, source: Source, now: datetime) -> timedelta | None:
    """How long a source has brought nothing new, when that is far longer than its usual gap."""
    if source.last_new_at is None or source.spider == "homepage":
        return None
    silent, usual = now - source.last_new_at, usual_gap(session, source.key)
    return silent if usual is not None and silent > max(usual * SILENT_FACTOR, SHORTEST_SILENCE) else None


def usual_gap(session: Session, key: str) -> timedelta | None:
    """The median time between two days on which a source brought something new."""
    moments = session.exec(
        select(Launch.first_seen_at)
        .where(Launch.source_key == key)
        .distinct()
        .order_by(col(Launch.first_seen_at).desc())
        .limit(200)
    )
    days = sorted({moment.date() for moment in moments})
    gaps = [(after - before).days for before, after in pairwise(days)]
    return timedelta(days=median(gaps)) if len(gaps) >= 3 else None
