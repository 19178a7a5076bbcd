"""A tool with all that pairing looks at, and the loading of many at once: a few queries, whatever their number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from catalog.facts import current_facts_of, find_fact, find_sure
from catalog.neighbours import Rarity, text_of
from db.models import Fact, Launch, Tool
from db.words import Availability, LaunchKind
from panel.owners import owners_of

NEW = timedelta(days=14)
# What a source counts, the most telling first; numbers of two units are never compared.
UNITS = ("stars", "points", "votes", "upvotes", "likes", "downloads", "installs", "reactions", "comments")
# Topics that every tool has.
EVERYBODYS = frozenset(
    "ai artificial intelligence artificial-intelligence llm llms machine-learning machine learning ml deep-learning "
    "generative-ai genai gpt chatgpt openai claude python typescript javascript rust go golang java swift docker cli "
    "api tool tools productivity developer-tools developer tools tech open-source open source opensource saas startup "
    "agent agents mcp webdev showdev news launch beginners programming hacktoberfest transformers pytorch text "
    "region:us remote local stdio".split()
) | {"artificial intelligence", "machine learning", "developer tools", "open source"}
SELF_HOSTED = re.compile(
    r"\bself[- ]host|\bon[- ]prem|\b(?:on|from) your (?:own )?(?:machine|server|laptop|computer|device|mac|hardware)|"
    r"\bruns? (?:entirely )?(?:locally|offline|on a laptop)|\blocal[- ](?:first|model)|\bworks offline",
    re.I,
)
HOSTED = re.compile(r"(?<!self[- ])\bhosted\b|\bserverless\b|\bmanaged\b|\bcloud\b|\bsaas\b", re.I)
PLATFORMS = {
    "the browser": r"browser extension|chrome extension|in your browser",
    "iOS": r"\bios\b|\biphone\b|\bipad\b",
    "Android": r"\bandroid\b",
    "macOS": r"\bmac\b|\bmacos\b",
    "Windows": r"\bwindows\b",
    "Linux": r"\blinux\b",
    "VS Code": r"\bvs ?code\b",
    "JetBrains": r"\bjetbrains\b",
    "the command line": r"\bcommand line\b|\bterminal\b|\bcli\b",
    "Slack": r"\bslack\b",
}


@dataclass(frozen=True)
class Candidate:
    """No database behind it."""

    id: int
    name: str
    slug: str
    category: str = "other"
    availability: str = Availability.ALIVE
    home_url: str = ""
    repository: str | None = None
    owners: frozenset[str] = frozenset()
    launched_at: datetime | None = None
    last_read_at: datetime | None = None
    text: str = ""
    words: Mapping[str, float] = field(default_factory=dict)  # weighed, of length 1
    topics: frozenset[str] = frozenset()
    rivals: tuple[str, ...] = ()
    tier: str | None = None
    price: str | None = None
    licence: str | None = None
    weights: str | None = None
    traction: Mapping[str, int] = field(default_factory=dict)  # unit → the most any source counted

    def is_new(self, now: datetime) -> bool:
        return self.launched_at is not None and self.launched_at >= now - NEW

    @property
    def hosting(self) -> str:
        """'self-hosted', 'hosted', or nothing where its words say neither or both."""
        own, other = SELF_HOSTED.search(self.text), HOSTED.search(self.text)
        return "self-hosted" if own and not other else "hosted" if other and not own else ""

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(name for name, pattern in PLATFORMS.items() if re.search(pattern, self.text, re.I))


def load_candidates(session: Session, tools: Sequence[Tool], rarity: Rarity) -> dict[int, Candidate]:
    """These tools as candidates, by id."""
    facts = current_facts_of(session, tools)
    launches = launches_of(session, [tool.id or 0 for tool in tools])
    return {
        tool.id: build_candidate(tool, facts[tool.id], launches[tool.id], rarity)
        for tool in tools
        if tool.id is not None
    }


def launches_of(session: Session, tool_ids: list[int]) -> dict[int, list[tuple[Mapping[str, Any], Sequence[str]]]]:
    """(traction, topics) of each launch of these tools."""
    found: dict[int, list[tuple[Mapping[str, Any], Sequence[str]]]] = defaultdict(list)
    query = select(Launch.tool_id, Launch.traction, Launch.topics).where(
        col(Launch.tool_id).in_(tool_ids), Launch.kind == LaunchKind.LAUNCH
    )
    for tool_id, traction, topics in session.exec(query.order_by(col(Launch.id))):
        found[tool_id or 0].append((traction, topics))
    return found


def build_candidate(
    tool: Tool, facts: list[Fact], launches: Sequence[tuple[Mapping[str, Any], Sequence[str]]], rarity: Rarity
) -> Candidate:
    assert tool.id is not None
    price = find_sure(facts, "entry_price")
    return Candidate(
        id=tool.id,
        name=tool.name,
        slug=tool.slug,
        category=tool.category,
        availability=tool.availability,
        home_url=tool.home_url,
        repository=tool.repository,
        owners=owners_of(tool.home_url, tool.repository),
        launched_at=tool.launched_at,
        last_read_at=tool.last_read_at,
        text=text_of(tool),
        words=rarity.weigh(text_of(tool)),
        topics=frozenset(topic for _, topics in launches for topic in telling(topics)),
        rivals=tuple(name for fact in facts if fact.key == "compares_with" for name in fact.normal.get("names", ())),
        tier=value_of(find_sure(facts, "tier")),
        price=price.value if price and price.value != "Free" else None,
        licence=value_of(find_fact(facts, "licence")),
        weights=value_of(find_sure(facts, "weights")),
        traction=most_of([traction for traction, _ in launches]),
    )


def value_of(fact: Fact | None) -> str | None:
    return fact.value if fact else None


def telling(topics: Iterable[str]) -> list[str]:
    """Topics as topics are compared, without those that every tool has."""
    plain = (" ".join(topic.lower().replace("-", " ").replace("_", " ").split()) for topic in topics)
    return [topic for topic in plain if topic and topic not in EVERYBODYS and topic.replace(" ", "-") not in EVERYBODYS]


def most_of(readings: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Of each unit the most that any source counted."""
    most: dict[str, int] = {}
    for reading in readings:
        for unit in UNITS:
            value = reading.get(unit)
            if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
                most[unit] = max(most.get(unit, 0), int(value))
    return most
