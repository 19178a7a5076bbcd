"""Hacker News: windows without a gap, points asked for again, and every form of answer."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from twisted.python.failure import Failure

from catalog.traction import TractionRead, readings_due, record_traction
from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.spiders.hackernews import HackerNewsSpider, first_link, parse, read_points
from db.session import Store
from errors import ParseError
from tests.crawler.crawling import Ground, crawl, prepare, route, serve
from tests.factories import MONDAY, make_launch, make_tool
from tests.fakes import FakeClock

SEARCH = "https://hn.algolia.com"
START = MONDAY - timedelta(days=14)


@pytest.fixture
def spider(store: Store, settings: Settings) -> HackerNewsSpider:
    return HackerNewsSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"hackernews": SEARCH}))


def borders(request: Request) -> tuple[int, int]:
    [text] = parse_qs(urlsplit(request.url).query)["numericFilters"]
    after, until = text.removeprefix("created_at_i>").split(",created_at_i<=")
    return int(after), int(until)


def more(spider: HackerNewsSpider, request: Request, hits: Any, pages: Any) -> list[Request]:
    launches = Launches(found=100)
    launches.document = {"nbHits": hits, "nbPages": pages}
    return list(spider.more(launches, TextResponse(request.url, request=request)))


# ── windows ──────────────────────────────────────────────────────────────────────────────────────


def test_both_tags_are_asked(spider: HackerNewsSpider) -> None:
    requests = list(spider.first("hackernews", SEARCH))

    assert ["tags=show_hn" in requests[0].url, "tags=launch_hn" in requests[1].url] == [True, True]
    assert borders(requests[0]) == (int(START.timestamp()), int(MONDAY.timestamp()))


def test_pages_follow_to_the_thousandth_hit(spider: HackerNewsSpider) -> None:
    window = spider.window("show_hn", START, MONDAY)

    assert [request.cb_kwargs["page"] for request in more(spider, window, 900, 9)] == [1]
    assert more(spider, spider.window("show_hn", START, MONDAY, 9), 1000, 10) == []
    assert more(spider, window, "many", None) == []


def test_halves_share_a_border_and_no_post(spider: HackerNewsSpider) -> None:
    """Posts lie in a half-open window each, so the windows read must tile the fortnight exactly."""
    open_windows, read = [spider.window("show_hn", START, MONDAY + timedelta(microseconds=999))], []
    while open_windows:
        window = open_windows.pop()
        after, until = borders(window)
        halves = more(spider, window, 1001 if until - after > 9999 else 500, 0)
        read += [] if halves else [(after, until)]
        open_windows += halves
    read.sort()

    assert (read[0][0], read[-1][1]) == (int(START.timestamp()), int(MONDAY.timestamp()))
    assert all(before[1] == then[0] for before, then in pairwise(read))


def test_halving_ends(spider: HackerNewsSpider) -> None:
    open_windows, asked = [spider.window("show_hn", START, MONDAY)], 0
    while open_windows:
        asked += 1
        open_windows += [one for one in more(spider, open_windows.pop(), 10**9, 1) if not one.cb_kwargs["page"]]

    assert asked <= 202
    assert spider.context.tally("hackernews").problems[0].startswith("1000000000 show_hn posts between ")


# ── points, later ────────────────────────────────────────────────────────────────────────────────


def launched(store: Store, external_id: str, days: float, read_after: float | None = None, **values: Any) -> None:
    with store.write() as session:
        at = MONDAY - timedelta(days=days)
        launch = make_launch(session, external_id=external_id, launched_at=at, **values)
        if read_after is not None:
            record_traction(session, launch.id or 0, {"points": 1}, at + timedelta(days=read_after))


def due(store: Store) -> list[str]:
    with store.read() as session:
        return readings_due(session, "hackernews", MONDAY)


@pytest.mark.parametrize(
    ("days", "read_after", "is_due"),
    [
        (0.5, None, False),
        (1.1, 0.1, True),
        (1.1, 1.05, False),
        (4, 0.1, False),  # a day old no more: let go
        (7.2, 1.2, True),
        (7.2, 7.1, False),
        (9.5, 1.2, False),
    ],
)
def test_points_are_due_after_a_day_and_a_week(
    store: Store, days: float, read_after: float | None, is_due: bool
) -> None:
    launched(store, "1", days, read_after)

    assert due(store) == (["1"] if is_due else [])


def test_noise_is_not_asked_again(store: Store) -> None:
    launched(store, "1", 1.1, kind="noise")
    launched(store, "2", 1.1, kind="launch")

    assert due(store) == ["2"]


def test_polls_are_limited_and_named_by_number(spider: HackerNewsSpider, store: Store) -> None:
    for number in range(70):
        launched(store, str(46000000 + number), 1.1)
    launched(store, "../secret", 1.5)
    urls = [request.url for request in spider.first("hackernews", SEARCH)][2:]

    assert len(urls) == 60
    assert all(url.startswith("https://hacker-news.firebaseio.com/v0/item/460000") for url in urls)


def test_mirror_stands_in_for_both(spider: HackerNewsSpider) -> None:
    assert spider.poll("http://127.0.0.1:9", "1").url == "http://127.0.0.1:9/v0/item/1.json"


def polled(spider: HackerNewsSpider, body: bytes, status: int = 200) -> list[TractionRead]:
    request = spider.poll(SEARCH, "46000031")
    return list(spider.polled(TextResponse(request.url, status, body=body, request=request), "46000031"))


def test_points_become_a_reading(spider: HackerNewsSpider) -> None:
    spider.polls["asked"] = 1
    [read] = polled(spider, b'{"id": 46000031, "type": "story", "score": 44, "descendants": 7}')

    assert (read.source, read.external_id) == ("hackernews", "46000031")
    assert (read.values, read.read_at) == ({"points": 44, "comments": 7}, MONDAY)


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b"7",
        b'{"type": "comment", "score": 3}',
        b'{"type": "story", "dead": true, "score": 1}',
        b'{"type": "story", "deleted": true}',
        b'{"type": "story", "score": "many"}',
    ],
)
def test_post_that_is_gone_is_no_problem(spider: HackerNewsSpider, body: bytes) -> None:
    spider.polls["asked"] = 1

    assert polled(spider, body) == []
    assert spider.context.tally("hackernews").problems == []


def test_body_that_is_no_item_is_refused() -> None:
    with pytest.raises(ParseError, match="is not JSON"):
        read_points(b"<html>")


def test_all_polls_failing_are_told_once(spider: HackerNewsSpider) -> None:
    spider.polls["asked"] = 3
    polled(spider, b"", 500)
    polled(spider, b"<html>")
    spider.poll_failed(Failure(OSError("no route")))

    assert spider.context.tally("hackernews").problems == [
        "no points could be read of 3 older posts: no route",
    ]


def test_one_poll_failing_is_not_told(spider: HackerNewsSpider) -> None:
    spider.polls["asked"] = 2
    polled(spider, b"", 500)
    polled(spider, b'{"type": "story", "score": 4}')

    assert spider.context.tally("hackernews").problems == []


def test_crawl_asks_the_search_and_the_items(tmp_path: Path, migrated: Path) -> None:
    routes = [
        route("hn.algolia.com", "/api/v1/search_by_date", json.dumps({"hits": [], "nbHits": 0, "nbPages": 0})),
        route("hacker-news.firebaseio.com", "/v0/item/46000001.json", '{"type": "story", "score": 9}'),
    ]
    with serve(*routes) as origin:
        hosts = {one.host: origin.url for one in routes}
        place: Ground = prepare(tmp_path, migrated, crawl={"delay_seconds": 0, "connect_to": hosts})
        with place.store.write() as session:
            make_launch(
                session, make_tool(session), external_id="46000001", launched_at=MONDAY - timedelta(days=1, hours=2)
            )
        done = crawl(place, "hackernews", "hackernews")
        place.store.close()

    assert done.returncode == 0, done.stderr
    assert "hacker-news.firebaseio.com/v0/item/46000001.json" in origin.requests


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("story", "link"),
    [
        ("See https://kettle.example/a, it boils.", "https://kettle.example/a"),
        ("First https://news.ycombinator.com/item?id=1 then https://kettle.example", "https://kettle.example"),
        ("Only https://news.ycombinator.com/item?id=1", None),
        ("(https://kettle.example/)", "https://kettle.example/"),
        ("Nothing", None),
    ],
)
def test_first_link_of_a_story_is_the_tools(story: str, link: str | None) -> None:
    assert first_link(story) == link


@pytest.mark.parametrize("payload", [b"true", b'"text"', b'[1, "a"]', b"{}", b'{"hits": 3}', b"[[]]"])
def test_other_shapes_are_refused(payload: bytes) -> None:
    with pytest.raises(ParseError, match="hackernews: "):
        parse(payload, SEARCH, MONDAY)


@pytest.mark.corpus
def test_every_recorded_item_is_read(corpus: Path) -> None:
    paths = sorted((corpus / "hackernews").glob("*.json"))
    launches = [item for path in paths for item in parse(path.read_bytes(), SEARCH, MONDAY)]

    assert paths
    assert all(item.external_id.isdecimal() and item.launched_at for item in launches)
