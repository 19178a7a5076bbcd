"""What the add-on alone makes of a spider that knows nothing of it."""

from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings as ScrapySettings

from crawler.guest.addon import BOUNDED, CLOSED, MIDDLEWARES, POLITE, GoodGuest
from tests.crawler.crawling import route, serve
from tests.crawler.guest.guests import visit_as_guest

HOSTS = ("a.example", "b.example", "c.example")


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[dict[str, Any], list[str]]:
    """A forbidden page, five pages of a host that asks for a rest at the first, and one of another host."""
    routes = [
        route("a.example", "/robots.txt", "User-agent: *\nDisallow: /private\n"),
        route("a.example", "/private"),
        *(route("b.example", f"/{n}", status=429, Retry_After="7200") for n in range(1, 6)),
        route("c.example", "/"),
    ]
    urls = ["http://a.example/private", *(f"http://b.example/{n}" for n in range(1, 6)), "http://c.example/"]
    with serve(*routes) as origin:
        folder = tmp_path_factory.mktemp("guest")
        told = visit_as_guest(folder, migrated, dict.fromkeys(HOSTS, origin.url), urls, {"USER_AGENT": "Guest/1"})
        return told, origin.requests


def test_forbidden_page_is_not_asked(visited: tuple[dict[str, Any], list[str]]) -> None:
    told, asked = visited

    assert told["http://a.example/private"] == "Forbidden by robots.txt"
    assert "a.example/private" not in asked


def test_host_that_asks_for_rest_gets_it(visited: tuple[dict[str, Any], list[str]]) -> None:
    """Though the others of its pages already stood in line."""
    told, asked = visited

    answers = [told[f"http://b.example/{n}"] for n in range(1, 6)]
    assert len([one for one in asked if one.startswith("b.example/")]) == 2  # robots.txt and a page
    assert answers.count("b.example asked us to stay away until 2026-11-16 11:00 UTC") == 4


def test_pause_of_one_host_holds_no_other(visited: tuple[dict[str, Any], list[str]]) -> None:
    assert visited[0]["http://c.example/"] == 200


def test_guest_gets_the_polite_settings(visited: tuple[dict[str, Any], list[str]]) -> None:
    expected = {"ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "COOKIES_ENABLED": False}

    assert expected.items() <= visited[0]["settings"].items()
    assert visited[0]["settings"]["DOWNLOAD_MAXSIZE"] == 5 * 1024 * 1024


def test_projects_own_settings_outrank(visited: tuple[dict[str, Any], list[str]]) -> None:
    assert visited[0]["settings"]["USER_AGENT"] == "Guest/1"


@pytest.mark.parametrize("name", [*POLITE, *BOUNDED, *CLOSED])
def test_each_setting_can_be_outranked(name: str) -> None:
    settings = ScrapySettings({name: {"http": "own.Handler"} if name == "DOWNLOAD_HANDLERS" else "own"})
    GoodGuest().update_settings(settings)

    assert "own" in str(settings.copy_to_dict()[name])


def test_place_the_project_gave_a_part_stays() -> None:
    parts = list(MIDDLEWARES)
    settings = ScrapySettings({"DOWNLOADER_MIDDLEWARES": {parts[0]: None}})
    GoodGuest().update_settings(settings)

    kept = settings["DOWNLOADER_MIDDLEWARES"]
    assert kept[parts[0]] is None
    assert all(kept[part] == MIDDLEWARES[part] for part in parts[1:])


def test_unnamed_guest_says_who_it_is(tmp_path: Path, migrated: Path) -> None:
    with serve(route("c.example", "/")) as origin:
        told = visit_as_guest(tmp_path, migrated, {"c.example": origin.url}, ["http://c.example/"])

    assert told["settings"]["USER_AGENT"].startswith("AIToolVerdicts/")
    assert "(+http" in told["settings"]["USER_AGENT"]
