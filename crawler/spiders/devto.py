"""dev.to: articles tagged #showdev that link to something outside are launches; all others are articles."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from catalog.addresses import registrable_domain, repository_of
from catalog.identity import keys_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.dates import stated_moment
from crawler.reading.listing import Launches, build_item, load_list, read_entries
from crawler.reading.titles import name_from_url, split_title
from crawler.relevance import Judgement, is_article, judge
from crawler.source_spider import SourceSpider
from db.words import LaunchKind

SOURCE = "devto"
SHOWN = "showdev"
PER_PAGE = 100
MOST_PAGES = 5
MOST_COUNTED = 10**12
HEADERS = {"Accept": "application/vnd.forem.api-v1+json"}
LINK = re.compile(r"https?://[^\s\"'<>()\[\]]+")
OWN_HOSTS = frozenset(("dev.to", "forem.com"))
AN_ARTICLE = Judgement(LaunchKind.NOISE, "not a launch: a tutorial or article")


class DevToSpider(SourceSpider):
    name = SOURCE

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        yield self.shown(1)
        yield self.ask(
            SOURCE,
            f"{base_url}/api/articles?tag=ai&state=rising&per_page={PER_PAGE}",
            headers=HEADERS,
            cb_kwargs={"page": 0},
        )

    def shown(self, page: int) -> Request:
        url = f"{self.context.sources[SOURCE]}/api/articles?tag={SHOWN}&per_page={PER_PAGE}&page={page}"
        return self.ask(SOURCE, url, headers=HEADERS, cb_kwargs={"page": page})

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        """The next page of #showdev, while a page is full and still reaches into the window."""
        page, start = response.cb_kwargs["page"], self.context.window_start()
        is_recent = any(item.launched_at and item.launched_at >= start for item in launches)
        if 0 < page < MOST_PAGES and launches.found >= PER_PAGE and is_recent:
            yield self.shown(page + 1)


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer. Raises ParseError when it is no list of articles."""
    return read_entries(load_list(SOURCE, payload), read_article, "articles")


def read_article(article: dict[str, Any]) -> LaunchItem:
    title, description = one_line(article["title"]), one_line(str(article.get("description") or ""))
    page, tags = article["url"], tags_of(article)
    link = outside_link(article, description) if SHOWN in tags else None
    code = repository_of(link) if link else None
    name, tagline = split_title(title)
    if link and not tagline:
        name = name_from_url(link)
    field = "published_timestamp" if article.get("published_timestamp") else "published_at"
    return build_item(
        source=SOURCE,
        external_id=str(article["id"]),
        url=link or page,
        seen_on=page,
        title=title,
        name=name,
        tagline=tagline or description or title,
        launched_at=stated_moment(article.get(field)),
        date_from=field,
        traction=counts_of(article),
        repository=f"https://github.com/{code}" if code else None,
        topics=tags,
        judged=judge(title, description, tags, url=link) if link else AN_ARTICLE,
    )


def outside_link(article: dict[str, Any], description: str) -> str | None:
    """Where the thing itself is: an address in the description, else the canonical one. Another copy of the
    article, somebody's profile and a host everybody shares are none."""
    stated = str(article.get("canonical_url") or "").strip()
    links = [link.rstrip(".,;:!?") for link in LINK.findall(description)] + [stated]
    return next((link for link in links if leads_outside(link)), None)


def leads_outside(link: str) -> bool:
    if not keys_of(link) or registrable_domain(link) in OWN_HOSTS:
        return False
    return bool(repository_of(link)) or not is_article(link)


def tags_of(article: dict[str, Any]) -> tuple[str, ...]:
    """A list where articles are listed, words between commas elsewhere."""
    told = article.get("tag_list") or article.get("tags") or ()
    words = told.split(",") if isinstance(told, str) else [word for word in told if isinstance(word, str)]
    return tuple(dict.fromkeys(word for word in (one_line(word).lower() for word in words) if word))


def counts_of(article: dict[str, Any]) -> dict[str, int]:
    names = {"reactions": "positive_reactions_count", "comments": "comments_count"}
    counts = {name: article.get(key) for name, key in names.items()}
    return {
        name: n
        for name, n in counts.items()
        if isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= MOST_COUNTED
    }
