"""Ties a quote to the facts it rests on, and says how good a tool's evidence is."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from catalog.facts import NewFact, current_facts, store_fact
from db.models import Fact, Review, ReviewFact, Snapshot
from panel.checks import Claim, claims_of, holds, position

RESTING = ("tier", "entry_price", "licence", "weights")  # what a reader pays and may do: every verdict rests on these
LONGEST_SPAN = 400


class Evidence(StrEnum):
    DOCUMENTED = "documented"
    CLAIMED = "claimed"
    FIRST_LOOK = "first look"


def evidence_level(facts: list[Fact]) -> Evidence:
    """documented: price and terms are known and more is stated; claimed: the vendor's words only; else a first look."""
    sure = {fact.key for fact in facts if fact.confidence >= 0.6}
    if {"tier", "entry_price"} & sure and len(facts) >= 4:
        return Evidence.DOCUMENTED
    return Evidence.CLAIMED if len(facts) >= 2 else Evidence.FIRST_LOOK


def anchor(session: Session, tool_id: int, quote: str, now: datetime) -> list[Fact]:
    """The facts that hold the quote's figures and licences. A figure that stands on a stored page but is no
    fact yet becomes one, with its span; what stands nowhere is left for the check to name."""
    facts = current_facts(session, tool_id)
    cited: dict[int, Fact] = {}
    for claim in claims_of(quote):
        fact = next((fact for fact in facts if holds(f"{fact.value} {fact.quote}", claim)), None)
        fact = fact or find_on_pages(session, tool_id, claim, now)
        if fact and fact.id is not None:
            cited[fact.id] = fact
    return list(cited.values())


def find_on_pages(session: Session, tool_id: int, claim: Claim, now: datetime) -> Fact | None:
    for snapshot in latest_snapshots(session, tool_id):
        start = 0
        for line in snapshot.text.split("\n"):
            at = position(line, claim)
            if at is not None:
                begin, end = span_around(line, at)
                quote = line[begin:end]
                new = NewFact("claim", quote, {}, quote, start + begin, start + end, 0.8)
                return store_fact(session, tool_id, snapshot, new, now)
            start += len(line) + 1
    return None


def span_around(line: str, at: int) -> tuple[int, int]:
    """Whole words of the line with what stands at `at` among them, no longer than a quote may be."""
    begin, end = 0, len(line)
    if end > LONGEST_SPAN:
        begin = max(0, at - LONGEST_SPAN // 2)
        end = min(end, begin + LONGEST_SPAN)
        begin = line.find(" ", begin, at) + 1 or begin if begin else 0
        end = line.rfind(" ", at + 1, end) if end < len(line) and " " in line[at + 1 : end] else end
    return begin, end


def latest_snapshots(session: Session, tool_id: int) -> list[Snapshot]:
    """The newest reading of each of the tool's pages."""
    newest: dict[str, Snapshot] = {}
    for snapshot in session.exec(select(Snapshot).where(Snapshot.tool_id == tool_id).order_by(col(Snapshot.id))):
        newest[snapshot.url] = snapshot
    return list(newest.values())


def facts_of_review(session: Session, review: Review) -> list[Fact]:
    query = (
        select(Fact).join(ReviewFact, col(ReviewFact.fact_id) == col(Fact.id)).where(ReviewFact.review_id == review.id)
    )
    return list(session.exec(query))
