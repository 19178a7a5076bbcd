"""The visible text of a page, one block a line, and the marks: spans that were a heading, struck through, a cell.

Facts quote this text, so that what stands in it is what a reader of the page sees.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from crawler.extract.markup import INVISIBLE
from crawler.extract.styles import Styles

MAX_TEXT = 200_000
# One tag of regular markup, its attributes, and the words after it; of a comment only the words after it.
TOKEN = re.compile(r'<(?:(/?[A-Za-z][^ >/]*+)((?: =?[^=>]*+="[^"]*+")*+)|!--.*?--)>([^<]*+)', re.S)
SKIPPED = frozenset(
    (
        "script style template noscript head title svg math iframe object canvas audio video select noembed noframes"
    ).split()
)
EMPTY = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q s samp small span strike "
        "strong sub sup time tt u var wbr td th"
    ).split()
)
CELLS = ("td", "th")
KEEPS_LINES = ("pre", "textarea")
KINDS = {
    "s": "struck", "del": "struck", "strike": "struck", "table": "table", "td": "cell", "th": "cell", "nav": "nav",
    "footer": "nav", "pre": "pre", "code": "code", "kbd": "code", "samp": "code", "blockquote": "quote", "q": "quote",
    "sup": "sup", "li": "item", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
}  # fmt: skip
SIGNS = frozenset("$€£¥₹")
THREE_LETTERS = re.compile(r"[^\W\d_]{3}")
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")


class Mark(NamedTuple):
    """A span of the text that the markup said something about."""

    kind: str  # heading, struck, table, cell, nav, pre, code, quote, sup, item
    start: int
    end: int


class Shape(NamedTuple):
    """What one tag does to the text, by its name alone."""

    name: str
    closes: bool
    inline: bool
    parts: bool  # white space is owed after it
    empty: bool
    keeps_lines: bool
    skipped: bool
    kind: str


def _shape_of(tag: str) -> Shape:
    name = tag.removeprefix("/")
    return Shape(
        name=name,
        closes=tag != name,
        inline=name in INLINE,
        parts=name in CELLS or tag == "/a",
        empty=name in EMPTY,
        keeps_lines=name in KEEPS_LINES,
        skipped=name in SKIPPED,
        kind=KINDS.get(name, ""),
    )


def visible_text(written: str, sheet: str) -> tuple[str, tuple[Mark, ...]]:
    """What a reader of the page sees, as text and the marks on it; from regular markup and its style sheets."""
    text, marks = _Writer(Styles(sheet)).write(written)
    if CONTROL.search(text):
        return _Writer(Styles(sheet)).write(CONTROL.sub("", written))
    return text, marks


class _Writer:
    """Writes the visible text, one block a line, and notes where marked elements begin and end."""

    def __init__(self, styles: Styles) -> None:
        self.known, self.look = styles.known, styles.look
        self.parts: list[str] = []
        self.marks: list[tuple[str, int, int]] = []
        self.opened: list[tuple[str, int]] = []
        self.length = 0
        self.last = "\n"
        self.gap = False  # white space is owed before the next word
        self.edge = False  # an element began or ended since the last word
        self.lines_kept = 0
        self.unseen = ""  # the element being left out, and how many of its name are open
        self.depth = 0

    def write(self, written: str) -> tuple[str, tuple[Mark, ...]]:
        shapes: dict[str, Shape] = {}
        for tag, attrs, words in TOKEN.findall(written):
            if tag:
                shape = shapes.get(tag) or shapes.setdefault(tag, _shape_of(tag))
                if self.unseen:
                    self.leave_out(shape)
                elif shape.closes:
                    self.leave(shape)
                else:
                    self.enter(shape, attrs)
            if words and not self.unseen:
                if self.lines_kept:
                    self.add_lines(words)
                elif words.isspace():
                    self.gap = True
                else:
                    self.add(words)
        return self.finish()

    def finish(self) -> tuple[str, tuple[Mark, ...]]:
        self.marks += [(kind, start, self.length) for kind, start in self.opened if kind]
        text = "".join(self.parts)[:MAX_TEXT].rstrip()
        return text, tuple(sorted(_trimmed(self.marks, text), key=lambda mark: mark[1]))

    def leave_out(self, shape: Shape) -> None:
        if shape.name == self.unseen:
            self.depth += -1 if shape.closes else 1
            if not self.depth:
                self.unseen = ""

    def enter(self, shape: Shape, attrs: str) -> None:
        hidden, kind = (self.known.get(attrs) or self.look(attrs)) if attrs else (False, "")
        if shape.skipped or (hidden and shape.name != "body"):
            if not shape.empty:
                self.unseen, self.depth = shape.name, 1
            return
        if not shape.inline:
            if self.last != "\n":
                self.newline()
            self.gap = False
        elif shape.parts:
            self.gap = True
        self.edge = True
        if not shape.empty:
            self.opened.append((shape.kind or kind, self.length))
            self.lines_kept += shape.keeps_lines

    def leave(self, shape: Shape) -> None:
        kind, start = self.opened.pop() if self.opened else ("", 0)
        if kind:
            self.marks.append((kind, start, self.length))
        if not shape.inline:
            if self.last != "\n":
                self.newline()
            self.gap = False
            self.lines_kept -= shape.keeps_lines
        elif shape.parts:
            self.gap = True
        self.edge = True

    def newline(self) -> None:
        self.parts.append("\n")
        self.length += 1
        self.last = "\n"

    def add_lines(self, words: str) -> None:
        for number, line in enumerate(words.split("\n")):
            if number:
                if self.last != "\n":
                    self.newline()
                self.gap = False
            if line:
                self.add(line)

    def add(self, piece: str) -> None:
        if not piece.isascii():
            piece = INVISIBLE.sub("", piece)
        words = " ".join(piece.split())
        if not words or self.length > MAX_TEXT:
            self.gap = self.gap or bool(piece)
            return
        if "&" in words:
            words = unescape(words)
        apart = self.gap or piece[0].isspace() or (self.edge and _would_run_together(self.last, words))
        if apart and self.last != "\n":
            words = f" {words}"
        self.parts.append(words)
        self.length += len(words)
        self.last = words[-1]
        self.gap, self.edge = piece[-1].isspace(), False


def _would_run_together(last: str, words: str) -> bool:
    """True where two elements are drawn apart though no space is between them: "Pro" and "$9", "$3" and "99"."""
    if words[0] in SIGNS:
        return last.isalnum()
    if last.isdigit():
        return words[0].isdigit() or THREE_LETTERS.match(words) is not None
    return False


def _trimmed(marks: list[tuple[str, int, int]], text: str) -> Iterator[Mark]:
    length = len(text)
    for kind, start, end in marks:
        end = min(end, length)
        while start < end and text[start] in " \n":
            start += 1
        while end > start and text[end - 1] in " \n":
            end -= 1
        if start < end or kind == "cell":  # an empty cell still holds its column's place
            yield Mark(kind, start, end)
