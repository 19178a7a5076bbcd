"""Which of a tool's facts stood at a moment. Pure; answers for any past moment as it was answered then.

A fact stands from `observed_at` on, and was stated by every reading up to `verified_at`. What ended it is told by
snapshots, which never move: a reading that changes anything writes one, and moves `verified_at` of all it found.
A fact that ended is never taken up again: said once more, it is a new row. So `verified_at` may move on later
without changing what is answered for earlier moments.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from db.models import Fact
from db.words import FactLabel

# Of these each page states one at a time; of the others (claims) as many as it likes.
SINGLE = (
    "tier",
    "entry_price",
    "licence",
    "parameters",
    "context_length",
    "weights",
    "free_credit",
    "tagline",
    "stars",
)
SURE_ENOUGH = 0.6
GRACE = timedelta(days=7)  # a page that is not read, or leaves a single fact out, has so long to say it again
PRICES = ("tier", "entry_price")
PRICING_PAGE = re.compile(r"pric|plan|billing|subscri|upgrade|tarif|preis|cost", re.I)
LABELS = (FactLabel.THIRD_PARTY, FactLabel.VENDOR_CLAIM, FactLabel.OUR_CHECK)  # the last outranks the others


class Sure(Protocol):
    @property
    def confidence(self) -> float: ...


@dataclass
class Pages:
    """A tool's snapshots: where each was read, and when its pages changed."""

    urls: dict[int, str] = field(default_factory=dict)  # snapshot → address
    moments: dict[str, list[datetime]] = field(default_factory=dict)  # address → when it was stored; "" → any

    def add(self, snapshot_id: int, url: str, fetched_at: datetime) -> None:
        """In the order of time."""
        self.urls[snapshot_id] = url
        for name in (url, ""):
            self.moments.setdefault(name, []).append(fetched_at)

    def url_of(self, fact: Fact) -> str:
        return self.urls.get(fact.snapshot_id, "")

    def has_changed(self, url: str, since: datetime, until: datetime | None) -> bool:
        moments = self.moments.get(url, [])
        after = bisect_right(moments, since)
        return after < len(moments) and (until is None or moments[after] <= until)


@dataclass
class Standing:
    """What stands of one tool: claims, and of each single key what each page says, the chosen one first."""

    claims: list[Fact] = field(default_factory=list)
    single: dict[str, list[Fact]] = field(default_factory=dict)
    last_known: dict[str, Fact] = field(default_factory=dict)  # of keys no page states surely any more

    @property
    def chosen(self) -> dict[str, Fact]:
        return {key: facts[0] for key, facts in self.single.items()} | self.last_known

    @property
    def facts(self) -> list[Fact]:
        """One of each single key, and all claims."""
        return [*self.chosen.values(), *self.claims]


def standing_of(known: Iterable[Fact], pages: Pages, at: datetime | None = None) -> Standing:
    """
    Args:
        known: the tool's facts, oldest first; those after `at` are passed over.
    """
    standing = Standing()
    newest: dict[tuple[str, str], Fact] = {}
    for fact in known:
        if at and fact.observed_at > at:
            continue
        if fact.key in SINGLE:
            newest[fact.key, pages.url_of(fact)] = fact
        elif not is_missed(fact, pages, at) and not is_gone(fact, pages, at):
            standing.claims.append(fact)
    left: dict[str, list[Fact]] = {}
    for (key, _), fact in newest.items():
        (left if is_gone(fact, pages, at) else standing.single).setdefault(key, []).append(fact)
    for facts in standing.single.values():
        facts.sort(key=lambda fact: rank(fact, pages), reverse=True)
    for key, facts in left.items():
        last = max(facts, key=lambda fact: (fact.confidence >= SURE_ENOUGH, fact.verified_at, rank(fact, pages)))
        if key not in standing.single or is_surer(last, standing.single[key][0]):
            standing.last_known[key] = last
    return standing


def is_surer(before: Sure, new: Sure) -> bool:
    """A doubtful reading does not replace a sure one."""
    return before.confidence >= SURE_ENOUGH > new.confidence


def is_missed(fact: Fact, pages: Pages, at: datetime | None = None) -> bool:
    """Its page changed since it was last found there."""
    return pages.has_changed(pages.url_of(fact), fact.verified_at, at)


def is_gone(fact: Fact, pages: Pages, at: datetime | None = None) -> bool:
    """The tool's pages were read, and had changed, long after it was last found."""
    return pages.has_changed("", fact.verified_at + GRACE, at)


def rank(fact: Fact, pages: Pages) -> tuple[bool, int, float, bool, datetime, int]:
    """Of what several pages say: the sure, a licence by who says it, then the surer, the pricing page, the newer."""
    authority = LABELS.index(FactLabel(fact.label)) if fact.key == "licence" else 0
    is_priced = fact.key in PRICES and is_pricing_page(pages.url_of(fact))
    return fact.confidence >= SURE_ENOUGH, authority, fact.confidence, is_priced, fact.observed_at, fact.id or 0


def is_pricing_page(url: str) -> bool:
    parts = urlsplit(url)
    return bool(PRICING_PAGE.search(f"{parts.path}#{parts.fragment}"))
