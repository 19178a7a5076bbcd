"""The markup of a page, parsed once: its tags by name, their attributes, and their words on one line."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup
from w3lib.encoding import html_to_unicode

MAX_BODY = 3_000_000
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def parse_markup(body: bytes, encoding: str | None) -> BeautifulSoup:
    header = f"text/html; charset={encoding}" if encoding else None
    _, markup = html_to_unicode(header, body[:MAX_BODY])
    try:
        return BeautifulSoup(INVISIBLE.sub("", markup), "lxml")
    except (ParserRejectedMarkup, ValueError, AssertionError):  # lxml refuses some rubbish; an empty page is the answer
        return BeautifulSoup("", "lxml")


def tags_by_name(soup: BeautifulSoup) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = {
        name: [] for name in ("html", "meta", "base", "script", "style", "title", "a", "h1", "link")
    }
    for node in soup.descendants:
        if isinstance(node, Tag) and node.name in found:
            found[node.name].append(node)
    return found


def attribute(tag: Tag, name: str) -> str:
    value = tag.attrs.get(name)
    if isinstance(value, list):
        return " ".join(value)
    return value if isinstance(value, str) else ""


def one_line(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())
