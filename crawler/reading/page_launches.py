"""A vendor's page as launches: a list page, a single announcement or a sitemap, told apart by content. Pure."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from catalog.launches import LaunchItem
from config import PageSource
from crawler.reading import sitemaps
from crawler.reading.dates import first_date
from crawler.reading.listing import Launches, build_item, read_entries
from crawler.reading.page_reading import Page, is_article, parse_html, read_article, read_list
from crawler.reading.plain_text import is_wall
from crawler.reading.titles import name_from_url, split_title
from crawler.relevance import judge
from crawler.vendors import PAGES
from db.words import LaunchKind
from errors import ParseError

SOURCE = "pages"
FEED = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)


def parse(
    payload: bytes, url: str, now: datetime, *, source: str = SOURCE, rules: PageSource | None = None
) -> Launches:
    """The launches of a list page or of a single announcement; a sitemap holds none, but addresses (`document`).

    Args:
        rules: how the source's pages are read; else those of ours with this host, else what pages usually look like.
    """
    rules = rules or find_rules(url)
    payload = sitemaps.unpack(payload, url, source)
    if sitemaps.is_sitemap(payload):
        return read_addresses(payload, url, source, rules)
    tree = parse_page(payload, url, source)
    if reads_as_list(tree, url, rules):
        listed = read_list(tree, url, rules if rules and rules.kind == "list" else None)
        launches = read_entries(listed.pages, lambda page: launch_of(page, source, rules, now), "items")
        launches.found = listed.found
        launches.problems = [*listed.problems, *launches.problems]
        return launches
    return read_page(payload, url, now, source, rules, tree=tree)


def find_rules(url: str) -> PageSource | None:
    host = urlsplit(url).hostname
    return next((rules for rules in PAGES.values() if urlsplit(rules.url).hostname == host), None)


def parse_page(payload: bytes, url: str, source: str) -> LexborHTMLParser:
    """Raises ParseError for what is no web page, and for one that asks whether we are a person."""
    if b"<" not in payload:
        raise ParseError(source, f"{url[:300]} is {'no web page' if payload.strip() else 'empty'}")
    if FEED.match(payload[:1000]):
        raise ParseError(source, f"{url[:300]} is a feed, not a web page; it belongs into [feeds]")
    if is_wall(payload):
        raise ParseError(source, f"{url[:300]} is not the page we asked for: we were turned away by a bot wall")
    return parse_html(payload)


def reads_as_list(tree: LexborHTMLParser, url: str, rules: PageSource | None) -> bool:
    """The source's own list page is one by its address; else a page's content tells."""
    if rules and rules.kind == "list" and urlsplit(url).path.rstrip("/") == urlsplit(rules.url).path.rstrip("/"):
        return True
    if rules and rules.kind == "sitemap" and rules.include and re.search(rules.include, urlsplit(url).path):
        return False
    return not is_article(tree) and len(read_list(tree, url, None).pages) > 1


def read_addresses(payload: bytes, url: str, source: str, rules: PageSource | None) -> Launches:
    """A sitemap's addresses as `document`; `found` counts those that are meant."""
    rules = rules or PageSource(url=url)
    sites = {sitemaps.site_of(url), sitemaps.site_of(rules.url)}
    sitemap = sitemaps.read_sitemap(sitemaps.unpack(payload, url, source), url, source, sites)
    meant = sitemaps.matching(sitemap.pages, rules.include, rules.exclude)
    launches = Launches(found=len(meant), document=sitemap)
    launches.problems = sitemap.problems
    return launches


def read_page(
    payload: bytes,
    url: str,
    now: datetime,
    source: str,
    rules: PageSource | None,
    lastmod: datetime | None = None,
    tree: LexborHTMLParser | None = None,
) -> Launches:
    """The one launch of an article page. Raises ParseError when it states no title."""
    page = read_article(tree or parse_page(payload, url, source), url)
    if not page.title:
        raise ParseError(source, f"{url[:300]} states no title")
    return read_entries([page], lambda one: launch_of(one, source, rules, now, lastmod), "pages")


def launch_of(
    page: Page, source: str, rules: PageSource | None, now: datetime, lastmod: datetime | None = None
) -> LaunchItem:
    stated = (*page.dates, ("lastmod", lastmod.isoformat())) if lastmod else page.dates
    launched_at, date_from = first_date(stated, now)
    judged = judge(page.title, page.summary, page.topics, announces=bool(rules and rules.announces), url=page.url)
    name, tagline = split_title(page.title)
    is_launch = judged.kind is LaunchKind.LAUNCH and page.summary != page.title
    return build_item(
        source=source,
        external_id=page.url,
        url=page.url,
        seen_on=page.url,
        title=page.title,
        name=name or name_from_url(page.url),
        tagline=tagline or (page.summary[:500] if is_launch else ""),
        launched_at=launched_at,
        date_from=date_from,
        judged=judged,
    )
