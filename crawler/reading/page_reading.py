"""A web page's own statement of what it announces, and the announcements of a list page. Pure; knows no launch.

Read with a fast parser and selectors; a selector that has lost its match is told by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import html_to_unicode

from catalog.text import one_line
from config import PageSource
from crawler.extract.bounds import bounded
from crawler.reading.dates import read_moment
from crawler.reading.feeds import resolve

LONGEST_PAGE = 3_000_000
MOST_ITEMS = 300
ITEMS = ("article", "li:has(h2, h3)", "a:has(h2, h3)", "div:has(> h2 a), div:has(> h3 a)", "section:has(h2 a, h3 a)")
TITLES = "h1, h2, h3, h4, h5, [class*=title]"
LINKS = "h1 a[href], h2 a[href], h3 a[href], h4 a[href], a[href]:has(h1, h2, h3, h4)"
TIMES = "time[datetime], time, [datetime]"
SEPARATOR = re.compile(r"\s+[|\\·•–—-]\s+")
JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,64})"')
JSON_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|TechArticle)"')


@dataclass(frozen=True)
class Page:
    """What one page, or one item of a list page, states; `dates` are (field, text) pairs, the best first."""

    url: str
    title: str = ""
    summary: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    topics: tuple[str, ...] = ()


@dataclass
class Listed:
    """The items of a list page. `problems` names the selectors that matched nothing."""

    pages: list[Page] = field(default_factory=list)
    found: int = 0
    problems: list[str] = field(default_factory=list)


def parse_html(payload: bytes) -> LexborHTMLParser:
    """The page's tree; of markup that nests without end only as much as can be parsed in good time."""
    _, markup = html_to_unicode(None, payload[:LONGEST_PAGE], auto_detect_fun=lambda _: "utf-8")
    return LexborHTMLParser(bounded(markup))


# ── one article ──────────────────────────────────────────────────────────────────────────────────


def read_article(tree: LexborHTMLParser, url: str) -> Page:
    """Its title without the site's name, its description, and the dates it states. An address states none."""
    meta = read_meta(tree)
    title = meta.get("og:title") or text_of(tree.css_first("h1")) or text_of(tree.css_first("title"))
    return Page(
        url=url,
        title=without_site(title, meta.get("og:site_name", ""), url),
        summary=meta.get("og:description") or meta.get("description") or meta.get("twitter:description", ""),
        dates=tuple(stated_dates(tree, meta)),
        topics=tuple(filter(None, (meta.get("article:section", ""), meta.get("article:tag", "")))),
    )


def read_meta(tree: LexborHTMLParser) -> dict[str, str]:
    """The first statement of each name counts."""
    meta: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        if name:
            meta.setdefault(name, one_line((attributes.get("content") or "")[:2000]))
    return meta


def stated_dates(tree: LexborHTMLParser, meta: dict[str, str]) -> Iterator[tuple[str, str]]:
    if published := meta.get("article:published_time"):
        yield "article:published_time", published
    for script in tree.css('script[type="application/ld+json"]'):
        if match := JSON_DATE.search((script.text() or "")[:200_000]):
            yield "datePublished", match[1]
            break
    times = tree.css("article time[datetime]") or tree.css("main time[datetime]") or tree.css("time[datetime]")
    if times:
        yield "time", times[0].attributes.get("datetime") or ""


def is_article(tree: LexborHTMLParser) -> bool:
    """Whether a page says of itself that it is one announcement, not a list of them."""
    meta = read_meta(tree)
    if meta.get("og:type", "").lower() == "article" or "article:published_time" in meta:
        return True
    scripts = tree.css('script[type="application/ld+json"]')
    return any(JSON_ARTICLE.search((script.text() or "")[:200_000]) for script in scripts)


def without_site(title: str, site_name: str, url: str) -> str:
    """'Kettle Pro | Kettle Inc' is 'Kettle Pro' on Kettle Inc's own site."""
    parts = list(SEPARATOR.finditer(title))
    if not parts:
        return title
    last, rest = title[parts[-1].end() :], title[: parts[-1].start()]
    own = {bare(site_name), *(bare(label) for label in (urlsplit(url).hostname or "").split(".")[:-1])} - {"", "www"}
    said = bare(last)
    is_site = said in own or (len(last.split()) <= 4 and any(said.startswith(name) for name in own if len(name) > 2))
    return rest.strip() if is_site and rest.strip() else title


def bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()


# ── a list of them ───────────────────────────────────────────────────────────────────────────────


def read_list(tree: LexborHTMLParser, url: str, rules: PageSource | None) -> Listed:
    """
    Args:
        rules: the source's selectors; without any the page is read by what lists usually look like.
    """
    rules = rules or PageSource(url=url, kind="list")
    listed = Listed()
    items = find_items(tree, rules, listed, url)[:MOST_ITEMS]
    listed.found = len(items)
    pages = [read_item(item, url, rules) for item in items]
    listed.problems += lost_selectors(items, pages, rules, listed, url)
    seen: set[str] = set()
    for page in pages:
        if page.url and page.title and page.url not in seen:
            seen.add(page.url)
            listed.pages.append(page)
    return listed


def find_items(tree: LexborHTMLParser, rules: PageSource, listed: Listed, url: str) -> list[LexborNode]:
    if not rules.item:
        choices = (select(tree, choice) for choice in ITEMS)
        return max(choices, key=lambda nodes: min(len(nodes), 2), default=[])
    items = select(tree, rules.item)
    if not items:
        listed.problems.append(f"the selector '{rules.item}' (item) matches nothing in {url[:300]}")
    return items


def select(place: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    try:
        return place.css(selector)
    except SelectolaxError:  # what a person wrote into the configuration may be no selector
        return []


def lost_selectors(
    items: list[LexborNode], pages: list[Page], rules: PageSource, listed: Listed, url: str
) -> Iterator[str]:
    """Selectors that matched in none of the items, and dates that are there but cannot be read."""
    for name in ("title", "link", "date", "summary") if items else ():
        selector = getattr(rules, name)
        if selector and not any(select(item, selector) for item in items):
            yield f"'{selector}' ({name}) matched in 0 of {len(items)} items of {url[:300]}"
    dated = [page for page in pages if page.dates]
    if rules.date and dated and not any(read_moment(page.dates[0][1]) for page in dated):
        yield f"'{rules.date}' (date) holds no readable date in {len(dated)} items of {url[:300]}"


def read_item(item: LexborNode, url: str, rules: PageSource) -> Page:
    titles = select(item, rules.title or TITLES)
    links = select(item, rules.link or LINKS) or ([] if rules.link else [item, *select(item, "a[href]")])
    href = next(filter(None, ((node.attributes.get("href") or "").strip() for node in links)), "")
    anchor = next((node for node in links if node.attributes.get("href")), None)
    date = next(iter(select(item, rules.date or TIMES)), None)
    summary = next(iter(select(item, rules.summary or "p")), None)
    page = Page(
        url=resolve(url, href),
        title=text_of(titles[0] if titles else None if rules.title else anchor),
        summary=text_of(summary)[:1000],
    )
    return replace(page, dates=(("date" if rules.date else "time", date_text(date)),)) if date is not None else page


def date_text(node: LexborNode) -> str:
    return node.attributes.get("datetime") or node.attributes.get("content") or text_of(node)


def text_of(node: LexborNode | None) -> str:
    return one_line((node.text(separator=" ") or "")[:2000]) if node is not None else ""
