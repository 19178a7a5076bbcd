"""One row of defaults a source: where it is, who reads it, how often and how gently."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from config import Settings
from db.models import Source

# Feeds with a steady address that announce tools. An operator's [feeds] table replaces this list.
FEEDS = {
    "mistral": "https://mistral.ai/rss.xml",
    "openai": "https://openai.com/news/rss.xml",
    "deepmind": "https://deepmind.google/blog/rss.xml",
    "huggingface-blog": "https://huggingface.co/blog/feed.xml",
    "ollama": "https://ollama.com/blog/rss.xml",
    "together": "https://www.together.ai/blog/rss.xml",
    "allenai": "https://allenai.org/rss.xml",
    "nvidia": "https://developer.nvidia.com/blog/feed",
    "supabase": "https://supabase.com/rss.xml",
}


@dataclass(frozen=True)
class Defaults:
    key: str
    spider: str
    title: str
    base_url: str
    delay_seconds: float = 3.0


APIS = (
    Defaults("hackernews", "hackernews", "Hacker News", "https://hn.algolia.com", 1.0),
    Defaults("github", "github", "GitHub", "https://api.github.com", 7.0),  # 10 searches a minute without a token
    Defaults("homepage", "homepage", "The tools' own pages", "", 10.0),
)
SPIDERS = ("hackernews", "github", "feed", "homepage")


def known_sources(settings: Settings) -> list[Defaults]:
    """Every source the configuration knows, with its base URL applied."""
    feeds = FEEDS if settings.feeds is None else settings.feeds
    rows = [*APIS, *(Defaults(key, "feed", feed_title(key), url, 3.0) for key, url in feeds.items())]
    return [
        Defaults(row.key, row.spider, row.title, settings.source(row.key).base_url or row.base_url, row.delay_seconds)
        for row in rows
    ]


def feed_title(key: str) -> str:
    return key.replace("-", " ").title() + " feed"


def register_sources(session: Session, settings: Settings, now: datetime) -> list[Source]:
    """Bring the `source` table in line with the configuration; history of a removed one stays, disabled."""
    wanted = {row.key: row for row in known_sources(settings)}
    stored = {source.key: source for source in session.exec(select(Source))}
    for key, row in wanted.items():
        source = stored.setdefault(key, Source(key=key, spider=row.spider, title=row.title, url=row.base_url))
        source.spider, source.title, source.url = row.spider, row.title, row.base_url
        source.is_enabled = settings.source(key).enabled
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
    return max(
        [
            settings.crawl.delay_seconds,
            *(row.delay_seconds for row in known_sources(settings) if key in (row.key, row.spider)),
        ]
    )
