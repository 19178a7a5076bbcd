"""What spiders hand to the pipeline besides launches (catalog.launches.LaunchItem)."""

from dataclasses import dataclass, field
from datetime import datetime

from catalog.facts import NewFact
from db.words import Availability


@dataclass(frozen=True)
class PageRead:
    """One fetched page and the facts found in its text."""

    url: str
    status: int
    text: str
    fetched_at: datetime
    facts: tuple[NewFact, ...] = ()


@dataclass
class ToolReading:
    """Everything one visit to a tool's own pages brought."""

    tool_id: int
    availability: Availability = Availability.ALIVE
    why: str = ""
    name: str = ""
    tagline: str = ""
    pages: list[PageRead] = field(default_factory=list)
    repository: str | None = None
