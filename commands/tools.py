"""tools: list, show, merge, split, unmerge, proposals, accept, refuse."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from commands.base import As, Json, Why, dump, opened, say, say_json, say_table, when

app = typer.Typer(invoke_without_command=True, help="What we know of tools.")
Preview = Annotated[bool, typer.Option("--preview", help="Say what would be done, and do nothing.")]


@app.callback()
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


@app.command()
def show(
    slug: str,
    at: Annotated[datetime | None, typer.Option(help="What stood on that day.", formats=["%Y-%m-%d"])] = None,
    json: Json = False,
) -> None:
    """One tool, by a slug it has or had: its facts, each with quote, page, date and label, and its launches."""
    moment = (at + timedelta(days=1)).replace(tzinfo=UTC) if at else None  # the day's end
    with opened() as here, here.store.read() as session:
        document = describe_tool(session, slug, moment)
    if json:
        return say_json(document)
    say(f"{document['name']}  {document['home_url']}  ({document['category']})\n{document['tagline']}\n")
    if document["slug"] != slug:
        say(f"{slug} is now {document['slug']}.\n")
    for merge in document["merges"]:
        undone = f", undone by {merge['undone_by']}" if merge["undone_at"] else ""
        say(f"merge {merge['id']}: {merge['absorbed']} by {merge['merged_by']}, {when(merge['merged_at'])}{undone}")
    rows = [
        [
            fact["key"],
            fact["value"],
            "" if fact["stands"] else "no",
            fact["label"],
            when(fact["verified_at"]),
            fact["url"],
        ]
        for fact in document["facts"]
    ]
    for pair in document["contradictions"]:
        say(f"{pair['key']}: {' against '.join(fact['value'] for fact in pair['facts'])}; both are kept")
    return say_table(["fact", "value", "stands", "label", "verified", "page"], rows)


def describe_tool(session: Any, slug: str, at: datetime | None = None) -> dict[str, Any]:
    from sqlmodel import col, select

    from catalog.facts import current_facts
    from catalog.ledger.contradictions import contradictions_of
    from catalog.redirects import get_tool
    from db.models import Fact, Launch, Merge, Release, Snapshot, ToolKey, ToolSlug

    tool = get_tool(session, slug)

    def of(table: Any) -> list[dict[str, Any]]:
        return [dump(row) for row in session.exec(select(table).where(table.tool_id == tool.id))]

    tool_id = tool.id or 0
    pages = dict(session.exec(select(Snapshot.id, Snapshot.url).where(Snapshot.tool_id == tool_id)).all())
    stand = {fact.id for fact in current_facts(session, tool_id, at)}
    merges = session.exec(select(Merge).where(Merge.kept_id == tool.id).order_by(col(Merge.id))).all()
    return dump(tool) | {
        "facts": [
            fact | {"url": pages.get(fact["snapshot_id"]), "stands": fact["id"] in stand}
            for fact in of(Fact)
            if not at or fact["observed_at"] <= at
        ],
        "contradictions": [
            {"key": pair.key, "facts": [dump(fact) for fact in pair.facts], "found_at": pair.found_at}
            for pair in contradictions_of(session, tool_id, at)
        ],
        "keys": of(ToolKey),
        "launches": [launch | describe_traction(session, launch) for launch in of(Launch)],
        "releases": of(Release),
        "former_slugs": sorted(row["slug"] for row in of(ToolSlug)),
        "merges": [describe_merge(merge) for merge in merges],
    }


def describe_merge(merge: Any) -> dict[str, Any]:
    names = ("id", "why", "merged_by", "merged_at", "undone_by", "undone_at")
    return {name: getattr(merge, name) for name in names} | {"absorbed": merge.gone["slug"]}


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


# ── one or two ───────────────────────────────────────────────────────────────────────────────────


@app.command()
def merge(
    keep: Annotated[str, typer.Argument(metavar="A", help="The tool that stays.")],
    gone: Annotated[str, typer.Argument(metavar="B", help="The tool that becomes it; its slug will lead to A.")],
    who: As,
    why: Why = "",
    preview: Preview = False,
    json: Json = False,
) -> None:
    """Two rows of one tool become one; `tools unmerge` takes it back."""
    from dataclasses import asdict

    from catalog.merges import merge_tools, preview_merge
    from catalog.redirects import get_tool
    from panel.decisions import get_editor

    with opened() as here:
        if preview:
            with here.store.read() as session:
                told = asdict(preview_merge(session, get_tool(session, keep), get_tool(session, gone)))
            return say_json(told) if json else say_preview(told["moves"], [*told["clashes"], told["refusal"]])
        with here.store.write() as session:
            editor = get_editor(session, who).email
            a, b = get_tool(session, keep), get_tool(session, gone)
            done = describe_merge(merge_tools(session, a, b, why.strip() or "an editor's word", editor, here.now))
    if json:
        return say_json(done)
    return say(f"{done['absorbed']} is now {keep}; undo with 'verdicts tools unmerge {done['id']} --as {who}'.")


@app.command()
def unmerge(merge_id: int, who: As, json: Json = False) -> None:
    """Take a merge back: both tools as they were, and never joined again by itself."""
    from catalog.merges import undo_merge
    from panel.decisions import get_editor

    with opened() as here, here.store.write() as session:
        tool = dump(undo_merge(session, merge_id, get_editor(session, who).email, here.now))
    return say_json(tool) if json else say(f"{tool['slug']} is a tool of its own again.")


@app.command()
def split(
    slug: str,
    take: Annotated[list[str], typer.Option("--take", help="An address that leaves it; repeat for more.")],
    name: Annotated[str, typer.Option("--name", help="What the new tool is called.")],
    who: As,
    why: Why,
    preview: Preview = False,
    json: Json = False,
) -> None:
    """A new tool from some of the addresses of one; the two are never joined again by themselves."""
    from dataclasses import asdict

    from catalog.redirects import get_tool
    from catalog.splits import preview_split, split_tool
    from panel.decisions import get_editor

    with opened() as here:
        if preview:
            with here.store.read() as session:
                told = asdict(preview_split(session, get_tool(session, slug), take, name))
            return say_json(told) if json else say_preview(told["moves"], [f"with {key}" for key in told["keys"]])
        with here.store.write() as session:
            editor = get_editor(session, who).email
            new = dump(split_tool(session, get_tool(session, slug), take, name, editor, why, here.now))
    return say_json(new) if json else say(f"{new['slug']} was taken out of {slug}.")


def say_preview(moves: dict[str, int], notes: list[str]) -> None:
    say_table(["rows of", "that move"], [[table, count] for table, count in moves.items()], figures=["that move"])
    for note in filter(None, notes):
        say(note)


# ── proposals ────────────────────────────────────────────────────────────────────────────────────


@app.command()
def proposals(json: Json = False) -> None:
    """Tools that may be one, each pair with its reason."""
    from catalog.proposals import open_proposals

    with opened() as here, here.store.read() as session:
        rows = [
            dump(asked.proposal) | {"a": asked.a.slug, "b": asked.b.slug, "homes": [asked.a.home_url, asked.b.home_url]}
            for asked in open_proposals(session)
        ]
    if json:
        return say_json(rows)
    table = [[row["id"], row["a"], row["b"], row["why"]] for row in rows]
    return say_table(["id", "tool", "may be", "why"], table, figures=["id"], next_step="Next: verdicts tools accept ID")


@app.command()
def accept(proposal_id: Annotated[int, typer.Argument(metavar="ID")], who: As, why: Why = "") -> None:
    """They are one tool: merge them."""
    from catalog import proposals as rules
    from panel.decisions import get_editor

    with opened() as here, here.store.write() as session:
        done = describe_merge(rules.accept(session, proposal_id, get_editor(session, who).email, why, here.now))
    say(f"{done['absorbed']} was merged; undo with 'verdicts tools unmerge {done['id']} --as {who}'.")


@app.command()
def refuse(proposal_id: Annotated[int, typer.Argument(metavar="ID")], who: As, why: Why) -> None:
    """They are two tools: never propose the pair again."""
    from catalog import proposals as rules
    from panel.decisions import get_editor

    with opened() as here, here.store.write() as session:
        rules.refuse(session, proposal_id, get_editor(session, who).email, why, here.now)
    say(f"Proposal {proposal_id} is refused; the two stay two.")
