"""What a visit says of its source: good, empty, half read, failed; and what follows from it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from config import Settings
from crawler.context import Tally
from crawler.health import LONGEST_PAUSE, judge_visit, record_visit
from db import alerts
from db.models import Crawl, Source
from db.session import Store
from db.words import CrawlOutcome
from tests.factories import MONDAY, make_source

PAUSE = timedelta(hours=6)
FAILED = Tally(Counter(errors=1), ["no answer"])
GOOD = Tally(Counter(parsed=3))


def visit(session: Session, settings: Settings, *tallies: Tally, key: str = "hackernews") -> Source:
    source = make_source(session, key, key)
    for n, tally in enumerate(tallies):
        record_visit(session, settings, key, tally, MONDAY, MONDAY + timedelta(minutes=n))
    session.flush()
    return source


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ({"parsed": 3}, "ok"),
        ({"parsed": 3, "unchanged": 1}, "ok"),
        ({"unchanged": 2}, "unchanged"),
        ({}, "empty"),
        ({"requests": 4}, "empty"),
        ({"parsed": 3, "errors": 1}, "degraded"),
        ({"errors": 1}, "failed"),
        ({"unchanged": 1, "errors": 1}, "failed"),
    ],
)
def test_visit_is_judged_by_its_counts(counts: dict[str, int], outcome: str) -> None:
    assert judge_visit(Tally(Counter(counts)), has_content=True) == outcome


def test_no_tool_due_is_no_emptiness() -> None:
    assert judge_visit(Tally(), has_content=False) == CrawlOutcome.OK


@given(st.dictionaries(st.sampled_from(["parsed", "unchanged", "requests"]), st.integers(0, 9)), st.booleans())
def test_an_exception_is_never_ok(counts: dict[str, int], has_content: bool) -> None:
    tally = Tally(Counter(counts))
    tally.problem("ValueError: surprise")

    assert judge_visit(tally, has_content=has_content) in ("degraded", "failed")


def test_good_visit_brings_the_source_up_to_date(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, FAILED, Tally(Counter(parsed=1), newest=MONDAY))

    assert (source.last_outcome, source.last_error, source.failures_in_row) == ("ok", None, 0)
    assert source.last_success_at == source.last_attempt_at == MONDAY + timedelta(minutes=1)
    assert source.next_due_at == source.last_attempt_at + PAUSE
    assert source.last_launch_at == MONDAY


def test_failure_keeps_the_last_success(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, GOOD, FAILED)

    assert (source.last_success_at, source.last_error) == (MONDAY, "no answer")


def test_emptiness_is_said_in_words(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, Tally())

    assert (source.last_outcome, source.failures_in_row) == ("empty", 1)
    assert source.last_error == "it answered, but nothing in the answer could be read"


@pytest.mark.parametrize(("failures", "pauses"), [(1, 2), (2, 4), (3, 8), (4, 16)])
def test_each_failure_doubles_the_pause(store: Store, settings: Settings, failures: int, pauses: int) -> None:
    with store.write() as session:
        source = visit(session, settings, *[FAILED] * failures)

    assert source.next_due_at - source.last_attempt_at == pauses * PAUSE


def test_pause_ends_at_a_week(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, *[FAILED] * 40)

    assert source.next_due_at - source.last_attempt_at == LONGEST_PAUSE == timedelta(days=7)


def test_asked_wait_outlasts_the_pause(store: Store, settings: Settings) -> None:
    asked = MONDAY + timedelta(hours=23)
    with store.write() as session:
        source = visit(session, settings, Tally(Counter(errors=1), ["answered 429"], retry_at=asked))

    assert source.next_due_at == source.retry_at == asked


def test_third_failure_raises_one_alert(store: Store, settings: Settings) -> None:
    with store.write() as session:
        visit(session, settings, FAILED, FAILED)
        early = alerts.open_alerts(session)
        visit(session, settings, FAILED, FAILED)
        [alert] = alerts.open_alerts(session)

    assert early == []
    assert alert.what == "Hackernews has failed 4 times in a row: no answer"
    assert "[sources.hackernews] base_url" in alert.cure


def test_good_visit_clears_the_alert(store: Store, settings: Settings) -> None:
    with store.write() as session:
        visit(session, settings, FAILED, FAILED, FAILED, GOOD)

        assert alerts.open_alerts(session) == []


def test_half_read_source_counts_as_failing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, Tally(Counter(parsed=9, errors=1), ["an entry could not be read"]))

    assert (source.last_outcome, source.failures_in_row) == ("degraded", 1)


@pytest.mark.parametrize(("parsed", "failures"), [(9, 0), (0, 3)])
def test_one_broken_tool_slows_no_other(store: Store, settings: Settings, parsed: int, failures: int) -> None:
    tally = Tally(Counter(parsed=parsed, errors=1), ["https://pan.example/ could not be read"])
    with store.write() as session:
        source = visit(session, settings, tally, tally, tally, key="homepage")
        count = len(alerts.open_alerts(session))

    assert (source.failures_in_row, count) == (failures, 1 if failures else 0)
    assert source.last_error == "https://pan.example/ could not be read"


def test_visit_is_written_down_with_its_figures(store: Store, settings: Settings) -> None:
    figures: dict[str, Any] = {"requests": 3, "launches_new": 2, "launches_seen": 1, "tools_new": 1, "errors": 7}
    with store.write() as session:
        make_source(session)
        tally = Tally(Counter(figures), [f"problem {n}" for n in range(7)])
        crawl = record_visit(session, settings, "hackernews", tally, MONDAY, MONDAY, {"finish_reason": "finished"})
        session.flush()
        row = session.get_one(Crawl, crawl.id)

        assert {name: getattr(row, name) for name in figures} == figures
        assert row.error == "problem 0; problem 1; problem 2; problem 3; problem 4"
        assert row.stats == {"finish_reason": "finished"}


def test_problems_are_counted_but_few_are_kept() -> None:
    tally = Tally()
    for n in range(500):
        tally.problem(f"problem {n}")

    assert (tally.counts["errors"], len(tally.problems)) == (500, 20)
