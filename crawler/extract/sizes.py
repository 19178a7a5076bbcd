"""The sizes a page states of its model: parameters, total and active, and the length of the context."""

import re

from crawler.extract.findings import Finding, finding, quotable, surest
from crawler.extract.page import Page
from crawler.extract.prose import Prose, Sentence

SCALE = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
SIZE = re.compile(
    r"(?<![\w.$€£×x])(?P<n>\d{1,4}(?:[.,]\d{1,3})?)\s?-?(?P<scale>[BMT]\b|billion\b|million\b|"
    r"trillion\b)(?!\s?(?:users|tokens|rows))"
)
SIZE_SIGN = re.compile(r"\d ?-?(?:[BMT]\b|(?:b|m|tr)illion\b)")
ACTIVE_AFTER = re.compile(r"^[\s-]?(?:parameters?\s|params?\s)?(?:are\s)?(?:active|activated)\b", re.I)
ACTIVE_BEFORE = re.compile(r"\b(?:active|activat(?:es|ed|ing))(?:\sparam\w*)?\s?(?:\w+\s){0,2}[:(]?\s?$", re.I)
PARAM_WORD = re.compile(r"\bparam(?:eter)?s?\b", re.I)
MODEL_AFTER = re.compile(r"^[\s-](?:[\w-]{2,15}\s){0,2}?(?:model|LLM|transformer|mixture)\b", re.I)
COUNT = r"(?P<{0}>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,7}}(?:\.\d{{1,2}})?)\s?(?P<{0}s>[KkMm](?:illion)?\b|million\b)?"
CONTEXT = re.compile(
    rf"(?<![\w.$]){COUNT.format('a')}[\s-]?(?:tokens?)?[\s-](?:of\s)?(?:long\s|max(?:imum)?\s|input\s)?context\b"
    rf"|\bcontext(?:[\s-](?:window|length|size|limit))?\s?(?:is\s|of\s|up\sto\s|to\s|[:：=]\s?|"
    rf"\(){{0,3}}{COUNT.format('b')}(?:[\s-]?tokens?)?"
    rf"|(?<![\w.$]){COUNT.format('c')}[\s-]?tokens?\b(?=[^.]{{0,60}}\b(?:context|window)\b)",
    re.I,
)


def find_parameters(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.figured(SIZE_SIGN):
        sizes = [(m, _role(m, sentence.text)) for m in SIZE.finditer(sentence.text)]
        told = PARAM_WORD.search(sentence.text) is not None
        kept = [(m, role) for m, role in sizes if role == "active" or told or _is_model_size(m, sentence.text)]
        if kept and len(kept) <= 4:
            found.append(_parameter_finding(page, sentence, kept, told))
    return surest(found)


def find_context_lengths(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.mentioning("context", "window"):
        for match in CONTEXT.finditer(sentence.text):
            group = next(name for name in "abc" if match[name])
            tokens = _count(match[group], match[f"{group}s"] or "")
            if 512 <= tokens <= 100_000_000:
                value = f"{match[group]}{(match[f'{group}s'] or '')[:1].upper()} tokens"
                span = quotable(sentence, match.start())
                found.append(finding(page, "context_length", value, {"tokens": tokens}, span, 0.8))
    return surest(found)


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
    return finding(page, "parameters", value, normal, quotable(sentence, kept[0][0].start()), sure)


def _role(match: re.Match[str], text: str) -> str:
    after, before = text[match.end() : match.end() + 40], text[max(0, match.start() - 40) : match.start()]
    return "active" if ACTIVE_AFTER.match(after) or ACTIVE_BEFORE.search(before) else "total"


def _is_model_size(match: re.Match[str], text: str) -> bool:
    return MODEL_AFTER.match(text[match.end() : match.end() + 50]) is not None


def _count(number: str, scale: str) -> int:
    """ "64", "K" → 64000; a comma groups thousands when three digits follow it."""
    plain = number.replace(",", "") if re.search(r",\d{3}(?!\d)", number) else number.replace(",", ".")
    return round(float(plain) * SCALE.get(scale[:1].lower(), 1))
