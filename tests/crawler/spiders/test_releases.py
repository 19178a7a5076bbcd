"""Releases of known tools: whose turn it is, what a tag says, and that no release founds a tool."""

from datetime import timedelta
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from sqlmodel import select

from catalog.launches import LaunchItem, record_launch
from config import Settings
from crawler.context import CrawlContext
from crawler.spiders.releases import ReleasesSpider, Tagged, feeds_to_read, judge_release, parse, read_tag
from db.models import Release, Tool, ToolKey, Validator
from db.session import Store
from errors import ParseError
from tests.crawler.crawling import crawl, prepare, route, serve
from tests.factories import MONDAY, make_source, make_tool
from tests.fakes import FakeClock

HOME = "https://github.com"
FEED = f"{HOME}/acme/kettle/releases.atom"
PAGES = Path(__file__).parents[2] / "pages" / "releases"


@pytest.fixture
def spider(store: Store, settings: Settings) -> ReleasesSpider:
    return ReleasesSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"releases": HOME}))


def make_tools(store: Store, count: int, read: int = 0) -> None:
    """So many tools with a repository; the feeds of the first `read` have been had."""
    with store.write() as session:
        for number in range(count):
            make_tool(session, f"Tool {number}", repository=f"acme/tool-{number}")
            if number < read:
                session.add(Validator(url=f"{HOME}/acme/tool-{number}/releases.atom", checked_at=MONDAY))


def feeds(store: Store, hours: int = 0) -> list[str]:
    with store.read() as session:
        return feeds_to_read(session, HOME, MONDAY + timedelta(hours=hours))


# ── whose turn it is ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "repository", ["acme/kettle", "https://github.com/Acme/Kettle", "https://github.com/acme/kettle/"]
)
def test_repository_is_read_however_it_is_written(store: Store, repository: str) -> None:
    with store.write() as session:
        make_tool(session, repository=repository)
        make_tool(session, "Murmur", repository=None)
        make_tool(session, "Broken", repository="../..")

    assert feeds(store) == [FEED]


def test_feeds_of_a_visit_are_limited(store: Store) -> None:
    make_tools(store, 60, read=30)
    asked = feeds(store)
    never = [url for url in asked if int(url.split("tool-")[1].split("/")[0]) >= 30]

    assert (len(asked), len(set(asked))) == (40, 40)
    assert asked[:20] == never  # the new ones first, but they may not fill the visit


def test_every_feed_has_its_turn(store: Store) -> None:
    make_tools(store, 120, read=120)
    had = {url for visit in range(28) for url in feeds(store, 6 * visit)}

    assert len(had) == 120


def test_gone_repository_is_its_tools_trouble(spider: ReleasesSpider) -> None:
    spider.asked = 2
    response = TextResponse(FEED, 404, request=Request(FEED, meta={"source": "releases"}))

    assert list(spider.answered(response, asked=FEED)) == []
    assert spider.context.tally("releases").problems == []
    assert list(spider.answered(response, asked=FEED)) == []
    assert spider.context.tally("releases").problems == [f"none of 2 repositories was found, such as {FEED}"]


# ── what a tag says ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tag", "version", "part"),
    [
        ("v1.2.0", "1.2.0", ""),
        ("V2", "2", ""),
        ("kettle-1.2.0", "1.2.0", ""),
        ("release-1.4", "1.4", ""),
        ("2026.11.20", "2026.11.20", ""),
        ("v0.1.0+build5", "0.1.0", ""),
        ("cli-v1.2.0", "1.2.0", "cli"),
        ("%40acme%2Fpkg%401.2.0", "1.2.0", "acme-pkg"),
        ("b4500", None, ""),
        ("2024-01-02", None, ""),
        ("latest", None, ""),
        ("", None, ""),
    ],
)
def test_tag_is_taken_apart(tag: str, version: str | None, part: str) -> None:
    assert read_tag(tag, "Kettle") == Tagged(part, version, is_unfinished=False)


@pytest.mark.parametrize(
    "tag", ["v1.0.0-rc.1", "1.0.0a1", "v1.0b2", "nightly", "v2.0.0-canary.3", "v1-preview", "dev-7"]
)
def test_unfinished_tag_is_noise(tag: str) -> None:
    judged = judge_release(read_tag(tag, "kettle"), tag, is_oldest=True)

    assert (judged.kind, judged.why) == ("noise", "not a launch: a pre-release")


@pytest.mark.parametrize(("name", "tag"), [("edge-runtime", "edge-runtime-v1.0.0"), ("next", "next-v2.0")])
def test_tools_own_name_is_no_sign_of_a_pre_release(name: str, tag: str) -> None:
    assert judge_release(read_tag(tag, name), tag, is_oldest=False).kind == "launch"


@pytest.mark.parametrize(
    ("tag", "title", "is_oldest", "kind"),
    [
        ("v1.0.0", "", False, "launch"),
        ("v3.0", "", False, "launch"),
        ("v0.9.0", "", False, "update"),
        ("v1.0.1", "", False, "update"),
        ("v0.1.0", "Initial release", False, "launch"),
        ("v0.1.0", "", True, "launch"),
        ("v1.2.0", "v1.2.0: better previews", False, "update"),
        ("v1.2.0", "Nightly v1.2.0", False, "noise"),
        ("v1.2.0", "Beta v1.2.0", False, "noise"),
    ],
)
def test_first_and_major_releases_are_launches(tag: str, title: str, is_oldest: bool, kind: str) -> None:
    assert judge_release(read_tag(tag, "kettle"), title, is_oldest=is_oldest).kind == kind


# ── what becomes of it ───────────────────────────────────────────────────────────────────────────


def read_feed(spider: ReleasesSpider, url: str = FEED) -> list[LaunchItem]:
    body = (PAGES / "releases" / "payload.xml").read_bytes()
    response = TextResponse(url, body=body, request=Request(url, meta={"source": "releases"}))
    return list(spider.answered(response, asked="https://github.com/acme/old-kettle"))


def test_release_founds_no_tool(spider: ReleasesSpider, store: Store) -> None:
    with store.write() as session:
        make_source(session, "releases", "releases")
        tool = make_tool(session, repository="acme/old-kettle")
        session.add(ToolKey(kind="repository", value="acme/old-kettle", tool_id=tool.id))
        recorded = [record_launch(session, item, MONDAY) for item in read_feed(spider)]
        tools, releases = session.exec(select(Tool)).all(), session.exec(select(Release.version)).all()

    assert len(tools) == 1  # though the repository has moved since
    assert not any(one.tool_is_new for one in recorded)
    assert releases == ["1.4.1", "2.0.0"]


def test_old_releases_stay_in_the_archive(spider: ReleasesSpider) -> None:
    assert min(item.launched_at for item in read_feed(spider) if item.launched_at) >= MONDAY - timedelta(days=14)


def test_crawl_attaches_releases_to_their_tool(tmp_path: Path, migrated: Path) -> None:
    body = (PAGES / "releases" / "payload.xml").read_bytes()
    with serve(route("github.com", "/acme/kettle/releases.atom", body, ETag='"r"')) as origin:
        place = prepare(
            tmp_path, migrated, crawl={"delay_seconds": 0, "connect_to": {"github.com": origin.url}}, feeds={}
        )
        with place.store.write() as session:
            tool = make_tool(session, repository="acme/kettle")
            session.add(ToolKey(kind="repository", value="acme/kettle", tool_id=tool.id))
        done = [crawl(place, "releases", "releases") for _ in range(2)]
        visit = place.crawl_of("releases")
        with place.store.read() as session:
            versions = session.exec(select(Release.version)).all()
        place.store.close()

    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    assert sorted(versions) == ["1.4.1", "2.0.0"]
    assert (visit.outcome, visit.unchanged) == ("not-modified", 1)


@pytest.mark.corpus
def test_recorded_feeds_are_read_or_refused(corpus: Path) -> None:
    kinds: dict[str, int] = {}
    for path in sorted((corpus / "github_feeds").iterdir()):
        try:
            launches = parse(path.read_bytes(), f"https://recorded.example/{path.name}", MONDAY)
        except ParseError as exc:
            assert str(exc).startswith("releases: https://recorded.example/")
            continue
        assert launches.problems == [] and launches.found == len(launches) == 10
        kinds |= {item.kind: kinds.get(item.kind, 0) + 1 for item in launches}

    assert set(kinds) == {"noise", "update"}  # nothing in them is a first or a major release
