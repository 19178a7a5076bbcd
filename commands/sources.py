"""sources: how each one fares; begin a new one; the last good answer of one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.base import As, Json, Why, dump, opened, say, say_json, say_table, when

app = typer.Typer(invoke_without_command=True, help="The places we watch, and how each one fares.")


@app.callback()
def sources(context: typer.Context, json: Json = False) -> None:
    """Each source: its last outcome and why, last success, next visit, failures in a row."""
    if context.invoked_subcommand:
        return None
    from crawler.sources import register_sources

    with opened() as here, here.store.write() as session:
        rows = [
            dump(source) | describe(session, here.settings, source, here.now)
            for source in register_sources(session, here.settings, here.now)
        ]
    if json:
        return say_json(rows)
    table = [
        [
            row["key"],
            row["state"] or "not yet",
            when(row["last_success_at"]),
            next_visit_of(row),
            row["failures_in_row"],
            row["found"] if row["state"] != "not-modified" else None,
            row["usual_found"],
            row["days_since_new"],
            row["last_error"],
        ]
        for row in rows
    ]
    columns = ["source", "last", "last success", "next", "failures", "found", "usual", "days quiet", "why"]
    return say_table(columns, table, figures=["failures", "found", "usual", "days quiet"])


def next_visit_of(row: dict[str, Any]) -> str:
    if not row["is_enabled"]:
        return ""
    return when(row["next_due_at"]) or "as soon as may be"


def describe(session: Any, settings: Any, source: Any, now: Any) -> dict[str, Any]:
    """What the source's last visit held, beside what is usual for it."""
    from sqlmodel import col, select

    from crawler.health.alarms import KINDS, usual_gap
    from crawler.health.visits import past_of
    from crawler.sources import find_source
    from db import alerts
    from db.models import Crawl

    row = find_source(settings, source.key)
    last = session.exec(select(Crawl).where(Crawl.source_key == source.key).order_by(col(Crawl.id).desc())).first()
    past, gap = past_of(session, source.key), usual_gap(session, source.key)
    needs = row.permission if row and not source.is_enabled else ""
    return {
        "state": source.last_outcome if source.is_enabled else "needs permission" if needs else "disabled",
        "needs_permission": needs or None,
        "requests": last.requests if last else None,
        "unchanged": last.unchanged if last else None,
        "found": last.found if last else None,
        "usual_found": past.found or None,
        "coverage": last.coverage if last else {},
        "usual_coverage": dict(past.coverage),
        "days_since_new": (now - source.last_new_at).days if source.last_new_at else None,
        "usual_gap_days": gap.days if gap is not None else None,
        "alerts": [
            alert.what for alert in (alerts.find_open(session, f"{kind}:{source.key}") for kind in KINDS) if alert
        ],
    }


@app.command("new")
def new_source(name: Annotated[str, typer.Argument(help="Small letters and digits: its spider's file name.")]) -> None:
    """Begin a source: its spider, a recorded case with a failing test, and its row of defaults."""
    from config import ROOT
    from crawler.scaffold import write_source

    for file in write_source(name):
        say(str(file.relative_to(ROOT)))
    say(
        f"\nNext: ./run test tests/crawler/test_spiders.py -k {name} says what is missing; record a real answer with "
        f"'verdicts crawl {name} --record DIR'; then say in docs/sources.md what is asked, how often and under which "
        "terms."
    )


@app.command("recording")
def recording(
    key: Annotated[str, typer.Argument(help="The source.")],
    out: Annotated[Path | None, typer.Option(help="Write the answer's bytes into this file.")] = None,
    json: Json = False,
) -> None:
    """The last good answer of a source: to compare with, when a later one has lost something."""
    import zlib

    from db.models import Recording
    from errors import AppError, NotFound

    with opened() as here, here.store.read() as session:
        kept = session.get(Recording, key)
    if kept is None:
        raise NotFound("recording", key, "a source has one after its first good visit; see 'verdicts sources'")
    about = {"source": key, "url": kept.url, "taken_at": kept.taken_at, "found": kept.found, "coverage": kept.coverage}
    if out:
        try:
            out.write_bytes(zlib.decompress(kept.body))
        except OSError as exc:
            raise AppError(f"The recording cannot be written to {out}: {exc.strerror}; name another file.") from exc
    if json:
        return say_json(about)
    say(f"{kept.url}\n{kept.found} entries, taken {when(kept.taken_at)}")
    shares = [[name, f"{share:.0%}"] for name, share in kept.coverage.items()]
    return say_table(["field", "stated by"], shares, figures=["stated by"])


@app.command("accept")
def accept(key: Annotated[str, typer.Argument(help="The source.")], by: As, why: Why) -> None:
    """Say that a source has changed and is read rightly: its past is no longer its measure."""
    from crawler.health.visits import accept_change
    from panel.decisions import get_editor

    with opened() as here, here.store.write() as session:
        accept_change(session, key, get_editor(session, by).email, why, here.now)
    say(f"{key} is compared with its visits from now on.")
