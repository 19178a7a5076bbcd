"""identity evaluate: are two announcements one tool, measured against labelled pairs."""

from typing import Annotated

import typer

from commands.base import Json, read_bytes, say, say_json, say_table

app = typer.Typer(help="Are two announcements one tool: measured.", no_args_is_help=True)
FIGURES = ("precision", "recall", "f1", "proposed_of_different")


@app.callback()
def group() -> None:
    """Keeps `evaluate` a command of its own while it is the only one."""


@app.command()
def evaluate(
    file: Annotated[
        str, typer.Argument(help="Tab-separated: name_a, url_a, name_b, url_b, label (same, rename, different); links.")
    ],
    json: Json = False,
) -> None:
    """Precision of merges, recall of merges and proposals, and how many different pairs are proposed."""
    from catalog.likeness.labels import measure, read_labels

    document = measure(read_labels(read_bytes(file, "file of labels"), file))
    if json:
        return say_json(document)
    shares = ["" if document[name] is None else f"{document[name]:.3f}" for name in FIGURES]
    columns = ["n", *(name.replace("_", " ") for name in FIGURES)]
    say_table(columns, [[document["n"], *shares]], figures=columns)
    say(f"\n{len(document['misses'])} missed")
    if document["misses"]:
        shown = ("expected", "got", "name_a", "url_a", "name_b", "url_b", "why")
        say_table(
            [name.replace("_", " ") for name in shown], [[miss[name] for name in shown] for miss in document["misses"]]
        )
    return None
