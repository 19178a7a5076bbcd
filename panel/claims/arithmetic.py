"""Figures no fact states but the facts give: seats times price, sums, differences, ranges, savings."""

import re

from panel.claims import units
from panel.claims.matching import Said, close, comparable_per, same_thing
from panel.claims.quantity import Quantity

TOGETHER = re.compile(
    r"\b(?:together|combined|in all|altogether|in total|all told|between them|add(?:s|ed)? up|both|sum|total)\b",
    re.IGNORECASE,
)
PRICED = re.compile(r"price|cost|bill\b|pay|cheaper|\boff\b|annual|yearly|discount|subscription", re.IGNORECASE)
SAVES = re.compile(r"\bsav(?:e|es|ing|ings)\b|\bcheaper\b|\bless\b|\boff\b", re.IGNORECASE)
APART = re.compile(
    (
        r"^\s*(?:(?:a|per|each|every) (?:month|year|seat|user) )?(?:more|less|cheaper|dearer|extra|on top"
        r"|under|below|above|difference|apart|saved)\b"
    ),
    re.IGNORECASE,
)
FREE_MONTHS = re.compile(
    r",? (?:are |come |is |come for |for )?(?:free\b|on the house|thrown in|gratis|for nothing|at no charge)",
    re.IGNORECASE,
)
DISCOUNTS = {"discount", "saving"}
PEOPLE = {"user", "employee", "person", "developer", "student", "bot", "worker", "patient", "teacher", "pupil"}
SLACK = 0.011


def product(said: Said, others: list[Quantity], known: list[tuple[int, Said]]) -> tuple[bool, int, Quantity] | None:
    """'ten seats come to $180': the price of one in a fact, the number of them in the quote."""
    money = said.quantity
    for index, price in known:
        rate = price.quantity
        if rate.dim != "money" or not rate.per or not same_thing(said, price) or money.unit not in ("", rate.unit):
            continue
        for other in others:
            count = multiplier(other, rate)
            if count is None or (other.dim == "time" and "time" in money.per_names):
                continue
            expected = rate.low * count * period_factor(money, rate, other)
            return close(money.low, expected, SLACK), index, other
    return None


def multiplier(other: Quantity, rate: Quantity) -> float | None:
    """How many units of the rate the other quantity is, when the rate is per that kind of thing."""
    per = dict(rate.per)
    if other.dim == "count" and other.unit in PEOPLE and (head := next((one for one in per if one in PEOPLE), "")):
        return other.low / per[head]
    if other.dim == "count" and other.unit in per:
        return other.low / per[other.unit]
    if other.dim == "time" and "time" in per and len(per) == 1:
        return other.low / per["time"]
    if other.dim == "bytes" and "bytes" in per:
        return other.low / per["bytes"]
    return None


def period_factor(money: Quantity, rate: Quantity, other: Quantity) -> float:
    mine, theirs = dict(money.per).get("time"), dict(rate.per).get("time")
    return mine / theirs if mine and theirs and other.dim != "time" else 1.0


def derived(said: Said, known: list[tuple[int, Said]]) -> int | None:
    """The index of a fact from which the figure follows with its neighbours."""
    alike = [(index, one) for index, one in known if same_thing(said, one) and comparable_per(said, one) is not None]
    if FREE_MONTHS.match(said.text, said.quantity.end) and (given := months_given(said, known)) is not None:
        return given
    if said.quantity.bound == "range" and (ends := both_ends(said, alike)) is not None:
        return ends
    values = [(index, value_of(said, one)) for index, one in alike][:12]
    if SAVES.search(said.text) and said.quantity.dim == "money" and (saved := saved_a_year(said, known)) is not None:
        return saved
    rest = said.text[said.quantity.end :]
    for at, (index, first) in enumerate(values):
        for _, second in values[at + 1 :]:
            if TOGETHER.search(said.text) and close(first + second, mine_of(said, alike), SLACK):
                return index
            if APART.match(rest) and close(abs(first - second), mine_of(said, alike), SLACK):
                return index
    if len(values) > 2 and TOGETHER.search(said.text) and close(sum(v for _, v in values), mine_of(said, alike), SLACK):
        return values[0][0]
    return None


def both_ends(said: Said, alike: list[tuple[int, Said]]) -> int | None:
    one = said.quantity
    lows = [index for index, other in alike if close(scaled(said, other, one.low), value_of(said, other), SLACK / 10)]
    highs = [index for index, other in alike if close(scaled(said, other, one.high), value_of(said, other), SLACK / 10)]
    return lows[0] if lows and highs else None


def scaled(said: Said, other: Said, value: float) -> float:
    scales = comparable_per(said, other) or (1.0, 1.0)
    return value / scales[0]


def value_of(said: Said, other: Said) -> float:
    scales = comparable_per(said, other) or (1.0, 1.0)
    return other.quantity.low / scales[1]


def mine_of(said: Said, alike: list[tuple[int, Said]]) -> float:
    return scaled(said, alike[0][1], said.quantity.low)


def saved_share(said: Said, known: list[tuple[int, Said]]) -> int | None:
    """'a fifth off for paying annually', from the monthly and the yearly price."""
    if not said.family & DISCOUNTS or not PRICED.search(said.text):
        return None
    rates = [
        (index, yearly(one.quantity))
        for index, one in known
        if one.quantity.dim == "money" and "time" in one.quantity.per_names
    ]
    for index, first in rates[:12]:
        for _, second in rates[:12]:
            if first < second and abs(100 * (1 - first / second) - said.quantity.low) < 0.9:
                return index
    return None


def saved_a_year(said: Said, known: list[tuple[int, Said]]) -> int | None:
    """'saves you $48', from twelve monthly prices and one yearly."""
    rates = [
        (index, yearly(one.quantity))
        for index, one in known
        if one.quantity.dim == "money" and one.quantity.unit == said.quantity.unit and "time" in one.quantity.per_names
    ]
    return next(
        (
            a
            for a, first in rates[:12]
            for _, second in rates[:12]
            if second > first and close(second - first, said.quantity.low, SLACK)
        ),
        None,
    )


def months_given(said: Said, known: list[tuple[int, Said]]) -> int | None:
    """'two months are on the house': ten monthly prices make the yearly one."""
    rates = [
        (index, yearly(one.quantity))
        for index, one in known
        if one.quantity.dim == "money" and "time" in one.quantity.per_names
    ][:12]
    share = said.quantity.low / units.YEAR
    return next(
        (a for a, first in rates for _, second in rates if second < first and abs(1 - second / first - share) < 0.01),
        None,
    )


def yearly(quantity: Quantity) -> float:
    return quantity.low / dict(quantity.per)["time"] * units.YEAR
