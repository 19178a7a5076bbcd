"""pair, queue, show, findings, review, answer, draft, approve, reject, waive, editors."""

from typing import Annotated, Any

import typer

from commands.base import As, Json, Why, dump, opened, read_text, say, say_json, say_table, when

editors_app = typer.Typer(help="Who decides.", no_args_is_help=True)


def pair(json: Json = False) -> None:
    """Propose comparisons now, each with its reason, and say why the others are none."""
    from panel.pairing import propose_pairs, tell

    with opened() as here, here.store.write() as session:
        document = tell(session, propose_pairs(session, here.now))
    if json:
        return say_json(document)
    return say_shortlist(document)


def say_shortlist(document: dict[str, Any]) -> None:
    """The pairs first, then tools worth a verdict of their own, what waits already, and why not the others."""
    say_proposed([*document["proposed"], *document["singles"]])
    if not document["proposed"] and not document["singles"]:
        say("Nothing new is worth a comparison now.\n")
    if document["waiting"]:
        say("Proposed before, and not yet decided:\n")
        say_proposed(document["waiting"])
    if document["refused"]:
        table = [[" and ".join(tool["name"] for tool in row["tools"]), row["why"]] for row in document["refused"]]
        say_table(["not proposed", "why"], table)
    say("\nNext: verdicts queue")


def say_proposed(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        label = "Update: " if row["label"] == "update" else ""
        names = " and ".join(tool["name"] for tool in row["tools"])
        alone = " (on its own)" if len(row["tools"]) == 1 else ""
        say(f"{row['id']:>4}  {row['score']:>5}  {label}{names}{alone}\n      {row['reason']}")
        for also in filter(None, (row["jobs"], row["update_why"])):
            say(f"      {also}")
        say("")


def queue(json: Json = False) -> None:
    """Comparisons awaiting a decision, best first; and whether predictions are due."""
    from panel import decisions, predictions
    from panel.wording import title_of

    with opened() as here, here.store.read() as session:
        rows = [
            dump(row)
            | {
                "title": title_of(decisions.tools_of(session, row)),
                "failing": len(decisions.findings(session, here.settings, row)),
            }
            for row in decisions.queue(session)
        ]
        due = len(predictions.due(session, here.now))
    if json:
        return say_json(rows)
    if due:
        say(f"Predictions whose day has come: {due}. See 'verdicts predictions --due'.\n")
    table = [
        [
            row["id"],
            row["state"],
            row["score"],
            row["failing"],
            row["title"],
            lines(row["recheck_why"] or row["reason"], update(row)),
        ]
        for row in rows
    ]
    return say_table(
        ["id", "state", "score", "failing", "comparison", "why"],
        table,
        figures=["id", "score", "failing"],
        next_step="Next: verdicts show ID",
    )


def update(row: dict[str, Any]) -> str:
    return f"Update: {row['update_why']}" if row["update_why"] else ""


def lines(*parts: str | None) -> str:
    return "\n".join(filter(None, parts))


def show(comparison_id: int, json: Json = False) -> None:
    """One comparison: each tool's facts, the reviews, the answer, what is missing."""
    with opened() as here, here.store.read() as session:
        document = describe(session, here.settings, comparison_id)
    if json:
        return say_json(document)
    say(f"{document['title']}  {document['state']}")
    say(lines(document["reason"], document["recheck_why"], update(document), document["answer"] or "no answer yet"))
    say("")
    facts = [
        [tool["name"], fact["key"], fact["value"], when(fact["verified_at"])]
        for tool in document["tools"]
        for fact in tool["facts"]
    ]
    say_table(["tool", "fact", "value", "verified"], facts)
    say("")
    say_table(
        ["tool", "reviewer", "vote", "quote"],
        [[row["tool"], row["reviewer"], row["stance"], row["quote"]] for row in document["reviews"]],
    )
    for finding in document["findings"]:
        say(f"\nfailing: {finding['name']}: {finding['sentence']}")
    return None


def describe(session: Any, settings: Any, comparison_id: int) -> dict[str, Any]:
    from catalog.facts import current_facts
    from panel import decisions
    from panel.wording import title_of

    comparison = decisions.get_comparison(session, comparison_id)
    tools = decisions.tools_of(session, comparison)
    names = {tool.id: tool.slug for tool in tools}
    reviews = decisions.standing_reviews(session, comparison_id)
    return dump(comparison) | {
        "title": title_of(tools),
        "tools": [
            dump(tool) | {"facts": [dump(fact) for fact in current_facts(session, tool.id or 0)]} for tool in tools
        ],
        "reviews": [dump(review) | {"tool": names[review.tool_id]} for review in reviews],
        "verdicts": [dump(verdict) for verdict in decisions.verdicts_of(session, comparison).values()],
        "findings": [vars(finding) for finding in decisions.findings(session, settings, comparison)],
    }


def findings(comparison_id: int, json: Json = False) -> None:
    """What stands between a comparison and its approval."""
    from panel import decisions

    with opened() as here, here.store.read() as session:
        comparison = decisions.get_comparison(session, comparison_id)
        rows = [vars(finding) for finding in decisions.findings(session, here.settings, comparison)]
    if json:
        return say_json(rows)
    if not rows:
        return say(f"Nothing stands in the way of comparison {comparison_id}.")
    table = [[row["name"], row["sentence"], "yes" if row["may_be_waived"] else "no"] for row in rows]
    return say_table(["check", "finding", "may be waived"], table)


def review(
    comparison_id: int,
    stance: Annotated[str, typer.Argument(help="ship, skip or abstain")],
    reviewer: Annotated[str, typer.Option(help="The lens, as in 'verdicts reviewers'.")],
    tool: Annotated[str, typer.Option(help="The tool's slug.")],
    quote_file: Annotated[str, typer.Option(help="The paragraph; - reads standard input.")],
    by: As = "command line",
) -> None:
    """Write one reviewer's opinion of one tool."""
    from panel import decisions

    with opened() as here, here.store.write() as session:
        quote = read_text(quote_file, "quote")
        written = decisions.add_review(session, comparison_id, tool, reviewer, stance, quote, by, here.now)
        say(f"Review {written.id} is written; 'verdicts findings {comparison_id}' says what is missing.")


def reviews(
    file: Annotated[str, typer.Argument(help="TOML with [[review]] and [[answer]]; - reads standard input.")],
    by: As = "command line",
) -> None:
    """Hand in a file of reviews and answers, for any of the waiting comparisons."""
    from panel.submissions import read_submission, take_in

    with opened() as here, here.store.write() as session:
        taken = take_in(session, read_submission(read_text(file, "file of reviews"), file), by, "person", here.now)
    for left in taken.left:
        typer.echo(left, err=True)
    say(f"{taken.reviews} reviews and {taken.answers} answers are taken in, {len(taken.left)} left.")


def answer(
    comparison_id: int,
    file: Annotated[str, typer.Option(help="The answer; - reads standard input.")],
    by: As = "command line",
) -> None:
    """Write the answer: "Ship with A if …; with B if …", or of one tool "Ship A if …; skip it if …"."""
    from panel import decisions

    with opened() as here, here.store.write() as session:
        decisions.set_answer(session, comparison_id, read_text(file, "answer"), by, here.now)
        say(f"The answer of comparison {comparison_id} is written.")


def draft(comparison_id: int) -> None:
    """Ask the model panel for reviews of one comparison (needs [panel] endpoint)."""
    from datetime import UTC, datetime

    from panel.drafting import draft_comparison

    with opened() as here:
        written = draft_comparison(here.store, here.settings, comparison_id, lambda: datetime.now(UTC))
        say(f"{written} reviews are drafted; they are labelled as a model's.")


def approve(comparison_id: int, by: As) -> None:
    """Approve a comparison by name."""
    from panel import decisions

    with opened() as here, here.store.write() as session:
        names = {
            tool.id: tool.name for tool in decisions.tools_of(session, decisions.get_comparison(session, comparison_id))
        }
        for verdict in decisions.approve(session, here.settings, comparison_id, by, here.now):
            say(f"{names[verdict.tool_id]}: {verdict.outcome} ({verdict.ships} ship, {verdict.skips} skip)")


def reject(comparison_id: int, by: As, why: Why) -> None:
    """Reject a comparison, with the reason."""
    from panel import decisions

    with opened() as here, here.store.write() as session:
        decisions.reject(session, comparison_id, by, why, here.now)
        say(f"Comparison {comparison_id} is rejected.")


def waive(comparison_id: int, check: str, by: As, why: Why) -> None:
    """Let one failing check pass, by name and with a reason."""
    from panel import decisions

    with opened() as here, here.store.write() as session:
        decisions.waive(session, here.settings, comparison_id, check, by, why, here.now)
        say(f"The check {check} is waived.")


@editors_app.command("add")
def add_editor(
    email: str,
    name: Annotated[str, typer.Option(help="As readers see it: “approved by …”.")] = "",
    role: Annotated[str, typer.Option(help="editor or admin")] = "editor",
) -> None:
    """Add an editor, or change one's name and role."""
    from panel.editors import add_editor as add

    with opened() as here, here.store.write() as session:
        editor = add(session, email, name, role, here.now)
        say(f"{editor.email} is {editor.role}.")


@editors_app.command("list")
def list_editors(json: Json = False) -> None:
    """All editors."""
    from sqlmodel import select

    from db.models import Editor

    with opened() as here, here.store.read() as session:
        rows = [dump(row) for row in session.exec(select(Editor))]
    if json:
        return say_json(rows)
    return say_table(["email", "name", "role"], [[row["email"], row["name"], row["role"]] for row in rows])
