"""Where a page points: its pricing pages, its repositories, its own address, and where it sends readers on."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import tldextract
from selectolax.lexbor import LexborNode

from crawler.extract.markup import attribute, is_inside, words_of
from crawler.extract.structured import strings_among

Link = tuple[str, str]  # where it points, and its words

MAX_LINKS = 5000
MAX_NAMED = 12
WEB = ("http://", "https://")
ICON_RELS = {"icon", "apple-touch-icon", "apple-touch-icon-precomposed"}
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
PRICING_WORD = (
    r"(?:pricing|prices?|plans?|plans-and-pricing|pricing-plans|tarifs?|preise|precios|prezzi|precos|tarieven|"
    r"subscribe)"
)
PRICING_PATH = re.compile(rf"/{PRICING_WORD}(?:\.\w{{1,5}})?/?$", re.I)
PRICING_FRAGMENT = re.compile(rf"^[!/]?(?:{PRICING_WORD}|[\w-]{{0,20}}pricing[\w-]{{0,20}})$", re.I)
PRICING_TEXT = re.compile(
    r"^(?:(?:see|view|our|all|compare)\s)?(?:pricing|prices|plans|plans\s?(?:&|and|\+)\s?pricing|"
    r"pricing\s?(?:&|and)\s?plans|tarifs|preise|precios|prezzi|preços|cennik|价格|定价|料金|料金プラン|가격)\W{0,4}$",
    re.I,
)
GITHUB_PATH = re.compile(r"^/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})(?:/|$)")
GITHUB_ROOMS = frozenset(
    (
        "about account apps blog codespaces collections contact copilot customer-stories dashboard edu education "
        "enterprise events explore features issues join login logout marketplace mobile new newsroom notifications "
        "orgs organizations partners pricing pulls readme resources search security sessions settings signup "
        "site solutions sponsors stars team topics trending users why-github"
    ).split()
)
REFRESH = re.compile(r"^\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s][^'\"]{0,2000})", re.I)

_domains = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def links_of(tags: list[LexborNode], base: str) -> list[Link]:
    """The links worth following: their address or their words speak of prices, or a repository may be meant."""
    on_github = domain_of(base) == "github.com"
    found = []
    for tag in tags[:MAX_LINKS]:
        href = tag.attributes.get("href") or ""
        if on_github or _worth_a_look(f"{href} {tag.text()[:200]}".lower()):
            found.append((join(base, href), words_of(tag)[:200]))
    return found


def _worth_a_look(low: str) -> bool:
    """A quick no for most: every pricing address, wording of a pricing link and repository has one of these in it."""
    return (
        "pri" in low
        or "pre" in low
        or "plan" in low
        or "tari" in low
        or "github" in low
        or "subscribe" in low
        or "cennik" in low
        or not low.isascii()
    )


def pricing_links(links: list[Link], url: str) -> tuple[str, ...]:
    home = domain_of(url)
    ranked: dict[str, int] = {}
    for target, words in links:
        rank = _pricing_rank(target, words)
        if rank and domain_of(target) == home:
            ranked[target] = max(rank, ranked.get(target, 0))
    return tuple(sorted(ranked, key=lambda target: -ranked[target]))[:6]


def repository_links(links: list[Link], structured: Iterable[dict[str, Any]], name: str, url: str) -> tuple[str, ...]:
    stated = [value for item in structured for value in strings_among(item.get("codeRepository"), item.get("sameAs"))]
    own = {re.sub(r"\W", "", name).lower(), domain_of(url).split(".")[0].replace("-", "")} - {""}
    found: dict[str, str] = {}
    for target in [*stated, *(target for target, _ in links), url]:
        repository = _repository(target)
        if repository:
            found.setdefault(repository.lower(), repository)
    return tuple(sorted(found.values(), key=lambda link: 0 if _is_own(link, own) else 1))[:20]


def canonical_of(tags: list[LexborNode], base: str) -> str | None:
    return next((target for rels, target, _ in _linked(tags, base) if "canonical" in rels), None)


def icons_of(tags: list[LexborNode], base: str) -> tuple[str, ...]:
    """The icons a page names, in its order."""
    icons = (target for rels, target, _ in _linked(tags, base) if ICON_RELS & rels)
    return tuple(dict.fromkeys(icons))[:MAX_NAMED]


def feed_links_of(tags: list[LexborNode], base: str, url: str) -> tuple[str, ...]:
    """The feeds a page names, those of its own site first."""
    home = domain_of(url)
    feeds = (
        target
        for rels, target, tag in _linked(tags, base)
        if "alternate" in rels and attribute(tag, "type").partition(";")[0].strip().lower() in FEED_TYPES
    )
    return tuple(sorted(dict.fromkeys(feeds), key=lambda target: domain_of(target) != home))[:MAX_NAMED]


def refresh_of(tags: list[LexborNode], base: str, url: str) -> str | None:
    for tag in tags:
        found = REFRESH.match(attribute(tag, "content")) if attribute(tag, "http-equiv").lower() == "refresh" else None
        if found and int(found[1]) <= 15 and not is_inside(tag, "noscript"):
            target = join(base, found[2])
            return target if target.startswith(WEB) and target != url else None
    return None


def base_of(tags: list[LexborNode], url: str) -> str:
    return join(url, attribute(tags[0], "href")) or url if tags else url


def _linked(tags: list[LexborNode], base: str) -> Iterator[tuple[set[str], str, LexborNode]]:
    for tag in tags:
        href = attribute(tag, "href")
        target = join(base, href) if href.strip() else ""
        if target.startswith(WEB):
            yield set(attribute(tag, "rel").lower().split()), target, tag


def join(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def domain_of(url: str) -> str:
    try:
        return _registrable(urlsplit(url).hostname or "")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    parts = _domains(host)
    named = bool(re.search(r"[a-z]$", host))  # an address in digits has no parts
    return f"{parts.domain}.{parts.suffix}" if parts.suffix else ".".join(host.split(".")[-2:]) if named else host


def _pricing_rank(target: str, words: str) -> int:
    if not target.startswith(WEB):
        return 0
    parts = urlsplit(target)
    by_path = 4 if PRICING_PATH.search(parts.path) else 0
    by_words = 2 if PRICING_TEXT.match(words) else 0
    by_fragment = 1 if PRICING_FRAGMENT.match(parts.fragment) else 0
    subscribe = 3 if parts.path.rstrip("/").endswith("subscribe") and not by_words else 0
    return max(by_path + by_words + by_fragment - subscribe, 0)


def _repository(target: str) -> str | None:
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    found = GITHUB_PATH.match(parts.path) if parts.netloc.lower() in ("github.com", "www.github.com") else None
    if not found or found[1].lower() in GITHUB_ROOMS:
        return None
    repository = found[2].removesuffix(".git")
    return f"https://github.com/{found[1]}/{repository}" if repository.strip(".") else None


def _is_own(link: str, own: set[str]) -> bool:
    owner, repository = (re.sub(r"\W", "", part).lower() for part in link.split("/")[-2:])
    return owner in own or repository in own
