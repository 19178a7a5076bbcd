"""`verdicts`: one verb a command. Imports here are light; a command loads its own stage when it runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from commands import (
    changes,
    checks,
    collect,
    decide,
    editions,
    house,
    identity,
    people,
    predictions,
    relevance,
    reviewers,
    serve,
    sources,
    tools,
)
from errors import AppError

app = typer.Typer(
    help="AI Tool Verdicts: watch launches, compare true competitors, mail the week's verdicts.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


@app.command()
def demo(
    out: Annotated[
        Path | None, typer.Option(help="Where the demo keeps its data and mails; default: var/demo.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve pages and inbox at the end.")] = True,
) -> None:
    """The whole week on the recorded sources, into a local inbox."""
    from demo.week_run import run_demo

    run_demo(out, serve=serve)


COMMANDS: tuple[Callable[..., Any], ...] = (
    *(serve.up, serve.web, serve.clock, serve.worker),
    *(collect.crawl, collect.launches, changes.changes, collect.parse),
    *(decide.pair, decide.queue, decide.show, decide.findings, decide.draft),
    *(decide.review, decide.reviews, decide.answer),
    *(decide.approve, decide.reject, decide.waive),
    *(people.suppress, people.unsuppress),
    *(house.doctor, house.jobs, house.alerts, house.backup, house.restore),
)
for command in COMMANDS:
    app.command()(command)
app.command("reviewers")(reviewers.list_reviewers)
GROUPS = {
    "sources": sources.app,
    "tools": tools.app,
    "editors": decide.editors_app,
    "edition": editions.app,
    "subscribers": people.app,
    "relevance": relevance.app,
    "check": checks.app,
    "identity": identity.app,
    "predictions": predictions.app,
    "bounces": people.bounces_app,
    "db": house.db_app,
}
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main(arguments: list[str] | None = None) -> int:
    try:
        app(arguments, prog_name="verdicts")
    except AppError as exc:
        print(exc, file=sys.stderr)  # noqa: T201  # the one place an error is shown
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
