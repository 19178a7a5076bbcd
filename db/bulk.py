"""Many rows of one table at once, in a few statements and without an object a row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Column, Dialect, Table, insert
from sqlmodel import Session, SQLModel

ROWS_AT_ONCE = 500
KEPT_MOMENTS = 256
Turn = Callable[[Any], Any]


@dataclass(frozen=True)
class Prepared:
    """A statement in the driver's own words.

    Attributes:
        values: name of each place in the statement, with how its value is written for the driver.
        left_out: columns the rows do not name → their model's plain default.
        by_name: whether the driver wants names rather than places.
    """

    sql: str
    values: tuple[tuple[str, Turn | None], ...]
    left_out: dict[str, Any]
    by_name: bool


def insert_rows(session: Session, model: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns.

    The values are turned into the store's own here, each moment once: the rows of a batch share theirs, and to turn
    every row's dates into text would cost as much as to store it.
    """
    left = iter(rows)
    some = list(islice(left, ROWS_AT_ONCE))
    if not some:
        return
    connection = session.connection()
    made = prepared(model.__table__, tuple(some[0]), connection.dialect)  # type: ignore[attr-defined]
    while some:
        ready = [row_of(made, row | made.left_out if made.left_out else row) for row in some]
        connection.exec_driver_sql(made.sql, [by_name(made, row) for row in ready] if made.by_name else ready)
        some = list(islice(left, ROWS_AT_ONCE))


def row_of(made: Prepared, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple([turn(row[name]) if turn else row[name] for name, turn in made.values])


def by_name(made: Prepared, row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: value for (name, _), value in zip(made.values, row, strict=True)}


@lru_cache(maxsize=64)
def prepared(table: Table, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    left_out = {column.name: plain_default(column) for column in table.c if column.name not in names and column.default}
    columns = (*names, *left_out)
    statement = insert(table).compile(dialect=dialect, column_keys=columns)
    order = statement.positiontup or columns
    values = tuple((name, turning(table.c[name], dialect)) for name in order)
    return Prepared(str(statement), values, left_out, by_name=not statement.positional)


def plain_default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg(None) if default.is_callable else default.arg


def turning(column: Column[Any], dialect: Dialect) -> Turn | None:
    """How a value of this column is written for the store's driver; None where it is passed on as it is."""
    turn = column.type.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(KEPT_MOMENTS)(turn) if turn and column.name.endswith("_at") else turn
