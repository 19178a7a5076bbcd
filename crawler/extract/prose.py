"""The sentences people read on a page, without program text, and quick ways to those that are worth a closer look."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from catalog.text import lowered
from crawler.extract.page import Page
from crawler.extract.spans import cover, inside

CUT = re.compile(r"[.!?。！？]([\"”’)]?[^\S\n]+)(?=[\"“(\w✅✓•])")
FIGURE = re.compile(r"\d ?[A-Za-z%×+-]")


class Sentence(NamedTuple):
    """A sentence of the page's text, with its place."""

    text: str
    start: int
    end: int


class Prose:
    """A page's sentences; a search goes through the whole text once. A line of the page never joins another, so only
    the lines that are asked for are cut into sentences."""

    def __init__(self, page: Page) -> None:
        self.text = page.text
        self._code = cover(page.marked("code", "pre"))
        self._lines: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def low(self) -> str:
        """The text in small letters, each at its own place."""
        return lowered(self.text)

    def mentioning(self, *words: str) -> list[Sentence]:
        """The sentences in which one of the words begins; the words in small letters."""
        return self.at(place for word in words for place in _places(self.low, word))

    @cached_property
    def figures(self) -> list[int]:
        """Where a digit is followed by what is counted or measured."""
        return [match.start() for match in FIGURE.finditer(self.text)]

    def figured(self, pattern: re.Pattern[str]) -> list[Sentence]:
        """The sentences in which the pattern begins at such a figure's last digit."""
        match = pattern.match
        return self.at(place for place in self.figures if match(self.text, place))

    def with_figures(self) -> list[Sentence]:
        return self.at(self.figures)

    def at(self, places: Iterable[int]) -> list[Sentence]:
        """The sentences that hold these places of the text."""
        spans = {self._around(place) for place in places if place >= 0}
        return [
            Sentence(self.text[start:end], start, end)
            for start, end in sorted(spans)
            if end > start and not (self._code and inside(start, end, self._code))
        ]

    def _around(self, place: int) -> tuple[int, int]:
        """The sentence that holds this place."""
        start = self.text.rfind("\n", 0, place) + 1
        sentences = self._lines.get(start)
        if sentences is None:
            sentences = self._lines[start] = self._cut(start)
        return sentences[bisect_right(sentences, place, key=_start) - 1]

    def _cut(self, start: int) -> list[tuple[int, int]]:
        """The sentences of the line that begins here."""
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        cuts = list(CUT.finditer(self.text, start, end))
        return list(zip([start, *(cut.end() for cut in cuts)], [*(cut.start(1) for cut in cuts), end], strict=True))


def _start(span: tuple[int, int]) -> int:
    return span[0]


def lines_with(low: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """The lines of a text in small letters that hold one of the words."""
    found = set()
    for word in words:
        place = low.find(word)
        while place >= 0:
            start, end = low.rfind("\n", 0, place) + 1, low.find("\n", place)
            found.add((start, end if end >= 0 else len(low)))
            place = low.find(word, end) if end >= 0 else -1
    return sorted(found)


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)
