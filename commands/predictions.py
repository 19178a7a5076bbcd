"""predictions: list, add, suggest, confirm, settle, score."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from commands.base import As, Json, Why, dump, opened, say, say_json, say_table

app = typer.Typer(invoke_without_command=True, help="What reviews foretold, and what came of it.")
PredictionId = Annotated[int, typer.Argument(metavar="ID", help="The prediction's number.")]


class Outcome(StrEnum):
    YES = "yes"
    NO = "no"
    VOID = "void"


@app.callback()
def predictions(
    context: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="Only those to be settled now.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 1000,
    json: Json = False,
) -> None:
    """All predictions, unsettled ones first, by the day they are to be settled."""
    if context.invoked_subcommand:
        return None
    from panel.prediction_record import listed

    with opened() as here, here.store.read() as session:
        rows = [describe(one) for one in listed(session, here.now, only_due=due, limit=limit)]
    if json:
        return say_json(rows)
    columns = ["id", "tool", "reviewer", "statement", "probability", "resolve_by", "state", "outcome", "brier"]
    return say_table(columns, [table_row(row, columns) for row in rows], figures=["id", "probability", "brier"])


def describe(one: Any) -> dict[str, Any]:
    return dump(one.prediction) | {"tool": one.tool, "state": one.state, "brier": one.brier}


def table_row(row: dict[str, Any], columns: list[str]) -> list[Any]:
    return [figure(row[key]) if key == "brier" else row[key] for key in columns]


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


@app.command()
def add(
    review_id: Annotated[int, typer.Argument(metavar="REVIEW", help="The review's number, from `suggest`.")],
    statement: Annotated[str, typer.Option(help="What will be so, in 10 to 300 characters.")],
    probability: Annotated[float, typer.Option(help="How likely it is: between 0 and 1.")],
    by: Annotated[datetime, typer.Option("--by", help="The day to settle it by.", formats=["%Y-%m-%d"])],
    how: Annotated[str, typer.Option("--how", help="How it will be settled: what will be looked at.")],
    who: As,
    json: Json = False,
) -> None:
    """Write down what a review foretells; it counts once it is confirmed."""
    from panel.decisions import get_editor
    from panel.predictions import propose_prediction

    with opened() as here, here.store.write() as session:
        editor = get_editor(session, who).email
        day = by.date()
        row = dump(propose_prediction(session, review_id, statement, probability, day, how, editor, here.now))
    if json:
        return say_json(row)
    return say(f"Prediction {row['id']} is written; next 'verdicts predictions confirm {row['id']} --as {who}'.")


@app.command()
def suggest(
    comparison_id: Annotated[int, typer.Argument(metavar="ID", help="The comparison's number.")], json: Json = False
) -> None:
    """Sentences in a comparison's reviews that can turn out false by a day; nothing is stored."""
    from panel.decisions import get_comparison, standing_reviews, tools_of
    from panel.prediction_words import suggest as offers_of

    with opened() as here, here.store.read() as session:
        slugs = {tool.id: tool.slug for tool in tools_of(session, get_comparison(session, comparison_id))}
        rows = [
            {"review": review.id, "tool": slugs[review.tool_id], "reviewer": review.reviewer, **asdict(offer)}
            for review in standing_reviews(session, comparison_id)
            for offer in offers_of(review.quote, here.now)
        ]
    if json:
        return say_json(rows)
    columns = ["review", "tool", "reviewer", "statement", "resolve_by"]
    next_step = "Next: verdicts predictions add REVIEW --statement T --probability P --by DATE --how T --as EMAIL"
    table = [[row[key] for key in columns] for row in rows]
    return say_table(columns, table, figures=["review"], next_step=next_step if rows else "No quote names a time.")


@app.command()
def confirm(prediction_id: PredictionId, who: As, json: Json = False) -> None:
    """It is on the record from now on, and is never changed."""
    from panel.predictions import confirm as rule

    with opened() as here, here.store.write() as session:
        row = dump(rule(session, prediction_id, who, here.now))
    return say_json(row) if json else say(f"Prediction {prediction_id} is confirmed; due {row['resolve_by']}.")


@app.command()
def settle(prediction_id: PredictionId, outcome: Outcome, why: Why, who: As, json: Json = False) -> None:
    """What came of it, once: yes, no, or void where it cannot be said."""
    from panel.predictions import settle as rule

    with opened() as here, here.store.write() as session:
        row = dump(rule(session, prediction_id, outcome, why, who, here.now))
    return say_json(row) if json else say(f"Prediction {prediction_id} is settled: {outcome}.")


@app.command()
def score(json: Json = False) -> None:
    """Brier score, skill and calibration of each reviewer's settled predictions."""
    from panel.calibration import COIN, FLOOR
    from panel.prediction_record import records

    with opened() as here, here.store.read() as session:
        found = records(session)
    if json:
        rows = [{"reviewer": one.reviewer, "void": one.void, **asdict(one.score)} for one in found]
        return say_json({"floor": FLOOR, "coin_brier": COIN, "reviewers": rows})
    table = [
        [one.reviewer, one.score.settled, one.void]
        + [figure(part) for part in (one.score.brier, one.score.base_brier, one.score.skill, one.score.coin_skill)]
        for one in found
    ]
    figures = ["settled", "void", "brier", "of base rate", "skill", "skill against 0.5"]
    say_table(["reviewer", *figures], table, figures=figures)
    for one in (one for one in found if one.score.bins):
        say(f"\n{one.reviewer}: said, came true")
        say_bins(one.score.bins)
    return say(f"\nBrier: lower is better; always saying 0.5 gives {COIN}. Under {FLOOR} settled nothing is said.")


def say_bins(bins: Any) -> None:
    table = [
        [
            f"{one.low:.1f} to {one.high:.1f}",
            one.count,
            f"{one.forecast:.2f}",
            f"{one.observed:.2f}",
            f"{one.interval.low:.2f} to {one.interval.high:.2f}",
        ]
        for one in bins
    ]
    say_table(["bin", "count", "said", "came true", "95 % interval"], table, figures=["count", "said", "came true"])
