"""GitHub's repository search: young repositories on our topics that people already starred."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.identity import SHARED_HOSTS, canonical_url, registrable_domain
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.context import CrawlContext
from crawler.relevance import Judgement, judge, judge_repository
from crawler.spiders.reading import build_item, load_listing, note_failure, read_payload
from db.words import LaunchKind

SOURCE = "github"
TOPICS = ("llm", "ai-agents", "generative-ai", "mcp")
FEWEST_STARS = 20
MOST_RESULTS = 1000  # a query returns no more
PER_PAGE = 100


class GitHubSpider(Spider):
    name = SOURCE

    def __init__(self, context: CrawlContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context

    async def start(self) -> AsyncIterator[Request]:
        for topic in TOPICS:
            yield self.search(topic, 1)

    def search(self, topic: str, page: int) -> Request:
        since = self.context.window_start().date().isoformat()
        query = {
            "q": f"topic:{topic} created:>={since} stars:>={FEWEST_STARS}",
            "sort": "stars",
            "order": "desc",
            "per_page": PER_PAGE,
            "page": page,
        }
        return Request(
            f"{self.context.sources[SOURCE]}/search/repositories?{urlencode(query)}",
            headers=api_headers(self.context),
            callback=self.read,
            errback=self.failed,
            cb_kwargs={"topic": topic, "page": page},
            meta={"source": SOURCE, "is_api": True, "conditional": True},
        )

    def read(self, response: Response, topic: str, page: int) -> Iterator[Any]:
        payload = read_payload(self.context, SOURCE, response)
        if payload is None:
            return
        document = load_listing(SOURCE, payload, "items")
        tally = self.context.tally(SOURCE)
        if document.get("incomplete_results"):
            tally.problem(f"the search for topic:{topic} timed out on their side: results are incomplete")
        items, problems = read_repositories(document)
        tally.counts["parsed"] += len(document["items"])
        for why in problems:
            tally.problem(why)
        yield from items
        if page * PER_PAGE < min(document.get("total_count", 0), MOST_RESULTS) and document["items"]:
            yield self.search(topic, page + 1)

    def failed(self, failure: Failure) -> None:
        note_failure(self.context, failure)


def api_headers(context: CrawlContext) -> dict[str, str]:
    token = context.settings.source(SOURCE).token.get_secret_value()
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})


def parse(payload: bytes, url: str, now: datetime) -> list[LaunchItem]:
    """The launches of one recorded answer. Raises ParseError when it is no search result."""
    return read_repositories(load_listing(SOURCE, payload, "items"))[0]


def read_repositories(document: dict[str, Any]) -> tuple[list[LaunchItem], list[str]]:
    items, problems = [], []
    for repository in document["items"]:
        try:
            items.append(read_repository(repository))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
            problems.append(f"a repository could not be read: {type(exc).__name__} {str(exc)[:120]}")
    return items, problems


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
    return judge(f"{repository['name'].replace('-', ' ')}: {description}", "", topics)


def home_of(repository: dict[str, Any]) -> str:
    """The repository's stated home page when it is the tool's own, else the repository itself."""
    stated = (repository.get("homepage") or "").strip()
    if stated and "://" not in stated:
        stated = f"https://{stated}"
    home = canonical_url(stated) if stated else None
    if home is None or {registrable_domain(home), urlsplit(home).hostname} & SHARED_HOSTS:
        return str(repository["html_url"])
    return stated
