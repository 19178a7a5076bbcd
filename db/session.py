"""Open the store. Whoever opens a session commits it; inner functions never do.

SQLite loses updates in its default driver mode, so we drive BEGIN ourselves (docs/decisions/0002).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from errors import StoreError

ROWS_AT_ONCE = 500
MIGRATIONS = Path(__file__).parent / "migrations"
# FULL, not NORMAL: a ledger mark or an approval that was acknowledged survives a power cut.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=ON")


@dataclass(frozen=True)
class Store:
    engine: Engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and rolls back when it does not."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that never takes the write lock."""
        engine = self.engine.execution_options(begin="DEFERRED")
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.expunge_all()  # a rollback would empty what was read

    def close(self) -> None:
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin on its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """IMMEDIATE takes the write lock at once; upgrading later fails without waiting."""
    mode = connection.get_execution_options().get("begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def insert_or_update(session: Session, table: type[SQLModel], rows: Iterable[dict[str, Any]], key: list[str]) -> None:
    """A few statements for many rows; a row whose key is known gets the new values."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        insert = dialect.insert(table)
        new_values = {name: insert.excluded[name] for name in some[0] if name not in key}
        session.exec(insert.on_conflict_do_update(index_elements=key, set_=new_values), params=some)


def open_store(url: str) -> Store:
    """The store, checked to be at this code's revision; an empty one is created.

    Raises:
        StoreError: not reachable, or not at head.
    """
    try:
        make_folder(url)
        engine = make_engine(url)
        found, wanted = revisions(engine)
        if found is None and not inspect(engine).get_table_names():
            upgrade(url)
        if found is None:
            found, wanted = revisions(engine)  # made here, or just now by another process
    except (SQLAlchemyError, ImportError, OSError) as exc:
        why = " ".join(str(getattr(exc, "orig", exc)).split())
        raise StoreError(
            f"The store {name_of(url)} cannot be opened: {why}; check database_url and that the server runs."
        ) from exc
    if found != wanted:
        engine.dispose()
        raise StoreError(
            f"The store is at revision {found or 'none'}, this program needs {wanted}; run 'verdicts db upgrade' "
            "(take a backup first)."
        )
    return Store(engine)


def name_of(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "of this database_url"  # it may hold a password, so it is not repeated


def make_folder(url: str) -> None:
    if url.startswith("sqlite:///") and ":memory:" not in url:
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """(the store's revision, this code's head). Alembic is not asked: every command would pay for loading it."""
    head = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    with engine.execution_options(begin="DEFERRED").connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None, head
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar(), head


def alembic_config(url: str) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    from alembic import command

    make_folder(url)
    command.upgrade(alembic_config(url), revision)


def is_healthy(engine: Engine) -> str:
    """'' when SQLite's own check finds nothing wrong (PostgreSQL checks itself)."""
    if engine.dialect.name != "sqlite":
        return ""
    with engine.execution_options(begin="DEFERRED").connect() as connection:
        found = connection.execute(text("PRAGMA quick_check")).scalar_one()
    return "" if found == "ok" else str(found)
