"""Product Hunt: its Atom feed, or with a developer token its GraphQL interface. Off until its operator permits it."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from catalog.addresses import canonical_url, registrable_domain, repository_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.feeds import Entry, read_feed
from crawler.reading.listing import Launches, build_item, load_json, read_entries
from crawler.reading.plain_text import plain
from crawler.relevance import judge
from crawler.source_spider import SourceSpider
from errors import ParseError

SOURCE = "producthunt"
SITE, API = "https://www.producthunt.com", "https://api.producthunt.com"
CATEGORY = "artificial-intelligence"
PER_PAGE = 20
MOST_PAGES = 10
QUERY = """
query Launches($postedAfter: DateTime, $topic: String, $first: Int, $after: String) {
  posts(order: NEWEST, postedAfter: $postedAfter, topic: $topic, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id name tagline description url website votesCount commentsCount createdAt featuredAt
      productLinks { type url }
      topics(first: 5) { nodes { name } }
    }
  }
}
"""
NUMBER = re.compile(r"Post/(\d{1,12})$")
LINK = re.compile(r"""href\s*=\s*["'](https?://[^"'\s<>]{1,2000})["']""", re.IGNORECASE)
LONGEST = 10_000  # characters of a description that are read
ANCHOR = re.compile(r"<a\b[^<>]{0,2000}>[^<]{0,200}</a>", re.IGNORECASE)  # each description ends with two of their own


class ProductHuntSpider(SourceSpider):
    name = SOURCE
    places: ClassVar[Mapping[str, str]] = {
        "tagline": "posts.nodes[].tagline, or the feed's content",
        "launched_at": "posts.nodes[].featuredAt",
        "topics": "posts.nodes[].topics",
        "traction.votes": "posts.nodes[].votesCount",
    }

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        """The feed, or, which says more of the same posts, the interface."""
        if self.token():
            yield self.query(base_url, 1, None)
        else:
            yield self.ask(source, f"{base_url}/feed?category={CATEGORY}")

    def token(self) -> str:
        return self.context.settings.source(SOURCE).token.get_secret_value()

    def query(self, base_url: str, page: int, cursor: str | None) -> Request:
        place = API if base_url == SITE else base_url  # a mirror stands in for both
        variables = {
            "postedAfter": f"{self.context.window_start():%Y-%m-%dT%H:%M:%SZ}",
            "topic": CATEGORY,
            "first": PER_PAGE,
            "after": cursor,
        }
        return self.ask(
            SOURCE,
            f"{place}/v2/api/graphql",
            method="POST",
            body=json.dumps({"query": QUERY, "variables": variables}),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Authorization": f"Bearer {self.token()}",
            },
            cb_kwargs={"page": page, "cursor": cursor},
            meta={"conditional": False},  # every page has the same address
        )

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        if "page" not in response.cb_kwargs or not isinstance(launches.document, dict):
            return
        page, before = response.cb_kwargs["page"], response.cb_kwargs["cursor"]
        info = launches.document.get("pageInfo")
        cursor = info.get("endCursor") if isinstance(info, dict) and info.get("hasNextPage") is True else None
        if isinstance(cursor, str) and cursor and cursor != before and launches.found and page < MOST_PAGES:
            yield self.query(self.context.sources[SOURCE], page + 1, cursor)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The posts of one recorded answer, feed or interface. Raises ParseError when it is neither."""
    if payload.lstrip()[:1] in (b"{", b"["):
        return parse_interface(load_json(SOURCE, payload))
    return parse_feed(payload, url)


def parse_interface(document: Any) -> Launches:
    """Raises ParseError, with their own words where they refuse."""
    posts = posts_of(document)
    nodes = posts if isinstance(posts, list) else nodes_of(posts)
    if nodes is None:
        raise ParseError(SOURCE, refusal_of(document) or "the answer holds no 'posts'")
    launches = read_entries(nodes, read_post, "posts")
    launches.document = posts
    if refused := refusal_of(document):
        launches.problems.append(f"parts of the posts could not be read: {refused}")
    return launches


def posts_of(document: Any) -> Any:
    for key in ("data", "posts"):
        document = document.get(key) if isinstance(document, dict) else document
    return document


def nodes_of(connection: Any) -> list[Any] | None:
    """GraphQL lists come as nodes, or as edges around them."""
    if not isinstance(connection, dict):
        return None
    if isinstance(connection.get("nodes"), list):
        return list(connection["nodes"])
    edges = connection.get("edges")
    return [edge.get("node") if isinstance(edge, dict) else None for edge in edges] if isinstance(edges, list) else None


def refusal_of(document: Any) -> str:
    errors = document.get("errors") if isinstance(document, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    said = (
        first.get("message") or first.get("error_description") or first.get("error")
        if isinstance(first, dict)
        else None
    )
    return f"the interface refuses: {one_line(str(said))[:200]}" if said else ""


def read_post(post: dict[str, Any]) -> LaunchItem:
    seen_on = without_tracking(post["url"])
    featured = post.get("featuredAt")
    moment = featured or post.get("createdAt")
    return build_post(
        number=str(post["id"]),
        seen_on=seen_on,
        url=home_of(post) or seen_on,
        name=one_line(post["name"]),
        tagline=one_line(post.get("tagline") or ""),
        description=one_line(post.get("description") or ""),
        topics=tuple(str(topic["name"]) for topic in nodes_of(post.get("topics")) or ()),
        launched_at=datetime.fromisoformat(moment) if moment else None,
        date_from="featuredAt" if featured else "createdAt",
        traction={
            name: post[key]
            for name, key in (("votes", "votesCount"), ("comments", "commentsCount"))
            if isinstance(post.get(key), int)
        },
    )


def home_of(post: dict[str, Any]) -> str | None:
    """A link of the product itself; their redirect to it only when there is none."""
    links = post.get("productLinks")
    stated = [link.get("url") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    urls = [
        without_tracking(url) for url in (*stated, post.get("website")) if isinstance(url, str) and canonical_url(url)
    ]
    return next((url for url in urls if not is_own(url)), urls[0] if urls else None)


def is_own(url: str) -> bool:
    return registrable_domain(url) == "producthunt.com"


def without_tracking(url: str) -> str:
    """Their own links name who asked: nothing of that is kept."""
    return urlunsplit((*urlsplit(url)[:3], "", "")) if is_own(url) else url


def parse_feed(payload: bytes, url: str) -> Launches:
    feed = read_feed(payload, url, SOURCE)
    if feed.entries and not any(NUMBER.search(entry.id) for entry in feed.entries):
        raise ParseError(SOURCE, f"{url[:300]} is no feed of posts")
    launches = read_entries(feed.entries, read_entry, "posts")
    launches.found = feed.found
    launches.problems += feed.problems
    return launches


def read_entry(entry: Entry) -> LaunchItem:
    """The feed's `published` is when the draft was made, not the launch: the day stays unknown."""
    found = NUMBER.search(entry.id)
    if not found:
        raise ValueError(f"its id names no post ({entry.id[:60]})")
    links = [without_tracking(html.unescape(link)) for link in LINK.findall(entry.summary[:LONGEST])]
    homes = [link for link in (entry.link, *links) if canonical_url(link) and not is_post(link)]
    seen_on = next(filter(is_post, (without_tracking(entry.link), *links)), entry.link)
    return build_post(
        number=found[1],
        seen_on=seen_on,
        url=next((link for link in homes if not is_own(link)), homes[0] if homes else seen_on),
        name=plain(entry.title),
        tagline=plain(ANCHOR.sub("", entry.summary[:LONGEST])).strip(" |"),
        description="",
        topics=(),
        launched_at=None,
        date_from=None,
        traction={},
    )


def is_post(url: str) -> bool:
    return is_own(url) and urlsplit(url).path.startswith(("/posts/", "/products/"))


def build_post(
    *, number: str, seen_on: str, url: str, name: str, tagline: str, description: str, **known: Any
) -> LaunchItem:
    topics: tuple[str, ...] = known["topics"]
    title = f"{name} – {tagline}" if tagline else name
    repository = repository_of(url)
    return build_item(
        source=SOURCE,
        external_id=number,
        url=url,
        seen_on=seen_on,
        title=title,
        name=name.strip(" :–—-") or name,
        tagline=tagline,
        repository=f"https://github.com/{repository}" if repository else None,
        judged=judge(title, description, topics, announces=True, url=seen_on, place=SOURCE),
        **known,
    )
