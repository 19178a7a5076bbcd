"""Backup and restore of a SQLite store; PostgreSQL has its own tools and we say so."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from db.session import Store
from errors import StoreError

PREFIX = "sqlite:///"


def back_up(store: Store, target: Path) -> None:
    """Copy with SQLite's own online backup, then check the copy. Raises StoreError."""
    if store.engine.dialect.name != "sqlite":
        raise StoreError("This store is PostgreSQL; back it up with pg_dump.")
    if target.exists():
        raise StoreError(f"{target} exists; choose another name, a backup is never overwritten.")
    draft = target.with_name(f".{target.name}.part")
    try:
        with (
            closing(sqlite3.connect(str(store.engine.url.database))) as source,
            closing(sqlite3.connect(draft)) as copy,
        ):
            source.backup(copy)
            check(copy, draft)
        draft.rename(target)
    except (sqlite3.Error, OSError) as exc:
        raise StoreError(f"The backup {target} could not be written: {exc}; check the folder and its space.") from exc
    finally:
        draft.unlink(missing_ok=True)


def restore_from(url: str, backup: Path, *, confirmed: bool) -> Path | None:
    """Put a checked backup in the store's place; returns where the former store went."""
    if not url.startswith(PREFIX):
        raise StoreError("This store is PostgreSQL; restore it with pg_restore.")
    if not backup.is_file():
        raise StoreError(f"There is no backup {backup}; check the path.")
    try:
        with closing(sqlite3.connect(f"file:{backup}?mode=ro", uri=True)) as copy:
            check(copy, backup)
    except sqlite3.Error as exc:
        raise StoreError(f"{backup} is no usable backup: {exc}; choose another.") from exc
    if not confirmed:
        raise StoreError("Restoring replaces the store; stop the program first and add --yes.")
    return swap(Path(url.removeprefix(PREFIX)), backup)


def swap(target: Path, backup: Path) -> Path | None:
    kept = None
    if target.exists():
        kept = target.with_name(f"{target.name}.before-restore")
        with closing(sqlite3.connect(target)) as former:
            former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.replace(kept)
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(backup, target)
    return kept


def check(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    if found != "ok" or not has_tables:
        raise StoreError(f"{path} is damaged or not one of our stores ({found}).")
