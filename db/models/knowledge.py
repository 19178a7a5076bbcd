"""Tables: what we know."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, reference, words
from db.words import Availability, FactLabel, ProposalState


class Tool(SQLModel, table=True):
    """The thing launched: one row however many launches and releases."""

    __table_args__ = (words("availability", Availability),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=100)
    name: str = Field(max_length=200)
    name_key: str = Field(default="", max_length=200, index=True)  # the name as names are compared
    tagline: str = Field(default="", sa_type=Text)
    description: str = Field(default="", sa_type=Text)  # its own page's words
    icon_url: str | None = Field(default=None, sa_type=Text)
    feed_url: str | None = Field(default=None, sa_type=Text)
    category: str = Field(default="other", max_length=32, index=True)
    category_sure: float = 0.0
    category_why: list[str] = Field(default_factory=list, sa_type=Json)  # what spoke for it, the strongest first
    home_url: str = Field(sa_type=Text)
    repository: str | None = Field(default=None, sa_type=Text)
    first_seen_at: datetime
    launched_at: datetime | None = Field(default=None, index=True)
    availability: str = Field(default=Availability.UNREAD, max_length=24)
    unavailable_why: str | None = Field(default=None, sa_type=Text)
    moved_to: str | None = Field(default=None, sa_type=Text)
    last_read_at: datetime | None = Field(default=None, index=True)


class ToolKey(SQLModel, table=True):
    """What proves two announcements speak of the same tool; a key belongs to one tool only."""

    kind: str = Field(primary_key=True, max_length=24)
    value: str = Field(primary_key=True, sa_type=Text)
    tool_id: int = reference("tool.id", ondelete="CASCADE")


class Release(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("tool_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id", ondelete="CASCADE")
    version: str = Field(max_length=64)
    url: str = Field(sa_type=Text)
    released_at: datetime | None = None
    launch_id: int | None = reference("launch.id", default=None, ondelete="SET NULL")


class Snapshot(SQLModel, table=True):
    """What we fetched. Facts quote `text` by offset, so it is kept as it was read."""

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int | None = reference("tool.id", default=None)
    url: str = Field(sa_type=Text, index=True)
    fetched_at: datetime
    status: int
    content_hash: str = Field(max_length=64)
    text: str = Field(sa_type=Text)


class Fact(SQLModel, table=True):
    """A dated statement with its evidence. Append-only: a changed fact is a new row.

    Only `verified_at` moves: the last time the same page still said the same.
    """

    __table_args__ = (
        words("label", FactLabel),
        CheckConstraint("quote_end > quote_start AND quote_start >= 0", name="span_is_real"),
        CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence_is_a_share"),
        Index("ix_fact_current", "tool_id", "key", "observed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id")
    key: str = Field(max_length=48)
    value: str = Field(sa_type=Text)
    normal: Values = Field(default_factory=dict, sa_type=Json)
    snapshot_id: int = reference("snapshot.id")
    quote: str = Field(sa_type=Text)
    quote_start: int
    quote_end: int
    label: str = Field(max_length=16)
    confidence: float = 1.0
    observed_at: datetime
    verified_at: datetime


class Contradiction(SQLModel, table=True):
    """Two standing facts of one key that cannot both be true; both are kept. The lower id stands first."""

    __table_args__ = (
        UniqueConstraint("fact_a_id", "fact_b_id"),
        CheckConstraint("fact_a_id < fact_b_id", name="facts_are_ordered"),
    )

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id")
    key: str = Field(max_length=48)
    fact_a_id: int = reference("fact.id")
    fact_b_id: int = reference("fact.id")
    found_at: datetime
    ended_at: datetime | None = None  # when one of the two no longer stood


class Change(SQLModel, table=True):
    """An event: something a verdict may rest on moved. Its facts are its evidence, where facts state it."""

    __table_args__ = (UniqueConstraint("after_fact_id"),)

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id")
    key: str = Field(max_length=48)
    before: str = Field(default="", sa_type=Text)
    after: str = Field(default="", sa_type=Text)
    why: str = Field(default="", sa_type=Text)  # where no fact tells it
    before_fact_id: int | None = reference("fact.id", default=None)
    after_fact_id: int | None = reference("fact.id", default=None)
    happened_at: datetime = Field(index=True)
    applied_at: datetime | None = None  # when the verdicts resting on it were flipped


class ToolSlug(SQLModel, table=True):
    """A slug a tool had before: it leads to the tool it now is."""

    slug: str = Field(primary_key=True, max_length=100)
    tool_id: int = reference("tool.id", ondelete="CASCADE")
    since: datetime


class Merge(SQLModel, table=True):
    """Two rows that became one, with all it takes to make them two again."""

    id: int | None = Field(default=None, primary_key=True)
    kept_id: int = reference("tool.id", ondelete="CASCADE")
    gone_id: int  # of the row that is no more
    gone: Values = Field(sa_type=Json)  # that row
    kept: Values = Field(sa_type=Json)  # what of the other was overwritten
    moved: Values = Field(sa_type=Json)  # table → the rows that changed hands
    why: str = Field(sa_type=Text)
    merged_by: str = Field(max_length=320)
    merged_at: datetime
    undone_by: str | None = Field(default=None, max_length=320)
    undone_at: datetime | None = None


class MergeProposal(SQLModel, table=True):
    """Two tools that may be one, waiting for an editor. The lower tool id stands first, so it is asked once."""

    __table_args__ = (
        UniqueConstraint("tool_a_id", "tool_b_id"),
        CheckConstraint("tool_a_id < tool_b_id", name="pair_is_ordered"),
        words("state", ProposalState),
    )

    id: int | None = Field(default=None, primary_key=True)
    tool_a_id: int = reference("tool.id", ondelete="CASCADE")
    tool_b_id: int = reference("tool.id", ondelete="CASCADE")
    why: str = Field(sa_type=Text)
    state: str = Field(default=ProposalState.OPEN, max_length=16, index=True)
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, max_length=320)
    decided_why: str | None = Field(default=None, sa_type=Text)
