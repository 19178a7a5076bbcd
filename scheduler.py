"""The clock: which job is due when, and nothing else. APScheduler lives only here.

It is an alarm clock, not a memory: every minute `tick` looks up in the `run` table what was last due and
notes what is due now. Late after an outage, a job is noted once, not once for each time it was missed.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from config import Settings
from crawler.sources import SPIDERS
from db.session import Store
from jobs import JOBS, add_run, last_due

log = logging.getLogger(__name__)

# A job missed by longer than this is not caught up: its next time is near enough, or its moment is over.
CATCH_UP = timedelta(days=6)
# On a new store nothing was missed: what was due before it existed is nobody's.
FIRST_LOOK = timedelta(hours=1)


@dataclass(frozen=True)
class Timetable:
    job: str
    trigger: CronTrigger
    every: timedelta  # no two times of it are further apart: how far back to look for the last one


def timetable(settings: Settings) -> list[Timetable]:
    plan = settings.schedule
    rows = [
        weekly("build", plan.build, settings),
        weekly("remind", plan.remind, settings),
        weekly("cutoff", plan.cutoff, settings),
        *(hourly(f"crawl-{spider}", 2 + 3 * place % 36) for place, spider in enumerate(SPIDERS)),
        hourly("recheck", 40),
        hourly("pair", 45),
        hourly("draft", 50),
        hourly("watch", 55),
        Timetable("tidy", CronTrigger(hour=5, minute=30, timezone="UTC"), timedelta(days=1)),
        minutely("send", 1),
        minutely("letters", 1),
        minutely("bounces", plan.bounce_minutes),
    ]
    assert {row.job for row in rows} == JOBS.keys()
    return rows


def weekly(job: str, week_time: str, settings: Settings) -> Timetable:
    """In the named zone, where 07:00 stays 07:00 over clock changes; 01:00–04:00 was refused by the settings."""
    day, clock = week_time.split()
    hour, minute = clock.split(":")
    trigger = CronTrigger(day_of_week=day, hour=int(hour), minute=int(minute), timezone=settings.schedule.timezone)
    return Timetable(job, trigger, timedelta(days=7, hours=1))


def hourly(job: str, minute: int) -> Timetable:
    """Every hour; which sources are then due is for the sources themselves to say."""
    return Timetable(job, CronTrigger(minute=minute, timezone="UTC"), timedelta(hours=1))


def minutely(job: str, minutes: int) -> Timetable:
    """From an hour on, every so many whole hours."""
    if minutes < 60:
        return Timetable(job, CronTrigger(minute=f"*/{minutes}", timezone="UTC"), timedelta(hours=1))
    hours = minutes // 60
    every = f"*/{hours}" if hours < 24 else "0"
    return Timetable(job, CronTrigger(hour=every, minute=0, timezone="UTC"), timedelta(hours=hours))


def tick(store: Store, settings: Settings, now: datetime) -> list[str]:
    """Note every job whose time has come since it was last noted. Returns their names; safe to call at any time."""
    noted = []
    for row in timetable(settings):
        with store.read() as session:
            last = last_due(session, row.job)
        due_at = latest_time(row, last, now)
        if due_at and add_run(store, row.job, due_at):
            noted.append(row.job)
    return noted


def latest_time(row: Timetable, last: datetime | None, now: datetime) -> datetime | None:
    """The newest time of the job up to `now` that lies after `last`; None when there is none to catch up."""
    back = min(row.every, CATCH_UP if last else FIRST_LOOK)
    start = max(last, now - back) if last else now - back
    newest = None
    moment = row.trigger.get_next_fire_time(None, start + timedelta(microseconds=1))
    while moment is not None and moment <= now:
        newest = moment.astimezone(UTC)
        moment = row.trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    return newest if newest is not None and newest != last else None


def next_times(settings: Settings, now: datetime) -> dict[str, datetime]:
    """When each job is next due, for people."""
    found = {row.job: row.trigger.get_next_fire_time(None, now) for row in timetable(settings)}
    return {job: moment.astimezone(UTC) for job, moment in found.items() if moment}


class Clock:
    """Ticks once at start, to catch up, and then at every minute."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self.store, self.settings, self.now = store, settings, now
        self.scheduler = BackgroundScheduler(timezone="UTC")
        self.scheduler.add_job(
            self.tick, "cron", minute="*", second=0, id="tick", coalesce=True, max_instances=1, misfire_grace_time=60
        )
        self.scheduler.add_listener(self.complain, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    def start(self) -> None:
        self.tick()
        self.scheduler.start()

    def stop(self) -> None:
        self.scheduler.shutdown(wait=True)

    def tick(self) -> None:
        tick(self.store, self.settings, self.now())

    def complain(self, event: object) -> None:
        log.error("clock event=%s", event)

    def run_until(self, stopping: threading.Event) -> None:
        self.start()
        stopping.wait()
        self.stop()
