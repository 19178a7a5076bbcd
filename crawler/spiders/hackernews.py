"""Hacker News: Show HN and Launch HN posts of a window of time through Algolia's search, and, of launches a day and a
week old, their points once more through Firebase."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.addresses import repository_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from catalog.traction import TractionRead, readings_due
from crawler.context import CrawlContext
from crawler.reading.listing import Launches, build_item, load_json, load_listing, read_entries
from crawler.reading.titles import name_from_url, split_title
from crawler.relevance import Judgement, is_article, judge
from crawler.source_spider import SourceSpider
from db.words import LaunchKind
from errors import ParseError

SOURCE = "hackernews"
SEARCH, ITEMS = "https://hn.algolia.com", "https://hacker-news.firebaseio.com"
TAGS = ("show_hn", "launch_hn")
PER_PAGE = 100
MOST_HITS = 1000  # a query returns no more, whatever its window holds
NARROWEST = timedelta(minutes=10)  # a window is not halved below
MOST_WINDOWS = 200  # of a visit
MOST_POLLS = 60
FEWEST_READ = 5  # so many points asked for and none had is no chance
LINK = re.compile(r"https?://[^\s\"'<>]+")
OWN_PAGE = re.compile(r"https?://news\.ycombinator\.com(?:/|$)", re.IGNORECASE)
ANNOUNCES = re.compile(r"^\s*(?:show|launch)\s+hn\b", re.IGNORECASE)


class HackerNewsSpider(SourceSpider):
    name = SOURCE
    places: ClassVar[Mapping[str, str]] = {
        "tagline": "hits[].title",
        "url": "hits[].url",
        "traction.points": "hits[].points",
        "traction.comments": "hits[].num_comments",
    }

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(context, **options)
        self.windows = 0
        self.polls: Counter[str] = Counter()

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        start, now = self.context.window_start(), self.context.started_at
        for tag in TAGS:
            yield self.window(tag, start, now)
        with self.context.store.read() as session:
            due = [post for post in readings_due(session, SOURCE, now) if post.isascii() and post.isdecimal()]
        due = due[:MOST_POLLS]
        self.polls["asked"] = len(due)
        for external_id in due:
            yield self.poll(base_url, external_id)

    # ── the posts ────────────────────────────────────────────────────────────────────────────────

    def window(self, tag: str, after: datetime, until: datetime, page: int = 0) -> Request:
        """Posts of `after` < created <= `until`, in whole seconds: halves share their border and no post."""
        query = {
            "tags": tag,
            "numericFilters": f"created_at_i>{int(after.timestamp())},created_at_i<={int(until.timestamp())}",
            "hitsPerPage": PER_PAGE,
            "page": page,
        }
        self.windows += page == 0
        return self.ask(
            SOURCE,
            f"{self.context.sources[SOURCE]}/api/v1/search_by_date?{urlencode(query)}",
            cb_kwargs={"tag": tag, "after": after, "until": until, "page": page},
            meta={"conditional": False},  # the window moves, and with it the address
        )

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        """The next page; of a window that holds more than a query returns, its two halves instead."""
        if not isinstance(launches.document, dict):
            return
        tag, after, until, page = (response.cb_kwargs[name] for name in ("tag", "after", "until", "page"))
        hits, pages = (whole(launches.document.get(name)) for name in ("nbHits", "nbPages"))
        if page == 0 and hits > MOST_HITS:
            if until - after > NARROWEST and self.windows < MOST_WINDOWS:
                middle = after + (until - after) / 2
                yield self.window(tag, after, middle)
                yield self.window(tag, middle, until)
                return
            self.context.tally(SOURCE).problem(
                f"{hits} {tag} posts between {after:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC: "
                f"only {MOST_HITS} of them can be had"
            )
        if page + 1 < min(pages, MOST_HITS // PER_PAGE):
            yield self.window(tag, after, until, page + 1)

    # ── their points, later ──────────────────────────────────────────────────────────────────────

    def poll(self, base_url: str, external_id: str) -> Request:
        place = ITEMS if base_url == SEARCH else base_url  # a mirror stands in for both
        request = self.ask(
            SOURCE,
            f"{place}/v0/item/{external_id}.json",
            callback=self.polled,
            cb_kwargs={"external_id": external_id},
            meta={"conditional": False},
        )
        return request.replace(errback=self.poll_failed)

    def polled(self, response: Response, external_id: str) -> Iterator[TractionRead]:
        try:
            values = read_points(response.body) if response.status == 200 else None
            why = "" if response.status == 200 else f"{response.url[:300]} answered {response.status}"
        except ParseError as exc:
            values, why = None, str(exc)
        if values:
            self.polls["read"] += 1
            yield TractionRead(SOURCE, external_id, self.context.clock(), values)
        self.note_poll(why)

    def poll_failed(self, failure: Failure) -> None:
        self.note_poll(failure.getErrorMessage() or "no answer")

    def note_poll(self, why: str) -> None:
        """One post that is gone is no trouble of the source; all of them out of reach are told once."""
        polls = self.polls
        polls["done"] += 1
        polls["failed"] += bool(why)
        if polls["done"] < polls["asked"] or polls["read"]:
            return
        if polls["failed"] == polls["asked"] or polls["asked"] >= FEWEST_READ:
            last = f": {why[:300]}" if why else ""
            self.context.tally(SOURCE).problem(f"no points could be read of {polls['asked']} older posts{last}")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer: a search result, a single item, or a list of ids, which names none.

    Raises ParseError when it is none of these.
    """
    document = load_json(SOURCE, payload)
    if is_item(document):
        launches = read_entries([document], read_item, "posts")
    elif document is None or is_number(document):
        launches = Launches()
    elif isinstance(document, list) and all(map(is_number, document)):
        launches = Launches(found=len(document))
    else:
        launches = read_entries(load_listing(SOURCE, payload, "hits")["hits"], read_hit, "posts")
    launches.document = document
    return launches


def is_item(document: Any) -> bool:
    """An item of Firebase; a member's record looks much the same and holds no post either."""
    return isinstance(document, dict) and "id" in document and bool({"type", "deleted", "karma"} & document.keys())


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def read_item(item: dict[str, Any]) -> LaunchItem | None:
    if not is_story(item):
        return None
    return read_hit(
        {
            "objectID": item["id"],
            "title": item["title"],
            "url": item.get("url"),
            "story_text": item.get("text"),
            "created_at_i": item["time"],
            "points": item.get("score"),
            "num_comments": item.get("descendants"),
        }
    )


def is_story(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "story" and not (item.get("dead") or item.get("deleted"))


def read_points(payload: bytes) -> dict[str, int] | None:
    """None for what is no living story: null, deleted, dead, a comment. Raises ParseError for what is not JSON."""
    item = load_json(SOURCE, payload)
    if not is_story(item):
        return None
    stated = {"points": item.get("score"), "comments": item.get("descendants")}
    return {name: value for name, value in stated.items() if is_number(value)} or None


def read_hit(hit: dict[str, Any]) -> LaunchItem | None:
    """None for a post without any address: there is nothing to look at."""
    title = one_line(html.unescape(hit["title"]))
    story = html.unescape(hit.get("story_text") or "")
    url = (hit.get("url") or "").strip() or first_link(story)
    if not url:
        return None
    name, tagline = name_and_tagline(title, url)
    return build_item(
        source=SOURCE,
        external_id=str(hit["objectID"]),
        url=url,
        seen_on=f"https://news.ycombinator.com/item?id={hit['objectID']}",
        title=title,
        name=name,
        tagline=tagline,
        launched_at=datetime.fromtimestamp(int(hit["created_at_i"]), UTC),
        date_from="created_at_i",
        traction={"points": int(hit.get("points") or 0), "comments": int(hit.get("num_comments") or 0)},
        judged=judge_post(title, re.sub("<[^>]+>", " ", story), url),
    )


def name_and_tagline(title: str, url: str) -> tuple[str, str]:
    """A title that is a sentence names nothing: then the address does."""
    name, tagline = split_title(title)
    if tagline:
        return name, tagline
    if len(name.split()) <= 2:
        return name, ""
    return name_from_url(url), title.partition(":")[2].strip() or title


def judge_post(title: str, story: str, url: str) -> Judgement:
    judged = judge(title, story[:400], announces=bool(ANNOUNCES.match(title)), url=url, place=SOURCE)
    names_nothing = not split_title(title)[1]
    if judged.kind is LaunchKind.LAUNCH and names_nothing and is_article(url) and not repository_of(url):
        return Judgement(LaunchKind.NOISE, "not a launch: it names no tool and links to an article")
    return judged


def first_link(story: str) -> str | None:
    """The first address a post names, other than one of Hacker News itself."""
    links = (match.rstrip(".,;:!?)") for match in LINK.findall(story))
    return next((link for link in links if not OWN_PAGE.match(link)), None)


def whole(value: Any) -> int:
    return value if is_number(value) else 0
