"""crawl, launches, parse."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.base import Json, dump, opened, read_bytes, say_json, say_table, when


def crawl(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources or spiders; default: all enabled.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write every exchange into this new folder.")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Crawl from such a folder; nothing is asked of the network.")
    ] = None,
    json: Json = False,
) -> None:
    """Crawl now and print what came of it, per source."""
    from crawler.supervise import crawl_now
    from jobs import Work, recheck

    if record and replay:
        raise typer.BadParameter("--record and --replay exclude each other.")
    with opened() as here:
        counts = crawl_now(here.store, here.settings, sources or [], here.now, record=record, replay=replay)
        recheck(Work(here.store, here.settings, lambda: datetime.now(UTC), here.now, lambda: False))
    names = ("requests", "unchanged", "launches_new", "launches_seen", "tools_new", "facts_new", "errors")
    rows = [
        [key, row.get("outcome"), *(row.get(name, 0) for name in names), row.get("error")]
        for key, row in counts.items()
    ]
    if json:
        say_json(counts)
    else:
        say_table(["source", "outcome", *names, "why"], rows, figures=names, next_step="Next: verdicts sources")
    if counts and all(row.get("errors") for row in counts.values()):
        raise typer.Exit(1)  # one ailing source is no failed crawl; all of them are


def launches(json: Json = False, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100) -> None:
    """Announcements seen, newest first; noise with the reason it was set aside."""
    from sqlmodel import col, select

    from db.models import Launch

    with opened() as here, here.store.read() as session:
        rows = [dump(row) for row in session.exec(select(Launch).order_by(col(Launch.id).desc()).limit(limit))]
    if json:
        return say_json(rows)
    table = [[when(row["launched_at"]), row["source_key"], row["kind"], row["name"], row["why"]] for row in rows]
    return say_table(["launched", "source", "kind", "name", "why"], table)


def parse(
    source: Annotated[str, typer.Argument(help="A source or spider; 'homepage' for a tool's own page.")],
    file: str,
    url: Annotated[str, typer.Option(help="The address it was recorded from.")],
    json: Json = False,
) -> None:
    """One recorded payload through a source's parser; stores nothing."""
    from dataclasses import asdict

    from config import load_settings
    from crawler.parsing import parse_recorded, spider_of

    settings = load_settings()
    spider_of(settings, source)
    found = parse_recorded(settings, source, read_bytes(file, "payload"), url, datetime.now(UTC))
    for problem in getattr(found, "problems", ()):
        typer.echo(problem, err=True)
    rows = [item.model_dump(mode="json") if hasattr(item, "model_dump") else asdict(item) for item in found]
    if json:
        return say_json(rows)
    return say_table(
        ["kind", "name", "what"],
        [
            [
                r.get("kind", r.get("key")),
                r.get("name", r.get("value")),
                r.get("why") or r.get("tagline") or r.get("quote"),
            ]
            for r in rows
        ],
    )
