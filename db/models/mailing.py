"""Tables: what is mailed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, reference, words
from db.words import BounceKind, DeliveryState, EditionState, LetterState, SubscriberState


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
