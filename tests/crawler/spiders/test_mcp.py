"""The MCP registry: since when it is asked, how pages are followed, and what proves a server."""

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.listing import Launches
from crawler.spiders.mcp import MOST_PAGES, McpSpider, may_be_first, name_of, parse
from db.session import Store
from errors import ParseError
from tests.factories import MONDAY, make_source
from tests.fakes import FakeClock

REGISTRY = "https://registry.modelcontextprotocol.io"


@pytest.fixture
def spider(store: Store, settings: Settings) -> McpSpider:
    return McpSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"mcp": REGISTRY}))


def visited(spider: McpSpider, at: datetime) -> None:
    with spider.context.store.write() as session:
        source = make_source(session, "mcp", "mcp")
        source.last_success_at = at
        session.add(source)


def answered(page: int) -> TextResponse:
    request = Request(REGISTRY, cb_kwargs={"since": MONDAY, "cursor": "before", "page": page})
    return TextResponse(REGISTRY, request=request)


def listing(cursor: object = "io.github.ada/kettle:1.0.0", key: str = "nextCursor") -> Launches:
    return Launches(found=100, document={"servers": [], "metadata": {key: cursor}})


def read(*servers: dict[str, Any]) -> Launches:
    return parse(json.dumps({"servers": [{"server": server} for server in servers]}).encode(), REGISTRY, MONDAY)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────


def test_first_visit_asks_for_the_window(spider: McpSpider) -> None:
    [request] = spider.first("mcp", REGISTRY)

    assert request.url == (f"{REGISTRY}/v0.1/servers?limit=100&version=latest&updated_since=2026-11-02T09%3A00%3A00Z")
    assert request.meta["conditional"] is False


@pytest.mark.parametrize(
    ("hours", "since"),
    [(6, "2026-11-15T03"), (72, "2026-11-12T09"), (24 * 40, "2026-11-02T09"), (-48, "2026-11-15T09")],
)
def test_later_visit_asks_since_the_last(spider: McpSpider, hours: int, since: str) -> None:
    visited(spider, MONDAY - timedelta(hours=hours))
    [request] = spider.first("mcp", REGISTRY)

    assert f"updated_since={since}%3A00%3A00Z" in request.url


@pytest.mark.parametrize("key", ["nextCursor", "next_cursor"])
def test_cursor_leads_to_the_next_page(spider: McpSpider, key: str) -> None:
    [request] = spider.more(listing(key=key), answered(1))

    assert "cursor=io.github.ada%2Fkettle%3A1.0.0" in request.url and "updated_since=" in request.url
    assert request.cb_kwargs["page"] == 2


@pytest.mark.parametrize(
    "launches",
    [listing(None), listing(""), listing(7), listing("before"), Launches(found=0, document={"metadata": {}})],
)
def test_pages_end_without_a_cursor(spider: McpSpider, launches: Launches) -> None:
    assert not list(spider.more(launches, answered(1)))
    assert not spider.context.tally("mcp").problems


def test_endless_pages_are_cut_and_told(spider: McpSpider) -> None:
    assert not list(spider.more(listing(), answered(MOST_PAGES)))
    tally = spider.context.tally("mcp")
    assert tally.problems == ["more than 30 pages changed; the rest was left unread"]
    assert not tally.counts["errors"]


# ── what a server is ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "version", ["0.1.0", "0.14.2", "1.0.0", "v1.0.3", "1", "2026.11.3", "20261103", "latest", "1.0.0-rc1"]
)
def test_early_version_may_be_the_first(version: str) -> None:
    assert may_be_first(version)


@pytest.mark.parametrize("version", ["1.1.0", "1.10", "2.0.0", "v3.1.1", "12"])
def test_later_version_follows_others(version: str) -> None:
    assert not may_be_first(version)


@pytest.mark.parametrize(
    ("external_id", "name"),
    [
        ("io.github.ada/kettle-mcp", "kettle-mcp"),
        ("com.kettle/mcp", "kettle"),
        ("io.github.ada/mcp-server", "ada"),
        ("Kettle Server", "Kettle Server"),
    ],
)
def test_name_is_what_people_say(external_id: str, name: str) -> None:
    assert name_of({}, external_id) == name


def test_shared_repository_proves_no_server() -> None:
    shared = {"repository": {"url": "https://github.com/Ada/drawer"}}
    items = read({"name": "a/knife", **shared}, {"name": "a/fork", **shared})

    assert {item.repository for item in items} == {None}
    assert len({item.url for item in items}) == 2


def test_versions_of_one_server_share_it() -> None:
    server = {"name": "a/knife", "repository": {"url": "https://github.com/Ada/knife.git"}}

    assert {item.repository for item in read(server, server)} == {"https://github.com/ada/knife"}


def test_part_of_a_repository_stands_alone() -> None:
    [item] = read({"name": "a/knife", "repository": {"url": "https://github.com/ada/drawer", "subfolder": "knife"}})

    assert item.repository is None
    assert item.url == f"{REGISTRY}/v0.1/servers/a%2Fknife/versions/latest"


# ── the recorded ones ────────────────────────────────────────────────────────────────────────────


def recorded(text: str) -> list[Any]:
    """The JSON blocks of a document, without the trailing commas people leave."""
    blocks = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return [json.loads(re.sub(r",(\s*[}\]])", r"\1", block)) for block in blocks]


@pytest.fixture
def corpus() -> Path:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "")) / "mcp"
    if "VERDICTS_CORPUS" not in os.environ or not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name a folder with recorded registry answers")
    return folder


@pytest.mark.corpus
def test_recorded_servers_are_read_whole(corpus: Path) -> None:
    for path in sorted(corpus.glob("*.md")):
        blocks = recorded(path.read_text(encoding="utf-8"))
        servers = [one for block in blocks for one in block.get("servers", [block] if "name" in block else [])]
        launches = parse(json.dumps({"servers": servers}).encode(), REGISTRY, MONDAY)
        assert launches and not launches.problems, path.name
        assert all(item.launched_at and item.name for item in launches)


@pytest.mark.corpus
def test_other_recorded_files_are_read_or_refused(corpus: Path) -> None:
    for path in sorted(corpus.iterdir()):
        try:
            launches = parse(path.read_bytes(), REGISTRY, MONDAY)
        except ParseError:  # a schema or a document is no list
            continue
        assert launches.found and not launches.problems, path.name
