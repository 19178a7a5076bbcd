"""relevance evaluate, correct, labels: is it AI, is it a launch, and who says so."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from commands.base import As, Json, opened, read_bytes, say, say_json, say_table

app = typer.Typer(help="Is it AI, is it a launch: measured, and corrected by editors.", no_args_is_help=True)


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


@app.command()
def evaluate(
    file: Annotated[str, typer.Argument(help="Tab-separated: source, title, url, description, ai, launch.")],
    json: Json = False,
) -> None:
    """Precision, recall and F1 of both questions on labelled headlines, over all and per source."""
    from crawler.relevance.labels import measure, read_labels

    document = measure(read_labels(read_bytes(file, "file of labels"), file))
    if json:
        return say_json(document)
    rows = [figures_of("all", question, document[question]) for question in ("ai", "launch")]
    for source, measured in document["per_source"].items():
        rows += [figures_of(source, question, measured[question]) for question in ("ai", "launch")]
    say_table(
        ["source", "question", "n", "precision", "recall", "f1"], rows, figures=["n", "precision", "recall", "f1"]
    )
    for question in ("ai", "launch"):
        say_misses(question, document[question]["misses"])
    return None


def figures_of(source: str, question: str, measured: dict[str, Any]) -> list[Any]:
    shares = [measured[name] for name in ("precision", "recall", "f1")]
    return [source, question, measured["n"], *("" if share is None else f"{share:.3f}" for share in shares)]


def say_misses(question: str, misses: list[dict[str, str]]) -> None:
    say(f"\n{len(misses)} missed on {question}")
    if misses:
        rows = [[miss["source"], miss["expected"], miss["got"], miss["title"], miss["why"]] for miss in misses]
        say_table(["source", "expected", "got", "title", "why"], rows)


@app.command()
def correct(
    launch_id: int,
    ai: Annotated[Answer, typer.Option(help="Is it AI?")],
    launch: Annotated[Answer, typer.Option(help="Is it the launch of a usable tool?")],
    by: As,
) -> None:
    """Say what an announcement is; no later crawl changes it back."""
    from crawler.corrections import correct_launch, get_launch
    from panel.decisions import get_editor

    with opened() as here, here.store.write() as session:
        editor = get_editor(session, by)
        row = get_launch(session, launch_id)
        correct_launch(session, row, ai is Answer.YES, launch is Answer.YES, editor.email, here.now)
        if row.kind == "launch" and row.tool_id is None:
            say(f"Launch {launch_id} is now {row.kind}; its address {row.url} names no tool of its own.")
        else:
            say(f"Launch {launch_id} is now {row.kind}.")


@app.command()
def labels(
    json: Json = False,
    out: Annotated[str | None, typer.Option(help="Write them to this file, for 'relevance evaluate'.")] = None,
) -> None:
    """Every correction made, in the columns that can be evaluated."""
    from dataclasses import asdict

    from crawler.corrections import corrected_labels
    from crawler.relevance.labels import COLUMNS, SAID, write_labels

    with opened() as here, here.store.read() as session:
        found = corrected_labels(session)
    if out is not None:
        write_file(out, write_labels(found))
    rows = [{**asdict(label), "ai": SAID[label.ai], "launch": SAID[label.launch]} for label in found]
    if json:
        return say_json(rows)
    if out is not None:
        return say(f"{len(rows)} labels are written to {out}.")
    return say_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows])


def write_file(path: str, text: str) -> None:
    from pathlib import Path

    from errors import AppError

    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as exc:
        raise AppError(f"The file {path} cannot be written: {exc.strerror}; choose another path.") from exc
