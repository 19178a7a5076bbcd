"""Tables: what we watch."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, reference, words
from db.words import CrawlOutcome, LaunchKind


class Source(SQLModel, table=True):
    """A place we watch. `next_due_at` empty means: as soon as possible."""

    __table_args__ = (words("last_outcome", CrawlOutcome, empty=True),)

    key: str = Field(primary_key=True, max_length=64)
    spider: str = Field(max_length=32)
    title: str = Field(max_length=200)
    url: str = Field(sa_type=Text)
    is_enabled: bool = True
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    next_due_at: datetime | None = None
    retry_at: datetime | None = None  # the other side asked us to wait until then
    failures_in_row: int = 0
    last_outcome: str | None = Field(default=None, max_length=16)
    last_error: str | None = Field(default=None, sa_type=Text)
    last_launch_at: datetime | None = None
    last_new_at: datetime | None = None  # when a visit last brought a launch we did not know
    compared_from: datetime | None = None  # what it held before is no longer what is usual


class Crawl(SQLModel, table=True):
    """One visit to one source: what it cost and what came of it."""

    __table_args__ = (words("outcome", CrawlOutcome),)

    id: int | None = Field(default=None, primary_key=True)
    source_key: str = reference("source.key")
    started_at: datetime = Field(index=True)
    finished_at: datetime
    outcome: str = Field(max_length=16)
    requests: int = 0
    unchanged: int = 0
    found: int = 0  # entries the answers held, readable or not
    launches_new: int = 0
    launches_seen: int = 0
    tools_new: int = 0
    facts_new: int = 0
    errors: int = 0
    error: str | None = Field(default=None, sa_type=Text)
    coverage: Values = Field(default_factory=dict, sa_type=Json)  # field → share of the entries that have it
    stats: Values = Field(default_factory=dict, sa_type=Json)


class Validator(SQLModel, table=True):
    """What a server gave us to ask "changed since?" with (RFC 9110 §8.8), per URL."""

    url: str = Field(primary_key=True, sa_type=Text)
    etag: str | None = Field(default=None, sa_type=Text)
    last_modified: str | None = Field(default=None, max_length=100)
    checked_at: datetime
    parser: str = Field(default="", max_length=16)  # which reading of the page they belong to
    body_hash: str | None = Field(default=None, max_length=64)
    misses: int = 0  # how often in a row the same body came back in spite of them


class HostPause(SQLModel, table=True):
    """A host that asked us to stay away until then, whoever of us asked it."""

    host: str = Field(primary_key=True, max_length=255)
    until: datetime
    why: str = Field(sa_type=Text)


class Recording(SQLModel, table=True):
    """A source's last good answer, kept to tell later what its pages have lost."""

    source_key: str = reference("source.key", primary_key=True)
    url: str = Field(sa_type=Text)
    taken_at: datetime
    found: int
    coverage: Values = Field(default_factory=dict, sa_type=Json)
    body: bytes  # compressed by zlib


class Launch(SQLModel, table=True):
    """One announcement seen on one source. Noise is kept too, with the reason it was set aside."""

    __table_args__ = (UniqueConstraint("source_key", "external_id"), words("kind", LaunchKind))

    id: int | None = Field(default=None, primary_key=True)
    source_key: str = reference("source.key")
    external_id: str = Field(max_length=500)
    url: str = Field(sa_type=Text)
    seen_on: str = Field(sa_type=Text)  # the page of the source where people discuss it
    title: str = Field(sa_type=Text)
    name: str = Field(max_length=200)
    tagline: str = Field(default="", sa_type=Text)
    launched_at: datetime | None = Field(default=None, index=True)
    date_from: str | None = Field(default=None, max_length=64)  # which field of which payload gave the date
    first_seen_at: datetime
    last_seen_at: datetime
    traction: Values = Field(default_factory=dict, sa_type=Json)
    topics: list[str] = Field(default_factory=list, sa_type=Json)  # what the source files it under
    kind: str = Field(max_length=16)
    why: str = Field(default="", sa_type=Text)
    tool_id: int | None = reference("tool.id", default=None)


class Traction(SQLModel, table=True):
    """What a launch had reached when it was read: raw values with their moment, never one mixed score."""

    __table_args__ = (UniqueConstraint("launch_id", "read_at"),)

    id: int | None = Field(default=None, primary_key=True)
    launch_id: int = reference("launch.id", ondelete="CASCADE")
    read_at: datetime
    values: Values = Field(default_factory=dict, sa_type=Json)


class RelevanceLabel(SQLModel, table=True):
    """What an editor says of an announcement: is it AI, is it a launch. Outlasts every later judgement of ours."""

    __table_args__ = (UniqueConstraint("launch_id"),)

    id: int | None = Field(default=None, primary_key=True)
    launch_id: int = reference("launch.id")
    is_ai: bool
    is_launch: bool
    said_by: str = Field(max_length=320)
    said_at: datetime
