"""One recorded payload through the parser of the source it came from; stores nothing, asks nobody."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from config import Settings
from crawler.sources import SPIDERS, find_source, known_sources, page_rules
from errors import NotFound

NAMED = ("feed", "pages", "awesome")  # spiders that read several sources, each by its name


def parse_recorded(settings: Settings, name: str, payload: bytes, url: str, now: datetime) -> Sequence[Any]:
    """Launches for a source or spider, findings with their spans for `homepage`.

    Raises NotFound for an unknown name, ParseError when the payload is something else.
    """
    spider = spider_of(settings, name)
    is_named = find_source(settings, name) is not None
    options: dict[str, Any] = {"source": name} if is_named and spider in NAMED else {}
    if is_named and spider == "pages":
        options["rules"] = page_rules(settings, name)
    found: Sequence[Any] = import_module(f"crawler.spiders.{spider}").parse(payload, url, now, **options)
    return found


def spider_of(settings: Settings, name: str) -> str:
    """The spider that reads a source. Raises NotFound for a name that is neither."""
    row = find_source(settings, name)
    spider = row.spider if row else name
    if spider not in SPIDERS:
        known = sorted({row.key for row in known_sources(settings)} | set(SPIDERS))
        raise NotFound("source", name, f"known are {', '.join(known)}")
    return spider
