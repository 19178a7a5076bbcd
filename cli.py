"""`verdicts`: one verb a command. Imports here are light; a command loads its own stage when it runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import collect, decide, editions, house, people, serve
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
    out: Annotated[Path | None, typer.Option(help="Where the demo keeps its data and mails; default: var/demo.")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve pages and inbox at the end.")] = True,
) -> None:
    """The whole week on the recorded sources, into a local inbox."""
    from demo.week_run import run_demo

    run_demo(out, serve=serve)


for function in (serve.up, serve.web, serve.clock, serve.worker):
    app.command()(function)
for function in (collect.crawl, collect.sources, collect.launches):
    app.command()(function)
app.add_typer(collect.tools_app, name="tools")
for function in (collect.changes, collect.parse):
    app.command()(function)
for function in (decide.pair, decide.queue, decide.show, decide.findings, decide.draft, decide.review, decide.answer):
    app.command()(function)
for function in (decide.approve, decide.reject, decide.waive):
    app.command()(function)
app.command("reviewers")(decide.list_reviewers)
app.add_typer(decide.editors_app, name="editors")
app.add_typer(editions.app, name="edition")
app.add_typer(people.app, name="subscribers")
app.command("suppress")(people.suppress_address)
app.command("unsuppress")(people.unsuppress_address)
app.add_typer(people.bounces_app, name="bounces")
for function in (house.doctor, house.jobs, house.alerts, house.backup, house.restore):
    app.command()(function)
app.add_typer(house.db_app, name="db")


def main() -> int:
    try:
        app()
    except AppError as exc:
        print(exc, file=sys.stderr)  # noqa: T201  # the one place an error is shown
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
