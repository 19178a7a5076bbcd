"""doctor, jobs, alerts, backup, restore, db upgrade."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.base import Json, dump, opened, say, say_json, say_table, when

db_app = typer.Typer(help="The store.", no_args_is_help=True)


def doctor(json: Json = False) -> None:
    """Checks with ids, findings and cures; exit 1 when something would stop the week."""
    from datetime import UTC, datetime

    from doctor import examine

    checks = examine(datetime.now(UTC))
    if json:
        say_json([vars(check) for check in checks])
    else:
        rows = [[check.id, check.level, check.finding, check.cure if check.level != "ok" else ""] for check in checks]
        say_table(["check", "", "finding", "cure"], rows)
    if any(check.level == "error" for check in checks):
        raise typer.Exit(1)


def jobs(json: Json = False) -> None:
    """Each job: its last run, and when it is next due."""
    from datetime import UTC, datetime

    from sqlmodel import col, select

    from db.models import Run
    from scheduler import next_times

    with opened() as here, here.store.read() as session:
        due = next_times(here.settings, datetime.now(UTC))
        rows: list[dict[str, Any]] = []
        for job, next_at in due.items():
            last = session.exec(select(Run).where(Run.job == job).order_by(col(Run.due_at).desc()).limit(1)).first()
            rows.append({"job": job, "next_at": next_at, "last": dump(last) if last else None})
    if json:
        return say_json(rows)
    table = [
        [
            row["job"],
            when(row["next_at"]),
            *(
                (row["last"]["state"], when(row["last"]["due_at"]), row["last"]["error"])
                if row["last"]
                else ("", "", "")
            ),
        ]
        for row in rows
    ]
    return say_table(["job", "next due", "last", "was due", "error"], table)


def alerts(json: Json = False) -> None:
    """What needs a person, with its cure."""
    from db.alerts import open_alerts

    with opened() as here, here.store.read() as session:
        rows = [dump(row) for row in open_alerts(session)]
    if json:
        return say_json(rows)
    return say_table(["since", "what", "cure"], [[when(row["raised_at"]), row["what"], row["cure"]] for row in rows])


def backup(file: Path) -> None:
    """A consistent copy of the store while it is in use (SQLite; for PostgreSQL use pg_dump)."""
    from db.backup import back_up

    with opened() as here:
        back_up(here.store, file)
        say(f"Written and checked: {file}")
        key = here.settings.data_dir / "secret.key"
        say(f"Keep {key} with it: links in old mails and suppressions rest on that key.")


def restore(file: Path, yes: Annotated[bool, typer.Option("--yes", help="Really replace the store.")] = False) -> None:
    """Replace the store by a backup; the present one is kept beside it."""
    from config import load_settings
    from db.backup import restore_from

    kept = restore_from(load_settings().store_url, file, confirmed=yes)
    say(f"Restored from {file}." + (f" The former store is {kept}." if kept else ""))


@db_app.command()
def upgrade() -> None:
    """Bring the store to this program's revision."""
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    from config import load_settings
    from db.session import upgrade as run_upgrade
    from errors import StoreError

    url = load_settings().store_url
    try:
        run_upgrade(url)
    except CommandError as exc:
        raise StoreError(f"The store cannot be upgraded: {exc}; a newer program made it, so run that one.") from exc
    except (SQLAlchemyError, ImportError, OSError) as exc:
        why = " ".join(str(getattr(exc, "orig", exc)).split())
        raise StoreError(f"The store cannot be upgraded: {why}; check database_url and that the server runs.") from exc
    say("The store is up to date.")
