"""MJML in, mail HTML out: the one door to the engine. Knows no template and no edition.

The engine accepts almost anything and says little, so `check_source` reads the source first: only the tags
and attributes we use, in the places they work, and only links that lead somewhere from inside a mailbox.
"""

import re
from html.parser import HTMLParser

from mjml import mjml2html

from errors import RenderError

# The tag: the tags it may stand in, and the attributes it may carry.
MJML_TAGS: dict[str, tuple[set[str], set[str]]] = {
    "mjml": ({""}, {"lang", "dir"}),
    "mj-head": ({"mjml"}, set()),
    "mj-title": ({"mj-head"}, set()),
    "mj-preview": ({"mj-head"}, set()),
    "mj-breakpoint": ({"mj-head"}, {"width"}),
    "mj-raw": ({"mj-head"}, set()),
    "mj-style": ({"mj-head"}, set()),
    "mj-attributes": ({"mj-head"}, set()),
    "mj-all": ({"mj-attributes"}, {"font-family"}),
    "mj-body": ({"mjml"}, {"width", "background-color", "css-class"}),
    "mj-section": ({"mj-body", "mj-attributes"}, {"padding", "css-class"}),
    "mj-column": ({"mj-section", "mj-attributes"}, {"padding", "css-class"}),
    "mj-text": (
        {"mj-column", "mj-attributes"},
        {"padding", "css-class", "color", "font-size", "line-height", "font-family"},
    ),
    "mj-divider": ({"mj-column", "mj-attributes"}, {"padding", "css-class", "border-width", "border-color"}),
    "mj-button": (
        {"mj-column", "mj-attributes"},
        {"href", "align", "padding", "inner-padding", "css-class", "color", "background-color"}
        | {"font-size", "font-weight", "border-radius"},
    ),
}
HTML_TAGS = {"h1", "h2", "h3", "p", "a", "strong", "em", "span", "bdi", "br", "table", "tr", "td"}
VOID_TAGS = {"br", "meta"}
ABSOLUTE = re.compile(r"(https?://[^/\s]|mailto:|%%[A-Z_]+%%$)")


def to_html(source: str) -> str:
    """Render one checked MJML document.

    Raises:
        RenderError: the source breaks our rules, or the engine refuses it.
    """
    if findings := check_source(source):
        raise RenderError("The mail", "; ".join(findings[:3]))
    try:
        return str(mjml2html(source, fonts={}, disable_comments=True))
    except ValueError as exc:
        raise RenderError("The mail", f"the MJML engine refused it ({exc})") from exc


def check_source(source: str) -> list[str]:
    """What is wrong with an MJML source, one sentence a finding; an empty list is good."""
    checker = SourceChecker()
    checker.feed(source)
    checker.close()
    return checker.finish()


class SourceChecker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.findings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in MJML_TAGS:
            self.check_place(tag)
            self.check_attributes(tag, [name for name, _ in attrs])
        elif tag.startswith("mj-"):
            self.found(f"<{tag}> is not a tag we use")
        else:
            self.check_html(tag)
        self.check_links(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID_TAGS:
            return
        if not self.open or self.open[-1] != tag:
            self.found(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.parent()
        if data.strip() and parent in ("mjml", "mj-head", "mj-body", "mj-section", "mj-column", "mj-attributes"):
            self.found(f"text stands directly in <{parent}>")

    def finish(self) -> list[str]:
        if self.open:
            self.found(f"<{self.open[-1]}> is never closed")
        return self.findings

    def check_place(self, tag: str) -> None:
        parents = MJML_TAGS[tag][0]
        if self.parent() not in parents:
            self.found(f"<{tag}> stands in <{self.parent()}>, not in {' or '.join(sorted(parents))}")

    def check_attributes(self, tag: str, names: list[str]) -> None:
        for name in names:
            if name not in MJML_TAGS[tag][1]:
                self.found(f"<{tag}> has no attribute {name}")

    def check_html(self, tag: str) -> None:
        parent = next((name for name in reversed(self.open) if name in MJML_TAGS), "")
        if not (tag in HTML_TAGS and parent == "mj-text") and not (tag == "meta" and parent == "mj-raw"):
            self.found(f"<{tag}> may not stand in <{parent}>")

    def check_links(self, tag: str, attrs: dict[str, str | None]) -> None:
        if (tag == "a" or "href" in attrs) and not ABSOLUTE.match(attrs.get("href") or ""):
            self.found(f"the link '{attrs.get('href') or ''}' is not absolute")

    def parent(self) -> str:
        return self.open[-1] if self.open else ""

    def found(self, what: str) -> None:
        self.findings.append(f"line {self.getpos()[0]}: {what}")
