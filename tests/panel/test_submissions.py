"""A week's reviews handed in as one file."""

from datetime import datetime

import pytest

from db.models import Comparison
from db.session import Store
from errors import AppError
from panel import decisions
from panel.submissions import Taken, read_submission, take_in
from tests.factories import make_comparison

FILE = """
[[review]]
tool = "kettle"
reviewer = "builder"
stance = "ship"
quote = "It answers in 40 ms."
[[review]]
tool = "https://emberloaf.example/"
reviewer = "skeptic"
stance = "skip"
quote = "Compared with what?"
[[answer]]
tools = ["emberloaf", "kettle"]
text = "Ship with Kettle if you host."
"""


def hand_in(store: Store, text: str, now: datetime) -> Taken:
    with store.write() as session:
        return take_in(session, read_submission(text, "week.toml"), "Ada", "person", now)


def test_file_reaches_its_open_comparison(store: Store, monday: datetime) -> None:
    with store.write() as session:
        make_comparison(session)

    assert hand_in(store, FILE, monday) == Taken(reviews=2, answers=1)
    with store.read() as session:
        [comparison] = decisions.queue(session)
        assert comparison.answer == "Ship with Kettle if you host."
        assert len(decisions.standing_reviews(session, comparison.id or 0)) == 2


def test_what_fits_nothing_is_told(store: Store, monday: datetime) -> None:
    taken = hand_in(store, FILE, monday)

    assert (taken.reviews, taken.answers) == (0, 0)
    assert taken.left == [
        "kettle: it is in no comparison that awaits a decision",
        "https://emberloaf.example/: it is in no comparison that awaits a decision",
        "emberloaf and kettle: they are in no comparison that awaits a decision",
    ]


def test_answer_of_one_tool_reaches_it_alone(store: Store, monday: datetime) -> None:
    """The pair that holds the same tool is left alone."""
    alone = '[[answer]]\ntools = ["https://kettle.example/"]\ntext = "Ship Kettle if you host; skip it if not."'
    with store.write() as session:
        pair = make_comparison(session)
    assert hand_in(store, alone, monday).left == [
        "https://kettle.example/: it stands alone in no comparison that awaits a decision"
    ]
    with store.write() as session:
        single = Comparison(
            slug="kettle", tool_a_id=pair.tool_a_id, score=1, reason="no rival is known", created_at=monday
        )
        session.add(single)

    assert hand_in(store, alone, monday).answers == 1
    with store.read() as session:
        answers = {row.id: row.answer for row in decisions.queue(session)}
    assert answers == {pair.id: None, single.id: "Ship Kettle if you host; skip it if not."}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[review", "week.toml is not valid TOML"),
        ("[[review]]\ntool = 'kettle'", "week.toml: review.0.reviewer: Field required"),
        ("[[answer]]\ntools = []\ntext = 'x'", "week.toml: answer.0.tools"),
        ("[[answer]]\ntools = ['a', 'b', 'c']\ntext = 'x'", "week.toml: answer.0.tools"),
        ("[[verdict]]\ntool = 'kettle'", "week.toml: verdict"),
    ],
)
def test_broken_file_is_refused_by_entry(text: str, named: str) -> None:
    with pytest.raises(AppError, match=named.replace(".", r"\.")):
        read_submission(text, "week.toml")


def test_one_bad_review_takes_in_nothing(store: Store, monday: datetime) -> None:
    with store.write() as session:
        comparison = make_comparison(session)
    with pytest.raises(AppError, match="'maybe' is no vote"):
        hand_in(store, FILE.replace('"skip"', '"maybe"'), monday)

    with store.read() as session:
        assert decisions.standing_reviews(session, comparison.id or 0) == []
