"""Tables: what we know."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, reference, words
from db.words import Availability, FactLabel


class Tool(SQLModel, table=True):
    """The thing launched: one row however many launches and releases."""

    __table_args__ = (words("availability", Availability),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=100)
    name: str = Field(max_length=200)
    tagline: str = Field(default="", sa_type=Text)
    description: str = Field(default="", sa_type=Text)  # its own page's words
    icon_url: str | None = Field(default=None, sa_type=Text)
    feed_url: str | None = Field(default=None, sa_type=Text)
    category: str = Field(default="other", max_length=32, index=True)
    home_url: str = Field(sa_type=Text)
    repository: str | None = Field(default=None, sa_type=Text)
    first_seen_at: datetime
    launched_at: datetime | None = Field(default=None, index=True)
    availability: str = Field(default=Availability.UNREAD, max_length=24)
    unavailable_why: str | None = Field(default=None, sa_type=Text)
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


class Change(SQLModel, table=True):
    """An event: a fact of a tool moved."""

    __table_args__ = (UniqueConstraint("after_fact_id"),)

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id")
    key: str = Field(max_length=48)
    before_fact_id: int = reference("fact.id")
    after_fact_id: int = reference("fact.id")
    happened_at: datetime = Field(index=True)
    applied_at: datetime | None = None  # when the verdicts resting on it were flipped
