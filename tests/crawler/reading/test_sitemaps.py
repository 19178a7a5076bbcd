"""Sitemaps: what counts of their addresses, which dates are believed, and what is refused."""

import gzip
from datetime import timedelta

import pytest

from config import PageSource
from crawler.reading import sitemaps
from crawler.reading.listing import Launches
from crawler.spiders import pages
from errors import ParseError
from tests.factories import MONDAY

SITE = "http://kettle.example"


def urlset(*addresses: tuple[str, str]) -> str:
    rows = (f"<url><loc>{SITE}{path}</loc><lastmod>{lastmod}</lastmod></url>" for path, lastmod in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'


def sitemap(payload: bytes | str, include: str = "") -> Launches:
    rules = PageSource(url=f"{SITE}/sitemap.xml", include=include)
    body = payload.encode() if isinstance(payload, str) else payload
    return pages.parse(body, rules.url, MONDAY, rules=rules)


def test_only_meant_addresses_count() -> None:
    launches = sitemap(urlset(("/news/a", ""), ("/news/tag/b", ""), ("/about", ""), ("/news/a", "")), "^/news/.")

    assert launches.found == 1
    assert len(launches.document.pages) == 4


def test_packed_sitemap_is_unpacked() -> None:
    assert sitemap(gzip.compress(urlset(("/news/a", "2026-11-15")).encode())).found == 1


def test_packed_bomb_is_refused() -> None:
    with pytest.raises(ParseError, match="unpacks to more than 50 MB"):
        sitemap(gzip.compress(b"<urlset>" + b" " * (51 * 1024 * 1024)))


def test_sitemap_speaks_for_its_own_site() -> None:
    payload = urlset(("/news/a", "")).replace("</urlset>", "<url><loc>http://other.example/b</loc></url></urlset>")

    assert [page.url for page in sitemap(payload).document.pages] == [f"{SITE}/news/a"]


def test_addresses_beyond_the_most_are_told() -> None:
    launches = sitemap(urlset(*((f"/{n}", "") for n in range(sitemaps.MOST_URLS + 1))))

    assert launches.found == sitemaps.MOST_URLS
    assert launches.problems == [f"{SITE}/sitemap.xml lists 50,001 addresses; those after 50,000 were left out"]


def test_lastmod_of_a_build_is_not_believed() -> None:
    built = [sitemaps.Address(f"{SITE}/{n}", MONDAY - timedelta(minutes=n)) for n in range(6)]
    written = [sitemaps.Address(f"{SITE}/{n}", MONDAY - timedelta(days=n)) for n in range(6)]

    assert not any(page.lastmod for page in sitemaps.believable(built))
    assert sitemaps.believable(written) == written


def test_page_read_since_its_change_is_no_news() -> None:
    since = MONDAY - timedelta(days=14)
    changed = sitemaps.Address(f"{SITE}/a", MONDAY - timedelta(hours=3))

    assert sitemaps.is_news(changed, since, None)
    assert sitemaps.is_news(changed, since, MONDAY - timedelta(days=1))
    assert not sitemaps.is_news(changed, since, MONDAY)
    assert not sitemaps.is_news(sitemaps.Address(f"{SITE}/b"), since, MONDAY)
