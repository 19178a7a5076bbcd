"""Where a crawl connects when names, redirects, spellings and certificates lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawler.crawling import feed, prepare
from tests.crawler.guest.certificates import tls_side
from tests.crawler.guest.hostile import HostileServer, Report, answers, crawl_feeds, redirects, serving

GOOD = answers(feed("Show HN: Kettle – an AI agent").encode())
PUBLIC, SECOND, INSIDE = "93.184.215.14", "2606:4700::1111", "127.0.0.1"
NAMES = {
    "steady": [[PUBLIC]],
    "rebinds": [[PUBLIC], [INSIDE]],
    "mixed": [[INSIDE, PUBLIC, "::1"]],
    "inside": [[INSIDE]],
    "clouds": [["169.254.169.254"]],
    "mapped": [["::ffff:127.0.0.1"]],
    "nat64": [["64:ff9b::7f00:1"]],
    "sixtofour": [["2002:7f00:1::1"]],
    "hop": [[PUBLIC]],
    "refresh": [[PUBLIC]],
    "port": [[PUBLIC]],
    "login": [[PUBLIC]],
    "robots": [[PUBLIC]],
    "literal": [[PUBLIC]],
}
SPELLINGS = {
    "decimal": "2130706433",
    "hexadecimal": "0x7f.1",
    "octal": "0177.0.0.01",
    "short": "127.1",
    "dotted": "127.0.0.1.",
    "zero": "0",
    "wide": "１２７.0.0.1",
    "v6": "[::1]",
    "v4in6": "[::ffff:127.0.0.1]",
    "nat": "[64:ff9b::7f00:1]",
    "tunnel": "[2002:7f00:1::]",
    "zone": "[fe80::1%25lo]",
}
REFRESH = b'<html><head><meta http-equiv="refresh" content="0; url=http://inside.example/"></head></html>'
HOSTS = {
    "steady.example": GOOD,
    "rebinds.example": GOOD,
    "mixed.example": GOOD,
    "hop.example": redirects("http://inside.example/feed.xml"),
    "literal.example": redirects("http://127.0.0.1/feed.xml"),
    "refresh.example": answers(REFRESH, Content_Type="text/html"),
    "port.example": redirects("http://steady.example:22/feed.xml"),
    "login.example": redirects("http://ada:pw@steady.example/feed.xml"),
    "robots@robots.example": redirects("http://inside.example/robots.txt"),
    "robots.example": GOOD,
    "sni.example": GOOD,
    "self.example": GOOD,
    "wrong.example": GOOD,
}


@dataclass
class Names:
    outside: HostileServer  # plays the public address
    secure: HostileServer  # its port 443
    inside: HostileServer  # plays this machine's own port 80, which nobody may reach
    asked_names: list[str]
    report: Report


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Names]:
    folder = tmp_path_factory.mktemp("names")
    heard: list[str] = []
    tls = tls_side(folder, heard)
    secure_names = ("sni", "self", "wrong")
    feeds = {key: f"http://{key}.example/feed.xml" for key in NAMES}
    feeds |= {key: f"https://{key}.example/feed.xml" for key in secure_names}
    feeds |= {key: f"http://{host}/feed.xml" for key, host in SPELLINGS.items()}
    script = {f"{key}.example": answer for key, answer in NAMES.items()}
    script |= {f"{key}.example": [[PUBLIC]] for key in secure_names}
    ground = prepare(folder, migrated, feeds=feeds)
    ground.store.close()

    def over_tls(plain):
        return tls.wrap_socket(plain, server_side=True)

    with serving(HOSTS) as outside, serving(HOSTS, wrap=over_tls) as secure, serving({}) as inside:
        ports = {f"{PUBLIC}:80": outside.port, f"{PUBLIC}:443": secure.port}
        ports |= {f"{host}:80": inside.port for host in (INSIDE, "::1", "0.0.0.0", "::ffff:127.0.0.1")}
        report = crawl_feeds(
            ground.settings.config_path,
            feeds,
            {"SSL_CERT_FILE": str(folder / "authority.example")},
            names=script,
            stand_ins=ports,
            limits={"RETRY_TIMES": 0},
        )
        yield Names(outside, secure, inside, heard, report)


def test_only_the_checked_address_is_connected(names: Names) -> None:
    assert set(names.report.connected) == {f"{PUBLIC}:80", f"{PUBLIC}:443"}
    assert names.inside.connections == 0


def test_public_name_is_read_under_its_name(names: Names) -> None:
    assert names.report.why("steady") == ""
    assert "steady.example/feed.xml" in names.outside.requests


def test_name_that_rebinds_is_refused(names: Names) -> None:
    assert "rebinds.example/robots.txt" in names.outside.requests
    assert "rebinds.example/feed.xml" not in names.outside.requests
    assert "rebinds.example resolves to 127.0.0.1, which is not a public address" in names.report.why("rebinds")


def test_mixed_answer_leads_outside_only(names: Names) -> None:
    assert names.report.why("mixed") == ""
    assert "mixed.example/feed.xml" in names.outside.requests


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("hop", "inside.example resolves to 127.0.0.1, which is not a public address"),
        ("refresh", "inside.example resolves to 127.0.0.1, which is not a public address"),
        ("robots", "inside.example resolves to 127.0.0.1, which is not a public address"),
        ("inside", "inside.example resolves to 127.0.0.1, which is not a public address"),
        ("clouds", "clouds.example resolves to 169.254.169.254, which is not a public address"),
        ("mapped", "mapped.example resolves to ::ffff:127.0.0.1, which is not a public address"),
        ("nat64", "nat64.example resolves to 64:ff9b::7f00:1, which is not a public address"),
        ("sixtofour", "sixtofour.example resolves to 2002:7f00:1::1, which is not a public address"),
        ("literal", "127.0.0.1 is refused: not a public address"),
        ("port", "steady.example:22 is refused: only ports 80 and 443 are visited"),
        ("login", "an address of steady.example carries a user name"),
    ],
)
def test_way_inside_is_refused_by_name(names: Names, key: str, why: str) -> None:
    assert why in names.report.why(key)


@pytest.mark.parametrize("key", SPELLINGS)
def test_no_spelling_of_loopback_is_visited(names: Names, key: str) -> None:
    assert names.report.why(key)
    assert names.report.counts[key].get("parsed", 0) == 0


def test_secure_name_is_asked_for_and_verified(names: Names) -> None:
    assert names.report.why("sni") == ""
    assert set(names.asked_names) == {"sni.example", "self.example", "wrong.example"}
    assert names.secure.requests == ["sni.example/robots.txt", "sni.example/feed.xml"]


@pytest.mark.parametrize(
    ("key", "why"), [("self", "cannot be trusted (certificate verify failed)"), ("wrong", "is for another name")]
)
def test_certificate_of_another_is_refused(names: Names, key: str, why: str) -> None:
    assert f"https://{key}.example/robots.txt is refused: its certificate {why}" in names.report.why(key)
    assert not any(key in one for one in names.secure.requests)
