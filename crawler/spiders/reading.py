"""What the spiders share: reading an answer's status, and building a checked item."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from catalog.launches import LaunchItem
from crawler.context import CrawlContext
from crawler.relevance import Judgement
from errors import ParseError


def read_payload(context: CrawlContext, source: str, response: Response) -> bytes | None:
    """The body of a 200. Anything else is noted on the source (a 304 is no problem) and None."""
    if response.status == 304:
        return None
    if response.status != 200:
        context.tally(source).problem(f"{response.url[:300]} answered {response.status}")
        return None
    return response.body


def note_failure(context: CrawlContext, failure: Failure) -> None:
    """A request that got no answer: its source says so."""
    request = failure.request  # type: ignore[attr-defined]
    why = failure.getErrorMessage() or failure.type.__name__  # type: ignore[union-attr]
    no_robots = context.hosts_without_robots.get(urlsplit(request.url).netloc)
    if no_robots and isinstance(failure.value, IgnoreRequest) and "robots.txt" in why:
        why = f"its robots.txt cannot be had, which is no permission ({no_robots})"
    context.tally(request.meta["source"]).problem(f"{request.url[:300]} could not be read: {why[:300]}")


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


def load_listing(source: str, payload: bytes, key: str) -> dict[str, Any]:
    """A JSON answer whose `key` holds the list. Raises ParseError when it is something else."""
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as exc:
        raise ParseError(source, f"the answer is not JSON ({exc})") from exc
    if isinstance(document, dict) and isinstance(document.get(key), list):
        return document
    raise ParseError(source, f"the answer holds no '{key}' list")
