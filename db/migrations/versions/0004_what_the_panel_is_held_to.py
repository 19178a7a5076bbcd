"""What the panel is held to: predictions with their settlement, and conflicts of interest."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prediction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("reviewer", AutoString(length=32), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("resolve_by", sa.Date(), nullable=False),
        sa.Column("settled_how", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", AutoString(length=320), nullable=True),
        sa.Column("outcome", AutoString(length=8), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", AutoString(length=320), nullable=True),
        sa.Column("settled_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('yes', 'no', 'void') OR outcome IS NULL", name=op.f("ck_prediction_outcome_word")
        ),
        sa.CheckConstraint("probability > 0 AND probability < 1", name=op.f("ck_prediction_probability_is_open")),
        sa.CheckConstraint(
            "outcome IS NULL OR (settled_at IS NOT NULL AND settled_by IS NOT NULL AND settled_why IS NOT NULL)",
            name=op.f("ck_prediction_settlement_has_a_name"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_prediction_review_id_review"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name=op.f("fk_prediction_tool_id_tool"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("who", AutoString(length=320), nullable=False),
        sa.Column("vendor", AutoString(length=255), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=False),
        sa.Column("added_by", AutoString(length=320), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('sponsor', 'affiliate', 'ownership', 'own model')", name=op.f("ck_conflict_kind_word")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    for table, columns in {
        "prediction": ["review_id", "tool_id", "reviewer", "resolve_by"],
        "conflict": ["vendor"],
    }.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_table("conflict")
    op.drop_table("prediction")
