"""Curated lists: which commits are asked for, once each, and what a whole list reads as."""

import json
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from sqlmodel import select

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.sources import known_sources
from crawler.spiders.awesome import AwesomeSpider, parse
from crawler.vendors import LISTS
from db.models import Launch, Validator
from db.session import Store
from tests.crawler.crawling import crawl, prepare, route, serve
from tests.factories import MONDAY
from tests.fakes import FakeClock

BASE = "https://api.github.com/repos/acme/awesome-agents"
COMMIT = Path(__file__).parents[2] / "pages" / "awesome" / "commit" / "payload.json"


@pytest.fixture
def spider(store: Store, settings: Settings) -> AwesomeSpider:
    return AwesomeSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"agents": BASE}, parser="one"))


def more(spider: AwesomeSpider, *shas: object) -> list[str]:
    launches = Launches(found=len(shas))
    launches.document = [{"sha": sha} for sha in shas]
    request = Request(f"{BASE}/commits", meta={"source": "agents"})
    return [one.url for one in spider.more(launches, TextResponse(request.url, request=request))]


def test_listing_reaches_back_to_the_window(spider: AwesomeSpider) -> None:
    [request] = spider.first("agents", BASE)

    assert request.url == f"{BASE}/commits?path=README.md&since=2026-11-02T00%3A00%3A00Z&per_page=30"
    assert request.meta["conditional"] and request.headers["Accept"] == b"application/vnd.github+json"


def test_commits_are_asked_newest_first(spider: AwesomeSpider) -> None:
    assert more(spider, "b2", "a1", "b2") == [f"{BASE}/commits/b2", f"{BASE}/commits/a1"]


def test_name_that_is_no_commit_is_not_asked(spider: AwesomeSpider) -> None:
    assert more(spider, "../../user", "", None, 7, "a" * 65, "a?b") == []


@pytest.mark.parametrize(("token", "most"), [("", 8), ("t0ken", 20)])
def test_commits_of_a_visit_are_limited(spider: AwesomeSpider, token: str, most: int) -> None:
    spider.context.settings = Settings.model_validate({"sources": {"github": {"token": token}}})

    assert len(more(spider, *(f"{n:040x}" for n in range(30)))) == most


def test_commit_that_was_read_is_not_asked_again(spider: AwesomeSpider, store: Store) -> None:
    with store.write() as session:
        session.add(Validator(url=f"{BASE}/commits/a1", checked_at=MONDAY, parser="one"))
        session.add(Validator(url=f"{BASE}/commits/b2", checked_at=MONDAY, parser="another reading"))

    assert more(spider, "a1", "b2") == [f"{BASE}/commits/b2"]


def test_commit_asks_for_nothing_more(spider: AwesomeSpider) -> None:
    launches = parse(COMMIT.read_bytes(), f"{BASE}/commits/5f1c", MONDAY, "agents")
    request = Request(f"{BASE}/commits/5f1c", meta={"source": "agents"})

    assert list(spider.more(launches, TextResponse(request.url, request=request))) == []
    assert {item.source for item in launches} == {"agents"}


def test_commits_without_links_are_no_loss(spider: AwesomeSpider) -> None:
    listing = b'[{"sha": "a1"}, {"sha": "b2"}]'

    assert parse(listing, BASE, MONDAY).found == 2
    assert spider.read(listing, BASE, "agents").found == 0


@pytest.mark.parametrize(
    "files", [None, 7, "README.md", [None, 7, {}], [{"filename": None}], [{"filename": 7, "patch": 7}]]
)
def test_commit_of_another_shape_holds_no_link(files: object) -> None:
    commit = json.loads(COMMIT.read_bytes()) | {"files": files}

    assert parse(json.dumps(commit).encode(), BASE, MONDAY) == []


def test_every_list_is_a_source_of_its_own() -> None:
    rows = [row for row in known_sources(Settings()) if row.spider == "awesome"]

    assert {row.key: row.base_url for row in rows} == {
        key: f"https://api.github.com/repos/{name}" for key, name in LISTS.items()
    }


def test_configured_lists_replace_ours() -> None:
    settings = Settings.model_validate({"lists": {"our-shelf": "acme/awesome-shelf"}})
    rows = [row for row in known_sources(settings) if row.spider == "awesome"]

    assert [(row.key, row.base_url) for row in rows] == [
        ("our-shelf", "https://api.github.com/repos/acme/awesome-shelf")
    ]


@pytest.mark.parametrize(
    "value", ["acme", "acme/a/b", "acme/../user", "acme/..", "https://github.com/acme/a", "acme/a b"]
)
def test_list_must_name_a_repository(value: str) -> None:
    with pytest.raises(ValueError, match="is not a repository on GitHub; write it as 'owner/name'"):
        Settings.model_validate({"lists": {"our-shelf": value}})


def test_crawl_stores_what_a_commit_adds(tmp_path: Path, migrated: Path) -> None:
    listing = json.dumps([{"sha": "5f1c"}])
    path = "/repos/acme/awesome-agents/commits"
    routes = [
        route("api.github.com", path, listing),
        route("api.github.com", f"{path}/5f1c", COMMIT.read_bytes(), ETag='"c"'),
    ]
    with serve(*routes) as origin:
        tables = {"crawl": {"delay_seconds": 0, "connect_to": {"api.github.com": origin.url}}}
        place = prepare(tmp_path, migrated, **tables, lists={"agents": "acme/awesome-agents"})
        for _ in range(2):
            done = crawl(place, "awesome", "agents")
        with place.store.read() as session:
            launches = session.exec(select(Launch)).all()
        place.store.close()

    assert done.returncode == 0, done.stderr
    assert [launch.kind for launch in launches] == ["launch", "launch", "launch", "noise", "noise"]
    assert origin.requests.count(f"api.github.com{path}/5f1c") == 1


def as_commit(text: str) -> bytes:
    """A whole list as if one commit had added it."""
    patch = "@@ -0,0 +1 @@\n" + "\n".join(f"+{line}" for line in text.splitlines())
    commit = json.loads(COMMIT.read_bytes()) | {"files": [{"filename": "README.md", "patch": patch}]}
    return json.dumps(commit).encode()


@pytest.mark.corpus
def test_recorded_lists_are_read(corpus: Path) -> None:
    read = {}
    for path in sorted((corpus / "lists").iterdir()):
        launches = parse(as_commit(path.read_text(encoding="utf-8", errors="replace")), BASE, MONDAY)
        read[path.name] = [item for item in launches if item.kind == "launch"]
        assert launches.problems == []

    assert len(read["mahseema__README.md"]) > 300 and len(read["steven2358__README.md"]) > 200
    assert len(read["foorilla__README.md"]) < 10  # a list of news and podcasts
