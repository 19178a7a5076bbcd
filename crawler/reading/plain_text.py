"""Markup as a reader sees it: words without tags, and whether it is a web page or a bot wall. Pure, linear in time."""

import html
import re

from catalog.text import one_line

LONGEST_TEXT = 20_000  # of a title or summary; whole articles are no summary
TAG = re.compile(
    r"</?(?:a|abbr|article|audio|b|big|blockquote|br|center|cite|code|del|div|em|figcaption|figure|font|footer|h[1-6]|"
    r"header|hr|i|iframe|img|ins|kbd|li|link|mark|ol|p|picture|pre|q|s|samp|section|small|source|span|strike|strong|"
    r"sub|sup|svg|table|tbody|td|th|thead|time|tr|tt|u|ul|video|wbr)\b[^<>]{0,4000}>",
    re.IGNORECASE,
)
HIDDEN = {"<script": "</script", "<style": "</style", "<!--": "-->"}  # what opens → what closes
OPENING = re.compile("|".join(HIDDEN), re.IGNORECASE)
WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?>(?:<!--.{0,500}?-->\s*)*)<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
WALL = re.compile(
    r"just a moment|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:human|robot)|"
    r"not a robot|captcha|access (?:to this page has been )?denied|attention required|unusual traffic|"
    r"enable javascript and cookies|security check|bot (?:protection|detection)|ddos protection|"
    r"please wait for verification",
    re.IGNORECASE,
)
# One of these stands in whatever `WALL` finds, and looking for them is cheap.
WALL_TRACES = tuple(
    b"moment browser human robot captcha denied attention unusual cookies security bot ddos verification".split()
)
SMALL_PAGE, FEW_WORDS = 60_000, 3_000  # a page about captchas says more than a page that is one
ANY_TAG = re.compile(r"<[^<>]{0,8000}>")


def plain(markup: str) -> str:
    """What a reader sees. Many feeds escape their HTML twice, so tags are looked for once more after unescaping."""
    seen = html.unescape(without_tags(markup[:LONGEST_TEXT]))
    return one_line(html.unescape(without_tags(seen)))


def without_tags(markup: str) -> str:
    return TAG.sub(" ", without_hidden(markup)) if "<" in markup else markup


def without_hidden(markup: str) -> str:
    """Without scripts, styles and comments; what does not end hides all that follows."""
    kept, at, lower = [], 0, markup.lower()
    while opening := OPENING.search(markup, at):
        kept.append(markup[at : opening.start()])
        closing = HIDDEN[opening[0].lower()]
        end = lower.find(closing, opening.end())
        at = markup.find(">", end) + 1 if end >= 0 else 0
        if not at:
            return " ".join(kept)
    return " ".join([*kept, markup[at:]])


def first_words(words: str, most: int = 80) -> str:
    """The first sentence of a text, at most so long."""
    sentence = re.split(r"(?<=[.!?…])\s", words, maxsplit=1)[0]
    return sentence if len(sentence) <= most else sentence[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def is_web_page(payload: bytes) -> bool:
    return bool(WEB_PAGE.match(payload[:5000].removeprefix(b"\xef\xbb\xbf")))


def is_wall(payload: bytes) -> bool:
    """Whether a web page is one that asks whether we are a person; words in a small page, no proof."""
    low = payload.lower() if len(payload) <= SMALL_PAGE else b""
    if not any(trace in low for trace in WALL_TRACES):
        return False
    words = one_line(ANY_TAG.sub(" ", without_hidden(payload.decode("latin-1"))))
    return len(words) <= FEW_WORDS and bool(WALL.search(words))


def what_it_is(payload: bytes, wanted: str) -> str:
    """The end of a sentence for a web page where something else was asked for."""
    if is_wall(payload):
        return f"is a web page, not {wanted}: we were turned away by a bot wall"
    return f"is a web page, not {wanted}"
