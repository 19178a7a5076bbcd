"""The store has the last word: what no code should write, neither database takes."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from db.models import (
    Comparison,
    Crawl,
    Delivery,
    Edition,
    Editor,
    Entry,
    Fact,
    FrozenEdition,
    Launch,
    Letter,
    Review,
    Run,
    Source,
    Subscriber,
    Verdict,
)
from db.session import Store
from tests.factories import (
    BEN,
    MONDAY,
    make_comparison,
    make_delivery,
    make_edition,
    make_fact,
    make_frozen,
    make_launch,
    make_single,
    make_source,
    make_subscriber,
    make_tool,
)

MOMENTS = {"created_at": MONDAY, "from_at": MONDAY, "until_at": MONDAY, "cutoff_at": MONDAY, "send_at": MONDAY}
VOTES = {"ships": 3, "skips": 1, "marks": {}, "evidence": "documented", "decided_at": MONDAY, "approved_by": "a"}
REVIEW = {"reviewer": "builder", "stance": "ship", "quote": "q", "written_by": "a", "origin": "p", "written_at": MONDAY}


def refuses(store: Store, *rows: SQLModel) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        for row in rows:
            session.add(row)
            session.flush()


def verdict(session: Session, **values: Any) -> Verdict:
    pair = make_comparison(session)
    return Verdict(tool_id=pair.tool_a_id, comparison_id=pair.id, **VOTES | {"outcome": "ship"} | values)


@pytest.mark.parametrize(
    "row",
    [
        Source(key="x", spider="feed", title="X", url="u", last_outcome="fine"),
        Edition(number=1, state="ready", **MOMENTS),
        Subscriber(address=BEN, address_key=BEN, state="on", came_from="form", created_at=MONDAY),
        Letter(kind="k", to_address=BEN, subject="s", text="t", html="h", state="x", next_at=MONDAY, created_at=MONDAY),
        Editor(email=BEN, role="owner", created_at=MONDAY),
        Run(job="send", due_at=MONDAY, state="open"),
    ],
    ids=lambda row: type(row).__name__,
)
def test_a_state_is_one_of_its_words(either_store: Store, row: SQLModel) -> None:
    refuses(either_store, type(row)(**row.model_dump()))


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"state": "done"}, "state_word"),
        ({"state": "approved", "answer": "Ship.", "decided_at": MONDAY}, "approval_has_a_name"),
        ({"state": "approved", "answer": "Ship.", "decided_by": "ada"}, "approval_has_a_name"),
        ({"state": "published", "decided_by": "ada", "decided_at": MONDAY}, "approval_has_a_name"),
        ({"state": "rejected", "decided_by": "ada"}, "rejection_has_a_reason"),
        ({"state": "rejected", "decided_why": "a bad pair"}, "rejection_has_a_reason"),
    ],
)
def test_a_decision_has_name_and_reason(either_store: Store, values: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), either_store.write() as session:
        make_comparison(session, **values)


def test_a_pair_stands_in_order(either_store: Store) -> None:
    with either_store.write() as session:
        a, b = make_tool(session, "A"), make_tool(session, "B")

    refuses(
        either_store, Comparison(slug="b-a", tool_a_id=b.id, tool_b_id=a.id, score=1, reason="r", created_at=MONDAY)
    )


def test_a_tool_is_not_its_own_rival(either_store: Store) -> None:
    with either_store.write() as session:
        a = make_tool(session, "A")

    refuses(
        either_store, Comparison(slug="a-a", tool_a_id=a.id, tool_b_id=a.id, score=1, reason="r", created_at=MONDAY)
    )


def test_a_pair_exists_once(either_store: Store) -> None:
    with either_store.write() as session:
        pair = make_comparison(session)

    refuses(either_store, Comparison(**pair.model_dump(exclude={"id", "slug"}), slug="again"))


def test_a_tool_stands_alone_once(either_store: Store) -> None:
    with either_store.write() as session:
        single = make_single(session)

    refuses(either_store, Comparison(**single.model_dump(exclude={"id", "slug"}), slug="again"))


def test_a_tool_may_stand_alone_and_in_pairs(either_store: Store) -> None:
    with either_store.write() as session:
        pair = make_comparison(session)
        for slug, tool_id in (("kettle", pair.tool_a_id), ("emberloaf", pair.tool_b_id)):
            session.add(Comparison(slug=slug, tool_a_id=tool_id, score=1, reason="no rival", created_at=MONDAY))
        session.flush()


def test_one_review_a_lens_stands(either_store: Store) -> None:
    with either_store.write() as session:
        pair = make_comparison(session)
        first = Review(comparison_id=pair.id, tool_id=pair.tool_a_id, **REVIEW, replaced_at=MONDAY)
        session.add_all([first, Review(comparison_id=pair.id, tool_id=pair.tool_a_id, **REVIEW)])

    refuses(either_store, Review(comparison_id=pair.id, tool_id=pair.tool_a_id, **REVIEW))


@pytest.mark.parametrize("values", [{"outcome": "love"}, {"ships": 0, "skips": 0}])
def test_a_verdict_has_votes_and_outcome(either_store: Store, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        session.add(verdict(session, **values))


@pytest.mark.parametrize(
    "values", [{"quote_start": 5, "quote_end": 5}, {"quote_start": -1}, {"confidence": 1.5}, {"label": "rumour"}]
)
def test_a_fact_has_evidence_and_label(either_store: Store, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        make_fact(session, make_tool(session), "tier", "Paid", **values)


def test_a_fact_needs_its_snapshot(either_store: Store) -> None:
    with either_store.write() as session:
        fact = make_fact(session, make_tool(session), "tier", "Paid")

    refuses(either_store, Fact(**fact.model_dump(exclude={"id", "snapshot_id"}), snapshot_id=999))


def test_a_launch_is_stored_once(either_store: Store) -> None:
    with either_store.write() as session:
        launch = make_launch(session)

    refuses(either_store, Launch(**launch.model_dump(exclude={"id"})))


def test_a_launch_kind_is_a_word(either_store: Store) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        make_launch(session, kind="advert")


def test_a_crawl_needs_its_source(either_store: Store) -> None:
    refuses(either_store, Crawl(source_key="nowhere", started_at=MONDAY, finished_at=MONDAY, outcome="ok"))


def test_a_job_is_due_once(either_store: Store) -> None:
    refuses(either_store, Run(job="send", due_at=MONDAY), Run(job="send", due_at=MONDAY))


def test_an_edition_number_is_given_once(either_store: Store) -> None:
    refuses(either_store, Edition(number=1, **MOMENTS), Edition(number=1, **MOMENTS))


def test_a_comparison_is_in_one_edition(either_store: Store) -> None:
    with either_store.write() as session:
        pair, first, second = make_comparison(session), make_edition(session, 1), make_edition(session, 2)
        session.add(Entry(comparison_id=pair.id, edition_id=first.id, position=1))

    refuses(either_store, Entry(comparison_id=pair.id, edition_id=second.id, position=1))


def test_a_place_in_an_edition_is_taken_once(either_store: Store) -> None:
    with either_store.write() as session:
        pairs, edition = [make_comparison(session), make_comparison(session, "C", "D")], make_edition(session, 1)

    refuses(either_store, *(Entry(comparison_id=pair.id, edition_id=edition.id, position=1) for pair in pairs))


@pytest.mark.parametrize("values", [{"approved_by": ""}, {"content_hash": "short"}])
def test_a_frozen_edition_is_approved_and_hashed(either_store: Store, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        make_frozen(session, make_edition(session, 1), **values)


def test_nothing_is_delivered_unapproved(either_store: Store) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), either_store.write() as session:
        make_delivery(session, make_edition(session, 1), make_subscriber(session, BEN))


def test_an_approval_with_deliveries_stays(either_store: Store) -> None:
    with either_store.write() as session:
        edition = make_edition(session, 1)
        make_frozen(session, edition)
        make_delivery(session, edition, make_subscriber(session, BEN))

    with pytest.raises(IntegrityError), either_store.write() as session:
        session.delete(session.get_one(FrozenEdition, edition.id))


def test_a_reader_of_the_ledger_stays(either_store: Store) -> None:
    with either_store.write() as session:
        edition, ben = make_edition(session, 1), make_subscriber(session, BEN)
        make_frozen(session, edition)
        make_delivery(session, edition, ben)

    with pytest.raises(IntegrityError), either_store.write() as session:
        session.delete(session.get_one(Subscriber, ben.id))


def test_a_reader_stands_once_in_a_ledger(either_store: Store) -> None:
    with either_store.write() as session:
        edition, ben = make_edition(session, 1), make_subscriber(session, BEN)
        make_frozen(session, edition)
        row = make_delivery(session, edition, ben)

    refuses(either_store, Delivery(**row.model_dump()))


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        ("skipped", "skip_has_a_reason"),
        ("leased", "lease_has_an_owner"),
        ("transmitting", "lease_has_an_owner"),
        ("accepted", "acceptance_has_a_time"),
        ("bounced", "state_word"),
    ],
)
def test_a_ledger_row_tells_its_reason(either_store: Store, state: str, rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), either_store.write() as session:
        edition = make_edition(session, 1)
        make_frozen(session, edition)
        make_delivery(session, edition, make_subscriber(session, BEN), state=state)


def test_a_mailbox_is_one_subscriber(either_store: Store) -> None:
    with pytest.raises(IntegrityError), either_store.write() as session:
        make_subscriber(session, BEN)
        make_subscriber(session, BEN.upper())


def test_a_source_with_launches_stays(either_store: Store) -> None:
    with either_store.write() as session:
        make_source(session)
        make_launch(session)

    with pytest.raises(IntegrityError), either_store.engine.begin() as connection:
        connection.execute(text("DELETE FROM source"))
