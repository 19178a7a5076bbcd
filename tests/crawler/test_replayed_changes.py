"""Recorded versions of tools' own pricing pages, read in the order of time: the real moves are told, and no more."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.changes import changes_since
from crawler.extract.page import read_page
from crawler.items import ToolReading
from crawler.spiders.homepage import parse
from crawler.storing import store_readings
from crawler.tool_pages import page_read
from db.session import Store
from tests.factories import MONDAY, make_tool

# Read by eye. StyleMCP took its Pro plan from $29 to $9 in January 2026 and Team from $99 to $29; later a plan of $99
# was added above both. TokenGoblin took Pro from $49 to $29. Vowrite stayed free: the prices on its page are those of
# others, and its footer names the MIT licence for the first time in the last version.
REAL = {
    "stylemcp": ["entry price $29/month → $9/month"],
    "tokengoblin": ["entry price $49/month → $29/month"],
    "vowrite": [],
}


def versions_of(tool: str) -> list[bytes]:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "nowhere")) / "tool_sites"
    if not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name the recorded corpus")
    older = sorted(folder.glob(f"{tool}__pricing__*.html"))
    return [file.read_bytes() for file in (*older, folder / f"{tool}__pricing.html")]


@pytest.mark.corpus
@pytest.mark.parametrize("tool", REAL)
def test_recorded_versions_tell_the_real_moves(store: Store, tool: str) -> None:
    url = f"https://{tool}.example/pricing"
    versions = versions_of(tool)
    with store.write() as session:
        own_id = make_tool(session, tool).id or 0
        for number, version in enumerate(version for version in versions for _ in range(2)):
            now = MONDAY + timedelta(days=10 * number)
            page = page_read(read_page(version, url), 200, now, parse(version, url, now))
            store_readings(session, [ToolReading(own_id, pages=[page])], now)
            session.flush()
        told = [one.what for one in changes_since(session)]

    assert len(versions) > 1
    assert told == REAL[tool]


PRO, TEAM = "<h2>Pro</h2><p>{} / month</p><ul><li>All</li></ul>", "<h2>Team</h2><p>{} / month</p><ul><li>More</li></ul>"
CARDS = {
    "before": PRO.format("$20") + TEAM.format("$50"),
    "reordered": TEAM.format("$50") + PRO.format("$20"),
    "other copy": "<h2>Pro</h2><p>$20.00 per month</p><ul><li>All you need</li></ul>" + TEAM.format("$50.00"),
    "in euros": PRO.format("€18") + TEAM.format("€45"),
    "drawn by a script": "<div id=app></div>",
    "dearer": PRO.format("$25") + TEAM.format("$50"),
}


@pytest.mark.parametrize(
    ("versions", "events"),
    [
        (["before", "reordered", "other copy", "before"], []),
        (["before", "in euros", "before", "in euros"], []),
        (["before", "drawn by a script", "before"], []),
        (["before", "dearer", "before", "dearer", "before"], ["entry price $20/month → $25/month"]),
        (["before", "in euros", "drawn by a script", "dearer"], ["entry price $20/month → $25/month"]),
    ],
)
def test_versions_of_a_page(store: Store, versions: list[str], events: list[str]) -> None:
    url = "https://kettle.example/pricing"
    with store.write() as session:
        own_id = make_tool(session).id or 0
        for number, name in enumerate(versions):
            now = MONDAY + timedelta(days=number)
            body = f"<html><title>Pricing – Kettle</title><h1>Pricing</h1>{CARDS[name]}</html>".encode()
            page = page_read(read_page(body, url), 200, now, parse(body, url, now))
            store_readings(session, [ToolReading(own_id, pages=[page])], now)
            session.flush()

        assert [one.what for one in changes_since(session)] == events
