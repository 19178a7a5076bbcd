"""Whose price an amount is: the tool's own, or struck through, an add-on, a boast of revenue, another tool's."""

import re
from functools import lru_cache

from crawler.extract.amounts import Amount
from crawler.extract.price_reading import PriceReading
from crawler.extract.spans import inside

NOT_PRICE_BEFORE = re.compile(
    r"(?:\+\s?|[~≈≤<]\s?|\b(?:(?:never|stop|why|don['’]t|instead of|from) pay(?:ing)?|"
    r"save|saves|saving|savings of|worth|valued at|value|was|were|instead of|"
    r"normally|regular(?:ly)?|originally|"
    r"raised|generate[sd]?|make|earn(?:ed|s)?|revenue of|up to|over|more than|additional|extra|"
    r"overages?(?: at)?|discount of|get|bonus of|vs\.?|"
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
    r"\b(?:affiliates?|commissions?|payouts?|donat(?:e|es|ion|ions)|sponsor (?:us|me)|"
    r"MRR|ARR|funding|raised|revenue|other tools|competitors?|provider(?:'s)? costs?|"
    r"converted at|intro price|estimates?|salary|hire|hiring|agency would|freelancer)\b",
    re.I,
)
ADDED = re.compile(
    r"\b(?:add[\s-]?ons?|overages?|additional|top[\s-]?ups?|(?:each|every|per) (?:extra|further)|(?:extra|more) "
    r"(?:\w+ )?(?:seats?|users?|members?|credits?|storage|workspaces?|projects?|messages?|minutes|usage|editors?))\b",
    re.I,
)
OTHERS_ASK = re.compile(
    r"\b(?:others|elsewhere|(?:an?|any|your own|small|cheap) (?:\w+ )?(?:server|vps|droplet)|"
    r"agenc(?:y|ies)|freelancers|consultants|incumbents|(?:most|typical|similar|traditional|"
    r"competing|legacy|big|other) (?:\w+ )?(?:tools|apps|platforms|services|products|vendors|suites|software))\b"
    r"(?! (?:and|or) us)",
    re.I,
)
FOR_SOME = re.compile(
    r"\b(?:students?|educat(?:ion|ional|ors?)|teachers?|academics?|schools?|non-?profits?|charit(?:y|ies)|étudiants?|"
    r"studenten|estudiantes?)\b",
    re.I,
)
THEN = re.compile(r"\b(?:renew(?:al|als|s)?(?: for| at| is|:)?|then|after that|afterwards|thereafter),?\s?$", re.I)
BEGUN = re.compile(r"\b(?:free|first|trial|intro\w*|today|gratis|kostenlos)\b", re.I)
SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
CLAUSE_END = re.compile(r"[.,;?!](?=\s|$)|\b(?:plus|and)\b|[$€£¥₹]\s?\d")
OTHERS_SECTION = re.compile(
    r"\b(?:replac(?:e|es|ed|ing)|the old way|others (?:charge|pay)|you(?:['’]d| would) pay|"
    r"estimates?|calculator|competitors?|comparison|compares?|versus|vs|alternatives?|add[\s-]?on(?:s)?|"
    r"testimonials?|stor(?:y|ies)|"
    r"customers say|roi|savings?|provider (?:pricing|costs?|prices)|what they cost|case stud)",
    re.I,
)


def is_own_price(reading: PriceReading, one: Amount) -> bool:
    start, end = reading.line(one.start)
    before = reading.text[max(start, one.start - 40) : one.start]
    if reading.unspoken and inside(one.start, one.start + 1, reading.unspoken):
        return False
    if NOT_PRICE_BEFORE.search(before) if before else NOT_PRICE_BEFORE.fullmatch(_line_above(reading, start)):
        return False
    if any(NOT_PRICE_AFTER.match(reading.text, end_of_words) for end_of_words in {one.number_end, one.end}):
        return False
    if before and THEN.search(before) and not BEGUN.search(reading.text[max(0, one.start - 90) : one.start]):
        return False
    if _said_of_others(*_beside(reading, one, start, end)):
        return False
    return not _in_others_section(reading, one) and not _in_others_column(reading, one)


def _beside(reading: PriceReading, one: Amount, start: int, end: int) -> tuple[str, str]:
    """What the line says before and after an amount."""
    return reading.text[start : one.start], reading.text[one.end : end]


@lru_cache(maxsize=2048)
def _said_of_others(before: str, after: str) -> bool:
    """The sentence speaks of revenue, of another's price, or of something bought on top."""
    before = SENTENCE_END.split(before)[-1]
    if OTHERS_ASK.search(before) or ADDED.search(_after_last_sum(before)):
        return True
    if ADDED.search(CLAUSE_END.split(after, maxsplit=1)[0]):
        return True
    return NOT_PRICE_LINE.search(f"{before} {SENTENCE_END.split(after, maxsplit=1)[0]}") is not None


@lru_cache(maxsize=2048)
def _said_of_some(before: str, after: str) -> bool:
    before, after = SENTENCE_END.split(before)[-1], CLAUSE_END.split(after, maxsplit=1)[0]
    return FOR_SOME.search(f"{before} {after}") is not None


def _after_last_sum(words: str) -> str:
    return words[max(words.rfind(sign) for sign in "$€£¥₹") + 1 :]


@lru_cache(maxsize=2048)
def _of_some(plan: str) -> bool:
    return FOR_SOME.search(plan) is not None


def _line_above(reading: PriceReading, start: int) -> str:
    return reading.text[max(0, start - 40) : start].rstrip("\n").rpartition("\n")[2]


def _in_others_section(reading: PriceReading, one: Amount) -> bool:
    near = reading.headings_before(one.start, 1)
    if near and _of_others(near[0]):
        return True
    if not reading.own_keys:
        return False
    in_table = inside(one.start, one.start + 1, reading.table_ground)
    return in_table or any(_of_others(words) for words in reading.headings_before(one.start, 6))


@lru_cache(maxsize=2048)
def _of_others(heading: str) -> bool:
    return OTHERS_SECTION.search(heading[:1000]) is not None


def _in_others_column(reading: PriceReading, one: Amount) -> bool:
    """In a table that sets this tool beside others, only its own column is its price."""
    table = next(((a, b) for a, b in reading.columns.tables if a <= one.start < b), None)
    own = re.sub(r"\W", "", reading.page.name).lower() if table else ""
    if table is None or not own:
        return False
    start, end = reading.line(table[0])
    heads = [re.sub(r"\W", "", reading.text[a:b]).lower() for a, b in reading.columns.cells if start <= a and b <= end]
    return own in heads and re.sub(r"\W", "", reading.columns.at(one.start)[1]).lower() != own


def is_for_some(reading: PriceReading, one: Amount) -> bool:
    """A price for students, teachers or charities, which others do not get."""
    if one.plan and _of_some(one.plan):
        return True
    return _said_of_some(*_beside(reading, one, *reading.line(one.start)))
