"""changes: what moved, the evidence on both sides, and the verdicts resting on it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.base import Json, opened, say_json, say_table, when

if TYPE_CHECKING:
    from sqlmodel import Session

    from catalog.changes import Told
    from db.models import Fact


def changes(
    since: Annotated[datetime | None, typer.Option(help="From this day on.")] = None, json: Json = False
) -> None:
    """What moved: price, licence, availability, version …, with both sides and the verdicts resting on it."""
    from catalog.changes import changes_since

    with opened() as here, here.store.read() as session:
        found = changes_since(session, since.replace(tzinfo=UTC) if since else None)
        rows = [describe(session, told) for told in found]
    if json:
        return say_json(rows)
    return say_table(
        ["when", "tool", "what", "before", "after", "why", "verdicts"],
        [
            [when(r["happened_at"]), r["tool"], r["key"], r["before"], r["after"], r["why"], in_words(r["comparisons"])]
            for r in rows
        ],
    )


def describe(session: "Session", told: "Told") -> dict[str, Any]:
    from catalog.changes import has_flipped, has_returned, verdicts_under

    change = told.change
    return {
        "tool": told.tool.slug,
        "key": change.key,
        "before": change.before,
        "after": change.after,
        "why": change.why,
        "happened_at": change.happened_at,
        "evidence": {
            "before": evidence(told.before, told.before_url),
            "after": evidence(told.after, told.after_url),
        },
        "returned": has_returned(session, told),
        "comparisons": [
            {"slug": comparison.slug, "state": comparison.state, "flipped": has_flipped(session, told, comparison)}
            for comparison, _ in verdicts_under(session, change)
        ],
    }


def evidence(fact: "Fact | None", url: str | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {"quote": fact.quote, "url": url, "label": fact.label, "observed_at": fact.observed_at}


def in_words(comparisons: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one['slug']}{' → recheck' if one['flipped'] else ''}" for one in comparisons)
