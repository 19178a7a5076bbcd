"""Read one web page: what it calls itself, where it points, and the visible text that facts will quote.

The markup is parsed once. What later stages need of it is kept as marks: spans of the text that were a heading,
struck through, a table cell, code and so on. Any bytes give a page; nothing here raises.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import tldextract
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from bs4.exceptions import ParserRejectedMarkup
from w3lib.encoding import html_to_unicode


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_BODY = 3_000_000
MAX_TEXT = 200_000
MAX_OBJECTS = 200

SKIPPED = _words("script style template noscript head title svg math iframe object canvas audio video select")
INLINE = _words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark q s samp small span strike strong "
    "sub sup time tt u var wbr td th"
)
KINDS = {
    "s": "struck", "del": "struck", "strike": "struck", "table": "table", "td": "cell", "th": "cell", "nav": "nav",
    "footer": "nav", "pre": "code", "code": "code", "kbd": "code", "samp": "code", "blockquote": "quote", "q": "quote",
    "sup": "sup", "li": "item", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading",
}  # fmt: skip
STRUCK_CLASS = re.compile(
    r"\bline-?through\b|\bstrike(?:-?through|d)?\b|\b(?:old|original|was|previous|regular)[-_]?price\b"
)
QUOTE_CLASS = re.compile(r"testimonial|\breviews?\b|\bquote")
HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|d-none|is-hidden|sr-only|visually-hidden|screen-reader-text|hide)(?=\s|$)"
)
SHOWN_AGAIN = re.compile(r"(?:sm|md|lg|xl|2xl):(?:block|flex|inline|grid|table|not-sr-only)|d-(?:sm|md|lg|xl)-(?!none)")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
SHOWN_STYLE = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.I)
CLASS_ALONE = re.compile(r"\.([A-Za-z_][\w-]{0,80})")
CLASS_NAME = re.compile(r"\.([A-Za-z_][\w-]{0,80})")

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
GITHUB_ROOMS = _words(
    "about account apps blog codespaces collections contact copilot customer-stories dashboard edu education "
    "enterprise events explore features issues join login logout marketplace mobile new newsroom notifications "
    "orgs organizations partners pricing pulls readme resources search security sessions settings signup "
    "site solutions sponsors stars team topics trending users why-github"
)
HOSTS_OF_OTHERS = _words(
    "github gitlab medium substack huggingface producthunt notion vercel netlify wordpress youtube pypi npm"
)
GENERIC = re.compile(
    r"^(?:pricing|prices?|plans?|plans (?:&|and) pricing|pricing (?:&|and) plans|home|homepage|welcome|"
    r"docs|documentation|"
    r"blog|about(?: us)?|login|sign in|features|faq|index|untitled|overview|download)$",
    re.I,
)
TITLE_CUT = re.compile(r"\s[|·•–—:»-]+\s|\s?[|·»–—]\s?|:\s")
NAMED_TYPES = _words(
    "SoftwareApplication WebApplication MobileApplication SoftwareSourceCode Product Service WebSite Organization "
    "Corporation"
)
REFRESH = re.compile(r"^\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"\s][^'\"]{0,2000})", re.I)
JSON_COMMENT = re.compile(r"^\s*(?:<!--.*?-->|//.*?$|/\*.*?\*/|<!\[CDATA\[)|(?://)?\s*(?:\]\]>|-->)\s*$", re.S | re.M)
TRAILING_COMMA = re.compile(r",(\s{0,200}[\]}])")

_domains = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@dataclass(frozen=True)
class Mark:
    """A span of the text that the markup said something about."""

    kind: str  # heading, struck, table, cell, nav, code, quote, sup, item
    start: int
    end: int


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
    soup = _parse(body, encoding)
    found = _by_name(soup)
    meta = _metas(found["meta"])
    base = _base(found["base"], url)
    structured = _structured(found["script"])
    title = _title(found["title"])
    text, marks = _Writer(_styled_classes(found["style"])).write(soup)
    links = [(_join(base, _attr(a, "href")), _line(a.get_text(" ", strip=True)[:200])) for a in found["a"]]
    name = _name(meta, structured, title, found["h1"], url)
    return Page(
        url=url,
        name=name,
        tagline=_tagline(meta, found["h1"]),
        canonical=_canonical(found["link"], base),
        text=text,
        lang=_lang(found["html"], meta),
        pricing_links=_pricing_links(links, url),
        repository_links=_repository_links(links, structured, name, url),
        refresh_to=_refresh_to(found["meta"], base, url),
        structured=structured,
        title=title,
        marks=marks,
    )


def _parse(body: bytes, encoding: str | None) -> BeautifulSoup:
    header = f"text/html; charset={encoding}" if encoding else None
    _, markup = html_to_unicode(header, body[:MAX_BODY])
    try:
        return BeautifulSoup(INVISIBLE.sub("", markup), "lxml")
    except (ParserRejectedMarkup, ValueError, AssertionError):  # lxml refuses some rubbish; an empty page is the answer
        return BeautifulSoup("", "lxml")


def _by_name(soup: BeautifulSoup) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = {
        name: [] for name in ("html", "meta", "base", "script", "style", "title", "a", "h1", "link")
    }
    for node in soup.descendants:
        if isinstance(node, Tag) and node.name in found:
            found[node.name].append(node)
    return found


def _attr(tag: Tag, name: str) -> str:
    value = tag.attrs.get(name)
    if isinstance(value, list):
        return " ".join(value)
    return value if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def _base(tags: list[Tag], url: str) -> str:
    return _join(url, _attr(tags[0], "href")) or url if tags else url


def _metas(tags: list[Tag]) -> dict[str, str]:
    metas: dict[str, str] = {}
    for tag in tags:
        key = (_attr(tag, "property") or _attr(tag, "name") or _attr(tag, "http-equiv")).lower()
        content = _line(_attr(tag, "content"))
        if key and content:
            metas.setdefault(key, content)
    return metas


def _title(tags: list[Tag]) -> str:
    plain = [tag for tag in tags if tag.parent is None or tag.parent.name != "svg"]
    return _line(plain[0].get_text(" "))[:300] if plain else ""


def _lang(tags: list[Tag], meta: dict[str, str]) -> str | None:
    stated = _attr(tags[0], "lang") or _attr(tags[0], "xml:lang") if tags else ""
    lang = (stated or meta.get("content-language", "")).strip()
    return lang if re.fullmatch(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}", lang) else None


def _name(meta: dict[str, str], structured: Iterable[dict[str, Any]], title: str, h1: list[Tag], url: str) -> str:
    first = _line(h1[0].get_text(" ")) if h1 else ""
    candidates = (_site_name(meta), _structured_name(structured), _title_name(title, url), first)
    return next((name for name in candidates if name), "")[:120]


def _site_name(meta: dict[str, str]) -> str:
    name = meta.get("og:site_name", "")
    return "" if name.lower().replace(" ", "") in HOSTS_OF_OTHERS else name


def _structured_name(structured: Iterable[dict[str, Any]]) -> str:
    for item in structured:
        types = item.get("@type")
        kinds = types if isinstance(types, list) else [types]
        name = item.get("name")
        if isinstance(name, str) and name.strip() and any(isinstance(k, str) and k in NAMED_TYPES for k in kinds):
            return _line(name)
    return ""


def _title_name(title: str, url: str) -> str:
    parts = [part.strip() for part in TITLE_CUT.split(title) if part and part.strip()]
    own = [part for part in parts if not GENERIC.match(part)]
    label = _domain(url).split(".")[0]
    same = [part for part in own if label and re.sub(r"\W", "", part).lower() == label.replace("-", "")]
    return (same or own or [""])[0]


def _tagline(meta: dict[str, str], h1: list[Tag]) -> str:
    first = _line(h1[0].get_text(" ")) if h1 else ""
    return (meta.get("description") or meta.get("og:description") or meta.get("twitter:description") or first)[:400]


def _canonical(tags: list[Tag], base: str) -> str | None:
    for tag in tags:
        target = _join(base, _attr(tag, "href"))
        if "canonical" in _attr(tag, "rel").lower().split() and target.startswith(("http://", "https://")):
            return target
    return None


def _refresh_to(tags: list[Tag], base: str, url: str) -> str | None:
    for tag in tags:
        inside_noscript = any(parent.name == "noscript" for parent in tag.parents)
        found = REFRESH.match(_attr(tag, "content")) if _attr(tag, "http-equiv").lower() == "refresh" else None
        if found and not inside_noscript and int(found[1]) <= 15:
            target = _join(base, found[2])
            return target if target.startswith(("http://", "https://")) and target != url else None
    return None


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    parts = _domains(host)
    named = bool(re.search(r"[a-z]$", host))  # an address in digits has no parts
    return f"{parts.domain}.{parts.suffix}" if parts.suffix else ".".join(host.split(".")[-2:]) if named else host


def _domain(url: str) -> str:
    try:
        return _registrable(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _pricing_links(links: list[tuple[str, str]], url: str) -> tuple[str, ...]:
    home = _domain(url)
    ranked: dict[str, int] = {}
    for target, words in links[:5000]:
        rank = _pricing_rank(target, words)
        if rank and _domain(target) == home:
            ranked[target] = max(rank, ranked.get(target, 0))
    return tuple(sorted(ranked, key=lambda target: -ranked[target]))[:6]


def _pricing_rank(target: str, words: str) -> int:
    if not target.startswith(("http://", "https://")):
        return 0
    parts = urlsplit(target)
    by_path = 4 if PRICING_PATH.search(parts.path) else 0
    by_words = 2 if PRICING_TEXT.match(words) else 0
    by_fragment = 1 if PRICING_FRAGMENT.match(parts.fragment) else 0
    subscribe = 3 if parts.path.rstrip("/").endswith("subscribe") and not by_words else 0
    return max(by_path + by_words + by_fragment - subscribe, 0)


def _repository_links(
    links: list[tuple[str, str]], structured: Iterable[dict[str, Any]], name: str, url: str
) -> tuple[str, ...]:
    stated = [value for item in structured for value in _texts(item.get("codeRepository"), item.get("sameAs"))]
    own = {re.sub(r"\W", "", name).lower(), _domain(url).split(".")[0].replace("-", "")} - {""}
    found: dict[str, str] = {}
    for target in [*stated, *(target for target, _ in links[:5000]), url]:
        repository = _repository(target)
        if repository:
            found.setdefault(repository.lower(), repository)
    return tuple(sorted(found.values(), key=lambda link: 0 if _is_own(link, own) else 1))[:20]


def _texts(*values: Any) -> Iterator[str]:
    for value in values:
        yield from (v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str))


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


def _structured(scripts: list[Tag]) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []
    for script in scripts:
        if "ld+json" in _attr(script, "type").lower():
            found.extend(_flatten(_lenient_json(script.get_text())))
    return tuple(found[:MAX_OBJECTS])


def _lenient_json(source: str) -> Any:
    bare = JSON_COMMENT.sub("", source).strip().rstrip(";")
    for attempt in (source, bare, TRAILING_COMMA.sub(r"\1", bare)):
        try:
            value = json.loads(attempt, strict=False, parse_constant=lambda _: None)
            return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:MAX_OBJECTS]
        elif isinstance(item, dict):
            graph = item.get("@graph")
            waiting[:0] = graph[:MAX_OBJECTS] if isinstance(graph, list) else [graph]
            own = {key: entry for key, entry in item.items() if key != "@graph"}
            if set(own) - {"@context"}:
                yield own


def _styled_classes(styles: list[Tag]) -> tuple[frozenset[str], frozenset[str]]:
    """The class names that the page's own style sheet strikes through, and those it hides."""
    struck: set[str] = set()
    hidden: set[str] = set()
    shown: set[str] = set()
    for selector, rule in _css_rules("".join(style.get_text() for style in styles)[:300_000]):
        plain = CLASS_ALONE.fullmatch(selector)
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


class _Writer:
    """Writes the visible text, one block a line, and notes where marked elements begin and end."""

    def __init__(self, styled: tuple[frozenset[str], frozenset[str]]) -> None:
        self.struck, self.hidden = styled
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
                if not self.is_hidden(child):
                    stack.append((child, iter(child.contents), self.enter(child), self.length))
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self.add(str(child), tag.name in ("pre", "textarea"))
        for tag, _, kind, start in reversed(stack):
            self.leave(tag, kind, start)
        text = "".join(self.parts)[:MAX_TEXT].rstrip()
        return text, tuple(sorted(_trimmed(self.marks, text), key=lambda mark: mark.start))

    def is_hidden(self, tag: Tag) -> bool:
        if tag.name in SKIPPED or "hidden" in tag.attrs:
            return True
        classes, style = _attr(tag, "class"), _attr(tag, "style")
        if style and HIDDEN_STYLE.search(style):
            return True
        if HIDDEN_CLASS.search(classes) and not SHOWN_AGAIN.search(classes):
            return True
        return bool(self.hidden) and not self.hidden.isdisjoint(classes.split())

    def enter(self, tag: Tag) -> str:
        if tag.name not in INLINE:
            self.newline()
        elif tag.name in ("td", "th"):
            self.gap = True
        self.edge = True
        return KINDS.get(tag.name) or self.styled_kind(tag)

    def styled_kind(self, tag: Tag) -> str:
        classes = _attr(tag, "class")
        if "line-through" in _attr(tag, "style") or not self.struck.isdisjoint(classes.split()):
            return "struck"
        if STRUCK_CLASS.search(classes):
            return "struck"
        if QUOTE_CLASS.search(classes):
            return "quote"
        return "heading" if _attr(tag, "role") == "heading" else ""

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
