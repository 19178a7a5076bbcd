"""Conditions nobody would notice by themselves. Each is an alert that clears itself when it is over."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from config import Settings
from db import alerts
from db.models import Comparison, Edition, Source
from db.words import ComparisonState, EditionState
from digest.calendar import next_week_time, say_moment

LATE = timedelta(hours=2)
BEFORE_CUTOFF = timedelta(hours=48)
SILENT = timedelta(hours=36)  # at least; with longer pauses between crawls, two of them


def watch_week(session: Session, settings: Settings, now: datetime) -> list[str]:
    """Returns the keys of the conditions that hold."""
    conditions = [
        *missed_week(session, settings, now),
        empty_queue(session, settings, now),
        silent_sources(session, settings, now),
    ]
    holding = []
    clear_made_up(session, {key for key, _, _ in conditions}, now)
    for key, what, cure in conditions:
        if what:
            alerts.raise_alert(session, key, what, cure, now)
            holding.append(key)
        else:
            alerts.clear_alert(session, key, now)
    return holding


def clear_made_up(session: Session, late: set[str], now: datetime) -> None:
    """A missed edition that was sent or called off since is not late any more."""
    for alert in alerts.open_alerts(session):
        if alert.key.startswith("missed:") and alert.key not in late:
            alerts.clear_alert(session, alert.key, now)


def missed_week(session: Session, settings: Settings, now: datetime) -> list[tuple[str, str, str]]:
    """An edition whose hour has passed and which is neither out, under way nor called off."""
    unsent = (EditionState.DRAFT, EditionState.APPROVED)
    late = select(Edition).where(col(Edition.state).in_(unsent), Edition.send_at < now - LATE)
    return [
        (
            f"missed:{edition.number}",
            f"Edition {edition.number} was due {say_moment(edition.send_at, settings.schedule.zone)} and is still "
            f"{edition.state}.",
            f"Approve and send it ('verdicts edition approve {edition.number} --as EMAIL', 'verdicts edition send "
            f"{edition.number}'), or cancel it.",
        )
        for edition in session.exec(late)
    ]


def empty_queue(session: Session, settings: Settings, now: datetime) -> tuple[str, str, str]:
    key, cure = (
        "empty-queue",
        "Look at 'verdicts sources' and 'verdicts tools'; 'verdicts crawl' and 'verdicts pair' run at once.",
    )
    if next_week_time(settings.schedule.cutoff, settings.schedule.zone, now) - now > BEFORE_CUTOFF:
        return key, "", cure
    useful = select(Comparison.id).where(
        col(Comparison.state).not_in([ComparisonState.REJECTED, ComparisonState.PUBLISHED])
    )
    has_any = session.exec(useful.limit(1)).first() is not None
    return key, "" if has_any else "The cut-off is near and there is no comparison to approve.", cure


def silent_sources(session: Session, settings: Settings, now: datetime) -> tuple[str, str, str]:
    cure = "Check this machine's network and 'verdicts sources'; then 'verdicts crawl'."
    sources = session.exec(select(Source).where(col(Source.is_enabled), Source.spider != "homepage")).all()
    tried = [source for source in sources if source.last_attempt_at]
    since = now - max(SILENT, 2 * timedelta(hours=settings.schedule.crawl_hours))
    heard = [source for source in tried if source.last_success_at and source.last_success_at > since]
    what = (
        f"No source has answered well since {say_moment(since, settings.schedule.zone)}." if tried and not heard else ""
    )
    return "silent-sources", what, cure
