"""What nobody would notice: each condition becomes one alert, and is over when it is over."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from config import Settings
from db.models import Edition
from db.session import Store
from digest.steering import cancel_edition
from digest.watch import LATE, watch_week
from tests.digest.sending import alerts_of
from tests.factories import ADA, MONDAY, make_comparison, make_edition, make_source

CUTOFF = datetime.fromisoformat("2026-11-20T05:00+00:00")


def watch(store: Store, settings: Settings, now: datetime = MONDAY) -> list[str]:
    with store.write() as session:
        return watch_week(session, settings, now)


def test_a_good_week_is_quiet(store: Store, settings: Settings) -> None:
    assert watch(store, settings) == []
    assert alerts_of(store) == {}


# ── a missed week ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_a_missed_week_is_told(store: Store, settings: Settings, state: str) -> None:
    with store.write() as session:
        make_edition(session, state=state)

    assert watch(store, settings, MONDAY + LATE) == []
    assert watch(store, settings, MONDAY + LATE + timedelta(seconds=1)) == ["missed:1"]
    assert alerts_of(store)["missed:1"].startswith("Edition 1 was due Mon 16 Nov 2026, 10:00 Europe/Berlin")


@pytest.mark.parametrize("state", ["sending", "paused", "sent", "cancelled", "skipped"])
def test_a_week_that_was_decided_is_not_missed(store: Store, settings: Settings, state: str) -> None:
    with store.write() as session:
        make_edition(session, state=state)

    assert watch(store, settings, MONDAY + LATE * 2) == []


@pytest.mark.parametrize("how", ["sent", "cancelled"])
def test_a_missed_week_made_up_is_over(store: Store, settings: Settings, how: str) -> None:
    with store.write() as session:
        make_edition(session)
    watch(store, settings, MONDAY + LATE * 2)
    with store.write() as session:
        if how == "cancelled":
            cancel_edition(session, 1, ADA, "too late", MONDAY)
        else:
            session.exec(select(Edition)).one().state = "sent"

    assert watch(store, settings, MONDAY + LATE * 3) == []
    assert alerts_of(store) == {}


# ── an empty queue ───────────────────────────────────────────────────────────────────────────────


def test_an_empty_queue_near_the_cutoff_is_told(store: Store, settings: Settings) -> None:
    assert watch(store, settings, CUTOFF - timedelta(hours=49)) == []
    assert watch(store, settings, CUTOFF - timedelta(hours=48)) == ["empty-queue"]
    assert "no comparison to approve" in alerts_of(store)["empty-queue"]


def test_a_filled_queue_is_over(store: Store, settings: Settings) -> None:
    watch(store, settings, CUTOFF - timedelta(hours=1))
    with store.write() as session:
        make_comparison(session)

    assert watch(store, settings, CUTOFF - timedelta(minutes=30)) == []
    assert alerts_of(store) == {}


def test_rejected_pairs_fill_no_queue(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_comparison(session, state="rejected", decided_by=ADA, decided_why="a bad pair")

    assert watch(store, settings, CUTOFF - timedelta(hours=1)) == ["empty-queue"]


# ── silent sources ───────────────────────────────────────────────────────────────────────────────


def heard(store: Store, key: str, hours_ago: int | None, spider: str = "hackernews") -> None:
    with store.write() as session:
        source = make_source(session, key, spider)
        source.last_attempt_at = MONDAY
        source.last_success_at = None if hours_ago is None else MONDAY - timedelta(hours=hours_ago)


def test_silence_from_all_sources_is_told(store: Store, settings: Settings) -> None:
    heard(store, "hackernews", 37)
    heard(store, "github", None)

    assert watch(store, settings) == ["silent-sources"]


def test_one_voice_is_enough(store: Store, settings: Settings) -> None:
    heard(store, "hackernews", 37)
    watch(store, settings)
    heard(store, "github", 1)

    assert watch(store, settings) == []
    assert alerts_of(store) == {}


def test_homepages_are_no_voice(store: Store, settings: Settings) -> None:
    heard(store, "hackernews", 37)
    heard(store, "homepage", 1, spider="homepage")

    assert watch(store, settings) == ["silent-sources"]


def test_before_the_first_crawl_nothing_is_silent(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_source(session)

    assert watch(store, settings) == []


def test_seen_twice_it_is_one_alert(store: Store, settings: Settings) -> None:
    heard(store, "hackernews", 37)
    watch(store, settings)

    assert watch(store, settings, MONDAY + timedelta(hours=1)) == ["silent-sources"]
    assert list(alerts_of(store)) == ["silent-sources"]
