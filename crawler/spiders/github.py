"""GitHub's repository search: young repositories on our topics that people already starred."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from catalog.addresses import SHARED_HOSTS, canonical_url, registrable_domain
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.context import CrawlContext
from crawler.reading.listing import Launches, build_item, load_listing, read_entries
from crawler.relevance import Judgement, judge, judge_repository
from crawler.source_spider import SourceSpider
from db.words import LaunchKind

SOURCE = "github"
TOPICS = ("llm", "ai-agents", "generative-ai", "mcp")
FEWEST_STARS = 20
MOST_RESULTS = 1000  # a query returns no more
PER_PAGE = 100
NEXT = re.compile(r"<([^<>]{1,2000})>\s*;[^<]*\brel=\"?next\"?", re.IGNORECASE)


class GitHubSpider(SourceSpider):
    name = SOURCE
    places: ClassVar[Mapping[str, str]] = {
        "tagline": "items[].description",
        "launched_at": "items[].created_at",
        "repository": "items[].html_url",
        "topics": "items[].topics",
        "traction.stars": "items[].stargazers_count",
        "traction.forks": "items[].forks_count",
    }

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        start, today = self.context.window_start().date(), self.context.started_at.date()
        for topic in TOPICS:
            yield self.window(topic, start, today)

    def window(self, topic: str, start: date, end: date) -> Request:
        """Both days included."""
        query = {
            "q": f"topic:{topic} created:{start}..{end} stars:>={FEWEST_STARS}",
            "sort": "stars",
            "order": "desc",
            "per_page": PER_PAGE,
            "page": 1,
        }
        url = f"{self.context.sources[SOURCE]}/search/repositories?{urlencode(query)}"
        return self.page(url, topic=topic, start=start, end=end, page=1)

    def page(self, url: str, **known: Any) -> Request:
        return self.ask(SOURCE, url, headers=api_headers(self.context), cb_kwargs=known)

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        """Once more what timed out on their side; the halves of a window that holds too much; the next page."""
        known = dict(response.cb_kwargs)
        if launches.document.get("incomplete_results") is True:
            if not known.get("again"):
                yield self.page(response.url, **known | {"again": True})
                return
            self.context.tally(SOURCE).problem(
                f"the search timed out on their side twice, results are incomplete ({response.url[:200]})"
            )
        total = launches.document.get("total_count")
        if known["page"] == 1 and isinstance(total, int) and total > MOST_RESULTS:
            halves = self.halve(total, **known)
            if halves:
                yield from halves
                return
        url = next_page(response)
        if url and launches.found and known["page"] < MOST_RESULTS // PER_PAGE:
            yield self.page(url, **known | {"page": known["page"] + 1, "again": False})

    def halve(self, total: int, topic: str, start: date, end: date, **_known: Any) -> list[Request]:
        """A day cannot be halved: then what has most stars is read, and the rest is told."""
        if start >= end:
            self.context.tally(SOURCE).problem(
                f"{total} repositories of topic {topic} on {start}: only the {MOST_RESULTS} with most stars can be had"
            )
            return []
        middle = start + timedelta(days=(end - start).days // 2)
        return [self.window(topic, start, middle), self.window(topic, middle + timedelta(days=1), end)]


def next_page(response: Response) -> str | None:
    """What the Link header calls the next page, when it is on the host that was asked."""
    link = (response.headers.get("Link") or b"").decode("latin-1")
    found = NEXT.search(link[:10_000])
    if not found:
        return None
    try:
        url = urljoin(response.url, found[1])
        return url if urlsplit(url)[:2] == urlsplit(response.url)[:2] else None
    except ValueError:
        return None


def api_headers(context: CrawlContext) -> dict[str, str]:
    token = context.settings.source(SOURCE).token.get_secret_value()
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer. Raises ParseError when it is no search result."""
    document = load_listing(SOURCE, payload, "items")
    launches = read_entries(document["items"], read_repository, "repositories")
    launches.document = document
    return launches


def read_repository(repository: dict[str, Any]) -> LaunchItem:
    description = one_line(repository.get("description") or "")
    topics = tuple(str(topic) for topic in repository.get("topics") or ())
    return build_item(
        source=SOURCE,
        external_id=str(repository["id"]),
        url=home_of(repository),
        seen_on=repository["html_url"],
        title=f"{repository['name']}: {description}" if description else repository["name"],
        name=repository["name"],
        tagline=description,
        launched_at=datetime.fromisoformat(repository["created_at"]),
        date_from="created_at",
        traction={
            "stars": int(repository.get("stargazers_count") or 0),
            "forks": int(repository.get("forks_count") or 0),
        },
        repository=repository["html_url"],
        topics=topics,
        judged=judge_one(repository, description, topics),
    )


def judge_one(repository: dict[str, Any], description: str, topics: tuple[str, ...]) -> Judgement:
    why = judge_repository(
        description,
        fork=bool(repository.get("fork")),
        archived=bool(repository.get("archived")),
        template=bool(repository.get("is_template")),
    )
    if why:
        return Judgement(LaunchKind.NOISE, f"not a launch: {why}")
    # A search by topic finds courses and lists as well: what it is must show in name and description.
    title = f"{repository['name']}: {description}"
    return judge(title, "", topics, announces=False, url=str(repository["html_url"]), place=SOURCE)


def home_of(repository: dict[str, Any]) -> str:
    """The repository's stated home page when it is the tool's own, else the repository itself."""
    stated = (repository.get("homepage") or "").strip()
    if stated and "://" not in stated:
        stated = f"https://{stated}"
    home = canonical_url(stated) if stated else None
    if home is None or {registrable_domain(home), urlsplit(home).hostname} & SHARED_HOSTS:
        return str(repository["html_url"])
    return stated
