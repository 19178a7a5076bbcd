"""Reviews and answers handed in as a file: what a panel of people sends for a whole week at once.

TOML: [[review]] with tool, reviewer, stance, quote, and [[answer]] with tools (two, or the one that stands
alone) and text. A tool is named by its slug or its home page.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session

from catalog.addresses import canonical_url
from db.models import Comparison, Tool
from errors import AppError
from panel import decisions


class SubmittedReview(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tool: str
    reviewer: str
    stance: str
    quote: str


class SubmittedAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tools: list[str] = Field(min_length=1, max_length=2)
    text: str


class Submission(BaseModel):
    model_config = ConfigDict(extra="forbid")

    review: list[SubmittedReview] = []
    answer: list[SubmittedAnswer] = []


@dataclass
class Taken:
    reviews: int = 0
    answers: int = 0
    left: list[str] = field(default_factory=list)  # a sentence for each that fits no open comparison


def read_submission(text: str, name: str) -> Submission:
    """Raises AppError naming the file, the entry and what is wrong with it."""
    try:
        return Submission.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise AppError(f"{name} is not valid TOML: {exc}; correct that line.") from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        raise AppError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}; correct that entry.") from exc


def take_in(session: Session, submission: Submission, by: str, origin: str, now: datetime) -> Taken:
    """Hand each review and answer to the open comparison of its tool; what fits none is left and told."""
    taken = Taken()
    waiting = [(row, decisions.tools_of(session, row)) for row in decisions.queue(session)]
    for review in submission.review:
        place = find_place(waiting, review.tool)
        if place is None:
            taken.left.append(f"{review.tool}: it is in no comparison that awaits a decision")
            continue
        comparison, tool = place
        values: dict[str, Any] = review.model_dump(exclude={"tool"})
        decisions.add_review(session, comparison.id or 0, tool.slug, by=by, now=now, origin=origin, **values)
        taken.reviews += 1
    for answer in submission.answer:
        row = find_comparison(waiting, answer.tools)
        if row is None:
            where = "they are" if len(answer.tools) > 1 else "it stands alone"
            taken.left.append(f"{' and '.join(answer.tools)}: {where} in no comparison that awaits a decision")
            continue
        decisions.set_answer(session, row.id or 0, answer.text, by, now)
        taken.answers += 1
    return taken


Waiting = list[tuple[Comparison, tuple[Tool, ...]]]


def find_place(waiting: Waiting, named: str) -> tuple[Comparison, Tool] | None:
    return next(((row, tool) for row, tools in waiting for tool in tools if is_called(tool, named)), None)


def find_comparison(waiting: Waiting, names: list[str]) -> Comparison | None:
    """The one of just these tools, in whatever order they are named."""
    for row, tools in waiting:
        if len(tools) == len(names) and any(all(map(is_called, tools, order)) for order in permutations(names)):
            return row
    return None


def is_called(tool: Tool, named: str) -> bool:
    return named == tool.slug or canonical_url(named) == tool.home_url
