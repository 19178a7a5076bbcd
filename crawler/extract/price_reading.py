"""A page as the reading of its prices sees it: its lines, headings, tables, and whether prices are its subject."""

import re
from functools import cached_property

from crawler.extract.page import Page
from crawler.extract.spans import cover

MAX_LINE = 600
MAX_CELLS = 4000
PRICING_PAGE = re.compile(
    r"/(?:[\w-]{0,20})(?:pricing|prices?|plans?|tarifs?|preise|precios|prezzi)[\w-]{0,12}(?:\.\w{1,5})?/?(?:$|[?#])",
    re.I,
)
PRICING_HEADING = re.compile(
    r"\bpricing\b|^(?:plans?|our plans|prices|tarifs?|preise|precios|prezzi|preços|cennik|価格|料金|定价|价格)$|"
    r"choose (?:your|a) plan|"
    r"plans (?:&|and|for)|\bprix\b",
    re.I,
)
OWN_KEYS = re.compile(
    r"bring your own (?:\w+\s){0,2}keys?|\bBYOK\b|pay (?:your |the )?(?:chosen )?providers? directly|"
    r"only pay (?:your|the|for your)",
    re.I,
)
FREE_ROUTE = re.compile(
    r"\bfree (?:forever|plan|tier|version|for (?:personal|individuals?|hobby|everyone))\b|\b(?:forever|always) free\b|"
    r"\bis (?:also )?(?:(?:completely|totally|entirely|100%|and always will be|now) )?free\b(?! (?:trial|"
    r"for (?:\d|a |the first|open|students?|educat|non-?profit|teachers?|maintainers)))|\bfree (?:and|&|"
    r"\+) open[\s-]source\b|"
    r"\bopen[\s-]source (?:and|&|·|\+) free\b|\bfree to (?:use|self-?host|download)\b|\bself-?host(?:ed|"
    r"ing)? (?:it |is )?(?:for )?free\b|"
    r"\bopen[\s-]source[^.\n]{0,60}\bself-?host(?!ed option)|\bremain free\b|\b100% free\b",
    re.I,
)


class PriceReading:
    """A page with what the reading of its prices needs to look up again and again."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.text
        self.headings = page.marked("heading")
        self.cells = page.marked("cell")[:MAX_CELLS]
        self.tables = page.marked("table")
        self.table_ground = cover(self.cells)
        self.unspoken = cover(page.marked("struck") + page.marked("quote") + page.marked("code"))

    @cached_property
    def is_pricing(self) -> bool:
        headed = any(PRICING_HEADING.search(self.text[a:b]) for a, b in self.headings if b - a <= 60)
        titled = PRICING_HEADING.search(self.page.title) is not None
        return bool(PRICING_PAGE.search(self.page.url)) or titled or headed

    @cached_property
    def own_keys(self) -> bool:
        return OWN_KEYS.search(self.text) is not None and FREE_ROUTE.search(self.text) is not None

    def line(self, at: int) -> tuple[int, int]:
        """The line that a place stands in; of an endless line only the part around it."""
        start = self.text.rfind("\n", max(0, at - MAX_LINE), at) + 1
        end = self.text.find("\n", at, at + MAX_LINE)
        return start or max(0, at - MAX_LINE), end if end >= 0 else min(len(self.text), at + MAX_LINE)

    def headings_before(self, at: int, most: int) -> list[str]:
        before = [(a, b) for a, b in self.headings if b <= at]
        return [self.text[a:b] for a, b in before[-most:]]

    def column(self, at: int) -> tuple[str, str]:
        """First cell of the row, and header of the column, that a place in a table belongs to; else empty words."""
        start, end = self.line(at)
        row = [(a, b) for a, b in self.cells if start <= a and b <= end]
        index = next((i for i, (a, b) in enumerate(row) if a <= at < b), None)
        if index is None or len(row) < 2:
            return "", ""
        header = self.header_row(start, len(row))
        named = self.text[slice(*header[index])] if header else ""
        return self.text[slice(*row[0])], named

    def header_row(self, row_start: int, width: int) -> list[tuple[int, int]]:
        table = next((a for a, b in reversed(self.tables) if a <= row_start < b), row_start)
        start, end = self.line(table)
        header = [(a, b) for a, b in self.cells if start <= a and b <= end]
        return header if len(header) == width else []
