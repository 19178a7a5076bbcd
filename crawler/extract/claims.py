"""The claims a page makes: sentences that carry a figure, the weightiest of them."""

import re
from collections.abc import Iterator
from itertools import islice

from crawler.extract.findings import MAX_SENTENCE, Finding, finding
from crawler.extract.page import Page
from crawler.extract.prose import Prose, Sentence
from crawler.extract.spans import cover, inside

MAX_CLAIMS = 12
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
    r"(?m)\n([~<]?\d[\d,.]{0,12}\s?(?:%|\+|ms|[KMB]\+?|x|×)\n[^\W\d][\w-]{2,20}(?:\s[^\W\d][\w-]{1,20}){0,3})$"
)
CROWD = re.compile(
    r"^[\s-](?:\w+\s){0,2}(?:founders|customers|teams|companies|users|developers|people|subscribers)\b", re.I
)
QUOTED = re.compile(r"^\W{0,3}[\"“«].{10,}[\"”»]?\W{0,2}$|[\"”]\s?[-–—]\s?\w", re.S)


def find_claims(page: Page, prose: Prose) -> list[Finding]:
    apart = cover(page.marked("quote", "nav") + _wide_rows(page))
    scored = []
    for sentence in [*prose.with_figures(), *_stats(page)]:
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
    for match in STAT.finditer(f"\n{page.text}"):
        yield Sentence(match[1], match.start(1) - 1, match.end() - 1)


def _claim_worth(text: str) -> tuple[float, list[str]]:
    told = [match for match in islice(FIGURE.finditer(text), 20) if _is_figure(match)]
    if not told or len(text.split()) < 2 or NOT_A_CLAIM.search(text) or QUOTED.search(text):
        return 0.0, []
    figures = [" ".join(match[0].split()[:3]) for match in told]
    if all(CROWD.match(match["rest"]) for match in told):
        return 0.35, figures[:6]
    measured = any(match["unit"] and UNIT_WORTH.search(match["unit"]) for match in told)
    prose = 0.1 if len(text.split()) >= 5 else 0.0
    return (0.65 if measured else 0.55) + prose, figures[:6]


def _is_figure(match: re.Match[str]) -> bool:
    return bool(match["unit"]) or COUNTED.search(match["rest"]) is not None
