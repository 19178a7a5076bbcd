"""Read what a tool costs from its page: the tier (Free, Freemium, Paid, Contact sales) and the lowest price to pay.

Amounts are read one by one, each with its period, and those that are not this tool's own price are put aside:
struck through, an add-on, an estimate of other people's costs, a boast of revenue. What remains is grouped into
plans. The tier is said only when the page gives a reason; a page that says nothing yields no finding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice, zip_longest
from typing import Any

from price_parser import Price

from crawler.extract.facts import Finding, cover, finding, inside
from crawler.extract.page import Page

MAX_AMOUNTS = 400
MAX_QUOTE = 300
MAX_LINE = 600
MAX_CELLS = 4000

# Amounts

CURRENCIES = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "CNY", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "RS": "INR", "ZŁ": "PLN", "KR": "SEK", "元": "CNY", "円": "JPY",
}  # fmt: skip
CODES = "USD|EUR|GBP|INR|JPY|CNY|CAD|AUD|CHF|BRL|SEK|NOK|DKK|PLN|KRW|SGD|NZD|HKD|CZK|ILS|MXN"
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩"}
GROUPED = r"\d{1,3}(?:[,.'’]\d{3}){1,3}(?![\d])(?:[.,]\d{1,2}(?!\d))?"
PLAIN = r"\d{1,7}(?:\s?[.,]\d{1,8})?"
AMOUNT = re.compile(
    rf"(?:(?<![A-Za-z])(?P<sign>(?:US|AU?|CA?|NZ|HK|S|R)?\$|[€£¥￥₹₩₽₺]|(?:{CODES})(?=\s?\d)|"
    rf"Rs\.?(?=\s?\d))\s{{0,2}}(?P<first>{GROUPED}|{PLAIN}|\.\d{{1,8}}))"
    rf"|(?:(?<![\w.,$€£])(?P<last>\d{{1,3}}(?:[ \u00a0]\d{{3}}){{1,2}}(?!\d)(?:,\d{{2}})?|{GROUPED}|"
    rf"{PLAIN})\s?(?P<after>[€£₽₺元円]|zł|kr\b|(?:{CODES})\b|\$(?!\s?\d)))"
)
UNSIGNED = re.compile(r"(?m)^(?P<last>\d{1,4}(?:[.,]\d{2})?)(?P<after>)(?=\s?(?:/|per)\s?(?:mo|month|yr|year)\b)")

# Periods and units

UNITS = (
    (r"months?|mo|mois|monat|mes|mese|mês|maand|月|월", "month"),
    (r"years?|yr|annum|année|an|jahr|año|anno|ano|年|y", "year"),
    (r"weeks?|wk", "week"),
    (r"days?", "day"),
    (r"(?:gpu[\s-]?)?(?:hours?|hrs?|h)", "hour"),
    (r"minutes?|mins?", "minute"),
    (r"seconds?|secs?|s", "second"),
)
SEATS = (
    r"users?|seats?|members?|editors?|persons?|people|developers?|devs?|collaborators?|contributors?|"
    r"utilisateurs?|nutzer|usuario|utente"
)
COUNT = r"(?:1?[,.]?000[,.]000|1\s?m(?:illion)?|million|m)(?=\s)|(?:1[,.]?000|1\s?k|thousand|k)(?=\s)|100(?=\s)"
NOUNS = (
    r"tokens?|characters?|chars?|images?|requests?|api\scalls?|calls?|credits?|pages?|documents?|docs?|"
    r"videos?|gb|runs?|tasks?|"
    r"generations?|messages?|words?|quer(?:y|ies)|searches|events?|executions?|emails?|agents?|projects?|"
    r"workspaces?|sites?"
)
STEP = re.compile(
    rf"[\s*†(,·)]{{0,3}}(?:USD|EUR|GBP)?[\s*]{{0,2}}(?:\+\s?\w{{3,12}}\s?)?(?:/|per\b|an?\b|each\b|every\b|"
    rf"par\b|pro\b|por\b|al\b|je\b)\s{{0,2}}"
    rf"(?:(?P<count>{COUNT})\s{{0,2}})?(?:input\s|output\s|active\s)?(?P<word>{SEATS}|{NOUNS}|"
    rf"{'|'.join(words for words, _ in UNITS)})(?![\w])",
    re.I,
)
WORDED = re.compile(
    r"[\s(,·*]{0,3}(?:USD|EUR)?\s?(?:billed\s|paid\s)?(?P<word>monthly|yearly|annually|one[\s-]time|once|"
    r"lifetime|forever|mensuel|"
    r"annuel|monatlich|jährlich|al\smes|al\smese|单次|一次性)\b",
    re.I,
)
WORDED_AS = {"monthly": "month", "mensuel": "month", "monatlich": "month", "al mes": "month", "al mese": "month",
             "yearly": "year", "annually": "year", "annuel": "year", "jährlich": "year"}  # fmt: skip
YEARLY_BILL = re.compile(
    r"(?:billed|paid|pay|charged|invoiced)\s(?:\w+\s){0,2}?(?:annually|yearly|per year|once a year)|/yr billed", re.I
)
ONE_OFF = re.compile(
    r"\bone[\s-]time\b|\blifetime\b|\bpay once\b|\bonce\b|\bno subscription\b|\bper licen[cs]e\b", re.I
)
RECURRING = {"day": Decimal(30), "week": Decimal(4), "month": Decimal(1), "year": Decimal(1) / Decimal(12)}

# Amounts that are not this tool's price

MAGNITUDE = re.compile(r"\s?(?:[KkMB]\b|[KMB]\+|million\b|billion\b|\+(?!\s?[\w$]))")
NOT_PRICE_BEFORE = re.compile(
    r"(?:\+\s?|[~≈≤<]\s?|\b(?:save|saves|saving|savings of|worth|valued at|value|was|were|instead of|"
    r"normally|regular(?:ly)?|originally|"
    r"raised|generate[sd]?|make|earn(?:ed|s)?|revenue of|up to|over|more than|additional|extra|"
    r"overages?(?: at)?|then|discount of|get|bonus of|vs\.?|"
    r"versus|unlike|compared to|cap(?:ped)? at|limit of|budget of|spend(?:ing)?|cost us|list price:?|"
    r"credit of|refund of|win|donate|grant of)\s?)$",
    re.I,
)
NOT_PRICE_AFTER = re.compile(
    r"\s?(?:/\s?(?:month|mo|yr|year)\b\s?)?(?:(?:in|of|worth(?: of)?)\s)?(?:(?:free|monthly|compute|usage|"
    r"api|platform)\s){0,3}"
    r"(?:credits?\b|MRR\b|ARR\b|revenue\b|off\b|discount|savings?\b|refund|bounty|in sales|saved|budget|"
    r"funding|worth\b|"
    r"value\b|for the first|for your first|today\b|trial|due\b|setup\b)",
    re.I,
)
NOT_PRICE_LINE = re.compile(
    r"\b(?:MRR|ARR|funding|raised|revenue|other tools|competitors?|add[\s-]?on(?:s)?|overages?|additional|"
    r"provider(?:'s)? costs?|"
    r"converted at|intro price|estimates?|salary|hire|hiring|agency would|freelancer)\b",
    re.I,
)
OTHERS_SECTION = re.compile(
    r"\b(?:estimates?|calculator|competitors?|comparison|compares?|versus|vs|alternatives?|add[\s-]?on(?:s)?|"
    r"testimonials?|stor(?:y|ies)|"
    r"customers say|roi|savings?|provider (?:pricing|costs?|prices)|what they cost|case stud)",
    re.I,
)
OWN_KEYS = re.compile(
    r"bring your own (?:\w+\s){0,2}keys?|\bBYOK\b|pay (?:your |the )?(?:chosen )?providers? directly|"
    r"only pay (?:your|the|for your)",
    re.I,
)

# Words of plans

PRICING_PAGE = re.compile(
    r"/(?:[\w-]{0,20})(?:pricing|prices?|plans?|tarifs?|preise|precios|prezzi)[\w-]{0,12}(?:\.\w{1,5})?/?(?:$|[?#])",
    re.I,
)
PRICING_HEADING = re.compile(
    r"\bpricing\b|^(?:plans?|our plans|prices|tarifs?|preise|precios|prezzi|preços|cennik|価格|料金|定价|价格)$|"
    r"choose (?:your|a) plan|"
    r"plans (?:&|and|for)|\bprix\b",
    re.I,
)
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
PAID_NAME = re.compile(r"\W*(?:pro|plus|premium|business|enterprise|teams?|professional)(?: plan)?\W*$", re.I)
BUY_LINE = re.compile(r"(?mi)^(?:buy(?: now)?|upgrade(?: to \w+| now)?|subscribe now|checkout|go pro)$")
FREE_LINE = re.compile(
    r"^(?:free(?: forever| plan| tier| for ?ever)?|gratuit|kostenlos|gratis|免费|無料|0 ?€)\s?[!✨]?$", re.I
)
CONTACT_LINE = re.compile(
    r"^(?:custom(?: pricing)?|contact sales|contact (?:us|sales) for (?:pricing|a quote)|let['’]?s talk|"
    r"talk to sales|(?:get|request) a quote|"
    r"on request|custom quote|price on request|sur devis|auf anfrage)$",
    re.I,
)
FREE_ROUTE = re.compile(
    r"\bfree (?:forever|plan|tier|version|for (?:personal|individuals?|hobby|everyone))\b|\b(?:forever|always) free\b|"
    r"\bis (?:also )?(?:(?:completely|totally|entirely|100%|and always will be|now) )?free\b(?! (?:trial|"
    r"for (?:\d|a |the first|open|students?|educat|non-?profit|teachers?|maintainers)))|\bfree (?:and|&|"
    r"\+) open[\s-]source\b|"
    r"\bopen[\s-]source (?:and|&|·|\+) free\b|\bfree to (?:use|self-?host|download)\b|\bself-?host(?:ed|"
    r"ing)? (?:it |is )?(?:for )?free\b|"
    r"\bopen[\s-]source[^.\n]{0,60}\bself-?host(?!ed option)|\bremain free\b|\b100% free\b",
    re.I,
)
NO_FREE = re.compile(
    r"\b(?:no|not|never|without|isn['’]t|don['’]t|doesn['’]t|n['’]t)\b[^.\n]{0,30}$|\btrial\b[^.\n]{0,20}$", re.I
)
TRIAL_NAME = re.compile(r"\W*(?:free\s)?(?:\d+[\s-]days?\s)?(?:free\s)?trial\W*$", re.I)
TRIAL_NEAR = re.compile(r"\btrial\b|\bfor (?:the )?(?:first )?\d+ days?\b|\bfirst (?:month|\d+)\b|\btoday\b", re.I)


@dataclass(frozen=True)
class Amount:
    """A sum of money in the text, with what it is paid for."""

    amount: Decimal
    currency: str | None
    start: int
    end: int  # after the period's words
    period: str | None = None
    per: str | None = None
    billed_yearly: bool = False
    in_card: bool = False
    plan: str | None = None
    plan_start: int | None = None


def find_pricing(page: Page) -> list[Finding]:
    """The tier and the entry price, each only when the page gives a reason for it."""
    reading = _Reading(page)
    paid = _paid_amounts(reading)
    free = _free_span(reading)
    tier = _tier(reading, paid, free)
    entry = _entry_price(reading, paid) if paid else _free_entry(reading, tier)
    return [found for found in (tier, entry) if found]


class _Reading:
    """A page with what the reading of its prices needs to look up again and again."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text
        self.headings = page.marked("heading")
        self.cells = page.marked("cell")[:MAX_CELLS]
        self.tables = page.marked("table")
        self.table_ground = cover(self.cells)
        self.unspoken = cover(page.marked("struck") + page.marked("quote") + page.marked("code"))

    @cached_property
    def placed(self) -> "list[Amount]":
        return _placed(self)

    @cached_property
    def is_pricing(self) -> bool:
        headed = any(PRICING_HEADING.search(self.text[a:b]) for a, b in self.headings if b - a <= 60)
        titled = PRICING_HEADING.search(self.page.title) is not None
        return bool(PRICING_PAGE.search(self.page.url)) or titled or headed

    @cached_property
    def own_keys(self) -> bool:
        return OWN_KEYS.search(self.text) is not None and FREE_ROUTE.search(self.text) is not None

    def line(self, at: int) -> tuple[int, int]:
        """The line that a place stands in; of an endless line only the part around it."""
        start = self.text.rfind("\n", max(0, at - MAX_LINE), at) + 1
        end = self.text.find("\n", at, at + MAX_LINE)
        return start or max(0, at - MAX_LINE), end if end >= 0 else min(len(self.text), at + MAX_LINE)

    def headings_before(self, at: int, most: int) -> list[str]:
        before = [(a, b) for a, b in self.headings if b <= at]
        return [self.text[a:b] for a, b in before[-most:]]

    def column(self, at: int) -> tuple[str, str]:
        """First cell of the row, and header of the column, that a place in a table belongs to; else empty words."""
        start, end = self.line(at)
        row = [(a, b) for a, b in self.cells if start <= a and b <= end]
        index = next((i for i, (a, b) in enumerate(row) if a <= at < b), None)
        if index is None or len(row) < 2:
            return "", ""
        header = self.header_row(start, len(row))
        named = self.text[slice(*header[index])] if header else ""
        return self.text[slice(*row[0])], named

    def header_row(self, row_start: int, width: int) -> list[tuple[int, int]]:
        table = next((a for a, b in reversed(self.tables) if a <= row_start < b), row_start)
        start, end = self.line(table)
        header = [(a, b) for a, b in self.cells if start <= a and b <= end]
        return header if len(header) == width else []


# Reading amounts


def _amounts(reading: _Reading) -> list[Amount]:
    found = list(_signed(reading, AMOUNT))
    if not found and reading.is_pricing:
        found = list(_signed(reading, UNSIGNED))
    return _without_old_prices(reading, found)


def _signed(reading: _Reading, pattern: re.Pattern[str]) -> Iterator[Amount]:
    for number, match in enumerate(pattern.finditer(reading.text)):
        if number >= MAX_AMOUNTS:
            return
        amount = _read_amount(reading, match)
        if amount is not None:
            yield amount


def _read_amount(reading: _Reading, match: re.Match[str]) -> Amount | None:
    groups = match.groupdict()
    sign = (groups.get("sign") or groups.get("after") or "").upper().rstrip(".")
    currency = CURRENCIES.get(sign, sign) or _stated_currency(reading.page)
    number, end = groups.get("first") or match["last"], match.end()
    number, end = _with_cents(reading, number, end)
    value = _decimal(number, currency)
    if value is None or MAGNITUDE.match(reading.text, end):
        return None
    period, per, after = _period(reading.text, end)
    tail = reading.text[after : after + 70]
    next_amount = AMOUNT.search(tail)
    yearly = YEARLY_BILL.search(tail[: next_amount.start()] if next_amount else tail)
    if period is None and ONE_OFF.search(tail[:40].partition("\n\n")[0]):
        period = "once"
    if period is None and yearly:
        period = "year"
    return Amount(value, currency, match.start(), after, period, per, yearly is not None)


def _with_cents(reading: _Reading, number: str, end: int) -> tuple[str, int]:
    raised = re.match(r"\s?(\d\d)(?!\d)", reading.text[end : end + 4])
    if raised and number.isdigit() and any(a == end + raised.start(1) for a, _ in reading.page.marked("sup")):
        return f"{number}.{raised[1]}", end + raised.end()
    return number, end


def _decimal(number: str, currency: str | None) -> Decimal | None:
    """The amount of an isolated number, however its thousands and cents are set."""
    bare = re.sub(r"[\s'’\u00a0]", "", number)
    if bare.startswith("."):
        bare = f"0{bare}"
    price = Price.fromstring(f"{bare}", decimal_separator=_decimal_separator(bare, currency))
    return price.amount


def _decimal_separator(bare: str, currency: str | None) -> str:
    last = max(bare.rfind(","), bare.rfind("."))
    if last < 0:
        return "."
    mark, digits = bare[last], len(bare) - last - 1
    if bare.count(mark) > 1 or (digits == 3 and not bare.startswith("0") and _groups_with(mark, currency)):
        return "," if mark == "." else "."
    return mark


def _groups_with(mark: str, currency: str | None) -> bool:
    return mark == "," or currency in ("EUR", "BRL", "TRY", "PLN")


def _stated_currency(page: Page) -> str | None:
    for item in page.structured:
        offers = item.get("offers")
        for offer in offers if isinstance(offers, list) else [offers]:
            code = offer.get("priceCurrency") if isinstance(offer, dict) else None
            if isinstance(code, str) and re.fullmatch(r"[A-Z]{3}", code):
                return code
    return None


def _period(text: str, at: int) -> tuple[str | None, str | None, int]:
    """Period, seat and the end of their words after an amount: "/user/month" is ("month", "seat", …)."""
    period: str | None = None
    per: str | None = None
    for _ in range(3):
        match = STEP.match(text, at)
        if not match:
            break
        unit = _unit(match["word"], match["count"])
        if unit == "seat":
            per = "seat"
        else:
            period = period or unit
        at = match.end()
    if period is None and (worded := WORDED.match(text, at)):
        period, at = WORDED_AS.get(worded["word"].lower(), "once"), worded.end()
    return period, per, at


def _unit(word: str, count: str | None) -> str:
    lower = word.lower()
    if re.fullmatch(SEATS, lower):
        return "seat"
    for words, unit in UNITS:
        if re.fullmatch(words, lower):
            return unit
    noun = {"gb": "GB", "queries": "query", "searches": "search", "chars": "characters"}.get(lower, lower)
    if not count:
        return noun if noun in ("GB", "query", "search") else noun.rstrip("s")
    thousands = "1M" if re.search("m|000.?000", count.lower()) else "100" if count == "100" else "1K"
    return f"{thousands} {noun if noun.endswith('s') else noun + 's'}"


def _without_old_prices(reading: _Reading, amounts: list[Amount]) -> list[Amount]:
    """Of two prices side by side the first, higher and without a period, is the old one."""
    kept = []
    for one, following in zip_longest(amounts, amounts[1:]):
        beside = following is not None and following.start - one.end <= 3 and not one.period
        old = beside and following is not None and one.amount > following.amount and following.currency == one.currency
        if not old:
            kept.append(one)
    return kept


# Whose price it is


def _is_own_price(reading: _Reading, one: Amount) -> bool:
    start, end = reading.line(one.start)
    before = reading.text[max(start, one.start - 40) : one.start]
    above = reading.text[max(0, start - 40) : start].rstrip("\n").rpartition("\n")[2]
    number_end = one.end if one.period is None else _number_end(reading.text, one)
    if inside(one.start, one.start + 1, reading.unspoken):
        return False
    if NOT_PRICE_BEFORE.search(before) or (not before and NOT_PRICE_BEFORE.fullmatch(above)):
        return False
    if NOT_PRICE_AFTER.match(reading.text, number_end) or NOT_PRICE_AFTER.match(reading.text, one.end):
        return False
    if NOT_PRICE_LINE.search(reading.text[start:end]):
        return False
    return not _in_others_section(reading, one) and not _in_others_column(reading, one)


def _number_end(text: str, one: Amount) -> int:
    match = AMOUNT.match(text, one.start)
    return match.end() if match else one.end


def _in_others_section(reading: _Reading, one: Amount) -> bool:
    near = reading.headings_before(one.start, 1)
    if near and OTHERS_SECTION.search(near[0]):
        return True
    if not reading.own_keys:
        return False
    in_table = inside(one.start, one.start + 1, reading.table_ground)
    return in_table or any(OTHERS_SECTION.search(words) for words in reading.headings_before(one.start, 6))


def _in_others_column(reading: _Reading, one: Amount) -> bool:
    """In a table that sets this tool beside others, only its own column is its price."""
    own = re.sub(r"\W", "", reading.page.name).lower()
    table = next(((a, b) for a, b in reading.tables if a <= one.start < b), None)
    if not own or table is None:
        return False
    start, end = reading.line(table[0])
    heads = [re.sub(r"\W", "", reading.text[a:b]).lower() for a, b in reading.cells if start <= a and b <= end]
    return own in heads and re.sub(r"\W", "", reading.column(one.start)[1]).lower() != own


# Plans


def _paid_amounts(reading: _Reading) -> list[Amount]:
    own = [one for one in reading.placed if one.amount > 0]
    if reading.is_pricing:
        return own
    return [one for one in own if one.in_card and one.plan and PLAN_WORD.search(one.plan) and one.period in RECURRING]


def _placed(reading: _Reading) -> list[Amount]:
    """The tool's own amounts, each with the plan it stands under."""
    placed, floor = [], 0
    for one in _amounts(reading):
        if _is_own_price(reading, one):
            start, end = reading.line(one.start)
            around = (one.start - start) + max(0, end - one.end)
            name, at = _plan_name(reading, one, floor)
            placed.append(replace(one, in_card=around <= 45, plan=name, plan_start=at))
        floor = one.end
    return _same_plan_kept(placed)


def _same_plan_kept(placed: list[Amount]) -> list[Amount]:
    """A second amount close below the first, with no name of its own, is of the same plan."""
    kept: list[Amount] = []
    for one in placed:
        last = kept[-1] if kept else None
        if last and one.plan is None and one.in_card and last.plan and one.start - last.end <= 60:
            one = replace(one, plan=last.plan, plan_start=last.plan_start)
        kept.append(one)
    return kept


def _plan_name(reading: _Reading, one: Amount, floor: int) -> tuple[str | None, int | None]:
    first, header = reading.column(one.start)
    if first or header:
        named = header if re.match(r"(?i)\W*(?:price|cost|monthly|annual|per month|plan|billing)", first) else first
        return named.strip()[:60] or None, None
    start, _ = reading.line(one.start)
    lead = reading.text[max(start, floor) : one.start].strip(" :–—-·|(→")
    if words := list(PLAN_WORD.finditer(lead)):
        return words[-1][0], None
    return _name_above(reading, max(floor, start - 400), start)


def _name_above(reading: _Reading, floor: int, start: int) -> tuple[str | None, int | None]:
    headed = [(a, b) for a, b in reading.headings if floor <= a and b <= start and b - a <= 40]
    for a, b in reversed(headed):
        if _is_plan_name(reading.text[a:b]):
            return _bare_name(reading.text[a:b]), a
    lines = list(re.finditer(r"[^\n]+", reading.text[floor:start]))[-5:]
    named = [m for m in lines if _is_plan_name(m[0]) and PLAN_WORD.search(m[0]) and len(m[0].split()) <= 3]
    return (_bare_name(named[-1][0]), floor + named[-1].start()) if named else (None, None)


def _is_plan_name(words: str) -> bool:
    return not (len(words) > 40 or BADGE.search(words) or AMOUNT.search(words) or PRICING_HEADING.search(words))


def _bare_name(words: str) -> str | None:
    return re.sub(r"^\W+|[^\w)+]+$", "", words) or None


# The findings


def _entry_price(reading: _Reading, paid: list[Amount]) -> Finding:
    plans = [one for one in paid if one.in_card and (one.period in RECURRING or one.period == "once" or one.plan)]
    told = [one for one in paid if one.period in RECURRING or one.period == "once"]
    entry = min(_asked_of_all(plans or told or paid), key=lambda one: (_rank(one), _monthly(one)))
    same = [one for one in paid if one is not entry and one.plan == entry.plan and entry.plan and one.in_card]
    yearly = (one for one in same if one.billed_yearly or one.period == "year")
    annual = entry if entry.billed_yearly else next(yearly, None)
    normal: dict[str, Any] = {
        "amount": _plain(entry.amount), "currency": entry.currency, "period": entry.period, "plan": entry.plan,
        "per": entry.per,
    }  # fmt: skip
    if annual is not None and entry.period != "year":
        normal["annual"] = {"amount": _plain(annual.amount), "currency": annual.currency, "period": annual.period}
    return finding(reading.page, "entry_price", _shown(entry), normal, _span(reading, entry), _sureness(reading, entry))


def _asked_of_all(pool: list[Amount]) -> list[Amount]:
    """In the page's first currency, without the yearly rates of plans that can be paid by the month."""
    monthly = {one.plan for one in pool if one.period == "month" and not one.billed_yearly and one.plan}
    kept = [one for one in pool if one.currency == pool[0].currency]
    return [one for one in kept if one.plan not in monthly or (one.period == "month" and not one.billed_yearly)] or kept


def _rank(one: Amount) -> int:
    """Plans billed by the month, then by the year, then one-off, then usage; a price of no period last."""
    if one.period in RECURRING:
        return 0
    if one.period == "once":
        return 1
    return 3 if one.period is None else 2


def _monthly(one: Amount) -> Decimal:
    return one.amount * RECURRING.get(one.period or "", Decimal(1))


def _sureness(reading: _Reading, one: Amount) -> float:
    sure = 0.9 if reading.is_pricing else 0.65
    sure -= 0.0 if one.in_card else 0.2
    sure -= 0.0 if one.period else 0.3
    sure -= 0.0 if one.plan or one.period not in RECURRING else 0.1
    sure -= 0.0 if one.currency and AMOUNT.match(reading.text, one.start) else 0.35
    return max(sure, 0.1)


def _free_entry(reading: _Reading, tier: Finding | None) -> Finding | None:
    if tier is None or tier.value != "Free":
        return None
    normal = {"amount": "0", "currency": None, "period": None, "plan": None, "per": None}
    return finding(reading.page, "entry_price", "Free", normal, (tier.start, tier.end), tier.confidence)


def _span(reading: _Reading, one: Amount) -> tuple[int, int]:
    line, _ = reading.line(one.start)
    start = one.plan_start if one.plan_start is not None else line
    start = start if one.end - start <= MAX_QUOTE else max(line, one.start - MAX_QUOTE // 2)
    return start, one.end


def _plain(amount: Decimal) -> str:
    words = f"{amount:f}"
    return (words.rstrip("0").rstrip(".") if "." in words else words) or "0"


def _shown(one: Amount) -> str:
    sign = SIGNS.get(one.currency or "", f"{one.currency} " if one.currency else "")
    words = f"{sign}{_plain(one.amount)}"
    if one.period == "once":
        words += " once"
    elif one.period:
        words += f"/{one.period}"
    return f"{words} per seat" if one.per else words


def _tier(reading: _Reading, paid: list[Amount], free: tuple[int, int] | None) -> Finding | None:
    contact = _contact_span(reading)
    normal = {"plans": _plans(reading, paid, free)}
    if paid:
        entry = _entry_price(reading, paid)
        sure = min(0.85 if reading.is_pricing else 0.65, entry.confidence)
        value, span = ("Freemium", free) if free else ("Paid", (entry.start, entry.end))
        return finding(reading.page, "tier", value, normal, span, sure)
    if free and contact and reading.is_pricing:
        return finding(reading.page, "tier", "Freemium", normal, free, 0.65)
    if free and reading.is_pricing and not reading.own_keys and _names_a_paid_plan(reading):
        return finding(reading.page, "tier", "Freemium", normal, free, 0.5)  # a paid plan whose price was not seen
    if free and _nothing_is_sold(reading):
        return finding(reading.page, "tier", "Free", normal, free, 0.8 if reading.is_pricing else 0.65)
    if contact and reading.is_pricing and not free:
        return finding(reading.page, "tier", "Contact sales", normal, contact, 0.7)
    return None


def _names_a_paid_plan(reading: _Reading) -> bool:
    named = (PAID_NAME.match(reading.text[a:b]) for a, b in reading.headings + reading.cells if b - a <= 30)
    return any(named) or BUY_LINE.search(reading.text) is not None


def _nothing_is_sold(reading: _Reading) -> bool:
    """True when the pricing page was read, or when there is none and the licence is a free one."""
    if any(_offers_of_money(item) for item in reading.page.structured):
        return False
    return reading.is_pricing or (not reading.page.pricing_links and OPEN_LICENCE.search(reading.text) is not None)


OPEN_LICENCE = re.compile(
    r"\b(?:MIT|Apache(?:[\s-]2\.0)?|A?GPL(?:[\s-]?v?3)?|BSD|MPL)(?:[\s-]\d\.\d)?[\s-]licen[cs]|"
    r"licen[cs]ed? under (?:the )?(?:MIT|Apache|A?GPL|BSD|MPL)|"
    r"open[\s-]source (?:\(|under |· ?)(?:the )?(?:MIT|Apache|A?GPL|BSD|MPL)|licen[cs]e:? (?:MIT|Apache|A?GPL|BSD|MPL)",
    re.I,
)


def _offers_of_money(item: dict[str, Any]) -> bool:
    offers = item.get("offers")
    for offer in offers if isinstance(offers, list) else [offers]:
        price = str(offer.get("price", offer.get("lowPrice", "0"))) if isinstance(offer, dict) else "0"
        if re.search(r"[1-9]", price[:20]):
            return True
    return False


def _free_span(reading: _Reading) -> tuple[int, int] | None:
    """Where the page promises a lasting free way in: a plan at nothing, or a sentence that says so."""
    return _free_plan(reading) or _free_sentence(reading)


def _free_cell(reading: _Reading) -> tuple[int, int] | None:
    cells = [] if reading.own_keys else reading.cells
    return next((cell for cell in cells if FREE_LINE.match(reading.text[slice(*cell)])), None)


def _free_plan(reading: _Reading) -> tuple[int, int] | None:
    if not reading.is_pricing and not any(one.amount > 0 and one.period for one in reading.placed):
        return None
    for one in reading.placed:
        above = reading.text[max(0, one.start - 80) : one.start].splitlines()[-3:]
        near = reading.text[one.start : one.end + 40]
        if one.amount > 0 or any(TRIAL_NAME.match(line) for line in above):
            continue
        if one.in_card and not TRIAL_NEAR.search(f"{one.plan or ''} {near}"):
            return _span(reading, one)
    for line in re.finditer(r"[^\n]+", reading.text):
        if FREE_LINE.match(line[0]) and not TRIAL_NEAR.search(reading.text[line.end() : line.end() + 60]):
            return line.span()
    return _free_cell(reading)


def _free_sentence(reading: _Reading) -> tuple[int, int] | None:
    for match in islice(FREE_ROUTE.finditer(reading.text), 60):
        start, end = _sentence_around(reading, match)
        asked = reading.text[end - 1 : end] == "?"
        if not asked and not NO_FREE.search(reading.text[start : match.start()]):
            return start, end
    return None


def _sentence_around(reading: _Reading, match: re.Match[str]) -> tuple[int, int]:
    start, end = reading.line(match.start())
    begun = max(reading.text.rfind(mark, start, match.start()) for mark in (". ", "? ", "! "))
    stop = re.search(r"[.?!](?=\s|$)", reading.text[match.end() : end])
    return begun + 2 if begun >= 0 else start, match.end() + stop.end() if stop else max(end, match.end())


def _contact_span(reading: _Reading) -> tuple[int, int] | None:
    return next((m.span() for m in re.finditer(r"[^\n]+", reading.text) if CONTACT_LINE.match(m[0])), None)


def _plans(reading: _Reading, paid: list[Amount], free: tuple[int, int] | None) -> list[dict[str, Any]]:
    plans: dict[tuple[str | None, str], dict[str, Any]] = {}
    for one in reading.placed:
        told = one.plan is None and any(_plain(one.amount) == amount for _, amount in plans)
        if one.in_card and not told and (one.amount == 0 or one in paid):
            plan = {"name": one.plan, "amount": _plain(one.amount), "currency": one.currency, "period": one.period}
            plans.setdefault((one.plan, _plain(one.amount)), {**plan, "free": one.amount == 0})
    if free and not any(plan["free"] for plan in plans.values()):
        plans[("Free", "0")] = {"name": "Free", "amount": "0", "currency": None, "period": None, "free": True}
    return list(plans.values())[:20]
