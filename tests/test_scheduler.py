"""The clock: which job is due when."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlmodel import select

from config import DAYS, Schedule, Settings
from db.models import Run
from db.session import Store, make_engine, upgrade
from jobs import JOBS, add_run
from scheduler import CATCH_UP, FIRST_LOOK, Clock, Timetable, latest_time, next_times, tick, timetable
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
PLAN = Settings.model_validate({"schedule": {"timezone": "Europe/Berlin"}})
WEEKLY = ["build", "remind", "cutoff"]


def row_of(job: str, settings: Settings = PLAN) -> Timetable:
    return next(row for row in timetable(settings) if row.job == job)


def with_schedule(**values: object) -> Settings:
    return Settings.model_validate({"schedule": {"timezone": "Europe/Berlin"} | values})


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def between(start: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 86_400).map(lambda seconds: start + timedelta(seconds=seconds))


def runs(store: Store) -> list[tuple[str, datetime]]:
    with store.read() as session:
        return [(run.job, run.due_at) for run in session.exec(select(Run).order_by(Run.due_at))]  # type: ignore[arg-type]


# ── weekly times ──


@pytest.mark.parametrize(
    ("friday", "utc"),
    [
        ("2026-03-27", "05:00"),
        ("2026-04-03", "04:00"),  # the clocks went forward on 29 March
        ("2026-10-23", "04:00"),
        ("2026-10-30", "05:00"),  # and back on 25 October
    ],
)
def test_six_in_berlin_stays_six_in_berlin(friday: str, utc: str) -> None:
    day = date.fromisoformat(friday)
    due = next_times(PLAN, datetime.combine(day, time(0), UTC))["cutoff"]

    assert due == datetime.combine(day, time.fromisoformat(utc), UTC)
    assert due.astimezone(BERLIN).hour == 6


@pytest.mark.parametrize("day", DAYS)
def test_a_day_means_that_day(day: str) -> None:
    due = next_times(with_schedule(build=f"{day} 12:00"), local(2026, 11, 16))["build"]

    assert f"{due.astimezone(BERLIN):%a %H:%M}".lower() == f"{day} 12:00"


@given(
    st.sampled_from(DAYS),
    st.sampled_from([0, *range(5, 24)]),
    between(datetime(2026, 1, 1, tzinfo=UTC), 730),
)
@effort(max_examples=60, deadline=None)
def test_weekly_time_keeps_its_wall_clock(day: str, hour: int, moment: datetime) -> None:
    due = next_times(with_schedule(cutoff=f"{day} {hour:02}:30"), moment)["cutoff"]

    assert timedelta() <= due - moment <= timedelta(days=7, hours=1)
    assert f"{due.astimezone(BERLIN):%a %H:%M}".lower() == f"{day} {hour:02}:30"


# ── what is due ──


@pytest.mark.parametrize("minutes", [1, 7, 15, 45, 59, 60, 90, 120, 300, 1380, 1440])
def test_no_gap_is_longer_than_it_is_said_to_be(minutes: int) -> None:
    row = row_of("bounces", with_schedule(bounce_minutes=minutes))
    times = moments(row, local(2026, 11, 16), local(2026, 11, 19))

    assert max(b - a for a, b in pairwise(times)) <= row.every


@pytest.mark.parametrize(("minutes", "a_day"), [(15, 96), (60, 24), (120, 12), (1440, 1)])
def test_bounces_are_read_as_often_as_set(minutes: int, a_day: int) -> None:
    row = row_of("bounces", with_schedule(bounce_minutes=minutes))
    start = datetime(2026, 11, 16, 0, 0, 1, tzinfo=UTC)

    assert len(moments(row, start, start + timedelta(days=1))) == a_day


def moments(row: Timetable, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    moment = row.trigger.get_next_fire_time(None, start)
    while moment is not None and moment < end:
        found.append(moment.astimezone(UTC))
        moment = row.trigger.get_next_fire_time(moment, moment + timedelta(seconds=1))
    return found


def brute_force(row: Timetable, last: datetime | None, now: datetime) -> datetime | None:
    """Every moment of the last eight days, one by one."""
    since = last if last and last > now - CATCH_UP else now - (CATCH_UP if last else FIRST_LOOK)
    found = [moment for moment in moments(row, now - timedelta(days=8), now + timedelta(days=8)) if moment <= now]
    return max((moment for moment in found if moment > since), default=None)


NOW = between(datetime(2026, 10, 20, tzinfo=UTC), 16) | between(datetime(2027, 3, 24, tzinfo=UTC), 11)
AGO = st.none() | st.timedeltas(timedelta(), timedelta(days=9))


@given(st.sampled_from([*WEEKLY, "tidy", "recheck"]), NOW, AGO)
@example("cutoff", local(2026, 10, 30, 6), timedelta(days=3))
@example("cutoff", local(2026, 10, 30, 6), timedelta())
@effort(max_examples=80, deadline=None)
def test_latest_time_agrees_with_brute_force(job: str, now: datetime, ago: timedelta | None) -> None:
    row = row_of(job)
    last = None if ago is None else max(moments(row, now - timedelta(days=20), now - ago), default=None)

    assert latest_time(row, last, now) == brute_force(row, last, now)


def test_three_days_down_is_caught_up_once(store: Store) -> None:
    settings = with_schedule()
    thursday = local(2026, 11, 12, 12)
    for job in JOBS:
        add_run(store, job, thursday)

    noted = tick(store, settings, thursday + timedelta(days=3))

    assert sorted(noted) == sorted(JOBS.keys() - {"build"})
    assert tick(store, settings, thursday + timedelta(days=3)) == []
    assert [due for job, due in runs(store) if job == "cutoff"] == [thursday, local(2026, 11, 13, 6)]


def test_job_missed_for_a_week_is_let_go(store: Store) -> None:
    add_run(store, "cutoff", local(2026, 11, 6, 6))

    assert "cutoff" not in tick(store, with_schedule(), local(2026, 11, 19, 12))


def test_new_store_catches_nothing_up(store: Store) -> None:
    assert not {"build", "remind", "cutoff", "tidy"} & set(tick(store, with_schedule(), local(2026, 11, 13, 8)))


def test_new_store_takes_what_is_due_right_now(store: Store) -> None:
    assert "cutoff" in tick(store, with_schedule(), local(2026, 11, 13, 6))


def test_tick_notes_each_job_once(store: Store) -> None:
    now = local(2026, 11, 13, 6)
    first = tick(store, with_schedule(), now)

    assert tick(store, with_schedule(), now) == []
    assert [job for job, _ in runs(store)].count("cutoff") == 1
    assert len(first) == len(runs(store))


def test_minute_after_minute_notes_every_send(store: Store) -> None:
    start = local(2026, 11, 13, 6)
    for minute in range(5):
        tick(store, with_schedule(), start + timedelta(minutes=minute, seconds=1))

    assert [due for job, due in runs(store) if job == "send"] == [start + timedelta(minutes=n) for n in range(5)]


def test_moved_weekly_time_counts_at_once(store: Store) -> None:
    tick(store, with_schedule(), local(2026, 11, 13, 6))

    assert "cutoff" in tick(store, with_schedule(cutoff="sat 09:00"), local(2026, 11, 14, 9))


def test_every_job_has_its_next_time() -> None:
    now = local(2026, 11, 16, 9)

    assert next_times(PLAN, now).keys() == JOBS.keys()
    assert all(moment >= now for moment in next_times(PLAN, now).values())


def test_night_time_of_clock_changes_is_refused() -> None:
    with pytest.raises(ValueError, match="'sun 02:30' lies between 01:00 and 04:00, where clocks change"):
        Schedule(build="sun 02:30")


def test_clock_ticks_at_its_start(store: Store) -> None:
    clock = Clock(store, with_schedule(), FakeClock(local(2026, 11, 13, 6)))
    clock.start()
    clock.stop()

    assert ("cutoff", local(2026, 11, 13, 6)) in runs(store)


# ── several clocks ──


def race(url: str) -> list[str]:
    """What four clocks, each a process with its own connection, noted between them when let go at one moment."""
    forked = multiprocessing.get_context("fork")
    start, noted = forked.Barrier(4), forked.SimpleQueue()

    def tell() -> None:
        store = Store(make_engine(url))
        start.wait(20)
        noted.put(tick(store, with_schedule(), datetime(2026, 11, 13, 5, 0, 30, tzinfo=UTC)))
        store.close()

    racers = [forked.Process(target=tell) for _ in range(4)]
    for racer in racers:
        racer.start()
    jobs = [job for _ in racers for job in noted.get()]
    for racer in racers:
        racer.join(20)
    return jobs


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store several processes can open."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    url = Settings(database_url=request.getfixturevalue("postgres_url")).store_url
    upgrade(url)
    store = Store(make_engine(url))
    yield store
    store.close()


def test_four_clocks_note_a_slot_once(shared: Store) -> None:
    noted = race(shared.engine.url.render_as_string(hide_password=False))

    assert sorted(noted) == sorted(set(noted))
    assert {"cutoff", "send", "watch"} <= set(noted)
    assert len(runs(shared)) == len(noted)
