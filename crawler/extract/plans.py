"""The plans of a page: the tool's own amounts, each under the name of the plan it stands with."""

import re
from functools import lru_cache
from itertools import takewhile
from typing import Any

from crawler.extract.amounts import Amount, amounts_of, holds_a_sum, plain_number
from crawler.extract.own_price import is_own_price
from crawler.extract.periods import RECURRING, period_in, period_named
from crawler.extract.price_reading import PRICING_HEADING, PriceReading

AROUND_NAME = re.compile(r"^\W+|[^\w)+]+$")
LED_BY_NAME = re.compile(r"([^\n:.?!]{2,32}):\s{0,2}")
MAX_QUOTE = 300
MAX_PLANS = 20
PLAN_WORD = re.compile(
    r"\b(free|starter|basic|hobbyist|hobby|pro|plus|premium|teams?|business|enterprise|growth|scale|"
    r"personal|individual|developer|"
    r"standard|essentials?|lite|ultimate|max|professional|solo|studio|creator|agency|advanced|unlimited|"
    r"community|startup|indie|"
    r"pay[\s-]as[\s-]you[\s-]go|lifetime|publisher|expert|core|launch|builder|gratuit|kostenlos|gratis)\b",
    re.I,
)
BADGE = re.compile(
    r"most popular|popular|best value|recommended|save\s|free trial|\d+[\s-]days?|^for\s|^monthly$|"
    r"^yearly$|^annual(?:ly)?$|^new$|^from$|"
    r"^starting (?:at|from)|^only$|limited|coming soon|^\W+$|\boff$|^price$|^pricing$|^plans?$|^billed|"
    r"^everything in|^starts? at|^à partir de$",
    re.I,
)


def placed_amounts(reading: PriceReading) -> list[Amount]:
    """The tool's own amounts, each with the plan it stands under."""
    placed, floor = [], 0
    for one in amounts_of(reading):
        if is_own_price(reading, one):
            start, end = reading.line(one.start)
            around = (one.start - start) + max(0, end - one.end)
            heads = reading.columns.at(one.start)
            name, at = _plan_name(reading, one, floor, heads)
            led = one.start - start <= 6 and one.period is not None and at is not None
            in_card = around <= 45 or led or LED_BY_NAME.fullmatch(reading.text, start, one.start) is not None
            headed = _as_headed(one, heads) if any(heads) else one if one.period else _as_carded(reading, one)
            placed.append(headed._replace(in_card=in_card, plan=name, plan_start=at))
        floor = one.end
    return _same_plan_kept(reading, placed)


def paid_amounts(reading: PriceReading, placed: list[Amount]) -> list[Amount]:
    own = [one for one in placed if one.amount > 0]
    if reading.is_pricing:
        return own
    return [one for one in own if one.in_card and one.plan and PLAN_WORD.search(one.plan) and one.period in RECURRING]


def plans_of(placed: list[Amount], paid: list[Amount], free: tuple[int, int] | None) -> list[dict[str, Any]]:
    plans: dict[tuple[str | None, str], dict[str, Any]] = {}
    asked = {one.start for one in paid}
    for one in placed:
        if len(plans) >= MAX_PLANS:
            break
        told = one.plan is None and any(plain_number(one.amount) == amount for _, amount in plans)
        if one.in_card and not told and (one.amount == 0 or one.start in asked):
            plan = {
                "name": one.plan,
                "amount": plain_number(one.amount),
                "currency": one.currency,
                "period": one.period,
                "per": one.per,
            }
            plans.setdefault((one.plan, plain_number(one.amount)), {**plan, "free": one.amount == 0})
    if free and not any(plan["free"] for plan in plans.values()):
        plans[("Free", "0")] = {
            "name": "Free",
            "amount": "0",
            "currency": None,
            "period": None,
            "per": None,
            "free": True,
        }
    return list(plans.values())[:MAX_PLANS]


def plan_span(reading: PriceReading, one: Amount) -> tuple[int, int]:
    line, _ = reading.line(one.start)
    start = one.plan_start if one.plan_start is not None else line
    start = start if one.end - start <= MAX_QUOTE else max(line, one.start - MAX_QUOTE // 2)
    return start, one.end


def _as_headed(one: Amount, heads: tuple[str, str]) -> Amount:
    """In a table the head of the column, or else of the row, may state the period of a bare sum."""
    for words in (heads[1], heads[0]):
        period, per = period_in(words)
        if period and one.period is None:
            return one._replace(period=period, per=one.per or per)
        if period == "year" and one.period == "month":
            return one._replace(billed_yearly=True)
    return one


def _as_carded(reading: PriceReading, one: Amount) -> Amount:
    """A bare sum in a card named "Monthly" is asked each month."""
    above = next(reading.headings_up(one.start), None)
    if above is None or one.start - above[1] > 160:
        return one
    return one._replace(period=period_named(reading.text[slice(*above)][:40]))


def _same_plan_kept(reading: PriceReading, placed: list[Amount]) -> list[Amount]:
    """A second amount close below the first or beside it, with no name of its own, is of the same plan."""
    kept: list[Amount] = []
    for one in placed:
        last = kept[-1] if kept else None
        close = last is not None and one.plan is None and one.start - last.end <= 60
        if last and last.plan and close and (one.in_card or "\n" not in reading.text[last.end : one.start]):
            one = one._replace(plan=last.plan, plan_start=last.plan_start, in_card=one.in_card or last.in_card)
        kept.append(one)
    return kept


def _plan_name(reading: PriceReading, one: Amount, floor: int, heads: tuple[str, str]) -> tuple[str | None, int | None]:
    first, header = heads
    if first or header:
        named = header if re.match(r"(?i)\W*(?:price|cost|monthly|annual|per month|plan|billing)", first) else first
        return named.strip()[:60] or None, None
    start, _ = reading.line(one.start)
    lead = reading.text[max(start, floor) : one.start].strip(" :–—-·|(→")
    if words := list(PLAN_WORD.finditer(lead)):
        return words[-1][0], None
    led = LED_BY_NAME.fullmatch(reading.text, start, one.start) if lead and one.period in RECURRING else None
    if led and _is_plan_name(led[1]):
        return _bare_name(led[1]), None
    return _name_above(reading, max(floor, start - 400), start)


def _name_above(reading: PriceReading, floor: int, start: int) -> tuple[str | None, int | None]:
    for a, b in takewhile(lambda heading: floor <= heading[0], reading.headings_up(start)):
        if b - a <= 40 and _is_plan_name(reading.text[a:b]):
            return _bare_name(reading.text[a:b]), a
    lines = list(re.finditer(r"[^\n]+", reading.text[floor:start]))[-5:]
    short = [m for m in lines if len(m[0].split()) <= 3]
    named = [m for m in short if PLAN_WORD.search(m[0]) and _is_plan_name(m[0])]
    return (_bare_name(named[-1][0]), floor + named[-1].start()) if named else (None, None)


@lru_cache(maxsize=2048)
def _is_plan_name(words: str) -> bool:
    return not (len(words) > 40 or BADGE.search(words) or holds_a_sum(words) or PRICING_HEADING.search(words))


def _bare_name(words: str) -> str | None:
    return AROUND_NAME.sub("", words) or None
