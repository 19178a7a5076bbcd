"""The panel's own record: how each reviewer voted, how alike they vote, and what became of what they shipped.

Of each comparison and tool the newest verdict counts, whoever wrote the reviews; an abstention is no vote.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, cast, func
from sqlmodel import Session, col, select

from db.models import Change, Review, Tool, Verdict
from db.words import Availability, Outcome, Stance
from panel.agreement import (
    FEWEST_SHARED,
    Ballot,
    Independence,
    Interval,
    Pair,
    Rate,
    difference,
    independence,
    pairs_of,
    rate,
    ship_rate,
    split_rate,
)
from panel.lenses import reviewers

FEWEST_FOR_FLAG = 10
FEWEST_SURVIVORS = 5
HORIZONS = {6: timedelta(days=182), 12: timedelta(days=365)}
ALIVE, DEAD, UNKNOWN = "alive", "dead", "not known"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Record:
    """One reviewer's."""

    key: str
    name: str
    motto: str
    is_on_panel: bool  # one whose file is gone keeps its record
    written_by: dict[str, int]  # person, model or demonstration → reviews
    ships: Rate
    splits: Rate
    abstentions: int
    agreement: list[Pair]
    flags: list[str]


@dataclass(frozen=True)
class Survival:
    """Of shipped and of skipped tools, those still there so many months after the verdict."""

    months: int
    shipped: Rate
    skipped: Rate
    not_known: int  # their pages could not be read then
    apart: tuple[float, Interval] | None


class Move(NamedTuple):
    """Of a tool's availability."""

    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class TrackRecord:
    verdicts: int
    panel: list[str]
    records: list[Record]
    independence: Independence | None
    sentence: str
    survival: list[Survival]


def track_record(session: Session, now: datetime) -> TrackRecord:
    ballots = ballots_of(session)
    panel = [one.key for one in reviewers()]
    records = records_of(ballots, origins_of(session))
    found = independence(ballots, panel)
    return TrackRecord(
        verdicts=sum(ballot.count for ballot in ballots),
        panel=panel,
        records=records,
        independence=found,
        sentence=sentence_of(records, found),
        survival=[survival(session, months, now) for months in HORIZONS],
    )


def panel_sentence(session: Session) -> str:
    """How many votes the panel's votes are worth, as readers see it."""
    ballots = ballots_of(session)
    return sentence_of(records_of(ballots, {}), independence(ballots, [one.key for one in reviewers()]))


# ── what was voted ───────────────────────────────────────────────────────────────────────────────


def ballots_of(session: Session) -> list[Ballot]:
    """Counted by the store: as many rows as there are ways to vote."""
    newest = select(func.max(Verdict.id)).group_by(col(Verdict.comparison_id), col(Verdict.tool_id))
    marks = cast(col(Verdict.marks), Text)
    query = select(marks, func.count()).where(col(Verdict.id).in_(newest)).group_by(marks).order_by(marks)
    return [Ballot(json.loads(written), count) for written, count in session.exec(query)]


def origins_of(session: Session) -> dict[str, dict[str, int]]:
    """reviewer → who wrote its standing reviews of what was decided."""
    decided = select(Verdict.comparison_id)
    query = (
        select(Review.reviewer, Review.origin, func.count())
        .where(col(Review.replaced_at).is_(None), col(Review.comparison_id).in_(decided))
        .group_by(Review.reviewer, Review.origin)
        .order_by(Review.reviewer, Review.origin)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for reviewer, origin, count in session.exec(query):
        found[reviewer][origin] = count
    return found


def records_of(ballots: Sequence[Ballot], origins: dict[str, dict[str, int]]) -> list[Record]:
    """In the reviewers' order; those who have left the panel last."""
    lenses = {one.key: one for one in reviewers()}
    keys = [*lenses, *sorted({key for ballot in ballots for key in ballot.stances} - set(lenses))]
    names = {key: lenses[key].name if key in lenses else key for key in keys}
    pairs = pairs_of(ballots, keys)
    records = []
    for key in keys:
        ships = ship_rate(ballots, key)
        own = [pair for pair in pairs if key in (pair.a, pair.b)]
        records.append(
            Record(
                key=key,
                name=names[key],
                motto=lenses[key].motto if key in lenses else "",
                is_on_panel=key in lenses,
                written_by=origins.get(key, {}),
                ships=ships,
                splits=split_rate(ballots, key),
                abstentions=sum(ballot.count for ballot in ballots if ballot.stances.get(key) == Stance.ABSTAIN),
                agreement=own,
                flags=[*one_sided(names[key], ships), *look_alikes(names, own)],
            )
        )
    return records


# ── what it amounts to ───────────────────────────────────────────────────────────────────────────


def one_sided(name: str, ships: Rate) -> list[str]:
    if ships.of < FEWEST_FOR_FLAG or 0 < ships.hits < ships.of:
        return []
    said, never = ("shipped", "no") if ships.hits else ("skipped", "yes")
    return [f"{name} has {said} every tool in {ships.of} votes; it has never said {never}."]


def look_alikes(names: dict[str, str], pairs: Iterable[Pair]) -> list[str]:
    return [
        f"{names[pair.a]} and {names[pair.b]} agree in every one of {pair.agreed.of} shared votes."
        for pair in pairs
        if pair.agreed.hits == pair.agreed.of >= FEWEST_FOR_FLAG
    ]


def sentence_of(records: Sequence[Record], found: Independence | None) -> str:
    panel = [one for one in records if one.is_on_panel]
    count = f"{in_words(len(panel))} reviewer{'' if len(panel) == 1 else 's'}"
    shared = max((pair.agreed.of for one in panel for pair in one.agreement), default=0)
    if found is not None:
        interval = f"({found.interval.low:.1f} to {found.interval.high:.1f})"
        left = ", ".join(one.name for one in panel if one.key not in found.counted)
        rest = f"; not counted: {left} (too few votes, or all the same)" if left else ""
        return f"{count}, about {found.effective:.1f} independent votes {interval}{rest}."
    if shared < FEWEST_SHARED:
        few = f"no two of them share the {FEWEST_SHARED} votes it takes"
        return f"{count}; how many independent votes they are cannot be told yet, as {few}."
    alike = "no two of them have both said ship and skip"
    return f"{count}; {alike}, so nothing shows that they are more than one vote."


def in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


# ── what became of the tools ─────────────────────────────────────────────────────────────────────


def survival(session: Session, months: int, now: datetime) -> Survival:
    """By the newest verdict of each tool that is old enough, so a later re-check starts no new clock."""
    counted: Counter[tuple[str, str]] = Counter()
    for (_, outcome, decided_at, availability), rows in groupby(
        judged_tools(session, now - HORIZONS[months]), key=lambda row: row[:4]
    ):
        moves = [Move(*row[4:]) for row in rows if row[4] is not None]
        counted[outcome, fate(state_on(decided_at + HORIZONS[months], moves, availability))] += 1
    shipped, skipped = (
        rate(counted[outcome, ALIVE], counted[outcome, ALIVE] + counted[outcome, DEAD], FEWEST_SURVIVORS)
        for outcome in (Outcome.SHIP, Outcome.SKIP)
    )
    not_known = counted[Outcome.SHIP, UNKNOWN] + counted[Outcome.SKIP, UNKNOWN]
    return Survival(months, shipped, skipped, not_known, difference(shipped, skipped))


def judged_tools(session: Session, until: datetime) -> Iterable[Any]:
    """Verdict, outcome, day and the tool's state now, a row for each time its availability moved; as a stream."""
    newest = select(func.max(Verdict.id)).where(col(Verdict.decided_at) <= until).group_by(col(Verdict.tool_id))
    verdict: tuple[Any, ...] = (Verdict.id, Verdict.outcome, Verdict.decided_at, Tool.availability)
    move: tuple[Any, ...] = (Change.before, Change.after, Change.happened_at)
    query = (
        select(*verdict, *move)
        .join(Tool, col(Tool.id) == Verdict.tool_id)
        .outerjoin(Change, and_(col(Change.tool_id) == Verdict.tool_id, col(Change.key) == "availability"))
        .where(col(Verdict.id).in_(newest), col(Verdict.outcome).in_((Outcome.SHIP, Outcome.SKIP)))
        .order_by(col(Verdict.id), col(Change.happened_at), col(Change.id))
    )
    return session.execute(query.execution_options(yield_per=ROWS_AT_ONCE))


def state_on(day: datetime, moves: Sequence[Move], now_is: str) -> str:
    """The last move by that day says it, else what the first move after it left, else what it is now."""
    told = [move.after for move in moves if move.at <= day]
    later = [move.before for move in moves if move.at > day]
    return (told[-1:] or later[:1] or [now_is])[0]


def fate(state: str) -> str:
    """A closed door (a wall, a move, no answer) is neither life nor death."""
    if state in (Availability.DEAD, Availability.PARKED):
        return DEAD
    return ALIVE if state == Availability.ALIVE else UNKNOWN
