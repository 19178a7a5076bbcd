"""Which two tools are worth comparing, and why."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from catalog.categories import CATEGORIES, OTHER
from db.models import Comparison
from db.session import Store
from panel.pairing import LEAST_SCORE, MOST_PAIRS, REST, Candidate, Pair, choose_pairs, propose_pairs, score_pair
from tests.factories import make_fact, make_launch, make_tool, price

KETTLE = Candidate(
    id=1,
    name="Kettle",
    slug="kettle",
    category="local-runtimes",
    owner="kettle.example",
    is_new=True,
    words={},
    rivals=(),
    tier=None,
    price=None,
    licence=None,
    traction=None,
)
EMBER = replace(KETTLE, id=2, name="Emberloaf", slug="emberloaf", owner="emberloaf.example", is_new=False)
HOST = replace(EMBER, category="model-hosting")


def scored(a: Candidate = KETTLE, b: Candidate = EMBER) -> Pair:
    pair = score_pair(a, b)
    assert pair
    return pair


# ── the gates ──


@pytest.mark.parametrize(
    "rival",
    [
        replace(EMBER, category="speech"),
        replace(EMBER, category=OTHER),
        replace(EMBER, owner=KETTLE.owner),
    ],
    ids=["another job", "no job", "one owner"],
)
def test_shut_gate_gives_no_pair(rival: Candidate) -> None:
    assert score_pair(KETTLE, rival) is None


def test_two_tools_of_no_category_never_meet() -> None:
    assert score_pair(replace(KETTLE, category=OTHER), replace(EMBER, category=OTHER)) is None


def test_pair_needs_something_new() -> None:
    assert score_pair(replace(KETTLE, is_new=False), EMBER) is None


@pytest.mark.parametrize(
    ("category", "label"),
    [
        ("local-runtimes", "Different jobs: your own machine against a rented one."),
        ("open-models", "Different jobs: weights against hosting."),
    ],
)
def test_different_jobs_are_paired_under_their_label(category: str, label: str) -> None:
    pair = scored(replace(KETTLE, category=category), HOST)

    assert pair.jobs == label
    assert label in pair.reason


def test_same_job_carries_no_label() -> None:
    assert (scored().jobs, scored().reasons) == ("", ("same job: local runtimes",))


# ── the score ──

PARTS = [
    ({"rivals": ("emberloaf",)}, {}, 40, "Kettle's own page names Emberloaf"),
    ({}, {"rivals": ("Kettle",)}, 40, "Emberloaf's own page names Kettle"),
    ({"words": {"gguf": 0.5}}, {"words": {"gguf": 0.5}}, 15, "same job: local runtimes"),
    ({"words": {"gguf": 1.0}}, {"words": {"gguf": 1.0}}, 20, "same job: local runtimes"),
    ({"tier": "Free"}, {"tier": "Paid"}, 7.5, "Kettle is free, Emberloaf paid"),
    ({"price": "$9/month"}, {"price": "$29/month"}, 7.5, "from $9/month against $29/month"),
    ({"licence": "MIT"}, {}, 7.5, "Kettle has a public licence (MIT)"),
    ({}, {"licence": "MIT"}, 7.5, "Emberloaf has a public licence (MIT)"),
    ({"traction": 90}, {"traction": 20}, 7, "similar attention"),
    ({}, {"is_new": True}, 5, "both new"),
]


@pytest.mark.parametrize(("ours", "theirs", "points", "reason"), PARTS)
def test_each_part_adds_its_points_and_reason(
    ours: dict[str, object], theirs: dict[str, object], points: float, reason: str
) -> None:
    pair = scored(replace(KETTLE, **ours), replace(EMBER, **theirs))

    assert pair.score == pytest.approx(scored().score + points)
    assert reason in pair.reasons


def test_lopsided_attention_costs_points() -> None:
    pair = scored(replace(KETTLE, traction=1000), replace(EMBER, traction=10))

    assert pair.score < scored().score
    assert "similar attention" not in pair.reasons


def test_same_price_makes_no_contrast() -> None:
    pair = scored(replace(KETTLE, price="$9"), replace(EMBER, price="$9"))

    assert pair.reasons == ("same job: local runtimes",)


# ── the choice ──

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 40),
        name=st.sampled_from("ABCDEF"),
        slug=st.sampled_from("abcdef"),
        category=st.sampled_from([*(one.key for one in CATEGORIES[:4]), OTHER]),
        owner=st.sampled_from(["a.example", "b.example", "c.example", "d.example"]),
        is_new=st.booleans(),
        words=st.dictionaries(st.sampled_from(["gguf", "agent"]), st.floats(0, 1), max_size=2),
        rivals=st.lists(st.sampled_from("ABCdef"), max_size=2).map(tuple),
        tier=st.sampled_from([None, "Free", "Paid"]),
        price=st.sampled_from([None, "$9", "$29"]),
        licence=st.sampled_from([None, "MIT"]),
        traction=st.one_of(st.none(), st.integers(0, 5000)),
    ),
    unique_by=lambda one: one.id,
    max_size=14,
)


def ids(pairs: list[Pair]) -> list[tuple[int, int]]:
    return [(pair.a.id, pair.b.id) for pair in pairs]


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_order_of_candidates_changes_nothing(candidates: list[Candidate], random: object) -> None:
    mixed = list(candidates)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert choose_pairs(mixed, set()) == choose_pairs(candidates, set())


@given(CANDIDATES)
def test_each_tool_is_taken_once_a_round(candidates: list[Candidate]) -> None:
    chosen = choose_pairs(candidates, set())
    taken = [tool for pair in ids(chosen) for tool in pair]

    assert len(taken) == len(set(taken))
    assert len(chosen) <= MOST_PAIRS
    assert all(a < b for a, b in ids(chosen))


@given(CANDIDATES)
def test_used_pair_never_returns(candidates: list[Candidate]) -> None:
    first = set(ids(choose_pairs(candidates, set())))

    assert not first & set(ids(choose_pairs(candidates, first)))


def test_weak_pair_is_left_out() -> None:
    quiet = replace(EMBER, traction=1)

    assert scored(replace(KETTLE, traction=1000), quiet).score < LEAST_SCORE
    assert choose_pairs([replace(KETTLE, traction=1000), quiet], set()) == []


def test_better_rival_wins_the_tool() -> None:
    named = replace(EMBER, id=3, name="Tinder", slug="tinder", owner="tinder.example", tier="Paid")
    kettle = replace(KETTLE, rivals=("Tinder", "Emberloaf"), tier="Free")

    assert ids(choose_pairs([kettle, EMBER, named], set())) == [(1, 3)]


# ── from the store ──


def fill(store: Store) -> None:
    """Two new rivals, each read, with a price and a public."""
    with store.write() as session:
        for name, amount in (("Kettle", "9"), ("Emberloaf", "29")):
            tool = make_tool(session, name, tagline="A local model runner for your laptop.")
            price(session, tool, amount)
            make_launch(session, tool, traction={"points": 120})
        make_fact(session, tool, "compares_with", "Kettle", normal={"names": ["Kettle"]})


def propose(store: Store, now: datetime) -> list[str]:
    with store.write() as session:
        return [row.slug for row in propose_pairs(session, now)]


def test_proposal_is_stored_with_score_and_reason(store: Store, monday: datetime) -> None:
    fill(store)
    propose(store, monday)
    with store.read() as session:
        [comparison] = session.exec(select(Comparison)).all()

    assert (comparison.slug, comparison.state) == ("kettle-vs-emberloaf", "pending")
    assert comparison.score > 80
    assert comparison.reason == (
        "Emberloaf's own page names Kettle; same job: local runtimes; from $9/month against $29/month; "
        "similar attention; both new"
    )


def test_pair_is_proposed_once_for_ever(store: Store, monday: datetime) -> None:
    fill(store)
    propose(store, monday)
    with store.write() as session:
        row = session.exec(select(Comparison)).one()
        row.state, row.decided_by, row.decided_why = "rejected", "ada@verdicts.example", "dull"
        session.add(row)

    assert propose(store, monday) == []


def two_runners(store: Store, values: dict[str, object]) -> None:
    with store.write() as session:
        make_tool(session, "Kettle", tagline="A local model runner.")
        make_tool(session, "Cinder", tagline="A local model runner.", **values)


@pytest.mark.parametrize(
    "values", [{"availability": "dead"}, {"availability": "unread"}, {"last_read_at": None}, {"category": OTHER}]
)
def test_unfit_tool_is_no_candidate(store: Store, monday: datetime, values: dict[str, object]) -> None:
    two_runners(store, values)

    assert propose(store, monday) == []


def test_two_fit_tools_are_a_pair(store: Store, monday: datetime) -> None:
    two_runners(store, {})

    assert propose(store, monday) == ["kettle-vs-cinder"]


def test_old_tools_alone_are_not_paired(store: Store, monday: datetime) -> None:
    fill(store)

    assert propose(store, monday + timedelta(days=15)) == []


@pytest.mark.parametrize("state", ["pending", "drafted", "recheck"])
def test_tool_in_an_open_comparison_rests(store: Store, monday: datetime, state: str) -> None:
    fill(store)
    propose(store, monday)
    with store.write() as session:
        session.exec(select(Comparison)).one().state = state
        make_tool(session, "Cinder", tagline="A local model runner.")

    assert propose(store, monday) == []


def test_published_tool_rests_four_weeks(store: Store, monday: datetime) -> None:
    fill(store)
    propose(store, monday)
    late = monday + REST
    with store.write() as session:
        row = session.exec(select(Comparison)).one()
        row.state, row.answer, row.published_at = "published", "Ship with Kettle.", monday
        row.decided_by, row.decided_at = "ada@verdicts.example", monday
        make_tool(session, "Cinder", tagline="A local model runner for your laptop.", launched_at=late)

    assert propose(store, late - timedelta(seconds=1)) == []
    assert propose(store, late) == ["kettle-vs-cinder"]
