"""What a page may ask of the parser. A tree's cost grows with the square of its depth, so markup that nests without
end, or one tag of endless attributes, is cut before it is parsed; a page made for people never comes near."""

import re
from collections.abc import Callable
from itertools import islice

MAX_MARKUP = 3_000_000
MAX_TAGS = 40_000  # opening and closing ones
MAX_DEPTH = 800
MAX_LOOKS = 100  # <b>, <font> …: a block is given anew each one left open before it
FEW_TAGS = 5_000
LARGE = 200_000

TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
LOOKS = frozenset("b big code em font i nobr s small strike strong tt u".split())
LOOK = re.compile(r"<(/?[bBcCeEfFiInNsStTuU][a-zA-Z]{0,5})[\s/>]")  # all of them, and some others
PROGRAM = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I)
LONG_TAG = 8000
MANY_ATTRIBUTES = re.compile(
    r"<[a-zA-Z][^\s/>]*+(?:[\s/]++=?[^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+){1000}+"
)
# They hold nothing, or end where the next of their kind begins: they never nest.
FLAT = frozenset(
    (
        "area base br col dd dt embed hr img input li link meta optgroup option p param rp rt source tbody td tfoot th "
        "thead tr track wbr"
    ).split()
)


def bounded(markup: str) -> str:
    """The markup, or as much of it as can be parsed in good time."""
    markup = markup[:MAX_MARKUP]
    if len(markup) > LARGE or max(map(len, markup.split("<"))) > LONG_TAG:
        markup = _fewer_attributes(markup)
    if _in_bounds(markup) == len(markup):
        return markup
    markup = PROGRAM.sub("", markup)  # comparisons in a program look like tags
    return markup[: _in_bounds(markup)]


def _in_bounds(markup: str) -> int:
    """Where the first tag stands that nests too deeply or is one too many; else the end."""
    end = _end_of(markup, LOOK, MAX_LOOKS, LOOKS.__contains__)
    return (
        end
        if markup.count("<") <= FEW_TAGS
        else min(end, _end_of(markup, TAG, MAX_DEPTH, lambda name: name not in FLAT))
    )


def _end_of(markup: str, pattern: re.Pattern[str], most: int, counts: Callable[[str], bool]) -> int:
    names = pattern.findall(markup)
    kept = _tags_in_bounds(names, most, counts)
    return len(markup) if kept == len(names) else next(islice(pattern.finditer(markup), kept, None)).start()


def _tags_in_bounds(names: list[str], most: int, counts: Callable[[str], bool]) -> int:
    """How many tags stand before the one that nests too deeply, or is one too many."""
    opened: dict[str, int] = {}
    depth = 0
    for number, name in enumerate(names[:MAX_TAGS]):
        name = name.lower()
        if name[0] != "/":
            if counts(name):
                opened[name] = opened.get(name, 0) + 1
                depth += 1
                if depth > most:
                    return number
        elif opened.get(name[1:]):
            opened[name[1:]] -= 1
            depth -= 1
    return min(len(names), MAX_TAGS)


def _fewer_attributes(markup: str) -> str:
    for _ in range(20):
        found = MANY_ATTRIBUTES.search(markup)
        if found is None:
            return markup
        end = markup.find(">", found.end())
        markup = markup[: found.start()] + (markup[end + 1 :] if end >= 0 else "")
    return ""
