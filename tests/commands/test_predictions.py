"""`verdicts predictions …` as an editor types it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from db.models import Prediction
from db.session import Store
from panel import predictions
from tests.commands.shell import Said, call
from tests.factories import ADA, MONDAY, make_comparison, make_editor, make_reviews

SOON = (datetime.now(UTC) + timedelta(days=90)).date()
HEADINGS = ["id", "tool", "reviewer", "statement", "probability", "resolve_by", "state", "outcome", "brier"]


@pytest.fixture
def desk(home: Store) -> Store:
    """Ada, and Kettle and Emberloaf with their reviews."""
    with home.write() as session:
        make_editor(session)
        make_reviews(session, make_comparison(session))
    return home


@pytest.fixture
def overdue(desk: Store) -> Store:
    """Six of one reviewer's predictions whose day has long come."""
    long_ago = MONDAY.replace(year=2023)
    with desk.write() as session:
        for index in range(6):
            told = (f"Statement {index} will hold.", 0.8, date(2023, 12, 24), "Its pricing page.", ADA)
            row = predictions.propose_prediction(session, 1, *told, long_ago)
            predictions.confirm(session, row.id or 0, ADA, long_ago)
    return desk


def add(review: str = "1", **options: str) -> Said:
    given = {
        "statement": "Kettle has a paid plan.",
        "probability": "0.7",
        "by": str(SOON),
        "how": "Its pricing page.",
        "as": ADA,
    } | options
    return call("predictions", "add", review, *(part for key, value in given.items() for part in (f"--{key}", value)))


def settle(number: int, outcome: str, why: str = "seen on its page", who: str = ADA) -> Said:
    return call("predictions", "settle", str(number), outcome, "--why", why, "--as", who)


def test_prediction_is_added_confirmed_and_settled(desk: Store) -> None:
    said = add()
    assert (said.code, said.out) == (
        0,
        f"Prediction 1 is written; next 'verdicts predictions confirm 1 --as {ADA}'.\n",
    )
    assert call("predictions", "confirm", "1", "--as", ADA).out == f"Prediction 1 is confirmed; due {SOON}.\n"
    assert settle(1, "yes").out == "Prediction 1 is settled: yes.\n"
    with desk.read() as session:
        row = session.get_one(Prediction, 1)
        assert (row.resolve_by, row.outcome, row.settled_why) == (SOON, "yes", "seen on its page")


def test_list_is_one_document(desk: Store) -> None:
    add()
    [row] = call("predictions", "--json").document

    assert set(HEADINGS) <= set(row)
    assert (row["id"], row["tool"], row["reviewer"], row["probability"]) == (1, "kettle", "builder", 0.7)
    assert (row["resolve_by"], row["state"], row["outcome"], row["brier"]) == (str(SOON), "unconfirmed", None, None)


def test_list_is_a_table_for_people(overdue: Store) -> None:
    settle(1, "no")
    said = call("predictions")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0].split() == HEADINGS
    assert "0.640" in said.out
    assert "due" in said.out


def test_due_ones_alone_are_listed(overdue: Store) -> None:
    add()
    settle(1, "yes")

    assert [row["id"] for row in call("predictions", "--due", "--json").document] == [2, 3, 4, 5, 6]
    assert len(call("predictions", "--json").document) == 7
    assert [row["id"] for row in call("predictions", "--limit", "1", "--json").document] == [2]


def test_quotes_of_a_comparison_are_searched(desk: Store, tmp_path: Path) -> None:
    quote = tmp_path / "quote.txt"
    quote.write_text("It is fine for now. In 12 months this will be a checkbox in every editor.", encoding="utf-8")
    review = ("review", "1", "skip", "--reviewer", "futurist", "--tool", "emberloaf", "--as", ADA)
    assert call(*review, "--quote-file", str(quote)).code == 0

    [row] = call("predictions", "suggest", "1", "--json").document
    assert (row["review"], row["tool"], row["reviewer"]) == (9, "emberloaf", "futurist")
    assert (row["statement"], row["probability"]) == ("In 12 months this will be a checkbox in every editor.", None)
    assert row["words"] == "In 12 months"
    assert date.fromisoformat(row["resolve_by"]) > SOON
    assert "Next: verdicts predictions add REVIEW" in call("predictions", "suggest", "1").out
    with desk.read() as session:
        assert session.get(Prediction, 1) is None


def test_comparison_without_such_a_quote_is_told(desk: Store) -> None:
    assert call("predictions", "suggest", "1", "--json").document == []
    assert "No quote names a time." in call("predictions", "suggest", "1").out


def test_score_is_one_document(overdue: Store) -> None:
    for number in range(1, 5):
        settle(number, "yes")
    settle(5, "no")
    settle(6, "void")
    document = call("predictions", "score", "--json").document

    assert (document["floor"], document["coin_brier"]) == (5, 0.25)
    [builder] = document["reviewers"]
    assert (builder["reviewer"], builder["settled"], builder["void"]) == ("builder", 5, 1)
    assert builder["brier"] == pytest.approx(0.16)
    assert builder["skill"] == pytest.approx(0)
    [only] = builder["bins"]
    assert (only["count"], only["observed"]) == (5, 0.8)
    assert 0.3 < only["interval"]["low"] < 0.8 < only["interval"]["high"] < 1


def test_score_is_a_table_for_people(overdue: Store) -> None:
    for number in range(1, 6):
        settle(number, "yes")
    said = call("predictions", "score")

    assert (said.code, said.err) == (0, "")
    assert "0.040" in said.out
    assert "0.8 to 0.9" in said.out


def test_few_settled_ones_score_nothing(overdue: Store) -> None:
    settle(1, "yes")
    [builder] = call("predictions", "score", "--json").document["reviewers"]

    assert (builder["settled"], builder["brier"], builder["bins"]) == (1, None, [])
    [line] = [line for line in call("predictions", "score").out.splitlines() if line.startswith("builder")]
    assert line.split() == ["builder", "1", "0", "—", "—", "—", "—"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"probability": "1"}, "1 is no probability of a prediction; give one between 0 and 1, such as 0.7.\n"),
        ({"by": "2020-01-01"}, "2020-01-01 is not in the future; give a later day to settle it by.\n"),
        ({"statement": "Short"}, "The statement has 5 characters; write between 10 and 300.\n"),
        ({"as": "eve@example.org"}, "There is no editor eve@example.org; add one with 'verdicts editors add EMAIL'.\n"),
        ({"review": "77"}, "There is no review 77; see 'verdicts predictions suggest ID', ID being"),
    ],
)
def test_refusal_is_one_sentence(desk: Store, options: dict[str, str], told: str) -> None:
    said = add(**options)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(told)
    assert said.err.count("\n") == 1


def test_settlement_that_is_not_allowed_is_told(overdue: Store) -> None:
    settle(1, "yes")

    assert settle(1, "no").err == "Prediction 1 stays as it is: it was settled as yes.\n"
    assert settle(2, "void", why=" ").err == "Prediction 2 needs a reason to be void (--why).\n"
    assert settle(99, "yes").err == "There is no prediction 99; see 'verdicts predictions'.\n"
    assert call("predictions", "suggest", "99").err == "There is no comparison 99; see 'verdicts queue'.\n"
    assert settle(2, "perhaps").code == 2
