"""What every table is made with: names of constraints, JSON that both stores know, words, and references."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

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
