"""Name the licence a LICENSE file holds, with the line that proves it. Pure.

A text somebody added to is never called by the plain name: it is LicenseRef-…-modified, which free licences are not.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from crawler.extract.licence import ALIASES
from crawler.extract.licence_forms import CC_BY, CC_BY_SHORT, CC_PARTS, FORMS, Form

LONGEST_READ = 80_000
OPENING = 6000  # what begins later is somebody else's licence, kept along
MOST_OF_A_FORM = 3
CLOSING = 3000  # what is added to a licence stands right behind it
LONGEST_QUOTE = 400
SURE, COMBINED, DOUBTFUL = 0.95, 0.7, 0.5

ADDITIONS = re.compile(
    r"(?<!creative )\bcommons clause\b|"
    r"\b(?:with|plus)\s+the\s+following\s+(?:\w+\s+){0,2}(?:conditions?|restrictions?|limitations?|modifications?|"
    r"requirements?|clauses?)\b(?!\s+are\s+met)|"
    r"\bfollowing\s+additional\s+(?:terms|conditions?|restrictions?|limitations?|clauses?)|"
    r"\bonly\s+modification\b|\bmodified\s+(?:version\s+of\s+the\s+)?(?:mit|apache|a?gpl)\b|"
    r"^[^\w\n]{0,8}additional\s+(?:licen[cs]e\s+)?(?:terms|conditions|restrictions|clauses?)\b|"
    r"\bcommercial\s+(?:use|usage|purposes?)\s+(?:\w+\s+){0,3}(?:prohibited|forbidden|not\s+(?:permitted|allowed)|requires?)|"
    r"\b(?:for|only\s+for)\s+non-?commercial\s+(?:use|purposes?)|\bnon-?commercial\s+(?:use|purposes?)\s+only|"
    r"\b(?:may|must|shall|can)\s?not\s[^.]{0,120}\b(?:multi-?tenant|competing\s|as\s+a\s+service|commercial(?:ly)?\b)",
    re.I | re.M,
)
# "Content under ee/ is licensed otherwise": the file speaks of more than one licence.
PORTIONS = re.compile(
    r"\bportions\s+of\s+(?:this|the)\s+[\w ]{1,30}\s+(?:are|is)\s+licen[cs]ed\b|"
    r"\b(?:content|code|files?|parts?|everything)\b[^.\n]{0,60}\b(?:under|in|inside|within)\s[^\n]{0,80}"
    r"\b(?:director(?:y|ies)|folders?)\b[^\n]{0,160}\blicen[cs]e",
    re.I,
)
FOLDER = re.compile(
    r"[\"'`“(\s]\.?/?(?:[\w@.-]{1,40}/){0,5}?\.?(?P<name>[A-Za-z][\w-]{0,30})/?\.?[\"'`”)]?\s+(?:\([^)\n]{0,200}\)\s+)?"
    r"(?:in\s+their\s+filename|director|folder)|[\"'`“](?:[\w@.-]{1,40}/){0,5}(?P<path>[A-Za-z][\w-]{0,30})/[\"'`”]",
    re.I,
)
COMMERCIAL = re.compile(
    r"\bdual(?:ly)?[\s-]+licen[cs]ed\b|\bcommercial\s+licen[cs]e\s+(?:is\s+available|can\s+be|option)", re.I
)


class LicenceText(NamedTuple):
    """What a LICENSE file says: text[start:end] is the line that proves it."""

    spdx: str
    start: int
    end: int

    @property
    def confidence(self) -> float:
        """Low for a text that was changed, so that no reader is told of it as a fact."""
        if self.spdx.endswith("-modified"):
            return DOUBTFUL
        return COMBINED if " " in self.spdx else SURE


class _Found(NamedTuple):
    spdx: str
    title: tuple[int, int]
    start: int
    end: int  # of the known text
    is_longer: bool  # than the known text is


def licence_of_text(text: str) -> LicenceText | None:
    """The licence a LICENSE file's text holds; None when it is none we know."""
    text = text[:LONGEST_READ]
    known = list(_known_texts(text))
    found = min((one for one in known if one.start < OPENING), key=lambda one: (one.start, -one.end), default=None)
    around = _around(text, known)[: found.end + CLOSING if found else OPENING]
    added = ADDITIONS.search(around)
    if added and (base := found.spdx if found else _named_near(text, added)):
        return LicenceText(_modified(base), *_line_of(text, *added.span()))
    if found and found.is_longer:
        return LicenceText(_modified(found.spdx), *found.title)
    portions = PORTIONS.search(around)
    if portions and (base := found.spdx if found else _named_after(text, portions)):
        return LicenceText(f"{base} AND LicenseRef-{_folder(text, portions)}", *_line_of(text, *portions.span()))
    return _plain(found, around) if found else None


def _plain(found: _Found, around: str) -> LicenceText:
    is_dual = found.spdx.startswith(("GPL", "AGPL")) and COMMERCIAL.search(around)
    spdx = f"{found.spdx} OR LicenseRef-Commercial" if is_dual else found.spdx
    return LicenceText(spdx, *found.title)


def _modified(spdx: str) -> str:
    return f"LicenseRef-{spdx.removeprefix('LicenseRef-')}-modified"


# ── which of the known texts stand in the file ───────────────────────────────────────────────────


def _known_texts(text: str) -> Iterator[_Found]:
    for form in FORMS:
        for core in islice(form.core.finditer(text), MOST_OF_A_FORM):
            yield _found(text, form, core)
    for pattern in (CC_BY, CC_BY_SHORT):
        found = pattern.search(text, 0, OPENING)
        if found:
            yield _Found(_cc_name(found), found.span(), found.start(), len(text), False)


def _found(text: str, form: Form, core: re.Match[str]) -> _Found:
    title = form.title.search(text, max(0, core.start() - 1000), core.end())
    last = form.end.search(text, core.end()) if form.end else None
    end = last.end() if last else len(text) if form.end is None else core.end()
    is_longer = bool(last and len(re.findall(r"\w+", text[core.start() : end])) > form.most)
    return _Found(form.spdx, _shortened(*(title or core).span()), core.start(), end, is_longer)


def _cc_name(found: re.Match[str]) -> str:
    words = re.sub(r"[^a-z]+", " ", found["parts"].lower().replace("non-", "non").replace("-alike", "alike")).split()
    parts = [CC_PARTS.get(word, word.upper()) for word in words]
    return "-".join(["CC-BY", *parts, found["version"]])


# ── what stands around it ────────────────────────────────────────────────────────────────────────


def _around(text: str, known: list[_Found]) -> str:
    """The file with the known texts blanked out, so that places stay the same."""
    for one in known:
        blank = re.sub(r"[^\n]", " ", text[one.start : one.end])
        text = text[: one.start] + blank + text[one.end :]
    return text


def _named_near(text: str, added: re.Match[str]) -> str | None:
    """The licence an addition speaks of: "licensed under the Apache License 2.0, with the following …"."""
    start = max(0, added.start() - 300)
    names = [
        (match.start(), -len(match[0]), spdx)
        for pattern, spdx in ALIASES
        for match in pattern.finditer(text, start, min(len(text), added.end() + 200))
    ]
    return min(names)[2] if names else None


def _named_after(text: str, portions: re.Match[str]) -> str | None:
    outside = re.compile(r"\boutside\b|\ball\s+other\b|\bremain(?:der|ing)\b|\beverything\s+else\b", re.I).search(
        text, portions.start()
    )
    return _named_near(text, outside) if outside else None


def _folder(text: str, portions: re.Match[str]) -> str:
    found = FOLDER.search(text, portions.start(), portions.end() + 800)
    return (found["name"] or found["path"]) if found else "parts"


def _line_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole line around a place, or as much of it as a quote may hold."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    first = max(first, start - LONGEST_QUOTE // 2)
    last = min(len(text) if last < 0 else last, first + LONGEST_QUOTE)
    return _trimmed(text, first, max(last, min(end, first + LONGEST_QUOTE)))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _shortened(start: int, end: int) -> tuple[int, int]:
    return start, min(end, start + LONGEST_QUOTE)
