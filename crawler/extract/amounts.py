"""The sums of money on a page, one by one, each with its currency and its period."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice, zip_longest
from typing import NamedTuple

from price_parser import Price

from crawler.extract.page import Page
from crawler.extract.periods import ONE_OFF, YEARLY_BILL, period_after
from crawler.extract.price_reading import PriceReading
from crawler.extract.structured import offers_of

MAX_AMOUNTS = 150  # what has more is a list of things for sale, and no one's plans
CURRENCIES = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "CNY", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "RS": "INR", "ZŁ": "PLN", "KR": "SEK", "元": "CNY", "円": "JPY",
}  # fmt: skip
CODES = "USD|EUR|GBP|INR|JPY|CNY|CAD|AUD|CHF|BRL|SEK|NOK|DKK|PLN|KRW|SGD|NZD|HKD|CZK|ILS|MXN"
GROUPED = r"\d{1,3}(?:[,.'’]\d{3}){1,3}(?![\d])(?:[.,]\d{1,2}(?!\d))?"
PLAIN = r"\d{1,7}(?:\s?[.,]\d{1,8})?"
AMOUNT = re.compile(
    rf"(?:(?<![A-Za-z])(?P<sign>(?:US|AU?|CA?|NZ|HK|S|R)?\$|[€£¥￥₹₩₽₺]|(?:{CODES})(?=\s?\d)|"
    rf"Rs\.?(?=\s?\d))\s{{0,2}}(?P<first>{GROUPED}|{PLAIN}|\.\d{{1,8}}))"
    rf"|(?:(?<![\w.,$€£])(?P<last>\d{{1,3}}(?:[ \u00a0]\d{{3}}){{1,2}}(?!\d)(?:,\d{{2}})?|{GROUPED}|"
    rf"{PLAIN})\s?(?P<after>[€£₽₺元円]|zł|kr(?![a-z])|kr(?=per\s)|(?:{CODES})(?![A-Z\d])|\$(?!\s?\d)))"
)
UNSIGNED = re.compile(
    r"(?m)^(?P<sign>)(?P<first>)(?P<last>\d{1,4}(?:[.,]\d{2})?)(?P<after>)(?=\s?(?:/|per)\s?(?:mo|month|yr|year)\b)"
)
SIGN = re.compile(r"[$€£¥￥₹₩₽₺]")
SIGN_AFTER = re.compile(rf"\d\s?(?:[€£₽₺元円$]|zł|kr|{CODES})")
BEGINNING = re.compile(r"[\d$€£¥￥₹₩₽₺]\d*")
BEGINNING_CODED = re.compile(rf"(?:{CODES}|Rs\.?)(?=\s?\d)|[\d$€£¥￥₹₩₽₺]\d*")
ANY_CODE = re.compile(rf"{CODES}|Rs")
CODE = re.compile(rf"(?:{CODES}|Rs\.?)(?=\s?\d)")
MONEY_TRACE = re.compile(rf"[$€£¥￥₹₩₽₺元円]|zł|kr|Rs|{CODES}")
JOINT = re.compile(r"\s{0,2}(?:(to|–|—|-|or|bis|à)|[/|(·,])?\s{0,2}")
PACK = re.compile(
    r"[^\S\n]?(?:(for|=|→|buys)[^\S\n])?\s?\+?\d[\d.,]{0,9}[kKM]?\s(?:\w{1,12}\s)?(?:credits?|tokens?|coins?|images?|"
    r"minutes|photos|exports|pages|generations)\b(?!\s?(?:/|per\b|each\b|every\b|an?\b|monthly))"
)
DOLLARS = re.compile(r"\s?(AUD|CAD|NZD|SGD|HKD|MXN|USD)(?![A-Z])")
ONCE_BEFORE = re.compile(r"\b(?:one[\s-]time (?:payment|fee|purchase|price) of|once for|lifetime for)\s$", re.I)
NO_CENTS = re.compile(r"[.,]\s?[–—-]{1,2}")
RAISED = re.compile(r"\s?(\d\d)(?!\d)")
MAGNITUDE = re.compile(r"\s?(?:[KkMB]\b|[KMB]\+|million\b|billion\b|\+(?!\s?[\w$]))")


class Amount(NamedTuple):
    """A sum of money in the text, with what it is paid for."""

    amount: Decimal
    currency: str | None
    start: int
    end: int  # after the period's words
    number_end: int  # before them
    period: str | None = None
    per: str | None = None
    billed_yearly: bool = False
    in_card: bool = False
    plan: str | None = None
    plan_start: int | None = None


def amounts_of(reading: PriceReading) -> list[Amount]:
    found = list(_read(reading, sums_in(reading.text)))
    if not found and reading.is_pricing:
        found = list(_read(reading, UNSIGNED.finditer(reading.text)))
    return _with_shared_periods(reading, _without_old_prices(found))


def sums_in(text: str) -> Iterator[re.Match[str]]:
    """Every match of AMOUNT, in order; looked for only where a sign or a number begins."""
    done = 0
    for beginning in _beginnings(text):
        at = beginning.start()
        if at < done:
            continue
        before = text[at - 1] if at else ""
        for start in (at - 2, at - 1, at) if before.isalpha() and at - 2 >= done else (at,):
            if match := AMOUNT.match(text, start):
                done = match.end()
                yield match
                break


def _beginnings(text: str) -> Iterator[re.Match[str]]:
    """Where an amount may begin, as loosely as the signs and codes on the page allow."""
    if text.isascii() and "$" not in text and "kr" not in text and not ANY_CODE.search(text):
        return iter(())  # there is no other sign in plain ASCII
    if CODE.search(text):
        return BEGINNING_CODED.finditer(text)
    return (BEGINNING if SIGN_AFTER.search(text) else SIGN).finditer(text)


def holds_a_sum(text: str) -> bool:
    return MONEY_TRACE.search(text) is not None and next(sums_in(text), None) is not None


def plain_number(amount: Decimal) -> str:
    words = f"{amount:f}"
    return (words.rstrip("0").rstrip(".") if "." in words else words) or "0"


def _read(reading: PriceReading, matches: Iterator[re.Match[str]]) -> Iterator[Amount]:
    for match in islice(matches, MAX_AMOUNTS):
        amount = _read_amount(reading, match)
        if amount is not None:
            yield amount


def _read_amount(reading: PriceReading, match: re.Match[str]) -> Amount | None:
    sign, first, last, after = match.group("sign", "first", "last", "after")
    sign = (sign or after or "").upper().rstrip(".")
    currency = CURRENCIES.get(sign, sign) or _stated_currency(reading.page)
    number, end = _with_cents(reading, first or last, match.end())
    if sign == "$" and (dollars := DOLLARS.match(reading.text, end)):
        currency, end = dollars[1], dollars.end()
    value = _decimal(number, currency)
    if value is None or MAGNITUDE.match(reading.text, end):
        return None
    period, per, after = period_after(reading.text, end)
    tail = reading.text[after : after + 70]
    yearly = YEARLY_BILL.search(tail)
    if yearly and (following := next(sums_in(tail), None)) and following.start() < yearly.end():
        yearly = None  # that is said of the next amount
    if period is None and _is_paid_once(reading, match.start(), tail):
        period = "once"
    if period is None and yearly:
        period = "year"
    return Amount(value, currency, match.start(), after, match.end(), period, per, yearly is not None)


def _with_cents(reading: PriceReading, number: str, end: int) -> tuple[str, int]:
    raised = RAISED.match(reading.text[end : end + 4]) if reading.raised else None
    if raised and number.isdigit() and end + raised.start(1) in reading.raised:
        return f"{number}.{raised[1]}", end + raised.end()
    none = NO_CENTS.match(reading.text, end) if reading.text[end : end + 1] in (".", ",") else None
    return number, none.end() if none else end


@lru_cache(maxsize=2048)
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
        for offer in offers_of(item):
            code = offer.get("priceCurrency")
            if isinstance(code, str) and re.fullmatch(r"[A-Z]{3}", code):
                return code
    return None


def _is_paid_once(reading: PriceReading, start: int, tail: str) -> bool:
    if ONE_OFF.search(tail[:40].partition("\n\n")[0]) or _buys_a_pack(reading, tail):
        return True
    return ONCE_BEFORE.search(reading.text, max(0, start - 24), start) is not None


def _buys_a_pack(reading: PriceReading, tail: str) -> bool:
    pack = PACK.match(tail)
    return pack is not None and (pack[1] is not None or reading.sells_packs)


def _with_shared_periods(reading: PriceReading, amounts: list[Amount]) -> list[Amount]:
    """Of "$19 / €18 per month" and "$19 to $99 per month" both sums are asked each month."""
    kept = []
    for one, following in zip_longest(amounts, amounts[1:]):
        if following is not None and one.period is None and following.period and one.end <= following.start:
            joint = JOINT.fullmatch(reading.text, one.end, following.start)
            if joint and (joint[1] or one.currency != following.currency):
                one = one._replace(period=following.period, per=following.per, billed_yearly=following.billed_yearly)
        kept.append(one)
    return kept


def _without_old_prices(amounts: list[Amount]) -> list[Amount]:
    """Of two prices side by side the first, higher and without a period, is the old one."""
    kept = []
    for one, following in zip_longest(amounts, amounts[1:]):
        beside = following is not None and following.start - one.end <= 3 and not one.period
        old = beside and following is not None and one.amount > following.amount and following.currency == one.currency
        if not old:
            kept.append(one)
    return kept
