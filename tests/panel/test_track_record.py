"""What the store tells of the panel's votes, and of the tools it judged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlmodel import Session

from config import Settings
from db.models import Change, Comparison, Review, Tool, Verdict
from db.session import Store, make_engine, upgrade
from db.words import Availability, Outcome
from panel.agreement import wilson
from panel.track_record import ballots_of, panel_sentence, survival, track_record
from tests.factories import MONDAY, make_tool

PANEL = ("builder", "skeptic", "futurist", "founder")
SIGNS = {"#": "ship", "x": "skip", "-": "abstain"}
DAY = timedelta(days=1)
NUMBER = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Iterator[Store]:
    """One store after the other: its statements differ."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    address = Settings(database_url=request.getfixturevalue("postgres_url")).store_url
    upgrade(address)
    store = Store(make_engine(address))
    yield store
    store.close()


def make_single_of(session: Session, tool: Tool) -> Comparison:
    comparison = Comparison(slug=tool.slug, tool_a_id=tool.id, score=1, reason="alone", created_at=MONDAY)
    session.add(comparison)
    session.flush()
    return comparison


def judge(session: Session, signs: str, at: datetime = MONDAY, comparison: Comparison | None = None) -> Comparison:
    """A verdict by these marks, on a tool of its own unless it is given again."""
    if comparison is None:
        comparison = make_single_of(session, make_tool(session, f"Tool {next(NUMBER)}"))
    ships, skips = signs.count("#"), signs.count("x")
    verdict = Verdict(
        tool_id=comparison.tool_a_id,
        comparison_id=comparison.id,
        outcome=Outcome.WATCH if ships == skips else Outcome.SHIP if ships > skips else Outcome.SKIP,
        ships=ships,
        skips=skips,
        abstentions=signs.count("-"),
        marks={key: SIGNS[sign] for key, sign in zip(PANEL, signs, strict=False)},
        evidence="documented",
        decided_at=at,
        approved_by="ada@verdicts.example",
    )
    session.add(verdict)
    session.flush()
    return comparison


def move(session: Session, comparison: Comparison, before: str, after: str, at: datetime) -> None:
    """The tool's availability, as a crawl notes it."""
    tool_id = comparison.tool_a_id
    session.add(Change(tool_id=tool_id, key="availability", before=before, after=after, happened_at=at))
    session.get_one(Tool, tool_id).availability = after
    session.flush()


def test_newest_verdict_of_a_comparison_counts(either: Store) -> None:
    with either.write() as session:
        again = judge(session, "####")
        judge(session, "####")
        judge(session, "xxx-", MONDAY + DAY, again)
        cast = {"".join(one.stances[key][1] for key in PANEL): one.count for one in ballots_of(session)}

    assert cast == {"hhhh": 1, "kkkb": 1}


def test_ways_of_voting_are_counted_by_the_store(store: Store) -> None:
    with store.write() as session:
        for _ in range(30):
            judge(session, "##x#")

        assert [one.count for one in ballots_of(session)] == [30]


def test_each_reviewer_has_its_record(either: Store) -> None:
    with either.write() as session:
        for signs in ["####"] * 6 + ["#xxx"] * 3 + ["#-x#"]:
            judge(session, signs)
        found = {one.key: one for one in track_record(session, MONDAY).records}

    assert (found["builder"].ships.hits, found["builder"].ships.of) == (10, 10)
    assert (found["builder"].splits.hits, found["builder"].splits.of) == (3, 10)
    assert (found["skeptic"].ships.of, found["skeptic"].abstentions) == (9, 1)
    assert found["skeptic"].ships.interval == wilson(6, 9)


def test_reviewer_that_never_says_no_is_flagged(store: Store) -> None:
    with store.write() as session:
        for _ in range(9):
            judge(session, "#x#-")
        before = [one.flags for one in track_record(session, MONDAY).records]
        judge(session, "#x--")
        found = {one.key: one.flags for one in track_record(session, MONDAY).records}

    assert before == [[], [], [], []]
    assert found["builder"] == ["Builder has shipped every tool in 10 votes; it has never said no."]
    assert found["skeptic"] == ["Skeptic has skipped every tool in 10 votes; it has never said yes."]
    assert found["futurist"] == []


def test_reviewers_that_always_agree_are_flagged(store: Store) -> None:
    with store.write() as session:
        for signs in ["##xx"] * 5 + ["xxx#"] * 5:
            judge(session, signs)
        found = {one.key: one.flags for one in track_record(session, MONDAY).records}

    assert found["builder"] == ["Builder and Skeptic agree in every one of 10 shared votes."]
    assert found["skeptic"] == found["builder"]
    assert found["founder"] == []


def test_who_wrote_a_reviewers_reviews_is_told(either: Store) -> None:
    with either.write() as session:
        comparison = judge(session, "####")
        undecided = make_single_of(session, make_tool(session, "Undecided"))
        for place, origin in ((comparison, "model"), (undecided, "person")):
            given = {"reviewer": "builder", "stance": "ship", "quote": "Good.", "written_by": "x", "origin": origin}
            session.add(Review(comparison_id=place.id, tool_id=place.tool_a_id, written_at=MONDAY, **given))
        session.flush()
        found = {one.key: one.written_by for one in track_record(session, MONDAY).records}

    assert found["builder"] == {"model": 1}
    assert found["skeptic"] == {}


def test_one_who_left_keeps_a_record_but_no_seat(store: Store) -> None:
    with store.write() as session:
        judge(session, "####").slug = "kept"
        verdict = session.get_one(Verdict, 1)
        verdict.marks = {**verdict.marks, "auditor": "skip"}
        session.flush()
        found = track_record(session, MONDAY)

    assert (found.records[-1].key, found.records[-1].is_on_panel, found.records[-1].ships.of) == ("auditor", False, 1)
    assert found.sentence.startswith("Four reviewers")


# ── the sentence ─────────────────────────────────────────────────────────────────────────────────


def test_empty_store_says_that_nothing_is_known(store: Store) -> None:
    with store.read() as session:
        said = panel_sentence(session)

    assert said == (
        "Four reviewers; how many independent votes they are cannot be told yet, "
        "as no two of them share the 8 votes it takes."
    )


def test_sentence_gives_votes_with_interval(either: Store) -> None:
    with either.write() as session:
        for signs in ["####"] * 8 + ["xxxx"] * 6 + ["##xx"] * 3 + ["x#x#"] * 3:
            judge(session, signs)
        said, found = panel_sentence(session), track_record(session, MONDAY)

    assert found.independence is not None
    interval = found.independence.interval
    assert said == found.sentence
    assert said == (
        f"Four reviewers, about {found.independence.effective:.1f} independent votes "
        f"({interval.low:.1f} to {interval.high:.1f})."
    )


def test_sentence_names_whom_it_cannot_count(store: Store) -> None:
    with store.write() as session:
        for signs in ["####"] * 5 + ["#xxx"] * 5 + ["##x#"] * 3:
            judge(session, signs)

        assert panel_sentence(session).endswith("; not counted: Builder (too few votes, or all the same).")


def test_panel_of_yes_is_shown_no_more_than_one_vote(store: Store) -> None:
    with store.write() as session:
        for _ in range(16):
            judge(session, "####")
        said = panel_sentence(session)

    assert said == (
        "Four reviewers; no two of them have both said ship and skip, "
        "so nothing shows that they are more than one vote."
    )


# ── survival ─────────────────────────────────────────────────────────────────────────────────────


def test_survival_sets_shipped_beside_skipped(either: Store) -> None:
    with either.write() as session:
        shipped = [judge(session, "####") for _ in range(6)]
        skipped = [judge(session, "xxxx") for _ in range(5)]
        move(session, shipped[0], "alive", "dead", MONDAY + 100 * DAY)
        for one in skipped[:3]:
            move(session, one, "alive", "parked", MONDAY + 182 * DAY)
        found = survival(session, 6, MONDAY + 182 * DAY)

    assert (found.shipped.hits, found.shipped.of, found.skipped.hits, found.skipped.of) == (5, 6, 2, 5)
    assert found.apart is not None
    assert found.apart[0] == pytest.approx(5 / 6 - 2 / 5)
    assert found.apart[1].low < found.apart[0] < found.apart[1].high


def test_four_old_verdicts_are_too_few(store: Store) -> None:
    with store.write() as session:
        for _ in range(4):
            judge(session, "####")
        judge(session, "####", MONDAY + DAY)
        early, late = (survival(session, 6, MONDAY + days * DAY) for days in (182, 183))

    assert (early.shipped.of, early.shipped.share) == (4, None)
    assert (late.shipped.of, late.shipped.share, late.apart) == (5, 1, None)


def test_what_died_later_was_alive_at_six_months(either: Store) -> None:
    with either.write() as session:
        for _ in range(5):
            move(session, judge(session, "####"), "alive", "dead", MONDAY + 200 * DAY)
        half, year = (survival(session, months, MONDAY + 400 * DAY) for months in (6, 12))

    assert (half.shipped.share, year.shipped.share) == (1, 0)


def test_what_came_back_by_the_day_is_alive(store: Store) -> None:
    with store.write() as session:
        for _ in range(5):
            comparison = judge(session, "####")
            move(session, comparison, "alive", "parked", MONDAY + 50 * DAY)
            move(session, comparison, "parked", "alive", MONDAY + 60 * DAY)

        assert survival(session, 6, MONDAY + 200 * DAY).shipped.share == 1


def test_closed_door_is_neither_life_nor_death(store: Store) -> None:
    with store.write() as session:
        for _ in range(5):
            judge(session, "####")
        session.get_one(Tool, judge(session, "####").tool_a_id).availability = Availability.BOT_WALL
        found = survival(session, 6, MONDAY + 200 * DAY)

    assert (found.shipped.of, found.not_known) == (5, 1)


def test_recheck_starts_no_new_clock(store: Store) -> None:
    with store.write() as session:
        for _ in range(5):
            comparison = judge(session, "####")
            judge(session, "xxxx", MONDAY + 150 * DAY, comparison)
        found = survival(session, 6, MONDAY + 190 * DAY)

    assert (found.shipped.of, found.skipped.of) == (5, 0)


def test_tool_judged_twice_is_counted_once(either: Store) -> None:
    with either.write() as session:
        for _ in range(5):
            comparison = judge(session, "####")
            judge(session, "xxxx", MONDAY + 10 * DAY, comparison)
        found = survival(session, 6, MONDAY + 200 * DAY)

    assert (found.shipped.of, found.skipped.of) == (0, 5)
