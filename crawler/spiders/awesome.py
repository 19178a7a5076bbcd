"""Curated lists on GitHub: a link that a commit adds to a list's README is a candidate, with a curator behind it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response
from sqlmodel import col, select

from catalog.addresses import repository_of
from catalog.launches import LaunchItem
from crawler.context import CrawlContext
from crawler.reading.listed_links import ListedLink, added_links, is_readme
from crawler.reading.listing import Launches, build_item, load_json, read_entries
from crawler.relevance import Judgement, judge
from crawler.source_spider import SourceSpider
from crawler.spiders.github import api_headers
from db.models import Validator
from db.words import LaunchKind
from errors import ParseError

SOURCE = "awesome"
LISTING = 30  # commits of one listing
MOST_COMMITS = 20  # of a list and visit
MOST_WITHOUT_TOKEN = 8  # five lists of them fit into the 60 requests an hour of the nameless


class AwesomeSpider(SourceSpider):
    name = SOURCE
    may_be_empty = True  # nobody has to touch a list in a fortnight
    places: ClassVar[Mapping[str, str]] = {"tagline": "files[].patch", "launched_at": "commit.committer.date"}

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        since = self.context.window_start().replace(hour=0, minute=0, second=0, microsecond=0)
        query = {"path": "README.md", "since": f"{since:%Y-%m-%dT%H:%M:%SZ}", "per_page": LISTING}
        yield self.get(source, f"{base_url}/commits?{urlencode(query)}")

    def get(self, source: str, url: str) -> Request:
        return self.ask(source, url, headers=api_headers(self.context))

    def read(self, payload: bytes, url: str, source: str) -> Launches:
        launches = parse(payload, url, self.context.clock(), source)
        if isinstance(launches.document, list):
            launches.found = 0  # commits only lead to entries: that they hold none is no loss
        return launches

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        """The commits of a listing, newest first; a commit never changes, so one that was read is not asked again."""
        if not isinstance(launches.document, list):
            return
        source = response.meta["source"]
        commits = f"{self.context.sources[source]}/commits/"
        urls = [f"{commits}{sha}" for sha in dict.fromkeys(map(sha_of, launches.document)) if sha]
        known = read_before(self.context, commits)
        unread = [url for url in urls if url not in known]
        has_token = bool(self.context.settings.source("github").token.get_secret_value())
        for url in unread[: MOST_COMMITS if has_token else MOST_WITHOUT_TOKEN]:
            yield self.get(source, url)


def read_before(context: CrawlContext, commits: str) -> set[str]:
    """The addresses of commits that this reading of them has had whole."""
    query = select(Validator.url).where(
        Validator.parser == context.parser, col(Validator.url).startswith(commits, autoescape=True)
    )
    with context.store.read() as session:
        return set(session.exec(query))


def sha_of(commit: Any) -> str:
    sha = commit.get("sha") if isinstance(commit, dict) else None
    return sha if isinstance(sha, str) and sha.isalnum() and sha.isascii() and len(sha) <= 64 else ""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def parse(payload: bytes, url: str, now: datetime, source: str = SOURCE) -> Launches:
    """The links one recorded commit adds; a listing of commits holds none itself.

    Raises ParseError when it is neither.
    """
    document = load_json(SOURCE, payload)
    if isinstance(document, list):
        launches = Launches(found=len(document))
    elif isinstance(document, dict) and document.get("sha") and isinstance(document.get("commit"), dict):
        launches = read_commit(document, source)
    else:
        raise ParseError(SOURCE, "the answer is neither a commit nor a list of commits")
    launches.document = document
    return launches


def read_commit(commit: dict[str, Any], source: str) -> Launches:
    stated = commit.get("files")
    files = [file for file in stated if isinstance(file, dict)] if isinstance(stated, list) else []
    links = added_links(files)
    launches = read_entries(links, lambda link: read_link(link, commit, source), "links")
    unseen = [str(file["filename"])[:200] for file in files if is_cut_off(file)]
    if unseen:
        launches.problems.append(
            f"what commit {str(commit['sha'])[:12]} changes in {', '.join(unseen[:3])} could not be read: "
            "it is too big to be shown"
        )
    return launches


def is_cut_off(file: dict[str, Any]) -> bool:
    """Changed, and GitHub does not say how; a file that was only renamed has nothing to show."""
    return is_readme(file) and not file.get("patch") and bool(file.get("changes"))


def read_link(link: ListedLink, commit: dict[str, Any], source: str) -> LaunchItem:
    seen_on = str(commit["html_url"])
    repository = repository_of(link.url)
    return build_item(
        source=source,
        external_id=link.canonical,
        url=link.url,
        seen_on=seen_on,
        title=f"{link.name}: {link.description}" if link.description else link.name,
        name=link.name,
        tagline=link.description,
        launched_at=datetime.fromisoformat(commit["commit"]["committer"]["date"]),
        date_from="commit.committer.date",
        repository=f"https://github.com/{repository}" if repository else None,
        judged=judge_link(link, (repository_of(seen_on) or "").partition("/")[2], source),
    )


def judge_link(link: ListedLink, list_name: str, source: str) -> Judgement:
    """What a list is called says what its links are about."""
    if link.why_none:
        return Judgement(LaunchKind.NOISE, f"not a launch: {link.why_none}")
    title = f"{link.name}: {link.description}" if link.description else link.name
    return judge(title, link.description, (list_name,), url=link.url, place=source)
