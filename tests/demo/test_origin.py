"""The recorded origin answers for every recorded host, at the demo's moment."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from demo.origin import WEEK, Origin, load_routes, serve_week
from tests.fakes import FakeClock

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def origin(clock: FakeClock) -> Iterator[Origin]:
    with serve_week(clock) as origin:
        yield origin


def get(origin: Origin, host: str, path: str, **headers: str) -> bytes:
    with urlopen(Request(origin.url + path, headers={"Host": host, **headers}), timeout=5) as answer:
        return answer.read()


def test_the_host_header_chooses_the_page(origin: Origin) -> None:
    assert b"Tracewell" in get(origin, "tracewell.example", "/")
    assert b"Nearfold" in get(origin, "nearfold.example", "/")


def test_a_price_changes_with_the_clock(origin: Origin, clock: FakeClock) -> None:
    before = get(origin, "tracewell.example", "/pricing")
    clock.now = THURSDAY

    after = get(origin, "tracewell.example", "/pricing")

    assert b"$29" in before
    assert b"$49" in after


def test_what_was_not_recorded_is_not_found(origin: Origin) -> None:
    with pytest.raises(HTTPError) as caught:
        get(origin, "tracewell.example", "/nowhere")

    assert caught.value.code == 404


def test_a_validator_that_matches_costs_no_body(origin: Origin) -> None:
    route = next(route for route in load_routes() if route.headers.get("ETag") and not route.query)

    with pytest.raises(HTTPError) as caught:
        get(origin, route.host, route.path, **{"If-None-Match": route.headers["ETag"]})

    assert caught.value.code == 304


def test_every_recorded_file_has_a_route() -> None:
    named = {entry["file"] for entry in json.loads((WEEK / "routes.json").read_text()) if entry.get("file")}
    files = {path.relative_to(WEEK).as_posix() for path in WEEK.rglob("*.*") if path.is_file()}

    assert files - {"README.md", "routes.json"} == named
