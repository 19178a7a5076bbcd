"""Rows with the least they need, and the cast: Ada edits, Ben reads, Cleo has unsubscribed, Dan is suppressed."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from catalog.changes import apply_changes, store_change
from catalog.facts import current_facts, find_fact
from config import Settings
from db.models import (
    Comparison,
    Delivery,
    Edition,
    Editor,
    Fact,
    FrozenEdition,
    Launch,
    Snapshot,
    Source,
    Subscriber,
    Tool,
)
from db.words import Availability, SubscriberState
from digest.addresses import Address
from digest.suppressions import suppress
from panel import decisions

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ADA, BEN, CLEO, DAN = "ada@verdicts.example", "ben@example.org", "cleo@example.org", "dan@example.com"


def make_source(session: Session, key: str = "hackernews", spider: str = "hackernews") -> Source:
    source = session.get(Source, key) or Source(key=key, spider=spider, title=key.title(), url="https://source.example")
    session.add(source)
    session.flush()
    return source


def make_tool(session: Session, name: str = "Kettle", **values: object) -> Tool:
    slug = name.lower().replace(" ", "-")
    given = {
        "slug": slug,
        "name": name,
        "tagline": f"{name} does one thing.",
        "category": "local-runtimes",
        "home_url": f"https://{slug}.example/",
        "first_seen_at": MONDAY,
        "launched_at": MONDAY,
        "availability": Availability.ALIVE,
        "last_read_at": MONDAY,
    } | values
    tool = Tool(**given)
    session.add(tool)
    session.flush()
    return tool


def make_launch(session: Session, tool: Tool | None = None, **values: object) -> Launch:
    make_source(session)
    given = {
        "source_key": "hackernews",
        "external_id": f"hn-{tool.slug if tool else 'none'}",
        "url": tool.home_url if tool else "https://noise.example/",
        "seen_on": "https://news.ycombinator.com/item?id=1",
        "title": f"Show HN: {tool.name if tool else 'Noise'}",
        "name": tool.name if tool else "Noise",
        "launched_at": MONDAY,
        "first_seen_at": MONDAY,
        "last_seen_at": MONDAY,
        "kind": "launch",
        "tool_id": tool.id if tool else None,
    } | values
    launch = Launch(**given)
    session.add(launch)
    session.flush()
    return launch


def make_snapshot(session: Session, tool: Tool, text: str, at: datetime = MONDAY, url: str = "") -> Snapshot:
    snapshot = Snapshot(
        tool_id=tool.id,
        url=url or tool.home_url,
        fetched_at=at,
        status=200,
        content_hash=f"{hash(text) & (2**64 - 1):064x}",
        text=text,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def make_fact(session: Session, tool: Tool, key: str, value: str, at: datetime = MONDAY, **values: object) -> Fact:
    snapshot = make_snapshot(session, tool, value, at, f"{tool.home_url}#{key}")  # a page that says just this
    given = {
        "tool_id": tool.id,
        "key": key,
        "value": value,
        "snapshot_id": snapshot.id,
        "quote": value,
        "quote_start": 0,
        "quote_end": len(value),
        "label": "vendor_claim",
        "observed_at": at,
        "verified_at": at,
    } | values
    fact = Fact(**given)
    session.add(fact)
    session.flush()
    return fact


def price(session: Session, tool: Tool, amount: str, at: datetime = MONDAY) -> Fact:
    normal = {"amount": amount, "currency": "USD", "period": "month"}
    return make_fact(session, tool, "entry_price", f"${amount}/month", at, normal=normal)


def move_price(session: Session, tool: Tool, amount: str, at: datetime) -> None:
    """What a crawl writes when a price moved, and the job that follows it."""
    before = find_fact(current_facts(session, tool.id or 0), "entry_price")
    assert before is not None
    store_change(session, before, price(session, tool, amount, at), at)
    session.flush()
    apply_changes(session, at)


def make_stated_tool(session: Session, name: str) -> Tool:
    """With a few facts."""
    tool = make_tool(session, name)
    make_fact(session, tool, "tier", "Paid")
    price(session, tool, "29")
    make_fact(session, tool, "claim", f"{tool.name} answers in 40 ms.")
    make_fact(session, tool, "licence", "MIT", normal={"spdx": "MIT"})
    return tool


def make_comparison(session: Session, a: str = "Kettle", b: str = "Emberloaf", **values: object) -> Comparison:
    """Two tools with a few facts each, paired and pending."""
    tools = [make_stated_tool(session, a), make_stated_tool(session, b)]
    given = {
        "slug": f"{tools[0].slug}-vs-{tools[1].slug}",
        "tool_a_id": tools[0].id,
        "tool_b_id": tools[1].id,
        "score": 40.0,
        "reason": "same job: local runtimes",
        "created_at": MONDAY,
    } | values
    comparison = Comparison(**given)
    session.add(comparison)
    session.flush()
    return comparison


def make_single(session: Session, name: str = "Kettle", **values: object) -> Comparison:
    """One tool with a few facts, on its own and pending."""
    tool = make_stated_tool(session, name)
    given = {"slug": tool.slug, "tool_a_id": tool.id, "score": 30.0, "created_at": MONDAY}
    comparison = Comparison(**given | {"reason": "no tool of its kind is known"} | values)
    session.add(comparison)
    session.flush()
    return comparison


def make_reviews(session: Session, comparison: Comparison, now: datetime = MONDAY, ship: int = 3) -> None:
    """Four reviews of each tool, `ship` of them ship, and an answer."""
    tools = decisions.tools_of(session, comparison)
    for tool in tools:
        for index, lens in enumerate(("builder", "skeptic", "futurist", "founder")):
            stance = "ship" if index < ship else "skip"
            quote = f"{tool.name} answers in 40 ms, which is the whole of its charm and quite enough for me."
            decisions.add_review(session, comparison.id or 0, tool.slug, lens, stance, quote, "panel", now)
    answer = "Ship with Kettle if you host; with Emberloaf if not."
    if len(tools) == 1:
        answer = f"Ship {tools[0].name} if you host; skip it if not."
    decisions.set_answer(session, comparison.id or 0, answer, "panel", now)


def make_approved_comparison(session: Session, settings: Settings, now: datetime = MONDAY, **names: str) -> Comparison:
    make_editor(session)
    comparison = make_comparison(session, **names)
    make_reviews(session, comparison, now)
    decisions.approve(session, settings, comparison.id or 0, ADA, now)
    return comparison


def make_editor(session: Session, email: str = ADA, role: str = "admin") -> Editor:
    from panel.editors import add_editor

    return add_editor(session, email, "Ada Moreno", role, MONDAY)


def make_subscriber(session: Session, address: str, state: str = SubscriberState.ACTIVE) -> Subscriber:
    subscriber = Subscriber(
        address=address,
        address_key=address.casefold(),
        state=state,
        came_from="import",
        created_at=MONDAY,
        confirmed_at=MONDAY,
    )
    session.add(subscriber)
    session.flush()
    return subscriber


def make_cast(session: Session, settings: Settings) -> None:
    """Ben may be mailed; Cleo and Dan never."""
    make_subscriber(session, BEN)
    make_subscriber(session, CLEO, SubscriberState.UNSUBSCRIBED)
    make_subscriber(session, DAN)
    suppress(session, settings, Address(DAN, DAN), "hard bounce", "test", MONDAY)


def make_approved_edition(session: Session, settings: Settings, now: datetime = MONDAY) -> Edition:
    """An edition with one entry, approved by Ada, due on Friday; the cast is there."""
    from digest import editions
    from jobs import lenses

    make_approved_comparison(session, settings, now)
    make_cast(session, settings)
    edition = editions.build_edition(session, settings, now)
    editions.approve_edition(session, settings, edition, ADA, lenses(), now + timedelta(minutes=1))
    return edition


def make_edition(session: Session, number: int = 1, **values: object) -> Edition:
    moments = dict.fromkeys(("created_at", "from_at", "until_at", "cutoff_at", "send_at"), MONDAY)
    edition = Edition(**{"number": number, **moments} | values)
    session.add(edition)
    session.flush()
    return edition


def make_frozen(session: Session, edition: Edition, **values: object) -> FrozenEdition:
    """What an approval leaves, with small parts and a hash that is theirs."""
    from digest.editions import hash_of

    parts = {"subject": "A or B?", "html": "<p>Hello</p>\n", "text": "Hello\n", "content": {"number": edition.number}}
    parts |= {key: values[key] for key in parts if key in values}
    given = {**parts, "content_hash": hash_of(**parts), "approved_by": ADA, "approved_at": MONDAY} | values
    frozen = FrozenEdition(edition_id=edition.id, **given)
    session.add(frozen)
    session.flush()
    return frozen


def make_delivery(session: Session, edition: Edition, subscriber: Subscriber, **values: object) -> Delivery:
    given = {
        "order_key": subscriber.id,
        "message_id": f"<{subscriber.id}@verdicts.example>",
        "domain_key": "example.org",
    }
    delivery = Delivery(edition_id=edition.id, subscriber_id=subscriber.id, **given | values)
    session.add(delivery)
    session.flush()
    return delivery
