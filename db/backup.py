"""Backup and restore of a SQLite store; PostgreSQL has its own tools and we say so."""

import shutil
import sqlite3
from contextlib import closing, suppress
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
        with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?immutable=1", uri=True)) as copy:
            check(copy, backup)
    except sqlite3.Error as exc:
        raise StoreError(f"{backup} is no usable backup: {exc}; choose another.") from exc
    if not confirmed:
        raise StoreError("Restoring replaces the store; stop the program first and add --yes.")
    try:
        return swap(Path(url.removeprefix(PREFIX)), backup)
    except OSError as exc:
        raise StoreError(f"{backup} could not be put in place: {exc}; check the folder and its space.") from exc


def swap(target: Path, backup: Path) -> Path | None:
    """Copied first, so that a full disk leaves the store where it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    shutil.copyfile(backup, draft)
    kept = set_aside(target) if target.exists() else None
    draft.replace(target)
    return kept


def set_aside(target: Path) -> Path:
    """The former store under a name nothing has yet. What of it stands in the log only goes with it."""
    names = (target.with_name(f"{target.name}.before-restore{n}") for n in ("", *(f"-{i}" for i in range(2, 1000))))
    kept = next(name for name in names if not name.exists())
    with suppress(sqlite3.Error), closing(sqlite3.connect(target)) as former:  # a damaged one is why we are here
        former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("", "-wal", "-shm"):
        part = target.with_name(target.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    return kept


def check(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    has_tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    if found != "ok" or not has_tables:
        raise StoreError(f"{path} is damaged or not one of our stores ({found}).")
