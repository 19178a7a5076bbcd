"""The recorded week's origin: one loopback server that answers for every recorded host.

It looks at the Host header and at the demo's clock, so that a price can change on day three.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WEEK = Path(__file__).parent / "week"


@dataclass(frozen=True)
class Route:
    host: str
    path: str
    query: dict[str, str]
    status: int
    body: bytes
    headers: dict[str, str]
    from_at: datetime | None
    until_at: datetime | None

    def answers(self, host: str, path: str, query: dict[str, list[str]], now: datetime) -> bool:
        return (
            (self.host, self.path) == (host, path)
            and all(any(part in value for value in query.get(name, [])) for name, part in self.query.items())
            and (self.from_at is None or now >= self.from_at)
            and (self.until_at is None or now < self.until_at)
        )


def load_routes(folder: Path = WEEK) -> list[Route]:
    return [build_route(entry, folder) for entry in json.loads((folder / "routes.json").read_text(encoding="utf-8"))]


def build_route(entry: dict[str, Any], folder: Path) -> Route:
    moment = {key: datetime.fromisoformat(entry[key]) if entry.get(key) else None for key in ("from", "until")}
    return Route(
        host=entry["host"],
        path=entry["path"],
        query=entry.get("query", {}),
        status=entry.get("status", 200),
        body=(folder / entry["file"]).read_bytes() if entry.get("file") else b"",
        headers={"Content-Type": entry.get("type", "text/html; charset=utf-8"), **entry.get("headers", {})},
        from_at=moment["from"],
        until_at=moment["until"],
    )


@contextmanager
def serve_week(clock: Callable[[], datetime], routes: list[Route] | None = None) -> Iterator["Origin"]:
    origin = Origin(clock, load_routes() if routes is None else routes)
    thread = threading.Thread(target=origin.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield origin
    finally:
        origin.server.shutdown()
        origin.server.server_close()
        thread.join()


class Origin:
    def __init__(self, clock: Callable[[], datetime], routes: list[Route]) -> None:
        self.clock = clock
        self.routes = routes
        self.requests: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self))
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def hosts(self) -> set[str]:
        """Every recorded host, and the www. spelling of each: no name leaves this machine."""
        hosts = {route.host for route in self.routes}
        return hosts | {f"www.{host}" for host in hosts if not host.startswith("www.")}

    def find(self, host: str, target: str) -> Route | None:
        parts = urlsplit(target)
        query, now = parse_qs(parts.query), self.clock()
        return next((route for route in self.routes if route.answers(host, parts.path, query, now)), None)


def make_handler(origin: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the base class's name
            host = self.headers.get("Host", "").partition(":")[0].lower()
            origin.requests.append(f"{host}{self.path}")
            route = origin.find(host, self.path)
            if route is None:
                return self.answer(404, {"Content-Type": "text/plain"}, b"not recorded\n")
            etag = route.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                return self.answer(304, {"ETag": etag}, b"")
            return self.answer(route.status, route.headers, route.body)

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # the base class's name
            pass

    return Handler
