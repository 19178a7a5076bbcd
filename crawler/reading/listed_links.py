"""The links a change adds to a list written in Markdown, their names and descriptions. Pure: patches in, links out.

A line that is moved, sorted anew or reworded adds no link.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from catalog.addresses import canonical_url, repository_of
from catalog.text import one_line

MOST_LINES = 20_000  # of one patch
LONGEST_LINE = 4_000
NO_NAME = frozenset(
    "website web site home homepage demo live github gitlab code source repo repository here link paper docs "
    "documentation pdf arxiv blog article post video youtube twitter x discord slack review reviews more try read "
    "download install readme huggingface npm pypi license contribute announcement announcements tweet colab app".split()
)
OWNER_AND_NAME = re.compile(r"^[\w.-]+\s*/\s*([\w.-]+)$")
IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^()\s]{0,2000}[^()]{0,300}\)|<img\b[^>]{0,2000}>", re.IGNORECASE)
LINK = re.compile(
    r"\[([^\[\]]{0,300})\]\(\s*<?(https?://[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,500})?)>?[^()]{0,300}\)"
)
ANCHOR = re.compile(
    r"""<a\b[^>]{0,500}?\bhref\s*=\s*["'](https?://[^"'\s<>]{1,2000})["'][^>]{0,500}>(.{0,500}?)</a>""", re.IGNORECASE
)
INSIDE = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,2000}\)")  # a link to another part of the list
TAG = re.compile(r"<[^<>]{0,1000}>")
MARK = re.compile(r"^\s*(?:[-*+>]|\d{1,4}[.)]|\||#{1,6}\s)\s*")
PARTS = re.compile(r"\s*\|\s*|\s+[–—-]{1,2}\s+|\s*[–—]\s+|:\s+|\s*\(\s*$")
ENTRY = re.compile(r"^\s*(?:[-*+]|\d{1,4}[.)]|\||#{1,6}\s|>|<(?:li|td|tr|h\d|p|dt|b|strong|a)\b)", re.IGNORECASE)
HEADING = re.compile(r"^\s*(?:#{1,6}\s+(.{1,200})|<h\d[^>]{0,200}>(.{1,200}))", re.IGNORECASE)
HUNK = re.compile(r"^@@[^@]{0,80}@@ ?(.{0,300})$")
LEADING = re.compile(r"^[^\w(\"'$#]+")  # dashes, colons, and the symbols some lists mark their entries with
BADGES = re.compile(
    r"^https?://(?:img\.shields\.io|badge\.fury\.io|badgen\.net|awesome\.re|contrib\.rocks|star-history\.com|api\.star-history\.com)(?:/|$)",
    re.IGNORECASE,
)
# Sections that hold reading, not tools.
READING = re.compile(
    r"\b(?:papers?|articles?|blogs?|tutorials?|courses?|lectures?|videos|books?|reading|podcasts?|newsletters?|news|"
    r"communities|resources|(?:more|other|awesome|related) lists|events?|guides?|benchmarks?|leaderboards?|datasets?|"
    r"surveys?|milestones|contribut(?:ors?|ing)|sponsors?|star history)\b",
    re.IGNORECASE,
)
LIST = re.compile(r"(?:^|[-_.])awesome(?:$|[-_.])", re.IGNORECASE)


@dataclass(frozen=True)
class ListedLink:
    """`why_none` says why it is no candidate, when the list itself tells."""

    name: str
    url: str
    canonical: str
    description: str = ""
    why_none: str = ""


def added_links(files: Iterable[dict[str, Any]]) -> list[ListedLink]:
    """The links of a commit's README that stood nowhere in what the commit took away, neither address nor name; the
    English README first."""
    documents = [file for file in files if is_markdown(file)]
    removed = [link for file in documents for link in links_of(file, "-")]
    gone = {link.canonical for link in removed} | {link.name.casefold() for link in removed}
    added: dict[str, ListedLink] = {}
    for file in sorted(filter(is_readme, documents), key=lambda file: len(str(file["filename"]))):
        for link in links_of(file, "+"):
            if not {link.canonical, link.name.casefold()} & gone:
                added.setdefault(link.canonical, link)
    return list(added.values())


def is_markdown(file: dict[str, Any]) -> bool:
    return str(file.get("filename", "")).lower().endswith((".md", ".markdown", ".mdx"))


def is_readme(file: dict[str, Any]) -> bool:
    return is_markdown(file) and str(file["filename"]).lower().rpartition("/")[2].startswith("readme")


def links_of(file: dict[str, Any], sign: str) -> Iterator[ListedLink]:
    """The first link of every entry on a line with this sign; its further links are of the same thing."""
    patch = file.get("patch")
    section = ""
    for line in (patch if isinstance(patch, str) else "").split("\n")[:MOST_LINES]:
        text = line[1:LONGEST_LINE]
        hunk = HUNK.match(line)
        if hunk:
            section = heading_of(hunk[1])
            continue
        section = heading_of(text) or section if line[:1] in ("+", " ") else section
        if line[:1] == sign and (link := read_line(text, section)):
            yield link


def heading_of(text: str) -> str:
    found = HEADING.match(text)
    return plain(found[1] or found[2]) if found else ""


def read_line(text: str, section: str) -> ListedLink | None:
    """None for a line that is no entry or names nothing outside."""
    if not ENTRY.match(text):
        return None
    bare = IMAGE.sub("", text)
    for before, words, url, rest in candidates(bare):
        canonical = same_address(url)
        name, description = name_of(words), description_of(rest)
        if not name:
            name, said = name_before(before)
            description = said or description
        if canonical and name and not BADGES.match(url):
            return ListedLink(name, url, canonical, description, why_none(canonical, section))
    return None


def same_address(url: str) -> str | None:
    """GitHub takes a repository's name in any case."""
    repository, canonical = repository_of(url), canonical_url(url)
    is_front = repository and canonical and canonical.lower() == f"https://github.com/{repository}"
    return f"https://github.com/{repository}" if is_front else canonical


def candidates(text: str) -> list[tuple[str, str, str, str]]:
    """(what precedes, words, address, what follows) of every link on a line, in order."""
    marked = [(found.start(), found[1], found[2], found.end()) for found in LINK.finditer(text)]
    tagged = [(found.start(), found[2], found[1], found.end()) for found in ANCHOR.finditer(text)]
    return [(text[:start], words, url, text[end:]) for start, words, url, end in sorted(marked + tagged)[:20]]


def name_of(words: str) -> str:
    """'acme/kettle' is called kettle; 'Website' is no name."""
    name = plain(words)
    if found := OWNER_AND_NAME.match(name):
        name = found[1]
    is_name = name.lower().strip(" .!:→↗") not in NO_NAME and not name.startswith(("http://", "https://"))
    return name[:200] if is_name else ""


def name_before(before: str) -> tuple[str, str]:
    """(name, description) of what stands before a link that is only called 'Website'; no name in a sentence."""
    words = plain(INSIDE.sub(lambda link: link[1], LINK.sub("", MARK.sub("", before))))
    name, _, said = PARTS.sub("\n", words).strip().partition("\n")
    if len(name) > 60 or len(name.split()) > 5:
        return "", ""
    return name.strip(" ,;:("), " ".join(said.split()).strip(" (|")


def description_of(rest: str) -> str:
    """What follows the name, without marks, cells and the links after it."""
    words = plain(LINK.sub(lambda link: "" if is_no_name(link[1]) else link[1], ANCHOR.sub("", rest)))
    return LEADING.sub("", re.sub(r"\(\s*\)|\[\s*\]", "", words)).strip(" |")[:1000]


def is_no_name(words: str) -> bool:
    return plain(words).lower() in NO_NAME


def plain(marked: str) -> str:
    """Markdown's words without its marks."""
    words = re.sub(r"\*{1,3}|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)", "", TAG.sub(" ", IMAGE.sub("", marked)))
    return one_line(html.unescape(words)).strip()


def why_none(canonical: str, section: str) -> str:
    """Why the list itself says that a link is no tool; '' when it says nothing of the kind."""
    repository = repository_of(canonical)
    if LIST.search((repository or urlsplit(canonical).path).rpartition("/")[2]):
        return "it is another list"
    if READING.search(section):
        return f"it is listed under {section[:80]}"
    return ""
