"""The table of sources: one row of defaults each, where it is, who reads it, how often and how gently."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, select

from config import PageSource, Settings
from crawler.vendors import FEEDS, LISTS, PAGES
from db.models import Source


@dataclass(frozen=True)
class Defaults:
    """
    Attributes:
        key: the source's name, and its fixture folder's.
        spider: the file in crawler/spiders that reads it.
        delay_seconds: between two requests to its host.
        every_hours: how often it is visited; None is [schedule] crawl_hours.
        permission: why it stays off until the operator states a permission; empty when none is needed.
    """

    key: str
    spider: str
    title: str
    base_url: str
    delay_seconds: float = 3.0
    every_hours: int | None = None
    permission: str = ""


def list_row(key: str, repository: str) -> Defaults:
    """A curated list, by its 'owner/name' on GitHub."""
    return Defaults(key, "awesome", f"The list {repository}", f"https://api.github.com/repos/{repository}")


SOURCES = (
    Defaults("hackernews", "hackernews", "Hacker News", "https://hn.algolia.com", 1.0),
    Defaults("github", "github", "GitHub", "https://api.github.com", 7.0),  # 10 searches a minute without a token
    *(Defaults(key, "feed", f"{key.replace('-', ' ').title()} feed", url) for key, url in FEEDS.items()),
    *(Defaults(key, "pages", f"{key.replace('-', ' ').title()} pages", rules.url) for key, rules in PAGES.items()),
    Defaults("huggingface", "huggingface", "Hugging Face", "https://huggingface.co"),
    Defaults("mcp", "mcp", "MCP registry", "https://registry.modelcontextprotocol.io"),
    Defaults("openrouter", "openrouter", "OpenRouter", "https://openrouter.ai", every_hours=12),
    Defaults("devto", "devto", "dev.to", "https://dev.to", every_hours=12),
    *(list_row(key, repository) for key, repository in LISTS.items()),
    Defaults(
        "producthunt",
        "producthunt",
        "Product Hunt",
        "https://www.producthunt.com",
        permission="Product Hunt's terms ask for their written permission for commercial use",
    ),
    Defaults("releases", "releases", "Releases of the tools' repositories", "https://github.com"),
    Defaults("homepage", "homepage", "The tools' own pages", "", 10.0),
)
# The order of a crawl; the tools' own pages last, for the others find the tools.
SPIDERS = tuple(dict.fromkeys(row.spider for row in SOURCES))


def known_sources(settings: Settings) -> list[Defaults]:
    """Every source the configuration knows, with its base URL applied."""
    replaced = {name for name, own in (("feed", settings.feeds), ("pages", settings.pages)) if own is not None}
    rows = [row for row in SOURCES if row.spider not in replaced]
    rows += [Defaults(key, "feed", f"{key} feed", str(url)) for key, url in (settings.feeds or {}).items()]
    rows += [Defaults(key, "pages", f"{key} pages", rules.url) for key, rules in (settings.pages or {}).items()]
    if settings.lists is not None:
        rows = [row for row in rows if row.spider != "awesome"]
        rows += [list_row(key, repository) for key, repository in settings.lists.items()]
    by_key = {row.key: row for row in rows}  # what an operator names replaces ours of that name
    return [replace(row, base_url=settings.source(key).base_url or row.base_url) for key, row in by_key.items()]


def page_rules(settings: Settings, key: str) -> PageSource:
    """How the pages of a source are read."""
    return (PAGES if settings.pages is None else settings.pages)[key]


def find_source(settings: Settings, key: str) -> Defaults | None:
    return next((row for row in known_sources(settings) if row.key == key), None)


def is_on(settings: Settings, row: Defaults) -> bool:
    """Switched on, and permitted where a permission is needed."""
    own = settings.source(row.key)
    return own.enabled and bool(not row.permission or own.permission.strip())


def register_sources(session: Session, settings: Settings, now: datetime) -> list[Source]:
    """Bring the `source` table in line with the configuration; history of a removed one stays, disabled."""
    wanted = {row.key: row for row in known_sources(settings)}
    stored = {source.key: source for source in session.exec(select(Source))}
    for key, row in wanted.items():
        source = stored.setdefault(key, Source(key=key, spider=row.spider, title=row.title, url=row.base_url))
        source.spider, source.title, source.url = row.spider, row.title, row.base_url
        source.is_enabled = is_on(settings, row)
        session.add(source)
    for key in stored.keys() - wanted.keys():
        stored[key].is_enabled = False
        session.add(stored[key])
    session.flush()
    return sorted(stored.values(), key=lambda source: source.key)


def delay_of(settings: Settings, key: str) -> float:
    """Seconds between two requests to one host. A configured 0 (a replaying origin) means none at all."""
    if settings.crawl.delay_seconds == 0:
        return 0.0
    rows = (row.delay_seconds for row in known_sources(settings) if key in (row.key, row.spider))
    return max(settings.crawl.delay_seconds, *rows, 0.0)
