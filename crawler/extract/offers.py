"""What a page offers beside its prices: a lasting free way in, a talk with sales, or nothing that is sold at all."""

import re
from itertools import islice
from typing import Any

from crawler.extract.amounts import Amount
from crawler.extract.plans import plan_span
from crawler.extract.price_reading import PriceReading
from crawler.extract.structured import offers_of

PAID_NAME = re.compile(r"\W*(?:pro|plus|premium|business|enterprise|teams?|professional)(?: plan)?\W*$", re.I)
BUY_LINE = re.compile(r"(?mi)\n(?:buy(?: now)?|upgrade(?: to \w+| now)?|subscribe now|checkout|go pro)$")
FREE_WORDS = r"(?:free(?: forever| plan| tier| for ?ever)?|gratuit|kostenlos|gratis|免费|無料|0 ?€)\s?[!✨]?$"
FREE_CELL = re.compile(FREE_WORDS, re.I)
FREE_LINE = re.compile(rf"\n{FREE_WORDS}", re.I | re.M)
FREE_ROW = re.compile(r"(?<=\n)[^\n]{1,60}[\s|]free\b[^\n]{0,80}$", re.I | re.M)
CONTACT_LINE = re.compile(
    r"\n(?:custom(?: pricing)?|contact sales|contact (?:us|sales) for (?:pricing|a quote)|let['’]?s talk|"
    r"talk to sales|(?:get|request) a quote|"
    r"on request|custom quote|price on request|sur devis|auf anfrage)$",
    re.I | re.M,
)
NO_FREE = re.compile(
    r"\b(?:no|not|never|without|isn['’]t|don['’]t|doesn['’]t|n['’]t)\b[^.\n]{0,30}$|\btrial\b[^.\n]{0,20}$", re.I
)
TRIAL_NAME = re.compile(r"\W*(?:free\s)?(?:\d+[\s-]days?\s)?(?:free\s)?trial\W*$", re.I)
TRIAL_NEAR = re.compile(r"\btrial\b|\bfor (?:the )?(?:first )?\d+ days?\b|\bfirst (?:month|\d+)\b|\btoday\b", re.I)
OPEN_LICENCE = re.compile(
    r"\b(?:MIT|Apache(?:[\s-]2\.0)?|A?GPL(?:[\s-]?v?3)?|BSD|MPL)(?:[\s-]\d\.\d)?[\s-]licen[cs]|"
    r"licen[cs]ed? under (?:the )?(?:MIT|Apache|A?GPL|BSD|MPL)|"
    r"open[\s-]source (?:\(|under |· ?)(?:the )?(?:MIT|Apache|A?GPL|BSD|MPL)|licen[cs]e:? (?:MIT|Apache|A?GPL|BSD|MPL)",
    re.I,
)


def free_span(reading: PriceReading, placed: list[Amount]) -> tuple[int, int] | None:
    """Where the page promises a lasting free way in: a plan at nothing, or a sentence that says so."""
    return _free_plan(reading, placed) or _free_sentence(reading)


def contact_span(reading: PriceReading) -> tuple[int, int] | None:
    found = CONTACT_LINE.search(reading.lined)
    return (found.start(), found.end() - 1) if found else None


def names_a_paid_plan(reading: PriceReading) -> bool:
    named = (PAID_NAME.match(reading.text[a:b]) for a, b in reading.headings + reading.columns.cells if b - a <= 30)
    return any(named) or BUY_LINE.search(reading.lined) is not None


def nothing_is_sold(reading: PriceReading) -> bool:
    """True when the pricing page was read, or when there is none and the licence is a free one."""
    if any(_offers_of_money(item) for item in reading.page.structured):
        return False
    return reading.is_pricing or (not reading.page.pricing_links and OPEN_LICENCE.search(reading.text) is not None)


def _offers_of_money(item: dict[str, Any]) -> bool:
    prices = (str(offer.get("price", offer.get("lowPrice", "0"))) for offer in offers_of(item))
    return any(re.search(r"[1-9]", price[:20]) for price in prices)


def _free_plan(reading: PriceReading, placed: list[Amount]) -> tuple[int, int] | None:
    if not reading.is_pricing and not any(one.amount > 0 and one.period for one in placed):
        return None
    for one in placed:
        if one.amount > 0:
            continue
        above = reading.text[max(0, one.start - 80) : one.start].splitlines()[-3:]
        near = reading.text[one.start : one.end + 40]
        if any(TRIAL_NAME.match(line) for line in above):
            continue
        if one.in_card and not TRIAL_NEAR.search(f"{one.plan or ''} {near}"):
            return plan_span(reading, one)
    for line in FREE_LINE.finditer(reading.lined):
        if not TRIAL_NEAR.search(reading.lined[line.end() : line.end() + 60]):
            return line.start(), line.end() - 1
    return _free_cell(reading) or _free_row(reading)


def _free_cell(reading: PriceReading) -> tuple[int, int] | None:
    cells = [] if reading.own_keys else reading.columns.cells
    return next((cell for cell in cells if FREE_CELL.match(reading.text[slice(*cell)])), None)


def _free_row(reading: PriceReading) -> tuple[int, int] | None:
    """A line of a preformatted table that has Free where others have a price."""
    for start, end in reading.set_ground:
        for row in FREE_ROW.finditer(reading.text, start, end):
            if not TRIAL_NEAR.search(row[0]):
                return row.span()
    return None


def _free_sentence(reading: PriceReading) -> tuple[int, int] | None:
    for match in islice(reading.free_routes(), 60):
        start, end = _sentence_around(reading, match)
        asked = reading.text[end - 1 : end] == "?"
        if not asked and not NO_FREE.search(reading.text[start : match.start()]):
            return start, end
    return None


def _sentence_around(reading: PriceReading, match: re.Match[str]) -> tuple[int, int]:
    start, end = reading.line(match.start())
    begun = max(reading.text.rfind(mark, start, match.start()) for mark in (". ", "? ", "! "))
    stop = re.search(r"[.?!](?=\s|$)", reading.text[match.end() : end])
    return begun + 2 if begun >= 0 else start, match.end() + stop.end() if stop else max(end, match.end())
