"""What a comparison's page shows, as values: whole before the session closes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

LENSES = ("builder", "skeptic", "futurist", "founder")  # PostgreSQL's JSON keeps no order of keys


@dataclass(frozen=True)
class ShownFact:
    """A fact with what proves it."""

    id: int
    key: str
    value: str
    quote: str
    source_url: str
    label: str
    observed_at: datetime
    verified_at: datetime


@dataclass(frozen=True)
class ShownVerdict:
    tool: str
    outcome: str
    votes: str
    abstentions: int
    marks: list[dict[str, str]]
    evidence: str
    why: str
    decided_at: datetime
    approved_by: str

    @property
    def at(self) -> datetime:
        return self.decided_at


@dataclass(frozen=True)
class ShownReview:
    id: int
    reviewer: str
    stance: str
    quote: str
    origin: str
    written_by: str
    facts: list[ShownFact]


@dataclass(frozen=True)
class ShownTool:
    name: str
    slug: str
    tagline: str
    home_url: str
    verdict: ShownVerdict | None
    facts: list[ShownFact]
    reviews: dict[str, ShownReview]

    def facts_of(self, key: str) -> list[ShownFact]:
        return [fact for fact in self.facts if fact.key == key]


@dataclass(frozen=True)
class ShownChange:
    fact_id: int | None  # the one that stands since, where a fact tells it
    tool: str
    key: str
    before: str
    after: str
    why: str
    source_url: str
    at: datetime


@dataclass(frozen=True)
class PublishedComparison:
    slug: str
    answer: str
    jobs: str
    update_why: str
    published_at: datetime
    recheck_why: str
    is_settled: bool
    tools: list[ShownTool]
    verdicts: list[ShownVerdict]  # all there ever were, the newest first
    changes: list[ShownChange]

    @property
    def title(self) -> str:
        """'Kettle vs Emberloaf'; of one tool its verdict: 'Kettle: ship'."""
        [first, *rest] = self.tools
        if rest:
            return " vs ".join(tool.name for tool in self.tools)
        return f"{first.name}: {first.verdict.outcome}" if first.verdict else first.name

    @property
    def origins(self) -> list[str]:
        return sorted({review.origin for tool in self.tools for review in tool.reviews.values()})

    @property
    def reviewers(self) -> list[str]:
        return in_order({reviewer for tool in self.tools for reviewer in tool.reviews})

    @property
    def history(self) -> list[ShownVerdict | ShownChange]:
        """What was decided and what moved, the newest first."""
        return sorted([*self.verdicts, *self.changes], key=lambda one: one.at, reverse=True)

    @property
    def moved_facts(self) -> set[int]:
        return {change.fact_id for change in self.changes if change.fact_id}

    @property
    def fact_keys(self) -> list[str]:
        return sorted({fact.key for tool in self.tools for fact in tool.facts})


def in_order(reviewers: Iterable[str]) -> list[str]:
    return sorted(reviewers, key=lambda name: (LENSES.index(name) if name in LENSES else len(LENSES), name))
