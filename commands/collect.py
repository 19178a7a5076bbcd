"""crawl, launches, tools, changes, parse."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.base import Json, dump, opened, read_bytes, say, say_json, say_table, when

tools_app = typer.Typer(invoke_without_command=True, help="What we know of tools.")


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


@tools_app.callback()
def tools(context: typer.Context, json: Json = False) -> None:
    """All tools; `tools show SLUG` gives one with every fact and its evidence."""
    if context.invoked_subcommand:
        return None
    from sqlmodel import col, select

    from db.models import Tool

    with opened() as here, here.store.read() as session:
        rows = [dump(row) for row in session.exec(select(Tool).order_by(col(Tool.slug)))]
    if json:
        return say_json(rows)
    table = [
        [row["slug"], row["category"], row["availability"], when(row["last_read_at"]), row["home_url"]] for row in rows
    ]
    return say_table(["tool", "category", "availability", "last read", "home"], table)


@tools_app.command("show")
def show_tool(slug: str, json: Json = False) -> None:
    """One tool: its facts, each with quote, page, date and label, and the launches it came from."""
    with opened() as here, here.store.read() as session:
        document = describe_tool(session, slug)
    if json:
        return say_json(document)
    say(f"{document['name']}  {document['home_url']}  ({document['category']})\n{document['tagline']}\n")
    rows = [
        [fact["key"], fact["value"], fact["label"], when(fact["verified_at"]), fact["url"]]
        for fact in document["facts"]
    ]
    return say_table(["fact", "value", "label", "verified", "page"], rows)


def describe_tool(session: Any, slug: str) -> dict[str, Any]:
    from sqlmodel import select

    from db.models import Fact, Launch, Release, Snapshot, Tool, ToolKey
    from errors import NotFound

    tool = session.exec(select(Tool).where(Tool.slug == slug)).one_or_none()
    if tool is None:
        raise NotFound("tool", slug, "see 'verdicts tools'")

    def of(table: Any) -> list[dict[str, Any]]:
        return [dump(row) for row in session.exec(select(table).where(table.tool_id == tool.id))]

    pages = {row.id: row.url for row in session.exec(select(Snapshot).where(Snapshot.tool_id == tool.id))}
    facts = [fact | {"url": pages.get(fact["snapshot_id"])} for fact in of(Fact)]
    launches = [launch | describe_traction(session, launch) for launch in of(Launch)]
    return dump(tool) | {"facts": facts, "keys": of(ToolKey), "launches": launches, "releases": of(Release)}


def describe_traction(session: Any, launch: dict[str, Any]) -> dict[str, Any]:
    """Of each number its dated readings allow: on day 0, 1 and 7, what it gained since the first, and by the day."""
    from dataclasses import asdict

    from catalog.traction import by_day, deltas, since_first, traction_of

    readings = traction_of(session, launch["id"])
    told = {
        key: {
            "days": by_day(readings, key),
            "gained": since_first(readings, key),
            "deltas": [asdict(delta) for delta in deltas(readings, key)],
        }
        for key in launch["traction"]
    }
    return {"traction_over_time": told}


def changes(
    since: Annotated[datetime | None, typer.Option(help="From this day on.")] = None, json: Json = False
) -> None:
    """Facts that moved, with before and after."""
    from catalog.changes import changes_since

    with opened() as here, here.store.read() as session:
        rows: list[dict[str, Any]] = [
            {
                "tool": told.tool.slug,
                "key": told.change.key,
                "before": told.before.value,
                "after": told.after.value,
                "happened_at": told.change.happened_at,
                "quote": told.after.quote,
            }
            for told in changes_since(session, since.replace(tzinfo=UTC) if since else None)
        ]
    if json:
        return say_json(rows)
    return say_table(
        ["when", "tool", "what", "before", "after"],
        [[when(r["happened_at"]), r["tool"], r["key"], r["before"], r["after"]] for r in rows],
    )


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
