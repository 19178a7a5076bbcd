"""dev.to: what is asked, how far back, and which links lead to something shown."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.spiders.devto import DevToSpider, outside_link, parse, tags_of
from db.session import Store
from errors import ParseError
from tests.factories import MONDAY
from tests.fakes import FakeClock

HOME = "https://dev.to"


@pytest.fixture
def spider(store: Store, settings: Settings) -> DevToSpider:
    return DevToSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"devto": HOME}))


def answered(page: int) -> TextResponse:
    return TextResponse(HOME, request=Request(HOME, cb_kwargs={"page": page}))


def listing(found: int, days: int) -> Launches:
    article = {
        "id": 1,
        "title": "Kettle: an AI agent",
        "url": f"{HOME}/ada/kettle",
        "published_timestamp": (MONDAY - timedelta(days=days)).isoformat(),
    }
    launches = parse(json.dumps([article]).encode(), HOME, MONDAY)
    launches.found = found
    return launches


def test_shown_and_rising_are_asked(spider: DevToSpider) -> None:
    requests = list(spider.first("devto", HOME))

    assert [request.url for request in requests] == [
        f"{HOME}/api/articles?tag=showdev&per_page=100&page=1",
        f"{HOME}/api/articles?tag=ai&state=rising&per_page=100",
    ]
    assert {request.headers["Accept"] for request in requests} == {b"application/vnd.forem.api-v1+json"}


def test_full_recent_page_has_a_next(spider: DevToSpider) -> None:
    [request] = spider.more(listing(100, days=3), answered(1))

    assert request.url == f"{HOME}/api/articles?tag=showdev&per_page=100&page=2"
    assert request.headers["Accept"] == b"application/vnd.forem.api-v1+json"


@pytest.mark.parametrize(("found", "days", "page"), [(99, 3, 1), (100, 15, 1), (100, 3, 5), (100, 3, 0)])
def test_pages_come_to_an_end(spider: DevToSpider, found: int, days: int, page: int) -> None:
    assert not list(spider.more(listing(found, days), answered(page)))


@pytest.mark.parametrize(
    ("canonical", "description", "link"),
    [
        ("https://kettle.example/", "", "https://kettle.example/"),
        ("https://dev.to/ada/kettle", "Try (https://kettle.example/app).", "https://kettle.example/app"),
        ("https://kettle.example/", "Code: https://github.com/ada/kettle", "https://github.com/ada/kettle"),
        ("https://github.com/ada/my-very-long-kettle", "", "https://github.com/ada/my-very-long-kettle"),
        ("https://ada.example/how-i-built-my-kettle", "", None),
        ("https://dev.to/ada/kettle", "by https://x.com/ada", None),
        (None, "", None),
    ],
)
def test_link_leads_to_what_is_shown(canonical: str | None, description: str, link: str | None) -> None:
    assert outside_link({"canonical_url": canonical}, description) == link


@pytest.mark.parametrize(
    "article",
    [
        {"tag_list": ["ShowDev", "ai"]},
        {"tag_list": "showdev, ai", "tags": ["x"]},
        {"tags": "showdev, ai"},
        {"tag_list": [], "tags": ["showdev", "ai"]},
    ],
)
def test_tags_come_in_both_shapes(article: dict[str, Any]) -> None:
    assert tags_of(article) == ("showdev", "ai")


@pytest.mark.corpus
def test_recorded_lists_break_nothing() -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "")) / "watchers"
    files = sorted(folder.glob("*.json*")) if "VERDICTS_CORPUS" in os.environ else []
    if not files:
        pytest.skip("VERDICTS_CORPUS does not name a folder with recorded lists of other watchers")
    for file in files:
        with pytest.raises(ParseError):
            parse(file.read_bytes(), HOME, MONDAY)
