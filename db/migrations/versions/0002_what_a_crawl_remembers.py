"""What a crawl remembers: pauses, recordings, traction, labels, and health in plainer words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
OUTCOMES = (("unchanged", "not-modified"), ("degraded", "partial"), ("failed", "error"))
OLD_OUTCOMES = "'ok', 'unchanged', 'empty', 'degraded', 'failed'"
NEW_OUTCOMES = "'ok', 'not-modified', 'empty', 'partial', 'blocked', 'error'"
OLD_STATES = "'unread', 'alive', 'dead', 'unreachable', 'closed to robots'"
NEW_STATES = f"{OLD_STATES}, 'bot wall', 'parked', 'moved'"


def upgrade() -> None:
    add_columns()
    add_tables()
    change_words("source", "last_outcome", OUTCOMES, NEW_OUTCOMES, empty=True)
    change_words("crawl", "outcome", OUTCOMES, NEW_OUTCOMES)
    change_words("tool", "availability", (), NEW_STATES)


def downgrade() -> None:
    back = (*((new, old) for old, new in OUTCOMES), ("blocked", "failed"))
    change_words("source", "last_outcome", back, OLD_OUTCOMES, empty=True)
    change_words("crawl", "outcome", back, OLD_OUTCOMES)
    gone = tuple((word, "unreachable") for word in ("bot wall", "parked", "moved"))
    change_words("tool", "availability", gone, OLD_STATES)
    for table in ("relevancelabel", "traction", "recording", "hostpause"):
        op.drop_table(table)
    for table, columns in added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)


def added() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "source": (
            sa.Column("last_new_at", UTCDateTime(), nullable=True),
            sa.Column("compared_from", UTCDateTime(), nullable=True),
        ),
        "crawl": (
            sa.Column("found", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("coverage", JSON, nullable=False, server_default="{}"),
        ),
        "validator": (
            sa.Column("parser", AutoString(length=16), nullable=False, server_default=""),
            sa.Column("body_hash", AutoString(length=64), nullable=True),
            sa.Column("misses", sa.Integer(), nullable=False, server_default="0"),
        ),
        "tool": (
            sa.Column("description", sa.Text(), nullable=False, server_default=""),
            sa.Column("icon_url", sa.Text(), nullable=True),
            sa.Column("feed_url", sa.Text(), nullable=True),
        ),
    }


def add_columns() -> None:
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)


def change_words(
    table: str, column: str, renamed: tuple[tuple[str, str], ...], words: str, *, empty: bool = False
) -> None:
    """The old words leave before the new constraint comes."""
    constraint = op.f(f"ck_{table}_{column}_word")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
    for old, new in renamed:
        op.execute(sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old").bindparams(new=new, old=old))  # noqa: S608
    or_empty = f" OR {column} IS NULL" if empty else ""
    with op.batch_alter_table(table) as batch:
        batch.create_check_constraint(constraint, sa.text(f"{column} IN ({words}){or_empty}"))


def add_tables() -> None:
    op.create_table(
        "hostpause",
        sa.Column("host", AutoString(length=255), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hostpause")),
    )
    op.create_table(
        "recording",
        sa.Column("source_key", AutoString(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("coverage", JSON, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_key"], ["source.key"], name=op.f("fk_recording_source_key_source"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_recording")),
    )
    op.create_index(op.f("ix_recording_source_key"), "recording", ["source_key"])
    op.create_table(
        "traction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("launch_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["launch_id"], ["launch.id"], name=op.f("fk_traction_launch_id_launch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traction")),
        sa.UniqueConstraint("launch_id", "read_at", name=op.f("uq_traction_launch_id_read_at")),
    )
    op.create_index(op.f("ix_traction_launch_id"), "traction", ["launch_id"])
    op.create_table(
        "relevancelabel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("launch_id", sa.Integer(), nullable=False),
        sa.Column("is_ai", sa.Boolean(), nullable=False),
        sa.Column("is_launch", sa.Boolean(), nullable=False),
        sa.Column("said_by", AutoString(length=320), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["launch_id"], ["launch.id"], name=op.f("fk_relevancelabel_launch_id_launch"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relevancelabel")),
        sa.UniqueConstraint("launch_id", name=op.f("uq_relevancelabel_launch_id")),
    )
    op.create_index(op.f("ix_relevancelabel_launch_id"), "relevancelabel", ["launch_id"])
