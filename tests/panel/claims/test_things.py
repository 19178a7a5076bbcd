"""Statements without a number: what a tool does, has, reads, runs on and is charged by."""

import pytest

from panel.claims import check_quote, read_fact
from panel.claims.sentence import MOST_NUMBERS
from panel.claims.values import ANCHORED, CONTRADICTED, LONGEST_QUOTE, MOST_FACTS, UNANCHORED


def verdict(quote: str, *facts: str) -> str:
    return check_quote(quote, [read_fact(fact) for fact in facts]).verdict


@pytest.mark.parametrize(
    ("quote", "fact", "expected"),
    [
        ("Notes can be saved as Markdown.", "[docs] Notes are saved as Markdown", ANCHORED),
        ("Notes can be saved as Markdown.", "[docs] Notes are saved as PDF only", CONTRADICTED),
        ("Notes can be saved as Markdown.", "[pricing] Pro: $4 per month", UNANCHORED),
        ("The daemon is written in Zig.", "[repo] Written in Rust", CONTRADICTED),
        ("It keeps its rows in SQLite.", "[docs] Rows are kept in MySQL", CONTRADICTED),
        ("It films in 4K.", "[docs] Films in 2160p", ANCHORED),
        ("It films in 4K.", "[docs] Films in 1080p", CONTRADICTED),
        ("Linux only, so half the office is out.", "[download] For Linux and Windows", CONTRADICTED),
        ("Linux only, so half the office is out.", "[download] For Linux", ANCHORED),
        ("The servers are in Oslo.", "[security] Encrypted at rest", UNANCHORED),
        ("It hands the tickets to Trello.", "[docs] Works with Asana", UNANCHORED),
    ],
)
def test_named_thing_must_stand_in_a_fact(quote: str, fact: str, expected: str) -> None:
    assert verdict(quote, fact) == expected


@pytest.mark.parametrize(
    ("quote", "fact", "expected"),
    [
        ("It syncs with your calendar.", "[docs] Calendar sync every hour", ANCHORED),
        ("It syncs with your calendar.", "[docs] Calendar sync is not available", CONTRADICTED),
        ("It syncs with your calendar.", "[pricing] Pro: $4 per month", UNANCHORED),
        ("There is a command palette.", "[pricing] Pro: $4 per month", UNANCHORED),
        ("You can merge two notebooks.", "[pricing] Pro: $4 per month", UNANCHORED),
        ("Screenshots are blurred on the way out.", "[pricing] Pro: $4 per month", UNANCHORED),
        ("None of them is labelled.", "[docs] 3 roles", ANCHORED),
        ("It has the nerve to call itself a studio.", "[pricing] Pro: $4 per month", ANCHORED),
    ],
)
def test_function_is_borne_by_a_fact_that_speaks_of_it(quote: str, fact: str, expected: str) -> None:
    assert verdict(quote, fact) == expected


@pytest.mark.parametrize(
    ("quote", "fact", "expected"),
    [
        ("You pay by the minute.", "[pricing] Billed per minute", ANCHORED),
        ("You pay by the minute.", "[pricing] Billed per hour", CONTRADICTED),
        ("You pay by the minute.", "[docs] Written in Rust", UNANCHORED),
        ("It is billed weekly.", "[pricing] Billed monthly", CONTRADICTED),
    ],
)
def test_metering_is_read_by_its_unit(quote: str, fact: str, expected: str) -> None:
    assert verdict(quote, fact) == expected


@pytest.mark.parametrize(
    ("quote", "fact", "expected"),
    [
        ("Anything over two hours is cut.", "[docs] Recordings may last up to 2 hours", ANCHORED),
        ("Anything over an hour is cut.", "[docs] Recordings may last up to 2 hours", CONTRADICTED),
        ("Sixteen gigs of memory is the ceiling.", "[install] At least 16 GB of RAM", CONTRADICTED),
        ("Python 3.10 is fine.", "[install] Requires Python 3.8 to 3.11", ANCHORED),
        ("Python 3.12 is fine.", "[install] Requires Python 3.8 to 3.11", CONTRADICTED),
        ("A dollar buys a million tokens.", "[pricing] $1 per 1M tokens", ANCHORED),
        ("It listens on port 8080.", "[docs] Set up in a file", UNANCHORED),
        ("They are at 0.14 and it shows.", "[repo] Latest release: v0.14.0", ANCHORED),
        ("Ninety Swiss francs buys a licence.", "[pricing] Licence: CHF 149", CONTRADICTED),
    ],
)
def test_bounds_ranges_and_plain_digits(quote: str, fact: str, expected: str) -> None:
    assert verdict(quote, fact) == expected


def test_plans_are_ordered_by_price() -> None:
    facts = ("[pricing] Solo: $12 per month", "[pricing] Studio: $30 per month")

    assert verdict("Solo costs more than Studio, oddly.", *facts) == CONTRADICTED
    assert verdict("Solo costs less than Studio, as it should.", *facts) == ANCHORED


def test_more_numbers_than_are_read_are_told() -> None:
    many = ", ".join(f"{number} GB" for number in range(1, MOST_NUMBERS + 4))
    fact = read_fact(f"[docs] Sizes: {many}")

    quote = check_quote(f"It comes in {many}.", [fact])
    assert [claim.why for claim in quote.claims if claim.kind == "unread"] == [
        f"Only the first {MOST_NUMBERS} numbers of this sentence are read, 3 are not; split it."
    ]
    assert quote.verdict == UNANCHORED

    plain = check_quote("It is pleasant.", [fact])
    assert plain.verdict == ANCHORED
    assert plain.flags == (f"Only the first {MOST_NUMBERS} numbers of fact 1 are read, 3 are not; split it.",)
    assert plain.why.endswith(plain.flags[0])


def test_what_stands_past_the_bounds_is_told() -> None:
    reading = check_quote("a" * (LONGEST_QUOTE + 1), [read_fact("[docs] x")] * (MOST_FACTS + 1))

    assert reading.flags == (
        f"Only the first {LONGEST_QUOTE} characters of the quote are read; check it in parts.",
        f"Only the first {MOST_FACTS} of {MOST_FACTS + 1} facts are read; give fewer.",
    )


def test_platform_named_as_the_only_one_leaves_others_out() -> None:
    only = "[download] macOS and Linux only"

    assert verdict("There is no Windows build.", only) == ANCHORED
    assert verdict("There is a Windows build.", only) == CONTRADICTED


@pytest.mark.parametrize(
    "quote",
    [
        "There are a thousand note-taking apps and this is a pleasant one.",
        "Ninety per cent of the marketing could be a screenshot.",
        "If I had a dollar for each assistant like this, I could retire.",
        "Half the value is in what it leaves out.",
        "Word gets around, and it is not kind.",
        "It is a fifty-fifty bet whether the summary keeps the names straight.",
    ],
)
def test_turns_of_phrase_claim_nothing(quote: str) -> None:
    assert verdict(quote, "[pricing] Pro: $4 per month") == ANCHORED
