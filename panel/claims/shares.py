"""Shares and rhythms in words: 'nine in ten', 'three nines', 'a fifth off', 'once a day'."""

import re

from panel.claims import numbers, units
from panel.claims.numbers import find_numbers
from panel.claims.quantity import Quantity
from panel.claims.rates import WORD
from panel.claims.units import singular

IN_SHARE = re.compile(
    r"\s?(?:in|out of|of) (?:every |each |a )?(?:\d+|ten|hundred|twenty|five|four|three|thousand)\b", re.I
)
NINES = re.compile(r"\b(two|three|four|five) nines\b", re.IGNORECASE)
FRACTION = re.compile(
    r"\b(?:(a|one|two|three|four)[\s-])?(half|third|quarter|fifth|tenth)s?(?=[\s-](?:off|less|cheaper"
    r"|discount|faster|of the"
    r" (?:time|answers|requests|calls|price|cost)|of (?:all |its |their |your |the )?(?:tickets|calls"
    r"|requests|queries|users|customers|answers|cases|issues|conversations|questions|emails|tasks|teams"
    r"|companies|meetings|errors|bugs|tests|tokens|parameters|revenue|sales|staff|work|price|cost|time)\b"
    r"|smaller|fewer|in )|\b[,.]? off)|(?:(?<=\bby )|(?<=\bpay )|(?<=\bpays )|(?<=\bsaves )|(?<=\bsave )"
    r"|(?<=\bsaves you )|(?<=\bsave you )|(?<=\bby up to )"
    r"|(?<=[a-z] of up to )|(?<=\bcuts of )|(?<=\bsavings of ))(?:(a|one|two|three) )?(half"
    r"|third|quarter|fifth|tenth)s?\b|\b(?:cuts?|cutting|slashes|slash|sliced?)\b[^.;,]{1,40}\bin (half)\b",
    re.IGNORECASE,
)
SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}


OFTEN = re.compile(
    r"(?<!billed )(?<!paid )(?<!charged )\b(?P<adverb>hourly|daily|nightly|weekly)\b(?! (?:plan|price|active|users))"
    r"|\b(?:(?P<times>once|twice) (?:an?|per|every)|every) (?P<n>(?:\d+|two|three|four|five|six|ten"
    r"|fifteen|thirty) )?(?P<unit>seconds?|minutes?|hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)


def shares(text: str) -> list[Quantity]:
    """'95 of every 100', 'nine in ten', 'three nines', 'a fifth off': percentages all."""
    found = []
    for number in find_numbers(text):
        match = IN_SHARE.match(text, number.end) or IN_SHARE.match(text, end_of_noun(text, number.end))
        whole = find_numbers(match[0]) if match else []
        written = text[number.start : number.end].lower()
        if match and whole and written not in ("a", "an") and number.low < whole[-1].low and whole[-1].low >= 3:
            share = 100 * number.low / whole[-1].low
            found.append(Quantity(number.start, match.end(), share, share, "share", "percent", in_words=True))
    for match in NINES.finditer(text):
        share = 100 - 100 / 10 ** numbers.SMALL[match[1].lower()]
        found.append(Quantity(match.start(), match.end(), share, share, "", "percent"))
    for match in FRACTION.finditer(text):
        part, times = match[2] or match[4] or match[5], match[1] or match[3] or "one"
        share = SHARES[part.lower()] * numbers.SMALL.get(times.lower(), 1)
        found.append(Quantity(match.start(), match.end(), share, share, "", "percent", in_words=True))
    return found


def frequencies(text: str) -> list[Quantity]:
    """'hourly', 'once a day', 'every 15 minutes': seconds between two."""
    found = []
    for match in OFTEN.finditer(text):
        if match["adverb"]:
            seconds = units.TIME[units.PER_ADVERB[match["adverb"].lower()]]
        else:
            times = {"twice": 2.0}.get((match["times"] or "").lower(), 1.0)
            numbers_said = find_numbers(match["n"] or "")
            seconds = units.TIME[singular(match["unit"])] * (numbers_said[0].low if numbers_said else 1.0) / times
        found.append(Quantity(match.start(), match.end(), seconds, seconds, "", "frequency"))
    return found


def end_of_noun(text: str, end: int) -> int:
    word = WORD.match(text, end)
    return word.end() if word and singular(word[1]) in units.COUNTED | {"answer", "time"} else end
