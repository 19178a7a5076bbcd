"""When a difference is a move of the tool, and when it is noise. Pure.

A fact moved when the page we believe says something else than what was told of it last, surely, and in the same
currency and billing. A value that stood a few days ago and is back (a page that shows different things to different
readers) is told only once it has held. Another page that is believed more is no move; a page that is gone is one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from catalog.ledger.normal import can_be_compared, same_statement
from catalog.ledger.standing import GRACE, SURE_ENOUGH, Pages, Standing
from db.models import Fact
from db.words import Availability

WATCHED = ("tier", "entry_price", "licence", "weights", "context_length", "parameters")
# Where these states are clear at once, the others may be a bad hour or a guard's mood: they are asked twice.
CLEAR = (Availability.ALIVE, Availability.DEAD, Availability.PARKED, Availability.MOVED)


class Move(NamedTuple):
    before: Fact
    after: Fact


def find_moves(
    known: Iterable[Fact], pages: Pages, before: Standing, after: Standing, told: Mapping[int, datetime], now: datetime
) -> list[Move]:
    """What moved by a reading.

    Args:
        known: the tool's facts, oldest first, those of the reading among them.
        before: what stood before the reading.
        told: of facts that ended an earlier event, when it happened.
    """
    moves = []
    known = [fact for fact in known if fact.key in WATCHED and fact.confidence >= SURE_ENOUGH]
    for key in WATCHED:
        fact = after.chosen.get(key)
        if fact is None or fact.confidence < SURE_ENOUGH or fact.id in told:
            continue
        url = pages.url_of(fact)
        said = [one for one in known if one.key == key and pages.url_of(one) == url and can_be_compared(one, fact)]
        move = moved_on_its_page(fact, said, told, now) or moved_with_its_page(fact, before, after, pages)
        moves += [move] if move else []
    return moves


def moved_on_its_page(fact: Fact, said: list[Fact], told: Mapping[int, datetime], now: datetime) -> Move | None:
    """
    Args:
        said: by this page, the oldest first, as far as it can be compared.
    """
    last_told = max((one for one in said if one.id in told), key=lambda one: told[one.id or 0], default=said[0])
    if same_statement(last_told, fact) or (is_back(fact, said) and now - fact.observed_at < GRACE):
        return None
    return Move(last_told, fact)


def is_back(fact: Fact, said: list[Fact]) -> bool:
    """Whether the page said the same a few days before."""
    return any(
        one.observed_at < fact.observed_at and fact.observed_at - one.verified_at <= GRACE and same_statement(one, fact)
        for one in said
    )


def moved_with_its_page(fact: Fact, before: Standing, after: Standing, pages: Pages) -> Move | None:
    """What stood is stated no more, and another page's word takes its place."""
    stood = before.chosen.get(fact.key)
    if stood is None or stood.confidence < SURE_ENOUGH or pages.url_of(stood) == pages.url_of(fact):
        return None
    if stood in after.single.get(fact.key, []) or not can_be_compared(stood, fact) or same_statement(stood, fact):
        return None
    return Move(stood, fact)


def availability_move(was: str, now_is: str, told: str | None, *, was_alive: bool) -> tuple[str, str] | None:
    """(before, after), when an answer is an event.

    Args:
        was: by the visit before.
        told: by the last event.
        was_alive: whether its pages were ever read.
    """
    stood = told or (Availability.ALIVE if was_alive else was)
    if stood == now_is or stood == Availability.UNREAD or (now_is not in CLEAR and was != now_is):
        return None
    if not told and not was_alive and stood not in CLEAR:
        return None  # nothing is known that could have changed
    return stood, now_is
