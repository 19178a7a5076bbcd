"""One statement found on a page, with the words it rests on; and the sentences that statements are looked for in.

Every finding quotes the page's visible text exactly, so that a later reader can check it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from crawler.extract.page import Page
from crawler.extract.spans import cover, inside

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


def finding(
    page: Page, key: str, value: str, normal: dict[str, Any], span: tuple[int, int], confidence: float
) -> Finding:
    """A finding whose quote is cut from the page itself."""
    start, end = span
    return Finding(key, value, normal, page.text[start:end], start, end, round(confidence, 2))


def surest(found: list[Finding], most: int = MAX_OF_A_KEY) -> list[Finding]:
    """One finding a value, the surest first."""
    best: dict[str, Finding] = {}
    for one in sorted((one for one in found if one.confidence >= 0.3), key=lambda one: (-one.confidence, one.start)):
        best.setdefault(one.value, one)
    return list(best.values())[:most]


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


def quotable(sentence: Sentence, around: int) -> tuple[int, int]:
    """The sentence's span, or as much of it around a place as a quote may hold."""
    if len(sentence.text) <= MAX_SENTENCE:
        return sentence.start, sentence.end
    start = max(0, around - MAX_SENTENCE // 2)
    return sentence.start + start, sentence.start + min(len(sentence.text), start + MAX_SENTENCE)
