"""How a value reads on a page: its days, names, facts and paragraphs, and the quote with its facts underlined."""

import re
from datetime import datetime
from typing import Any

from catalog.text import clean
from db.shown import ShownReview
from digest.calendar import say_day

FACT_NAMES = {
    "tier": "Pricing",
    "entry_price": "Entry price",
    "licence": "Licence",
    "free_credit": "Free credit",
    "weights": "Weights",
    "parameters": "Parameters",
    "context_length": "Context length",
    "stars": "Stars",
    "claim": "Claims",
}


def visible(value: Any) -> Any:
    """Every text on its way to a page: no control, direction override or zero width (what is markup, is ours)."""
    return clean(value) if type(value) is str else value


def say_date(moment: datetime, zone: Any) -> str:
    return say_day(moment, zone).partition(" ")[2]


def fact_name(key: str) -> str:
    return FACT_NAMES.get(key) or key.replace("_", " ").capitalize()


def name_of(who: str) -> str:
    """An editor is named; the mailbox is not handed to every harvester."""
    return who.partition("@")[0] if "@" in who else who


def paragraphs(given: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", given or "") if part.strip()]


def claims(review: ShownReview) -> list[tuple[str, int]]:
    """The quote in pieces: (text, the cited fact it states, or 0), so that a page can underline what is anchored."""
    stated = {tuple(words_in(fact.value)): fact.id for fact in review.facts if len(fact.value) > 1}
    if not stated:
        return [(review.quote, 0)]
    longest_first = sorted(stated, key=lambda words: len("".join(words)), reverse=True)
    any_of_them = "|".join(r"[\s-]+".join(map(re.escape, words)) for words in longest_first)
    pieces = re.split(rf"(?<!\w)({any_of_them})(?!\w)", review.quote, flags=re.IGNORECASE)
    return [(piece, stated.get(tuple(words_in(piece)), 0)) for piece in pieces if piece]


def words_in(given: str) -> list[str]:
    """'Apache-2.0' and 'Apache 2.0' say the same."""
    return re.split(r"[\s-]+", given.strip(" -").casefold())
