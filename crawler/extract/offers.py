"""What a page offers beside its prices: a lasting free way in, a talk with sales, or nothing that is sold at all."""

import re
from itertools import islice
from typing import Any

from crawler.extract.amounts import Amount
from crawler.extract.own_price import FOR_SOME
from crawler.extract.plans import plan_span
from crawler.extract.price_reading import PriceReading
from crawler.extract.prose import lines_with
from crawler.extract.structured import offers_of

PAID_NAME = re.compile(r"\W*(?:pro|plus|premium|business|enterprise|teams?|professional)(?: plan)?\W*$", re.I)
BUY_LINE = re.compile(r"(?mi)\n(?:buy(?: now)?|upgrade(?: to \w+| now)?|subscribe now|checkout|go pro)$")
FREE_WORDS = r"(?:free(?: forever| plan| tier| for ?ever)?|gratuit|kostenlos|gratis|免费|無料|0 ?€)\s?[!✨]?$"
FREE_CELL = re.compile(FREE_WORDS, re.I)
FREE_LINE = re.compile(rf"\n{FREE_WORDS}", re.I | re.M)
FREE_ROW = re.compile(r"(?<=\n)[^\n]{1,60}[\s|]free\b[^\n]{0,80}$", re.I | re.M)
SERVICES = (
    r"\b(?:shipping|set-?up|support|onboarding|migrations?|updates?|upgrades?|trial|delivery|cancel\w*|beta|training|"
    r"returns?|templates?|domains?|ssl|sso|installation|import\w*|exports?|viewers?|guests?|consultation|demo|call)\b"
)
SERVICE = re.compile(SERVICES, re.I)
# A plan at nothing set as words: "Oven: free …", "Community edition – free, self-hosted", "Free: 100 runs a month".
FREE_NAMED = re.compile(
    rf"\n(?:(?!faq|[^\n]{{0,25}}{SERVICES})"
    r"[^\n:–—?.]{2,30}?(?:\s?:|\s[–—-])\s(?:always |completely |\d[^\n.:;$€£]{2,50}, )?"
    r"(?:free|gratis|kostenlos|gratuit)\b"
    r"(?! (?:trial|shipping|for (?:students|open|teachers|non))|-)|free(?: plan| tier)?\s?(?:[:–—(·•]|-\s))",
    re.I,
)
FOR_A_WHILE = re.compile(
    r"\b(?:beta|alpha|preview|early access|for now|limited time|launch week|until (?:launch|we|the|\w+ \d))\b", re.I
)
FREE_FOR_A_WHILE = re.compile(
    r"\bfree\b[^.\n]{0,30}\b(?:beta|alpha|preview|early access|for now)\b|"
    r"\bduring (?:the |our )?(?:\w+ )?(?:beta|alpha|preview)\b[^.\n]{0,40}\bfree\b",
    re.I,
)
WHILES = ("beta", "alpha", "preview", "early access", "for now")
DAYS = re.compile(r"\b\d+[\s-]days?\b|\bbeta\b", re.I)
THEN = re.compile(r"[,;]? (?:then|after (?:that|which))\b", re.I)
AGAIN = re.compile(r"(?:/ ?|\b(?:per|an?|each|every) )(?:month|mo|day|week)\b|\bmonthly\b|\bdaily\b", re.I)
CONTACT_PLAN = re.compile(
    r"\n(?:enterprise|business|custom|growth|premium|teams?|organi[sz]ations?|company|scale|unlimited)[^\n]{0,12}\n(?:[^\n]{1,140}\n){0,2}"
    r"(?:contact us|talk to us|speak to us|book a (?:demo|call)|get in touch|let['’]?s talk|request a demo)$",
    re.I | re.M,
)
CONTACT_LINE = re.compile(
    r"\n(?:custom(?: pricing)?|contact sales|contact (?:us|sales) for (?:pricing|a quote)|let['’]?s talk|"
    r"talk to sales|(?:get|request) a quote|"
    r"on request|custom quote|price on request|sur devis|auf anfrage)$",
    re.I | re.M,
)
NO_FREE = re.compile(
    r"\bfirst (?:\w+ )?(?:days?|weeks?|months?|years?)\b[^.\n]{0,10}$|"
    r"\b(?:no|not|never|without|isn['’]t|don['’]t|doesn['’]t|n['’]t)\b[^.\n]{0,30}$|\btrial\b[^.\n]{0,20}$",
    re.I,
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
    if found is None and any(word in reading.low for word in ("contact us", "book a", "touch", "talk", "a demo")):
        found = CONTACT_PLAN.search(reading.lined)
    return (found.start(), found.end() - 1) if found else None


def free_for_now(reading: PriceReading) -> tuple[int, int] | None:
    """Where the page says that it is free as long as it is being tried out."""
    is_told = "free" in reading.low and any(word in reading.low for word in WHILES)
    found = FREE_FOR_A_WHILE.search(reading.text) if is_told else None
    return found.span() if found else None


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
    return _free_line(reading) or _free_cell(reading) or _free_row(reading)


def _free_line(reading: PriceReading) -> tuple[int, int] | None:
    lined = reading.lined
    for line in FREE_LINE.finditer(lined):
        near = lined[line.end() : line.end() + 60]
        if not TRIAL_NEAR.search(near) and not _for_some_or_a_while(reading, line.start()):
            return line.start(), line.end() - 1
    for start, end in islice(lines_with(reading.low, ("free", "gratis", "kostenlos", "gratuit")), 200):
        named = FREE_NAMED.match(lined, start, end + 1)
        rest = lined[named.end() : end + 1][:90] if named else ""
        if named and not (TRIAL_NEAR.search(rest) or DAYS.search(rest) or FOR_SOME.search(named[0])):
            return start, named.end() - 1
    return None


def _free_cell(reading: PriceReading) -> tuple[int, int] | None:
    cells = [] if reading.own_keys else reading.columns.cells
    free = (cell for cell in cells if FREE_CELL.match(reading.text[slice(*cell)]))
    return next((cell for cell in free if not SERVICE.search(reading.columns.at(cell[0])[0])), None)


def _for_some_or_a_while(reading: PriceReading, at: int) -> bool:
    """The card is a trial's, or for students or charities on a page that is not for them as a whole."""
    above = [words for words in reading.text[max(0, at - 160) : at].split("\n")[-4:] if len(words) <= 40]
    if any(TRIAL_NAME.match(words) for words in above):
        return True
    some = any(FOR_SOME.search(words) for words in above)
    return some and not any(FOR_SOME.search(reading.text[a:b]) for a, b in reading.headings[:1])


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
        asked = reading.text[end - 1 : end] == "?" or SERVICE.search(
            reading.text, max(start, match.start() - 25), match.start()
        )
        if (
            not asked
            and _lasts(match[0], reading.text[start:end])
            and not NO_FREE.search(reading.text[start : match.start()])
        ):
            return start, end
    return None


def _lasts(promise: str, sentence: str) -> bool:
    """False for what is free until a date, or free for a few things once and paid after them."""
    if FOR_A_WHILE.search(sentence):
        return False
    if re.search(r"\d|(?:for|up to) \w+ \w+$", promise) and (then := THEN.search(sentence)):
        return AGAIN.search(sentence, 0, then.start()) is not None
    return True


def _sentence_around(reading: PriceReading, match: re.Match[str]) -> tuple[int, int]:
    start, end = reading.line(match.start())
    begun = max(reading.text.rfind(mark, start, match.start()) for mark in (". ", "? ", "! "))
    stop = re.search(r"[.?!](?=\s|$)", reading.text[match.end() : end])
    return begun + 2 if begun >= 0 else start, match.end() + stop.end() if stop else max(end, match.end())
