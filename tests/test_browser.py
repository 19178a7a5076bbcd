"""What a reader sees, in a real browser: the edition at two widths, light and dark, and the pages it links to."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.week_run import DemoWeek
from tests.browser import chromium
from tests.test_week import digests
from web.app import create_app
from web.running import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
# UPDATE_SCREENS=1 writes the pictures the documents show.
SCREENS = Path(__file__).resolve().parents[1] / "docs" / "screens" if os.environ.get("UPDATE_SCREENS") else None
LOOKS = [(width, scheme) for width in (375, 640) for scheme in ("light", "dark")]
PAGES = ["/", "/editions", "/editions/1", "/compare/tracewell-vs-spanlark", "/subscribe"]


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(week: DemoWeek) -> Iterator[str]:
    with running(create_app(week.store, week.settings, week.clock), week.web_port) as url:
        yield url


def open_page(browser: "Browser", width: int, scheme: str, height: int = 900) -> "Page":
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=True,
        reduced_motion="reduce",
    )
    return context.new_page()


def scrolls_sideways(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def paper(page: "Page") -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_edition_fits_and_follows_the_scheme(week: DemoWeek, browser: "Browser", width: int, scheme: str) -> None:
    page = open_page(browser, width, scheme)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.set_content(digests(week)[0].part("html"))

    assert not scrolls_sideways(page)
    assert paper(page) == ("rgb(251, 250, 247)" if scheme == "light" else "rgb(22, 22, 20)")
    assert [url for url in requests if not url.startswith("about:")] == []
    keep(page, f"edition-{width}-{scheme}")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [375, 1280])
def test_a_page_fits_and_says_nothing_to_the_console(site: str, browser: "Browser", path: str, width: int) -> None:
    page = open_page(browser, width, "dark" if width == 375 else "light")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(site + path)

    assert not scrolls_sideways(page)
    assert said == []
    if path.startswith("/compare"):
        keep(page, f"comparison-{width}")


def test_unsubscribing_takes_one_look_and_one_click(week: DemoWeek, site: str, browser: "Browser") -> None:
    mail = next(one for one in digests(week) if one.recipient.startswith("ben@"))
    page = open_page(browser, 375, "light")
    page.goto(str(mail.message["List-Unsubscribe"]).split(">")[0].strip("< "))
    assert state_of(week, mail.recipient) == "active"

    page.get_by_role("button").click()

    assert state_of(week, mail.recipient) == "unsubscribed"
    week_again(week, mail.recipient)


def state_of(week: DemoWeek, address: str) -> str:
    from sqlmodel import select

    from db.models import Subscriber

    with week.store.read() as session:
        return session.exec(select(Subscriber.state).where(Subscriber.address == address)).one()


def week_again(week: DemoWeek, address: str) -> None:
    """Ben comes back, so that the week's other questions find him."""
    from sqlmodel import select

    from db.models import Subscriber

    with week.store.write() as session:
        session.exec(select(Subscriber).where(Subscriber.address == address)).one().state = "active"


def keep(page: "Page", name: str) -> None:
    if SCREENS:
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
