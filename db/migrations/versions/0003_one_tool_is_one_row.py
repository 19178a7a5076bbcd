"""One tool is one row: merges and splits, proposals, contradictions, events without facts, and single verdicts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLES = ("mergeproposal", "merge", "toolslug", "contradiction")


def upgrade() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_index(op.f("ix_tool_name_key"), "tool", ["name_key"])
    op.execute("UPDATE tool SET name_key = lower(name)")  # refined when the tool is next read
    open_change()
    open_comparison()
    add_tables()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM change WHERE before_fact_id IS NULL OR after_fact_id IS NULL")
    with op.batch_alter_table("change") as batch:
        batch.alter_column("before_fact_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("after_fact_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("uq_comparison_single", "comparison")
    with op.batch_alter_table("comparison") as batch:
        batch.alter_column("tool_b_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_tool_name_key"), "tool")
    for table, columns in added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)


def added() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "launch": (sa.Column("topics", JSON, nullable=False, server_default="[]"),),
        "tool": (
            sa.Column("name_key", AutoString(length=200), nullable=False, server_default=""),
            sa.Column("category_sure", sa.Float(), nullable=False, server_default="0"),
            sa.Column("category_why", JSON, nullable=False, server_default="[]"),
            sa.Column("moved_to", sa.Text(), nullable=True),
        ),
        "change": (
            sa.Column("before", sa.Text(), nullable=False, server_default=""),
            sa.Column("after", sa.Text(), nullable=False, server_default=""),
            sa.Column("why", sa.Text(), nullable=False, server_default=""),
        ),
        "comparison": (
            sa.Column("score_parts", JSON, nullable=False, server_default="[]"),
            sa.Column("update_why", sa.Text(), nullable=False, server_default=""),
        ),
    }


def open_change() -> None:
    """An event may be told by something else than facts; what facts told so far is written beside them."""
    for side in ("before", "after"):
        op.execute(f"UPDATE change SET {side} = (SELECT value FROM fact WHERE fact.id = change.{side}_fact_id)")  # noqa: S608
    with op.batch_alter_table("change") as batch:
        batch.alter_column("before_fact_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("after_fact_id", existing_type=sa.Integer(), nullable=True)


def open_comparison() -> None:
    with op.batch_alter_table("comparison") as batch:
        batch.alter_column("tool_b_id", existing_type=sa.Integer(), nullable=True)
    single = sa.text("tool_b_id IS NULL")
    op.create_index(
        "uq_comparison_single", "comparison", ["tool_a_id"], unique=True, sqlite_where=single, postgresql_where=single
    )


def to_tool(table: str, column: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["tool.id"], name=op.f(f"fk_{table}_{column}_tool"), ondelete=ondelete)


def to_fact(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["fact.id"], name=op.f(f"fk_{table}_{column}_fact"), ondelete="RESTRICT")


def add_tables() -> None:
    op.create_table(
        "toolslug",
        sa.Column("slug", AutoString(length=100), nullable=False),
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        to_tool("toolslug", "tool_id", "CASCADE"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_toolslug")),
    )
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("gone", JSON, nullable=False),
        sa.Column("kept", JSON, nullable=False),
        sa.Column("moved", JSON, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("merged_by", AutoString(length=320), nullable=False),
        sa.Column("merged_at", UTCDateTime(), nullable=False),
        sa.Column("undone_by", AutoString(length=320), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        to_tool("merge", "kept_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_table(
        "mergeproposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool_a_id", sa.Integer(), nullable=False),
        sa.Column("tool_b_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", AutoString(length=320), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'merged', 'refused')", name=op.f("ck_mergeproposal_state_word")),
        sa.CheckConstraint("tool_a_id < tool_b_id", name=op.f("ck_mergeproposal_pair_is_ordered")),
        to_tool("mergeproposal", "tool_a_id", "CASCADE"),
        to_tool("mergeproposal", "tool_b_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergeproposal")),
        sa.UniqueConstraint("tool_a_id", "tool_b_id", name=op.f("uq_mergeproposal_tool_a_id_tool_b_id")),
    )
    op.create_table(
        "contradiction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool_id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(length=48), nullable=False),
        sa.Column("fact_a_id", sa.Integer(), nullable=False),
        sa.Column("fact_b_id", sa.Integer(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("fact_a_id < fact_b_id", name=op.f("ck_contradiction_facts_are_ordered")),
        to_tool("contradiction", "tool_id"),
        to_fact("contradiction", "fact_a_id"),
        to_fact("contradiction", "fact_b_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradiction")),
        sa.UniqueConstraint("fact_a_id", "fact_b_id", name=op.f("uq_contradiction_fact_a_id_fact_b_id")),
    )
    for table, columns in {
        "toolslug": ["tool_id"],
        "merge": ["kept_id"],
        "mergeproposal": ["tool_a_id", "tool_b_id", "state"],
        "contradiction": ["tool_id", "fact_a_id", "fact_b_id"],
    }.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
