"""The register: what may be foretold, who confirms it, and that what is settled stays."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from config import Settings
from db import alerts
from db.models import AuditEntry, Prediction, Review
from db.session import Store, make_engine, upgrade
from errors import AppError, NotAllowed, NotFound
from jobs import Work, watch
from panel import predictions
from panel.prediction_record import listed, records
from panel.prediction_words import LONGEST, MOST_OFFERED, suggest
from tests.factories import ADA, MONDAY, make_comparison, make_editor, make_reviews

JUNE = date(2027, 6, 30)
AFTER = MONDAY.replace(year=2027, month=6, day=30)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Ada, and Kettle and Emberloaf with their reviews; on both stores."""
    if request.param == "sqlite":
        store = request.getfixturevalue("store")
    else:
        url = Settings(database_url=request.getfixturevalue("postgres_url")).store_url
        upgrade(url)
        store = Store(make_engine(url))
    with store.write() as session:
        make_editor(session)
        make_reviews(session, make_comparison(session))
    yield store
    store.close()


@pytest.fixture
def ada(store: Store) -> Store:
    """The same, on SQLite alone."""
    with store.write() as session:
        make_editor(session)
        make_reviews(session, make_comparison(session))
    return store


def propose(session: Session, statement: str = "Kettle has a paid plan.", **values: object) -> Prediction:
    given: dict[str, object] = {
        "review_id": 1,
        "statement": statement,
        "probability": 0.7,
        "resolve_by": JUNE,
        "settled_how": "Its pricing page.",
        "by": ADA,
        "now": MONDAY,
    }
    return predictions.propose_prediction(session, **given | values)  # type: ignore[arg-type]


def confirmed(session: Session, statement: str = "Kettle has a paid plan.", **values: object) -> int:
    number = propose(session, statement, **values).id or 0
    predictions.confirm(session, number, ADA, MONDAY)
    return number


def settled(session: Session, outcome: str, count: int = 1, **values: object) -> None:
    known = len(session.exec(select(Prediction.id)).all())
    for index in range(count):
        number = confirmed(session, f"Statement {known + index} will hold.", **values)
        predictions.settle(session, number, outcome, "seen", ADA, AFTER)


# ── from review to settlement ────────────────────────────────────────────────────────────────────


def test_prediction_takes_tool_and_reviewer_from_its_review(desk: Store) -> None:
    with desk.write() as session:
        number = propose(session, "  Kettle has\na paid plan. ").id
    with desk.read() as session:
        row, review = session.get_one(Prediction, number), session.get_one(Review, 1)

    assert (row.tool_id, row.reviewer, row.statement) == (review.tool_id, "builder", "Kettle has a paid plan.")
    assert (row.probability, row.resolve_by, row.made_at) == (0.7, JUNE, MONDAY)
    assert (row.confirmed_at, row.outcome) == (None, None)


def test_each_step_is_on_record_with_its_name(desk: Store) -> None:
    with desk.write() as session:
        number = confirmed(session)
        predictions.settle(session, number, "yes", "its page said so", "Ada@verdicts.example", AFTER)
    with desk.read() as session:
        row = session.get_one(Prediction, number)
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject == f"prediction {number}")).all()

    assert (row.confirmed_by, row.confirmed_at) == (ADA, MONDAY)
    assert (row.outcome, row.settled_by, row.settled_at, row.settled_why) == ("yes", ADA, AFTER, "its page said so")
    assert [(one.action, one.who) for one in entries] == [
        ("propose prediction", ADA),
        ("confirm prediction", ADA),
        ("settle prediction", ADA),
    ]
    assert entries[2].detail == {"outcome": "yes", "why": "its page said so"}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"probability": 0.0}, "0 is no probability of a prediction; give one between 0 and 1"),
        ({"probability": 1.0}, "1 is no probability"),
        ({"probability": float("nan")}, "nan is no probability"),
        ({"statement": "Too short"}, "The statement has 9 characters; write between 10 and 300."),
        ({"statement": "x" * 301}, "The statement has 301 characters"),
        ({"resolve_by": MONDAY.date()}, "2026-11-16 is not in the future"),
        ({"resolve_by": date(2031, 11, 17)}, "2031-11-17 is more than 5 years away; give a day by 2031-11-16."),
        ({"settled_how": "  "}, "How it will be settled has 0 characters"),
        ({"settled_how": "x" * 501}, "How it will be settled has 501 characters"),
        ({"review_id": 99}, "There is no review 99; see"),
    ],
)
def test_what_cannot_be_held_against_anyone_is_refused(ada: Store, values: dict[str, object], told: str) -> None:
    with pytest.raises(AppError, match=told.replace("(", r"\(")), ada.write() as session:
        propose(session, **values)  # type: ignore[arg-type]
    with ada.read() as session:
        assert session.exec(select(Prediction)).all() == []


def test_the_outermost_values_are_taken(ada: Store) -> None:
    with ada.write() as session:
        propose(session, "x" * 10, resolve_by=MONDAY.date() + timedelta(days=1), probability=0.001)
        propose(session, "x" * 300, resolve_by=date(2031, 11, 16), probability=0.999)


def test_same_statement_is_taken_once_from_a_review(ada: Store) -> None:
    with ada.write() as session:
        propose(session)
        with pytest.raises(NotAllowed, match="Review 1 takes no such prediction: prediction 1 says the same"):
            propose(session, "Kettle has  a paid plan.")
        assert propose(session, review_id=2).id == 2


def test_replaced_review_foretells_nothing(ada: Store) -> None:
    with ada.write() as session:
        session.get_one(Review, 1).replaced_at = MONDAY
        with pytest.raises(NotAllowed, match="Review 1 takes no prediction: it was replaced"):
            propose(session)


def test_prediction_is_confirmed_once(ada: Store) -> None:
    with ada.write() as session:
        number = confirmed(session)
        with pytest.raises(NotAllowed, match=f"cannot be confirmed: {ADA} has done so"):
            predictions.confirm(session, number, ADA, MONDAY)


def test_prediction_is_not_confirmed_once_it_may_be_known(ada: Store) -> None:
    with ada.write() as session:
        number = propose(session).id or 0
        with pytest.raises(NotAllowed, match="it was to be settled by 2027-06-30, and may be known by now"):
            predictions.confirm(session, number, ADA, AFTER)


def test_unconfirmed_prediction_is_not_settled(ada: Store) -> None:
    with ada.write() as session:
        number = propose(session).id or 0
        with pytest.raises(NotAllowed, match="Prediction 1 cannot be settled: it is not confirmed"):
            predictions.settle(session, number, "yes", "seen", ADA, AFTER)


@pytest.mark.parametrize("again", ["yes", "no", "void"])
def test_settled_prediction_never_changes(desk: Store, again: str) -> None:
    with desk.write() as session:
        number = confirmed(session)
        predictions.settle(session, number, "no", "its page says free", ADA, AFTER)
    with pytest.raises(NotAllowed, match="stays as it is: it was settled as no"), desk.write() as session:
        predictions.settle(session, number, again, "changed my mind", ADA, AFTER)
    with desk.read() as session:
        row = session.get_one(Prediction, number)
        assert (row.outcome, row.settled_why) == ("no", "its page says free")


def test_void_needs_a_reason(ada: Store) -> None:
    with ada.write() as session:
        number = confirmed(session)
        with pytest.raises(AppError, match="Prediction 1 needs a reason to be void"):
            predictions.settle(session, number, "void", "  ", ADA, AFTER)
        assert predictions.settle(session, number, "void", "the tool is gone", ADA, AFTER).outcome == "void"


def test_outcome_is_one_of_three_words(ada: Store) -> None:
    with ada.write() as session, pytest.raises(AppError, match="'perhaps' is no outcome of a prediction"):
        predictions.settle(session, confirmed(session), "perhaps", "why", ADA, AFTER)


@pytest.mark.parametrize(
    "verb",
    [
        lambda session, number, who: predictions.confirm(session, number, who, MONDAY),
        lambda session, number, who: predictions.settle(session, number, "yes", "seen", who, AFTER),
    ],
)
def test_verbs_need_a_known_prediction_and_an_editor(ada: Store, verb: Callable[[Session, int, str], object]) -> None:
    with ada.write() as session:
        number = confirmed(session)
        with pytest.raises(NotFound, match="There is no prediction 99; see 'verdicts predictions'"):
            verb(session, 99, ADA)
        with pytest.raises(NotFound, match="There is no editor eve@"):
            verb(session, number, "eve@example.org")


# ── due ──────────────────────────────────────────────────────────────────────────────────────────


def test_due_are_the_confirmed_and_unsettled_whose_day_has_come(desk: Store) -> None:
    with desk.write() as session:
        propose(session, "Never confirmed by anybody.")
        late = confirmed(session, "Due on the last of June.")
        early = confirmed(session, "Due in the spring already.", resolve_by=date(2027, 3, 1))
        confirmed(session, "Due the day after that.", resolve_by=date(2027, 7, 1))
        settled(session, "yes")
    with desk.read() as session:
        assert [one.id for one in predictions.due(session, AFTER)] == [early, late]
        assert predictions.due(session, MONDAY) == []
        assert [one.prediction.id for one in listed(session, AFTER, only_due=True)] == [early, late]


def test_one_alert_tells_what_is_due_and_is_cleared(desk: Store) -> None:
    with desk.write() as session:
        first, second = confirmed(session), confirmed(session, "Kettle is bought by then.")
        assert predictions.remind_of_due(session, MONDAY) == 0
        assert alerts.find_open(session, "predictions-due") is None
        assert predictions.remind_of_due(session, AFTER) == 2
        predictions.settle(session, first, "yes", "seen", ADA, AFTER)
        assert predictions.remind_of_due(session, AFTER) == 1
        [alert] = alerts.open_alerts(session)
        assert (alert.key, alert.what) == ("predictions-due", f"1 prediction is due: {second}.")
        predictions.settle(session, second, "no", "seen", ADA, AFTER)
        assert predictions.remind_of_due(session, AFTER) == 0
        assert alerts.open_alerts(session) == []


def test_alert_names_ten_and_counts_the_rest(ada: Store) -> None:
    with ada.write() as session:
        for number in range(12):
            confirmed(session, f"Statement {number} will hold.")
        predictions.remind_of_due(session, AFTER)
        [alert] = alerts.open_alerts(session)

    assert alert.what == "12 predictions are due: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more."


# ── the record ───────────────────────────────────────────────────────────────────────────────────


def test_list_says_state_and_part_of_the_brier_score(desk: Store) -> None:
    with desk.write() as session:
        settled(session, "yes")
        settled(session, "no")
        settled(session, "void")
        confirmed(session, "Open until the end of July.", resolve_by=date(2027, 7, 31))
        confirmed(session, "Due on the last of June.")
        propose(session, "Not confirmed by anybody yet.", resolve_by=date(2027, 8, 1))
    with desk.read() as session:
        rows = listed(session, AFTER)

    assert [one.state for one in rows] == ["due", "open", "unconfirmed", "settled", "settled", "settled"]
    assert [one.brier for one in rows] == [None, None, None, pytest.approx(0.09), pytest.approx(0.49), None]
    assert {one.tool for one in rows} == {"kettle"}


def test_record_is_per_reviewer_and_leaves_void_ones_out(desk: Store) -> None:
    with desk.write() as session:
        settled(session, "yes", 4, review_id=3, probability=0.9)
        settled(session, "no", 1, review_id=3, probability=0.9)
        settled(session, "void", 2, review_id=3, probability=0.9)
        settled(session, "yes", 4, review_id=1)
        confirmed(session, "Unsettled, so it counts in nothing.", review_id=2)
    with desk.read() as session:
        builder, futurist = records(session)

    assert (builder.reviewer, builder.score.settled, builder.score.brier) == ("builder", 4, None)
    assert (futurist.reviewer, futurist.score.settled, futurist.void) == ("futurist", 5, 2)
    assert futurist.score.brier == pytest.approx((4 * 0.01 + 0.81) / 5)


# ── what a quote offers ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quote", "day"),
    [
        ("By 2028 nobody pays for this.", "2027-12-31"),
        ("By the year 2028 nobody pays for this.", "2027-12-31"),
        ("Before 2028 it is a feature of the editor.", "2027-12-31"),
        ("Gone before the end of 2026.", "2026-12-31"),
        ("Free by the end of 2027.", "2027-12-31"),
        ("Free by late 2027.", "2027-12-31"),
        ("Free before 2027 is out.", "2027-12-31"),
        ("Half the price by mid-2027.", "2027-06-30"),
        ("Half the price by March 2027.", "2027-03-31"),
        ("Half the price before March 2027.", "2027-02-28"),
        ("Half the price by 1 March 2027.", "2027-03-01"),
        ("Half the price before March 1st, 2027.", "2027-02-28"),
        ("Half the price by 2027-03-01.", "2027-03-01"),
        ("Open weights by Q2 2027.", "2027-06-30"),
        ("Open weights by the end of the third quarter of 2027.", "2027-09-30"),
        ("Within 12 months a rival matches it.", "2027-11-16"),
        ("Thesis: within a year, nobody buys seats.", "2027-11-16"),
        ("Within three quarters a rival matches it.", "2027-08-16"),
        ("Six months from now it is a checkbox.", "2027-05-16"),
        ("What kills this in 12 months is a free tier next door.", "2027-11-16"),
        ("In the next two years it will be bought.", "2028-11-16"),
        ("They will cut the price within 30 days.", "2026-12-16"),
        ("They will raise the price this year.", "2026-12-31"),
        ("A free plan appears by the end of the year.", "2026-12-31"),
        ("It will be bought next year.", "2027-12-31"),
        ("I expect a second product in 2027.", "2027-12-31"),
    ],
)
def test_quote_that_names_its_time_is_offered_with_the_day(quote: str, day: str) -> None:
    [offer] = suggest(quote, MONDAY)

    assert (offer.statement, str(offer.resolve_by), offer.probability) == (quote, day, None)
    assert offer.words in quote


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "They raised the price this year.",
        "It grew in 12 months from nothing.",
        "Within a year they raised the price twice.",
        "Founded in 2024, it was free before 2025.",
        "A refund within 30 days, no questions.",
        "Will anybody pay for this in 12 months?",
        "In 80 years it will be forgotten.",
        "By 2020 it will have been forgotten.",
        "By 2027-13-45 it will be forgotten.",
        "This year's model will not age well.",
        "$29 a month for 5 seats is fair.",
        "Within a month of launch it stands still.",
    ],
)
def test_quote_about_the_past_or_without_a_time_offers_nothing(quote: str) -> None:
    assert suggest(quote, MONDAY) == []


def test_only_the_sentences_that_foretell_are_offered() -> None:
    quote = "Version 1.3 is out. By 2028 it is free. I like it. What kills this in 12 months is e.g. a fork."

    assert [one.statement for one in suggest(quote, MONDAY)] == [
        "By 2028 it is free.",
        "What kills this in 12 months is e.g. a fork.",
    ]


def test_past_time_in_a_sentence_does_not_hide_a_later_one() -> None:
    [offer] = suggest("By 2024 it was free, and by 2028 it will be again.", MONDAY)

    assert (offer.words, offer.resolve_by) == ("by 2028", date(2027, 12, 31))


@pytest.mark.parametrize(("months", "day"), [(1, date(2026, 12, 30)), (3, date(2027, 2, 28))])
def test_months_end_on_the_same_day_or_the_last_there_is(months: int, day: date) -> None:
    [offer] = suggest(f"Within {months} months it is free.", MONDAY.replace(day=30))

    assert offer.resolve_by == day


def test_offers_are_few_and_short_enough_to_be_taken(ada: Store) -> None:
    long = "By 2028 it is " + "very " * 100 + "free."
    assert len(suggest("By 2028 it is free. " * 50, MONDAY)) == MOST_OFFERED
    [offer] = suggest(long, MONDAY)
    assert len(offer.statement) <= LONGEST
    assert offer.statement.endswith("very…")
    with ada.write() as session:
        propose(session, offer.statement, resolve_by=offer.resolve_by)


def test_the_watch_tells_of_a_prediction_whose_day_has_come(ada: Store, settings: Settings) -> None:
    with ada.write() as session:
        confirmed(session)

    for now, told in ((MONDAY, []), (AFTER, [predictions.ALERT])):
        watch(Work(ada, settings, lambda now=now: now, now, lambda: False))
        with ada.read() as session:
            assert [one.key for one in alerts.open_alerts(session) if one.key == predictions.ALERT] == told
