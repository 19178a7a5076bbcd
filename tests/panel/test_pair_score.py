"""How good a pair is, in what order its parts weigh, and the sentence an editor would say."""

from dataclasses import replace

import pytest

from catalog.categories import CATEGORIES
from panel.pair_reason import say_pair, say_single
from panel.pair_score import NO_CONTEST, Scored, score_pair
from panel.tool_words import JOBS, listed, say_terms
from tests.factories import MONDAY
from tests.panel.pair_tools import EMBER, KETTLE, LONG_AGO


def scored(ours: dict[str, object] | None = None, theirs: dict[str, object] | None = None) -> Scored:
    return score_pair(replace(KETTLE, **ours or {}), replace(EMBER, **theirs or {}), MONDAY)


def why(pair: Scored, part: str) -> str | None:
    return next((one.why for one in pair.parts if one.part == part), None)


PARTS = [
    ({"rivals": ("Emberloaf",)}, {}, "names the rival", "Kettle's own page names Emberloaf."),
    ({}, {"rivals": ("kettle",)}, "names the rival", "Emberloaf's own page names Kettle."),
    ({}, {}, "overlap of the job", "Both speak of runtime and local."),
    ({"price": "$9/month"}, {}, "contrast", "They differ in price."),
    ({"licence": "MIT"}, {}, "contrast", "They differ in licence."),
    ({"weights": "open"}, {"weights": "closed"}, "contrast", "They differ in open weights."),
    ({"text": "Self-hosted."}, {"text": "A managed service."}, "contrast", "They differ in who runs it."),
    ({"text": "For macOS."}, {"text": "For Windows."}, "contrast", "They differ in platform."),
    ({}, {}, "balance of attention", "120 points against 120."),
    ({}, {"launched_at": LONG_AGO}, "novelty", "Kettle is new."),
    ({}, {}, "novelty", "Both are new."),
]


@pytest.mark.parametrize(("ours", "theirs", "part", "words"), PARTS)
def test_each_part_is_said_in_words(ours: dict[str, object], theirs: dict[str, object], part: str, words: str) -> None:
    assert why(scored(ours, theirs), part) == words


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"rivals": ("Emberloaf",), "words": {"other": 1.0}}, {}),
        ({}, {"words": {"other": 1.0}, "licence": "MIT", "price": "$9/month", "text": "For macOS."}),
        ({"price": "$9/month", "licence": "MIT", "traction": {"points": 1000}}, {}),
        ({}, {"traction": {"points": 1000}}),
    ],
    ids=["a named rival before overlap", "overlap before contrast", "contrast before balance", "balance counts"],
)
def test_parts_weigh_in_their_order(better: dict[str, object], worse: dict[str, object]) -> None:
    assert scored(better).score > scored(worse).score


def test_attention_is_compared_within_one_unit_only() -> None:
    stars, points = {"traction": {"stars": 9000}}, {"traction": {"points": 90}}

    assert why(scored(stars, points), "balance of attention") == (
        "No source counts both in one unit, so their attention is not compared."
    )
    assert scored(stars, points).score > scored({"traction": {"points": 9000}}, points).score


def test_ten_times_the_attention_is_no_contest() -> None:
    pair = scored({"traction": {"points": 1200}})

    assert why(pair, "balance of attention") == "No contest: 1,200 points against 120."
    assert NO_CONTEST in [part.points for part in pair.parts]


def test_jobs_that_only_meet_are_labelled_and_weigh_less() -> None:
    pair = scored({}, {"category": "model-hosting"})

    assert pair.jobs == "Different jobs: your own machine against a rented one."
    assert pair.score < scored().score


def test_lower_id_stands_first_whoever_asks() -> None:
    assert score_pair(EMBER, KETTLE, MONDAY) == score_pair(KETTLE, EMBER, MONDAY)


# ── the sentence ──

TERMS = [
    ({"tier": "Free", "licence": "MIT"}, "is free and open source (MIT)"),
    (
        {"tier": "Freemium", "price": "$9/month", "licence": "MIT"},
        "is open source (MIT) with paid plans from $9 a month",
    ),
    ({"tier": None, "licence": "MIT"}, "is open source (MIT)"),
    ({"tier": "Paid", "price": "$9/mo", "licence": "MIT"}, "costs $9 a month and is open source (MIT)"),
    ({"tier": "Free"}, "is free"),
    ({"tier": "Freemium", "price": "$9/month per seat"}, "has a free plan and paid ones from $9 a month per seat"),
    ({"tier": "Freemium"}, "has a free plan"),
    ({"tier": "Paid", "price": "$2/hour"}, "costs $2 an hour"),
    ({"tier": "Paid", "price": "$2/user/month"}, "costs $2 a user a month"),
    ({"tier": "Paid", "price": "€4", "licence": "Elastic-2.0"}, "costs €4 (Elastic-2.0 licence)"),
    ({"tier": "Paid"}, "is paid"),
    ({"tier": "Contact sales"}, "names its price on request"),
    ({"tier": None, "licence": "proprietary"}, "states no price"),
]


@pytest.mark.parametrize(("values", "words"), TERMS)
def test_terms_are_said_as_people_say_them(values: dict[str, object], words: str) -> None:
    assert say_terms(replace(KETTLE, **values)) == words


def said(ours: dict[str, object] | None = None, theirs: dict[str, object] | None = None) -> str:
    return say_pair(scored(ours, theirs), MONDAY)


def test_reason_is_one_sentence_of_job_contrast_and_age() -> None:
    assert said({"licence": "MIT"}, {"tier": "Paid", "price": "$12/month"}) == (
        "Both run models on your own machine; Kettle is free and open source (MIT), Emberloaf costs $12 a month, and "
        "both launched this week."
    )


def test_reason_says_who_names_whom() -> None:
    assert said({"rivals": ("Emberloaf",)}, {"tier": "Paid", "launched_at": LONG_AGO}) == (
        "Both run models on your own machine, and Kettle's own page names Emberloaf; Kettle is free, Emberloaf is "
        "paid, and Kettle is the new one."
    )


def test_reason_falls_back_on_who_runs_it_and_where() -> None:
    assert "; Kettle is self-hosted, Emberloaf is hosted, and " in said({"text": "Self-hosted."}, {"text": "Hosted."})
    assert "; Kettle is for macOS and Linux, Emberloaf for iOS, and " in said(
        {"text": "macOS, Linux"}, {"text": "For your iPhone"}
    )
    assert "; each is free, and " in said()


def test_reason_of_different_jobs_says_so_first() -> None:
    assert said({}, {"category": "model-hosting"}).startswith(
        "They do different jobs (your own machine against a rented one); "
    )


def test_every_category_has_its_job_in_words() -> None:
    assert {category.key for category in CATEGORIES} <= JOBS.keys()


def test_single_says_why_no_rival_fits() -> None:
    assert say_single(KETTLE, "412 points on Hacker News", "", "") == (
        "Kettle is free and drew 412 points on Hacker News, but no other tool we know does its job."
    )
    assert say_single(KETTLE, "412 points on Hacker News", "Emberloaf", "Only the category speaks for one job.") == (
        "Kettle is free and drew 412 points on Hacker News, but the nearest tool, Emberloaf, is no match: only the "
        "category speaks for one job."
    )


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_words_are_listed(words: list[str], text: str) -> None:
    assert listed(words) == text
