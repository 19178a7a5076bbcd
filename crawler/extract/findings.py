"""One statement found on a page, with the words it rests on.

Every finding quotes the page's visible text exactly, so that a later reader can check it.
"""

from dataclasses import dataclass
from typing import Any

from crawler.extract.page import Page
from crawler.extract.prose import Sentence

MAX_OF_A_KEY = 4
MAX_SENTENCE = 400


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


def quotable(sentence: Sentence, around: int) -> tuple[int, int]:
    """The sentence's span, or as much of it around a place as a quote may hold."""
    if len(sentence.text) <= MAX_SENTENCE:
        return sentence.start, sentence.end
    start = max(0, around - MAX_SENTENCE // 2)
    return sentence.start + start, sentence.start + min(len(sentence.text), start + MAX_SENTENCE)
