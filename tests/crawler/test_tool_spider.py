"""Three visits to the tools' own pages, days apart: what is read, followed, confirmed and left alone."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlmodel import col, select

from catalog.facts import current_facts
from db.models import Change, Fact, Snapshot, Tool
from demo.origin import Route, serve_week
from tests.crawler.crawling import Ground, crawl, prepare, route
from tests.factories import MONDAY, make_tool

LATER, LAST = MONDAY + timedelta(days=3), MONDAY + timedelta(days=12)
LINK = '<a href="/pricing">Pricing</a>'
WALL = "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>"
SALE = "<title>parked.example is for sale</title><p>This domain is for sale at Sedo.</p>"
PRO = "<title>Pricing</title><h2>Pro</h2><p>${} per month</p><p>Keeps 99.9 % of answers under {} ms.</p>"
HEAD = (
    '<meta name="description" content="Boils models."><link rel="icon" href="/icon.png">'
    '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
)
CHANGED_MIT = (
    "Modified MIT License\n\nKettle is licensed under the MIT License with the following additional conditions: no."
)


def page(url: str, body: str, status: int = 200, **headers: str) -> Route:
    parts = urlsplit(url)
    return route(parts.hostname or "", parts.path, body, status, **{"Content_Type": "text/html", **headers})


def home(name: str, more: str = "") -> str:
    return f"<title>{name}</title><h1>{name}</h1><p>{name} answers in 40 ms on a laptop.</p>{more}"


def first(one: Route) -> Route:
    return replace(one, until_at=LATER)


def then(one: Route) -> Route:
    return replace(one, from_at=LATER)


def record(repository: str, spdx: str) -> str:
    return json.dumps({"full_name": repository, "stargazers_count": 7, "license": {"spdx_id": spdx}})


def licence(text: str) -> str:
    return json.dumps({"encoding": "base64", "content": base64.b64encode(text.encode()).decode(), "path": "LICENSE"})


API = "https://api.github.com/repos"
ROUTES = [
    page("https://kettle.example/", home("Kettle", HEAD + LINK)),
    first(page("https://kettle.example/pricing", PRO.format(29, 40))),
    then(page("https://kettle.example/pricing", PRO.format(39, 40))),
    page("https://still.example/", home("Still", LINK), ETag='"a"'),
    page("https://still.example/pricing", PRO.format(9, 70), ETag='"b"'),
    page("https://stub.example/", home("Stub", LINK)),
    page("https://stub.example/pricing", '<meta http-equiv="refresh" content="0; url=index.html#pricing">'),
    page("https://hopper.example/", '<meta http-equiv="refresh" content="0; url=/en/">'),
    page("https://hopper.example/en/", home("Hopper")),
    page("https://loop.example/", '<title>Loop</title><meta http-equiv="refresh" content="0; url=/x">'),
    page("https://loop.example/x", '<title>Loop</title><meta http-equiv="refresh" content="0; url=/">'),
    page("https://inward.example/", '<meta http-equiv="refresh" content="0; url=http://127.0.0.1:9/">'),
    first(page("https://wall.example/", home("Wall"))),
    then(page("https://wall.example/", WALL, 403)),
    page("https://walled.example/", WALL),
    first(page("https://parked.example/", home("Parked"))),
    then(page("https://parked.example/", SALE)),
    first(page("https://moved.example/", home("Moved"))),
    then(page("https://moved.example/", "", 301, Location="https://kettle.example/")),
    page("https://announced.example/", "", 302, Location="https://named.example/"),
    page("https://named.example/", home("Announced")),
    first(page("https://gate.example/", home("Gate", LINK))),
    then(page("https://gate.example/", home("Gate", f"{LINK}<h2>Pro</h2><p>$49 per month</p>"))),
    first(page("https://gate.example/pricing", PRO.format(19, 30))),
    then(page("https://gate.example/pricing", WALL, 403)),
    page(
        "https://filed.example/", home("Filed", '<p>MIT licensed.</p><a href="https://github.com/acme/filed">Code</a>')
    ),
    page(f"{API}/acme/filed", record("acme/filed", "NOASSERTION")),
    page(f"{API}/acme/filed/license", licence(CHANGED_MIT)),
    page(f"{API}/acme/elastic", record("acme/elastic", "NOASSERTION")),
    page(f"{API}/acme/elastic/license", licence("Elastic License 2.0\n\nTerms")),
    first(page(f"{API}/acme/doubt", record("acme/doubt", "MIT"))),
    then(page(f"{API}/acme/doubt", record("acme/doubt", "NOASSERTION"))),
    page(f"{API}/acme/doubt/license", licence(CHANGED_MIT)),
]
SITES = (
    "Kettle",
    "Still",
    "Stub",
    "Hopper",
    "Loop",
    "Inward",
    "Wall",
    "Walled",
    "Parked",
    "Moved",
    "Announced",
    "Gate",
    "Filed",
)


@dataclass
class Visits:
    """The store after all visits, and what each asked for."""

    ground: Ground
    asked: list[list[str]]

    def tool(self, name: str) -> Tool:
        with self.ground.store.read() as session:
            return session.exec(select(Tool).where(Tool.name == name)).one()

    def facts(self, name: str) -> dict[str, Fact]:
        tool_id = self.tool(name).id or 0
        with self.ground.store.read() as session:
            return {fact.key: fact for fact in current_facts(session, tool_id)}

    def pages(self, name: str) -> list[str]:
        tool_id = self.tool(name).id
        with self.ground.store.read() as session:
            query = select(Snapshot.url).where(Snapshot.tool_id == tool_id).order_by(col(Snapshot.id))
            return list(session.exec(query))


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Visits]:
    moment: list[datetime] = [MONDAY]
    unread = {"availability": "unread", "last_read_at": None}
    with serve_week(lambda: moment[0], ROUTES) as origin:
        table = {"delay_seconds": 0, "connect_to": dict.fromkeys({one.host for one in ROUTES}, origin.url)}
        ground = prepare(tmp_path_factory.mktemp("visits"), migrated, crawl=table)
        with ground.store.write() as session:
            for name in SITES:
                make_tool(session, name, **unread)
            for name in ("Elastic", "Doubt"):
                make_tool(session, name, home_url=f"https://github.com/acme/{name.lower()}", **unread)
        asked = []
        for moment[0] in (MONDAY, LATER, LAST):
            origin.requests.clear()
            done = crawl(ground, "homepage", "homepage", now=moment[0])
            assert done.returncode == 0, done.stderr
            asked.append([one for one in origin.requests if not one.endswith("robots.txt")])
    yield Visits(ground, asked)
    ground.store.close()


def test_pages_that_stand_in_a_tools_place_are_told(visits: Visits) -> None:
    found = {name: visits.tool(name).availability for name in SITES if visits.tool(name).availability != "alive"}

    assert found == {
        "Inward": "unreachable",
        "Wall": "bot wall",
        "Walled": "bot wall",
        "Parked": "parked",
        "Moved": "moved",
    }
    assert visits.tool("Moved").unavailable_why == "it now leads to kettle.example"


@pytest.mark.parametrize("name", ["Wall", "Parked", "Moved"])
def test_page_in_its_place_touches_no_fact(visits: Visits, name: str) -> None:
    claims = visits.facts(name)

    assert claims["claim"].verified_at.date() == MONDAY.date()
    assert visits.pages(name) == [f"https://{name.lower()}.example/"]


def test_bot_wall_itself_is_never_stored(visits: Visits) -> None:
    assert (visits.facts("Walled"), visits.pages("Walled")) == ({}, [])
    assert visits.tool("Walled").name == "Walled"


def test_page_describes_its_tool(visits: Visits) -> None:
    tool = visits.tool("Kettle")

    assert tool.description == "Boils models."
    assert (tool.icon_url, tool.feed_url) == ("https://kettle.example/icon.png", "https://kettle.example/feed.xml")


def test_unchanged_home_still_finds_a_new_price(visits: Visits) -> None:
    tool, price = visits.tool("Kettle"), visits.facts("Kettle")["entry_price"]
    with visits.ground.store.read() as session:
        moved = {change.key for change in session.exec(select(Change).where(Change.tool_id == tool.id))}

    assert price.normal["amount"] == "39"
    assert "entry_price" in moved
    assert visits.pages("Kettle").count("https://kettle.example/") == 1


def test_unchanged_pages_confirm_what_they_said(visits: Visits) -> None:
    facts = visits.facts("Still")

    assert {fact.verified_at.date() for fact in facts.values()} == {LAST.date()}
    assert {fact.observed_at.date() for fact in facts.values()} == {MONDAY.date()}
    assert visits.tool("Still").last_read_at >= LAST


def test_announced_address_may_lead_elsewhere(visits: Visits) -> None:
    fact = visits.facts("Announced")["claim"]

    assert visits.tool("Announced").availability == "alive"
    assert visits.pages("Announced") == ["https://named.example/"]
    assert fact.verified_at.date() == LAST.date()


def test_refresh_into_the_page_itself_is_read_once(visits: Visits) -> None:
    assert [one for one in visits.asked[0] if one.startswith("stub")] == ["stub.example/", "stub.example/pricing"]
    assert visits.pages("Stub") == ["https://stub.example/"]


def test_refresh_is_followed(visits: Visits) -> None:
    assert visits.pages("Hopper") == ["https://hopper.example/en/"]
    assert "claim" in visits.facts("Hopper")


def test_refreshes_in_a_circle_end(visits: Visits) -> None:
    assert len([one for one in visits.asked[0] if one.startswith("loop")]) == 4
    assert visits.tool("Loop").availability == "alive"


def test_refresh_to_a_private_address_is_refused(visits: Visits) -> None:
    assert visits.tool("Inward").availability == "unreachable"
    assert visits.pages("Inward") == []


def test_walled_pricing_page_leaves_the_price(visits: Visits) -> None:
    facts = visits.facts("Gate")

    assert (facts["tier"].value, facts["entry_price"].normal["amount"]) == ("Paid", "19")
    assert "gate.example/pricing could not be read" in (visits.ground.crawl_of("homepage").error or "")


def test_unnamed_licence_is_read_from_its_file(visits: Visits) -> None:
    fact = visits.facts("Elastic")["licence"]

    assert (fact.value, fact.quote) == ("Elastic-2.0", "Elastic License 2.0")
    assert "https://github.com/acme/elastic/blob/HEAD/LICENSE" in visits.pages("Elastic")


def test_unchanged_record_confirms_the_licence_file(visits: Visits) -> None:
    assert [one for one in visits.asked[1] if "elastic" in one] == ["api.github.com/repos/acme/elastic"]
    assert visits.facts("Elastic")["licence"].verified_at.date() == LAST.date()


def test_doubtful_licence_replaces_no_sure_one(visits: Visits) -> None:
    assert "api.github.com/repos/acme/doubt/license" in visits.asked[1]
    assert visits.facts("Doubt")["licence"].value == "MIT"


def test_licence_file_outranks_what_a_page_says(visits: Visits) -> None:
    fact = visits.facts("Filed")["licence"]

    assert (fact.value, fact.confidence < 0.6) == ("LicenseRef-MIT-modified", True)
