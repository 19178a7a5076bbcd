"""The markup of a page, parsed once: its tree, and its body written back as regular markup.

Written back, every element is closed and every value stands in double quotes, so that one pattern reads it through.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from w3lib.encoding import html_to_unicode

from crawler.extract.bounds import MAX_MARKUP, bounded

INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
NEVER_SHOWN = ["script", "style", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video", "noembed",
               "noframes"]  # fmt: skip


def parse_markup(body: bytes, encoding: str | None) -> LexborHTMLParser:
    header = f"text/html; charset={encoding}" if encoding else None
    _, markup = html_to_unicode(header, body[:MAX_MARKUP])
    try:
        return LexborHTMLParser(bounded(markup))
    except UnicodeEncodeError:  # half a character
        return LexborHTMLParser(bounded(markup).encode("utf-8", "replace").decode())
    except (SelectolaxError, ValueError):  # what it refuses is an empty page
        return LexborHTMLParser("")


def body_written(tree: LexborHTMLParser) -> str:
    """The body as regular markup. What is never shown leaves the tree: read that first."""
    tree.strip_tags(NEVER_SHOWN, recursive=True)
    written = (tree.body.html if tree.body else tree.html) or ""
    return written.replace("&nbsp;", " ")


def attribute(tag: LexborNode, name: str) -> str:
    return tag.attributes.get(name) or ""


def is_inside(tag: LexborNode, name: str) -> bool:
    above = tag.parent
    while above is not None and above.tag != name:
        above = above.parent
    return above is not None


def words_of(tag: LexborNode) -> str:
    return one_line(tag.text(separator=" "))


def one_line(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())
