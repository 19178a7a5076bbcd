"""What editors and reviewers may do to a comparison, and what is written down."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from config import Settings
from db.models import AuditEntry, Comparison, Fact, Review, Tool, Verdict, VerdictFact, Waiver
from db.session import Store
from errors import AppError, NotAllowed, NotFound
from panel import decisions
from tests.factories import (
    ADA,
    make_approved_comparison,
    make_comparison,
    make_editor,
    make_fact,
    make_reviews,
    make_single,
    move_price,
)

DECIDED = ["approved", "rejected", "published"]


@pytest.fixture
def ready(store: Store) -> Comparison:
    """Kettle and Emberloaf, reviewed and answered; Ada may decide."""
    with store.write() as session:
        make_editor(session)
        comparison = make_comparison(session)
        make_reviews(session, comparison)
    return comparison


def force(session: Session, comparison: Comparison, state: str) -> None:
    row = session.get_one(Comparison, comparison.id)
    row.state, row.decided_by, row.decided_at, row.decided_why = state, ADA, comparison.created_at, "because"
    session.flush()


def say(session: Session, quote: str, now: datetime, reviewer: str = "builder", stance: str = "ship") -> Review:
    return decisions.add_review(session, 1, "kettle", reviewer, stance, quote, "Ada", now)


def names(session: Session, settings: Settings) -> list[str]:
    return [one.name for one in decisions.findings(session, settings, decisions.get_comparison(session, 1))]


def kettles_price_moves(session: Session, amount: str, now: datetime) -> None:
    move_price(session, session.exec(select(Tool).where(Tool.slug == "kettle")).one(), amount, now)


# ── reviews ──


def test_replaced_review_is_kept(store: Store, ready: Comparison, monday: datetime) -> None:
    later = monday + timedelta(hours=1)
    with store.write() as session:
        say(session, "On second thoughts, no.", later, stance="skip")
        standing = [row for row in decisions.standing_reviews(session, 1) if row.reviewer == "builder"]
        replaced = session.exec(select(Review).where(Review.replaced_at == later)).one()

    assert (replaced.stance, replaced.tool_id) == ("ship", ready.tool_a_id)
    assert [row.stance for row in standing] == ["skip", "ship"]


def test_standing_reviews_keep_the_reviewers_order(store: Store, ready: Comparison) -> None:
    with store.read() as session:
        keys = [row.reviewer for row in decisions.standing_reviews(session, ready.id or 0)]

    assert keys == ["builder", "skeptic", "futurist", "founder"] * 2


def test_comparison_is_drafted_with_both_sides_reviewed(store: Store, monday: datetime) -> None:
    with store.write() as session:
        comparison = make_comparison(session)
        say(session, "Good.", monday)
        assert comparison.state == "pending"
        decisions.add_review(session, 1, "emberloaf", "builder", "skip", "Bad.", "Ada", monday)

        assert comparison.state == "drafted"


@pytest.mark.parametrize("state", DECIDED)
def test_decided_comparison_takes_no_review(store: Store, ready: Comparison, monday: datetime, state: str) -> None:
    with store.write() as session:
        force(session, ready, state)
        with pytest.raises(NotAllowed, match=f"Comparison 1 takes no review: it is {state}."):
            say(session, "Good.", monday)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"stance": "maybe"}, "'maybe' is no vote; it is ship, skip or abstain."),
        ({"quote": " \n"}, "The quote is empty; write one to three sentences."),
        ({"quote": "x" * 1201}, "The quote has 1201 characters; 1200 is the most."),
        ({"slug": "cinder"}, "There is no tool in comparison 1: cinder."),
        ({"reviewer": "critic"}, "There is no reviewer critic; known are builder, skeptic, futurist, founder."),
        ({"comparison_id": 7}, "There is no comparison 7; see 'verdicts queue'."),
    ],
)
def test_bad_review_is_refused_in_a_sentence(
    store: Store, ready: Comparison, monday: datetime, changed: dict[str, object], sentence: str
) -> None:
    good = {"comparison_id": 1, "slug": "kettle", "reviewer": "builder", "stance": "ship", "quote": "Good."}
    with store.write() as session, pytest.raises(AppError) as refused:
        decisions.add_review(session, **good | changed, by="Ada", now=monday)  # type: ignore[arg-type]

    assert str(refused.value) == sentence


# ── the answer ──


@pytest.mark.parametrize("answer", ["", "Both.", "x" * 401])
def test_answer_of_odd_length_is_refused(store: Store, ready: Comparison, monday: datetime, answer: str) -> None:
    with store.write() as session, pytest.raises(AppError, match=r"characters; write between 10 and 400\."):
        decisions.set_answer(session, 1, answer, "Ada", monday)


@pytest.mark.parametrize("state", DECIDED)
def test_answer_of_a_decided_comparison_stays(store: Store, ready: Comparison, monday: datetime, state: str) -> None:
    with store.write() as session:
        force(session, ready, state)
        with pytest.raises(NotAllowed, match=f"The answer of comparison 1 stays as it is: it is {state}."):
            decisions.set_answer(session, 1, "Ship with neither of them.", "Ada", monday)


# ── checks ──


def test_ready_comparison_has_no_findings(store: Store, settings: Settings, ready: Comparison) -> None:
    with store.read() as session:
        assert names(session, settings) == []


def test_missing_parts_are_found(store: Store, settings: Settings, monday: datetime) -> None:
    with store.write() as session:
        make_comparison(session)
        say(session, "Good.", monday)

        assert names(session, settings) == ["answer", "reviews:kettle", "reviews:emberloaf"]


def test_unanchored_figure_is_found_by_name(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        say(session, "Nobody else does it in 7 ms at $29.", monday)
        [finding] = decisions.findings(session, settings, decisions.get_comparison(session, 1))

    assert finding.name == "anchor:kettle:builder:7"
    assert finding.sentence == "the builder's “7” on Kettle stands in no fact of it"
    assert finding.may_be_waived


def test_figure_of_the_other_tool_is_no_anchor(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        other = session.get_one(Tool, ready.tool_b_id)
        make_fact(session, other, "claim", "It serves 900 teams.", verified_at=monday)
        say(session, "It serves 900 teams.", monday)

        assert names(session, settings) == ["anchor:kettle:builder:900"]


def test_answer_may_use_facts_of_both(store: Store, settings: Settings, ready: Comparison, monday: datetime) -> None:
    with store.write() as session:
        make_fact(session, session.get_one(Tool, ready.tool_b_id), "claim", "It serves 900 teams.")
        decisions.set_answer(session, 1, "Ship with Emberloaf for 900 teams, not for 901.", "Ada", monday)

        assert names(session, settings) == ["anchor:answer:901"]


def test_claim_is_outdated_once_the_price_moved(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        say(session, "At $29 it is fair.", monday)
        kettles_price_moves(session, "35", monday + timedelta(days=1))
        [finding] = decisions.findings(session, settings, decisions.get_comparison(session, 1))

    assert finding.sentence == "the builder's quote on Kettle rests on $29/month, which is now $35/month"
    assert finding.may_be_waived


def test_price_that_came_back_outdates_nothing(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        say(session, "At $29 it is fair.", monday)
        for days, amount in enumerate(("35", "29"), start=1):
            kettles_price_moves(session, amount, monday + timedelta(days=days))

        assert names(session, settings) == []


# ── waivers ──


def test_waiver_lets_its_check_pass(store: Store, settings: Settings, ready: Comparison, monday: datetime) -> None:
    with store.write() as session:
        say(session, "Nobody else does it in 7 ms.", monday)
        decisions.waive(session, settings, 1, "anchor:kettle:builder:7", ADA, " measured here ", monday)
        [waiver] = session.exec(select(Waiver)).all()

        assert names(session, settings) == []
        assert (waiver.waived_by, waiver.why) == (ADA, "measured here")


def test_waiver_of_one_figure_covers_no_other(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        say(session, "In 7 ms, for 8 people.", monday)
        decisions.waive(session, settings, 1, "anchor:kettle:builder:7", ADA, "measured", monday)

        assert names(session, settings) == ["anchor:kettle:builder:8"]


def test_waived_price_move_covers_no_later_one(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        say(session, "At $29 it is fair.", monday)
        kettles_price_moves(session, "35", monday + timedelta(days=1))
        decisions.waive(session, settings, 1, names(session, settings)[0], ADA, "still fair", monday)
        assert names(session, settings) == []
        kettles_price_moves(session, "290", monday + timedelta(days=2))

        assert len(names(session, settings)) == 1


def test_missing_answer_cannot_be_waived(store: Store, settings: Settings, monday: datetime) -> None:
    with store.write() as session:
        make_editor(session)
        make_comparison(session)
        with pytest.raises(NotAllowed, match="The check answer cannot be waived: it has no answer; write one with"):
            decisions.waive(session, settings, 1, "answer", ADA, "hurry", monday)


def test_missing_reviews_cannot_be_waived(store: Store, settings: Settings, monday: datetime) -> None:
    with store.write() as session:
        make_editor(session)
        make_comparison(session)
        with pytest.raises(NotAllowed, match="The check reviews:kettle cannot be waived: Kettle has 0 of the 2 rev"):
            decisions.waive(session, settings, 1, "reviews:kettle", ADA, "hurry", monday)


@pytest.mark.parametrize(
    ("check", "by", "why", "sentence"),
    [
        ("anchor:kettle:builder:8", ADA, "x", "no failing check of comparison 1: anchor:kettle:builder:8; see"),
        ("anchor:kettle:builder:7", "eve@example.org", "x", "no editor eve@example.org; add one"),
        ("anchor:kettle:builder:7", ADA, " ", "A waiver needs its reason"),
    ],
)
def test_waiver_needs_a_name_and_a_reason(
    store: Store, settings: Settings, ready: Comparison, monday: datetime, check: str, by: str, why: str, sentence: str
) -> None:
    with store.write() as session:
        say(session, "Nobody else does it in 7 ms.", monday)
        with pytest.raises(AppError, match=sentence):
            decisions.waive(session, settings, 1, check, by, why, monday)


# ── approving ──


def test_approval_writes_two_verdicts(store: Store, settings: Settings, ready: Comparison, monday: datetime) -> None:
    with store.write() as session:
        verdicts = decisions.approve(session, settings, 1, "  ADA@verdicts.example ", monday)
        comparison = decisions.get_comparison(session, 1)

    assert [(one.tool_id, one.outcome, one.ships, one.skips) for one in verdicts] == [
        (ready.tool_a_id, "ship", 3, 1),
        (ready.tool_b_id, "ship", 3, 1),
    ]
    assert (comparison.state, comparison.decided_by, comparison.decided_at) == ("approved", ADA, monday)


def test_verdict_rests_on_price_licence_and_citations(
    store: Store, settings: Settings, ready: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        verdict, _ = decisions.approve(session, settings, 1, ADA, monday)
        resting = session.exec(select(Fact.key).join(VerdictFact).where(VerdictFact.verdict_id == verdict.id)).all()

    assert sorted(resting) == ["claim", "entry_price", "licence", "tier"]


def test_failing_checks_stop_an_approval(store: Store, settings: Settings, monday: datetime) -> None:
    with store.write() as session:
        make_editor(session)
        make_comparison(session)
        with pytest.raises(NotAllowed) as refused:
            decisions.approve(session, settings, 1, ADA, monday)

    assert str(refused.value) == (
        "Comparison 1 cannot be approved: it has no answer; write one with 'verdicts answer 1 --file F' "
        "(“Ship with Kettle if …; with Emberloaf if …”); "
        "Kettle has 0 of the 2 reviews it needs; Emberloaf has 0 of the 2 reviews it needs."
    )


@pytest.mark.parametrize("state", DECIDED)
def test_decided_comparison_is_not_approved_again(
    store: Store, settings: Settings, ready: Comparison, monday: datetime, state: str
) -> None:
    with store.write() as session:
        force(session, ready, state)
        with pytest.raises(NotAllowed, match=f"Comparison 1 cannot be approved: it is {state}."):
            decisions.approve(session, settings, 1, ADA, monday)


@pytest.mark.parametrize("is_known", [True, False])
def test_only_an_active_editor_decides(
    store: Store, settings: Settings, ready: Comparison, monday: datetime, is_known: bool
) -> None:
    with store.write() as session:
        decisions.get_editor(session, ADA).is_active = False
        by = ADA if is_known else "eve@example.org"
        session.flush()
        with pytest.raises(NotFound, match=f"There is no editor {by}; add one with 'verdicts editors add EMAIL'."):
            decisions.approve(session, settings, 1, by, monday)
        with pytest.raises(NotFound):
            decisions.reject(session, 1, by, "dull", monday)


def recheck_of_published(store: Store, settings: Settings, monday: datetime) -> datetime:
    later = monday + timedelta(days=1)
    with store.write() as session:
        comparison = make_approved_comparison(session, settings, monday)
        comparison.state, comparison.published_at = "published", monday
        session.flush()
        kettles_price_moves(session, "35", later)
        assert comparison.state == "recheck"
    return later


def test_recheck_approved_again_stays_published(store: Store, settings: Settings, monday: datetime) -> None:
    later = recheck_of_published(store, settings, monday)
    with store.write() as session:
        decisions.approve(session, settings, 1, ADA, later)
        comparison = decisions.get_comparison(session, 1)
        history = session.exec(select(Verdict)).all()

    assert (comparison.state, comparison.published_at, comparison.recheck_why) == ("published", monday, None)
    assert [verdict.decided_at for verdict in history] == [monday, monday, later, later]


def test_newest_verdicts_are_in_force(store: Store, settings: Settings, monday: datetime) -> None:
    later = recheck_of_published(store, settings, monday)
    with store.write() as session:
        decisions.approve(session, settings, 1, ADA, later)
        in_force = decisions.verdicts_of(session, decisions.get_comparison(session, 1))

    assert {verdict.decided_at for verdict in in_force.values()} == {later}
    assert len(in_force) == 2


# ── a tool on its own ──


@pytest.fixture
def alone(store: Store) -> Comparison:
    """Kettle without a rival, reviewed and answered; Ada may decide."""
    with store.write() as session:
        make_editor(session)
        single = make_single(session)
        make_reviews(session, single)
    return single


def test_tool_on_its_own_is_drafted_with_its_review(store: Store, monday: datetime) -> None:
    with store.write() as session:
        single = make_single(session)
        say(session, "Good.", monday)

        assert single.state == "drafted"


def test_tool_on_its_own_gets_one_verdict(
    store: Store, settings: Settings, alone: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        [verdict] = decisions.approve(session, settings, 1, ADA, monday)

        assert (verdict.tool_id, verdict.outcome, verdict.ships, verdict.skips) == (alone.tool_a_id, "ship", 3, 1)
        assert decisions.get_comparison(session, 1).state == "approved"
        assert list(decisions.verdicts_of(session, decisions.get_comparison(session, 1))) == [alone.tool_a_id]


def test_tool_on_its_own_needs_answer_and_reviews(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_single(session)

        assert names(session, settings) == ["answer", "reviews:kettle"]


def test_answer_of_one_tool_rests_on_its_facts_alone(
    store: Store, settings: Settings, alone: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        decisions.set_answer(session, 1, "Ship Kettle at $29 a month; skip it above 900 users.", "Ada", monday)

        assert names(session, settings) == ["anchor:answer:900"]


def test_tool_on_its_own_takes_no_review_of_another(store: Store, alone: Comparison, monday: datetime) -> None:
    with store.write() as session:
        make_comparison(session, "Emberloaf", "Cinder")
        with pytest.raises(NotFound, match=r"There is no tool in comparison 1: emberloaf\."):
            decisions.add_review(session, 1, "emberloaf", "builder", "ship", "Good.", "Ada", monday)


def test_tool_on_its_own_can_be_rejected(store: Store, alone: Comparison, monday: datetime) -> None:
    with store.write() as session:
        decisions.reject(session, 1, ADA, "dull", monday)

        assert decisions.get_comparison(session, 1).state == "rejected"
        assert decisions.queue(session) == []


def test_moved_price_brings_a_tool_on_its_own_back(
    store: Store, settings: Settings, alone: Comparison, monday: datetime
) -> None:
    with store.write() as session:
        decisions.approve(session, settings, 1, ADA, monday)
        kettles_price_moves(session, "35", monday + timedelta(days=1))
        [back] = decisions.queue(session)
        assert (back.state, back.recheck_why) == ("recheck", "Kettle: entry price $29/month → $35/month")
        decisions.approve(session, settings, 1, ADA, monday + timedelta(days=2))

        assert decisions.get_comparison(session, 1).state == "approved"
        assert len(session.exec(select(Verdict)).all()) == 2


# ── rejecting ──


def test_rejection_keeps_who_and_why(store: Store, ready: Comparison, monday: datetime) -> None:
    with store.write() as session:
        decisions.reject(session, 1, ADA, " two of a kind ", monday)
        comparison = decisions.get_comparison(session, 1)

    assert (comparison.state, comparison.decided_by, comparison.decided_why) == ("rejected", ADA, "two of a kind")


def test_rejection_needs_a_reason(store: Store, ready: Comparison, monday: datetime) -> None:
    with store.write() as session, pytest.raises(AppError, match=r"A rejection needs its reason \(--why\)\."):
        decisions.reject(session, 1, ADA, "  ", monday)


@pytest.mark.parametrize("state", DECIDED)
def test_decided_comparison_is_not_rejected(store: Store, ready: Comparison, monday: datetime, state: str) -> None:
    with store.write() as session:
        force(session, ready, state)
        with pytest.raises(NotAllowed, match=f"Comparison 1 cannot be rejected: it is {state}."):
            decisions.reject(session, 1, ADA, "dull", monday)


# ── the queue and the log ──


def test_queue_begins_with_what_came_back(store: Store, monday: datetime) -> None:
    with store.write() as session:
        make_comparison(session, "A1", "A2", score=30)
        make_comparison(session, "B1", "B2", score=90)
        make_comparison(session, "C1", "C2", score=10, state="recheck")
        make_comparison(session, "D1", "D2", score=99, state="rejected", decided_by=ADA, decided_why="dull")

        assert [row.slug for row in decisions.queue(session)] == ["c1-vs-c2", "b1-vs-b2", "a1-vs-a2"]


Deed = Callable[[Session, Settings, datetime], object]
DEEDS: list[tuple[str, str, Deed]] = [
    ("review", "Ada", lambda session, _, now: say(session, "Good.", now)),
    ("answer", "Ada", lambda session, _, now: decisions.set_answer(session, 1, "Ship with Kettle.", "Ada", now)),
    ("approve", ADA, lambda session, settings, now: decisions.approve(session, settings, 1, ADA, now)),
    ("reject", ADA, lambda session, _, now: decisions.reject(session, 1, ADA, "dull", now)),
]


@pytest.mark.parametrize(("action", "who", "deed"), DEEDS, ids=[deed[0] for deed in DEEDS])
def test_every_decision_is_in_the_audit_log(
    store: Store, settings: Settings, ready: Comparison, monday: datetime, action: str, who: str, deed: Deed
) -> None:
    later = monday + timedelta(hours=1)
    with store.write() as session:
        deed(session, settings, later)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.at == later)).all()

    assert (entry.action, entry.who, entry.subject) == (action, who, "comparison 1")


def test_waiver_is_in_the_audit_log(store: Store, settings: Settings, ready: Comparison, monday: datetime) -> None:
    with store.write() as session:
        say(session, "Nobody else does it in 7 ms.", monday)
        decisions.waive(session, settings, 1, "anchor:kettle:builder:7", ADA, "measured", monday)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "waive")).one()

    assert (entry.who, entry.detail) == (ADA, {"check": "anchor:kettle:builder:7", "why": "measured"})


def test_refused_decision_leaves_no_trace(store: Store, settings: Settings, monday: datetime) -> None:
    with store.write() as session:
        make_editor(session)
        make_comparison(session)
    with pytest.raises(NotAllowed), store.write() as session:
        decisions.approve(session, settings, 1, ADA, monday)

    with store.read() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "approve")).all() == []
        assert decisions.get_comparison(session, 1).state == "pending"
