"""Read one web page: what it calls itself, where it points, and the visible text that facts will quote.

The markup is parsed once; what later stages need of it is kept as marks on the text. Any bytes give a page; nothing
here raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.extract.head import (
    description_of,
    lang_of,
    metas_of,
    name_of,
    og_of,
    published_of,
    tagline_of,
    title_of,
)
from crawler.extract.links import (
    base_of,
    canonical_of,
    domain_of,
    feed_links_of,
    icons_of,
    links_of,
    pricing_links,
    refresh_of,
    repository_links,
)
from crawler.extract.markup import body_written, parse_markup, words_of
from crawler.extract.structured import read_structured
from crawler.extract.tables import tables_written
from crawler.extract.text import Mark, visible_text

MAX_SHEET = 300_000


@dataclass(frozen=True)
class Page:
    """A page as read: its own words for itself, its links, and its visible text."""

    url: str
    name: str
    tagline: str
    canonical: str | None
    text: str
    lang: str | None
    pricing_links: tuple[str, ...]
    repository_links: tuple[str, ...]
    refresh_to: str | None
    structured: tuple[dict[str, Any], ...]
    title: str = ""
    marks: tuple[Mark, ...] = ()
    description: str = ""
    og: Mapping[str, str] = field(default_factory=dict)
    icons: tuple[str, ...] = ()
    feed_links: tuple[str, ...] = ()
    published: tuple[str, str] | None = None  # the date as stated, and the field that states it
    tables: tuple[str, ...] = ()  # the markup of the page's tables, in the order of their marks

    def marked(self, *kinds: str) -> list[tuple[int, int]]:
        """The spans of these kinds, in the order of the page."""
        return [(start, end) for kind, start, end in self.marks if kind in kinds]


def read_page(body: bytes, url: str, encoding: str | None = None) -> Page:
    """Read any bytes as a page; what cannot be understood is left out."""
    tree = parse_markup(body, encoding)
    meta_tags, link_tags = tree.tags("meta"), tree.tags("link")
    meta = metas_of(meta_tags)
    base = base_of(tree.tags("base"), url)
    structured = read_structured(tree.tags("script"))
    refresh_to = refresh_of(meta_tags, base, url)
    title = title_of(tree)
    sheet = "".join(tag.text() for tag in tree.tags("style"))[:MAX_SHEET]
    canonical, icons = canonical_of(link_tags, base), icons_of(link_tags, base)
    feed_links = feed_links_of(link_tags, base, url)
    published = published_of(meta, structured, tree)
    written = body_written(tree)
    text, marks = visible_text(written, sheet)
    links = links_of(tree.tags("a"), base)
    heading = next(map(words_of, tree.tags("h1")[:1]), "")
    name = name_of(meta, structured, title, heading, domain_of(url).split(".")[0])
    return Page(
        url=url,
        name=name,
        tagline=tagline_of(meta, heading),
        canonical=canonical,
        text=text,
        lang=lang_of(tree.tags("html"), meta),
        pricing_links=pricing_links(links, url),
        repository_links=repository_links(links, structured, name, url),
        refresh_to=refresh_to,
        structured=structured,
        title=title,
        marks=marks,
        description=description_of(meta),
        og=og_of(meta),
        icons=icons,
        feed_links=feed_links,
        published=published,
        tables=tables_written(written),
    )
