"""The MCP registry: servers changed of late, by their reverse-DNS name. Reads its present and its older answers.

The registry dates versions, not servers: a version that cannot be a first one is an update.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from scrapy import Request
from scrapy.http import Response

from catalog.addresses import canonical_url, repository_of
from catalog.identity import keys_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.dates import stated_moment
from crawler.reading.listing import Launches, build_item, load_listing, read_entries
from crawler.relevance import Judgement
from crawler.source_spider import SourceSpider
from db.models import Source
from db.words import LaunchKind

SOURCE = "mcp"
REGISTRY = "https://registry.modelcontextprotocol.io"
PER_PAGE = 100
MOST_PAGES = 30
OVERLAP = timedelta(days=1)  # a day without any change would be a fault, so at least a day is asked for
OFFICIAL = "io.modelcontextprotocol.registry/official"
OLDER = "x-io.modelcontextprotocol.registry"
DATES = ("publishedAt", "published_at", "release_date")
GONE = {"deleted": "deleted from the registry", "deprecated": "deprecated by its makers"}
SAYS_NOTHING = frozenset("mcp server mcp-server mcpserver mcp_server".split())
TRIAL = re.compile(
    r"(?:.*[-_])?(?:hello[-_]?world|templates?|boilerplate|examples?)(?:[-_].*)?|(?:my[-_])?(?:mcp[-_])?(?:server[-_])?test"
    r"(?:[-_](?:mcp|server))*",
    re.IGNORECASE,
)
VERSION = re.compile(r"v?(\d{1,4})(?:\.(\d+))?(?![\d])")
FIRST_YEAR = 1900  # a "major version" from here on is a year


class McpSpider(SourceSpider):
    name = SOURCE

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        yield self.page(self.since(), "", 1)

    def since(self) -> datetime:
        """The last good visit, a day at least and the window at most."""
        with self.context.store.read() as session:
            known = session.get(Source, SOURCE)
            last = known.last_success_at if known else None
        start = self.context.window_start()
        return max(start, min(last, self.context.clock()) - OVERLAP) if last else start

    def page(self, since: datetime, cursor: str, page: int) -> Request:
        query = {"limit": PER_PAGE, "version": "latest", "updated_since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        query |= {"cursor": cursor} if cursor else {}
        return self.ask(
            SOURCE,
            f"{self.context.sources[SOURCE]}/v0.1/servers?{urlencode(query)}",
            cb_kwargs={"since": since, "cursor": cursor, "page": page},
            meta={"conditional": False},  # the window moves, and with it the address
        )

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        cursor = next_cursor(launches.document)
        page = response.cb_kwargs["page"]
        if not cursor or not launches.found or cursor == response.cb_kwargs["cursor"]:
            return
        if page < MOST_PAGES:
            yield self.page(response.cb_kwargs["since"], cursor, page + 1)
        else:
            # Said, but no failure: as one, the next visit would ask for the same long window and be cut again.
            self.context.tally(SOURCE).problems.append(
                f"more than {MOST_PAGES} pages changed; the rest was left unread"
            )


def next_cursor(document: dict[str, Any]) -> str:
    told = table(document.get("metadata"))
    cursor = told.get("nextCursor") or told.get("next_cursor")
    return cursor if isinstance(cursor, str) else ""


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer. Raises ParseError when it is no list of servers."""
    document = load_listing(SOURCE, payload, "servers")
    shared = shared_addresses(document["servers"])
    launches = read_entries(document["servers"], lambda entry: read_server(entry, shared), "servers")
    launches.document = document
    return launches


def read_server(entry: dict[str, Any], shared: frozenset[str]) -> LaunchItem:
    server, official = parts_of(entry)
    external_id = one_line(server["name"])
    name, description = name_of(server, external_id), one_line(str(server.get("description") or ""))
    record = f"{REGISTRY}/v0.1/servers/{quote(external_id, safe='')}/versions/latest"
    links = [link for link in links_of(server) if canonical_url(link) not in shared]
    version = version_of(server)
    field = next((key for key in DATES if official.get(key)), DATES[0])
    return build_item(
        source=SOURCE,
        external_id=external_id,
        url=links[0] if links else record,
        seen_on=record,
        title=f"{name}: {description}" if description else name,
        name=name,
        tagline=description,
        launched_at=stated_moment(official.get(field)),
        date_from=field,
        repository=next((f"https://github.com/{found}" for link in links if (found := repository_of(link))), None),
        topics=("mcp", *ways_of(server)),
        judged=judge_server(external_id, version, str(official.get("status") or server.get("status") or "")),
    )


def parts_of(entry: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the server as its makers describe it, what the registry itself says of it). Older answers are flat."""
    server = entry.get("server", entry)
    told = table(table(entry.get("_meta")).get(OFFICIAL)) or table(table(server.get("_meta")).get(OFFICIAL))
    return server, told or table(entry.get(OLDER)) or table(server.get("version_detail"))


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def judge_server(external_id: str, version: str | None, status: str) -> Judgement:
    """A server is AI by its nature, and its place in the registry announces it."""
    if status in GONE:
        return Judgement(LaunchKind.NOISE, f"not a launch: {GONE[status]}")
    if TRIAL.fullmatch(external_id.rpartition("/")[2]):
        return Judgement(LaunchKind.NOISE, "not a launch: a trial, a template or an example")
    if version and not may_be_first(version):
        return Judgement(LaunchKind.UPDATE, f"a version of a server published before: {version}"[:200], version[:64])
    return Judgement(LaunchKind.LAUNCH, "", version[:64] if version else None)


def may_be_first(version: str) -> bool:
    """'0.9.2' and '1.0.3' may be; '1.4.0' and '2.0.0' follow others. A year or a word tells nothing."""
    match = VERSION.match(version)
    if not match or int(match[1]) >= FIRST_YEAR:
        return True
    return int(match[1]) == 0 or (int(match[1]) == 1 and int(match[2] or 0) == 0)


def version_of(server: dict[str, Any]) -> str | None:
    told = server.get("version") or table(server.get("version_detail")).get("version")
    return one_line(told) or None if isinstance(told, str) else None


# ── what a server is called, and where it is ─────────────────────────────────────────────────────


def name_of(server: dict[str, Any], external_id: str) -> str:
    """Its title, else the last part of its name; of 'com.kettle/mcp' that says nothing, so 'kettle'."""
    title = server.get("title")
    if isinstance(title, str) and one_line(title):
        return one_line(title)
    owner, slash, last = external_id.rpartition("/")
    return owner.rpartition(".")[2] if slash and owner and last.lower() in SAYS_NOTHING else last or external_id


def links_of(server: dict[str, Any]) -> list[str]:
    """Its own site, then its repository. A part of a repository shares it with others, and proves nothing."""
    repository = table(server.get("repository"))
    code = None if repository.get("subfolder") else repository.get("url")
    links = [server.get("websiteUrl") or server.get("website_url"), code]
    return [link.strip() for link in links if isinstance(link, str) and keys_of(link)]


def shared_addresses(entries: list[Any]) -> frozenset[str]:
    """Addresses that more than one server names: they tell who made it, not which one it is."""
    named: set[tuple[str, str]] = set()
    for entry in entries:
        server = table(entry).get("server", entry)
        if isinstance(server, dict) and isinstance(server.get("name"), str):
            named |= {(server["name"], canonical_url(link) or "") for link in links_of(server)}
    counted = Counter(address for _, address in named)
    return frozenset(address for address, count in counted.items() if count > 1)


def ways_of(server: dict[str, Any]) -> tuple[str, ...]:
    """Where it runs: with the reader, at its makers', or both."""
    return tuple(way for way, key in (("local", "packages"), ("remote", "remotes")) if server.get(key))
