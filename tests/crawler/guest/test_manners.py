"""How long the other side may ask us to stay away."""

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.guest.waits import fresh_until, validator, wait_asked
from demo.origin import Origin, serve_week
from tests.crawler.crawling import Ground, crawl, feed, prepare, route, serve
from tests.factories import MONDAY


def answer(status: int = 429, **headers: str) -> Response:
    return Response(
        "https://a.example/", status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "120"}, timedelta(minutes=2)),
        ({"Retry_After": " 120 "}, timedelta(minutes=2)),
        ({"Retry_After": "Mon, 16 Nov 2026 10:30:00 GMT"}, timedelta(hours=1.5)),
        ({"Retry_After": "9" * 400}, timedelta(hours=24)),
        ({"Retry_After": "Fri, 31 Dec 9999 23:59:59 GMT"}, timedelta(hours=24)),
        (
            {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(MONDAY.timestamp()) + 600)},
            timedelta(minutes=10),
        ),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "9" * 400}, timedelta(hours=24)),
        ({"X_Rate_Limit_Remaining": "0", "X_Rate_Limit_Reset": "300"}, timedelta(minutes=5)),
        (
            {"RateLimit": '"api";r=0;t=35', "RateLimit_Policy": '"fixed window";"api";q=500;w=300'},
            timedelta(seconds=35),
        ),
        ({"RateLimit": '"api"; t=35; r=0'}, timedelta(seconds=35)),
        ({"RateLimit": '"day";r=0;t=35, "hour";r=5;t=3600'}, timedelta(seconds=35)),
        ({"RateLimit": "limit=100, remaining=0, reset=50"}, timedelta(seconds=50)),
        ({"Retry_After": "Mon Nov 16 10:30:00 2026"}, timedelta(hours=1.5)),
        ({"Retry_After": "Monday, 16-Nov-26 10:30:00 GMT"}, timedelta(hours=1.5)),
        ({"Retry_After": "10", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "600"}, timedelta(minutes=10)),
        ({}, timedelta(minutes=15)),
    ],
)
def test_asked_wait_is_understood_and_capped(headers: dict[str, str], wait: timedelta) -> None:
    assert wait_asked(answer(**headers), MONDAY) == MONDAY + wait


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry_After": "0"},
        {"Retry_After": "-5"},
        {"Retry_After": "soon"},
        {"Retry_After": "\u00b2"},
        {"Retry_After": "Sun, 15 Nov 2026 10:30:00 GMT"},
        {"X_RateLimit_Remaining": "7", "X_RateLimit_Reset": "9999999999"},
        {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "\u00b3"},
        {"X_RateLimit_Remaining": "0"},
        {"RateLimit": '"day";r=5;t=35, "hour";r=7;t=0'},
        {"Retry_After": "Mon, 16 Nov 2026 10:30:00 +99999999999999999999"},
    ],
)
def test_no_usable_wait_is_none(headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}

    assert wait_asked(answer(503, **encoded), MONDAY) is None


def test_any_failing_server_may_ask_for_time() -> None:
    assert wait_asked(answer(502, Retry_After="60"), MONDAY) == MONDAY + timedelta(minutes=1)
    assert wait_asked(answer(404, Retry_After="60"), MONDAY) is None


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_any_header_is_a_wait_or_none(text: str) -> None:
    asked = wait_asked(answer(Retry_After=text.encode("latin-1"), X_RateLimit_Remaining="0"), MONDAY)

    assert asked is None or MONDAY < asked.astimezone(UTC) <= MONDAY + timedelta(hours=24)


@pytest.mark.parametrize(
    ("header", "fresh"),
    [
        ("max-age=3600", timedelta(hours=1)),
        ("public, s-maxage=60, max-age=600", timedelta(minutes=1)),
        ("max-age=31536000, immutable", timedelta(hours=24)),
        ("no-cache", None),
        ("max-age=0, must-revalidate", None),
        ("max-age=soon", None),
    ],
)
def test_answer_tells_how_long_it_holds(header: str, fresh: timedelta | None) -> None:
    held = fresh_until(answer(200, Cache_Control=header), MONDAY)

    assert held == (MONDAY + fresh if fresh else None)


# ── in a crawl ───────────────────────────────────────────────────────────────────────────────────


def test_pause_of_a_host_is_remembered_by_the_next_crawl(tmp_path: Path, migrated: Path) -> None:
    busy = route("wire.example", "/feed.xml", status=429, Retry_After="7200")
    with serve(busy) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml", "/other.xml")
        crawl(ground, "feed", "feed-0")
        asked = len(origin.requests)
        crawl(ground, "feed", "feed-1", now=MONDAY + timedelta(hours=1))

    assert len(origin.requests) == asked
    assert ground.source("feed-1").last_outcome == "blocked"
    assert MONDAY + timedelta(hours=2) <= ground.source("feed-1").retry_at < MONDAY + timedelta(hours=2.1)


def test_short_wait_is_waited_out(tmp_path: Path, migrated: Path) -> None:
    third = MONDAY + timedelta(seconds=3)  # this origin's clock counts requests: robots.txt, the feed, and again
    busy = replace(route("wire.example", "/feed.xml", status=429, Retry_After="1"), until_at=third)
    good = replace(route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent")), from_at=third)
    origins: list[Origin] = []
    with serve_week(lambda: MONDAY + timedelta(seconds=len(origins[0].requests)), [busy, good]) as origin:
        origins.append(origin)
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")

    assert ground.source("feed-0").last_outcome == "ok"


def test_same_bytes_are_no_news(tmp_path: Path, migrated: Path) -> None:
    with serve(route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent"))) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")
        crawl(ground, "feed", "feed-0", now=MONDAY + timedelta(hours=7))

    assert ground.crawl_of("feed-0").outcome == "not-modified"
    assert ground.crawl_of("feed-0").launches_seen == 0


def test_answer_with_nothing_in_it_never_turns_green(tmp_path: Path, migrated: Path) -> None:
    with serve(route("wire.example", "/feed.xml", feed(), ETag='"1"')) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")
        crawl(ground, "feed", "feed-0", now=MONDAY + timedelta(hours=13))

    source = ground.source("feed-0")
    assert (source.last_outcome, source.failures_in_row, source.last_success_at) == ("empty", 2, None)


def test_validators_stay_behind_when_sent_on(tmp_path: Path, migrated: Path) -> None:
    later = MONDAY + timedelta(hours=7)
    good = route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent"), ETag='"1"')
    sent_on = route("wire.example", "/feed.xml", status=301, Location="/new.xml")
    moved = route("wire.example", "/new.xml", feed("Show HN: Anvil – an AI agent"), ETag='"1"')
    clock = [MONDAY]
    with serve_week(lambda: clock[0], [replace(good, until_at=later), sent_on, moved]) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")
        clock[0] = later
        crawl(ground, "feed", "feed-0", now=later)

    assert (ground.source("feed-0").last_outcome, ground.crawl_of("feed-0").found) == ("ok", 1)


def test_source_never_read_is_not_unchanged(tmp_path: Path, migrated: Path) -> None:
    with serve(route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent"), ETag='"1"')) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml", "/feed.xml")
        crawl(ground, "feed", "feed-0")
        crawl(ground, "feed", "feed-1", now=MONDAY + timedelta(hours=1))

    assert (ground.source("feed-1").last_outcome, ground.crawl_of("feed-1").launches_new) == ("ok", 1)


def test_unchanged_that_nobody_asked_for_is_an_error(tmp_path: Path, migrated: Path) -> None:
    with serve(route("wire.example", "/feed.xml", status=304)) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")

    assert ground.source("feed-0").last_outcome == "error"
    assert str(ground.source("feed-0").last_error).endswith("/feed.xml answered 304")


@pytest.mark.parametrize(("status", "outcome"), [(200, "ok"), (404, "error")])
def test_last_answer_of_a_limit_stands(tmp_path: Path, migrated: Path, status: int, outcome: str) -> None:
    used_up = {"RateLimit": '"api";r=0;t=30'}
    with serve(route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent"), status, **used_up)) as origin:
        ground = ground_of(tmp_path, migrated, origin, "/feed.xml")
        crawl(ground, "feed", "feed-0")

    assert origin.requests.count("wire.example/feed.xml") == 1
    assert ground.source("feed-0").last_outcome == outcome
    assert ground.source("feed-0").retry_at is not None


@pytest.mark.parametrize(("header", "kept"), [('W/"a"', 'W/"a"'), ("x" * 501, None), ('"a\x01"', None), ("", None)])
def test_validator_is_kept_whole_or_not_at_all(header: str, kept: str | None) -> None:
    assert validator(answer(200, ETag=header), "ETag") == kept


def ground_of(folder: Path, migrated: Path, origin: Origin, *paths: str) -> Ground:
    return prepare(
        folder,
        migrated,
        crawl={"delay_seconds": 0, "connect_to": {"wire.example": origin.url}},
        feeds={f"feed-{n}": f"http://wire.example{path}" for n, path in enumerate(paths)},
    )
