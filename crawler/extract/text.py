"""The visible text of a page, one block a line, and the marks: spans that were a heading, struck through, a cell.

Facts quote this text, so that what stands in it is what a reader of the page sees.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from crawler.extract.markup import INVISIBLE
from crawler.extract.styles import Styles

MAX_TEXT = 200_000
SKIPPED = frozenset(
    "script style template noscript head title svg math iframe object canvas audio video select".split()
)
INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q s samp small span strike "
        "strong sub sup time tt u var wbr td th"
    ).split()
)
KINDS = {
    "s": "struck", "del": "struck", "strike": "struck", "table": "table", "td": "cell", "th": "cell", "nav": "nav",
    "footer": "nav", "pre": "code", "code": "code", "kbd": "code", "samp": "code", "blockquote": "quote", "q": "quote",
    "sup": "sup", "li": "item", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A span of the text that the markup said something about."""

    kind: str  # heading, struck, table, cell, nav, code, quote, sup, item
    start: int
    end: int


def visible_text(root: Tag, sheets: Iterable[Tag]) -> tuple[str, tuple[Mark, ...]]:
    """What a reader of the page sees, as text and the marks on it."""
    return _Writer(Styles(sheets)).write(root)


class _Writer:
    """Writes the visible text, one block a line, and notes where marked elements begin and end."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.parts: list[str] = []
        self.marks: list[tuple[str, int, int]] = []
        self.length = 0
        self.last = "\n"
        self.gap = False  # white space is owed before the next word
        self.edge = False  # an element began or ended since the last word

    def write(self, root: Tag) -> tuple[str, tuple[Mark, ...]]:
        stack: list[tuple[Tag, Iterator[Any], str, int]] = [(root, iter(root.contents), "", 0)]
        while stack and self.length < MAX_TEXT:
            tag, children, kind, start = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self.leave(tag, kind, start)
            elif isinstance(child, Tag):
                if child.name not in SKIPPED and not self.styles.hide(child):
                    stack.append((child, iter(child.contents), self.enter(child), self.length))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self.add(str(child), tag.name in ("pre", "textarea"))
        for tag, _, kind, start in reversed(stack):
            self.leave(tag, kind, start)
        text = "".join(self.parts)[:MAX_TEXT].rstrip()
        return text, tuple(sorted(_trimmed(self.marks, text), key=lambda mark: mark.start))

    def enter(self, tag: Tag) -> str:
        if tag.name not in INLINE:
            self.newline()
        elif tag.name in ("td", "th"):
            self.gap = True
        self.edge = True
        return KINDS.get(tag.name) or self.styles.kind_of(tag)

    def leave(self, tag: Tag, kind: str, start: int) -> None:
        if kind:
            self.marks.append((kind, start, self.length))
        if tag.name not in INLINE:
            self.newline()
        self.gap = self.gap or tag.name in ("a", "td", "th")
        self.edge = True

    def newline(self) -> None:
        if self.last != "\n":
            self.put("\n")
        self.gap = False

    def add(self, string: str, keep_lines: bool) -> None:
        for number, piece in enumerate(string.split("\n") if keep_lines else (string,)):
            if number:
                self.newline()
            self.add_words(piece)

    def add_words(self, piece: str) -> None:
        words = " ".join(INVISIBLE.sub("", piece).split())
        if not words:
            self.gap = self.gap or bool(piece)
            return
        owed = self.gap or piece[0].isspace() or (self.edge and _would_run_together(self.last, words))
        if owed and self.last != "\n":
            self.put(" ")
        self.put(words)
        self.gap, self.edge = piece[-1].isspace(), False

    def put(self, string: str) -> None:
        self.parts.append(string)
        self.length += len(string)
        self.last = string[-1]


def _would_run_together(last: str, words: str) -> bool:
    """True where two elements are drawn apart though no space is between them: "Pro" and "$9", "$3" and "99"."""
    if words[0] in "$€£¥₹":
        return last.isalnum()
    if last.isdigit():
        return words[0].isdigit() or bool(re.match(r"[^\W\d_]{3}", words))
    return False


def _trimmed(marks: list[tuple[str, int, int]], text: str) -> Iterator[Mark]:
    for kind, start, end in marks:
        end = min(end, len(text))
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end or kind == "cell":  # an empty cell still holds its column's place
            yield Mark(kind, start, end)
