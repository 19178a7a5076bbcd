"""What a price is paid for: its period, a seat, or a number of things, read from the words after the amount."""

import re
from decimal import Decimal
from functools import lru_cache

UNITS = (
    (
        r"months?|mo|m|mth|mois|monat|mes|mese|mês|maand|månad|mån|måned|mnd|md|miesiąc|mies|ay|ayda|месяц|мес|月|월",
        "month",
    ),
    (r"quarters?|quartal|trimestre", "quarter"),
    (r"years?|yr|annum|année|an|jahr|jaar|año|anno|ano|år|rok|yıl|год|年|y", "year"),
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
    r"workspaces?|sites?|websites?|domains?|hosts?|rooms?|stores?|brands?|channels?|accounts?|clients?|locations?|"
    r"bots?|devices?|servers?|teams?|organi[sz]ations?|repos?|repositor(?:y|ies)|apps?|photos?|clips?|songs?"
)
ANY_NOUN = r"[a-z]{3,15}(?=\s?(?:/|per|an?|every)\s?(?:month|mo|year|yr)\b)"
STEP = re.compile(
    rf"[\s*†(,·)]{{0,3}}(?:USD|EUR|GBP|HT|TTC)?[\s*]{{0,2}}(?:\+\s?\w{{3,12}}\s?)?(?:/|per\b|an?\b|each\b|every\b|"
    rf"par\b|pro\b|und\b|and\b|et\b|por\b|al\b|je\b|im\b|p[./]?(?=m\b)|(?=(?:user|seat|member|editor)s?\s?/))\s{{0,2}}"
    rf"(?:(?P<count>{COUNT})\s{{0,2}})?(?:input\s|output\s|active\s)?(?P<word>{SEATS}|{NOUNS}|"
    rf"{'|'.join(words for words, _ in UNITS)}|{ANY_NOUN})(?:(?!\w)|(?=per\s|billed\s|paid\s))",
    re.I,
)
WORDED = re.compile(
    r"[\s(,·*]{0,3}(?:USD|EUR)?\s?(?:if\s|when\s)?(?:billed\s|paid\s)?(?P<word>monthly|yearly|annually|one[\s-]time|once|"
    r"lifetime|forever|mensuel|"
    r"annuel|monatlich|jährlich|al\smes|al\smese|单次|一次性)\b",
    re.I,
)
WORDED_AS = {"monthly": "month", "mensuel": "month", "monatlich": "month", "al mes": "month", "al mese": "month",
             "yearly": "year", "annually": "year", "annuel": "year", "jährlich": "year"}  # fmt: skip
YEARLY_BILL = re.compile(
    r"(?:billed|paid|pay|charged|invoiced)\s(?:\w+\s){0,2}?(?:annually|yearly|per year|once a year)|/yr billed|"
    r"^\W{0,3}(?:with|on|if|when)\s(?:an?\s)?(?:annual|yearly)\b",
    re.I,
)
ONE_OFF = re.compile(
    r"\bone[\s-]time\b|\blifetime\b|\bpay once\b|\bonce\b|\bno subscription\b|\bper licen[cs]e\b", re.I
)
RECURRING = {"day": Decimal(30), "week": Decimal(4), "month": Decimal(1), "quarter": Decimal(1) / Decimal(3),
             "year": Decimal(1) / Decimal(12)}  # fmt: skip
HEADED = re.compile(r"/|\bper\b|\b(?:monthly|yearly|annual(?:ly)?|hourly)\b", re.I)
HEADED_AS = {"monthly": "month", "yearly": "year", "annual": "year", "annually": "year", "hourly": "hour"}
CARD_OF = re.compile(r"(?:pay |billed )?(?P<word>monthly|yearly|annual(?:ly)?|hourly)(?: plan| billing| pass)?", re.I)


def period_after(text: str, at: int) -> tuple[str | None, str | None, int]:
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
        elif period is None or (unit in RECURRING and period not in RECURRING):
            period = unit
        at = match.end()
    if period is None and (worded := WORDED.match(text, at)):
        period, at = WORDED_AS.get(worded["word"].lower(), "once"), worded.end()
    return period, per, at


@lru_cache(maxsize=500)
def period_in(heading: str) -> tuple[str | None, str | None]:
    """Period and seat that the head of a column or a row states for its prices: "Price per hour" is ("hour", None)."""
    for match in HEADED.finditer(heading[:120]):
        if worded := HEADED_AS.get(match[0].lower()):
            return worded, None
        period, per, _ = period_after(heading, match.start())
        if period:
            return period, per
    return None, None


@lru_cache(maxsize=500)
def period_named(card: str) -> str | None:
    """The period that a card has for a name: "Monthly", "Annual plan"."""
    named = CARD_OF.fullmatch(card.strip())
    return HEADED_AS[named["word"].lower()] if named else None


@lru_cache(maxsize=500)
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
