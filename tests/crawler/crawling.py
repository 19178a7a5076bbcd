"""Real crawls against origins on this machine: a configuration, a subprocess, and what it stored."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import Settings as ScrapySettings
from sqlmodel import col, select

from config import ROOT, Settings, load_settings
from crawler.guest.addon import GoodGuest
from crawler.settings import scrapy_settings
from crawler.sources import register_sources
from db.models import Crawl, Source
from db.session import Store, make_engine
from demo.origin import Origin, Route, serve_week
from tests.factories import MONDAY

RSS = "application/rss+xml"


def route(host: str, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> Route:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    return Route(host, path, {}, status, content, {"Content-Type": RSS, **named}, None, None)


def feed(*titles: str, host: str = "kettle.example") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}/{n}</link><guid>{host}-{n}</guid>"
        f"<pubDate>Sun, 15 Nov 2026 10:00:00 GMT</pubDate></item>"
        for n, title in enumerate(titles)
    )
    return (
        f'<rss version="2.0"><channel><title>New AI launches</title><link>https://{host}/</link>{items}</channel></rss>'
    )


@contextmanager
def serve(*routes: Route) -> Iterator[Origin]:
    with serve_week(lambda: MONDAY, list(routes)) as origin:
        yield origin


@dataclass
class Ground:
    """A data folder with its configuration and a migrated store."""

    settings: Settings
    store: Store

    def source(self, key: str) -> Source:
        with self.store.read() as session:
            return session.get_one(Source, key)

    def crawl_of(self, key: str) -> Crawl:
        """The latest visit."""
        with self.store.read() as session:
            query = select(Crawl).where(Crawl.source_key == key).order_by(col(Crawl.id).desc())
            return session.exec(query).first()


def prepare(folder: Path, migrated: Path, **tables: Any) -> Ground:
    """`tables`: crawl, feeds and sources, as they stand in verdicts.toml."""
    lines = []
    for name, values in {"crawl": {"delay_seconds": 0}, "feeds": {}, **tables}.items():
        lines += table(name, values)
    config = folder / "verdicts.toml"
    config.write_text("\n".join(['data_dir = "."', *lines]))
    (folder / "verdicts.db").write_bytes(migrated.read_bytes())
    settings = load_settings(config, environ={})
    store = Store(make_engine(settings.store_url))
    with store.write() as session:
        register_sources(session, settings, MONDAY)
    return Ground(settings, store)


def table(name: str, values: dict[str, Any]) -> list[str]:
    plain = [f'"{key}" = {json.dumps(value)}' for key, value in values.items() if not isinstance(value, dict)]
    nested = [
        line for key, value in values.items() if isinstance(value, dict) for line in table(f'{name}."{key}"', value)
    ]
    return [f"[{name}]", *plain, *nested]


def crawl(ground: Ground, spider: str, *keys: str, now: datetime = MONDAY) -> subprocess.CompletedProcess[str]:
    """`python -m crawler.run`, as the supervisor starts it."""
    command = [sys.executable, "-m", "crawler.run", spider, "--sources", ",".join(keys), "--now", now.isoformat()]
    command += ["--config", str(ground.settings.config_path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def effective_settings(settings: Settings, spider: str) -> ScrapySettings:
    """Scrapy's settings as a crawl finds them: ours, with what the add-on brings."""
    merged = ScrapySettings(scrapy_settings(settings, spider))
    GoodGuest().update_settings(merged)
    return merged
