"""Reads every number of a text with the words beside it: its unit, its noun, its price."""

import re

from panel.claims import numbers, units
from panel.claims.numbers import Number, find_numbers
from panel.claims.quantity import Quantity
from panel.claims.rates import BILLED, WORD, read_per
from panel.claims.shares import frequencies, shares
from panel.claims.units import noun_of, singular

CURRENCY_BEFORE = re.compile(r"(?:(?:US|A|C)?([$€£¥])|\b(USD|EUR|GBP|JPY|CHF|CAD|AUD))\s?$", re.IGNORECASE)
MONTHLY_YEN = re.compile(r"月額\s?$")
SIGN_AFTER = re.compile(r"\s?([€£$¢円])")
PERCENT = re.compile(r"[\s-]?(?:%|per[\s-]?cent\b|percentage points?\b|pct\b)", re.IGNORECASE)
TIMES = re.compile(r"\s?(?:[x×](?![\w])|[\s-](?:times|fold)\b|fold\b)", re.IGNORECASE)
NATION = re.compile(
    r" (?:Swiss|US|American|Canadian|Australian|British|Japanese|Indian)(?= (?:franc|dollar|pound|yen|rupee))"
)
STOP = {
    *"of in on for per a an the and or to is are was were with at by from that which who into than then "
    "but as it".split(),
    *"if when while because so through via under over about after before during each every can will may "
    "be been".split(),
    *"includes include including included comes come goes go gives give costs cost buys means makes has "
    "have had".split(),
    *"without within across between once only not no you your we our they their its this these those more less".split(),
}
CENTS = re.compile(
    rf" (?:and )?({numbers.ONE_WORD}(?:-{numbers.ONE_WORD})?)(?= (?:an?|per|each|every)\b|[,.;])", re.IGNORECASE
)
LED_BY = re.compile(
    rf"\b({'|'.join(sorted({*units.COUNTED, 'context', 'window', 'seat', 'connector'}))})s?"
    r"(?: (?:length|window|size|count|limit|supported|included|total))?"
    r"(?:\s?[:=]| is| are| of)\s*(?:up to |about |over )?$",
    re.IGNORECASE,
)
PER_BEFORE = re.compile(
    r"\b(?:an?|one|each|every|per|the) (?:GPU[- ]|audio |single )?(hour|minute|second|month|year|seat|user"
    r"|image|request|call|page|run|video|credit|token)"
    r"(?: of (?:audio|video|gpu time|compute))? (?:is|costs?|comes (?:to|in at)|runs?|goes for|will cost"
    r"|sets you back|will set you back)"
    r"(?: you| us| me)?(?: about| only| just| roughly)? $",
    re.IGNORECASE,
)


def find_quantities(text: str) -> list[Quantity]:
    found = [*shares(text)]
    taken = [(one.start, one.end) for one in found]
    for number in find_numbers(text):
        if any(number.start < end and start < number.end for start, end in taken):
            continue
        if number.article and re.search(r"\b(?:once|twice) $", text[: number.start]):
            continue
        quantity = with_unit(text, number)
        if quantity and not any(quantity.start < end and start < quantity.end for start, end in taken):
            found.append(quantity)
            taken.append((quantity.start, quantity.end))
    often = [one for one in frequencies(text) if not any(one.start < end and start < one.end for start, end in taken)]
    return sorted([*found, *often], key=lambda one: one.start)


def with_unit(text: str, number: Number) -> Quantity | None:
    """The number read with the words beside it; a lone 'a' before a plain noun is no number."""
    before = CURRENCY_BEFORE.search(text[max(0, number.start - 5) : number.start])
    if before:
        unit = units.SIGNS.get(before[1] or "") or (before[2] or "").lower()
        start = number.start - len(before[0])
        code = re.match(r"\s?(?:USD|EUR|GBP)\b", text[number.end :])
        end = number.end + (len(code[0]) if code else 0)
        return priced(text, number, start, end, unit, number.low, number.high)
    for pattern, dim in ((PERCENT, "percent"), (TIMES, "times")):
        match = pattern.match(text, number.end)
        if match and not (number.article and dim == "times"):
            return Quantity(number.start, match.end(), number.low, number.high, number.bound, dim)
    sign = SIGN_AFTER.match(text, number.end)
    if sign:
        factor = 0.01 if sign[1] == "¢" else 1
        unit = units.SIGNS.get(sign[1], "usd")
        return priced(text, number, number.start, sign.end(), unit, number.low * factor, number.high * factor)
    return measured(text, number)


def measured(text: str, number: Number) -> Quantity | None:
    nation = NATION.match(text, number.end)
    word = WORD.match(text, nation.end() if nation else number.end)
    one = singular(word[1]) if word else ""
    if word and (one in units.CURRENCY and one != "p"):
        factor = 0.01 if one in units.HUNDREDTHS else 1
        cents = CENTS.match(text, word.end()) if factor == 1 else None
        more = numbers.word_value(cents[1]) / 100 if cents else 0
        low, high = number.low * factor + more, number.high * factor + more
        return priced(text, number, number.start, cents.end(1) if cents else word.end(), units.CURRENCY[one], low, high)
    if word and one in units.TIME and (one not in ("an", "s", "h") or not number.in_words):
        extra = numbers.AND_A_HALF.match(text, word.end())
        factor, more = units.TIME[one], 0.5 if extra else 0
        end = extra.end() if extra else word.end()
        return with_per(text, number, end, "time", "", (number.low + more) * factor, (number.high + more) * factor)
    if word and one in units.BYTES:
        factor = units.BYTES[one]
        return with_per(text, number, word.end(), "bytes", "", number.low * factor, number.high * factor)
    if word and word[1].lower() in units.RATES:
        noun, seconds = units.RATES[word[1].lower()]
        rate = (("time", seconds),)
        return Quantity(number.start, word.end(), number.low, number.high, number.bound, "count", noun, rate)
    noun, end = counted_noun(text, number.end)
    if number.article and (noun not in units.COUNTED or noun in units.IDLE_NOUNS):
        return None
    if number.article and text[number.start : number.end].lower() != "one":
        return None
    noun, end = implied_noun(text, number, noun, end)
    if noun == "parameter":
        return Quantity(number.start, end, number.low, number.high, number.bound, "count", noun, (), number.in_words)
    per, after = read_per(text, number.end) if not noun else ((), end)
    if not noun and per and {name for name, _ in per} <= {"time", "user"}:  # 'ninety-nine a year'
        number = as_price(text, number)
        return Quantity(number.start, after, number.low, number.high, number.bound, "money", "", per, number.in_words)
    if not noun:
        return Quantity(
            number.start, number.end, number.low, number.high, number.bound, "number", "", (), number.in_words
        )
    return with_per(text, number, end, "count", noun, number.low, number.high)


def as_price(text: str, number: Number) -> Number:
    """'twelve fifty a month' is 12.50."""
    words = [numbers.word_value(word) for word in text[number.start : number.end].split()] if number.in_words else []
    if len(words) != 2 or not (0 < words[0] < 100 and 10 <= words[1] < 100) or number.high != sum(words):
        return number
    value = words[0] + words[1] / 100
    return Number(number.start, number.end, value, value, number.bound, in_words=True)


def counted_noun(text: str, end: int) -> tuple[str, int]:
    """The head of the noun phrase after a number: the last counted noun, else its last word."""
    words: list[tuple[str, int]] = []
    while len(words) < 4:
        word = WORD.match(text, end)
        if not word or singular(word[1]) in STOP or word[1].lower() in STOP:
            break
        end = word.end()
        words.append((noun_of(word[1].removesuffix("'s").removesuffix("’s")), end))
    for noun, at in words:
        if noun in units.COUNTED and (text[:at].endswith("s") or noun == "person"):
            return noun, at
        if noun in units.COUNTED and not (noun in ("developer", "agent") and len(words) > 1):
            later = [pair for pair in words if pair[0] in units.COUNTED and pair[1] > at and pair[1] - at < 14]
            return later[0] if later and noun not in ("token", "parameter") else (noun, at)
    plural = next((pair for pair in words if text[: pair[1]].endswith("s") and pair[0] not in STOP), None)
    return plural or (words[-1] if words else ("", end))


def implied_noun(text: str, number: Number, noun: str, end: int) -> tuple[str, int]:
    """'200K of context', 'a 7B model': thousands and billions with no noun of their own."""
    if noun in ("token", "parameter") or (noun in units.COUNTED and noun not in ("model", "user")):
        return noun, end
    sentence = text.lower()
    if number.scale == "b" and number.high >= 1e8 and noun not in units.COUNTED - {"model"}:
        return "parameter", number.end
    about_context = re.search(r"context|window|token|\breads?\b|\bremembers?\b|\bholds?\b", sentence)
    if number.scale in ("k", "m") and about_context and noun not in units.COUNTED:
        return "token", number.end
    if re.match(r"[\s-](?:of )?(?:context|window)\b", text[number.end :]) and number.high >= 1000:
        return "token", number.end
    led = LED_BY.search(text[: number.start])
    if not noun and led:
        return ("token" if led[1].lower() in ("context", "window") else noun_of(led[1])), number.end
    return noun, end


def priced(text: str, number: Number, start: int, end: int, unit: str, low: float, high: float) -> Quantity:
    found = with_per(text, number, end, "money", unit, low, high)
    per: tuple[tuple[str, float], ...] = found.per
    if MONTHLY_YEN.search(text[max(0, start - 4) : start]):
        per = (("time", units.MONTH),)
    if not any(name in ("time", "once") for name, _ in per):
        per += period_nearby(text, start, found.end)
    return Quantity(start, found.end, low, high, number.bound, "money", unit, per, number.in_words)


def period_nearby(text: str, start: int, end: int) -> tuple[tuple[str, float], ...]:
    leading = PER_BEFORE.search(text[:start])
    if leading:
        one = singular(leading[1])
        return (("time", units.TIME[one]),) if one in units.TIME else ((noun_of(one), 1.0),)
    once = units.ONCE.search(text)
    adverb = BILLED.match(text, end) or re.search(
        r"\b(monthly|yearly|annual)(?: price| fee| plan)?:? (?:is |of )?$", text[:start], re.I
    )
    if adverb:
        return (("time", units.TIME[units.PER_ADVERB[adverb[1].lower()]]),)
    if once and not re.search(r"at once", text, re.IGNORECASE):
        return (("once", 1.0),)
    return ()


def with_per(text: str, number: Number, end: int, dim: str, unit: str, low: float, high: float) -> Quantity:
    per, end = read_per(text, end, allowed=not (dim == "time" and number.article))
    if dim in ("time", "bytes") and per and per[0][0] not in ("time", "token", "image", "page", "request"):
        per = ()
    return Quantity(number.start, end, low, high, number.bound, dim, unit, per, number.in_words, number.article)
