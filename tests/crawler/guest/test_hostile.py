"""Crawls of servers that mean harm: what they were able to make us read, keep, follow or wait for."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
from scrapy.utils._compression import zstd  # the standard library's from Python 3.14 on

from tests.crawler.crawling import feed, prepare
from tests.crawler.guest import hostile
from tests.crawler.guest.hostile import (
    HostileServer,
    Report,
    answers,
    crawl_feeds,
    drips,
    never_ends,
    redirects,
    serving,
)

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
SOCKET_BUFFERS = 16 * MEGABYTE  # sent, but never read by us
GOOD = answers(feed("Show HN: Kettle – an AI agent").encode())
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/rss+xml\r\n"
ZEROS = bytes(16 * MEGABYTE)


def thin_brotli() -> bytes:
    """One gigabyte."""
    compressor = brotli.Compressor(quality=1)
    return b"".join(compressor.process(ZEROS) for _ in range(64)) + compressor.finish()


THIN = gzip.compress(ZEROS) * 64  # one gigabyte again
BULK = {
    "good": GOOD,
    "endless": never_ends(OK + b"\r\n", b"<rss>" * 100),
    "chunked": never_ends(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
    "framing": never_ends(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1;" + b"e" * 900 + b"\r\nx\r\n"),
    "boasts": never_ends(OK + b"Content-Length: 10000000000\r\n\r\n", b"x" * 1000),
    "understates": never_ends(OK + b"Content-Length: 10\r\n\r\n", b"x" * 1000),
    "header": never_ends(OK + b"X-Long: ", b"x" * 1000),
    "headers": never_ends(OK, b"X-More: " + b"x" * 90 + b"\r\n"),
    "folded": never_ends(OK + b"X-More: a\r\n", b" " + b"x" * 90 + b"\r\n"),
    "interim": never_ends(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "status": never_ends(b"HTTP/1.1 200 ", b"x" * 1000),
    "gzip": answers(THIN, Content_Encoding="gzip"),
    "br": answers(thin_brotli(), Content_Encoding="br"),
    "zstd": answers(zstd.compress(ZEROS) * 64, Content_Encoding="zstd"),
    "deflate": answers(THIN, Content_Encoding="deflate"),
    "twice": answers(gzip.compress(THIN), Content_Encoding="gzip, gzip"),
    "thrice": answers(gzip.compress(gzip.compress(THIN)), Content_Encoding="gzip, gzip, gzip"),
    "often": answers(b"<rss/>", Content_Encoding=", ".join(["gzip"] * 900)),
    "loop": redirects("http://loop.example{path}x"),
    "ftp": redirects("ftp://loop.example/feed.xml"),
    "disk": redirects("file:///etc/passwd"),
    "inline": redirects("data:application/rss+xml,<rss/>"),
    "bracket": redirects("http://[::1"),
    **{f"hop{n}": redirects(f"http://hop{(n + 1) % 9}.example/feed.xml") for n in range(9)},
}


@dataclass
class Visit:
    server: HostileServer
    report: Report

    def requests(self, prefix: str) -> list[str]:
        return [one for one in self.server.requests if one.startswith(prefix) and "robots.txt" not in one]


def visit_all(folder: Path, migrated: Path, server: HostileServer, **limits: object) -> Visit:
    keys = [host.removesuffix(".example") for host in server.behaviours if "@" not in host]
    feeds = {key: f"http://{key}.example/feed.xml" for key in keys}
    connect_to = {host: server.url for host in server.behaviours if "@" not in host}
    ground = prepare(folder, migrated, crawl={"delay_seconds": 0, "connect_to": connect_to}, feeds=feeds)
    ground.store.close()
    report = crawl_feeds(ground.settings.config_path, feeds, limits={"RETRY_TIMES": 0, **limits})
    return Visit(server, report)


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Visit]:
    with serving({f"{key}.example": behaviour for key, behaviour in BULK.items()}) as server:
        yield visit_all(tmp_path_factory.mktemp("bulk"), migrated, server)


def test_honest_neighbour_is_read(bulk: Visit) -> None:
    assert bulk.report.why("good") == ""
    assert bulk.requests("good.example") == ["good.example/feed.xml"]


@pytest.mark.parametrize(
    "key",
    ["endless", "chunked", "framing", "boasts", "understates", "header", "headers", "folded", "interim", "status"],
)
def test_answer_without_end_is_hung_up_on(bulk: Visit, key: str) -> None:
    assert bulk.server.sent[f"{key}.example"] < 2 * LARGEST + SOCKET_BUFFERS < hostile.MOST_SENT
    assert bulk.report.why(key)


@pytest.mark.parametrize("key", ["headers", "folded", "interim"])
def test_headers_without_end_are_named(bulk: Visit, key: str) -> None:
    assert f"http://{key}.example/feed.xml is refused: its headers do not end within 65536" in bulk.report.why(key)


@pytest.mark.parametrize("key", ["endless", "chunked", "boasts"])
def test_body_without_end_is_named(bulk: Visit, key: str) -> None:
    assert f"http://{key}.example/feed.xml is refused: its answer is larger than 5242880 bytes" in bulk.report.why(key)


def test_body_of_framing_is_named(bulk: Visit) -> None:
    assert "its answer takes more than 10551296 bytes on the wire" in bulk.report.why("framing")


@pytest.mark.parametrize("key", ["gzip", "br", "zstd", "twice"])
def test_gigabyte_in_disguise_is_refused(bulk: Visit, key: str) -> None:
    assert "exceeded DOWNLOAD_MAXSIZE (5242880 B) during decompression" in bulk.report.why(key)


@pytest.mark.parametrize(("key", "times"), [("thrice", 3), ("often", 900)])
def test_answer_compressed_too_often_is_refused(bulk: Visit, key: str, times: int) -> None:
    assert f"is compressed {times} times over" in bulk.report.why(key)


def test_gigabytes_leave_memory_as_it_was(bulk: Visit) -> None:
    assert bulk.report.grown_megabytes < 200


def test_redirects_end_after_five(bulk: Visit) -> None:
    assert len(bulk.requests("loop.example")) == 6
    assert "max redirections reached" in bulk.report.why("loop")


def test_redirects_across_hosts_end_too(bulk: Visit) -> None:
    assert "max redirections reached" in bulk.report.why("hop0")
    assert len(bulk.requests("hop8.example")) == 6  # its own visit, and those begun at hop3 to hop7


@pytest.mark.parametrize(
    ("key", "address"),
    [("ftp", "ftp://loop.example/feed.xml"), ("disk", "file:///etc/passwd"), ("inline", "data:application/rss+xml")],
)
def test_redirect_to_other_scheme_is_told(bulk: Visit, key: str, address: str) -> None:
    assert f"http://{key}.example/feed.xml answered 302 to {address}" in bulk.report.why(key)
    assert "not http or https" in bulk.report.why(key)


def test_redirect_to_rubbish_is_told(bulk: Visit) -> None:
    assert "http://bracket.example/feed.xml answered 302 to http://[::1" in bulk.report.why("bracket")


# ── time, and a site's share ─────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Visit]:
    behaviours = {
        "drop.example": drips(OK + b"\r\n", b"x"),
        "chunk.example": drips(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        "head.example": drips(OK, b"X-More: x\r\n"),
        "letter.example": drips(OK + b"X-More: ", b"x"),
        "greedy.example": redirects("http://greedy.example{path}x"),
        **{f"{name}.share.example": GOOD for name in "abc"},
    }
    limits = {"DOWNLOAD_TIMEOUT": 0.5, "API_LIMITS": {"requests": 4, "bytes": MEGABYTE, "seconds": 60}}
    with serving(behaviours) as server:
        yield visit_all(tmp_path_factory.mktemp("slow"), migrated, server, **limits)


@pytest.mark.parametrize("key", ["drop", "chunk", "head", "letter"])
def test_drip_ends_at_a_total_time(slow: Visit, key: str) -> None:
    assert f"Getting http://127.0.0.1:{slow.server.port}/feed.xml took longer than 0.5 seconds" in slow.report.why(key)
    assert slow.server.sent[f"{key}.example"] < 1000  # of the two thousand it had in store


def test_site_has_a_share_of_the_crawl(slow: Visit) -> None:
    assert len(slow.requests("greedy.example")) == 3  # and its robots.txt
    assert "http://greedy.example/feed.xmlxxx was left out: this crawl has made 4 requests" in slow.report.why("greedy")


def test_subdomains_share_one_allowance(slow: Visit) -> None:
    assert len([one for one in slow.server.requests if "share.example" in one]) == 4
    assert sum("was left out" in slow.report.why(f"{name}.share") for name in "abc") == 2
