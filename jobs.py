"""The jobs by name, and the engine that runs them.

What is due and what was done is kept in the `run` table, UNIQUE(job, due_at): a second clock, a second
worker or a restart finds the row and leaves it. A job is known by its name here, never by its function,
and every job may be run again: the ledger, the launches and the pairs make that harmless.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import Session, col, delete, select

from config import Settings
from crawler.sources import SPIDERS
from db import alerts
from db.models import Editor, Run
from db.session import Store
from db.words import Role, RunState
from errors import AppError

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
LEASE = timedelta(seconds=90)
RENEW_SECONDS = 20
KEEP_RUNS = timedelta(days=60)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Work:
    """What a job is handed."""

    store: Store
    settings: Settings
    clock: Clock
    due_at: datetime
    stop: Callable[[], bool]


# ── the jobs ─────────────────────────────────────────────────────────────────────────────────────


def crawl(work: Work, spider: str) -> dict[str, Any]:
    """Facts that moved are looked at once the crawl is over, not an hour later."""
    from crawler.supervise import crawl_due

    counts = crawl_due(work.store, work.settings, work.clock(), spider, work.stop)
    return {**counts, "recheck": recheck(work)} if counts else {}


def recheck(work: Work) -> dict[str, Any]:
    """A changed fact brings back the verdicts resting on it, and an approved edition that holds one."""
    from catalog.changes import apply_changes
    from digest.editions import withdraw_resting_on

    now = work.clock()
    with work.store.write() as session:
        flipped = apply_changes(session, now)
        withdrawn = withdraw_resting_on(session, flipped, now)
        return {"flipped": [row.slug for row in flipped], "withdrawn": [edition.number for edition in withdrawn]}


def pair(work: Work) -> dict[str, Any]:
    from panel.pairing import propose_pairs

    with work.store.write() as session:
        proposals = propose_pairs(session, work.clock())
        return {"proposed": [row.slug for row in proposals.written], "refused": len(proposals.refused)}


def draft(work: Work) -> dict[str, Any]:
    if work.settings.panel.endpoint is None:
        return {"drafted": 0, "why": "no model endpoint is configured; editors write the reviews"}
    from panel.drafting import draft_pending

    return draft_pending(work.store, work.settings, work.clock, work.stop)


def build(work: Work) -> dict[str, Any]:
    from digest.editions import build_edition

    with work.store.write() as session:
        return {"edition": build_edition(session, work.settings, work.clock()).number}


def remind(work: Work) -> dict[str, Any]:
    """Editors are told what waits and when the cut-off is."""
    from digest import editions, letters, material
    from digest.calendar import say_moment

    now = work.clock()
    with work.store.write() as session:
        edition = editions.build_edition(session, work.settings, now)
        if edition.state != "draft":
            return {"reminded": 0, "why": f"edition {edition.number} is {edition.state}"}
        context = {
            "edition_number": edition.number,
            "cutoff": say_moment(edition.cutoff_at, work.settings.schedule.zone),
            "waiting": editions.waiting_count(session),
            "approved": len(material.entries_of(session, edition)),
        }
        told = 0
        for editor in active_editors(session):
            key = f"remind:{edition.number}:{editor.id}"
            words = context | {"editor": editor.email}
            told += letters.queue_letter(session, work.settings, "reminder", editor.email, words, now, key)
        return {"reminded": told}


def cutoff(work: Work) -> dict[str, Any]:
    from digest.editions import apply_deadline, build_edition

    now = work.clock()
    with work.store.write() as session:
        if now <= work.due_at + timedelta(days=1):  # a week missed altogether gets no draft of the next one
            build_edition(session, work.settings, work.due_at)
        outcome, edition = apply_deadline(session, work.settings, lenses(), now)
        return {"outcome": outcome, "edition": edition.number if edition else None}


def send(work: Work) -> dict[str, Any]:
    from digest.mailer import SmtpMailer
    from digest.send import send_due_editions

    sent = send_due_editions(work.store, work.settings, SmtpMailer(work.settings.smtp), work.clock, work.stop)
    return {str(number): dict(tally) for number, tally in sent.items()}


def letters(work: Work) -> dict[str, Any]:
    from digest.letters import send_due_letters
    from digest.mailer import SmtpMailer

    with work.store.write() as session:
        queue_alerts(session, work.settings, work.clock())
    return {"sent": send_due_letters(work.store, work.settings, SmtpMailer(work.settings.smtp), work.clock())}


def bounces(work: Work) -> dict[str, Any]:
    if work.settings.bounces.maildir is None:
        return {"ingested": 0, "why": "no [bounces] maildir is configured"}
    from digest.bounces import ingest_maildir

    return {"ingested": len(ingest_maildir(work.store, work.settings, work.settings.bounces.maildir, work.clock()))}


def tidy(work: Work) -> dict[str, Any]:
    from digest.letters import drop_old
    from digest.subscriptions import drop_unconfirmed

    now = work.clock()
    with work.store.write() as session:
        session.exec(delete(Run).where(col(Run.due_at) < now - KEEP_RUNS))
        return {"unconfirmed": drop_unconfirmed(session, now), "letters": drop_old(session, now)}


def watch(work: Work) -> dict[str, Any]:
    """Conditions nobody would notice by themselves: an empty queue before the cut-off, a week without an edition, a
    prediction whose day has come."""
    from digest.watch import watch_week
    from panel.predictions import remind_of_due

    with work.store.write() as session:
        remind_of_due(session, work.clock())
        return {"open": watch_week(session, work.settings, work.clock())}


def lenses() -> list[tuple[str, str]]:
    from panel.lenses import reviewers

    return [(one.key, one.name) for one in reviewers()]


def active_editors(session: Session) -> list[Editor]:
    return list(session.exec(select(Editor).where(col(Editor.is_active)).order_by(col(Editor.id))))


def queue_alerts(session: Session, settings: Settings, now: datetime) -> None:
    """Each open alert is mailed once to each admin (without one: to every editor)."""
    from digest.calendar import say_moment
    from digest.letters import queue_letter

    editors = active_editors(session)
    told = [editor for editor in editors if editor.role == Role.ADMIN] or editors
    for alert in alerts.open_alerts(session):
        context = {
            "what": alert.what,
            "cure": alert.cure,
            "raised": say_moment(alert.raised_at, settings.schedule.zone),
        }
        for editor in told:
            queue_letter(session, settings, "alert", editor.email, context, now, f"alert:{alert.id}:{editor.id}")


JOBS: dict[str, Callable[[Work], dict[str, Any]]] = {
    **{f"crawl-{spider}": partial(crawl, spider=spider) for spider in SPIDERS},
    "recheck": recheck,
    "pair": pair,
    "draft": draft,
    "build": build,
    "remind": remind,
    "cutoff": cutoff,
    "send": send,
    "letters": letters,
    "bounces": bounces,
    "watch": watch,
    "tidy": tidy,
}


# ── the engine ───────────────────────────────────────────────────────────────────────────────────


def add_run(store: Store, job: str, due_at: datetime) -> bool:
    """Note that a job is due. False when any clock has noted it before."""
    try:
        with store.write() as session:
            known = select(Run.id).where(Run.job == job, Run.due_at == due_at)
            if session.exec(known).first() is not None:
                return False
            session.add(Run(job=job, due_at=due_at))
    except IntegrityError:  # another clock was faster
        return False
    return True


def last_due(session: Session, job: str) -> datetime | None:
    return session.exec(select(Run.due_at).where(Run.job == job).order_by(col(Run.due_at).desc()).limit(1)).first()


@dataclass
class Engine:
    """Runs what is due, here, one job after another. Several engines may share a store."""

    store: Store
    settings: Settings
    clock: Clock
    stopping: threading.Event = field(default_factory=threading.Event)
    jobs: Mapping[str, Callable[[Work], dict[str, Any]]] = field(default_factory=lambda: JOBS)
    owner: str = field(default_factory=lambda: f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}")

    def work_until_stopped(self, pause_seconds: float = 1.0) -> None:
        while not self.stopping.is_set():
            try:
                has_run = self.run_next()
            except SQLAlchemyError:  # the store was busy or away: what was claimed is taken again after its lease
                log.exception("owner=%s", self.owner)
                has_run = False
            if not has_run:
                self.stopping.wait(pause_seconds)

    def run_all(self, most: int = 100) -> int:
        """Run everything due now, `most` runs at the most; returns how many ran."""
        for ran in range(most):
            if not self.run_next():
                return ran
        return most

    def run_next(self) -> bool:
        run = self.claim()
        if run is None:
            return False
        renewing = threading.Event()
        keeper = threading.Thread(target=self.keep_lease, args=(run.id, renewing), daemon=True)
        keeper.start()
        try:
            self.finish(run, *self.execute(run))
        finally:
            renewing.set()
            keeper.join()
        return True

    def claim(self) -> Run | None:
        """One due run, or one whose worker died. The conditional update lets exactly one engine have it."""
        now = self.clock()
        with self.store.write() as session:
            open_run = or_(
                col(Run.state) == RunState.DUE, (col(Run.state) == RunState.RUNNING) & (col(Run.lease_until) < now)
            )
            run = session.exec(
                select(Run)
                .where(open_run, Run.due_at <= now)
                .order_by(col(Run.due_at), col(Run.id))
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if run is None:
                return None
            if run.attempts < MOST_ATTEMPTS:
                run.state, run.owner, run.lease_until = RunState.RUNNING, self.owner, now + LEASE
                run.started_at, run.attempts = now, run.attempts + 1
                session.add(run)
                return run
            self.give_up(session, run, now)
        return self.claim()

    def give_up(self, session: Session, run: Run, now: datetime) -> None:
        run.state, run.finished_at, run.error = RunState.FAILED, now, f"its worker died {run.attempts} times"
        session.add(run)
        alerts.raise_alert(session, f"job:{run.job}", f"The job {run.job} keeps dying.", CURE.format(run.job), now)

    def keep_lease(self, run_id: int | None, done: threading.Event) -> None:
        while not done.wait(RENEW_SECONDS):
            try:
                with self.store.write() as session:
                    session.exec(
                        update(Run)
                        .where(col(Run.id) == run_id, col(Run.owner) == self.owner)
                        .values(lease_until=self.clock() + LEASE)
                    )
            except SQLAlchemyError:  # the lease holds for several renewals more
                log.exception("owner=%s run=%s", self.owner, run_id)

    def execute(self, run: Run) -> tuple[dict[str, Any], str | None]:
        work = Work(self.store, self.settings, self.clock, run.due_at, self.stopping.is_set)
        job = self.jobs.get(run.job)
        if job is None:
            return {}, f"there is no job {run.job} any more"
        try:
            return job(work), None
        except AppError as exc:
            log.warning("job=%s due=%s error=%s", run.job, run.due_at.isoformat(), exc)
            return {}, str(exc)
        except Exception as exc:  # one job: recorded with its traceback, the week goes on
            log.exception("job=%s due=%s", run.job, run.due_at.isoformat())
            return {}, f"{type(exc).__name__}: {str(exc)[:300]}"

    def finish(self, run: Run, result: dict[str, Any], error: str | None) -> None:
        now = self.clock()
        with self.store.write() as session:
            session.exec(
                update(Run)
                .where(col(Run.id) == run.id, col(Run.owner) == self.owner)
                .values(
                    state=RunState.FAILED if error else RunState.DONE,
                    finished_at=now,
                    lease_until=None,
                    result=result,
                    error=error,
                )
            )
            if error:
                alerts.raise_alert(
                    session, f"job:{run.job}", f"The job {run.job} failed: {error}", CURE.format(run.job), now
                )
            else:
                alerts.clear_alert(session, f"job:{run.job}", now)


CURE = (
    "Look at 'verdicts jobs' and the log around that time; run 'verdicts doctor'. The job {} runs again when it is "
    "next due."
)
