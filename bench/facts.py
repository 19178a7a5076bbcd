"""A hundred thousand facts written as a crawl's batches write them. Beside it sqlite3's own executemany of the same
rows into the same table, handed over ready: dates and normal forms as text. In turn, a transaction each."""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from catalog.facts import NewFact, fact_values
from db.bulk import insert_rows
from db.models import Fact, Snapshot, Tool
from db.session import Store, make_engine, prepare_sqlite, upgrade

COLUMNS = [column.name for column in Fact.__table__.columns if column.name != "id"]  # type: ignore[attr-defined]
Bare = list[tuple[Any, ...]]

COUNT = 100_000
A_BATCH = 250  # facts that share their moment, as those of fifty readings do
ROUNDS = 5
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
EMPTY = "DELETE FROM fact"


def run() -> dict[str, Any]:
    rows = [fact_row(number) for number in range(COUNT)]
    bare_rows = [tuple(bare(row[name]) for name in COLUMNS) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        stores = [prepare(Path(folder) / name) for name in ("ours.db", "theirs.db")]
        rival = connect(stores[1])
        ours, theirs = timed(stores[0], rows, rival, bare_rows)
        rival.close()
        for store in stores:
            store.close()
    return {
        "facts": COUNT,
        "insert_rows, s": ours,
        "sqlite3 executemany, s": theirs,
        "insert_rows, us a fact": ours / COUNT * 1e6,
        "ratio": ours / theirs,
        "aim": 2.0,
    }


def timed(store: Store, rows: list[dict[str, Any]], rival: sqlite3.Connection, bare_rows: Bare) -> tuple[float, float]:
    """Median seconds of each, in turn, into a table that is empty each time; the first round is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    works: tuple[Callable[[], None], ...] = (lambda: write_ours(store, rows), lambda: write_bare(rival, bare_rows))
    for _ in range(ROUNDS + 1):
        for times, write in zip(taken, works, strict=True):
            began = time.perf_counter()
            write()
            times.append(time.perf_counter() - began)
        with store.engine.begin() as connection:
            connection.exec_driver_sql(EMPTY)
        rival.execute(EMPTY)
    return statistics.median(taken[0][1:]), statistics.median(taken[1][1:])


def fact_row(number: int) -> dict[str, Any]:
    amount = f"{9 + number % 90}"
    quote = f"Pro ${amount} / month"
    normal = {"amount": amount, "currency": "USD", "period": "month", "plan": "Pro", "per": None}
    new = NewFact("entry_price", f"${amount}/month", normal, quote, 120, 120 + len(quote), 0.9)
    return fact_values(1, 1, new, START + timedelta(minutes=number // A_BATCH))


def bare(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, dict) else value


def prepare(path: Path) -> Store:
    upgrade(f"sqlite:///{path}")
    store = Store(make_engine(f"sqlite:///{path}"))
    with store.write() as session:
        session.add(Tool(id=1, slug="kettle", name="Kettle", home_url="https://kettle.example/", first_seen_at=START))
        session.flush()
        session.add(Snapshot(id=1, tool_id=1, url="x", fetched_at=START, status=200, content_hash="0", text="x" * 200))
    return store


def connect(store: Store) -> sqlite3.Connection:
    """With the same promises as the store's own connections."""
    connection = sqlite3.connect(str(store.engine.url.database))
    prepare_sqlite(connection, None)
    return connection


def write_ours(store: Store, rows: list[dict[str, Any]]) -> None:
    with store.write() as session:
        insert_rows(session, Fact, rows)


def write_bare(connection: sqlite3.Connection, rows: Bare) -> None:
    holes = ", ".join("?" * len(COLUMNS))
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO fact ({', '.join(COLUMNS)}) VALUES ({holes})", rows)
    connection.execute("COMMIT")
