"""Vendors' pages without a feed: what their sitemaps and lists say, what is fetched, and what a change is told as."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from config import PageSource
from crawler.reading.listing import Launches
from crawler.reading.page_reading import parse_html, read_article, without_site
from crawler.spiders import pages
from db.models import Launch
from errors import ParseError
from tests.crawler.crawling import Ground, crawl, prepare, route, serve
from tests.factories import MONDAY

CASES = Path(__file__).parents[2] / "pages" / "pages"
HOST = "kettle.example"
SITE = f"http://{HOST}"
URL = f"{SITE}/news"
CARDS = PageSource(
    url=URL, kind="list", item="div.card", title="h2.title", link="h2 a", date="time", summary="", announces=True
)


def recorded(case: str) -> bytes:
    [path] = (CASES / case).glob("payload.*")
    return path.read_bytes()


def read(payload: bytes | str, rules: PageSource | None = None, url: str = URL) -> Launches:
    return pages.parse(payload.encode() if isinstance(payload, str) else payload, url, MONDAY, rules=rules)


def urlset(*addresses: tuple[str, str]) -> str:
    rows = (f"<url><loc>{SITE}{path}</loc><lastmod>{lastmod}</lastmod></url>" for path, lastmod in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'


def article(name: str, published: str = "") -> str:
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    return f"<html><head><title>Introducing {name}: an AI agent</title>{date}</head><body><p>Tea.</p></body></html>"


# ── lists and their drift ────────────────────────────────────────────────────────────────────────


def test_list_is_read_by_its_selectors() -> None:
    launches = read(recorded("drift_before"), CARDS)

    assert launches.problems == []
    assert [(item.name, item.date_from, item.kind) for item in launches] == [
        (name, "date", "launch") for name in ("Kettle", "Teapot", "Samovar")
    ]


def test_lost_selectors_are_named() -> None:
    launches = read(recorded("drift_after"), CARDS)

    assert (launches.found, list(launches)) == (3, [])
    assert launches.problems == [
        f"'h2.title' (title) matched in 0 of 3 items of {URL}",
        f"'h2 a' (link) matched in 0 of 3 items of {URL}",
        f"'time' (date) matched in 0 of 3 items of {URL}",
    ]


@pytest.mark.parametrize("selector", ["article.card", "div[", "::::"])
def test_item_selector_without_match_is_named(selector: str) -> None:
    launches = read(recorded("drift_before"), CARDS.model_copy(update={"item": selector}))

    assert (launches.found, launches.problems) == (0, [f"the selector '{selector}' (item) matches nothing in {URL}"])


def test_dates_that_cannot_be_read_are_told() -> None:
    page = '<div class="card"><h2 class="title"><a href="/a">Kettle</a></h2><time>last week</time></div>'
    [problem] = read(page, CARDS).problems

    assert problem == f"'time' (date) holds no readable date in 1 items of {URL}"


OLD = PageSource(url=URL, kind="list", item="article.Box-row", title="h1.h3", link="h1 a", summary="p")
NEW = OLD.model_copy(update={"title": "h2.h3", "link": "h2 a"})


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "fitting", "other", "lost"),
    [
        ("NiklasTiede__data_repodata1.html", OLD, NEW, ("h2.h3", "h2 a")),
        ("BlossomLoop__tests_fixtures_github_trending.html", NEW, OLD, ("h1.h3", "h1 a")),
        ("LLM-X-Factorer__tests_fixtures_github_trending.html", NEW, OLD, ("h1.h3", "h1 a")),
    ],
)
def test_recorded_drift_is_named(
    corpus: Path, file: str, fitting: PageSource, other: PageSource, lost: tuple[str, str]
) -> None:
    page = (corpus / "github_trending" / file).read_bytes()
    good, drifted = read(page, fitting), read(page, other)

    assert good.problems == []
    assert len(good) == good.found > 2
    assert not drifted
    assert [problem.split("'")[1] for problem in drifted.problems] == list(lost)


# ── one page ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Kettle Pro | Kettle Labs", "Kettle Pro"),
        ("Kettle Pro \\ Kettle", "Kettle Pro"),
        ("Kettle – an AI agent", "Kettle – an AI agent"),
        ("Pro - Kettle News", "Pro"),
        ("Kettle Labs", "Kettle Labs"),
    ],
)
def test_title_loses_the_name_of_the_site(title: str, bare: str) -> None:
    assert without_site(title, "Kettle Labs", URL) == bare


def test_published_time_outranks_other_dates() -> None:
    page = article("Kettle", "2026-11-15T10:00:00Z").replace("Tea.", '<time datetime="2026-11-01">1 Nov</time>')
    stated = read_article(parse_html(page.encode()), URL).dates

    assert stated == (("article:published_time", "2026-11-15T10:00:00Z"), ("time", "2026-11-01"))


@pytest.mark.parametrize("payload", [b"\0" * 1000, b"<" * 100_000, b"\xff\xfe<\0", b"<html>", b"{}", b"<div>" * 50_000])
def test_bytes_that_are_no_page_are_refused(payload: bytes) -> None:
    with pytest.raises(ParseError, match=r"^pages: "):
        read(payload)


# ── visits ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def ground(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Ground]]:
    places: list[Ground] = []

    def build(mirror: str, **rules: object) -> Ground:
        source = {"url": f"{SITE}/sitemap.xml", "include": "^/news/.", **rules}
        mirrored = {"delay_seconds": 0, "connect_to": {HOST: mirror}}
        places.append(prepare(tmp_path, migrated, crawl=mirrored, pages={"kettle": source}))
        return places[-1]

    yield build
    for place in places:
        place.store.close()


def stored(place: Ground) -> dict[str, tuple[datetime | None, str | None, str]]:
    with place.store.read() as session:
        launches = session.exec(select(Launch).order_by(Launch.external_id)).all()
    return {one.external_id.removeprefix(SITE): (one.launched_at, one.date_from, one.kind) for one in launches}


def test_changed_pages_of_a_sitemap_become_launches(ground: Callable[..., Ground]) -> None:
    index = f"<sitemapindex><sitemap><loc>{SITE}/news.xml</loc></sitemap></sitemapindex>"
    listed = urlset(("/news/a", "2026-11-15"), ("/news/b", "2026-11-14"), ("/news/old", "2026-01-01"), ("/about", ""))
    with serve(
        route(HOST, "/sitemap.xml", index),
        route(HOST, "/news.xml", listed),
        route(HOST, "/news/a", article("Kettle", "2026-11-13T10:00:00Z")),
        route(HOST, "/news/b", article("Teapot")),
    ) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")

    assert stored(place) == {
        "/news/a": (datetime(2026, 11, 13, 10, tzinfo=UTC), "article:published_time", "launch"),
        "/news/b": (datetime(2026, 11, 14, tzinfo=UTC), "lastmod", "launch"),
    }
    assert place.source("kettle").last_outcome == "ok"


def test_known_pages_are_not_fetched_again(ground: Callable[..., Ground]) -> None:
    with serve(
        route(HOST, "/sitemap.xml", urlset(("/news/a", "2026-11-15"), ("/news/gone", "2026-11-15"))),
        route(HOST, "/news/a", article("Kettle")),
    ) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")
        first = place.crawl_of("kettle")
        crawl(place, "pages", "kettle", now=MONDAY + timedelta(hours=6))
        second = place.crawl_of("kettle")

    assert (first.requests, first.outcome, first.launches_new) == (3, "ok", 1)
    assert (second.requests, second.outcome) == (1, "not-modified")


def test_first_visit_reads_the_newest_only(ground: Callable[..., Ground]) -> None:
    routes = [route(HOST, f"/news/{n:02}", article(f"Kettle {n}")) for n in range(40)]
    undated = urlset(*((f"/news/{n:02}", "") for n in range(40)))
    with serve(route(HOST, "/sitemap.xml", undated), *routes) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")
    visit = place.crawl_of("kettle")

    assert visit.requests == 31
    assert {kind for _, _, kind in stored(place).values()} == {"noise"}  # undated, and there before us


def test_page_that_appears_later_is_a_launch(ground: Callable[..., Ground]) -> None:
    routes = [route(HOST, f"/news/{n:02}", article(f"Kettle {n}")) for n in range(35)]
    before = urlset(*((f"/news/{n:02}", "") for n in range(34)))
    after = urlset(*((f"/news/{n:02}", "") for n in range(35)))
    with serve(route(HOST, "/sitemap.xml", before), *routes) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")
        origin.routes[0] = route(HOST, "/sitemap.xml", after)
        crawl(place, "pages", "kettle", now=MONDAY + timedelta(hours=6))

    assert place.crawl_of("kettle").requests == 2
    assert stored(place)["/news/34"] == (None, None, "launch")


def test_pages_beyond_the_most_wait_for_the_next_visit(ground: Callable[..., Ground]) -> None:
    routes = [route(HOST, f"/news/{n:02}", article(f"Kettle {n}")) for n in range(56)]
    with serve(route(HOST, "/sitemap.xml", urlset(("/news/00", ""))), *routes) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")
        origin.routes[0] = route(HOST, "/sitemap.xml", urlset(*((f"/news/{n:02}", "") for n in range(56))))
        counts = []
        for hours in (6, 12, 18):
            crawl(place, "pages", "kettle", now=MONDAY + timedelta(hours=hours))
            counts.append(place.crawl_of("kettle").requests)

    assert counts == [51, 6, 1]


def test_sitemap_without_meant_addresses_is_told(ground: Callable[..., Ground]) -> None:
    with serve(route(HOST, "/sitemap.xml", urlset(("/blog/a", "2026-11-15")))) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")

    told = f"none of the 1 addresses in {SITE}/sitemap.xml matches '^/news/.' (include)"
    assert told in str(place.source("kettle").last_error)


def test_list_page_is_visited_as_a_source(ground: Callable[..., Ground]) -> None:
    with serve(route(HOST, "/news", recorded("drift_before"))) as origin:
        place = ground(origin.url, **CARDS.model_dump(include={"url", "kind", "item", "title", "link", "date"}))
        crawl(place, "pages", "kettle")

    assert place.crawl_of("kettle").launches_new == 3
    assert place.source("kettle").last_outcome == "ok"


def test_endless_index_is_cut(ground: Callable[..., Ground]) -> None:
    children = "".join(f"<sitemap><loc>{SITE}/{n}.xml</loc></sitemap>" for n in range(40))
    routes = [route(HOST, f"/{n}.xml", f"<sitemapindex>{children}</sitemapindex>") for n in range(40)]
    with serve(route(HOST, "/sitemap.xml", f"<sitemapindex>{children}</sitemapindex>"), *routes) as origin:
        place = ground(origin.url)
        crawl(place, "pages", "kettle")

    assert place.crawl_of("kettle").requests == 20
    assert "leads to more than 20 sitemaps" in str(place.source("kettle").last_error)
