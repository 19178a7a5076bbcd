"""robots.txt by RFC 9309: what allows, what forbids, how long and how slowly."""

import gzip
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from crawler.guest.robots import FORBID, LONGEST, PRODUCT, delay_asked
from demo.origin import Origin, Route
from tests.crawler.crawling import Ground, crawl, feed, prepare, route, serve
from tests.crawler.guest.guests import visit_as_guest

FEED = feed("Show HN: Kettle – an AI agent")
RULES = "User-agent: *\nDisallow: /\n"
FAR = "# " + "x" * 98 + "\n"
CASES: dict[str, dict[str, Any]] = {
    "absent": {"status": 404},
    "private": {"status": 401},
    "gone": {"status": 410, "body": RULES},
    "broken": {"status": 500},
    "away": {"status": 503},
    "busy": {"status": 429, "Retry_After": "7200"},
    "closed": {"body": RULES},
    "ours": {"body": "User-agent: *\nDisallow: /\n\nUser-agent: AIToolVerdicts\nAllow: /\n"},
    "small": {"body": "User-agent: *\nAllow: /\n\nUser-agent: aitoolverdicts/2.0\nDisallow: /\n"},
    "part": {"body": "User-agent: tool\nDisallow: /\n"},
    "page": {"body": "<!doctype html><title>Welcome</title>", "Content_Type": "text/html"},
    "bytes": {"body": bytes(range(256)) * 20},
    "late": {"body": FAR * (LONGEST // len(FAR) + 1) + RULES},
    "early": {"body": RULES + FAR * (LONGEST // len(FAR) + 1)},
    "packed": {"body": gzip.compress(RULES.encode()), "Content_Encoding": "gzip"},
    "bomb": {"body": gzip.compress(bytes(6 * 1024 * 1024)), "Content_Encoding": "gzip"},
    "longer": {"body": b"#" * (6 * 1024 * 1024)},
}
ALLOWED = {"absent", "private", "gone", "ours", "part", "page", "bytes", "late", "moved5", "moved6"}
FORBIDDEN = {"closed", "small", "early", "packed", "sent5"}
UNKNOWN = {"broken", "away", "busy", "bomb", "longer", "unreachable"}
UNLIKELY = "http://127.0.0.1:9"  # nobody answers there


def moved(host: str, hops: int, body: str) -> list[Route]:
    """robots.txt behind so many redirects."""
    places = ["/robots.txt", *(f"/{n}.txt" for n in range(hops))]
    sent_on = [route(host, here, status=301, Location=there) for here, there in pairwise(places)]
    return [*sent_on, route(host, places[-1], body, Content_Type="text/plain")]


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[tuple[Ground, Origin]]:
    routes = [route(f"{name}.example", "/robots.txt", **said) for name, said in CASES.items()]
    routes += moved("moved5.example", 5, "") + moved("moved6.example", 6, RULES) + moved("sent5.example", 5, RULES)
    names = [*CASES, "moved5", "moved6", "sent5"]
    routes += [route(f"{name}.example", "/feed.xml", FEED) for name in names]
    with serve(*routes) as origin:
        doors = {f"{name}.example": origin.url for name in names} | {"unreachable.example": UNLIKELY}
        urls = {name: f"http://{name}.example/feed.xml" for name in [*names, "unreachable"]}
        tables = {"crawl": {"delay_seconds": 0, "connect_to": doors}, "feeds": urls}
        ground = prepare(tmp_path_factory.mktemp("robots"), migrated, **tables)
        done = crawl(ground, "feed", *urls)
        assert done.returncode == 0, done.stderr
        yield ground, origin


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_rules_that_allow_are_followed(visited: tuple[Ground, Origin], name: str) -> None:
    assert (visited[0].source(name).last_outcome, visited[0].source(name).last_error) == ("ok", None)


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_rules_that_forbid_are_obeyed(visited: tuple[Ground, Origin], name: str) -> None:
    source = visited[0].source(name)

    assert (source.last_outcome, source.failures_in_row) == ("blocked", 1)
    assert "Forbidden by robots.txt" in str(source.last_error)
    assert f"{name}.example/feed.xml" not in visited[1].requests


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_rules_that_cannot_be_had_forbid(visited: tuple[Ground, Origin], name: str) -> None:
    source = visited[0].source(name)

    assert source.last_outcome == "error"
    assert "its robots.txt cannot be had, which is no permission" in str(source.last_error)
    assert f"{name}.example/feed.xml" not in visited[1].requests


def test_wait_asked_for_robots_moves_the_visit(visited: tuple[Ground, Origin]) -> None:
    assert visited[0].source("busy").retry_at is not None
    assert visited[0].source("broken").retry_at is None


def test_rules_are_asked_for_once_a_crawl(tmp_path: Path, migrated: Path) -> None:
    urls = [f"http://a.example/{n}" for n in range(4)]
    with serve(*(route("a.example", f"/{n}") for n in range(4))) as origin:
        visit_as_guest(tmp_path, migrated, {"a.example": origin.url}, urls)

    assert sorted(origin.requests) == [
        "a.example/0",
        "a.example/1",
        "a.example/2",
        "a.example/3",
        "a.example/robots.txt",
    ]


@pytest.mark.parametrize(
    ("asked", "kept"), [("0.4", 0.4), ("60", 60), ("86400", 60), ("-5", 0), ("soon", 0), ("nan", 0), ("", 0)]
)
def test_delay_asked_is_a_minute_at_most(asked: str, kept: float) -> None:
    rules = ProtegoRobotParser(f"User-agent: *\nCrawl-delay: {asked}\n".encode(), None)

    assert delay_asked(rules) == kept


def test_crawl_delay_slows_its_host_alone(tmp_path: Path, migrated: Path) -> None:
    names = ("a.example", "b.example")
    rules = route("a.example", "/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n")
    with serve(rules, *(route(name, "/") for name in names)) as origin:
        doors, urls = dict.fromkeys(names, origin.url), ["http://b.example/", "http://a.example/"]
        told = visit_as_guest(tmp_path, migrated, doors, urls, {"DOWNLOAD_DELAY": 0.01}, delay_seconds=0.01)

    assert told["delays"] == {"a.example": 0.4, "b.example": 0.01}
    assert told["kept"] == {"a.example": {"delay": 0.4}}  # a host's next slot, after a rest, starts with it


def test_product_token_is_the_user_agents(tmp_path: Path, migrated: Path) -> None:
    settings = prepare(tmp_path, migrated).settings

    assert settings.user_agent.startswith(f"{PRODUCT}/")
    assert not ProtegoRobotParser(FORBID, None).allowed("http://a.example/", PRODUCT)
