"""Write what a new source begins with: its spider, a recorded case whose test fails, and its row of defaults."""

import json
import re
from pathlib import Path

from config import ROOT
from errors import NotAllowed

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
LAST_ROW = '    Defaults("homepage"'

SPIDER = '''"""{title}: say here what is asked, and which of its entries are launches."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scrapy import Request

from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.listing import Launches, build_item, load_listing, read_entries
from crawler.relevance import judge
from crawler.source_spider import SourceSpider

SOURCE = "{name}"


class {title}Spider(SourceSpider):
    name = SOURCE

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        yield self.ask(source, f"{{base_url}}/launches.json")


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer. Raises ParseError when it is no list of launches."""
    return read_entries(load_listing(SOURCE, payload, "items")["items"], read_one, "entries")


def read_one(entry: dict[str, Any]) -> LaunchItem | None:
    title = one_line(entry["title"])
    return build_item(
        source=SOURCE,
        external_id=str(entry["id"]),
        url=entry["url"],
        seen_on=entry["url"],
        title=title,
        name=title,
        tagline=one_line(entry.get("description") or ""),
        launched_at=datetime.fromisoformat(entry["created_at"]),
        date_from="created_at",
        judged=judge(title, entry.get("description") or ""),
    )
'''

PAYLOAD = {
    "items": [
        {
            "id": 1,
            "title": "Kettle",
            "url": "https://kettle.example/",
            "description": "An AI agent that answers support mail",
            "created_at": "2026-11-15T10:00:00Z",
        }
    ]
}
EXPECTED = {
    "url": "https://{name}.example/launches.json",
    "items": [{"external_id": "1", "name": "replace payload.json by a recorded answer, and say here what it holds"}],
}
ROW = '    Defaults("{name}", "{name}", "{title}", "https://{name}.example", 3.0),\n'


def write_source(name: str, root: Path = ROOT) -> list[Path]:
    """Raises NotAllowed for a name that is taken or is none. Returns the files written or changed."""
    if not NAME.fullmatch(name):
        raise NotAllowed(f"begin the source {name}", "its name is 2 to 31 small letters, digits and _, a letter first")
    spider = root / "crawler" / "spiders" / f"{name}.py"
    case = root / "tests" / "pages" / name / "first"
    rows = root / "crawler" / "sources.py"
    if spider.exists() or case.parent.exists():
        raise NotAllowed(f"begin the source {name}", f"{spider.relative_to(root)} or its recorded pages exist already")
    title = "".join(part.capitalize() for part in name.split("_"))
    spider.write_text(SPIDER.format(name=name, title=title), encoding="utf-8")
    case.mkdir(parents=True)
    write_json(case / "payload.json", PAYLOAD)
    write_json(case / "expected.json", EXPECTED | {"url": str(EXPECTED["url"]).format(name=name)})
    text = rows.read_text(encoding="utf-8")
    rows.write_text(text.replace(LAST_ROW, ROW.format(name=name, title=title) + LAST_ROW, 1), encoding="utf-8")
    return [spider, case / "payload.json", case / "expected.json", rows]


def write_json(file: Path, document: object) -> None:
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
