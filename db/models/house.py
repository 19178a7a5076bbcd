"""Tables: who, when and what went wrong."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, words
from db.words import Role, RunState


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
