"""One real crawl of hostile, broken and busy sources: what was refused, and what was noted of each."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import Launch
from demo.origin import Origin
from tests.crawler.crawling import Ground, crawl, feed, prepare, route, serve
from tests.factories import MONDAY

MEGABYTE = 1024 * 1024
SECRET = route("127.0.0.1", "/feed.xml", feed("Show HN: Secret – an AI agent", host="secret.example"))
# Spellings of 127.0.0.1 which are no literal address, but which a resolver takes for one.
SPELLINGS = {"decimal": "2130706433", "octal": "0177.0.0.1", "hexadecimal": "0x7f000001", "short": "127.1"}


@dataclass
class Visit:
    ground: Ground
    mirror: Origin  # stands in for every *.example
    secret: Origin  # another service of this machine, which nobody may reach
    own: Origin  # the base_url of one source
    stdout: str
    stderr: str

    def error(self, key: str) -> str:
        return self.ground.source(key).last_error or ""

    def outcome(self, key: str) -> str | None:
        return self.ground.source(key).last_outcome


def hostile_routes(secret: str, local_file: Path) -> list:
    return [
        route("good.example", "/feed.xml", feed("Show HN: Kettle – an AI agent", "Show HN: Pot – a garden shed")),
        route("away.example", "/feed.xml", status=302, Location=f"{secret}/feed.xml"),
        route("named.example", "/feed.xml", status=302, Location="http://localhost/feed.xml"),
        route("port.example", "/feed.xml", status=302, Location="http://elsewhere.test:8080/feed.xml"),
        route("user.example", "/feed.xml", status=302, Location="http://ada:pw@user2.test/feed.xml"),
        route("file.example", "/feed.xml", status=302, Location=local_file.as_uri()),
        route("refresh.example", "/feed.xml", refresh(secret), Content_Type="text/html"),
        route("robots.example", "/robots.txt", status=302, Location=f"{secret}/feed.xml"),
        route("robots.example", "/feed.xml", feed("Show HN: Pan – an AI agent")),
        route("closed.example", "/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain"),
        route("closed.example", "/feed.xml", feed("Show HN: Pan – an AI agent")),
        route("big.example", "/feed.xml", b"<rss>" + b" " * 6 * MEGABYTE),
        route("bomb.example", "/feed.xml", gzip.compress(b" " * 40 * MEGABYTE), Content_Encoding="gzip"),
        route("path.example", "/feed.xml", str(local_file)),
        route("empty.example", "/feed.xml", feed()),
        route("broken.example", "/feed.xml", "<html><body>We moved", Content_Type="text/html"),
        route("seconds.example", "/feed.xml", status=429, Retry_After="7200"),
        route("date.example", "/feed.xml", status=503, Retry_After="Mon, 16 Nov 2026 15:00:00 GMT"),
        route("forever.example", "/feed.xml", status=429, Retry_After="99999999"),
        route("nonsense.example", "/feed.xml", status=429, Retry_After="\u00b2"),
    ]


def refresh(secret: str) -> str:
    return f'<html><head><meta http-equiv="refresh" content="0; url={secret}/feed.xml"></head></html>'


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("refusals")
    (folder / "local.xml").write_text(feed("Show HN: Local – an AI agent", host="local.example"))
    own_feed = route("127.0.0.1", "/own.xml", feed("Show HN: Own – an AI agent", host="own.example"))
    with serve(SECRET) as secret, serve(own_feed) as own:
        routes = hostile_routes(secret.url, folder / "local.xml")
        hosts = sorted({one.host for one in routes})
        with serve(*routes) as mirror:
            back = route("back.example", "/feed.xml", status=302, Location=f"{mirror.url}/feed.xml")
            mirror.routes.append(back)
            feeds = {host.partition(".")[0]: f"http://{host}/feed.xml" for host in [*hosts, back.host]}
            feeds |= {key: f"http://{spelling}/feed.xml" for key, spelling in SPELLINGS.items()}
            ground = prepare(
                folder,
                migrated,
                crawl={"delay_seconds": 0, "connect_to": dict.fromkeys([*hosts, back.host], mirror.url)},
                feeds=feeds | {"own": "https://own.example/feed.xml"},
                sources={"own": {"base_url": f"{own.url}/own.xml"}},
            )
            done = crawl(ground, "feed", *feeds, "own")
            yield Visit(ground, mirror, secret, own, done.stdout, done.stderr)
    ground.store.close()


def test_nothing_private_was_reached(visit: Visit) -> None:
    assert visit.secret.requests == []


def test_only_public_launches_are_stored(visit: Visit) -> None:
    with visit.ground.store.read() as session:
        names = set(session.exec(select(Launch.name)))

    assert names == {"Kettle", "Pot", "Own"}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("away", "127.0.0.1:"),
        ("back", "127.0.0.1:"),
        ("refresh", "127.0.0.1:"),
        ("port", "only ports 80 and 443 are visited"),
        ("robots", "its robots.txt cannot be had, which is no permission (127.0.0.1:"),
        ("named", "localhost"),
        ("closed", "Forbidden by robots.txt"),
        ("big", "could not be read"),
        ("bomb", "could not be read"),
        ("path", "is not a readable feed"),
        ("file", "answered 302"),
        ("broken", "is a web page, not a feed"),
        ("seconds", "answered 429"),
        ("date", "answered 503"),
        *((key, "its robots.txt cannot be had") for key in SPELLINGS),
    ],
)
def test_refusal_is_told_on_its_source(visit: Visit, key: str, why: str) -> None:
    assert why in visit.error(key)
    assert visit.outcome(key) == ("blocked" if key in ("closed", "seconds") else "error")


def test_password_in_redirect_goes_nowhere(visit: Visit) -> None:
    assert visit.outcome("user") == "error"
    assert not any("user2" in request for request in visit.mirror.requests)


@pytest.mark.parametrize("name", ["localhost", *SPELLINGS.values()])
def test_name_that_resolves_inside_is_refused(visit: Visit, name: str) -> None:
    assert f"host={name} address=127.0.0.1 refused=not-public" in visit.stderr


def test_mirrored_source_keeps_its_real_name(visit: Visit) -> None:
    assert "good.example/feed.xml" in visit.mirror.requests
    assert visit.ground.source("good").url == "http://good.example/feed.xml"


def test_base_url_on_loopback_serves_its_source(visit: Visit) -> None:
    assert visit.outcome("own") == "ok"
    assert "127.0.0.1/own.xml" in visit.own.requests


def test_robots_rule_is_obeyed(visit: Visit) -> None:
    assert [request for request in visit.mirror.requests if "closed" in request] == ["closed.example/robots.txt"]


def test_answer_with_nothing_in_it_is_empty(visit: Visit) -> None:
    assert visit.outcome("empty") == "empty"
    assert visit.error("empty") == "it answered, but nothing in the answer could be read"


@pytest.mark.parametrize(
    ("key", "wait"),
    [
        ("seconds", timedelta(hours=2)),
        ("date", timedelta(hours=6)),
        ("forever", timedelta(hours=24)),
    ],
)
def test_asked_wait_is_remembered(visit: Visit, key: str, wait: timedelta) -> None:
    source = visit.ground.source(key)

    assert source.retry_at is not None and source.next_due_at is not None
    assert abs(source.retry_at - MONDAY - wait) < timedelta(minutes=2)
    assert source.next_due_at >= source.retry_at


def test_nonsense_wait_breaks_nothing(visit: Visit) -> None:
    assert "answered 429" in visit.error("nonsense")
    assert visit.ground.source("nonsense").retry_at < MONDAY + timedelta(minutes=17)


def test_broken_sources_harm_no_other(visit: Visit) -> None:
    crawl = visit.ground.crawl_of("good")

    assert (crawl.outcome, crawl.launches_new, crawl.errors) == ("ok", 2, 0)


def test_visit_keeps_its_figures(visit: Visit) -> None:
    crawl = visit.ground.crawl_of("good")

    assert (crawl.requests, crawl.unchanged, crawl.tools_new) == (1, 0, 1)
    assert crawl.started_at == MONDAY < crawl.finished_at
    assert crawl.stats["finish_reason"] == "finished"
    assert crawl.stats["response_received_count"] > 20


def test_stdout_is_one_document(visit: Visit) -> None:
    counts = json.loads(visit.stdout)

    assert visit.stdout.count("\n") == 1
    assert counts["good"]["launches_new"] == 2
    assert counts["away"]["errors"] == 1
