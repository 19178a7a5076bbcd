"""What a price or a rate is per: a month, a seat, a thousand tokens."""

import re

from panel.claims import numbers, units
from panel.claims.units import noun_of, singular

WORD = re.compile(r"[\s-]{0,2}([A-Za-zµéñ円¢]+(?:['’]s)?)")
PER = re.compile(
    r"[\s-]*(?:\b(?:buys|gets you|pays for)(?: you| us| me)? (?:an?|one)(?=\s(?:thousand|million|billion|hour"
    r"|minute|month|year|day)\b)|\(?\s?/\s?|\bper[\s-]"
    r"|\ba(?=\s)|\ban(?=\s)|\beach(?=\s)|\bevery(?=\s)|\bfor (?:each"
    r"|every)(?=\s)|\bpro(?=\s)"
    r"|\bpar(?=\s)|\bal(?=\s)|\bper(?=\s)|\bthe(?=\s(?:seat|hour|month|year|million|thousand)))\s*",
    re.IGNORECASE,
)
PER_SCALE = re.compile(
    r"(?:(\d[\d,.]*)\s?)?(thousand|million|billion|hundred|[KkMB](?![a-z]))?[\s-]?(?=[A-Za-z]|$|[).,;:])"
)
BILLED = re.compile(
    r"[,\s(]*(?:billed|paid|charged|invoiced)?\s?\b(monthly|yearly|annually|daily|weekly|hourly|apiece)\b", re.I
)
BEFORE_PER = re.compile(
    r" of \w+(?: (?!takes|costs|is|are|for)\w+)?(?= (?:per \w|every \w|an? (?:month|year"
    r"|day|week|seat"
    r"|user)\b))|,(?= per\b)",
    re.IGNORECASE,
)
FILLER = {*"active single named input output new extra additional generated processed audio video billed".split()}
FILLER |= {*"credits completion prompt cached developer editor".split()} - {"developer", "editor"}


def read_per(text: str, end: int, allowed: bool = True) -> tuple[tuple[tuple[str, float], ...], int]:
    per: list[tuple[str, float]] = []
    while allowed and len(per) < 3:
        between = BEFORE_PER.match(text, end)
        lead = PER.match(text, between.end() if between else end)
        scale = PER_SCALE.match(text, lead.end()) if lead else None
        if not lead or not scale:
            break
        amount = numbers.plain_value(scale[1]) if scale[1] else 1.0
        amount *= numbers.LARGE.get((scale[2] or "").lower()) or numbers.SCALES.get((scale[2] or "").lower(), 1)
        read = per_unit(text, scale.end(), amount)
        if read is None:
            break
        name, factor, end = read
        per.append((name, factor * amount))
    adverb = BILLED.match(text, end)
    if adverb and allowed and not any(name == "time" for name, _ in per) and adverb[1].lower() != "apiece":
        per.append(("time", units.TIME[units.PER_ADVERB[adverb[1].lower()]]))
        end = adverb.end()
    return tuple(sorted(per)), end


def per_unit(text: str, end: int, amount: float) -> tuple[str, float, int] | None:
    for _ in range(3):
        word = WORD.match(text, end)
        if not word:
            break
        one = singular(word[1])
        if one in units.TIME and one not in ("an", "us"):
            tail = re.compile(r" of (?:audio|video|speech)").match(text, word.end())
            return "time", units.TIME[one], tail.end() if tail else word.end()
        if one in units.BYTES:
            return "bytes", units.BYTES[one], word.end()
        if noun_of(one) in units.COUNTED and (one not in FILLER):
            return noun_of(one), 1.0, word.end()
        if one not in FILLER and one != "gpu":
            break
        end = word.end()
    return ("token", 1.0, end) if amount >= 1000 else None
