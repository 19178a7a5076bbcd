"""Normal forms: when two statements say the same, when both cannot be true, and when a move can be told.

A fact's `normal` holds, by its key:
    entry_price     amount (a decimal in words), currency, period, per ("seat"), plan; `annual`: the same, paid yearly
    tier            plans: each with name, amount, currency, period, per
    licence         spdx, or custom (its name), or proprietary
    parameters      total, active: numbers
    context_length  tokens: a number
    weights         open: yes or no
    any key         date, as far as it is known: "2026", "2026-11" or "2026-11-16"
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

PRICE = ("amount", "currency", "period", "per")
NO_CHARGE = ("Paid", "Contact sales")  # what "Free" denies
# "128K" is 128,000 or 131,072 tokens, "1M" 1,000,000 or 1,048,576: nobody announces a window by so little.
WINDOW_TOLERANCE = Decimal("0.05")
LICENCE_WORDS = re.compile(r"\b(?:the|licen[cs]ed?)\b|[\s,]+")
OR_LATER = re.compile(r"-(?:only|or-later)\b")  # GitHub's records cannot tell them apart


Plans = Sequence[Mapping[str, Any]]


class Statement(Protocol):
    """A stored fact, or one that was just found."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def normal(self) -> Mapping[str, Any]: ...


def same_statement(one: Statement, other: Statement) -> bool:
    """'2879.2' and '2879.20', the same plans in another order, or "MIT" and "MIT License" are the same."""
    if one.key == "licence":
        return licence_of(one) == licence_of(other)
    a, b = one.normal, other.normal
    if not a or not b:
        return one.value == other.value
    if "date" in a and "date" in b:
        return same_date(str(a["date"]), str(b["date"]))
    if one.key == "entry_price":
        return all(plain(a.get(part)) == plain(b.get(part)) for part in PRICE)
    if one.key == "parameters":
        return all(same_size(a.get(part), b.get(part)) for part in ("total", "active"))
    if one.key == "context_length":
        return same_window(a.get("tokens"), b.get("tokens"))
    if one.key == "weights":
        return bool(a.get("open") == b.get("open"))
    return one.value == other.value


def contradicts(one: Statement, other: Statement, listed: Plans = (), listed_by_other: Plans = ()) -> bool:
    """Whether the two, said at the same time on different pages, cannot both be true.

    Args:
        listed: the plans on the first one's page: the price of another plan contradicts nothing.
    """
    if same_statement(one, other):
        return False
    if one.key == "entry_price":
        a, b = one.normal, other.normal
        if is_billed_otherwise(a, b) or is_billed_otherwise(b, a):
            return False
        return is_denied(a, [as_plan(b), *listed_by_other]) or is_denied(b, [as_plan(a), *listed])
    if one.key == "tier":
        # A page that leaves out the free plan, or the paid ones, is silent on them.
        return "Free" in (one.value, other.value) and bool({one.value, other.value} & set(NO_CHARGE))
    if one.key == "licence":
        return not choices_of(one) & choices_of(other)
    return one.key in ("parameters", "context_length", "weights")


def can_be_compared(before: Statement, after: Statement) -> bool:
    """Whether a difference is one of the tool: not the reader's currency, and not the same price billed yearly."""
    if before.key != "entry_price":
        return True
    a, b = before.normal, after.normal
    currencies = {one.get("currency") for one in (a, b) if plain(one.get("amount")) != 0}
    return len(currencies - {None}) < 2 and not (is_billed_otherwise(a, b) or is_billed_otherwise(b, a))


# ── prices ───────────────────────────────────────────────────────────────────────────────────────


def is_denied(price: Mapping[str, Any], plans: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the other page asks something else for the plan; a price that names no plan may be any of them."""
    if not price.get("amount"):
        return False
    rivals = [plan for plan in plans if all(plan.get(part) == price.get(part) for part in PRICE[1:])]
    if name := price.get("plan"):
        rivals = [plan for plan in rivals if str(plan.get("name") or "").casefold() == name.casefold()]
    return bool(rivals) and all(plain(plan.get("amount")) != plain(price["amount"]) for plan in rivals)


def as_plan(price: Mapping[str, Any]) -> dict[str, Any]:
    return {**price, "name": price.get("plan")}


def is_billed_otherwise(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    """Whether `b` is what `a` costs when it is paid by the year."""
    annual = a.get("annual") or {}
    return bool(annual) and all(plain(annual.get(part)) == plain(b.get(part)) for part in ("amount", "currency"))


# ── licences, sizes, dates ───────────────────────────────────────────────────────────────────────


def licence_of(stated: Statement) -> str:
    normal = stated.normal
    if normal.get("proprietary"):
        return "proprietary"
    words = str(normal.get("spdx") or normal.get("custom") or stated.value).casefold()
    return OR_LATER.sub("", LICENCE_WORDS.sub(" ", words).strip())


def choices_of(stated: Statement) -> set[str]:
    """ "MIT OR Apache-2.0" leaves a choice; a page that names one of them says nothing wrong."""
    return {choice.strip("() ") for choice in licence_of(stated).split(" or ")}


def same_size(a: Any, b: Any) -> bool:
    """ "7B" and 7,241,732,096: equal as far as the coarser of the two is told."""
    if a is None or b is None:
        return True  # one of the pages does not say
    one, other = Decimal(str(a)), Decimal(str(b))
    unit = Decimal(10) ** (9 if max(one, other) >= 10**9 else 6)
    digits = min(decimals(one / unit), decimals(other / unit))
    return abs(one - other) / unit < Decimal(5).scaleb(-digits - 1)


def decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def same_window(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return bool(a == b)
    one, other = Decimal(str(a)), Decimal(str(b))
    return abs(one - other) <= WINDOW_TOLERANCE * max(one, other)


def same_date(a: str, b: str) -> bool:
    """ "2026-11" and "2026-11-16": one is told more exactly."""
    known = min(len(a), len(b))
    return a[:known] == b[:known]


def plain(value: Any) -> Any:
    """Numbers compare as numbers, however they are written."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value
