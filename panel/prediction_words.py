"""What in a review's quote can turn out false by a day: sentences that name their time, and the day that means.

An offer, not a judgement: the editor words it, says how likely it is and how it will be settled.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SHORTEST, LONGEST = 10, 300
FURTHEST_YEARS = 5
MOST_OFFERED = 5
MOST_READ = 5000  # characters of a quote; one is shorter by rule

NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
COUNTS = {word: count for count, word in enumerate(NUMBERS, 1)} | {
    **{"a": 1, "an": 1, "the next": 1, "a couple of": 2, "couple of": 2, "eighteen": 18, "twenty-four": 24}
}
MONTHS = "january february march april may june july august september october november december".split()
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}

COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
NEXT = r"(?:the (?:next|coming) )?"
LONG = rf"{NEXT}{COUNT}[ -](?P<unit>month|quarter|year)s?\b"
SPAN = rf"{NEXT}{COUNT}[ -](?P<unit>day|week|month|quarter|year)s?\b"
YEAR = r"(?P<year>20\d\d)\b"
MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
THIS_YEAR = r"(?:(?:this|the) (?:calendar )?year\b(?!['’]s| 20)|(?:this|the) year['’]s end\b|year['’]?s?[ -]end\b)"
END = r"(?:the )?(?:very )?(?:end|close) of "


@dataclass(frozen=True)
class Suggested:
    """A sentence of a quote and the last day on which it may come true. The probability is the editor's to say."""

    statement: str
    resolve_by: date
    words: str  # those that name the time
    probability: float | None = None


def suggest(review_quote: str, now: datetime) -> list[Suggested]:
    """In the quote's order; at most one offer a sentence. What lies in the past or too far ahead is not offered."""
    offers = (offer for sentence in sentences(review_quote[:MOST_READ]) if (offer := read_sentence(sentence, now)))
    return [offer for _, offer in zip(range(MOST_OFFERED), offers, strict=False)]


def sentences(text: str) -> list[str]:
    """A stop ends a sentence only before a capital, so '1.3 is' and 'e.g. this' go on."""
    return re.split(r"(?<=[.!?…])\s+(?=[\"'“‘(]?[A-Z0-9])", " ".join(text.split()))


def read_sentence(sentence: str, now: datetime) -> Suggested | None:
    if len(sentence) < SHORTEST or sentence.endswith("?"):
        return None
    today = now.date()
    for words, day in times_of(sentence, today):
        if today < day <= furthest(today):
            return Suggested(shorten(sentence), day, words)
    return None


def shorten(sentence: str) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    return sentence[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def furthest(today: date) -> date:
    return add_months(today, 12 * FURTHEST_YEARS)


# ── words of time ────────────────────────────────────────────────────────────────────────────────

Reader = Callable[[re.Match[str], date], date | None]


def times_of(sentence: str, today: date) -> Iterator[tuple[str, date]]:
    """Surest words first; those that also tell of the past count only in a sentence about the future."""
    ahead, past = bool(AHEAD.search(sentence)), bool(PAST.search(sentence))
    for pattern, read, sure in TIMES:
        if not ahead and (past or not sure):
            continue
        for match in pattern.finditer(sentence):
            day = read(match, today)
            if day:
                yield match.group(), day


def add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def read_day(match: re.Match[str], today: date) -> date | None:
    month = match["month"]
    try:
        day = date(int(match["year"]), int(month) if month.isdigit() else month_number(month), int(match["day"]))
    except ValueError:  # the 31st of June
        return None
    return day - timedelta(days=is_before(match))


def read_month(match: re.Match[str], today: date) -> date:
    year, month = int(match["year"]), month_number(match["month"])
    return date(year, month, 1) - timedelta(days=1) if is_before(match) else end_of_month(year, month)


def read_quarter(match: re.Match[str], today: date) -> date:
    number = int(match["number"]) if match["number"] else QUARTERS[match["word"].lower()]
    year = int(match["year"])
    first = date(year, 3 * number - 2, 1)
    return first - timedelta(days=1) if is_before(match) else end_of_month(year, 3 * number)


def read_middle(match: re.Match[str], today: date) -> date:
    return date(int(match["year"]), 6, 30)


def read_end(match: re.Match[str], today: date) -> date:
    return date(int(match["year"]), 12, 31)


def read_start(match: re.Match[str], today: date) -> date:
    """'By 2027' is read strictly: before it begins."""
    return date(int(match["year"]) - 1, 12, 31)


def read_span(match: re.Match[str], today: date) -> date:
    written = match["count"].lower()
    count = int(written) if written.isdigit() else COUNTS[written]
    unit = match["unit"].lower()
    if unit in ("day", "week"):
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(today, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def read_this_year(match: re.Match[str], today: date) -> date:
    return date(today.year, 12, 31)


def read_next_year(match: re.Match[str], today: date) -> date:
    return date(today.year + 1, 12, 31)


def month_number(name: str) -> int:
    return MONTHS.index(name.lower()) + 1


def is_before(match: re.Match[str]) -> bool:
    return match["until"].lower() == "before"


UNTIL = r"\b(?P<until>by|before|until)\b "
AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|going to|expect|bet|wager|predict|forecast|thesis|should|kills|ends up|would need to"
    r"|am wrong|are wrong|becomes?)\b|['’]ll\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|had|did|been|rose|fell|grew|shipped|launched|raised|founded|doubled|cut|moved|became"
    r"|went|\w+ ago|last year|so far)\b",
    re.IGNORECASE,
)
# words → the day they mean → whether they speak of the future by themselves
TIMES: tuple[tuple[re.Pattern[str], Reader, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read, sure)
    for pattern, read, sure in (
        (rf"{UNTIL}(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", read_day, True),
        (rf"{UNTIL}(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH},? {YEAR}", read_day, True),
        (rf"{UNTIL}{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {YEAR}", read_day, True),
        (rf"{UNTIL}(?:{END})?{MONTH},? {YEAR}", read_month, True),
        (
            rf"{UNTIL}(?:{END})?(?:Q(?P<number>[1-4])|the (?P<word>{'|'.join(QUARTERS)}) quarter)(?: of)?,? {YEAR}",
            read_quarter,
            True,
        ),
        (rf"{UNTIL}(?:mid[- ]|the middle of ){YEAR}", read_middle, True),
        (rf"{UNTIL}(?:{END}|late |end[- ](?:of )?|(?:the )?year[- ]end ){YEAR}", read_end, True),
        (rf"\bbefore {YEAR} (?:is (?:out|over)|ends|closes)\b", read_end, True),
        (rf"\b(?:by|before) (?:the (?:year|(?:start|beginning) of) )?{YEAR}(?!-\d)", read_start, True),
        (rf"\b(?:within|inside) {LONG}(?!['’]? of\b)", read_span, True),
        (rf"\b{COUNT}[ -](?P<unit>day|week|month|quarter|year)s? from (?:now|today)\b", read_span, True),
        (rf"\b(?:in|over|during|within|inside) {SPAN}(?!['’]? of\b)", read_span, False),
        (rf"{UNTIL}(?:{END})?next year\b", read_next_year, True),
        (rf"\bbefore (?:this|the) year (?:is (?:out|over)|ends|closes)\b|\bwithin {THIS_YEAR}", read_this_year, True),
        (rf"{UNTIL}(?:{END})?{THIS_YEAR}", read_this_year, True),
        (r"\bthis year\b(?!['’]s)", read_this_year, False),
        (r"\bnext year\b(?!['’]s)", read_next_year, False),
        (rf"\b(?:in|during) {YEAR}", read_end, False),
    )
)
