"""A page read again that no longer states what it did: new markup, or a price that is gone."""

import os
from pathlib import Path

import pytest

from config import Settings
from crawler.context import CrawlContext, running_clock
from crawler.extract.page import read_page
from crawler.extract.pricing import find_pricing
from crawler.items import ToolReading
from crawler.pipelines import store_batch
from crawler.tool_pages import page_read
from db.session import Store
from tests.factories import MONDAY, make_source, make_tool

URL = "https://kettle.example/pricing"
CARD = "<h2>Pro</h2><p>$9 / month</p><ul><li>Everything</li></ul>"
BEFORE = f"<html><title>Pricing – Kettle</title><h1>Pricing</h1>{CARD}</html>"
REPAINTED = f'<html><title>Pricing – Kettle</title><main class="x"><h1>Plans</h1><div>{CARD}</div></main></html>'
DRAWN_BY_SCRIPT = "<html><title>Pricing – Kettle</title><h1>Pricing</h1><div id=app></div></html>"


@pytest.fixture
def context(store: Store, settings: Settings) -> CrawlContext:
    with store.write() as session:
        make_source(session, "homepage", "homepage")
        make_tool(session, "Kettle")
    return CrawlContext(settings, store, running_clock(MONDAY), {"homepage": ""})


def read(context: CrawlContext, *versions: bytes | str) -> list[tuple[str, str]]:
    """What was lost over these versions of one page."""
    for version in versions:
        page = read_page(version if isinstance(version, bytes) else version.encode(), URL)
        reading = ToolReading(tool_id=1, pages=[page_read(page, 200, context.clock(), find_pricing(page))])
        store_batch(context, [reading])
    return context.tally("homepage").lost


def test_price_that_cannot_be_found_again_is_lost(context: CrawlContext) -> None:
    assert read(context, BEFORE, DRAWN_BY_SCRIPT) == [("tier", URL), ("entry_price", URL)]
    assert context.tally("homepage").stood == {"tier": 1, "entry_price": 1}


def test_new_markup_with_the_same_prices_loses_nothing(context: CrawlContext) -> None:
    assert read(context, BEFORE, REPAINTED) == []
    assert context.tally("homepage").stood["entry_price"] == 1


@pytest.mark.corpus
@pytest.mark.parametrize("tool", ["stylemcp", "tokengoblin", "vowrite"])
def test_recorded_versions_of_a_pricing_page_lose_nothing(context: CrawlContext, tool: str) -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "nowhere")) / "tool_sites"
    if not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name the recorded corpus")
    older = sorted(folder.glob(f"{tool}__pricing__*.html"))
    versions = [file.read_bytes() for file in (*older, folder / f"{tool}__pricing.html")]

    assert len(versions) > 1
    assert read(context, *versions) == []
