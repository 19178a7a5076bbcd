"""Pages that say just this, read as a crawl reads them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from catalog.facts import NewFact
from crawler.items import PageRead, ToolReading
from crawler.storing import store_readings
from db.models import Change, Fact, Tool
from db.words import FactLabel

HOME, PRICING, REPOSITORY = "https://kettle.example/", "https://kettle.example/pricing", "https://github.com/a/kettle"


def found(
    key: str, value: str, confidence: float = 1.0, label: FactLabel = FactLabel.VENDOR_CLAIM, **normal: Any
) -> NewFact:
    return NewFact(key, value, normal, value, 0, len(value), confidence, label)


def price(amount: str, confidence: float = 1.0, **values: Any) -> NewFact:
    stated = {"amount": amount, "currency": "USD", "period": "month", "per": None, "plan": None} | values
    sign = {"USD": "$", "EUR": "€"}[stated["currency"]]
    return found("entry_price", f"{sign}{amount}/{stated['period']}", confidence, **stated)


def licence(spdx: str, label: FactLabel = FactLabel.VENDOR_CLAIM) -> NewFact:
    return found("licence", spdx, 0.9, label, spdx=spdx)


def page(url: str, at: datetime, *facts: NewFact, text: str = "") -> PageRead:
    """Its text is what its facts quote, and whatever else is told."""
    told, placed = text, []
    for fact in facts:
        placed.append(replace(fact, start=len(told), end=len(told) + len(fact.quote)))
        told += f"{fact.quote}\n"
    return PageRead(url, 200, told, at, tuple(placed))


def visit(session: Session, tool: Tool, *pages: PageRead, now: datetime, **values: Any) -> list[Change]:
    """The events of one visit to the tool's pages."""
    before = set(session.exec(select(Change.id)))
    store_readings(session, [ToolReading(tool.id or 0, pages=list(pages), **values)], now)
    session.flush()
    return [one for one in session.exec(select(Change).order_by(col(Change.id))) if one.id not in before]


def read(session: Session, tool: Tool, now: datetime, *facts: NewFact, url: str = HOME) -> list[Change]:
    """The events of reading one page that says just this."""
    return visit(session, tool, page(url, now, *facts), now=now)


def stored(session: Session) -> list[Fact]:
    return list(session.exec(select(Fact).order_by(col(Fact.id))))


def values_of(facts: list[Fact]) -> set[str]:
    return {fact.value for fact in facts}
