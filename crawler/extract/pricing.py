"""Read what a tool costs from its page: the tier (Free, Freemium, Paid, Contact sales) and the lowest price to pay.

Amounts are read one by one, those that are not this tool's own price are put aside, and what remains is grouped into
plans. The tier is said only when the page gives a reason; a page that says nothing yields no finding.
"""

from decimal import Decimal
from typing import Any

from crawler.extract.amounts import AMOUNT, Amount, plain_number
from crawler.extract.findings import Finding, finding
from crawler.extract.offers import contact_span, free_for_now, free_span, names_a_paid_plan, nothing_is_sold
from crawler.extract.own_price import is_for_some
from crawler.extract.page import Page
from crawler.extract.periods import RECURRING
from crawler.extract.plans import paid_amounts, placed_amounts, plan_span, plans_of
from crawler.extract.price_reading import PriceReading
from crawler.extract.set_plans import doubted, has_set_plans

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩"}


def find_pricing(page: Page) -> list[Finding]:
    """The tier and the entry price, each only when the page gives a reason for it."""
    reading = PriceReading(page)
    found = _read(reading)
    if reading.is_pricing and not any(one.key == "entry_price" for one in found) and has_set_plans(page):
        return doubted(_read(PriceReading(page, with_pre=True))) or found
    return found


def _read(reading: PriceReading) -> list[Finding]:
    placed = placed_amounts(reading)
    paid = paid_amounts(reading, placed)
    free = free_span(reading, placed)
    entry = _entry_price(reading, paid) if paid else None
    tier = _tier(reading, entry, free, {"plans": plans_of(placed, paid, free)})
    return [found for found in (tier, entry or _free_entry(reading, tier)) if found]


def _tier(
    reading: PriceReading, entry: Finding | None, free: tuple[int, int] | None, normal: dict[str, Any]
) -> Finding | None:
    contact = contact_span(reading)
    if entry:
        sure = min(0.85 if reading.is_pricing else 0.65, entry.confidence)
        value, span = ("Freemium", free) if free else ("Paid", (entry.start, entry.end))
        return finding(reading.page, "tier", value, normal, span, sure)
    if free and contact and reading.is_pricing:
        return finding(reading.page, "tier", "Freemium", normal, free, 0.65)
    if free and reading.is_pricing and not reading.own_keys and names_a_paid_plan(reading):
        return finding(reading.page, "tier", "Freemium", normal, free, 0.5)  # a paid plan whose price was not seen
    if free and nothing_is_sold(reading):
        return finding(reading.page, "tier", "Free", normal, free, 0.8 if reading.is_pricing else 0.65)
    return _doubtful_tier(reading, contact if not free else None, normal) if reading.is_pricing else None


def _doubtful_tier(reading: PriceReading, contact: tuple[int, int] | None, normal: dict[str, Any]) -> Finding | None:
    if contact:
        return finding(reading.page, "tier", "Contact sales", normal, contact, 0.7)
    trying = free_for_now(reading)
    return finding(reading.page, "tier", "Free", normal, trying, 0.45) if trying else None


def _entry_price(reading: PriceReading, paid: list[Amount]) -> Finding:
    plans = [one for one in paid if one.in_card and (one.period in RECURRING or one.period == "once" or one.plan)]
    told = [one for one in paid if one.period in RECURRING or one.period == "once"]
    entry = min(_asked_of_all(reading, plans or told or paid), key=lambda one: (_rank(one), _monthly(one)))
    same = [one for one in paid if one is not entry and one.plan == entry.plan and entry.plan and one.in_card]
    yearly = (one for one in same if one.billed_yearly or one.period == "year")
    annual = entry if entry.billed_yearly else next(yearly, None)
    normal: dict[str, Any] = {
        "amount": plain_number(entry.amount), "currency": entry.currency, "period": entry.period, "plan": entry.plan,
        "per": entry.per,
    }  # fmt: skip
    if annual is not None and entry.period != "year":
        normal["annual"] = {"amount": plain_number(annual.amount), "currency": annual.currency, "period": annual.period}
    return finding(
        reading.page, "entry_price", _shown(entry), normal, plan_span(reading, entry), _sureness(reading, entry)
    )


def _asked_of_all(reading: PriceReading, pool: list[Amount]) -> list[Amount]:
    """In the first currency, without prices for some people only and yearly rates of what is also paid monthly."""
    kept = [one for one in pool if not is_for_some(reading, one)] if reading.speaks_of_some else pool
    kept = kept or pool
    if "?" in reading.text or "？" in reading.text:
        kept = [one for one in kept if not _in_an_answer(reading, one)] or kept
    kept = [one for one in kept if one.currency == kept[0].currency]
    monthly = {one.plan for one in kept if _by_month(one)}
    return [one for one in kept if _by_month(one) or not _by_year(one) or one.plan not in monthly] or kept


def _by_month(one: Amount) -> bool:
    return one.period == "month" and not one.billed_yearly


def _by_year(one: Amount) -> bool:
    return one.plan is not None or one.period == "year" or one.billed_yearly


def _in_an_answer(reading: PriceReading, one: Amount) -> bool:
    above = next(reading.headings_up(one.start), None)
    return above is not None and reading.text[above[1] - 1] in "?？"


def _rank(one: Amount) -> int:
    """Plans billed by the month, then by the year, then one-off, then usage; a price of no period last."""
    if one.period in RECURRING:
        return 0
    if one.period == "once":
        return 1
    return 3 if one.period is None else 2


def _monthly(one: Amount) -> Decimal:
    return one.amount * RECURRING.get(one.period or "", Decimal(1))


def _sureness(reading: PriceReading, one: Amount) -> float:
    sure = 0.9 if reading.is_pricing else 0.65
    sure -= 0.0 if one.in_card else 0.2
    sure -= 0.0 if one.period else 0.3
    sure -= 0.0 if one.plan or one.period not in RECURRING else 0.1
    sure -= 0.0 if one.currency and AMOUNT.match(reading.text, one.start) else 0.35
    return max(sure, 0.1)


def _free_entry(reading: PriceReading, tier: Finding | None) -> Finding | None:
    if tier is None or tier.value != "Free":
        return None
    normal = {"amount": "0", "currency": None, "period": None, "plan": None, "per": None}
    return finding(reading.page, "entry_price", "Free", normal, (tier.start, tier.end), tier.confidence)


def _shown(one: Amount) -> str:
    sign = SIGNS.get(one.currency or "", f"{one.currency} " if one.currency else "")
    words = f"{sign}{plain_number(one.amount)}"
    if one.period == "once":
        words += " once"
    elif one.period:
        words += f"/{one.period}"
    return f"{words} per seat" if one.per else words
