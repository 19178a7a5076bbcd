"""Which tools are worth comparing: from the store, on either database, to what an editor finds in the queue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from db.models import Change, Comparison, Edition, Entry, Release
from db.session import Store, open_store
from panel.pair_history import REST, news_of
from panel.pairing import propose_pairs, tell
from tests.conftest import MONDAY, fresh_database, skip_unless_ci
from tests.factories import make_fact
from tests.panel.pair_tools import LONG_AGO, make_complete, make_rivals


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Both databases: the queries of pairing are written for either."""
    import os

    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    base = os.environ.get("VERDICTS_TEST_POSTGRES_URL")
    if not base:
        skip_unless_ci("VERDICTS_TEST_POSTGRES_URL names no PostgreSQL")
    for url in fresh_database(str(base)):
        store = open_store(url.replace("postgresql://", "postgresql+psycopg://"))
        yield store
        store.close()


@pytest.fixture
def sqlite_store(migrated: object, tmp_path: object) -> Iterator[Store]:
    from pathlib import Path

    from db.session import make_engine

    path = Path(str(tmp_path)) / "verdicts.db"
    path.write_bytes(Path(str(migrated)).read_bytes())
    store = Store(make_engine(f"sqlite:///{path}"))
    yield store
    store.close()


def propose(store: Store, now: datetime = MONDAY) -> dict[str, list[dict[str, object]]]:
    with store.write() as session:
        return tell(session, propose_pairs(session, now))


def slugs(document: dict[str, list[dict[str, object]]]) -> list[object]:
    return [row["slug"] for row in document["proposed"] + document["singles"]]


def comparison(session: Session) -> Comparison:
    return session.exec(select(Comparison)).one()


def test_proposal_is_stored_with_score_parts_and_reason(store: Store) -> None:
    with store.write() as session:
        make_rivals(session)
    document = propose(store)
    with store.read() as session:
        row = comparison(session)

        assert (row.slug, row.state, row.score) == ("kettle-vs-emberloaf", "pending", document["proposed"][0]["score"])
        assert row.reason == (
            "Both run models on your own machine; Kettle costs $9 a month, Emberloaf costs $29 a month, and both "
            "launched this week."
        )
        assert [part["part"] for part in row.score_parts] == [
            "overlap of the job",
            "contrast",
            "balance of attention",
            "novelty",
        ]
        assert sum(part["points"] for part in row.score_parts) == pytest.approx(row.score)


def test_run_again_it_proposes_nothing_again(store: Store) -> None:
    with store.write() as session:
        make_rivals(session)
        make_complete(session, "Cinder", "Names the seaweed.", category="images", points=412)

    assert slugs(propose(store)) == ["kettle-vs-emberloaf", "cinder"]
    assert slugs(propose(store)) == []


def test_pair_is_proposed_once_for_ever(store: Store) -> None:
    with store.write() as session:
        make_rivals(session)
    propose(store)
    with store.write() as session:
        row = comparison(session)
        row.state, row.decided_by, row.decided_why = "rejected", "ada@verdicts.example", "dull"
        session.add(row)
    document = propose(store)

    assert document["proposed"] == []
    assert [row["why"] for row in document["refused"]] == ["Kettle and Emberloaf were paired before."]


@pytest.mark.parametrize("values", [{"availability": "dead"}, {"last_read_at": None}, {"category": "other"}])
def test_unfit_tool_is_told_with_its_reason(store: Store, values: dict[str, object]) -> None:
    with store.write() as session:
        make_rivals(session, **values)
    document = propose(store)

    assert slugs(document) == []
    assert {len(row["tools"]) for row in document["refused"]} == {1}  # type: ignore[arg-type]


def test_named_rival_is_found_whatever_its_words(store: Store) -> None:
    with store.write() as session:
        make_complete(session, "Kettle", "Runs a model at home.", rivals=["Ember Loaf"], points=90)
        make_complete(session, "Ember Loaf", "No such phrase.", launched_at=LONG_AGO, amount=9)

    assert slugs(propose(store)) == ["kettle-vs-ember-loaf"]


def test_rival_read_too_long_ago_is_refused(store: Store) -> None:
    with store.write() as session:
        make_complete(session, "Kettle", "Runs a model at home.", rivals=["Emberloaf"])
        make_complete(session, "Emberloaf", "Runs a model.", last_read_at=MONDAY - timedelta(days=8))

    assert "Emberloaf was last read on 8 November" in str(propose(store)["refused"])


# ── what readers have seen ──


def publish(session: Session, at: datetime = MONDAY) -> Comparison:
    row = comparison(session)
    row.state, row.answer, row.published_at = "published", "Ship with Kettle.", at
    row.decided_by, row.decided_at = "ada@verdicts.example", at
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("state", ["pending", "drafted", "recheck"])
def test_tool_in_an_open_comparison_rests(store: Store, state: str) -> None:
    with store.write() as session:
        make_rivals(session)
    propose(store)
    with store.write() as session:
        comparison(session).state = state
        make_complete(session, "Cinder", "A local model runtime for your own laptop.")
    document = propose(store)

    assert slugs(document) == []
    assert "is in a comparison that awaits its decision" in str(document["refused"])


def renew(store: Store, now: datetime) -> None:
    """Weeks later: everything was read again, and a new rival launches."""
    with store.write() as session:
        publish(session)
        for slug in ("kettle", "emberloaf"):
            tool = session.exec(select_tool(slug)).one()
            tool.last_read_at = now
            session.add(tool)
        make_complete(
            session,
            "Cinder",
            "A local model runtime for your own laptop.",
            launched_at=now,
            last_read_at=now,
            amount=12,
        )


def select_tool(slug: str) -> object:
    from db.models import Tool

    return select(Tool).where(Tool.slug == slug)


LATE = MONDAY + REST + timedelta(days=1)


def carried(store: Store, now: datetime = LATE) -> Store:
    with store.write() as session:
        make_rivals(session)
    propose(store)
    renew(store, now)
    return store


def test_published_tool_rests(store: Store) -> None:
    document = propose(carried(store, MONDAY + timedelta(days=20)), MONDAY + timedelta(days=20))

    assert slugs(document) == []
    assert "was in the edition of 16 November 2026 and rests until 14 December 2026." in str(document["refused"])


def test_tool_readers_saw_does_not_come_back_without_news(store: Store) -> None:
    document = propose(carried(store), LATE)

    assert slugs(document) == []
    assert "readers saw it on 16 November 2026, and nothing material has changed since." in str(document["refused"])


def test_tool_in_an_edition_that_is_going_out_counts_as_seen(store: Store) -> None:
    with store.write() as session:
        make_rivals(session)
    propose(store)
    with store.write() as session:
        row = publish(session)
        row.published_at = None
        edition = Edition(
            number=1,
            state="sending",
            created_at=MONDAY,
            from_at=MONDAY,
            until_at=MONDAY,
            cutoff_at=MONDAY,
            send_at=MONDAY,
            sending_started_at=MONDAY,
        )
        session.add(edition)
        session.flush()
        session.add(Entry(comparison_id=row.id, edition_id=edition.id, position=1))
        make_complete(session, "Cinder", "A local model runtime for your own laptop.")

    assert "was in the edition of 16 November 2026" in str(propose(store)["refused"])


def test_moved_price_brings_a_tool_back_as_an_update(store: Store) -> None:
    carried(store)
    with store.write() as session:
        tool = session.exec(select_tool("kettle")).one()
        before = make_fact(session, tool, "entry_price", "$9/month")
        after = make_fact(session, tool, "entry_price", "$19/month", LATE)
        session.add(
            Change(
                tool_id=tool.id,
                key="entry_price",
                before_fact_id=before.id,
                after_fact_id=after.id,
                happened_at=LATE,
            )
        )
    [row] = propose(store, LATE)["proposed"]

    assert (row["slug"], row["label"]) == ("kettle-vs-cinder", "update")
    assert row["update_why"] == "Kettle's entry price moved from $9/month to $19/month since readers last saw it."


def test_change_readers_were_told_of_or_of_no_weight_is_no_update(store: Store) -> None:
    carried(store)
    with store.write() as session:
        tool = session.exec(select_tool("kettle")).one()
        session.add(Change(tool_id=tool.id, key="tier", before="Free", after="Paid", happened_at=MONDAY))
        session.add(Change(tool_id=tool.id, key="parameters", before="7B", after="8B", happened_at=LATE))

    assert slugs(propose(store, LATE)) == []


def test_news_is_what_came_after_readers_saw_that_tool(store: Store) -> None:
    with store.write() as session:
        early, late = make_rivals(session)
        for tool in (early, late):
            session.add(Change(tool_id=tool.id, key="tier", before="Free", after="Paid", happened_at=LATE))
        session.flush()
        news = news_of(session, {early.id or 0: MONDAY, late.id or 0: LATE + timedelta(days=1)})

    assert news == {early.id: "Kettle's pricing moved from Free to Paid since readers last saw it."}


def test_release_brings_a_tool_back_as_an_update(store: Store) -> None:
    carried(store)
    with store.write() as session:
        tool = session.exec(select_tool("emberloaf")).one()
        session.add(Release(tool_id=tool.id, version="2.0", url="https://emberloaf.example/2", released_at=LATE))
    [row] = propose(store, LATE)["proposed"]

    assert row["update_why"] == "Emberloaf released 2.0 since readers last saw it."


# ── a tool on its own ──


def test_strong_launch_without_a_rival_is_proposed_alone(store: Store) -> None:
    with store.write() as session:
        make_complete(session, "Kelpsort", "Names the seaweed on a photo.", category="images", points=412)
        make_complete(session, "Quietly", "Keeps the books.", category="finance", points=12)
    [row] = propose(store)["singles"]

    assert (row["slug"], row["label"], row["tools"]) == ("kelpsort", "new", [{"slug": "kelpsort", "name": "Kelpsort"}])
    assert row["reason"] == (
        "Kelpsort is free and drew 412 points on Hackernews, but no other tool we know does its job."
    )
    with store.read() as session:
        assert comparison(session).tool_b_id is None


# ── a week, read line by line ──

WEEK = [
    ("Lispr", "Meeting transcripts with speakers, on your own machine.", "meetings", {"licence": "MIT", "points": 140}),
    ("Mispher", "Meeting transcripts and notes with speakers, hosted.", "meetings", {"amount": 12, "points": 95}),
    ("Nearfold", "Serverless vector database for hybrid retrieval.", "retrieval", {"amount": 25, "points": 299}),
    ("Vectorbarn", "Vector database in one binary.", "retrieval", {"licence": "Apache-2.0", "rivals": ["Nearfold"]}),
    ("Vectorbarn Studio", "A desktop client for Vectorbarn.", "retrieval", {}),
    ("Posterwhale", "Posters and covers that can spell.", "images", {"amount": 10, "points": 80}),
    ("Kelpsort", "Names the seaweed on a photo from the beach.", "images", {"points": 420}),
    ("Oldchoir", "A choir from one voice.", "music", {"launched_at": LONG_AGO}),
    ("Ghostpine", "Reads logs.", "evaluation", {"availability": "dead"}),
    ("Slidewren", "Turns a memo into a deck.", "slides", {"points": 0}),
    ("Mistral 8x22B", "Language model with open weights.", "open-models", {"licence": "Apache-2.0", "points": 300}),
    ("Modal", "Serverless GPU inference for a language model.", "model-hosting", {"amount": 30, "points": 377}),
]


def test_week_reads_like_the_shortlist_of_a_good_editor(store: Store) -> None:
    with store.write() as session:
        for name, tagline, category, values in WEEK:
            make_complete(session, name, tagline, category=category, **values)  # type: ignore[arg-type]
    document = propose(store)

    assert [(row["slug"], row["reason"], row["jobs"]) for row in document["proposed"] + document["singles"]] == [
        (
            "nearfold-vs-vectorbarn",
            "Both search by meaning, and Vectorbarn's own page names Nearfold; Nearfold costs $25 a month, Vectorbarn "
            "is free and open source (Apache-2.0), and both launched this week.",
            "",
        ),
        (
            "lispr-vs-mispher",
            "Both take notes of meetings; Lispr is free and open source (MIT), Mispher costs $12 a month, and both "
            "launched this week.",
            "",
        ),
        (
            "mistral-8x22b-vs-modal",
            "They do different jobs (weights against hosting); Mistral 8x22B is free and open source (Apache-2.0), "
            "Modal costs $30 a month, and both launched this week.",
            "Different jobs: weights against hosting.",
        ),
        (
            "kelpsort",
            "Kelpsort is free and drew 420 points on Hackernews, but no other tool we know does its job.",
            "",
        ),
    ]
    told = {tuple(tool["slug"] for tool in row["tools"]): row["why"] for row in document["refused"]}  # type: ignore
    assert told == {
        ("kelpsort",): "No other tool of its category is like Kelpsort.",
        ("posterwhale",): "No other tool of its category is like Posterwhale.",
        ("vectorbarn", "vectorbarn-studio"): "Vectorbarn Studio is made for Vectorbarn, or from it, so it is no rival.",
        ("ghostpine",): "Ghostpine's own page could not be read (dead).",
        ("slidewren",): "No source counts how much attention Slidewren got.",
    }
