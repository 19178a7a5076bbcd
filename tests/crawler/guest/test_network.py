"""Which addresses may be visited, and how long the other side may ask us to wait."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response
from twisted.internet.address import IPv4Address, IPv6Address

from config import Settings
from crawler.guest.network import (
    GuardedHandler,
    GuardedResolver,
    Refused,
    check_address,
    check_answer,
    is_public,
    mirrored,
    trusted_hosts,
)

SPECIAL = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
    "255.255.255.255/32 ::/128 ::1/128 ::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32 "
    "2001:2::/48 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
).split()
PUBLIC = ("8.8.8.8", "1.1.1.1", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1")


@pytest.mark.parametrize("block", SPECIAL)
def test_special_range_is_never_public(block: str) -> None:
    network = ipaddress.ip_network(block)

    assert not is_public(str(network[0]))
    assert not is_public(str(network[-1]))
    assert not is_public(str(network[network.num_addresses // 2]))


@given(st.sampled_from([block for block in SPECIAL if "." in block]), st.integers(0, 2**28))
def test_mapped_special_address_is_not_public(block: str, n: int) -> None:
    network = ipaddress.ip_network(block)
    address = network[n % network.num_addresses]

    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",  # the metadata service of the clouds
        "fd00:ec2::254",
        "64:ff9b::a9fe:a9fe",  # the same through NAT64
        "2002:7f00:1::1",  # 127.0.0.1 through 6to4
        "::127.0.0.1",
        "fe80::1%eth0",
        "::1%lo",
        "localhost",
        "2130706433",
        "",
    ],
)
def test_well_known_way_inside_is_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_may_be_visited(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://kettle.example:8080/", "only ports 80 and 443"),
        ("https://kettle.example:22/", "only ports 80 and 443"),
        ("http://kettle.example:99999/", "no usable port"),
        ("ftp://kettle.example/", "not http or https"),
        ("file:///etc/passwd", "not http or https"),
        ("http://ada@kettle.example/", "carries a user name"),
        ("http://:pw@kettle.example/", "carries a user name"),
        ("http://127.0.0.1/", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://[::ffff:169.254.169.254]/", "not a public address"),
        ("https://192.168.1.1/", "not a public address"),
    ],
)
def test_address_is_refused_with_its_reason(url: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        check_address(url, set())


@pytest.mark.parametrize(
    "url", ["https://kettle.example/", "http://kettle.example:80/a", "https://kettle.example:443/", "http://8.8.8.8/"]
)
def test_open_address_may_be_visited(url: str) -> None:
    check_address(url, set())


def test_trusted_origin_is_trusted_whole_only() -> None:
    trusted = {"http://127.0.0.1:9000"}

    check_address("http://127.0.0.1:9000/feed.xml", trusted)
    for other in ("http://127.0.0.1:9001/", "http://127.0.0.1/", "https://127.0.0.1:9000/", "http://a@127.0.0.1:9000/"):
        with pytest.raises(Refused):
            check_address(other, trusted)


def test_no_page_may_name_a_mirror() -> None:
    with pytest.raises(Refused, match="a mirror's own address"):
        check_address("http://mirror.lan/", set(), {"mirror.lan:80"})
    check_address("https://mirror.lan/", set(), {"mirror.lan:80"})


# ── what a name resolves to ──────────────────────────────────────────────────────────────────────


@dataclass
class Heard:
    """A receiver that remembers the addresses it was told."""

    addresses: list[str] = field(default_factory=list)
    is_complete: bool = False

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.is_complete = True


@dataclass
class MachineResolver:
    """This machine's own resolver, asked at once; `answers` holds names it knows beside."""

    answers: dict[str, list[str]] = field(default_factory=dict)

    def resolveHostName(self, receiver: Any, host: str, port: int, types: object, semantics: str) -> None:
        for address in self.answers.get(host) or {found[4][0] for found in socket.getaddrinfo(host, port)}:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()


def resolve(host: str, port: int = 80, trusted: tuple[str, ...] = (), **answers: list[str]) -> Heard:
    heard = Heard()
    GuardedResolver(MachineResolver(answers), frozenset(trusted)).resolveHostName(heard, host, port)
    return heard


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0"])
def test_no_spelling_of_loopback_resolves(host: str) -> None:
    heard = resolve(host)

    assert heard.addresses == []
    assert heard.is_complete


def test_public_half_of_an_answer_is_kept() -> None:
    assert resolve("mixed", mixed=["10.0.0.1", "8.8.8.8", "::ffff:127.0.0.1"]).addresses == ["8.8.8.8"]


def test_refused_name_is_remembered_with_its_address() -> None:
    resolver = GuardedResolver(MachineResolver({"inside": ["10.0.0.1"]}), frozenset())
    resolver.resolveHostName(Heard(), "inside", 80)

    assert resolver.refused == {"inside": "10.0.0.1"}


def test_trust_is_for_one_port_of_a_host() -> None:
    assert resolve("localhost", 9000, ("localhost:9000",)).addresses
    assert resolve("localhost", 80, ("localhost:9000",)).addresses == []


def test_base_url_is_trusted_by_its_own_spider() -> None:
    settings = Settings.model_validate(
        {
            "crawl": {"connect_to": {"kettle.example": "http://127.0.0.1:9001"}},
            "sources": {"github": {"base_url": "http://10.0.0.5"}, "hackernews": {"base_url": "https://hn.lan"}},
        }
    )

    assert set(trusted_hosts(settings, "hackernews")) == {"127.0.0.1:9001", "hn.lan:443"}
    assert set(trusted_hosts(settings, "homepage")) == {"127.0.0.1:9001", "10.0.0.5:80"}
    assert set(trusted_hosts(settings, "feed")) == {"127.0.0.1:9001"}


@pytest.mark.parametrize(
    "spelling", ["http://127.1/", "http://MIRROR.lan./", "http://0x7f.1/", "http://127.0.0.1./", "http://other.lan/"]
)
def test_mirror_is_closed_under_every_name(spelling: str) -> None:
    """What check_address lets by, the resolver does not trust: trust is for the name the operator wrote."""
    trusted, closed = ("127.0.0.1:80", "mirror.lan:80"), {"127.0.0.1:80", "mirror.lan:80"}
    check_address(spelling, set(), closed)
    host = spelling.split("/")[2].lower()

    assert resolve(host, 80, trusted, **{host: ["127.0.0.1"]}).addresses == []


@pytest.mark.parametrize(
    "location", ["ftp://kettle.example/a", "file:///etc/passwd", "data:text/html,x", "http://[::1"]
)
def test_redirect_elsewhere_than_http_is_refused(location: str) -> None:
    with pytest.raises(Refused, match=r"https://kettle\.example/ answered 302 to .*: not http or https"):
        check_answer(Response("https://kettle.example/", status=302, headers={"Location": location}))


@pytest.mark.parametrize("location", ["/a", "?b", "//pot.example/", "https://pot.example/", ""])
def test_redirect_within_http_is_left_alone(location: str) -> None:
    check_answer(Response("https://kettle.example/", status=302, headers={"Location": location}))


@pytest.mark.parametrize("values", [["gzip, br, gzip"], ["gzip", "gzip, deflate"], ["gzip", "gzip", "gzip"]])
def test_answer_compressed_too_often_is_refused(values: list[str]) -> None:
    with pytest.raises(Refused, match="is compressed 3 times over"):
        check_answer(Response("https://kettle.example/", headers={"Content-Encoding": values}))


def test_refused_request_costs_its_seconds_too() -> None:
    handler = GuardedHandler.__new__(GuardedHandler)  # without a reactor: nothing is connected
    handler.mirrors, handler.trusted, handler.closed = {}, set(), set()
    request = Request("http://127.0.0.1/")

    with pytest.raises(Refused):
        asyncio.run(handler.download_request(request))
    assert request.meta["download_seconds"] >= 0


def test_mirror_is_told_the_real_host() -> None:
    sent = mirrored(Request("https://Kettle.example/a?b=1#c"), "http://127.0.0.1:9000")

    assert sent.url == "http://127.0.0.1:9000/a?b=1"
    assert sent.headers["Host"].lower() == b"kettle.example"
    assert sent.headers["X-Forwarded-Proto"] == b"https"
