"""The terms a page states for its tool: the licence, whether the weights are open, and the credit given free."""

import re
from collections.abc import Iterator
from itertools import islice

from crawler.extract.findings import Finding, finding, quotable, surest
from crawler.extract.licence import ALIASES, spdx_of
from crawler.extract.page import Page
from crawler.extract.prose import Prose, Sentence

# Licence

LICENCE_WORD = re.compile(r"licen[cs]|open[\s-]?sourced?\b|\bOSS\b|released under|weights", re.I)
LICENCE_NAME = re.compile(r"GPL|RAIL|SSPL|MPL|Apache|BSD|closed.source|proprietary")
LICENCE_TRACES = (
    "licen", "source", "oss", "released under", "weights", "gpl", "rail", "sspl", "mpl", "apache", "bsd", "proprietary",
)  # fmt: skip
LICENCE_STATED = re.compile(
    r"(?:licen[cs]ed?|released|available|distributed|open[\s-]?sourced?|"
    r"published)\s(?:\w{1,12}\s){0,3}?under\s(?:an?\s|the\s)?"
    r"(?P<under>[A-Za-z][\w.+-]{1,20}(?:\s(?:v?\d[\d.]{0,4}|Clause|License|Licence|Public|Community)){0,4})"
    r"|licen[cs]e\s?[:：]\s?(?P<named>[A-Za-z][\w.+-]{1,30}(?:\s(?:v?\d[\d.]{0,4}|Clause|License|Community)){0,3})"
    r"|open[\s-]source\s?\(\s?(?P<inside>[A-Z][\w.+ -]{1,20})\)",
    re.I,
)
CUSTOM_LICENCE = re.compile(
    r"\b(?P<name>(?:Llama|Gemma|Qwen|DeepSeek|Falcon|Mistral|Stability\sAI|Grok|Tongyi)[\w. -]{0,15}?"
    r"\s(?:(?:Community|Research|Non-Production|Model|Non-Commercial)\s){0,3}(?:Licen[cs]e|Terms(?:\sof\sUse)?)"
    r"|Sustainable\sUse\sLicen[cs]e|Commons\sClause|Functional\sSource\sLicen[cs]e|(?:Open)?RAIL(?:\+\+)?-M|"
    r"Fair\s(?:Core|Source)\sLicen[cs]e)",
    re.I,
)
PROPRIETARY = re.compile(r"\bproprietary\s(?:software|licen[cs]e|and\sclosed)|\bclosed[\s-]source\b", re.I)
NOT_OURS = re.compile(
    r"\b(?:converts?|becomes?|turns?|changes?|relicen[cs]ed?)\b.{0,40}$|\b(?:unlike|powered by|built on|"
    r"uses|using|other|"
    r"third[\s-]party|dependenc\w+|not|no longer|formerly|previously)\b[^.]{0,60}$",
    re.I,
)


def find_licences(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.mentioning(*LICENCE_TRACES):
        if LICENCE_WORD.search(sentence.text) or LICENCE_NAME.search(sentence.text):
            found += list(_licences_of(page, sentence))
    return surest(found)


def _licences_of(page: Page, sentence: Sentence) -> Iterator[Finding]:
    for spdx, at, sure in _spdx_of_sentence(sentence.text):
        doubt = 0.4 if NOT_OURS.search(sentence.text[max(0, at - 100) : at]) else 0.0
        yield finding(page, "licence", spdx, {"spdx": spdx}, quotable(sentence, at), sure - doubt)
    for match in CUSTOM_LICENCE.finditer(sentence.text):
        name = " ".join(match["name"].split())
        yield finding(page, "licence", name, {"custom": name}, quotable(sentence, match.start()), 0.75)
    for match in islice(PROPRIETARY.finditer(sentence.text), 1):
        doubt = 0.3 if NOT_OURS.search(sentence.text[max(0, match.start() - 100) : match.start()]) else 0.0
        yield finding(
            page, "licence", "proprietary", {"proprietary": True}, quotable(sentence, match.start()), 0.55 - doubt
        )


def _spdx_of_sentence(text: str) -> Iterator[tuple[str, int, float]]:
    taken: list[tuple[int, int]] = []
    for match in LICENCE_STATED.finditer(text):
        group = str(match.lastgroup)
        if spdx := _longest_spdx(match[group]):
            taken.append(match.span(group))
            yield spdx, match.start(), 0.9
    near = LICENCE_WORD.search(text) is not None
    for pattern, spdx in ALIASES:
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield spdx, match.start(), 0.8 if near else 0.55


def _longest_spdx(words: str) -> str | None:
    parts = words.split()
    tries = (" ".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((spdx for spdx in map(spdx_of, tries) if spdx), None)


# Weights

WEIGHTS = re.compile(
    r"\bopen[\s-]?weights?\b|\bweights\b[^.]{0,25}\b(?:open|released|public|published|downloadable|available)\b|"
    r"\bdownload(?:able)?\s(?:the\s|our\s|model\s){0,2}weights\b",
    re.I,
)
WEIGHTS_SHUT = re.compile(
    r"\bclosed[\s-]?weights?\b|\bweights\b[^.]{0,20}\b(?:not|never|aren['’]t)\b|\bno\s(?:open|public|model)\sweights\b",
    re.I,
)


def find_weights(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.mentioning("weight"):
        shut = WEIGHTS_SHUT.search(sentence.text)
        match = shut or WEIGHTS.search(sentence.text)
        if match:
            value = "closed" if shut else "open"
            span = quotable(sentence, match.start())
            found.append(finding(page, "weights", value, {"open": not shut}, span, 0.75))
    return surest(found, 1)


# Free credit

CREDIT = re.compile(
    r"(?P<sign>[$€£])\s?(?P<amount>\d[\d,]{0,8}(?:\.\d{1,2})?)(?P<before>\s?/\s?(?:month|"
    r"mo)\b)?\s(?:(?:worth\s)?(?:of|in)\s)?"
    r"(?:(?:free|monthly|compute|usage|API|starter|trial|platform|bonus|welcome)\s){0,3}credits?\b"
    r"|(?<![\w.,])(?P<count>\d[\d,]{0,8})\sfree\s(?:\w{1,12}\s)?credits\b",
    re.I,
)
EACH = re.compile(r"^\W{0,3}(?:per|a|each|every|/)\s?(?P<period>month|mo|day|week|year)\b", re.I)
CURRENCY_OF = {"$": "USD", "€": "EUR", "£": "GBP"}


def find_free_credits(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.mentioning("credit"):
        for match in CREDIT.finditer(sentence.text):
            if match["count"] or re.search(
                r"free|include|including|get|start|sign|new|bonus|welcome", sentence.text, re.I
            ):
                found.append(_credit_finding(page, sentence, match))
    return surest(found)


def _credit_finding(page: Page, sentence: Sentence, match: re.Match[str]) -> Finding:
    each = EACH.match(sentence.text[match.end() :])
    monthly = match["before"] or re.search(r"\bmonthly\b", match[0], re.I)
    period = {"mo": "month"}.get(each["period"].lower(), each["period"].lower()) if each else None
    period = period or ("month" if monthly else None)
    amount = (match["amount"] or match["count"]).replace(",", "")
    currency = CURRENCY_OF.get(match["sign"] or "")
    money = f"{match['sign']}{amount}" if currency else f"{amount} credits"
    value = f"{money} free credit" if currency else f"{amount} free credits"
    normal = {"amount": amount, "currency": currency, "period": period, "unit": None if currency else "credits"}
    free = 0.8 if re.search(r"\bfree\b", sentence.text, re.I) else 0.55
    return finding(
        page,
        "free_credit",
        f"{value} per {period}" if period else value,
        normal,
        quotable(sentence, match.start()),
        free,
    )
