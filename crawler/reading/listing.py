"""What the sources' parsers share: a list of launches that tells what could not be read. Pure; knows no network."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from catalog.launches import LaunchItem
from crawler.relevance import Judgement
from errors import ParseError

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError, OSError)


class Launches(list[LaunchItem]):
    """The launches of one answer, and what else it says.

    Attributes:
        found: entries the answer holds, readable or not, launches or not.
        problems: sentences about what could not be read.
        document: the answer's own structure, for whoever asks for the next page.
    """

    def __init__(self, items: Iterable[LaunchItem] = (), *, found: int = 0, document: Any = None) -> None:
        super().__init__(items)
        self.found = found
        self.problems: list[str] = []
        self.document = document
        self.fresh_seconds: int | None = None  # so long, the answer says, asking again is no use


def read_entries(entries: Iterable[Any], read_one: Callable[[Any], LaunchItem | None], nouns: str) -> Launches:
    """Each entry through `read_one` (None: it points at nothing); one that cannot be read harms only itself.

    Args:
        nouns: what the source calls its entries, in the plural: "posts", "models".
    """
    launches = Launches()
    why: Counter[str] = Counter()
    for entry in entries:
        launches.found += 1
        try:
            item = read_one(entry)
        except UNREADABLE as exc:
            why[f"{type(exc).__name__} {str(exc)[:120]}"] += 1
            continue
        if item:
            launches.append(item)
    launches.problems = [
        f"{count} of {launches.found} {nouns} could not be read: {reason}" for reason, count in why.most_common(5)
    ]
    return launches


def load_json(source: str, payload: bytes) -> Any:
    """Raises ParseError for what is not JSON."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as exc:
        raise ParseError(source, f"the answer is not JSON ({exc})") from exc


def load_listing(source: str, payload: bytes, key: str) -> dict[str, Any]:
    """A JSON answer whose `key` holds the list. Raises ParseError when it is something else."""
    document = load_json(source, payload)
    if isinstance(document, dict) and isinstance(document.get(key), list):
        return document
    raise ParseError(source, f"the answer holds no '{key}' list")


def load_list(source: str, payload: bytes) -> list[Any]:
    """A JSON answer that is a list. Raises ParseError when it is something else."""
    document = load_json(source, payload)
    if isinstance(document, list):
        return document
    raise ParseError(source, "the answer is no list")


def build_item(
    *,
    source: str,
    external_id: str,
    url: str,
    seen_on: str,
    title: str,
    name: str,
    tagline: str,
    launched_at: datetime | None,
    date_from: str | None,
    judged: Judgement,
    traction: dict[str, Any] | None = None,
    repository: str | None = None,
    topics: tuple[str, ...] = (),
) -> LaunchItem:
    """Raises ValueError with a short reason when a value from outside does not fit."""
    try:
        return LaunchItem(
            source=source,
            external_id=external_id[:500],
            url=url,
            seen_on=seen_on,
            title=title[:1000],
            name=name[:200],
            tagline=tagline[:1000],
            launched_at=launched_at,
            date_from=date_from if launched_at else None,
            traction=traction or {},
            repository=repository,
            topics=topics,
            version=judged.version,
            kind=judged.kind,
            why=judged.why,
        )
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc
