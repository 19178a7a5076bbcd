"""check evaluate: whether what quotes claim is borne by given facts, measured against labels."""

from typing import Annotated, Any

import typer

from commands.base import Json, read_bytes, say, say_json, say_table

app = typer.Typer(help="Is what a quote claims borne by the facts: measured.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """A group of one verb: without this, typer would drop its name."""


@app.command()
def evaluate(
    file: Annotated[str, typer.Argument(help="Tab-separated: quote, fact, label.")],
    json: Json = False,
) -> None:
    """Precision, recall and F1 of what is flagged (unanchored or contradicted), and of each label."""
    from panel.claims.labels import measure, read_labels

    document = measure(read_labels(read_bytes(file, "file of labels"), file))
    if json:
        return say_json(document)
    rows = [figures_of("flagged", document)]
    rows += [figures_of(label, measured) for label, measured in document["per_label"].items()]
    say_table(["label", "n", "precision", "recall", "f1"], rows, figures=["n", "precision", "recall", "f1"])
    return say_misses(document["misses"])


def figures_of(label: str, measured: dict[str, Any]) -> list[Any]:
    shares = [measured[name] for name in ("precision", "recall", "f1")]
    return [label, measured["n"], *("" if share is None else f"{share:.3f}" for share in shares)]


def say_misses(misses: list[dict[str, str]]) -> None:
    say(f"\n{len(misses)} missed")
    if misses:
        rows = [[miss["expected"], miss["got"], miss["quote"], miss["fact"], miss["why"]] for miss in misses]
        say_table(["expected", "got", "quote", "fact", "why"], rows)
