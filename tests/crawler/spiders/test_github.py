"""GitHub's search: windows of days, pages by their Link header, and results that are not complete."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.spiders.github import TOPICS, GitHubSpider, api_headers, next_page, parse
from db.session import Store
from errors import ParseError
from tests.factories import MONDAY
from tests.fakes import FakeClock

API = "https://api.github.com"
NEXT = '<https://api.github.com/search/repositories?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last"'


@pytest.fixture
def spider(store: Store, settings: Settings) -> GitHubSpider:
    return GitHubSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"github": API}))


def answered(request: Request, link: str = "") -> TextResponse:
    return TextResponse(request.url, headers={"Link": link} if link else {}, request=request)


def result(total: int, found: int = 100, **more: Any) -> Launches:
    launches = Launches(found=found)
    launches.document = {"total_count": total, "incomplete_results": False} | more
    return launches


def created(request: Request) -> str:
    [query] = parse_qs(urlsplit(request.url).query)["q"]
    return next(part.removeprefix("created:") for part in query.split() if part.startswith("created:"))


@pytest.fixture
def ask(spider: GitHubSpider) -> Callable[..., list[Request]]:
    """What is asked after an answer to a window of two weeks."""

    def ask(launches: Launches, link: str = "", **known: Any) -> list[Request]:
        request = spider.window("llm", date(2026, 11, 2), date(2026, 11, 16))
        return list(spider.more(launches, answered(request.replace(cb_kwargs=request.cb_kwargs | known), link)))

    return ask


def test_every_topic_is_asked_for_the_window(spider: GitHubSpider) -> None:
    requests = list(spider.first("github", API))

    assert len(requests) == len(TOPICS)
    assert {created(request) for request in requests} == {"2026-11-02..2026-11-16"}


def test_next_page_comes_from_the_link_header(ask: Callable[..., list[Request]]) -> None:
    [request] = ask(result(250), NEXT)

    assert request.url == "https://api.github.com/search/repositories?page=2"
    assert request.cb_kwargs["page"] == 2
    assert ask(result(250)) == []


@pytest.mark.parametrize(
    "link",
    [
        '<https://elsewhere.example/search?page=2>; rel="next"',
        '<http://api.github.com/search?page=2>; rel="next"',
        '<https://[broken/search>; rel="next"',
        '<https://api.github.com/x?page=9>; rel="last"',
        "next",
    ],
)
def test_link_elsewhere_is_not_followed(link: str) -> None:
    assert next_page(answered(Request(f"{API}/search"), link)) is None


def test_relative_link_is_followed() -> None:
    assert next_page(answered(Request(f"{API}/search"), "</search?page=2>; rel=next")) == f"{API}/search?page=2"


def test_paging_ends_at_the_thousandth(ask: Callable[..., list[Request]]) -> None:
    assert len(ask(result(900), NEXT, page=9)) == 1
    assert ask(result(900), NEXT, page=10) == []


def test_full_window_is_halved_without_a_gap(ask: Callable[..., list[Request]]) -> None:
    first, second = ask(result(1001), NEXT)

    assert (created(first), created(second)) == ("2026-11-02..2026-11-09", "2026-11-10..2026-11-16")


def test_halving_ends_at_a_day(spider: GitHubSpider) -> None:
    open_windows, days = list(spider.first("github", API))[:1], []
    while open_windows:
        window = open_windows.pop()
        halves = list(spider.more(result(5000), answered(window)))
        days += [] if halves else [created(window)]
        open_windows += halves

    assert sorted(days) == [f"2026-11-{day:02}..2026-11-{day:02}" for day in range(2, 17)]
    assert spider.context.tally("github").counts["errors"] == 15  # what is left out of each day is told


def test_incomplete_answer_is_asked_once_more(spider: GitHubSpider, ask: Callable[..., list[Request]]) -> None:
    [again] = ask(result(250, incomplete_results=True), NEXT)

    assert (again.url, again.cb_kwargs["page"]) == (spider.window("llm", date(2026, 11, 2), date(2026, 11, 16)).url, 1)
    assert spider.context.tally("github").problems == []


def test_twice_incomplete_answer_is_told(spider: GitHubSpider, ask: Callable[..., list[Request]]) -> None:
    [request] = ask(result(250, incomplete_results=True), NEXT, again=True)

    assert request.cb_kwargs["page"] == 2
    [problem] = spider.context.tally("github").problems
    assert problem.startswith("the search timed out on their side twice, results are incomplete")


def test_token_is_sent_when_there_is_one(spider: GitHubSpider) -> None:
    known = Settings.model_validate({"sources": {"github": {"token": "t0ken"}}})

    assert "Authorization" not in api_headers(spider.context)
    spider.context.settings = known
    assert api_headers(spider.context)["Authorization"] == "Bearer t0ken"


@pytest.mark.corpus
def test_every_recorded_answer_is_read_or_refused(corpus: Path) -> None:
    read = 0
    for path in sorted((corpus / "github").iterdir()):
        try:
            launches = parse(path.read_bytes(), f"{API}/search/repositories", MONDAY)
        except ParseError as exc:
            assert str(exc).startswith("github: the answer ")
            continue
        read += len(launches)
        assert len(launches) == json.loads(path.read_bytes())["total_count"] or launches.found == len(launches)

    assert read
