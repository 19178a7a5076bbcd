"""Read one web page: what it calls itself, where it points, and the visible text that facts will quote.

The markup is parsed once; what later stages need of it is kept as marks on the text. Any bytes give a page; nothing
here raises.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from crawler.extract.links import (
    base_of,
    canonical_of,
    domain_of,
    links_of,
    pricing_links,
    refresh_of,
    repository_links,
)
from crawler.extract.markup import attribute, one_line, parse_markup, tags_by_name
from crawler.extract.structured import read_structured, structured_name
from crawler.extract.text import Mark, visible_text

HOSTS_OF_OTHERS = frozenset(
    "github gitlab medium substack huggingface producthunt notion vercel netlify wordpress youtube pypi npm".split()
)
GENERIC = re.compile(
    r"^(?:pricing|prices?|plans?|plans (?:&|and) pricing|pricing (?:&|and) plans|home|homepage|welcome|"
    r"docs|documentation|"
    r"blog|about(?: us)?|login|sign in|features|faq|index|untitled|overview|download)$",
    re.I,
)
TITLE_CUT = re.compile(r"\s[|·•–—:»-]+\s|\s?[|·»–—]\s?|:\s")


@dataclass(frozen=True)
class Page:
    """A page as read: its own words for itself, its links, and its visible text."""

    url: str
    name: str
    tagline: str
    canonical: str | None
    text: str
    lang: str | None
    pricing_links: tuple[str, ...]
    repository_links: tuple[str, ...]
    refresh_to: str | None
    structured: tuple[dict[str, Any], ...]
    title: str = ""
    marks: tuple[Mark, ...] = ()

    def marked(self, kind: str) -> list[tuple[int, int]]:
        """The spans of one kind, in the order of the page."""
        return [(mark.start, mark.end) for mark in self.marks if mark.kind == kind]


def read_page(body: bytes, url: str, encoding: str | None = None) -> Page:
    """Read any bytes as a page; what cannot be understood is left out."""
    soup = parse_markup(body, encoding)
    found = tags_by_name(soup)
    meta = _metas(found["meta"])
    base = base_of(found["base"], url)
    structured = read_structured(found["script"])
    title = _title(found["title"])
    text, marks = visible_text(soup, found["style"])
    links = links_of(found["a"], base)
    name = _name(meta, structured, title, found["h1"], url)
    return Page(
        url=url,
        name=name,
        tagline=_tagline(meta, found["h1"]),
        canonical=canonical_of(found["link"], base),
        text=text,
        lang=_lang(found["html"], meta),
        pricing_links=pricing_links(links, url),
        repository_links=repository_links(links, structured, name, url),
        refresh_to=refresh_of(found["meta"], base, url),
        structured=structured,
        title=title,
        marks=marks,
    )


def _metas(tags: list[Tag]) -> dict[str, str]:
    metas: dict[str, str] = {}
    for tag in tags:
        key = (attribute(tag, "property") or attribute(tag, "name") or attribute(tag, "http-equiv")).lower()
        content = one_line(attribute(tag, "content"))
        if key and content:
            metas.setdefault(key, content)
    return metas


def _title(tags: list[Tag]) -> str:
    plain = [tag for tag in tags if tag.parent is None or tag.parent.name != "svg"]
    return one_line(plain[0].get_text(" "))[:300] if plain else ""


def _lang(tags: list[Tag], meta: dict[str, str]) -> str | None:
    stated = attribute(tags[0], "lang") or attribute(tags[0], "xml:lang") if tags else ""
    lang = (stated or meta.get("content-language", "")).strip()
    return lang if re.fullmatch(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}", lang) else None


def _name(meta: dict[str, str], structured: Iterable[dict[str, Any]], title: str, h1: list[Tag], url: str) -> str:
    first = one_line(h1[0].get_text(" ")) if h1 else ""
    candidates = (_site_name(meta), structured_name(structured), _title_name(title, url), first)
    return next((name for name in candidates if name), "")[:120]


def _site_name(meta: dict[str, str]) -> str:
    name = meta.get("og:site_name", "")
    return "" if name.lower().replace(" ", "") in HOSTS_OF_OTHERS else name


def _title_name(title: str, url: str) -> str:
    parts = [part.strip() for part in TITLE_CUT.split(title) if part and part.strip()]
    own = [part for part in parts if not GENERIC.match(part)]
    label = domain_of(url).split(".")[0]
    same = [part for part in own if label and re.sub(r"\W", "", part).lower() == label.replace("-", "")]
    return (same or own or [""])[0]


def _tagline(meta: dict[str, str], h1: list[Tag]) -> str:
    first = one_line(h1[0].get_text(" ")) if h1 else ""
    return (meta.get("description") or meta.get("og:description") or meta.get("twitter:description") or first)[:400]
