"""A page as the reading of its prices sees it: its lines, headings, tables, and whether prices are its subject."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from catalog.text import lowered
from crawler.extract.columns import Columns
from crawler.extract.page import Page
from crawler.extract.prose import lines_with
from crawler.extract.spans import cover

MAX_LINE = 600
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
PRICING_TRACES = (
    "pric",
    "plan",
    "tarif",
    "preis",
    "precio",
    "prezzi",
    "preço",
    "cennik",
    "価格",
    "料金",
    "定价",
    "价格",
    "prix",
)
OWN_KEYS = re.compile(
    r"bring your own (?:\w+\s){0,2}keys?|\bBYOK\b|pay (?:your |the )?(?:chosen )?providers? directly|"
    r"only pay (?:your|the|for your)",
    re.I,
)
OWN_KEYS_TRACES = ("your own", "byok", "providers directly", "provider directly", "only pay")
PACK_TRACES = (
    "never expire",
    "pay as you go",
    "pay-as-you-go",
    "credit pack",
    "no subscription",
    "buy credits",
    "top up",
)
MONTH_PRICE = re.compile(r"\d\s?(?:/|per\s|an?\s)\s?(?:mo\b|month)")
FOR_SOME_TRACES = ("student", "educat", "teacher", "academ", "school", "profit", "charit", "tudiant", "estudiant")
FREE_TRACES = ("free", "self-host", "self host", "selfhost", "yourself")
NUMBER = r"(?:\d[\d,.]{0,8}k?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|a hundred)"
TIMES = r"(?:more |full |calendar )?(?:days?|weeks?|months?|years?|hours?|minutes? of trial)\b"
FREE_ROUTE = re.compile(
    r"\bfree (?:forever|plan|tier|version|for (?:personal|individuals?|hobby|everyone))\b|\b(?:forever|always) free\b|"
    r"\bis (?:also )?(?:(?:completely|totally|entirely|100%|and always will be|now) )?free\b"
    r"(?! (?:trial|to (?:try|start|begin|sign|join)|"
    r""
    r"for (?:\d|a |the first|open|students?|educat|non-?profit|teachers?|maintainers)))|\bfree (?:and|&|"
    r"\+) open[\s-]source\b|"
    r"\bopen[\s-]source (?:and|&|·|\+) free\b|\bfree to (?:use|self-?host|download)\b|\bself-?host(?:ed|"
    r"ing)? (?:it |is )?(?:for )?free\b|"
    r"\bopen[\s-]source(?:[^.\n]|\.(?=\d)){0,60}\b(?:self-?host(?!ed option)|run (?:it )?yourself)|"
    r"\bremain free\b|\b100% free\b|"
    r"\bopen[\s-]source, free\b|\bfree, (?:open[\s-]source|self-?host)|"
    rf"\bfree (?:for|up to) (?:up to |the first |your first )?{NUMBER} (?!{TIMES})[a-z]{{3,}}|"
    rf"\bfirst {NUMBER} (?!{TIMES})\w+ (?:/ ?|per |a |each |every )(?:month|day|week|mo)\b(?: are| is)? free\b|"
    rf"\b{NUMBER} (?!{TIMES})\w+ (?:/ ?|per |a |each |every )(?:month|day|week|mo)\b(?: for)? free\b",
    re.I,
)


class PriceReading:
    """A page with what the reading of its prices needs to look up again and again."""

    def __init__(self, page: Page, with_pre: bool = False) -> None:
        self.page = page
        self.text = page.text
        self.headings = page.marked("heading")
        self._last_line = (0, 0)
        self.columns = Columns(page, self.line)
        self.table_ground = cover(self.columns.cells)
        apart = ("struck", "quote", "code") if with_pre else ("struck", "quote", "code", "pre")
        self.set_ground = page.marked("pre") if with_pre else []
        self.unspoken = cover(page.marked(*apart))

    @cached_property
    def is_pricing(self) -> bool:
        traced = any(word in self.low for word in PRICING_TRACES)
        headed = traced and any(PRICING_HEADING.search(self.text[a:b]) for a, b in self.headings if b - a <= 60)
        titled = PRICING_HEADING.search(self.page.title) is not None
        return bool(PRICING_PAGE.search(self.page.url)) or titled or headed

    @cached_property
    def speaks_of_some(self) -> bool:
        return any(word in self.low for word in FOR_SOME_TRACES)

    @cached_property
    def sells_packs(self) -> bool:
        """True where what is bought is used up, and nothing on the page is paid by the month."""
        return any(word in self.low for word in PACK_TRACES) and MONTH_PRICE.search(self.low) is None

    @cached_property
    def own_keys(self) -> bool:
        if not any(word in self.low for word in OWN_KEYS_TRACES) or next(self.free_routes(), None) is None:
            return False
        return OWN_KEYS.search(self.text) is not None

    @cached_property
    def lined(self) -> str:
        """The text with a line's end before it, so that every line begins after one."""
        return f"\n{self.text}"

    @cached_property
    def low(self) -> str:
        return lowered(self.text)

    @cached_property
    def raised(self) -> frozenset[int]:
        """Where words set above the line begin."""
        return frozenset(start for start, _ in self.page.marked("sup"))

    def free_routes(self) -> Iterator[re.Match[str]]:
        """What the page says of free ways in."""
        for start, end in lines_with(self.low, FREE_TRACES):
            yield from FREE_ROUTE.finditer(self.text, start, end)

    def line(self, at: int) -> tuple[int, int]:
        """The line that a place stands in; of an endless line only the part around it."""
        start, end = self._last_line
        if start <= at < end:
            return start, end
        start = self.text.rfind("\n", max(0, at - MAX_LINE), at) + 1
        end = self.text.find("\n", at, at + MAX_LINE)
        line = start or max(0, at - MAX_LINE), end if end >= 0 else min(len(self.text), at + MAX_LINE)
        if line[1] - line[0] < MAX_LINE:
            self._last_line = line
        return line

    def headings_before(self, at: int, most: int) -> list[str]:
        return [self.text[a:b] for a, b in reversed(list(islice(self.headings_up(at), most)))]

    def headings_up(self, at: int) -> Iterator[tuple[int, int]]:
        """The headings that end before a place, the nearest first."""
        for number in range(bisect_right(self.headings, (at, 0)) - 1, -1, -1):
            if self.headings[number][1] <= at:
                yield self.headings[number]
