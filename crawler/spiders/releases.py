"""Releases of the tools we know, from their repositories' releases.atom: a first or a whole new version is a launch,
a step an update of the tool, a build in between noise."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import unquote

from scrapy import Request
from scrapy.http import Response
from sqlmodel import Session, col, select

from catalog.addresses import repository_of
from catalog.launches import LaunchItem
from crawler.context import CrawlContext
from crawler.reading.dates import first_date
from crawler.reading.feeds import Entry, read_feed
from crawler.reading.listing import Launches, build_item, read_entries
from crawler.reading.plain_text import plain
from crawler.relevance import Judgement
from crawler.source_spider import SourceSpider
from db.models import Tool, Validator
from db.words import LaunchKind
from errors import ParseError

SOURCE = "releases"
MOST_TOOLS = 40  # of a visit
MOST_NEVER_READ = 20  # of these: a repository that never answers must not keep the others out
GONE = (404, 410, 451)
FULL_FEED = 10  # GitHub shows no more entries: a shorter feed goes back to the first release
OWN_ID = re.compile(r"^tag:github\.com,2008:https?://github\.com/([^/\s]+/[^/\s]+)/(?:releases|tags)\b", re.IGNORECASE)
OWN_URL = re.compile(r"^https?://[^/]+/([^/\s]+/[^/\s]+)/(?:releases|tags)\.atom$", re.IGNORECASE)
VERSION = re.compile(r"(?<![\d.])v?(\d{1,6}(?:\.\d{1,6}){1,3})(?!\d)|(?<![a-z\d.])v(\d{1,6})(?![\d.])", re.IGNORECASE)
PLAIN_PARTS = frozenset(("", "release", "releases", "version", "ver", "rel", "tag", "stable", "r"))
UNFINISHED = (
    r"nightly|canary|dev(?:el(?:op)?)?|pre-?(?:release)?|preview|alpha|beta|rc|draft|snapshot|insiders?|unstable|edge|"
    r"experimental|next|test(?:ing)?|ci|wip|milestone|eap|release[- ]candidate"
)
UNFINISHED_TAG = re.compile(rf"(?<![a-z])(?:{UNFINISHED})(?![a-z])|\d(?:a|b|rc|c|m)\d{{1,4}}(?![a-z\d])", re.IGNORECASE)
UNFINISHED_TITLE = re.compile(
    r"\b(?:nightly|canary|pre-?release|release candidate|draft|snapshot)\b|\d[\s.-]*(?:alpha|beta|preview|rc)\b|"
    r"\b(?:alpha|beta|preview|rc)\s+v?\d",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"\b(?:initial|first|very first|inaugural)\s+(?:public\s+|stable\s+)?(?:release|version)\b", re.IGNORECASE
)


class ReleasesSpider(SourceSpider):
    name = SOURCE
    places: ClassVar[Mapping[str, str]] = {
        "version": "entry/link, behind /releases/tag/",
        "launched_at": "entry/updated",
    }
    may_be_empty = True  # there may be no tool with a repository, and no release of it

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(context, **options)
        self.asked = self.gone = 0

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        with self.context.store.read() as session:
            urls = feeds_to_read(session, base_url, self.context.started_at)
        self.asked = len(urls)
        for url in urls:
            yield self.ask(source, url, cb_kwargs={"asked": OWN_URL.sub(r"https://github.com/\1", url)})

    def answered(self, response: Response, **known: Any) -> Iterator[Any]:
        """A repository that is gone is its tool's trouble; that all are gone is ours."""
        if response.status not in GONE:
            for one in super().answered(response):
                # by the name we know it under: it may have moved since, and its feed says the new one
                yield one.model_copy(update={"repository": known["asked"]}) if isinstance(one, LaunchItem) else one
            return
        self.gone += 1
        if self.gone == self.asked:
            self.context.tally(SOURCE).problem(
                f"none of {self.asked} repositories was found, such as {response.url[:200]}"
            )


def feeds_to_read(session: Session, base_url: str, now: datetime) -> list[str]:
    """Feeds never read first, a limited number of them; the others in an order that changes from hour to hour, so that
    over the days each has its turn, whatever its answer was."""
    query = select(Tool.repository).where(col(Tool.repository).is_not(None))
    named = {repository_of(f"https://github.com/{bare_name(name)}") for name in session.exec(query) if name}
    urls = {f"{base_url}/{name}/releases.atom" for name in named if name}
    known = select(Validator.url).where(col(Validator.url).startswith(f"{base_url}/", autoescape=True))
    read = set(session.exec(known))
    turn = f"{now:%Y-%m-%d %H}"
    in_turn = sorted(urls, key=lambda url: hashlib.sha256(f"{turn} {url}".encode()).digest())
    never = [url for url in in_turn if url not in read]
    before = [url for url in in_turn if url in read]
    return (never[:MOST_NEVER_READ] + before + never[MOST_NEVER_READ:])[:MOST_TOOLS]


def bare_name(repository: str) -> str:
    return repository.removeprefix("https://github.com/").strip("/")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tagged:
    """What a release's tag says."""

    part: str  # of a tool that releases its parts apart: 'cli' of cli-v1.2.0
    version: str | None
    is_unfinished: bool


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The releases of one recorded feed. Raises ParseError when it is no feed of releases."""
    feed = read_feed(payload, url, SOURCE)
    found = OWN_ID.match(str(feed.document.get("id", ""))) or OWN_URL.match(url)
    repository = repository_of(f"https://github.com/{found[1]}") if found else None
    if found is None or repository is None:
        raise ParseError(SOURCE, f"{url[:300]} is no feed of a repository's releases")
    name = found[1].partition("/")[2]
    is_whole = not feed.problems and 0 < len(feed.entries) == feed.found < FULL_FEED
    oldest = feed.entries[-1] if is_whole else None  # of a feed that was cut off nobody knows
    launches = read_entries(
        feed.entries, lambda entry: read_release(entry, name, repository, now, is_oldest=entry is oldest), "releases"
    )
    launches.found = feed.found
    launches.problems += feed.problems
    launches.document = feed.document
    return launches


def read_release(entry: Entry, name: str, repository: str, now: datetime, *, is_oldest: bool) -> LaunchItem:
    said = plain(entry.title)
    tag = tag_of(entry.link) or entry.id.rpartition("/")[2]
    launched_at, date_from = first_date(entry.dates, now)
    return build_item(
        source=SOURCE,
        external_id=entry.id,
        url=f"https://github.com/{repository}/releases/tag/{tag}",
        seen_on=entry.link,
        title=said if said.lower().startswith(name.lower()) else f"{name} {said or tag}",
        name=name,
        tagline="",
        launched_at=launched_at,
        date_from=date_from,
        repository=f"https://github.com/{repository}",
        judged=judge_release(read_tag(tag, name), said, is_oldest=is_oldest),
    )


def tag_of(link: str) -> str:
    """A tag may hold slashes of its own."""
    return link.partition("/releases/tag/")[2].partition("?")[0]


def read_tag(tag: str, name: str) -> Tagged:
    """'v1.2.0' and 'kettle-1.2.0' are the tool's, 'cli-v1.2.0' a part's, 'b4500' nobody's version."""
    words = re.sub(r"^[^a-z0-9]+", "", unquote(tag).lower())
    own = re.sub(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", "", words)
    found = VERSION.search(own)
    part = re.sub(r"[^a-z0-9]+", "-", own[: found.start()]).strip("-") if found else ""
    version = found and (found[1] or found[2])
    return Tagged("" if part in PLAIN_PARTS else part, version or None, bool(UNFINISHED_TAG.search(own)))


def judge_release(tag: Tagged, title: str, *, is_oldest: bool) -> Judgement:
    if tag.is_unfinished or UNFINISHED_TITLE.search(title):
        return Judgement(LaunchKind.NOISE, "not a launch: a pre-release")
    if tag.part:
        return Judgement(LaunchKind.NOISE, f"not a launch: a release of a part of it ({tag.part[:60]})")
    if tag.version is None:
        return Judgement(LaunchKind.NOISE, "not a launch: its tag names no version")
    if is_oldest or FIRST.search(title) or is_major(tag.version):
        return Judgement(LaunchKind.LAUNCH, "", tag.version)
    return Judgement(LaunchKind.UPDATE, f"a release of a known tool: {tag.version}", tag.version)


def is_major(version: str) -> bool:
    """'1.0', '2' and '3.0.0' open a chapter; '0.9', '2.0.1' and a year do not."""
    first, *rest = map(int, version.split("."))
    return 0 < first < 1000 and not any(rest)
