"""Tables: what the panel says."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.models.base import Json, Values, reference, words
from db.words import ComparisonState, ConflictKind, Outcome, PredictionOutcome, Stance


class Comparison(SQLModel, table=True):
    """Two tools side by side, the lower id first, so a pair exists once; or one tool alone, when none matches it."""

    __table_args__ = (
        UniqueConstraint("tool_a_id", "tool_b_id"),
        Index(
            "uq_comparison_single",
            "tool_a_id",
            unique=True,
            sqlite_where=text("tool_b_id IS NULL"),
            postgresql_where=text("tool_b_id IS NULL"),
        ),
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
    tool_b_id: int | None = reference("tool.id", default=None)
    state: str = Field(default=ComparisonState.PENDING, max_length=16, index=True)
    score: float
    reason: str = Field(sa_type=Text)
    score_parts: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)  # points and why, part by part
    update_why: str = Field(default="", sa_type=Text)  # what moved since readers last saw one of the two
    jobs: str = Field(default="", sa_type=Text)  # said when the two do different jobs
    answer: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = Field(default=None, max_length=320)
    decided_why: str | None = Field(default=None, sa_type=Text)
    recheck_why: str | None = Field(default=None, sa_type=Text)
    published_at: datetime | None = None

    @property
    def tool_ids(self) -> tuple[int, ...]:
        """One or two, in the order readers see them."""
        return (self.tool_a_id,) if self.tool_b_id is None else (self.tool_a_id, self.tool_b_id)


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


class Prediction(SQLModel, table=True):
    """A falsifiable statement from a review. Once confirmed, only its settlement is added, once."""

    __table_args__ = (
        words("outcome", PredictionOutcome, empty=True),
        CheckConstraint("probability > 0 AND probability < 1", name="probability_is_open"),
        CheckConstraint(
            "outcome IS NULL OR (settled_at IS NOT NULL AND settled_by IS NOT NULL AND settled_why IS NOT NULL)",
            name="settlement_has_a_name",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = reference("review.id")
    tool_id: int = reference("tool.id")
    reviewer: str = Field(max_length=32, index=True)
    statement: str = Field(sa_type=Text)
    probability: float
    resolve_by: date = Field(index=True)
    settled_how: str = Field(sa_type=Text)  # said before: what will be looked at
    made_at: datetime
    confirmed_at: datetime | None = None
    confirmed_by: str | None = Field(default=None, max_length=320)
    outcome: str | None = Field(default=None, max_length=8)
    settled_at: datetime | None = None
    settled_by: str | None = Field(default=None, max_length=320)
    settled_why: str | None = Field(default=None, sa_type=Text)


class Conflict(SQLModel, table=True):
    """An interest somebody of the house, or a reviewer, has in a vendor. Undisclosed, it stops approval."""

    __table_args__ = (words("kind", ConflictKind),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=16)
    who: str = Field(max_length=320)  # a reviewer's key, an editor's address, or "the house"
    vendor: str = Field(max_length=255, index=True)  # the registrable domain, or owner, of what is reviewed
    what: str = Field(sa_type=Text)
    disclosure: str = Field(default="", sa_type=Text)  # the sentence readers see; empty: not disclosed
    added_by: str = Field(max_length=320)
    added_at: datetime
    ended_at: datetime | None = None
