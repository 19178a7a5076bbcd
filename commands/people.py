"""subscribers, suppress, unsuppress, bounces."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.base import Json, Why, dump, opened, read_bytes, read_text, say, say_json, say_table, when

if TYPE_CHECKING:
    from digest.addresses import Address

app = typer.Typer(help="Who is mailed.", no_args_is_help=True)
bounces_app = typer.Typer(help="What comes back.", no_args_is_help=True)
By = Annotated[str, typer.Option("--as", help="Who does this.")]


@app.command("import")
def import_people(file: str, by: By = "operator") -> None:
    """Add people who agreed elsewhere: a CSV with the columns email and, optionally, name."""
    from digest.subscriptions import import_csv

    with opened() as here, here.store.write() as session:
        lines = read_text(file, "CSV").removeprefix("\ufeff").splitlines(keepends=True)
        report = import_csv(session, here.settings, lines, by, here.now)
    for refused in report.refused:
        typer.echo(refused, err=True)
    say(f"{report.added} added, {report.known} known before, {len(report.refused)} refused.")


@app.command("export")
def export_people() -> None:
    """All subscribers as CSV on standard output."""
    from digest.subscriptions import export_csv

    with opened() as here, here.store.read() as session:
        typer.echo(export_csv(session), nl=False)


@app.command("list")
def list_people(json: Json = False) -> None:
    """All subscribers."""
    from digest.subscriptions import known_people

    with opened() as here, here.store.read() as session:
        rows = [dump(row) for row in known_people(session)]
    if json:
        return say_json(rows)
    return say_table(
        ["address", "state", "since"], [[row["address"], row["state"], when(row["created_at"])] for row in rows]
    )


@app.command("erase")
def erase_person(email: str, by: By = "operator") -> None:
    """Forget a person for good; only a keyed hash stays, so that no import revives them."""
    from digest.subscriptions import erase

    with opened() as here, here.store.write() as session:
        erase(session, here.settings, address_of(email), by, here.now)
        say("Erased.")


@app.command("suppress")
def suppress(email: str, why: Why, by: By = "operator") -> None:
    """Never mail this address again, whatever is imported or asked."""
    from digest.suppressions import suppress as stop_mailing

    with opened() as here, here.store.write() as session:
        is_new = stop_mailing(session, here.settings, address_of(email), why, by, here.now)
        say("Suppressed." if is_new else "It was suppressed before; the first reason stands.")


@app.command("unsuppress")
def unsuppress(email: str, why: Why, by: By = "operator") -> None:
    """Lift a suppression; the person must subscribe again."""
    from digest.suppressions import unsuppress as lift

    with opened() as here, here.store.write() as session:
        lift(session, here.settings, address_of(email), why, by, here.now)
        say("Lifted; they are mailed again once they subscribe.")


def address_of(email: str) -> "Address":
    from digest.addresses import parse_address
    from errors import AppError

    try:
        return parse_address(email)
    except ValueError as exc:
        raise AppError(f"{exc}.") from exc


@bounces_app.command()
def classify(files: list[str], json: Json = False) -> None:
    """What each raw message is (hard, soft, complaint, none), and why; changes nothing."""
    from digest.bounce_reading import read_bounce

    rows = []
    for file in files:
        reading = read_bounce(read_bytes(file, "message"))
        rows.append(
            {"file": file, "kind": reading.kind, "reason": reading.reason, "status": reading.status, "why": reading.why}
        )
    if json:
        return say_json(rows)
    return say_table(
        ["file", "kind", "status", "why"], [[row["file"], row["kind"], row["status"], row["why"]] for row in rows]
    )


@bounces_app.command()
def ingest(
    files: Annotated[list[str] | None, typer.Argument(help="Raw messages.")] = None,
    maildir: Annotated[Path | None, typer.Option(help="A maildir to read instead.")] = None,
    json: Json = False,
) -> None:
    """Match each message to its reader by the token in its address, and act on it once."""
    from digest.bounces import ingest as take_in
    from digest.bounces import ingest_maildir

    with opened() as here:
        done = ingest_maildir(here.store, here.settings, maildir, here.now) if maildir else []
        for file in files or []:
            raw = read_bytes(file, "message")
            with here.store.write() as session:
                done.append((file, take_in(session, here.settings, raw, here.now)))
    rows = [
        {"file": name, "kind": one.reading.kind, "why": one.reading.why, "effect": one.effect} for name, one in done
    ]
    if json:
        return say_json(rows)
    return say_table(["file", "kind", "why", "effect"], [list(row.values()) for row in rows])
