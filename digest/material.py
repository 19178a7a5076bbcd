"""Gathers a week's material from the store for compose: reads everything, decides nothing about words."""

import re

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.changes import Told, changes_since, has_returned, verdicts_under
from catalog.facts import current_facts, find_sure
from config import Settings
from db.models import (
    Comparison,
    Crawl,
    Edition,
    Entry,
    Fact,
    Launch,
    Review,
    ReviewFact,
    Tool,
    Verdict,
)
from db.words import Availability, ComparisonState, CrawlOutcome, LaunchKind
from digest.calendar import say_day, say_short
from digest.compose import EntryView, Opinion, ToolView, Week, say_price, say_verdict

# Licences the Open Source Initiative has approved, alone or to choose from; one with a carve-out is none of them.
OPEN_SOURCE = re.compile(
    r"(?:(?:MIT|Apache-|BSD-|GPL-|LGPL-|AGPL-|MPL-|ISC|Unlicense|EPL-|Zlib|PostgreSQL|EUPL-|0BSD)[\w.+-]*(?:$| OR ))+"
    r"(?:LicenseRef-[\w.-]+)?$"
)


def gather(session: Session, settings: Settings, edition: Edition, lenses: list[tuple[str, str]]) -> Week:
    """
    Args:
        lenses: (key, name) of the reviewers, in the order their marks stand.
    """
    entries = [entry_view(session, settings, edition, row, lenses) for row in entries_of(session, edition)]
    zone = settings.schedule.zone
    return Week(
        number=edition.number,
        date=say_day(edition.send_at, zone),
        date_iso=edition.send_at.astimezone(zone).date().isoformat(),
        site={
            "name": settings.mail.from_name,
            "home_url": settings.base_url,
            "postal_address": settings.mail.postal_address,
        },
        web_url=f"{settings.base_url}/editions/{edition.number}",
        launches=count_launches(session, edition),
        sources=count_sources(session, edition),
        entries=entries,
        changed=changed_verdicts(session, settings, edition),
        quick=quick_launches(session, settings, edition),
        reviewers=[name for _, name in lenses],
        intro=edition.intro,
        note=settings.edition.quiet_week_note,
        subject=edition.subject,
    )


def entries_of(session: Session, edition: Edition) -> list[Comparison]:
    query = (
        select(Comparison)
        .join(Entry, col(Entry.comparison_id) == col(Comparison.id))
        .where(Entry.edition_id == edition.id)
        .order_by(col(Entry.position))
    )
    return list(session.exec(query))


def entry_view(
    session: Session, settings: Settings, edition: Edition, comparison: Comparison, lenses: list[tuple[str, str]]
) -> EntryView:
    tools = [session.get_one(Tool, tool_id) for tool_id in comparison.tool_ids]
    return EntryView(
        slug=comparison.slug,
        url=comparison_url(settings, comparison),
        jobs=comparison.jobs,
        answer=comparison.answer or "",
        score=comparison.score,
        update_why=comparison.update_why,
        tools=tuple(tool_view(session, settings, comparison, tool, lenses) for tool in tools),
        opinions=opinions(session, comparison, dict(lenses)),
        changes=[
            change_line(settings, told)
            for told in changes_since(session, edition.from_at)
            if told.tool.id in comparison.tool_ids and not has_returned(session, told)
        ],
    )


def comparison_url(settings: Settings, comparison: Comparison) -> str:
    return f"{settings.base_url}/compare/{comparison.slug}"


def tool_view(
    session: Session, settings: Settings, comparison: Comparison, tool: Tool, lenses: list[tuple[str, str]]
) -> ToolView:
    verdict = latest_verdict(session, comparison, tool)
    facts = current_facts(session, tool.id or 0)
    price = find_sure(facts, "entry_price") or find_sure(facts, "tier")
    return ToolView(
        name=tool.name,
        slug=tool.slug,
        tagline=tool.tagline,
        home_url=tool.home_url,
        outcome=verdict.outcome,
        ships=verdict.ships,
        skips=verdict.skips,
        evidence=verdict.evidence,
        marks=[{"reviewer": name, "stance": verdict.marks[key]} for key, name in lenses if key in verdict.marks],
        price=price_of(facts),
        checked=say_short(price.verified_at, settings.schedule.zone) if price else "",
    )


def price_of(facts: list[Fact]) -> str:
    """Only what we are sure of, and only a price whose period is known, is told as a price."""
    tier, price, licence = (find_sure(facts, key) for key in ("tier", "entry_price", "licence"))
    has_period = price is not None and bool(price.normal.get("period"))
    is_open = licence is not None and OPEN_SOURCE.match(str(licence.normal.get("spdx", ""))) is not None
    return say_price(
        tier.value if tier else None,
        price.value if price and has_period else None,
        licence.value if licence and is_open else None,
    )


def latest_verdict(session: Session, comparison: Comparison, tool: Tool) -> Verdict:
    query = select(Verdict).where(Verdict.comparison_id == comparison.id, Verdict.tool_id == tool.id)
    return session.exec(query.order_by(col(Verdict.id).desc()).limit(1)).one()


def opinions(session: Session, comparison: Comparison, names: dict[str, str]) -> list[Opinion]:
    order = {key: index for index, key in enumerate(names)}
    rows = session.exec(
        select(Review, Tool.name)
        .join(Tool, col(Tool.id) == col(Review.tool_id))
        .where(Review.comparison_id == comparison.id, col(Review.replaced_at).is_(None))
    ).all()
    anchored = set(session.exec(select(ReviewFact.review_id)).all())
    return [
        Opinion(
            tool=tool_name,
            reviewer=names.get(review.reviewer, review.reviewer),
            stance=review.stance,
            quote=review.quote,
            is_anchored=review.id in anchored,
            is_demonstration=review.origin == "demonstration",
        )
        for review, tool_name in sorted(rows, key=lambda row: order.get(row[0].reviewer, 99))
    ]


def change_line(settings: Settings, told: Told) -> dict[str, str]:
    return {
        "tool": told.tool.name,
        "what": told.what,
        "since": say_short(told.change.happened_at, settings.schedule.zone),
        "source_url": told.source_url,
    }


def changed_verdicts(session: Session, settings: Settings, edition: Edition) -> list[dict[str, str]]:
    """Of comparisons readers have already seen: what moved since the last edition, and what became of the verdict."""
    lines = []
    told_of: set[tuple[int | None, str]] = set()  # a verdict is brought back by the first move of what it rests on
    for told in changes_since(session, edition.from_at):
        if not edition.from_at < told.change.happened_at <= edition.until_at or has_returned(session, told):
            continue
        for comparison, before in verdicts_under(session, told.change):
            is_seen = comparison.published_at is not None and comparison.published_at < told.change.happened_at
            if not is_seen or (before.id, told.change.key) in told_of:
                continue
            told_of.add((before.id, told.change.key))
            after = verdict_since(session, comparison, told)
            words = {"was": in_words(before), "now": in_words(after) if after else "re-check"}
            lines.append(change_line(settings, told) | words | {"url": comparison_url(settings, comparison)})
    return lines


def verdict_since(session: Session, comparison: Comparison, told: Told) -> Verdict | None:
    """The newest given after it; None while the comparison waits for its second look."""
    query = select(Verdict).where(
        Verdict.comparison_id == comparison.id,
        Verdict.tool_id == told.tool.id,
        Verdict.decided_at > told.change.happened_at,
    )
    newest = session.exec(query.order_by(col(Verdict.id).desc()).limit(1)).first()
    return newest if comparison.state != ComparisonState.RECHECK else None


def in_words(verdict: Verdict) -> str:
    return say_verdict(verdict.outcome, verdict.ships, verdict.skips)


def quick_launches(session: Session, settings: Settings, edition: Edition) -> list[dict[str, str]]:
    """Tools first seen this week, most noticed first; those in a comparison have their place there."""
    pairs = session.exec(
        select(Comparison.tool_a_id, Comparison.tool_b_id).where(Comparison.state != ComparisonState.REJECTED)
    ).all()
    compared = {tool_id for pair in pairs for tool_id in pair}
    tools = session.exec(
        select(Tool)
        .where(
            Tool.first_seen_at > edition.from_at,
            Tool.first_seen_at <= edition.until_at,
            Tool.availability == Availability.ALIVE,
            col(Tool.tagline) != "",
        )
        .order_by(col(Tool.id))
    ).all()
    ranked = sorted((tool for tool in tools if tool.id not in compared), key=lambda tool: -attention(session, tool))
    return [
        {
            "name": tool.name,
            "tagline": tool.tagline[:140],
            "price": price_of(current_facts(session, tool.id or 0)),
            "url": tool.home_url,
        }
        for tool in ranked[: settings.edition.most_quick_launches]
    ]


def attention(session: Session, tool: Tool) -> int:
    rows = session.exec(select(Launch.traction).where(Launch.tool_id == tool.id)).all()
    return max((int(row.get("points") or row.get("stars") or 0) for row in rows), default=0)


def count_launches(session: Session, edition: Edition) -> int:
    query = select(func.count()).select_from(Launch)
    week = (Launch.first_seen_at > edition.from_at, Launch.first_seen_at <= edition.until_at)
    return session.exec(query.where(*week, Launch.kind == LaunchKind.LAUNCH)).one()


def count_sources(session: Session, edition: Edition) -> int:
    good = col(Crawl.outcome).in_([CrawlOutcome.OK, CrawlOutcome.NOT_MODIFIED, CrawlOutcome.PARTIAL])
    week = (Crawl.started_at > edition.from_at, Crawl.started_at <= edition.until_at, Crawl.source_key != "homepage")
    return session.exec(select(func.count(func.distinct(Crawl.source_key))).where(*week, good)).one()
