"""When a source needs a person: it keeps failing, its answers have lost something, or it has fallen silent."""

from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlmodel import Session, col, select

from db import alerts
from db.models import Launch, Source
from db.words import CrawlOutcome

ALERT_AFTER = 3
SILENT_FACTOR = 4  # times its usual gap a source may bring nothing new
SHORTEST_SILENCE = timedelta(days=7)


def update_alerts(session: Session, source: Source, outcome: CrawlOutcome, drift: list[str], now: datetime) -> None:
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
        has_drifted or (None if outcome not in (CrawlOutcome.OK, CrawlOutcome.PARTIAL) else False),
        f"{source.title} answers, but {'; '.join(drift[:4]) or 'nothing in the answer could be read'}.",
        f"Its page may look different now: compare {page} with its last good answer "
        f"('verdicts sources recording {source.key}'), then mend the parser or the selectors.",
        now,
    )
    gap = silence_of(session, source, now)
    set_alert(
        session,
        f"source-silent:{source.key}",
        gap is not None,
        f"{source.title} has brought nothing new for {gap.days if gap else 0} days, longer than it ever rests.",
        f"Open {page}: is anything new there? If so, its parser misses it; if the place is dead, disable it.",
        now,
    )


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
