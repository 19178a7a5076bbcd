"""What a page states about itself in JSON-LD (schema.org), however carelessly that was written."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extract.markup import INVISIBLE, attribute, one_line

MAX_OBJECTS = 200
NAMED_TYPES = frozenset(
    (
        "SoftwareApplication WebApplication MobileApplication SoftwareSourceCode Product Service WebSite Organization "
        "Corporation"
    ).split()
)
JSON_COMMENT = re.compile(r"^\s*(?:<!--.*?-->|//.*?$|/\*.*?\*/|<!\[CDATA\[)|(?://)?\s*(?:\]\]>|-->)\s*$", re.S | re.M)
TRAILING_COMMA = re.compile(r",(\s{0,200}[\]}])")


def read_structured(scripts: list[LexborNode]) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []
    for script in scripts:
        if "ld+json" in attribute(script, "type").lower():
            found.extend(_flatten(_lenient_json(INVISIBLE.sub("", script.text()))))
    return tuple(found[:MAX_OBJECTS])


def structured_name(structured: Iterable[dict[str, Any]]) -> str:
    for item in structured:
        types = item.get("@type")
        kinds = types if isinstance(types, list) else [types]
        name = item.get("name")
        if isinstance(name, str) and name.strip() and any(isinstance(k, str) and k in NAMED_TYPES for k in kinds):
            return one_line(name)
    return ""


def offers_of(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The offers an object makes: one, several or none."""
    offers = item.get("offers")
    return [offer for offer in (offers if isinstance(offers, list) else [offers]) if isinstance(offer, dict)]


def strings_among(*values: Any) -> Iterator[str]:
    for value in values:
        yield from (v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))


def _lenient_json(source: str) -> Any:
    bare = JSON_COMMENT.sub("", source).strip().rstrip(";")
    for attempt in (source, bare, TRAILING_COMMA.sub(r"\1", bare)):
        try:
            value = json.loads(attempt, strict=False, parse_constant=lambda _: None)
            return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:MAX_OBJECTS]
        elif isinstance(item, dict):
            graph = item.get("@graph")
            waiting[:0] = graph[:MAX_OBJECTS] if isinstance(graph, list) else [graph]
            own = {key: entry for key, entry in item.items() if key != "@graph"}
            if set(own) - {"@context"}:
                yield own
