"""Crawls as they are run: asked again, cut off, ended, and of the tools' own pages."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from config import ROOT
from crawler import supervise
from db.models import Fact, Tool, Validator
from errors import NotFound
from tests.crawler.crawling import Ground, crawl, feed, prepare, route, serve
from tests.factories import MONDAY, make_tool

LATER = MONDAY + timedelta(hours=6)
KETTLE = feed("Show HN: Kettle – an AI agent")


@pytest.fixture
def ground(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Ground]]:
    grounds = []

    def build(**tables: object) -> Ground:
        grounds.append(prepare(tmp_path, migrated, **tables))
        return grounds[-1]

    yield build
    for one in grounds:
        one.store.close()


def mirrored(mirror: str, **feeds: str) -> dict:
    hosts = [url.split("/")[2] for url in feeds.values()]
    return {"crawl": {"delay_seconds": 0, "connect_to": dict.fromkeys(hosts, mirror)}, "feeds": feeds}


@contextmanager
def silent() -> Iterator[str]:
    """An origin that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_etag_is_sent_back_and_counted(ground: Callable[..., Ground]) -> None:
    feeds = {"good": "http://good.example/feed.xml", "bad": "http://bad.example/feed.xml"}
    with serve(
        route("good.example", "/feed.xml", KETTLE, ETag='"v1"'), route("bad.example", "/feed.xml", "x")
    ) as origin:
        place = ground(**mirrored(origin.url, **feeds))
        crawl(place, "feed", *feeds)
        crawl(place, "feed", *feeds, now=LATER)
    visit = place.crawl_of("good")

    assert (visit.outcome, visit.unchanged, visit.launches_seen) == ("not-modified", 1, 0)
    assert place.source("good").failures_in_row == 0
    with place.store.read() as session:  # what was only half read is asked for whole again
        assert session.exec(select(Validator.url)).all() == ["http://good.example/feed.xml"]


def test_source_that_is_down_has_failed(ground: Callable[..., Ground]) -> None:
    place = ground(sources={"hackernews": {"base_url": closed_port()}})
    crawl(place, "hackernews", "hackernews")
    source = place.source("hackernews")

    assert source.last_outcome == "error"
    assert "could not be read" in source.last_error and "refused" in source.last_error


TIMED = """
import json, sys
from pathlib import Path
from config import load_settings
from crawler.context import CrawlContext, running_clock
from crawler.run import run_spider
from db.session import open_store
from tests.factories import MONDAY
settings = load_settings(Path(sys.argv[1]), environ={})
context = CrawlContext(settings, open_store(settings.store_url), running_clock(MONDAY), {"slow": sys.argv[2]})
run_spider(context, "feed", {"DOWNLOAD_TIMEOUT": 0.3, "RETRY_TIMES": 0})
print(json.dumps(context.tally("slow").problems))
"""


def test_slow_origin_times_out(ground: Callable[..., Ground]) -> None:
    with silent() as url:
        place = ground(feeds={"slow": f"{url}/x"}, sources={"slow": {"base_url": f"{url}/x"}})
        command = [sys.executable, "-c", TIMED, str(place.settings.config_path), f"{url}/x"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    [problem] = json.loads(done.stdout)

    assert "took longer than 0.3 seconds" in problem


# ── the supervisor ───────────────────────────────────────────────────────────────────────────────


def kill_our_crawl() -> None:
    """SIGKILL to the crawl this process has started."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        pid = int(status.parent.name)
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            is_crawl = b"crawler.run" in (status.parent / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if parent == os.getpid() and is_crawl:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the crawl's process is looked up in /proc")
def test_killed_crawl_is_recorded(ground: Callable[..., Ground]) -> None:
    urls = {"a": "http://a.example/feed.xml", "b": "http://b.example/feed.xml"}
    with serve(route("a.example", "/feed.xml", KETTLE), route("b.example", "/feed.xml", KETTLE)) as origin:
        origin.clock = lambda: (kill_our_crawl(), MONDAY)[1]  # asked at every request
        place = ground(**mirrored(origin.url, **urls))
        counts = supervise.crawl_now(place.store, place.settings, ["feed"], MONDAY)

    for key in urls:
        assert counts[key]["errors"] == 1
        assert place.source(key).last_outcome == "error"
        assert place.source(key).last_error == "the crawl was killed by SIGKILL: it said nothing"


def test_hanging_crawl_is_ended(ground: Callable[..., Ground]) -> None:
    with silent() as url:
        place = ground(feeds={"slow": f"{url}/x"}, sources={"slow": {"base_url": f"{url}/x"}})
        counts = supervise.run_subprocess(
            place.store, place.settings, "feed", ["slow"], MONDAY, limit_seconds=1.5, grace_seconds=0.5
        )

    assert counts["slow"]["error"] == "the crawl was ended after 1.5 seconds"
    assert place.source("slow").last_outcome == "error"
    assert place.source("slow").last_error == "the crawl was ended after 1.5 seconds"


def test_deaf_process_is_killed() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    out, _, why = supervise.wait_for(child, 1, 0.3)

    assert (out, child.returncode) == ("up\n", -signal.SIGKILL)
    assert why == "the crawl was ended after 1 seconds"


def test_only_due_sources_are_visited(ground: Callable[..., Ground]) -> None:
    urls = {key: f"http://{key}.example/feed.xml" for key in ("due", "early", "off")}
    with serve(route("due.example", "/feed.xml", KETTLE)) as origin:
        place = ground(**mirrored(origin.url, **urls), sources={"off": {"enabled": False}})
        with place.store.write() as session:
            early = place.source("early")
            early.next_due_at = LATER
            session.add(early)
        counts = supervise.crawl_due(place.store, place.settings, MONDAY, "feed")

    wanted = {"requests": 1, "found": 1, "launches_new": 1, "tools_new": 1, "outcome": "ok"}
    assert list(counts) == ["due"]
    assert {name: counts["due"].get(name) for name in wanted} == wanted


def test_unknown_source_is_not_found(ground: Callable[..., Ground]) -> None:
    place = ground(feeds={"a": "http://a.example/feed.xml"})

    with pytest.raises(NotFound, match=r"There is no source gone; known are a, .*hackernews, homepage"):
        supervise.crawl_now(place.store, place.settings, ["a", "gone"], MONDAY)


def test_removed_feed_is_left_out(ground: Callable[..., Ground], tmp_path: Path) -> None:
    ground(feeds={"old": "http://old.example/", "off": "http://off.example/"})
    place = ground(
        feeds={"new": "http://new.example/", "off": "http://off.example/"}, sources={"off": {"enabled": False}}
    )
    chosen = supervise.choose(place.store, place.settings, ["feed"], MONDAY)

    assert [source.key for source in chosen] == ["new"]
    with pytest.raises(NotFound):
        supervise.choose(place.store, place.settings, ["old"], MONDAY)


def test_named_source_is_visited_though_disabled(ground: Callable[..., Ground]) -> None:
    place = ground(feeds={"off": "http://off.example/"}, sources={"off": {"enabled": False}})

    assert [source.key for source in supervise.choose(place.store, place.settings, ["off"], MONDAY)] == ["off"]


# ── the process ──────────────────────────────────────────────────────────────────────────────────


def test_unusable_configuration_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler.run", "feed", "--sources", "a", "--config", str(tmp_path / "none.toml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The configuration ") and done.stderr.count("\n") == 1


# ── the tools' own pages ─────────────────────────────────────────────────────────────────────────

HOME = '<title>Kettle</title><p>Answers in 40 ms on a laptop.</p><a href="/pricing">Pricing</a>'
PRICING = "<title>Pricing – Kettle</title><h2>Pro</h2><p>$29 per month</p><p>Keeps 99.9 % of answers under 40 ms.</p>"
RECORD = {"full_name": "acme/pan", "html_url": "https://github.com/acme/pan", "stargazers_count": 7}
PAGES = [
    route("kettle.example", "/", HOME, Content_Type="text/html"),
    route("kettle.example", "/pricing", PRICING, Content_Type="text/html"),
    route("dead.example", "/", "gone", status=410, Content_Type="text/html"),
    route("closed.example", "/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain"),
    route("failing.example", "/robots.txt", "oops", status=500),
    route("api.github.com", "/repos/acme/pan", json.dumps({"message": "rate limit"}), status=403),
]


@pytest.fixture(scope="module")
def own_pages(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Ground]:
    """One crawl of six tools, one of them well."""
    hosts = [one.host for one in PAGES]
    unread = {"availability": "unread", "last_read_at": None}
    with serve(*PAGES) as origin:
        crawl_table = {"delay_seconds": 0, "connect_to": dict.fromkeys(hosts, origin.url)}
        place = prepare(tmp_path_factory.mktemp("homepage"), migrated, crawl=crawl_table)
        with place.store.write() as session:
            for name in ("Kettle", "Dead", "Closed", "Failing"):
                make_tool(session, name, **unread)
            make_tool(session, "Inside", home_url="http://127.0.0.1:9/", **unread)
            make_tool(session, "Pan", home_url="https://github.com/acme/pan", repository="acme/pan", **unread)
        crawl(place, "homepage", "homepage")
    yield place
    place.store.close()


def tools(place: Ground) -> dict[str, Tool]:
    with place.store.read() as session:
        return {tool.name: tool for tool in session.exec(select(Tool))}


def test_own_pages_tell_who_lives(own_pages: Ground) -> None:
    assert {name: tool.availability for name, tool in tools(own_pages).items()} == {
        "Kettle": "alive",
        "Dead": "dead",
        "Closed": "closed to robots",
        "Failing": "unreachable",
        "Inside": "unreachable",
        "Pan": "unread",
    }


def test_limit_of_an_interface_says_nothing(own_pages: Ground) -> None:
    assert tools(own_pages)["Pan"].last_read_at is None
    assert "api.github.com/repos/acme/pan answered 403" in own_pages.crawl_of("homepage").error


def test_facts_of_all_pages_are_stored(own_pages: Ground) -> None:
    kettle = tools(own_pages)["Kettle"]
    with own_pages.store.read() as session:
        facts = session.exec(select(Fact).where(Fact.tool_id == kettle.id)).all()

    assert own_pages.crawl_of("homepage").facts_new == len(facts)
    assert any("29" in fact.value for fact in facts) and any("40 ms" in fact.quote for fact in facts)


def test_broken_pages_slow_no_other_tool(own_pages: Ground) -> None:
    source = own_pages.source("homepage")

    assert (source.last_outcome, source.failures_in_row) == ("partial", 0)
