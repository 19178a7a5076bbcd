"""The engine: each run once, whatever dies, and a failing job harms only itself."""

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from catalog.changes import store_change
from config import Settings
from db import alerts
from db.models import Fact, Letter, Run, Tool
from db.session import Store, make_engine, upgrade
from errors import AppError
from jobs import JOBS, KEEP_RUNS, LEASE, MOST_ATTEMPTS, Engine, Work, add_run, last_due, queue_alerts
from tests.factories import ADA, make_approved_edition, make_editor, price
from tests.fakes import FakeClock

Job = Callable[[Work], dict[str, Any]]


class Diary:
    """Jobs that remember having run."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def job(self, name: str) -> Job:
        def note(work: Work) -> dict[str, Any]:
            self.ran.append(name)
            return {"ran": name}

        return note

    def breaking(self, name: str, error: Exception) -> Job:
        def note_and_break(work: Work) -> dict[str, Any]:
            self.ran.append(name)
            raise error

        return note_and_break


@pytest.fixture
def clock(monday: datetime) -> FakeClock:
    return FakeClock(monday)


@pytest.fixture
def diary() -> Diary:
    return Diary()


def engine_of(store: Store, settings: Settings, clock: FakeClock, **jobs: Job) -> Engine:
    return Engine(store, settings, clock, jobs=jobs)


def get_run(store: Store, job: str = "pair") -> Run:
    with store.read() as session:
        return session.exec(select(Run).where(Run.job == job)).one()


def alert_of(store: Store, job: str = "pair") -> str:
    with store.read() as session:
        alert = alerts.find_open(session, f"job:{job}")
    return alert.what if alert else ""


# ── noting ──


def test_slot_is_noted_once(store: Store, monday: datetime) -> None:
    assert add_run(store, "pair", monday)
    assert not add_run(store, "pair", monday)
    assert add_run(store, "pair", monday + timedelta(hours=1))


def test_last_due_is_the_newest_slot(store: Store, monday: datetime) -> None:
    for hours in (2, 0, 1):
        add_run(store, "pair", monday + timedelta(hours=hours))

    with store.read() as session:
        assert last_due(session, "pair") == monday + timedelta(hours=2)
        assert last_due(session, "tidy") is None


# ── running ──


def test_due_runs_go_oldest_first(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    for minutes, job in ((3, "b"), (9, "a"), (-5, "later")):
        add_run(store, job, clock.now - timedelta(minutes=minutes))
    engine = engine_of(store, settings, clock, **{name: diary.job(name) for name in ("a", "b", "later")})

    assert engine.run_all() == 2
    assert diary.ran == ["a", "b"]


def test_done_run_keeps_its_result(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    engine_of(store, settings, clock, pair=diary.job("pair")).run_all()
    run = get_run(store)

    assert (run.state, run.result, run.error, run.attempts) == ("done", {"ran": "pair"}, None, 1)
    assert (run.started_at, run.finished_at, run.lease_until) == (clock.now, clock.now, None)


@pytest.mark.parametrize(
    ("error", "told"),
    [(AppError("the relay is down"), "the relay is down"), (ValueError("seven"), "ValueError: seven")],
)
def test_raising_job_fails_alone(
    store: Store, settings: Settings, clock: FakeClock, diary: Diary, error: Exception, told: str
) -> None:
    for job in ("pair", "tidy"):
        add_run(store, job, clock.now)
    jobs = {"pair": diary.breaking("pair", error), "tidy": diary.job("tidy")}

    assert engine_of(store, settings, clock, **jobs).run_all() == 2
    assert (get_run(store).state, get_run(store).error) == ("failed", told)
    assert alert_of(store) == f"The job pair failed: {told}"
    assert get_run(store, "tidy").state == "done"


def test_next_good_run_clears_the_alert(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    engine_of(store, settings, clock, pair=diary.breaking("pair", ValueError())).run_all()
    assert alert_of(store)

    add_run(store, "pair", clock.move(hours=1))
    engine_of(store, settings, clock, pair=diary.job("pair")).run_all()

    assert alert_of(store) == ""


def test_unknown_job_is_recorded_and_loses_nothing(
    store: Store, settings: Settings, clock: FakeClock, diary: Diary
) -> None:
    for job in ("knit", "tidy"):
        add_run(store, job, clock.now)
    engine_of(store, settings, clock, tidy=diary.job("tidy")).run_all()

    assert (get_run(store, "knit").state, get_run(store, "knit").error) == ("failed", "there is no job knit any more")
    assert diary.ran == ["tidy"]


def test_result_no_json_can_hold_fails_the_engine_not_the_thread(
    store: Store, settings: Settings, clock: FakeClock, diary: Diary
) -> None:
    """The store refuses it; the worker goes on, and the run is taken again after its lease."""
    add_run(store, "pair", clock.now)
    add_run(store, "tidy", clock.now)
    stopping = threading.Event()

    def last(work: Work) -> dict[str, Any]:
        stopping.set()
        return {}

    engine = Engine(store, settings, clock, stopping, {"pair": lambda _: {"a": object()}, "tidy": last})
    engine.work_until_stopped(pause_seconds=0.01)

    assert get_run(store).state == "running"
    assert get_run(store, "tidy").state == "done"


def rename_table(store: Store, old: str, new: str) -> None:
    with store.write() as session:
        session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_worker_outlives_a_store_that_is_away(store: Store, settings: Settings, monday: datetime) -> None:
    """The engine asks for the time before every claim: at the third the table is back."""
    add_run(store, "pair", monday)
    rename_table(store, "run", "gone")
    stopping, asked = threading.Event(), itertools.count(1)

    def clock() -> datetime:
        if next(asked) == 3:
            rename_table(store, "gone", "run")
        return monday

    jobs = {"pair": lambda _: {"stopping": stopping.set()}}
    Engine(store, settings, clock, stopping, jobs).work_until_stopped(pause_seconds=0.01)

    assert get_run(store).state == "done"


# ── dying ──


def test_leased_run_is_left_alone(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    assert engine_of(store, settings, clock).claim()
    clock.move(seconds=LEASE.total_seconds())

    assert engine_of(store, settings, clock, pair=diary.job("pair")).run_all() == 0


def test_run_is_taken_again_after_its_lease(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    assert engine_of(store, settings, clock).claim()
    clock.move(seconds=LEASE.total_seconds() + 1)

    assert engine_of(store, settings, clock, pair=diary.job("pair")).run_all() == 1
    assert (get_run(store).state, get_run(store).attempts) == ("done", 2)


def test_run_that_keeps_killing_is_given_up(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    for _ in range(MOST_ATTEMPTS):
        assert engine_of(store, settings, clock).claim()
        clock.move(seconds=LEASE.total_seconds() + 1)
    add_run(store, "tidy", clock.now)

    engine_of(store, settings, clock, pair=diary.job("pair"), tidy=diary.job("tidy")).run_all()

    assert diary.ran == ["tidy"]
    assert (get_run(store).state, get_run(store).error) == ("failed", "its worker died 3 times")
    assert alert_of(store) == "The job pair keeps dying."


def test_late_worker_does_not_overwrite_its_successor(
    store: Store, settings: Settings, clock: FakeClock, diary: Diary
) -> None:
    add_run(store, "pair", clock.now)
    late = engine_of(store, settings, clock)
    run = late.claim()
    clock.move(seconds=LEASE.total_seconds() + 1)
    engine_of(store, settings, clock, pair=diary.job("pair")).run_all()

    assert run
    late.finish(run, {}, "too late")
    assert (get_run(store).state, get_run(store).result) == ("done", {"ran": "pair"})


def kill_in_the_middle(settings: Settings, clock: FakeClock) -> int | None:
    """A worker process of its own takes a run and is killed by SIGKILL while at it."""
    forked = multiprocessing.get_context("fork")
    begun = forked.Event()

    def hang(work: Work) -> dict[str, Any]:
        begun.set()
        signal.pause()
        return {}

    def work() -> None:
        Engine(Store(make_engine(settings.store_url)), settings, clock, jobs={"pair": hang}).run_next()

    worker = forked.Process(target=work)
    worker.start()
    assert begun.wait(20)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join(20)
    return worker.exitcode


def test_killed_worker_loses_no_run(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    assert kill_in_the_middle(settings, clock) == -signal.SIGKILL
    assert get_run(store).state == "running"

    clock.move(seconds=LEASE.total_seconds() + 1)
    assert engine_of(store, settings, clock, pair=diary.job("pair")).run_all() == 1
    assert (get_run(store).state, get_run(store).attempts) == ("done", 2)


def test_thrice_killed_run_is_given_up(store: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    add_run(store, "pair", clock.now)
    for _ in range(MOST_ATTEMPTS):
        kill_in_the_middle(settings, clock)
        clock.move(seconds=LEASE.total_seconds() + 1)

    assert engine_of(store, settings, clock, pair=diary.job("pair")).run_all() == 0
    assert (get_run(store).state, alert_of(store)) == ("failed", "The job pair keeps dying.")


# ── several engines ──


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store several engines can share."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    url = Settings(database_url=request.getfixturevalue("postgres_url")).store_url
    upgrade(url)
    store = Store(make_engine(url))
    yield store
    store.close()


def test_two_engines_never_run_one_run_twice(shared: Store, settings: Settings, clock: FakeClock, diary: Diary) -> None:
    for minutes in range(30):
        add_run(shared, "pair", clock.now - timedelta(minutes=minutes))
    engines = [engine_of(shared, settings, clock, pair=diary.job("pair")) for _ in range(2)]
    threads = [threading.Thread(target=engine.run_all) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(diary.ran) == 30
    with shared.read() as session:
        assert {(run.state, run.attempts) for run in session.exec(select(Run))} == {("done", 1)}


def test_engines_have_names_of_their_own(store: Store, settings: Settings, clock: FakeClock) -> None:
    assert engine_of(store, settings, clock).owner != engine_of(store, settings, clock).owner


# ── the jobs themselves ──


def work_of(store: Store, settings: Settings, clock: FakeClock) -> Work:
    return Work(store, settings, clock, clock.now, lambda: False)


@pytest.mark.parametrize("job", [name for name in JOBS if not name.startswith("crawl-")])
def test_every_job_may_run_twice_on_an_empty_store(
    store: Store, settings: Settings, clock: FakeClock, job: str
) -> None:
    for _ in range(2):
        add_run(store, job, clock.move(minutes=1))
        Engine(store, settings, clock).run_all()

    with store.read() as session:
        assert {run.state for run in session.exec(select(Run))} == {"done"}


def test_recheck_withdraws_what_rests_on_a_moved_price(store: Store, settings: Settings, clock: FakeClock) -> None:
    with store.write() as session:
        make_approved_edition(session, settings, clock.now)
    move_price(store, clock.move(days=1))

    result = JOBS["recheck"](work_of(store, settings, clock))

    assert result == {"flipped": ["kettle-vs-emberloaf"], "withdrawn": [1]}
    assert JOBS["recheck"](work_of(store, settings, clock)) == {"flipped": [], "withdrawn": []}


def move_price(store: Store, now: datetime) -> None:
    with store.write() as session:
        kettle = session.exec(select(Tool).where(Tool.slug == "kettle")).one()
        before = session.exec(select(Fact).where(Fact.tool_id == kettle.id, Fact.key == "entry_price")).one()
        store_change(session, before, price(session, kettle, "35", now), now)


def test_editors_are_reminded_once(store: Store, settings: Settings, clock: FakeClock) -> None:
    with store.write() as session:
        make_editor(session)

    assert JOBS["remind"](work_of(store, settings, clock)) == {"reminded": 1}
    assert JOBS["remind"](work_of(store, settings, clock)) == {"reminded": 0}


def test_approved_edition_reminds_nobody(store: Store, settings: Settings, clock: FakeClock) -> None:
    with store.write() as session:
        make_approved_edition(session, settings, clock.now)

    assert JOBS["remind"](work_of(store, settings, clock)) == {"reminded": 0, "why": "edition 1 is approved"}


def test_alert_is_mailed_once_to_each_admin(store: Store, settings: Settings, clock: FakeClock) -> None:
    with store.write() as session:
        make_editor(session)
        make_editor(session, "ed@verdicts.example", "editor")
        alerts.raise_alert(session, "job:pair", "The job pair failed.", "Look.", clock.now)
        for _ in range(2):
            queue_alerts(session, settings, clock.now)

        assert [letter.to_address for letter in session.exec(select(Letter))] == [ADA]


def test_without_an_admin_every_editor_is_told(store: Store, settings: Settings, clock: FakeClock) -> None:
    with store.write() as session:
        for name in ("ed", "eve"):
            make_editor(session, f"{name}@verdicts.example", "editor")
        alerts.raise_alert(session, "job:pair", "The job pair failed.", "Look.", clock.now)
        queue_alerts(session, settings, clock.now)

        assert len(session.exec(select(Letter)).all()) == 2


def test_tidying_forgets_old_runs_only(store: Store, settings: Settings, clock: FakeClock) -> None:
    for age in (KEEP_RUNS + timedelta(days=1), KEEP_RUNS - timedelta(days=1)):
        add_run(store, "pair", clock.now - age)
    JOBS["tidy"](work_of(store, settings, clock))

    assert get_run(store).due_at == clock.now - KEEP_RUNS + timedelta(days=1)


def test_cutoff_missed_for_a_week_drafts_nothing(store: Store, settings: Settings, clock: FakeClock) -> None:
    work = Work(store, settings, clock, clock.now - timedelta(days=3), lambda: False)

    assert JOBS["cutoff"](work) == {"outcome": "no edition was due", "edition": None}


def test_drafting_is_off_without_an_endpoint(store: Store, settings: Settings, clock: FakeClock) -> None:
    result = JOBS["draft"](work_of(store, settings, clock))

    assert result == {"drafted": 0, "why": "no model endpoint is configured; editors write the reviews"}


def test_bounces_are_off_without_a_maildir(store: Store, settings: Settings, clock: FakeClock, tmp_path: Path) -> None:
    result = JOBS["bounces"](work_of(store, settings, clock))

    assert result == {"ingested": 0, "why": "no [bounces] maildir is configured"}
