"""Numbers as they are written: digits with separators and scales, words, halves, ranges and bounds."""

import re
from dataclasses import dataclass

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
UNITS += "seventeen eighteen nineteen".split()
SMALL = {word: value for value, word in enumerate(UNITS)}
SMALL |= {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
LARGE |= {"hundreds": 100, "thousands": 1000, "millions": 10**6}
SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9}
SCALES |= {"billion": 1e9, "t": 1e12, "trillion": 1e12}

DIGITS = re.compile(
    r"(?<![A-Za-z0-9_.])(?<!\d,)(\d{1,3}(?:[,\u202f\u00a0'’ ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
    r"(?:[\s-]?(thousand|million|billion|trillion|mio|mn|bn)(?![a-z])|\s?([kKMBT])(?![A-Za-z])|(m)(?![A-Za-z]))?"
)
ONE_WORD = rf"(?:{'|'.join(sorted({*SMALL, *LARGE}, key=len, reverse=True))})"
WORDS = re.compile(
    rf"\b(?:(half) an?[\s-]|(an?) |(a few|several|many|some|a couple of) )?"
    rf"({ONE_WORD}(?:(?:(?<=hundred) and|(?<=thousand) and)?[\s-]+{ONE_WORD})*)"
    rf"( and a half(?:[\s-](?:thousand|million|billion|trillion))?)?\b",
    re.IGNORECASE,
)
HALF = re.compile(
    (
        r"\b(?:(?:(an?|one|two|three|four|five|six|seven|eight|nine) )?"
        r"(half|quarter|third|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth|fiftieth|hundredth"
        r"|thousandth)s?(?:[\s-]of)?[\s-](?:an?)[\s-](thousand\b|million\b|billion\b)?)"
    ),
    re.IGNORECASE,
)
PART = {
    "half": 2,
    "quarter": 4,
    "third": 3,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "twentieth": 20,
    "fiftieth": 50,
    "tenth": 10,
    "hundredth": 100,
    "thousandth": 1000,
}
ARTICLE = re.compile(
    r"\b(an?|one|every|(?<=within )the(?= (?:hour|day|week|month|minute|year|quarter)\b))[\s-](?!few\b|couple\b"
    r"|lot\b|bit\b)(?=[a-z])",
    re.IGNORECASE,
)
PART_OF = re.compile(r"\b(?:quarter|third|fifth|tenth)s? of $", re.IGNORECASE)
AND_A_HALF = re.compile(r" and a half\b", re.IGNORECASE)

MIN = r"at least|at minimum|no (?:less|fewer) than|(?:a )?minimum(?: of)?|more than|greater than|over|above|beyond"
MIN += r"|upwards of|north of|exceed(?:s|ing)?|past|>=?|≥|well over|just over|a little over"
UNDER = r"under|below|less than|fewer than|within|sub|<=?|≤|in less than|lower than|south of"
UP_TO = (
    r"up to|at most|no more than|(?:a )?max(?:imum)?(?: of)?|capped at|limited to|as (?:many|much|long|large|big) as"
)
ABOUT = r"~|≈|about|around|roughly|approximately|approx\.?|circa|call it|some|or so|close to|in the region of"
NEARLY = r"nearly|the better part of|pushing|shy of|almost|not quite|just under|just short of|approaching|close on"
BEFORE = re.compile(
    rf"(?:(?P<min>{MIN})|(?P<under>{UNDER})|(?P<upto>{UP_TO})|(?P<about>{ABOUT})|(?P<nearly>{NEARLY}))"
    r"[\s-]*(?:an? |the |some )?(?:US)?[$€£¥]?\s?$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:never|not|nothing|nobody|no(?: \w+)?|cannot|rarely)(?: \w+){0,3} $|n['’]t(?: \w+){0,3} $", re.IGNORECASE
)
CALLED = re.compile(
    r"[^.,;:!?]{0,30}? (?:is|are|seems|remains) (?:both |still )?(?:the |an? |its |their )?(?:hard |absolute "
    r"|strict |official )?"
    r"(?:(?P<most>ceiling|maximum|cap|upper limit|limit|most (?:you|it)|very most|roof)"
    r"|(?:floor|minimum|very least|least (?:you|it)|entry requirement|lower limit))\b",
    re.IGNORECASE,
)
# 'anything over two hours gets chopped' says two hours is the most there is.
PAST_LIMIT = re.compile(
    r"\b(?:anything|everything|whatever|all|files?|calls?|recordings?|videos?|meetings?|clips?|documents?) (?:\w+ )?"
    r"(?:over|above|beyond|past|(?:longer|bigger|larger|more) than)\s(?:an? )?[$€£]?$",
    re.IGNORECASE,
)
FLIPPED = {"under": "min", "min": "upto"}
COUNTING = re.compile(r"(?: [\w-]+){0,3} and counting\b")
AFTER_MIN = re.compile(r"\s?(?:\+|or (?:more|newer|later|above|higher|greater|up)\b)", re.IGNORECASE)
AFTER_ABOUT = re.compile(r"-odd\b|-ish\b|,? or so\b|,? give or take", re.IGNORECASE)
AFTER_MAX = re.compile(r"\s?(?:or (?:less|fewer|under|below|lower)\b|at most\b|tops\b|maximum\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    start: int
    end: int
    low: float
    high: float
    bound: str = ""  # min · under · upto · about · nearly · range
    in_words: bool = False
    article: bool = False  # 'a week', 'an hour': one of something, said in passing
    scale: str = ""


def find_numbers(text: str) -> list[Number]:
    """Every number in order, ranges joined, each with the bound that stands beside it."""
    found = [digits_number(text, match) for match in DIGITS.finditer(text)]
    for reader in (word_numbers, half_numbers, article_numbers):
        for number in reader(text):
            if not any(number.start < other.end and other.start < number.end for other in found):
                found.append(number)
    found.sort(key=lambda number: number.start)
    return [bounded(text, number) for number in joined_ranges(text, found)]


def digits_number(text: str, match: re.Match[str]) -> Number:
    scale = (match[2] or match[3] or "").lower()
    end = match.end()
    before = text[max(0, match.start() - 4) : match.start()]
    if match[4]:  # a lone 'm' is millions only of money: '$12m'
        scale, end = ("m", end) if re.search(r"[$€£]\s?$", before) else ("", end - 1)
    near_euro = "€" in before or "€" in text[match.end(1) : match.end(1) + 3]
    value = plain_value(match[1], near_euro) * SCALES.get(scale, 1)
    if text[match.end(1) : match.end(1) + 1] == " " and not scale:
        end = match.end(1)
    return Number(match.start(), end, value, value, scale=scale)


def plain_value(written: str, european: bool = False) -> float:
    digits = re.sub(r"[\u202f\u00a0'’ ]", "", written).rstrip(".,")
    if european and re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    whole, _, rest = digits.replace(",", "").partition(".")
    return float(f"{whole[:18]}.{rest.replace('.', '')[:12] or 0}")


def word_numbers(text: str) -> list[Number]:
    found = []
    for match in WORDS.finditer(text):
        if PART_OF.search(text[: match.start()]) or re.match(
            r"[\s-](?:thirds|quarters|fifths|tenths|hundredths)\b", text[match.end() :]
        ):
            continue
        if match[3] or match[4].lower() in ("hundreds", "thousands", "millions"):
            continue  # 'a few hundred' says no number
        value = word_value(match[4]) * (0.5 if match[1] else 1)
        if match[5]:
            value = (value + 0.5) * LARGE.get(match[5].split()[-1].split("-")[-1].lower(), 1)
        if value == 1 and not match[5] and "hundred" not in match[4].lower():
            found.append(Number(match.start(), match.end(), 1, 1, in_words=True, article=True))
        else:
            found.append(Number(match.start(), match.end(), value, value, in_words=True))
    return found


def word_value(words: str) -> float:
    total, group = 0.0, 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in SMALL:
            group += SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in LARGE:
            total, group = total + (group or 1) * LARGE[word], 0.0
    return total + group


def half_numbers(text: str) -> list[Number]:
    return [
        Number(match.start(), match.end() - (not match[3]), value, value, "about" if match[3] else "", in_words=True)
        for match in HALF.finditer(text)
        for part in [SMALL.get((match[1] or "one").lower(), 1) / PART[match[2].lower()]]
        for value in [part * LARGE.get((match[3] or "").lower(), 1)]
    ]


def article_numbers(text: str) -> list[Number]:
    return [
        Number(match.start(), match.end() - 1, 1, 1, in_words=True, article=True) for match in ARTICLE.finditer(text)
    ]


def joined_ranges(text: str, numbers: list[Number]) -> list[Number]:
    joined: list[Number] = []
    for number in numbers:
        last = joined[-1] if joined else None
        if last and not number.article and is_range(text, last, number):
            low = last.low if last.scale or not number.scale else last.low * SCALES[number.scale]
            if low < number.high:
                joined[-1] = Number(last.start, number.end, low, number.high, "range", last.in_words)
                continue
        joined.append(number)
    return joined


RANGE = re.compile(r"\s?(?:[-–—]|to)\s?(?:US)?[$€£]?\s?", re.IGNORECASE)


def is_range(text: str, first: Number, second: Number) -> bool:
    between = text[first.end : second.start]
    between = re.sub(r"^\s?(?:ms|s|seconds|minutes|hours|days|%|GB|MB|€|dollars|euros)(?=\s|[-–—])", "", between)
    if RANGE.fullmatch(between):
        return True
    return between.strip().lower() == "and" and text[: first.start].rstrip(" $€£").lower().endswith("between")


def bounded(text: str, number: Number) -> Number:
    if number.bound:
        return number
    before = BEFORE.search(text[max(0, number.start - 30) : number.start])
    bound = before.lastgroup if before else ""
    end = number.end + (text[number.end : number.end + 1] == "+")
    if AFTER_MIN.match(text, number.end) or COUNTING.match(text, number.end):
        bound = "min"
    elif AFTER_MAX.match(text, number.end):
        bound = "upto"
    elif AFTER_ABOUT.match(text, number.end):
        bound = "about"
    if not bound and (called := CALLED.match(text, number.end)):
        bound = "upto" if called["most"] else "min"
    if bound == "min" and PAST_LIMIT.search(text[: number.start]):
        bound = "upto"
    if before and bound in FLIPPED and DENIED.search(text[: number.start - len(before[0])]):
        bound = FLIPPED[bound]
    return Number(
        number.start, end, number.low, number.high, bound or "", number.in_words, number.article, number.scale
    )
