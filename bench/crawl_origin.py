"""The crawl's origin: launch pages over ten hosts and tool sites of two pages, on loopback, in a process of its own.

Everything is made from a number, so nothing is kept; an unchanged page answers 304 to its own ETag.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

HOSTS = 10
TODAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WORDS = (
    "The agent reads a repository, plans a change and opens a pull request that a person reviews before it is merged. "
)
NAMES = "Kettle Pan Emberloaf Larder Whisk Skillet Trivet Ladle Colander Thermos".split()
COUNTS = "counts.example"


def launch_url(number: int) -> tuple[str, str]:
    """(host, path) of a launch page."""
    return f"wire-{number % HOSTS}.example", f"/news/launch-{number}"


def launch_day(number: int) -> datetime:
    return TODAY - timedelta(days=number // HOSTS % 7, minutes=number % 600)


def launch_page(number: int) -> bytes:
    name, day = f"{NAMES[number % len(NAMES)]} {number}", launch_day(number).isoformat()
    title = f"Introducing {name}: an AI coding agent for teams"
    structured = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": day})
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Wire</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta property="og:description" content="{name} is an open-source AI agent that writes and tests code.">'
        f'<meta property="article:published_time" content="{day}">'
        f'<script type="application/ld+json">{structured}</script></head><body><article><h1>{title}</h1>'
        f'<time datetime="{day}">{day[:10]}</time>{paragraphs(58, number)}</article></body></html>'
    ).encode()


def tool_page(number: int) -> bytes:
    name = f"{NAMES[number % len(NAMES)]} Site {number}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name} – AI agent for code</title>'
        f'<meta name="description" content="{name} is an AI coding agent for teams."></head><body><header><nav>'
        f'<a href="/docs">Docs</a> <a href="/pricing">Pricing</a></nav></header><main><h1>{name}</h1>'
        f"<p>Answers in {20 + number % 50} ms on a laptop. Free plan for 3 seats. MIT licence.</p>"
        f"{paragraphs(90, number)}</main></body></html>"
    ).encode()


def pricing_page(number: int) -> bytes:
    plans = "".join(
        f"<section><h2>{plan}</h2><p>${amount} per seat per month</p><ul><li>{seats} seats</li>"
        f"<li>{seats * 1000} requests a month</li></ul></section>"
        for plan, amount, seats in (("Starter", 9 + number % 9, 3), ("Pro", 29 + number % 9, 10), ("Team", 99, 50))
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pricing – Site {number}</title></head>'
        f"<body><main><h1>Pricing</h1>{plans}{paragraphs(50, number)}</main></body></html>"
    ).encode()


def paragraphs(count: int, number: int) -> str:
    return "".join(f"<p>{WORDS}{number + n}</p>" for n in range(count))


def sitemap(host: int, launches: int) -> bytes:
    rows = "".join(
        f"<url><loc>http://{launch_url(number)[0]}{launch_url(number)[1]}</loc>"
        f"<lastmod>{launch_day(number).isoformat()}</lastmod></url>"
        for number in range(host, launches, HOSTS)
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


# ── the server ───────────────────────────────────────────────────────────────────────────────────


class Origin:
    """What is served, and how much of it since the last count."""

    def __init__(self, launches: int) -> None:
        self.launches = launches
        self.requests = self.bytes = 0
        self.made: dict[tuple[str, str], bytes] = {}

    def answer(self, host: str, path: str, tag: str) -> bytes:
        if host == COUNTS:
            return self.count()
        self.requests += 1
        body = self.made.get((host, path))
        if body is None:
            body = self.made[host, path] = self.make(host, path)
        if not body:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        own_tag = f'"{len(body)}-{path}"'
        if tag == own_tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {own_tag}\r\n\r\n".encode()
        self.bytes += len(body)
        kind = "text/plain" if path == "/robots.txt" else "application/xml" if path.endswith(".xml") else "text/html"
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nETag: {own_tag}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def make(self, host: str, path: str) -> bytes:
        kind, _, number = host.removesuffix(".example").partition("-")
        if path == "/robots.txt":
            return b"User-agent: *\nDisallow: /private/\n"
        if kind == "wire":
            last = path.rpartition("-")[2]
            return sitemap(int(number), self.launches) if path == "/sitemap.xml" else launch_page(int(last))
        pages = {"/": tool_page, "/pricing": pricing_page}
        return pages[path](int(number)) if path in pages else b""

    def count(self) -> bytes:
        body = json.dumps({"requests": self.requests, "bytes": self.bytes}).encode()
        self.requests = self.bytes = 0
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class Talk(asyncio.Protocol):
    """One connection, kept alive; GET only."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, received: bytes) -> None:
        *heads, self.pending = (self.pending + received).split(b"\r\n\r\n")
        for head in heads:
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            host = headers.get("host", "").partition(":")[0]
            self.transport.write(self.origin.answer(host, first.split(" ")[1], headers.get("if-none-match", "")))


async def serve(launches: int) -> None:
    origin = Origin(launches)
    server = await asyncio.get_running_loop().create_server(lambda: Talk(origin), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def running_origin(launches: int) -> Iterator[int]:
    """Yields its port."""
    command = [sys.executable, "-m", "bench.crawl_origin", str(launches)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(10)
        if child.stdout:
            child.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
