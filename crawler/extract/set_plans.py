"""Plan tables set as preformatted text: read on a pricing page that states its prices nowhere else, and doubted."""

import re
from dataclasses import replace

from crawler.extract.findings import Finding
from crawler.extract.page import Page
from crawler.extract.spans import cover, inside

MOST_SURE = 0.5
PRICED_LINE = re.compile(r"(?mi)^.{0,80}(?:[$€£¥₹]\s?\d|\d\s?€|\bfree\b|\bcontact\b|\bcustom\b).{0,120}$")
MONEY = re.compile(r"[$€£¥₹]\s?\d|\d\s?€")
# What programs, terminals and configuration have and a table of plans has not.
PROGRAM = re.compile(
    r"[{};`]|==|=>|->|\\$|(?m:^(?:\$|>|#|%|//)\s?[a-z])|\b(?:import|def|function|const|return|echo|curl|npm|pip|sudo|"
    r"export|print|SELECT)\b|\w\(|\w ?= ?\S"
)


def has_set_plans(page: Page) -> bool:
    """True where a preformatted block lists several plans with their prices and is no program."""
    code = cover(page.marked("code"))
    blocks = [(a, b) for a, b in page.marked("pre") if not any(a <= start < b for start, _ in code)]
    return any(_lists_plans(page.text[a:b]) for a, b in blocks if not inside(a, b, code))


def doubted(found: list[Finding]) -> list[Finding]:
    return [replace(one, confidence=min(one.confidence, MOST_SURE)) for one in found]


def _lists_plans(block: str) -> bool:
    return len(PRICED_LINE.findall(block)) >= 2 and MONEY.search(block) is not None and not PROGRAM.search(block)
