"""Which tools are due and what is known of their pages; and a page that was read, as what the store keeps of it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urldefrag

from scrapy.http import Response
from sqlmodel import Session, and_, col, or_, select

from catalog.addresses import canonical_url, registrable_domain
from catalog.facts import NewFact, current_facts_of
from crawler.context import CrawlContext
from crawler.extract.findings import Finding
from crawler.extract.licence_text import licence_of_text
from crawler.extract.liveness import Liveness, judge_liveness
from crawler.extract.page import Page
from crawler.items import PageRead, ToolReading
from db.models import Snapshot, Tool
from db.words import Availability, FactLabel

GONE = (
    Availability.DEAD,
    Availability.CLOSED_TO_ROBOTS,
    Availability.BOT_WALL,
    Availability.PARKED,
    Availability.MOVED,
)
PRICES = ("tier", "entry_price")
GITHUB = "https://github.com/"
LONGEST_LICENCE = 200_000


@dataclass(frozen=True)
class KnownPages:
    """What earlier readings of a tool left: every address read, and the pages its standing price came from."""

    urls: frozenset[str] = frozenset()
    priced: tuple[str, ...] = ()


# ── which tools ──────────────────────────────────────────────────────────────────────────────────


def tools_to_read(context: CrawlContext) -> list[Tool]:
    """Tools never read first, then those read longest ago; those that are gone are tried again after a week."""
    now = context.clock()
    stale = now - timedelta(hours=context.settings.crawl.reread_hours)
    read_at, is_gone = col(Tool.last_read_at), col(Tool.availability).in_(GONE)
    query = (
        select(Tool)
        .where(or_(read_at.is_(None), and_(read_at <= stale, or_(~is_gone, read_at < now - timedelta(days=7)))))
        .order_by(read_at.is_not(None), read_at, col(Tool.id))
        .limit(context.settings.crawl.most_tools_a_crawl)
    )
    with context.store.read() as session:
        return list(session.exec(query).all())


def known_pages(context: CrawlContext, tools: list[Tool]) -> dict[int, KnownPages]:
    """What is known of each tool's pages, in two queries for all."""
    with context.store.read() as session:
        snapshots = snapshots_of(session, [tool.id or 0 for tool in tools])
        facts = current_facts_of(session, tools)
    known = {}
    for tool_id, urls in snapshots.items():
        priced = [urls[fact.snapshot_id] for fact in facts[tool_id] if fact.key in PRICES and fact.snapshot_id in urls]
        known[tool_id] = KnownPages(frozenset(urls.values()), tuple(dict.fromkeys(priced)))
    return known


def snapshots_of(session: Session, ids: list[int]) -> dict[int, dict[int, str]]:
    """Tool → its snapshots' addresses."""
    found: dict[int, dict[int, str]] = {}
    query = select(Snapshot.tool_id, Snapshot.id, Snapshot.url).where(col(Snapshot.tool_id).in_(ids))
    for tool_id, snapshot_id, url in session.exec(query):
        found.setdefault(tool_id or 0, {})[snapshot_id or 0] = url
    return found


# ── what an answer says ──────────────────────────────────────────────────────────────────────────


def liveness_of(response: Response, asked: str, page: Page | None) -> Liveness:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
    }
    return judge_liveness(response.status, response.url, asked, page, headers)


def lives_at(url: str, known: KnownPages) -> bool:
    """Whether an address is of a domain the tool was read at before, or the tool was never read at all."""
    domains = {registrable_domain(one) for one in known.urls if not one.startswith(GITHUB)}
    return not domains or registrable_domain(url) in domains


def note_liveness(reading: ToolReading, found: Liveness) -> bool:
    """Put on the reading what the answer says of the tool; whether its pages may be read."""
    reading.availability, reading.why, reading.moved_to = found.state, found.why, found.moved_to
    return found.state == Availability.ALIVE


def same_page(one: str, other: str) -> bool:
    """A fragment, an index file or a tracking parameter makes no other page."""
    return canonical_url(one) == canonical_url(other)


def other_page(links: Iterable[str], url: str) -> str | None:
    """The first link that is another document than the one just read."""
    return next((urldefrag(link)[0] for link in links if not same_page(link, url)), None)


def page_read(page: Page, status: int, fetched_at: datetime, findings: Iterable[Finding]) -> PageRead:
    facts = tuple(new_fact(finding, FactLabel.VENDOR_CLAIM) for finding in findings)
    return PageRead(page.url, status, page.text, fetched_at, facts)


def new_fact(finding: Finding, label: FactLabel) -> NewFact:
    return NewFact(
        key=finding.key,
        value=finding.value,
        normal=finding.normal,
        quote=finding.quote,
        start=finding.start,
        end=finding.end,
        confidence=finding.confidence,
        label=label,
    )


def without(keys: Iterable[str], pages: list[PageRead]) -> list[PageRead]:
    """The pages as if they said nothing of these: another page knows it better."""
    return [replace(page, facts=tuple(fact for fact in page.facts if fact.key not in keys)) for page in pages]


def own_words(page: Page) -> list[Finding]:
    """What the page calls itself, as far as those words stand in the text a reader sees."""
    stated = (("name", page.name), ("tagline", page.tagline), ("description", page.description))
    return [
        Finding(key, words, {}, words, start, start + len(words), 1.0)
        for key, words in stated
        if words and (start := page.text.find(words)) >= 0
    ]


# ── the licence file ─────────────────────────────────────────────────────────────────────────────


def needs_licence_text(record: dict[str, Any]) -> bool:
    """GitHub found a licence file and could not name it."""
    licence = record.get("license")
    return isinstance(licence, dict) and licence.get("spdx_id") in (None, "", "NOASSERTION")


def licence_page(record: dict[str, Any], repository: str, fetched_at: datetime) -> PageRead | None:
    """The LICENSE file in GitHub's answer, with the licence it holds; None when nothing of it can be read.

    Raises TypeError or ValueError for an answer that is something else.
    """
    if record.get("encoding") != "base64" or not isinstance(record.get("content"), str):
        raise ValueError("it holds no base64 content")
    try:
        text = base64.b64decode(record["content"])[:LONGEST_LICENCE].decode("utf-8", "replace").replace("\0", "")
    except binascii.Error as exc:
        raise ValueError(f"its content is not base64 ({exc})") from exc
    path = quote(str(record.get("path") or "LICENSE")[:200])
    url = f"{GITHUB}{repository}/blob/HEAD/{path}"
    return PageRead(url, 200, text, fetched_at, licence_facts(text)) if text.strip() else None


def licence_facts(text: str) -> tuple[NewFact, ...]:
    found = licence_of_text(text)
    if found is None:
        return ()
    spdx, start, end = found
    stated = Finding("licence", spdx, {"spdx": spdx}, text[start:end], start, end, found.confidence)
    return (new_fact(stated, FactLabel.OUR_CHECK),)
