"""A small published world: `make_site()`, then rows with the least each test needs."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from catalog.changes import store_change
from config import Settings
from db.models import (
    Change,
    Comparison,
    Edition,
    Entry,
    Fact,
    FrozenEdition,
    Review,
    ReviewFact,
    Snapshot,
    Subscriber,
    Tool,
    Verdict,
)
from db.session import Store, open_store
from digest.addresses import parse_address
from tests.digest.content import make_content
from web.app import create_app

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LENSES = ("builder", "skeptic", "futurist", "founder")
STANCES = {"#": "ship", "x": "skip", "-": "abstain"}


@dataclass
class WebSite:
    """The app on a real store, asked by a client that follows nothing on its own."""

    store: Store
    settings: Settings
    client: TestClient
    now: datetime = field(default=MONDAY)

    def dump(self) -> dict[str, list[Any]]:
        with self.store.engine.connect() as connection:
            names = SQLModel.metadata.tables
            return {name: list(connection.execute(text(f"SELECT * FROM {name}"))) for name in names}

    def one(self, model: type[SQLModel], **wanted: Any) -> Any:
        with self.store.read() as session:
            return session.exec(select(model).filter_by(**wanted)).one()

    def count(self, model: type[SQLModel], **wanted: Any) -> int:
        with self.store.read() as session:
            return len(session.exec(select(model).filter_by(**wanted)).all())

    def started(self, seconds_ago: float = 5) -> str:
        return str(int((self.now - timedelta(seconds=seconds_ago)).timestamp()))

    def sign_up(self, email: str, **overrides: str) -> Any:
        form = {"email": email, "website": "", "started": self.started()} | overrides
        return self.client.post("/subscribe", data=form)


@cache
def migrated_store() -> bytes:
    """The file of an empty store: the migrations run once, each test copies what they made."""
    with TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/v.db").close()
        return Path(folder, "v.db").read_bytes()


@contextmanager
def make_site(folder: Path, **overrides: Any) -> Iterator[WebSite]:
    settings = Settings(data_dir=folder, base_url="https://verdicts.example.org", secret_key="k" * 40, **overrides)
    (folder / "v.db").write_bytes(migrated_store())
    store = open_store(f"sqlite:///{folder}/v.db")
    app = create_app(store, settings, lambda: site.now)
    with TestClient(app, base_url="https://verdicts.example.org", follow_redirects=False) as client:
        site = WebSite(store, settings, client)
        yield site
    store.close()


def make_tool(session: Session, slug: str = "kettle", **overrides: Any) -> Tool:
    values = {"slug": slug, "name": slug.capitalize(), "home_url": f"https://{slug}.example/", "first_seen_at": MONDAY}
    tool = Tool(**values | overrides)
    session.add(tool)
    session.flush()
    return tool


def make_fact(session: Session, tool: Tool, key: str, value: str, **overrides: Any) -> Fact:
    url = overrides.pop("url", f"https://{tool.slug}.example/pricing")
    quote = overrides.pop("quote", f"It says {value}.")
    snapshot = Snapshot(
        tool_id=tool.id,
        url=url,
        fetched_at=MONDAY,
        status=200,
        content_hash=hashlib.sha256(quote.encode()).hexdigest(),
        text=quote,
    )
    session.add(snapshot)
    session.flush()
    values = {"label": "vendor_claim", "observed_at": MONDAY, "verified_at": MONDAY} | overrides
    fact = Fact(
        tool_id=tool.id,
        key=key,
        value=value,
        snapshot_id=snapshot.id,
        quote=quote,
        quote_start=0,
        quote_end=len(quote),
        **values,
    )
    session.add(fact)
    session.flush()
    return fact


def make_change(session: Session, before: Fact, after: Fact, at: datetime) -> Change:
    return store_change(session, before, after, at)


def make_comparison(session: Session, first: Tool, second: Tool | None, **overrides: Any) -> Comparison:
    """Without a second tool, the first on its own."""
    values = {
        "slug": f"{first.slug}-vs-{second.slug}" if second else first.slug,
        "state": "published",
        "score": 0.8,
        "reason": "the same job",
        "answer": f"Ship with {first.name} if you self-host; with {second.name} if you do not."
        if second
        else f"Ship {first.name} if you self-host; skip it if you do not.",
        "created_at": MONDAY,
        "decided_at": MONDAY,
        "decided_by": "ada@verdicts.example.org",
        "published_at": MONDAY,
    }
    comparison = Comparison(tool_a_id=first.id, tool_b_id=second.id if second else None, **values | overrides)
    session.add(comparison)
    session.flush()
    return comparison


def make_review(session: Session, comparison: Comparison, tool: Tool, reviewer: str, **overrides: Any) -> Review:
    cited = overrides.pop("facts", [])
    values = {
        "stance": "ship",
        "quote": f"{reviewer.capitalize()} has looked at {tool.name}.",
        "written_by": "small-model",
        "origin": "model",
        "written_at": MONDAY,
    }
    review = Review(comparison_id=comparison.id, tool_id=tool.id, reviewer=reviewer, **values | overrides)
    session.add(review)
    session.flush()
    session.add_all(ReviewFact(review_id=review.id, fact_id=fact.id) for fact in cited)
    return review


def make_verdict(
    session: Session, comparison: Comparison, tool: Tool, signs: str = "###x", **overrides: Any
) -> Verdict:
    """`signs` in the reviewers' order: # ship, x skip, - abstain."""
    ships, skips = signs.count("#"), signs.count("x")
    values = {
        "outcome": "ship" if ships > skips else "skip" if skips > ships else "watch",
        "ships": ships,
        "skips": skips,
        "abstentions": signs.count("-"),
        "marks": {lens: STANCES[sign] for lens, sign in zip(LENSES, signs, strict=True)},
        "evidence": "documented",
        "decided_at": MONDAY,
        "approved_by": "ada@verdicts.example.org",
    }
    verdict = Verdict(tool_id=tool.id, comparison_id=comparison.id, **values | overrides)
    session.add(verdict)
    session.flush()
    return verdict


def make_published_pair(session: Session, first: Tool, second: Tool, **overrides: Any) -> Comparison:
    """A comparison with a verdict and a review for each tool."""
    comparison = make_comparison(session, first, second, **overrides)
    for tool in (first, second):
        make_verdict(session, comparison, tool)
        make_review(session, comparison, tool, "builder")
    return comparison


def make_edition(session: Session, number: int, state: str = "sent", **content: Any) -> Edition:
    edition = Edition(
        number=number,
        state=state,
        subject=f"Edition {number}",
        created_at=MONDAY,
        from_at=MONDAY - timedelta(days=7),
        until_at=MONDAY,
        cutoff_at=MONDAY,
        send_at=MONDAY,
    )
    session.add(edition)
    session.flush()
    values = make_content(**{"number": number, "subject": f"Edition {number}"} | content)
    session.add(
        FrozenEdition(
            edition_id=edition.id,
            subject=values["subject"],
            html="<p>mail</p>",
            text="mail",
            content=values,
            content_hash=hashlib.sha256(str(number).encode()).hexdigest(),
            approved_by="ada@verdicts.example.org",
            approved_at=MONDAY,
        )
    )
    session.flush()
    return edition


def make_entry(session: Session, edition: Edition, comparison: Comparison) -> Entry:
    taken = session.exec(
        select(Entry.position).where(Entry.edition_id == edition.id).order_by(col(Entry.position))
    ).all()
    entry = Entry(comparison_id=comparison.id, edition_id=edition.id, position=len(taken) + 1)
    session.add(entry)
    session.flush()
    return entry


def make_subscriber(session: Session, email: str = "ben@example.org", state: str = "active") -> Subscriber:
    address = parse_address(email)
    subscriber = Subscriber(
        address=address.written, address_key=address.key, state=state, came_from="form", created_at=MONDAY
    )
    session.add(subscriber)
    session.flush()
    return subscriber
