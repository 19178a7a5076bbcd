"""What a reading means for what stood of its tool: which statements are new, and which stand on. Pure."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.facts import NewFact, is_quoted
from catalog.ledger.normal import same_statement
from catalog.ledger.standing import SINGLE, SURE_ENOUGH, Pages, Standing, is_missed, is_surer
from crawler.items import PageRead, ToolReading
from db.models import Fact

log = logging.getLogger(__name__)


@dataclass
class Settled:
    """`ended` are pages that no longer yield a claim that stood: each leaves a snapshot, by which that is known."""

    new: list[tuple[PageRead, NewFact]] = field(default_factory=list)
    confirmed: dict[int, Fact] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)


def settle(standing: Standing, pages: Pages, reading: ToolReading) -> Settled:
    settled = Settled()
    read = {page.url for page in reading.pages}
    stated = {(page.url, new.key, new.value) for page in reading.pages for new in page.facts}
    claims: dict[tuple[str, str], Fact | None] = {
        (fact.key, fact.value): fact  # one its own page left out is a new fact of the page that says it now
        for fact in standing.claims
        if (url := pages.url_of(fact)) not in read or (url, fact.key, fact.value) in stated
    }
    for page in reading.pages:
        quoted = [new for new in page.facts if holds_quote(new, page, reading.tool_id)]
        for new in [*surest_of_each(quoted), *(new for new in quoted if new.key not in SINGLE)]:
            is_single = new.key in SINGLE
            before = on_page(standing, pages, new.key, page.url) if is_single else claims.get((new.key, new.value))
            if before and confirms(before, new):
                settled.confirmed[before.id or 0] = before
            elif not is_outranked(standing, new, before) and (
                is_single or before or (new.key, new.value) not in claims
            ):
                settled.new.append((page, new))
                claims.setdefault((new.key, new.value), None)
    confirm_unchanged(settled, standing, pages, reading)
    left = (pages.url_of(fact) for fact in standing.claims if fact.id not in settled.confirmed)
    settled.ended = {url for url in left if url in read}
    return settled


def holds_quote(new: NewFact, page: PageRead, tool_id: int) -> bool:
    if not is_quoted(new, page.text):
        log.warning("tool=%s key=%s span does not hold its quote: dropped", tool_id, new.key)
    return is_quoted(new, page.text)


def surest_of_each(found: Iterable[NewFact]) -> list[NewFact]:
    """A page has one word on a single key: the surest, of equals the last."""
    chosen: dict[str, NewFact] = {}
    for new in found:
        if new.key in SINGLE and (new.key not in chosen or new.confidence >= chosen[new.key].confidence):
            chosen[new.key] = new
    return list(chosen.values())


def on_page(standing: Standing, pages: Pages, key: str, url: str) -> Fact | None:
    return next((fact for fact in standing.single.get(key, []) if pages.url_of(fact) == url), None)


def confirms(before: Fact, new: NewFact) -> bool:
    """The same statement; a sure reading of what was doubtful is a new fact all the same."""
    return same_statement(before, new) and not before.confidence < SURE_ENOUGH <= new.confidence


def is_outranked(standing: Standing, new: NewFact, before: Fact | None) -> bool:
    """A doubtful reading replaces no sure one, of whatever page."""
    stands = standing.chosen.get(new.key) if new.key in SINGLE else before
    return stands is not None and is_surer(stands, new)


def confirm_unchanged(settled: Settled, standing: Standing, pages: Pages, reading: ToolReading) -> None:
    """A page that says it has not changed still states what it stated when it was read last."""
    single = (fact for facts in standing.single.values() for fact in facts)
    for fact in (*standing.claims, *single):
        if pages.url_of(fact) in reading.unchanged_urls and not is_missed(fact, pages):
            settled.confirmed[fact.id or 0] = fact
