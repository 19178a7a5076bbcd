"""Numbers with their units, as reviewers and vendors write them."""

import pytest

from panel.claims.matching import Said, agree
from panel.claims.numbers import find_numbers
from panel.claims.quantities import find_quantities
from panel.claims.quantity import Quantity
from panel.claims.units import MONTH, noun_of

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ninety-nine", 99),
        ("two hundred and fifty", 250),
        ("a dozen", 12),
        ("half a million", 500_000),
        ("three and a half billion", 3.5e9),
        ("1,250", 1250),
        ("12k stars", 12_000),
        ("2.0", 2),
        ("1.5M", 1.5e6),
    ],
)
def test_number_is_read(text: str, value: float) -> None:
    assert find_numbers(text)[0].low == value


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 30", "min"),
        ("up to 30", "upto"),
        ("under 30", "under"),
        ("~30", "about"),
        ("nearly 30", "nearly"),
        ("30 or more", "min"),
        ("between 30 and 40", "range"),
        ("30–40", "range"),
        ("never less than 30", "min"),
        ("30", ""),
    ],
)
def test_bound_is_read(text: str, bound: str) -> None:
    assert find_numbers(text)[0].bound == bound


def test_few_hundred_is_no_number() -> None:
    assert find_numbers("a few hundred") == []


def one(text: str) -> Quantity:
    return find_quantities(text)[0]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("$30/mo", "thirty dollars a month"),
        ("€1,200 per year", "1.200 € pro Jahr"),
        ("a cent per minute", "$0.60 per hour"),
        ("$0.002 per thousand tokens", "$2 per 1M tokens"),
        ("$240 a year", "$20 per month"),
        ("0.8 s", "800 ms"),
        ("an hour and a half", "90 minutes"),
        ("half a terabyte", "500 GB"),
        ("95 of every 100 calls", "95%"),
        ("three nines", "99.9%"),
        ("128K tokens", "131,072 tokens"),
        ("fourteen pounds ninety-nine a month", "£14.99 per month"),
        ("600 calls a minute", "10 requests per second"),
        ("1000 RPM", "1,000 requests per minute"),
    ],
)
def test_two_ways_of_writing_agree(said: str, known: str) -> None:
    assert agree(Said(one(said), said, NONE), Said(one(known), known, NONE))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("$99 a month", "$99 per year"),
        ("$15 per seat", "$15 per month"),
        ("$20", "€20"),
        ("at least 30%", "up to 30%"),
        ("under 50 ms", "under 100 ms"),
        ("$3 per thousand tokens", "$3 per million tokens"),
        ("a one-off $60", "$60 per year"),
        ("7 million parameters", "7B parameters"),
    ],
)
def test_different_statements_do_not_agree(said: str, known: str) -> None:
    assert not agree(Said(one(said), said, NONE), Said(one(known), known, NONE))


def test_price_keeps_what_it_is_per() -> None:
    found = one("$12 per seat per month")

    assert (found.dim, found.unit, found.per) == ("money", "usd", (("time", MONTH), ("user", 1.0)))


@pytest.mark.parametrize(
    ("word", "noun"), [("teams", "team"), ("queries", "request"), ("seats", "user"), ("Boxes", "box")]
)
def test_noun_has_one_name(word: str, noun: str) -> None:
    assert noun_of(word) == noun
