"""What a visit says of its source: good, empty, half read, failed; and what follows from it."""

import zlib
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from config import Settings
from crawler.context import Tally
from crawler.health.visits import LONGEST_PAUSE, accept_change, judge_visit, record_visit
from db import alerts
from db.models import Crawl, Recording, Source
from db.session import Store
from db.words import CrawlOutcome
from tests.factories import MONDAY, make_launch, make_source

PAUSE = timedelta(hours=6)
FAILED = Tally(Counter(errors=1), ["no answer"])
GOOD = Tally(Counter(found=3, read=3, answers=1))


def visit(session: Session, settings: Settings, *tallies: Tally, key: str = "hackernews") -> Source:
    source = make_source(session, key, key)
    for n, tally in enumerate(tallies):
        record_visit(session, settings, key, tally, MONDAY, MONDAY + timedelta(minutes=n))
    session.flush()
    return source


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ({"found": 3}, "ok"),
        ({"found": 3, "unchanged": 1}, "ok"),
        ({"unchanged": 2}, "not-modified"),
        ({}, "empty"),
        ({"requests": 4}, "empty"),
        ({"found": 3, "errors": 1}, "partial"),
        ({"errors": 1}, "error"),
        ({"unchanged": 1, "errors": 1}, "error"),
    ],
)
def test_visit_is_judged_by_its_counts(counts: dict[str, int], outcome: str) -> None:
    assert judge_visit(Tally(Counter(counts)), has_content=True)[0] == outcome


def test_no_tool_due_is_no_emptiness() -> None:
    assert judge_visit(Tally(), has_content=False) == (CrawlOutcome.OK, None)


@given(st.dictionaries(st.sampled_from(["found", "unchanged", "requests"]), st.integers(0, 9)), st.booleans())
def test_an_exception_is_never_ok(counts: dict[str, int], has_content: bool) -> None:
    tally = Tally(Counter(counts))
    tally.problem("ValueError: surprise")

    assert judge_visit(tally, has_content=has_content)[0] in ("partial", "error")


def test_good_visit_brings_the_source_up_to_date(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, FAILED, Tally(Counter(found=1, read=1, answers=1), newest=MONDAY))

    assert (source.last_outcome, source.last_error, source.failures_in_row) == ("ok", None, 0)
    assert source.last_success_at == source.last_attempt_at == MONDAY + timedelta(minutes=1)
    assert PAUSE <= source.next_due_at - source.last_attempt_at <= PAUSE * 1.1
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

    assert pauses * PAUSE <= source.next_due_at - source.last_attempt_at <= pauses * PAUSE * 1.1


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
        source = visit(
            session, settings, Tally(Counter(found=9, read=4, errors=1, answers=1), ["an entry could not be read"])
        )

    assert (source.last_outcome, source.failures_in_row) == ("partial", 1)


@pytest.mark.parametrize(("found", "failures"), [(9, 0), (0, 3)])
def test_one_broken_tool_slows_no_other(store: Store, settings: Settings, found: int, failures: int) -> None:
    tally = Tally(Counter(found=found, errors=1), ["https://pan.example/ could not be read"])
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


def test_blocked_visit_names_who_turned_us_away(store: Store, settings: Settings) -> None:
    tally = Tally(Counter(errors=1), ["x answered 403"], blocked="x answered 403")
    with store.write() as session:
        source = visit(session, settings, tally)

    assert (source.last_outcome, source.last_error) == ("blocked", "x answered 403")


def test_few_broken_entries_do_not_slow_a_source(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, Tally(Counter(found=9, read=8, errors=1, answers=1), ["an entry"]))

    assert (source.last_outcome, source.failures_in_row) == ("partial", 0)


def test_answer_that_holds_is_not_asked_again_sooner(store: Store, settings: Settings) -> None:
    fresh = MONDAY + timedelta(hours=20)
    with store.write() as session:
        source = visit(session, settings, Tally(Counter(found=3, read=3, answers=1), fresh_until=fresh))

    assert source.next_due_at == fresh


def test_source_may_have_an_interval_of_its_own(store: Store) -> None:
    settings = Settings.model_validate({"sources": {"hackernews": {"every_hours": 24}}})
    with store.write() as session:
        source = visit(session, settings, GOOD)

    assert timedelta(hours=24) <= source.next_due_at - source.last_attempt_at <= timedelta(hours=26.4)


# ── drift ────────────────────────────────────────────────────────────────────────────────────────


def read_with(fields: dict[str, int], found: int = 10, read: int = 10) -> Tally:
    return Tally(Counter(found=found, read=read, answers=1), fields=Counter(fields), answer=("u", b"page", found))


WHOLE = {"name": 10, "tagline": 9, "launched_at": 10, "version": 1}


def test_answer_with_nothing_in_it_raises_an_alert_at_once(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, read_with(WHOLE), Tally(Counter(answers=1)))
        [alert] = alerts.open_alerts(session)

    assert (source.last_outcome, alert.key) == ("empty", "source-drift:hackernews")


def test_lost_field_is_named_with_its_place(store: Store, settings: Settings) -> None:
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3)
        tally = read_with(WHOLE | {"tagline": 1})
        crawl = record_visit(session, settings, "hackernews", tally, MONDAY, MONDAY, places={"tagline": "hits[].title"})
        [alert] = alerts.open_alerts(session)

    wanted = "tagline (hits[].title) is stated by 10% of the launches, 90% are usual"
    assert (crawl.outcome, crawl.error) == ("partial", wanted)
    assert wanted in alert.what


def test_rare_field_may_be_missing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, *[read_with(WHOLE)] * 3, read_with(WHOLE | {"version": 0}))

    assert source.last_outcome == "ok"


def test_far_fewer_entries_than_usual_are_told(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, *[read_with(WHOLE)] * 3, read_with({"name": 2}, found=2, read=2))

    assert source.last_error == "it held 2 entries where 10 are usual"


def test_last_good_answer_outlives_a_bad_one(store: Store, settings: Settings) -> None:
    bad = Tally(Counter(found=10, answers=1), answer=("u", b"other", 10))
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3, bad)
        recording = session.get_one(Recording, "hackernews")

    assert zlib.decompress(recording.body) == b"page"
    assert recording.coverage["tagline"] == 0.9


def test_established_source_that_empties_is_empty(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = visit(session, settings, *[read_with(WHOLE)] * 3, Tally(Counter(answers=1)))
        [alert] = alerts.open_alerts(session)

    assert (source.last_outcome, source.failures_in_row, source.last_success_at) == (
        "empty",
        1,
        MONDAY + timedelta(minutes=2),
    )
    assert "it held 0 entries where 10 are usual" in alert.what


@pytest.mark.parametrize(
    "bad",
    [
        Tally(Counter(found=3, read=0, answers=1)),
        Tally(Counter(found=3, read=3, answers=1), fields=Counter(name=3)),
    ],
)
def test_small_source_can_lose_its_launches_too(store: Store, settings: Settings, bad: Tally) -> None:
    small = read_with({"name": 3, "tagline": 3}, found=3, read=3)
    with store.write() as session:
        source = visit(session, settings, *[small] * 3, bad)

        assert source.last_outcome == "partial"
        assert [alert.key for alert in alerts.open_alerts(session)] == ["source-drift:hackernews"]


def test_visit_that_sees_little_clears_no_alert(store: Store, settings: Settings) -> None:
    mixed = read_with(WHOLE)
    mixed.counts["unchanged"] = 1
    few = read_with({"name": 4, "launched_at": 4}, found=4, read=4)
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3, read_with(WHOLE | {"tagline": 1}), mixed, few)

        assert [alert.key for alert in alerts.open_alerts(session)] == ["source-drift:hackernews"]


def test_return_to_the_good_answer_clears_the_alert(store: Store, settings: Settings) -> None:
    """Only a good visit leaves validators: "not modified" speaks of its answer."""
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3, Tally(Counter(answers=1)), Tally(Counter(unchanged=1)))

        assert alerts.open_alerts(session) == []


def test_part_of_an_answer_replaces_no_recording(store: Store, settings: Settings) -> None:
    part = Tally(Counter(found=1, read=1, answers=1, unchanged=1), answer=("u", b"part", 1))
    with store.write() as session:
        visit(session, settings, read_with(WHOLE))
        record_visit(session, settings, "hackernews", part, MONDAY, MONDAY + timedelta(days=2))

        assert zlib.decompress(session.get_one(Recording, "hackernews").body) == b"page"


def test_source_that_fails_is_not_called_silent(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = make_source(session)
        for day in range(5):
            make_launch(session, first_seen_at=MONDAY - timedelta(days=30 - day), external_id=str(day))
        source.last_new_at = MONDAY - timedelta(days=26)
        record_visit(session, settings, "hackernews", FAILED, MONDAY, MONDAY)

        assert alerts.open_alerts(session) == []


def test_drift_alert_goes_when_the_source_is_whole_again(store: Store, settings: Settings) -> None:
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3, Tally(Counter(answers=1)), read_with(WHOLE))

        assert alerts.open_alerts(session) == []


def test_long_silence_raises_an_alert(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = make_source(session)
        for day in range(5):
            make_launch(session, first_seen_at=MONDAY - timedelta(days=30 - day), external_id=str(day))
        source.last_new_at = MONDAY - timedelta(days=26)
        record_visit(session, settings, "hackernews", GOOD, MONDAY, MONDAY)
        [alert] = alerts.open_alerts(session)

    assert alert.key == "source-silent:hackernews"
    assert "nothing new for 26 days" in alert.what


def test_answer_that_is_something_else_raises_an_alert_at_once(store: Store, settings: Settings) -> None:
    tally = Tally(Counter(errors=1, unreadable=1), ["hackernews: the answer is not JSON"])
    with store.write() as session:
        source = visit(session, settings, tally)
        [alert] = alerts.open_alerts(session)

    assert (source.last_outcome, alert.key) == ("error", "source-drift:hackernews")
    assert "the answer is not JSON" in alert.what


@pytest.mark.parametrize(("lost", "outcome"), [(2, "ok"), (4, "partial")])
def test_prices_lost_on_many_pages_at_once_are_told(store: Store, settings: Settings, lost: int, outcome: str) -> None:
    pages = [("entry_price", f"https://t{n}.example/pricing") for n in range(lost)]
    tally = Tally(Counter(found=10), stood=Counter(entry_price=10), lost=pages)
    with store.write() as session:
        crawl = visit(session, settings, tally, key="homepage")
        row = session.exec(select(Crawl)).one()

    assert (crawl.last_outcome, len(row.stats["lost"])) == (outcome, lost)
    assert outcome == "ok" or row.error.startswith("entry_price is found on 6 of the 10 pages that stated it before")


def test_accepted_change_is_the_new_measure(store: Store, settings: Settings) -> None:
    with store.write() as session:
        visit(session, settings, *[read_with(WHOLE)] * 3, read_with(WHOLE | {"tagline": 0}))
        accept_change(session, "hackernews", "ada@example.org", "taglines are gone for good", MONDAY)
        told = alerts.open_alerts(session)
        later = MONDAY + timedelta(hours=6)
        crawl = record_visit(session, settings, "hackernews", read_with(WHOLE | {"tagline": 0}), later, later)

    assert (told, crawl.outcome) == ([], "ok")
