"""What a page's classes and style sheets say of a tag: hidden, struck through, or another's words."""

import re
from collections.abc import Iterable, Iterator

from bs4 import Tag

from crawler.extract.markup import attribute

STRUCK_CLASS = re.compile(
    r"\bline-?through\b|\bstrike(?:-?through|d)?\b|\b(?:old|original|was|previous|regular)[-_]?price\b"
)
QUOTE_CLASS = re.compile(r"testimonial|\breviews?\b|\bquote")
HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|d-none|is-hidden|sr-only|visually-hidden|screen-reader-text|hide)(?=\s|$)"
)
SHOWN_AGAIN = re.compile(r"(?:sm|md|lg|xl|2xl):(?:block|flex|inline|grid|table|not-sr-only)|d-(?:sm|md|lg|xl)-(?!none)")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
SHOWN_STYLE = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.I)
CLASS_NAME = re.compile(r"\.([A-Za-z_][\w-]{0,80})")


class Styles:
    """The look of a page's tags, as far as its reading needs it."""

    def __init__(self, sheets: Iterable[Tag]) -> None:
        self.struck, self.hidden = _styled_classes(sheets)

    def hide(self, tag: Tag) -> bool:
        """True where neither the tag nor anything in it is shown."""
        if "hidden" in tag.attrs:
            return True
        classes, style = attribute(tag, "class"), attribute(tag, "style")
        if style and HIDDEN_STYLE.search(style):
            return True
        if HIDDEN_CLASS.search(classes) and not SHOWN_AGAIN.search(classes):
            return True
        return bool(self.hidden) and not self.hidden.isdisjoint(classes.split())

    def kind_of(self, tag: Tag) -> str:
        """The kind of mark that the look of a tag asks for, or nothing."""
        classes = attribute(tag, "class")
        if "line-through" in attribute(tag, "style") or not self.struck.isdisjoint(classes.split()):
            return "struck"
        if STRUCK_CLASS.search(classes):
            return "struck"
        if QUOTE_CLASS.search(classes):
            return "quote"
        return "heading" if attribute(tag, "role") == "heading" else ""


def _styled_classes(sheets: Iterable[Tag]) -> tuple[frozenset[str], frozenset[str]]:
    """The class names that the page's own style sheet strikes through, and those it hides."""
    struck: set[str] = set()
    hidden: set[str] = set()
    shown: set[str] = set()
    for selector, rule in _css_rules("".join(sheet.get_text() for sheet in sheets)[:300_000]):
        plain = CLASS_NAME.fullmatch(selector)
        if plain and "line-through" in rule:
            struck.add(plain[1])
        if plain and HIDDEN_STYLE.search(rule):
            hidden.add(plain[1])
        elif SHOWN_STYLE.search(rule):
            shown.update(CLASS_NAME.findall(selector))
    return frozenset(struck), frozenset(hidden - shown)


def _css_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selector and declarations; a rule inside an at-block keeps the at-words, so it is never a plain class."""
    opened: list[str] = []
    for piece in re.finditer(r"([^{}]*)([{}])", sheet):
        words = piece[1].rpartition(";")[2].strip() if piece[2] == "{" else piece[1]
        if piece[2] == "{":
            opened.append(words[:500])
        elif opened:
            selector = opened.pop()
            if not selector.startswith("@"):
                yield (f"{opened[-1]} {selector}" if opened else selector), words[:3000]
