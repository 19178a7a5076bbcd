"""What a page's classes and style sheets say of a tag: hidden, struck through, or another's words."""

import re
from collections.abc import Iterator

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


CSS_PIECE = re.compile(r"([^{}]*)([{}])")
LOOK = re.compile(r' (class|style|role|hidden)="([^"]*)"')  # a quote never stands inside a value of regular markup
PLAIN = (False, "")
TELLING = ("line-through", "display", "visibility")


class Styles:
    """The look of a page's elements, as far as its reading needs it."""

    def __init__(self, sheet: str) -> None:
        self.struck, self.hidden = _styled_classes(sheet)
        self.known: dict[str, tuple[bool, str]] = {}  # by an element's attributes, as written
        self.looks: dict[str, tuple[bool, str]] = {}  # by their classes alone

    def look(self, attrs: str) -> tuple[bool, str]:
        """Whether nothing of an element with these attributes is shown, and the kind of mark its look asks for."""
        if ' style="' in attrs or ' hidden="' in attrs or ' role="' in attrs:
            told = dict(LOOK.findall(attrs))
            look = self._hides(told), self._kind(told)
        elif (at := attrs.find(' class="')) >= 0:
            look = self._look_of(attrs[at + 8 : attrs.find('"', at + 8)])
        else:
            look = PLAIN
        self.known[attrs] = look
        return look

    def _look_of(self, classes: str) -> tuple[bool, str]:
        look = self.looks.get(classes)
        if look is None:
            told = {"class": classes}
            look = self.looks[classes] = self._hides(told), self._kind(told)
        return look

    def _hides(self, told: dict[str, str]) -> bool:
        if "hidden" in told or HIDDEN_STYLE.search(told.get("style", "")):
            return True
        classes = told.get("class", "")
        if HIDDEN_CLASS.search(classes) and not SHOWN_AGAIN.search(classes):
            return True
        return bool(self.hidden) and not self.hidden.isdisjoint(classes.split())

    def _kind(self, told: dict[str, str]) -> str:
        classes = told.get("class", "")
        if "line-through" in told.get("style", "") or not self.struck.isdisjoint(classes.split()):
            return "struck"
        if STRUCK_CLASS.search(classes):
            return "struck"
        if QUOTE_CLASS.search(classes):
            return "quote"
        return "heading" if told.get("role") == "heading" else ""


def _styled_classes(sheet: str) -> tuple[frozenset[str], frozenset[str]]:
    """The class names that the page's own style sheet strikes through, and those it hides."""
    struck: set[str] = set()
    hidden: set[str] = set()
    shown: set[str] = set()
    if "line-through" not in sheet and not HIDDEN_STYLE.search(sheet):
        return frozenset(), frozenset()
    for selector, rule in _css_rules(sheet):
        if not any(word in rule for word in TELLING):
            continue
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
    for piece in CSS_PIECE.finditer(sheet):
        words = piece[1].rpartition(";")[2].strip() if piece[2] == "{" else piece[1]
        if piece[2] == "{":
            opened.append(words[:500])
        elif opened:
            selector = opened.pop()
            if not selector.startswith("@"):
                yield (f"{opened[-1]} {selector}" if opened else selector), words[:3000].lower()
