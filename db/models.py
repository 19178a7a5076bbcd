"""The tables. Words are DESIGN's; constraints here are the last word on every promise they can hold.

Table models are not validated when built: values from outside enter through plain models
(crawler/items.py, web forms), and CHECK, UNIQUE and NOT NULL decide. No `from __future__ import
annotations` here: SQLModel reads the annotations.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from db.words import (
    Availability,
    BounceKind,
    ComparisonState,
    CrawlOutcome,
    DeliveryState,
    EditionState,
    FactLabel,
    LaunchKind,
    LetterState,
    Outcome,
    Role,
    RunState,
    Stance,
    SubscriberState,
)

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Json = JSON().with_variant(JSONB(), "postgresql")
Values = dict[str, Any]


def words(column: str, enum: type[StrEnum], *, empty: bool = False) -> CheckConstraint:
    """Only the words of `enum` may stand in `column`."""
    listed = ", ".join(f"'{word.value}'" for word in enum)
    or_empty = f" OR {column} IS NULL" if empty else ""
    return CheckConstraint(f"{column} IN ({listed}){or_empty}", name=f"{column}_word")


def reference(target: str, *, ondelete: str = "RESTRICT", **options: Any) -> Any:
    return Field(sa_column_args=(ForeignKey(target, ondelete=ondelete),), index=True, **options)


# ── what we watch ────────────────────────────────────────────────────────────────────────────────


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


# ── what we know ─────────────────────────────────────────────────────────────────────────────────


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


# ── what the panel says ──────────────────────────────────────────────────────────────────────────


class Comparison(SQLModel, table=True):
    """Two tools side by side. The lower tool id stands first, so a pair exists once."""

    __table_args__ = (
        UniqueConstraint("tool_a_id", "tool_b_id"),
        words("state", ComparisonState),
        CheckConstraint("tool_a_id < tool_b_id", name="pair_is_ordered"),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR "
            "(decided_by IS NOT NULL AND decided_at IS NOT NULL AND answer IS NOT NULL)",
            name="approval_has_a_name",
        ),
        CheckConstraint(
            "state <> 'rejected' OR (decided_by IS NOT NULL AND decided_why IS NOT NULL)", name="rejection_has_a_reason"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=220)
    tool_a_id: int = reference("tool.id")
    tool_b_id: int = reference("tool.id")
    state: str = Field(default=ComparisonState.PENDING, max_length=16, index=True)
    score: float
    reason: str = Field(sa_type=Text)
    jobs: str = Field(default="", sa_type=Text)  # said when the two do different jobs
    answer: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, max_length=320)
    decided_why: str | None = Field(default=None, sa_type=Text)
    recheck_why: str | None = Field(default=None, sa_type=Text)
    published_at: datetime | None = None


class Review(SQLModel, table=True):
    """One reviewer on one tool. A replaced review stays, with the time it was replaced."""

    __table_args__ = (
        words("stance", Stance),
        Index(
            "uq_review_standing",
            "comparison_id",
            "tool_id",
            "reviewer",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    comparison_id: int = reference("comparison.id")
    tool_id: int = reference("tool.id")
    reviewer: str = Field(max_length=32)
    stance: str = Field(max_length=8)
    quote: str = Field(sa_type=Text)
    written_by: str = Field(max_length=320)
    origin: str = Field(max_length=32)  # person · model · demonstration
    written_at: datetime
    replaced_at: datetime | None = None
    model_note: Values = Field(default_factory=dict, sa_type=Json)


class ReviewFact(SQLModel, table=True):
    review_id: int = reference("review.id", primary_key=True, ondelete="CASCADE")
    fact_id: int = reference("fact.id", primary_key=True)


class Verdict(SQLModel, table=True):
    """The panel's result on a tool; a history, never overwritten."""

    __table_args__ = (words("outcome", Outcome), CheckConstraint("ships + skips + abstentions > 0", name="has_votes"))

    id: int | None = Field(default=None, primary_key=True)
    tool_id: int = reference("tool.id")
    comparison_id: int = reference("comparison.id")
    outcome: str = Field(max_length=8)
    ships: int
    skips: int
    abstentions: int = 0
    marks: Values = Field(sa_type=Json)  # reviewer → stance, in the reviewers' order
    evidence: str = Field(max_length=16)
    why: str = Field(default="", sa_type=Text)
    decided_at: datetime
    approved_by: str = Field(max_length=320)


class VerdictFact(SQLModel, table=True):
    """What a verdict rests on: when one of these moves, the verdict comes back."""

    verdict_id: int = reference("verdict.id", primary_key=True, ondelete="CASCADE")
    fact_id: int = reference("fact.id", primary_key=True)


class Waiver(SQLModel, table=True):
    """An editor let one failing check pass, by name and with a reason."""

    id: int | None = Field(default=None, primary_key=True)
    comparison_id: int = reference("comparison.id")
    check: str = Field(max_length=300)
    why: str = Field(sa_type=Text)
    waived_by: str = Field(max_length=320)
    waived_at: datetime


# ── what is mailed ───────────────────────────────────────────────────────────────────────────────


class Edition(SQLModel, table=True):
    __table_args__ = (words("state", EditionState),)

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)
    state: str = Field(default=EditionState.DRAFT, max_length=16, index=True)
    subject: str = Field(default="", max_length=300)
    intro: str = Field(default="", sa_type=Text)
    created_at: datetime
    from_at: datetime  # the week it reports on: from here …
    until_at: datetime  # … until here
    cutoff_at: datetime
    send_at: datetime = Field(index=True)
    sending_started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped_why: str | None = Field(default=None, sa_type=Text)


class Entry(SQLModel, table=True):
    """A comparison's place in an edition. A comparison is in one edition only."""

    __table_args__ = (UniqueConstraint("edition_id", "position"),)

    comparison_id: int = reference("comparison.id", primary_key=True)
    edition_id: int = reference("edition.id", ondelete="CASCADE")
    position: int


class FrozenEdition(SQLModel, table=True):
    """What was approved, and by whom: mail, web copy and JSON come from this one record.

    Deliveries point here, not at the edition: without an approved record there can be no delivery,
    and once there is a delivery the approval cannot be withdrawn.
    """

    __tablename__ = "frozen_edition"
    __table_args__ = (CheckConstraint("length(approved_by) > 0 AND length(content_hash) = 64", name="is_approved"),)

    edition_id: int = Field(
        primary_key=True,
        sa_column_args=(ForeignKey("edition.id", ondelete="RESTRICT"),),
        sa_column_kwargs={"autoincrement": False},
    )
    subject: str = Field(max_length=300)
    html: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    content: Values = Field(sa_type=Json)
    content_hash: str = Field(max_length=64)
    approved_by: str = Field(max_length=320)
    approved_at: datetime


class Subscriber(SQLModel, table=True):
    """`address` as it is written on the envelope, `address_key` as it is compared."""

    __table_args__ = (words("state", SubscriberState),)

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(max_length=320)
    address_key: str = Field(unique=True, max_length=320)
    name: str = Field(default="", max_length=200)
    state: str = Field(default=SubscriberState.PENDING, max_length=16, index=True)
    came_from: str = Field(max_length=32)
    created_at: datetime
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One edition to one subscriber: the ledger."""

    __table_args__ = (
        words("state", DeliveryState),
        CheckConstraint("state <> 'skipped' OR skip_reason IS NOT NULL", name="skip_has_a_reason"),
        CheckConstraint(
            "state NOT IN ('leased', 'transmitting') OR lease_owner IS NOT NULL", name="lease_has_an_owner"
        ),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="acceptance_has_a_time"),
        Index("ix_delivery_open", "edition_id", "state", "order_key"),
    )

    edition_id: int = Field(primary_key=True, sa_column_args=(ForeignKey("frozen_edition.edition_id"),))
    subscriber_id: int = reference("subscriber.id", primary_key=True)
    state: str = Field(default=DeliveryState.PENDING, max_length=16)
    skip_reason: str | None = Field(default=None, max_length=64)
    attempts: int = 0
    order_key: int  # a hash: neither domains nor imports are sent in a lump
    next_at: datetime | None = None
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = None
    last_code: int | None = None
    remote_reply: str | None = Field(default=None, max_length=300)
    message_id: str = Field(max_length=200)
    domain_key: str = Field(max_length=255)
    accepted_at: datetime | None = None


class Suppression(SQLModel, table=True):
    """An address never to be mailed. Kept as a keyed hash, so that it outlives an erased subscriber."""

    address_hash: str = Field(primary_key=True, max_length=64)
    address: str | None = Field(default=None, max_length=320)  # empty once erased
    reason: str = Field(sa_type=Text)
    suppressed_at: datetime
    suppressed_by: str = Field(max_length=320)


class Bounce(SQLModel, table=True):
    """What came back. The same raw message counts once."""

    __table_args__ = (words("kind", BounceKind),)

    id: int | None = Field(default=None, primary_key=True)
    raw_hash: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=16)
    reason: str = Field(max_length=32)
    why: str = Field(sa_type=Text)
    status_code: str | None = Field(default=None, max_length=16)
    subscriber_id: int | None = reference("subscriber.id", default=None, ondelete="SET NULL")
    edition_id: int | None = reference("edition.id", default=None)
    received_at: datetime


class Letter(SQLModel, table=True):
    """A single mail (confirm, welcome, goodbye, alert) waiting in the outbox. Sent at least once."""

    __table_args__ = (words("state", LetterState),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=32)
    dedupe_key: str | None = Field(default=None, unique=True, max_length=200)
    to_address: str = Field(max_length=320)
    subject: str = Field(max_length=300)
    text: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    state: str = Field(default=LetterState.QUEUED, max_length=16, index=True)
    attempts: int = 0
    next_at: datetime
    last_error: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
    sent_at: datetime | None = None


class Signup(SQLModel, table=True):
    """An attempt to subscribe, kept a month to hold the limits; address and network only as hashes."""

    id: int | None = Field(default=None, primary_key=True)
    address_hash: str = Field(max_length=64, index=True)
    network_hash: str = Field(max_length=64, index=True)
    tried_at: datetime = Field(index=True)
    was_mailed: bool


# ── who, when and what went wrong ────────────────────────────────────────────────────────────────


class Editor(SQLModel, table=True):
    __table_args__ = (words("role", Role),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=320)
    name: str = Field(default="", max_length=200)  # as readers see it: "approved by …"
    role: str = Field(default=Role.EDITOR, max_length=16)
    is_active: bool = True
    created_at: datetime


class AuditEntry(SQLModel, table=True):
    """Who did what. Append-only: triggers in the store refuse UPDATE and DELETE."""

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    who: str = Field(max_length=320)
    action: str = Field(max_length=64)
    subject: str = Field(max_length=200)
    detail: Values = Field(default_factory=dict, sa_type=Json)


class Run(SQLModel, table=True):
    """One job at one due time."""

    __table_args__ = (UniqueConstraint("job", "due_at"), words("state", RunState))

    id: int | None = Field(default=None, primary_key=True)
    job: str = Field(max_length=64)
    due_at: datetime
    state: str = Field(default=RunState.DUE, max_length=16, index=True)
    attempts: int = 0
    owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    result: Values = Field(default_factory=dict, sa_type=Json)
    error: str | None = Field(default=None, sa_type=Text)


class Alert(SQLModel, table=True):
    """One condition that needs a person, with its cure. One open row a condition."""

    __table_args__ = (
        Index(
            "uq_alert_open",
            "key",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200)
    what: str = Field(sa_type=Text)
    cure: str = Field(sa_type=Text)
    raised_at: datetime
    cleared_at: datetime | None = None
