"""Product Hunt: off without a permission, the feed without a token, the interface page by page with one."""

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.sources import find_source, is_on
from crawler.spiders.producthunt import MOST_PAGES, ProductHuntSpider, parse
from db.session import Store
from errors import ParseError
from tests.factories import MONDAY
from tests.fakes import FakeClock

SITE = "https://www.producthunt.com"


@pytest.fixture
def spider(store: Store, settings: Settings) -> ProductHuntSpider:
    return ProductHuntSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"producthunt": SITE}))


def with_token(spider: ProductHuntSpider) -> ProductHuntSpider:
    spider.context.settings = Settings.model_validate({"sources": {"producthunt": {"token": "t0ken"}}})
    return spider


def more(
    spider: ProductHuntSpider, info: Any, found: int = 20, page: int = 1, cursor: str | None = None
) -> list[Request]:
    launches = Launches(found=found)
    launches.document = {"pageInfo": info}
    request = spider.query(SITE, page, cursor)
    return list(spider.more(launches, TextResponse(request.url, request=request)))


@pytest.mark.parametrize(
    ("permission", "is_visited"), [("", False), ("  ", False), ("Ada, by mail of 2026-11-02", True)]
)
def test_stays_off_until_it_is_permitted(permission: str, is_visited: bool) -> None:
    settings = Settings.model_validate({"sources": {"producthunt": {"permission": permission}}})
    row = find_source(settings, "producthunt")

    assert row is not None and is_on(settings, row) == is_visited


def test_feed_is_asked_without_a_token(spider: ProductHuntSpider) -> None:
    [request] = spider.first("producthunt", SITE)

    assert (request.method, request.url) == ("GET", f"{SITE}/feed?category=artificial-intelligence")
    assert request.meta["conditional"]


def test_interface_is_asked_with_a_token(spider: ProductHuntSpider) -> None:
    [request] = with_token(spider).first("producthunt", SITE)
    variables = json.loads(request.body)["variables"]

    assert (request.method, request.url) == ("POST", "https://api.producthunt.com/v2/api/graphql")
    assert request.headers["Authorization"] == b"Bearer t0ken" and not request.meta["conditional"]
    assert (variables["postedAfter"], variables["after"]) == ("2026-11-02T09:00:00Z", None)


def test_mirror_stands_in_for_both(spider: ProductHuntSpider) -> None:
    assert spider.query("http://127.0.0.1:9", 1, None).url == "http://127.0.0.1:9/v2/api/graphql"


def test_cursor_leads_to_the_next_page(spider: ProductHuntSpider) -> None:
    [request] = more(spider, {"hasNextPage": True, "endCursor": "MjA"})

    assert json.loads(request.body)["variables"]["after"] == "MjA"
    assert request.cb_kwargs == {"page": 2, "cursor": "MjA"}


@pytest.mark.parametrize(
    ("info", "known"),
    [
        ({"hasNextPage": False, "endCursor": "MjA"}, {}),
        ({"hasNextPage": True, "endCursor": None}, {}),
        ({"hasNextPage": True, "endCursor": "MjA"}, {"cursor": "MjA"}),  # a cursor that stands still
        ({"hasNextPage": True, "endCursor": "MjA"}, {"page": MOST_PAGES}),
        ({"hasNextPage": True, "endCursor": "MjA"}, {"found": 0}),
        (None, {}),
    ],
)
def test_paging_ends(spider: ProductHuntSpider, info: Any, known: dict[str, Any]) -> None:
    assert more(spider, info, **known) == []


def test_feed_has_no_next_page(spider: ProductHuntSpider) -> None:
    request = Request(f"{SITE}/feed")

    assert list(spider.more(Launches(found=3), TextResponse(request.url, request=request))) == []


@pytest.mark.parametrize(
    "payload", [b"{}", b'{"data": null}', b'{"errors": []}', b'{"errors": [7]}', b"{", b"", b"7", b"\x00"]
)
def test_other_shapes_are_refused(payload: bytes) -> None:
    with pytest.raises(ParseError, match="producthunt: "):
        parse(payload, SITE, MONDAY)


@pytest.mark.corpus
def test_recorded_answers_are_read(corpus: Path) -> None:
    for path in sorted((corpus / "producthunt").iterdir()):
        launches = parse(path.read_bytes(), SITE, MONDAY)

        assert launches.found == len(launches) == 20 and launches.problems == []
        assert {item.date_from for item in launches} == {"featuredAt", "createdAt"}
        assert all("utm_" not in item.url + item.seen_on for item in launches)
        assert [item.kind for item in launches].count("launch") >= 13
