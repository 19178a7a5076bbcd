"""What the head of a page states: its title, language, OpenGraph values, and the date it was published."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.markup import attribute, is_inside, one_line, words_of
from crawler.extract.structured import structured_name

MAX_DESCRIPTION = 1000
MAX_OG = 60
DESCRIPTIONS = ("description", "og:description", "twitter:description")
PUBLISHED = ("article:published_time", "og:article:published_time")
ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.,]{4,18}\s?(?:Z|[+-]\d{2}:?\d{2})?)?")
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


def metas_of(tags: list[LexborNode]) -> dict[str, str]:
    """Each name's first value."""
    metas: dict[str, str] = {}
    for tag in tags:
        told = tag.attributes
        key = (told.get("property") or told.get("name") or told.get("http-equiv") or "").lower()
        content = one_line(told.get("content") or "")
        if key and content:
            metas.setdefault(key, content)
    return metas


def og_of(meta: dict[str, str]) -> dict[str, str]:
    """The OpenGraph and Twitter card values, under their full names."""
    told = [(key, value[:2000]) for key, value in meta.items() if key.startswith(("og:", "twitter:", "article:"))]
    return dict(told[:MAX_OG])


def description_of(meta: dict[str, str]) -> str:
    """The longest description the page gives of itself."""
    return max((meta.get(key, "") for key in DESCRIPTIONS), key=len)[:MAX_DESCRIPTION].rstrip()


def tagline_of(meta: dict[str, str], heading: str) -> str:
    return (next((meta[key] for key in DESCRIPTIONS if key in meta), "") or heading)[:400]


def title_of(tree: LexborHTMLParser) -> str:
    return next((words_of(tag)[:300] for tag in tree.tags("title") if not is_inside(tag, "svg")), "")


def lang_of(tags: list[LexborNode], meta: dict[str, str]) -> str | None:
    stated = attribute(tags[0], "lang") or attribute(tags[0], "xml:lang") if tags else ""
    lang = (stated or meta.get("content-language", "")).strip()
    return lang if re.fullmatch(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}", lang) else None


def name_of(meta: dict[str, str], structured: Iterable[dict[str, Any]], title: str, heading: str, label: str) -> str:
    """What the page calls its tool; the label is its domain's first part."""
    candidates = (_site_name(meta), structured_name(structured), _title_name(title, label), heading)
    return next((name for name in candidates if name), "")[:120]


def published_of(
    meta: dict[str, str], structured: Iterable[dict[str, Any]], tree: LexborHTMLParser
) -> tuple[str, str] | None:
    """When the page says it was published, and the field that says so."""
    stated = [(meta.get(key, ""), key) for key in PUBLISHED]
    stated += [(item["datePublished"], "datePublished") for item in structured if "datePublished" in item]
    found = next(((text.strip(), field) for text, field in stated if _is_date(text)), None)
    return found or _published_time(tree)


def _published_time(tree: LexborHTMLParser) -> tuple[str, str] | None:
    """A time marked as the page's own, else the one date that all its times agree on."""
    times = [tag for tag in tree.tags("time")[:100] if _is_date(attribute(tag, "datetime"))]
    own = [tag for tag in times if "pubdate" in tag.attributes or attribute(tag, "itemprop") == "datePublished"]
    told = [attribute(tag, "datetime").strip() for tag in own[:1] or times]
    return (told[0], "time datetime") if told and len({text[:10] for text in told}) == 1 else None


def _is_date(text: Any) -> bool:
    found = ISO_DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    try:
        return found is not None and date.fromisoformat(found[1]).year >= 1970
    except ValueError:
        return False


def _site_name(meta: dict[str, str]) -> str:
    name = meta.get("og:site_name", "")
    return "" if name.lower().replace(" ", "") in HOSTS_OF_OTHERS else name


def _title_name(title: str, label: str) -> str:
    parts = [part.strip() for part in TITLE_CUT.split(title) if part and part.strip()]
    own = [part for part in parts if not GENERIC.match(part)]
    same = [part for part in own if label and re.sub(r"\W", "", part).lower() == label.replace("-", "")]
    return (same or own or [""])[0]
