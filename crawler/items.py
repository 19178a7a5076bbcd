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
    """Everything one visit to a tool's own pages brought.

    Attributes:
        moved_to: where the home page now leads, when that is somebody's other domain.
        feed_links: the feeds its pages name, the likeliest first.
        links: where its pages point that may be another announcement of it: repositories, a repository's own site.
        unchanged: every page asked for said: as last time.
        unchanged_urls: the pages that said so, by the addresses of their snapshots.
    """

    tool_id: int
    availability: Availability = Availability.ALIVE
    why: str = ""
    name: str = ""
    tagline: str = ""
    pages: list[PageRead] = field(default_factory=list)
    repository: str | None = None
    moved_to: str | None = None
    description: str = ""
    icons: tuple[str, ...] = ()
    feed_links: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    unchanged: bool = False
    unchanged_urls: list[str] = field(default_factory=list)
