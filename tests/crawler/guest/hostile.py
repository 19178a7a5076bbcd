"""Servers that mean harm, on loopback, and a crawl of them in a process of its own that tells what it was like.

`python -m tests.crawler.guest.hostile` is that process. It can believe in other names and addresses than the machine
has.
"""

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import ROOT, load_settings
from tests.factories import MONDAY

MEGABYTE = 1024 * 1024
MOST_SENT = 48 * MEGABYTE  # where an "endless" answer ends after all, so that a broken limit is a failing test


class Gone(Exception):
    """The other side has hung up."""


@dataclass
class Peer:
    """One request, as the server sees it."""

    server: "HostileServer"
    connection: socket.socket
    host: str
    path: str

    def send(self, content: bytes) -> None:
        try:
            self.connection.sendall(content)
        except OSError as exc:
            raise Gone from exc
        self.server.sent[self.host] += len(content)

    def answer(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in {"Content-Length": str(len(body)), **named}.items()]
        head = "\r\n".join([f"HTTP/1.1 {status} x", "Content-Type: application/rss+xml", "Connection: close", *lines])
        self.send(f"{head}\r\n\r\n".encode("latin-1") + body)


Behaviour = Callable[[Peer], None]


@dataclass
class HostileServer:
    """A thread a connection; what it does depends on the Host asked for. robots.txt is missing unless told."""

    behaviours: dict[str, Behaviour]
    wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain
    sent: Counter[str] = field(default_factory=Counter)
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> "HostileServer":
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, plain: socket.socket) -> None:
        plain.settimeout(30)
        with contextlib.suppress(Gone, OSError), plain, self.wrap(plain) as connection:
            head = connection.recv(65536).decode("latin-1")
            host = next((line[5:].strip() for line in head.split("\r\n") if line.lower().startswith("host:")), "")
            peer = Peer(self, connection, host.partition(":")[0].lower(), head.split(" ")[1])
            self.requests.append(f"{peer.host}{peer.path}")
            key = f"robots@{peer.host}" if peer.path == "/robots.txt" else peer.host
            self.behaviours.get(key, lambda one: one.answer(status=404))(peer)


# ── what they do ─────────────────────────────────────────────────────────────────────────────────


def answers(body: bytes, **headers: str) -> Behaviour:
    return lambda peer: peer.answer(body, **headers)


def redirects(location: str, status: int = 302) -> Behaviour:
    return lambda peer: peer.answer(status=status, Location=location.replace("{path}", peer.path))


def never_ends(start: bytes, again: bytes) -> Behaviour:
    """`start`, then `again` for as long as it is listened to."""
    block = again * max(1, 65536 // len(again))

    def behave(peer: Peer) -> None:
        peer.send(start)
        while peer.server.sent[peer.host] < MOST_SENT:
            peer.send(block)

    return behave


def drips(start: bytes, again: bytes) -> Behaviour:
    """The same, a drop at a time, and for 400 drops at most."""

    def behave(peer: Peer) -> None:
        pause = threading.Event()
        peer.send(start)
        for _ in range(400):
            peer.send(again)
            pause.wait(0.05)

    return behave


# ── the crawl's side ─────────────────────────────────────────────────────────────────────────────


@dataclass
class Report:
    problems: dict[str, list[str]]
    counts: dict[str, dict[str, int]]
    connected: list[str]  # host:port as the reactor was told
    grown_megabytes: float
    stderr: str

    def why(self, key: str) -> str:
        return " | ".join(self.problems.get(key, []))


def crawl_feeds(config: Path, feeds: dict[str, str], environ: dict[str, str] | None = None, **belief: Any) -> Report:
    """
    Args:
        belief: `limits` (Scrapy settings over ours), `names` (name → its answers, one after another) and
            `stand_ins` ("address:port" → the port on this machine that plays it).
    """
    command = [sys.executable, "-m", "tests.crawler.guest.hostile", str(config), json.dumps({"feeds": feeds, **belief})]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **(environ or {})}
    )
    assert done.returncode == 0, done.stderr
    return Report(**json.loads(done.stdout.splitlines()[-1]), stderr=done.stderr)


def main(config: str, belief: dict[str, Any]) -> dict[str, Any]:
    from crawler.context import CrawlContext, running_clock
    from crawler.run import run_spider
    from db.session import open_store

    settings = load_settings(Path(config), environ={})
    context = CrawlContext(settings, open_store(settings.store_url), running_clock(MONDAY), belief["feeds"])
    connected = believe(belief.get("names"), belief.get("stand_ins", {}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run_spider(context, "feed", belief.get("limits"))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "problems": {key: context.tally(key).problems for key in context.sources},
        "counts": {key: dict(context.tally(key).counts) for key in context.sources},
        "connected": connected,
        "grown_megabytes": grown / 1024,
    }


def believe(names: dict[str, list[list[str]]] | None, stand_ins: dict[str, int]) -> list[str]:
    """Puts a name service and a route to its addresses under the reactor; the list fills with what is connected."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    connected: list[str] = []
    connect = reactor.connectTCP

    def connect_stand_in(host: str, port: int, *rest: Any, **named: Any) -> Any:
        connected.append(f"{host}:{port}")
        port = stand_ins.get(f"{host}:{port}", port if names is None else 1)
        return connect("127.0.0.1", port, *rest, **named)

    reactor.connectTCP = connect_stand_in  # type: ignore[method-assign]
    if names is not None:
        reactor.installNameResolver(ScriptedNames(names))
    return connected


class ScriptedNames:
    """A name service that may answer differently each time; numbers are read as the machine would."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self.names = names
        self.asked: Counter[str] = Counter()

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any, **__: Any) -> Any:
        from twisted.internet.address import IPv4Address, IPv6Address

        receiver.resolutionBegan(self)
        for address in self.answer(name):
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        receiver.resolutionComplete()
        return self

    def answer(self, name: str) -> list[str]:
        script = self.names.get(name)
        if script is not None:
            self.asked[name] += 1
            return script[min(self.asked[name], len(script)) - 1]
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except OSError:
            return []
        return [str(one[4][0]) for one in found]

    def cancel(self) -> None:
        """Part of the interface; the answers are there at once."""


@contextlib.contextmanager
def serving(behaviours: dict[str, Behaviour], **options: Any) -> Iterator[HostileServer]:
    with HostileServer(behaviours, **options) as server:
        yield server


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
