"""The choice among candidates: best first, each tool once, and why the others are not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from panel.candidates import Candidate
from panel.pair_history import History
from panel.shortlist import MOST_OF_A_CATEGORY, MOST_PAIRS, MOST_SINGLES, Shortlist, choose
from tests.factories import MONDAY
from tests.panel.pair_tools import EMBER, KETTLE, LONG_AGO

NOTHING = History()


def chosen(
    *tools: Candidate,
    history: History = NOTHING,
    strong: dict[int, str] | None = None,
    new: list[Candidate] | None = None,
) -> Shortlist:
    near = {tool.id: [other for other in tools if other.id != tool.id] for tool in tools}
    return choose(list(tools) if new is None else new, near, history, strong or {}, MONDAY)


def names(shortlist: Shortlist) -> list[tuple[str, str]]:
    return [(pair.a.name, pair.b.name) for pair in shortlist.pairs]


def reasons(shortlist: Shortlist) -> list[str]:
    return [one.why for one in shortlist.refused]


def told(shortlist: Shortlist) -> set[tuple[tuple[str, ...], str]]:
    return {(tuple(tool.slug for tool in one.tools), one.why) for one in shortlist.refused}


TINDER = replace(EMBER, id=3, name="Tinder", slug="tinder", owners=frozenset({"tinder.example"}))


def test_better_rival_wins_and_the_other_is_told_why() -> None:
    shortlist = chosen(replace(KETTLE, rivals=("Tinder",)), EMBER, TINDER)

    assert names(shortlist) == [("Kettle", "Tinder")]
    assert sorted(reasons(shortlist)) == [
        "Kettle is in a better pair: Kettle and Tinder.",
        "Tinder is in a better pair: Kettle and Tinder.",
    ]


def test_pair_is_never_used_twice_in_either_order() -> None:
    shortlist = chosen(EMBER, KETTLE, history=History(paired=frozenset({(1, 2)})))

    assert names(shortlist) == []
    assert reasons(shortlist) == ["Kettle and Emberloaf were paired before."]


def test_resting_tool_is_told_so() -> None:
    shortlist = chosen(KETTLE, EMBER, history=History(resting={1: "it is in a comparison"}))

    assert reasons(shortlist) == ["Kettle rests: it is in a comparison.", "Kettle rests: it is in a comparison."]


def test_weak_pair_is_left_out() -> None:
    shortlist = chosen(replace(KETTLE, traction={"points": 5000}), replace(EMBER, launched_at=LONG_AGO))

    assert names(shortlist) == []
    assert reasons(shortlist)[0].startswith("The pair is weak: ")


def rivals(count: int, category: str = "speech") -> list[Candidate]:
    """So many pairs that name each other."""
    return [
        replace(
            KETTLE,
            id=number,
            name=f"Tool{number:02}",
            slug=f"tool{number:02}",
            category=category,
            owners=frozenset({f"tool{number}.example"}),
            rivals=(f"Tool{number ^ 1:02}",),
        )
        for number in range(2, 2 * count + 2)
    ]


def test_category_has_its_share_of_an_edition() -> None:
    assert len(chosen(*rivals(4)).pairs) == MOST_OF_A_CATEGORY
    busy = History(of_category={"speech": MOST_OF_A_CATEGORY})
    assert set(reasons(chosen(*rivals(1), history=busy))) == {"This week already has 2 comparisons of its category."}


def test_week_has_its_share_of_pairs() -> None:
    full = History(pairs=MOST_PAIRS)

    assert reasons(chosen(KETTLE, EMBER, history=full)) == ["This week already has 12 proposed pairs."]


def test_strong_launch_without_a_rival_stands_alone() -> None:
    shortlist = chosen(KETTLE, strong={1: "412 points"})

    assert [(one.tool.name, one.attention, one.nearest) for one in shortlist.singles] == [
        ("Kettle", "412 points", None)
    ]
    assert reasons(shortlist) == ["No other tool of its category is like Kettle."]


def test_single_names_the_nearest_tool_and_why_it_does_not_fit() -> None:
    fork = replace(EMBER, text="A fork of Kettle.")
    [single] = chosen(KETTLE, fork, new=[KETTLE], strong={1: "412 points"}).singles

    assert single.nearest == fork
    assert single.refusal == "Emberloaf is made for Kettle, or from it, so it is no rival."


def test_tool_with_a_pair_incomplete_or_once_alone_is_no_single() -> None:
    strong = {1: "412 points", 2: "400 points"}

    assert chosen(KETTLE, EMBER, strong=strong).singles == ()
    assert chosen(replace(KETTLE, traction={}), strong=strong).singles == ()
    assert chosen(KETTLE, strong=strong, history=History(alone=frozenset({1}))).singles == ()
    assert chosen(KETTLE, strong=strong, history=History(singles=MOST_SINGLES)).singles == ()


CANDIDATES = st.lists(
    st.builds(
        replace,
        st.just(KETTLE),
        id=st.integers(1, 40),
        category=st.sampled_from(["speech", "images", "other", "open-models", "model-hosting"]),
        owners=st.sampled_from([frozenset({f"{one}.example"}) for one in "abcd"]),
        launched_at=st.sampled_from([MONDAY, LONG_AGO]),
        words=st.sampled_from([{"gguf": 1.0}, {"agent": 1.0}, {"gguf": 0.6, "agent": 0.8}]),
        rivals=st.lists(st.integers(1, 40).map("Tool{}".format), max_size=2).map(tuple),
        tier=st.sampled_from([None, "Free", "Paid"]),
        traction=st.sampled_from([{}, {"points": 5}, {"points": 400}, {"stars": 90}]),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
).map(lambda tools: [replace(one, name=f"Tool{one.id}", slug=f"tool{one.id}", text=f"Tool{one.id}") for one in tools])


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_order_of_tools_changes_nothing(tools: list[Candidate], random: object) -> None:
    mixed = list(tools)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    strong = {tool.id: "much" for tool in tools if tool.id % 2}
    one, other = (chosen(*some, strong=strong) for some in (tools, mixed))

    assert (one.pairs, one.singles) == (other.pairs, other.singles)
    assert told(one) == told(other)


@given(CANDIDATES)
def test_each_tool_is_taken_once(tools: list[Candidate]) -> None:
    shortlist = chosen(*tools, strong={tool.id: "much" for tool in tools})
    taken = [tool.id for pair in shortlist.pairs for tool in (pair.a, pair.b)]
    taken += [single.tool.id for single in shortlist.singles]

    assert len(taken) == len(set(taken))
    assert all(pair.a.id < pair.b.id for pair in shortlist.pairs)
    assert all(one.why.endswith(".") for one in shortlist.refused)
