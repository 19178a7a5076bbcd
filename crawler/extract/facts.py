"""Find what a page states about its tool, each statement with the words it rests on.

One small finder a kind of fact. Every finding quotes the page's visible text exactly, so that a later reader can
check it. Prices have a module of their own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from crawler.extract.licence import ALIASES, spdx_of
from crawler.extract.page import Page

MAX_CLAIMS = 12
MAX_OF_A_KEY = 4
MAX_SENTENCE = 400

SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"”’)]?\s+(?=[\"“(\w✅✓•])")


@dataclass(frozen=True)
class Finding:
    """One statement found on a page, and where: page.text[start:end] == quote."""

    key: str
    value: str
    normal: dict[str, Any]
    quote: str
    start: int
    end: int
    confidence: float


class Sentence(NamedTuple):
    """A sentence of the page's text, with its place."""

    text: str
    start: int
    end: int


def find_facts(page: Page) -> list[Finding]:
    """Every fact the page states, in a fixed order of kinds."""
    prose = list(sentences(page))
    finders = (_licences, _parameters, _context_lengths, _weights, _free_credits, _comparisons, _claims)
    return [finding for finder in finders for finding in finder(page, prose)]


def sentences(page: Page) -> Iterator[Sentence]:
    """The sentences people read, without program text; a line of the page never joins another."""
    code = cover(page.marked("code"))
    for line in re.finditer(r"[^\n]+", page.text):
        at = line.start()
        for cut in [*(m.span() for m in SENTENCE_END.finditer(line[0])), (len(line[0]), len(line[0]))]:
            end = line.start() + cut[0]
            if end > at and not inside(at, end, code):
                yield Sentence(page.text[at:end], at, end)
            at = line.start() + cut[1]


def finding(
    page: Page, key: str, value: str, normal: dict[str, Any], span: tuple[int, int], confidence: float
) -> Finding:
    """A finding whose quote is cut from the page itself."""
    start, end = span
    return Finding(key, value, normal, page.text[start:end], start, end, round(confidence, 2))


def cover(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ground as spans, in order and without overlap, so that it can be searched by halving."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def inside(start: int, end: int, ground: list[tuple[int, int]]) -> bool:
    """True where one span of the ground, as cover() gives it, holds the whole stretch."""
    at = bisect_right(ground, (start, 10**9)) - 1
    return at >= 0 and end <= ground[at][1]


def _whole(sentence: Sentence, around: int) -> tuple[int, int]:
    """The sentence's span, or as much of it around a place as a quote may hold."""
    if len(sentence.text) <= MAX_SENTENCE:
        return sentence.start, sentence.end
    start = max(0, around - MAX_SENTENCE // 2)
    return sentence.start + start, sentence.start + min(len(sentence.text), start + MAX_SENTENCE)


def _best(found: list[Finding], most: int = MAX_OF_A_KEY) -> list[Finding]:
    """One finding a value, the surest first."""
    best: dict[str, Finding] = {}
    for one in sorted((one for one in found if one.confidence >= 0.3), key=lambda one: (-one.confidence, one.start)):
        best.setdefault(one.value, one)
    return list(best.values())[:most]


# Licence

LICENCE_WORD = re.compile(r"licen[cs]|open[\s-]?sourced?\b|\bOSS\b|released under|weights", re.I)
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


def _licences(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        if LICENCE_WORD.search(sentence.text) or re.search(
            r"GPL|RAIL|SSPL|MPL|Apache|BSD|closed.source|proprietary", sentence.text
        ):
            found += list(_licences_of(page, sentence))
    return _best(found)


def _licences_of(page: Page, sentence: Sentence) -> Iterator[Finding]:
    for spdx, at, sure in _spdx_of_sentence(sentence.text):
        doubt = 0.4 if NOT_OURS.search(sentence.text[max(0, at - 100) : at]) else 0.0
        yield finding(page, "licence", spdx, {"spdx": spdx}, _whole(sentence, at), sure - doubt)
    for match in CUSTOM_LICENCE.finditer(sentence.text):
        name = " ".join(match["name"].split())
        yield finding(page, "licence", name, {"custom": name}, _whole(sentence, match.start()), 0.75)
    for match in islice(PROPRIETARY.finditer(sentence.text), 1):
        doubt = 0.3 if NOT_OURS.search(sentence.text[max(0, match.start() - 100) : match.start()]) else 0.0
        yield finding(
            page, "licence", "proprietary", {"proprietary": True}, _whole(sentence, match.start()), 0.55 - doubt
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


# Parameters, context, weights

SCALE = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
SIZE = re.compile(
    r"(?<![\w.$€£×x])(?P<n>\d{1,4}(?:[.,]\d{1,3})?)\s?-?(?P<scale>[BMT]\b|billion\b|million\b|"
    r"trillion\b)(?!\s?(?:users|tokens|rows))"
)
ACTIVE_AFTER = re.compile(r"^[\s-]?(?:parameters?\s|params?\s)?(?:are\s)?(?:active|activated)\b", re.I)
ACTIVE_BEFORE = re.compile(r"\b(?:active|activat(?:es|ed|ing))(?:\sparam\w*)?\s?(?:\w+\s){0,2}[:(]?\s?$", re.I)
PARAM_WORD = re.compile(r"\bparam(?:eter)?s?\b", re.I)
MODEL_AFTER = re.compile(r"^[\s-](?:[\w-]{2,15}\s){0,2}?(?:model|LLM|transformer|mixture)\b", re.I)


def _parameters(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        sizes = [(m, _role(m, sentence.text)) for m in SIZE.finditer(sentence.text)]
        told = PARAM_WORD.search(sentence.text) is not None
        kept = [(m, role) for m, role in sizes if role == "active" or told or _is_model_size(m, sentence.text)]
        if kept and len(kept) <= 4:
            found.append(_parameter_finding(page, sentence, kept, told))
    return _best(found)


def _role(match: re.Match[str], text: str) -> str:
    after, before = text[match.end() : match.end() + 40], text[max(0, match.start() - 40) : match.start()]
    return "active" if ACTIVE_AFTER.match(after) or ACTIVE_BEFORE.search(before) else "total"


def _is_model_size(match: re.Match[str], text: str) -> bool:
    return MODEL_AFTER.match(text[match.end() : match.end() + 50]) is not None


def _parameter_finding(page: Page, sentence: Sentence, kept: list[tuple[re.Match[str], str]], told: bool) -> Finding:
    normal: dict[str, int] = {}
    words: dict[str, str] = {}
    for match, role in kept:
        normal.setdefault(role, _count(match["n"], match["scale"]))
        words.setdefault(role, f"{match['n']}{match['scale'][0].upper()}")
    value = words.get("total") or f"{words['active']} active"
    if len(words) == 2:
        value = f"{words['total']} total, {words['active']} active"
    sure = 0.85 if told else 0.6
    return finding(page, "parameters", value, normal, _whole(sentence, kept[0][0].start()), sure)


def _count(number: str, scale: str) -> int:
    """ "64", "K" → 64000; a comma groups thousands when three digits follow it."""
    plain = number.replace(",", "") if re.search(r",\d{3}(?!\d)", number) else number.replace(",", ".")
    return round(float(plain) * SCALE.get(scale[:1].lower(), 1))


COUNT = r"(?P<{0}>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,7}}(?:\.\d{{1,2}})?)\s?(?P<{0}s>[KkMm](?:illion)?\b|million\b)?"
CONTEXT = re.compile(
    rf"(?<![\w.$]){COUNT.format('a')}[\s-]?(?:tokens?)?[\s-](?:of\s)?(?:long\s|max(?:imum)?\s|input\s)?context\b"
    rf"|\bcontext(?:[\s-](?:window|length|size|limit))?\s?(?:is\s|of\s|up\sto\s|to\s|[:：=]\s?|"
    rf"\(){{0,3}}{COUNT.format('b')}(?:[\s-]?tokens?)?"
    rf"|(?<![\w.$]){COUNT.format('c')}[\s-]?tokens?\b(?=[^.]{{0,60}}\b(?:context|window)\b)",
    re.I,
)


def _context_lengths(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        for match in CONTEXT.finditer(sentence.text):
            group = next(name for name in "abc" if match[name])
            tokens = _count(match[group], match[f"{group}s"] or "")
            if 512 <= tokens <= 100_000_000:
                value = f"{match[group]}{(match[f'{group}s'] or '')[:1].upper()} tokens"
                span = _whole(sentence, match.start())
                found.append(finding(page, "context_length", value, {"tokens": tokens}, span, 0.8))
    return _best(found)


WEIGHTS = re.compile(
    r"\bopen[\s-]?weights?\b|\bweights\b[^.]{0,25}\b(?:open|released|public|published|downloadable|available)\b|"
    r"\bdownload(?:able)?\s(?:the\s|our\s|model\s){0,2}weights\b",
    re.I,
)
WEIGHTS_SHUT = re.compile(
    r"\bclosed[\s-]?weights?\b|\bweights\b[^.]{0,20}\b(?:not|never|aren['’]t)\b|\bno\s(?:open|public|model)\sweights\b",
    re.I,
)


def _weights(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        shut = WEIGHTS_SHUT.search(sentence.text)
        match = shut or WEIGHTS.search(sentence.text)
        if match:
            value = "closed" if shut else "open"
            span = _whole(sentence, match.start())
            found.append(finding(page, "weights", value, {"open": not shut}, span, 0.75))
    return _best(found, 1)


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


def _free_credits(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        for match in CREDIT.finditer(sentence.text):
            if match["count"] or re.search(
                r"free|include|including|get|start|sign|new|bonus|welcome", sentence.text, re.I
            ):
                found.append(_credit_finding(page, sentence, match))
    return _best(found)


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
        page, "free_credit", f"{value} per {period}" if period else value, normal, _whole(sentence, match.start()), free
    )


# Comparisons

NAME = r"(?:[A-Z][\w+#]*(?:[.-]\w+)*|[a-z]{1,10}(?:\d\w{0,6}|\.(?:ai|new|dev|io|com|so|app)\b))"
NAME += r"(?:\s(?:[A-Z0-9][\w+#]*(?:[.-]\w+)*)){0,2}"
NAMES = rf"{NAME}(?:(?:\s?,\s?(?:and\s|or\s)?|\s?/\s?|\s(?:and|or|&)\s){NAME}){{0,5}}"
RIVAL = re.compile(
    rf"(?:(?i:\balternatives?\sto|\bunlike|\bcompared\s(?:to|with)|\breplacements?\sfor|\binstead\sof|"
    rf"\bcompetitors?\s(?:to|of)|"
    rf"\bswitch(?:ing|ed)?\sfrom|\bmigrat(?:e|ing)\sfrom|\bdifferent\s(?:from|than|to)|\b(?:better|faster|"
    rf"cheaper|smaller|simpler)\sthan|"
    rf"\bversus)|\b[Vv]s\.?)\s(?:(?i:the|tools\slike|apps\slike|services\slike|products\slike|"
    rf"something\slike|similar\sto)\s)?"
    rf"(?P<names>{NAMES})|\b(?P<before>{NAME})[\s-](?i:alternative)s?\b"
)
NOT_A_NAMES = (
    "The A An Other Others Most Traditional Our Your My Their This That These Those It All Any Every Some Many Open "
    "Free Best Manual Self Source Good Great Cheaper Better Top Cloud AI ML LLM API CLI SaaS Each What How Why I We "
    "You Them Local Hosted Paid Monthly Annual Legacy Conventional Standard Typical"
)
NOT_A_NAME = frozenset(NOT_A_NAMES.split())


def _comparisons(page: Page, prose: list[Sentence]) -> list[Finding]:
    found = []
    for sentence in prose:
        for match in islice(RIVAL.finditer(sentence.text), 4):
            names = _rival_names(match["names"] or match["before"], page.name)
            if names:
                sure = 0.75 if match["names"] else 0.65
                span = _whole(sentence, match.start())
                found.append(finding(page, "compares_with", ", ".join(names), {"names": names}, span, sure))
    return _best(found, 8)


def _rival_names(words: str, own: str) -> list[str]:
    names = []
    for part in re.split(r"\s?,\s?(?:and\s|or\s)?|\s?/\s?|\s(?:and|or|&)\s", words):
        kept = part.strip().split()
        while kept and (kept[0] in NOT_A_NAME or kept[0].startswith(("Open-", "Self-"))):
            kept = kept[1:]
        name = " ".join(kept)
        if len(name) > 1 and name.lower() != own.lower() and name not in names:
            names.append(name)
    return names


# Claims: sentences that carry a figure

FIGURE = re.compile(
    r"(?<![\w.$€£¥₹#/-])(?:[Ss]ub-)?~?<?[+-]?\d(?:[\d,.]{0,13}\d)?(?:\s?(?P<unit>%|percent\b|×|x\b|ms\b|"
    r"milliseconds?\b|s\b|sec(?:onds?)?\b|min(?:utes?)?\b|"
    r"hours?\b|tok(?:ens?)?(?:/s|\b)|(?:[KMGT]i?B)\b|fps\b|[KkMB]\+?(?=\s|$)|billion\b|million\b|\+))?"
    r"(?P<rest>(?:[\s-][A-Za-z][\w-]{1,20}){0,3})"
)
UNIT_WORTH = re.compile(r"%|percent|×|\bx\b|ms|milli|sec|\bs\b|minutes?|tok|[KMGT]i?B|fps", re.I)
COUNTED = re.compile(
    r"\b(?:languages?|integrations?|models?|providers?|servers?|requests?|calls?|users?|seats?|documents?|"
    r"pages?|files?|tokens?|"
    r"tools?|templates?|sources?|connectors?|apps?|commands?|parameters?|limits?|projects?|events?|images?|"
    r"voices?|countries|"
    r"dialects?|tasks?|agents?|repos(?:itories)?|downloads?|stars?|params?|credits?|GPUs?|plugins?|styles?|"
    r"datasets?|hours?|days?)\b",
    re.I,
)
NOT_A_CLAIM = re.compile(
    r"©|copyright|all rights reserved|[$€£¥₹]\s?\d|\d\s?[€£]|trusted by|loved by|join\s(?:\w+\s){0,3}\d|"
    r"used by\s(?:over\s)?\d|"
    r"\d(?:\.\d)?\s?/\s?5\b|\bstars?\son\b|★|cookie|last updated|\bISO\s?\d|\b(?:phone|tel|fax)\b|"
    r"money[\s-]back|days? free|"
    r"\btrial\b|\bsave\s(?:up\sto\s)?\d|\d%\s(?:off|free|discount)|min(?:ute)?s?\sread|\d:\d\d|\b(?:19|20)\d\d-\d\d",
    re.I,
)
STAT = re.compile(
    r"(?m)^[~<]?\d[\d,.]{0,12}\s?(?:%|\+|ms|[KMB]\+?|x|×)\n[^\W\d][\w-]{2,20}(?:\s[^\W\d][\w-]{1,20}){0,3}$"
)
CROWD = re.compile(
    r"^[\s-](?:\w+\s){0,2}(?:founders|customers|teams|companies|users|developers|people|subscribers)\b", re.I
)
QUOTED = re.compile(r"^\W{0,3}[\"“«].{10,}[\"”»]?\W{0,2}$|[\"”]\s?[-–—]\s?\w", re.S)


def _claims(page: Page, prose: list[Sentence]) -> list[Finding]:
    apart = cover(page.marked("quote") + page.marked("nav") + _wide_rows(page))
    scored = []
    for sentence in [*prose, *_stats(page)]:
        if 8 <= len(sentence.text) <= MAX_SENTENCE and not inside(sentence.start, sentence.end, apart):
            worth, figures = _claim_worth(sentence.text)
            if worth:
                scored.append((worth, sentence, figures))
    best = sorted(scored, key=lambda one: (-one[0], one[1].start))[:MAX_CLAIMS]
    return [
        finding(page, "claim", " ".join(one.text.split()), {"figures": figures}, (one.start, one.end), worth)
        for worth, one, figures in sorted(best, key=lambda one: one[1].start)
    ]


def _wide_rows(page: Page) -> list[tuple[int, int]]:
    """Table rows of more than three cells: a row torn from its header says nothing."""
    cells = page.marked("cell")
    per_row: dict[int, list[tuple[int, int]]] = {}
    for start, end in cells:
        per_row.setdefault(page.text.rfind("\n", 0, start), []).append((start, end))
    return [(row[0][0], max(end for _, end in row)) for row in per_row.values() if len(row) > 3]


def _stats(page: Page) -> Iterator[Sentence]:
    """A figure drawn large above its label, as one statement: "500K+" over "Downloads"."""
    for match in STAT.finditer(page.text):
        yield Sentence(match[0], match.start(), match.end())


def _claim_worth(text: str) -> tuple[float, list[str]]:
    if NOT_A_CLAIM.search(text) or QUOTED.search(text) or len(text.split()) < 2:
        return 0.0, []
    told = [match for match in islice(FIGURE.finditer(text), 20) if _is_figure(match)]
    figures = [" ".join(match[0].split()[:3]) for match in told]
    if not figures:
        return 0.0, []
    if all(CROWD.match(match["rest"]) for match in told):
        return 0.35, figures[:6]
    measured = any(match["unit"] and UNIT_WORTH.search(match["unit"]) for match in told)
    prose = 0.1 if len(text.split()) >= 5 else 0.0
    return (0.65 if measured else 0.55) + prose, figures[:6]


def _is_figure(match: re.Match[str]) -> bool:
    return bool(match["unit"]) or COUNTED.search(match["rest"]) is not None
