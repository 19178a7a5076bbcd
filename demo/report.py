"""What happened in the week, read back from the store and the inbox."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table
from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.merges import IDENTITY
from db.models import (
    Bounce,
    Change,
    Comparison,
    Contradiction,
    Crawl,
    Fact,
    FrozenEdition,
    Launch,
    Merge,
    Source,
    Subscriber,
    Suppression,
    Tool,
)
from db.words import LaunchKind, SubscriberState
from digest import ledger
from digest.editions import get_edition, verify_edition

if TYPE_CHECKING:
    from demo.week_run import DemoWeek


def report(week: "DemoWeek") -> None:
    with week.store.read() as session:
        crawled, sources = crawl_rows(session), source_rows(session)
        rest = [
            *catalog_rows(session, week),
            *panel_rows(session, week),
            *mail_rows(session, week),
            *after_rows(session, week),
        ]
    for table in (count_table(crawled), source_table(sources), count_table(rest)):
        week.console.print()
        week.console.print(table)
    week.console.print()
    for path in write_edition(week):
        week.console.print(str(path), soft_wrap=True)


def count_table(rows: list[tuple[object, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("what", style="bold", min_width=12)
    table.add_column("count", justify="right", min_width=5)
    table.add_column("how", overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    return table


def source_table(rows: list[tuple[object, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("source", style="bold")
    table.add_column("last visit")
    table.add_column("found", justify="right")
    table.add_column("new", justify="right")
    table.add_column("why", overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    return table


def count(session: Session, table: type, *where: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*where)).one()


def crawl_rows(session: Session) -> list[tuple[object, ...]]:
    launches = count(session, Launch, Launch.kind == LaunchKind.LAUNCH)
    attached = count(session, Launch, Launch.kind == LaunchKind.LAUNCH, Launch.tool_id != None)  # noqa: E711  # SQL
    tools = count(session, Tool)
    ailing = session.exec(select(Source).where(Source.failures_in_row > 0)).all()
    requests = session.exec(select(func.sum(Crawl.requests))).one()
    states = Counter(session.exec(select(Tool.availability)).all())
    return [
        (
            "Crawled",
            requests,
            f"requests to {count(session, Source)} sources; ailing: {', '.join(s.key for s in ailing) or 'none'}",
        ),
        (
            "Launches",
            launches,
            f"and {count(session, Launch) - launches} set aside as noise or releases, each with its reason",
        ),
        (
            "Tools",
            tools,
            f"{attached - tools} launches were duplicates; " + ", ".join(f"{n} {state}" for state, n in states.items()),
        ),
        ("Facts", count(session, Fact), "each with page, quoted span and date"),
    ]


def source_rows(session: Session) -> list[tuple[object, ...]]:
    """(source, outcome of its last visit, entries found and launches new in all its visits, why it is not well)"""
    sums = select(Crawl.source_key, func.sum(Crawl.found), func.sum(Crawl.launches_new)).group_by(Crawl.source_key)
    visited = {key: (found, new) for key, found, new in session.exec(sums)}
    sources = session.exec(select(Source).where(col(Source.key).in_(visited)).order_by(Source.key))
    return [(row.key, row.last_outcome, *visited[row.key], row.last_error or "") for row in sources]


def catalog_rows(session: Session, week: "DemoWeek") -> list[tuple[object, ...]]:
    """What was joined by hand, and which facts cannot both be true."""
    found = select(Contradiction, Tool).join(Tool, col(Tool.id) == col(Contradiction.tool_id))
    disagreeing = [
        f"{tool.name}: {one.key} {before.value} against {after.value}"
        for one, tool in session.exec(found)
        if (before := session.get(Fact, one.fact_a_id)) and (after := session.get(Fact, one.fact_b_id))
    ]
    by_hand = count(session, Merge, Merge.merged_by != IDENTITY)
    return [
        ("Joined by hand", by_hand, "; ".join(week.notes["proposals"]) or "nothing was proposed"),
        ("Contradictions", len(disagreeing), "; ".join(disagreeing) or "none"),
    ]


def panel_rows(session: Session, week: "DemoWeek") -> list[tuple[object, ...]]:
    states = Counter(session.exec(select(Comparison.state)).all())
    back = "; ".join(week.notes.get("recheck", [])) or "none"
    return [
        ("Comparisons", sum(states.values()), ", ".join(f"{n} {state}" for state, n in sorted(states.items()))),
        ("Came back", len(week.notes.get("recheck", [])), f"for a second look before the edition: {back}"),
    ]


def mail_rows(session: Session, week: "DemoWeek") -> list[tuple[object, ...]]:
    edition = get_edition(session, 1)
    frozen = verify_edition(session, edition)
    counts = ledger.counts(session, edition.id or 0)
    digests = [one for one in week.inbox.received if one.message["List-ID"]]
    return [
        ("Edition 1", edition.state, f"approved by {frozen.approved_by}, content {frozen.content_hash[:12]} verified"),
        ("Mailed", len(digests), f"to {len({one.recipient for one in digests})} readers; ledger: {dict(counts)}"),
        ("Second send", week.notes["second send"].split()[0], week.notes["second send"]),
    ]


def after_rows(session: Session, week: "DemoWeek") -> list[tuple[object, ...]]:
    bounce = session.exec(select(Bounce)).first()
    unsubscribed = count(session, Subscriber, Subscriber.state == SubscriberState.UNSUBSCRIBED)
    back = session.exec(select(Comparison.recheck_why).where(Comparison.state == "recheck")).all()
    return [
        (
            "Bounced",
            count(session, Bounce),
            f"{bounce.why if bounce else 'none'} → {count(session, Suppression)} suppressed",
        ),
        ("Unsubscribed", unsubscribed, f"one click, answered {week.notes['one-click']}"),
        ("Changes", count(session, Change), "; ".join(filter(None, back)) + " → re-check of a published verdict"),
    ]


def write_edition(week: "DemoWeek") -> list[object]:
    """The edition as its first reader got it."""
    mail = next(one for one in week.inbox.received if one.message["List-ID"])
    with week.store.read() as session:
        frozen = session.exec(select(FrozenEdition)).first()
    assert frozen is not None
    paths = []
    for suffix, content in (
        (".eml", mail.raw),
        (".html", mail.part("html").encode()),
        (".txt", mail.part("plain").encode()),
    ):
        path = week.folder / f"edition-1{suffix}"
        path.write_bytes(content)
        paths.append(path)
    return list(paths)
