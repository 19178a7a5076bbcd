"""What a quote claims, and what given facts make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.claims import GivenFact, check_quote, read_fact
from panel.claims.values import VERDICTS

PRICE = read_fact("[pricing] Pro: $20 per month")


def verdict(quote: str, *facts: str) -> str:
    return check_quote(quote, [read_fact(fact) for fact in facts]).verdict


def test_claim_names_its_span_and_fact() -> None:
    quote = "All told, Pro is twenty dollars a month."
    [claim] = check_quote(quote, [read_fact("[docs] Written in Rust"), PRICE]).claims

    assert (claim.kind, claim.verdict, claim.fact) == ("money", "anchored", 1)
    assert quote[claim.start : claim.end] == "twenty dollars a month"
    assert PRICE.text[claim.fact_start : claim.fact_end] == "$20 per month"


def test_second_sentence_keeps_its_place() -> None:
    quote = "I like it. Pro is $30 a month."
    [claim] = check_quote(quote, [PRICE]).claims

    assert quote[claim.start : claim.end] == "$30 a month"


def test_contradicted_outweighs_not_found() -> None:
    assert verdict("Pro is $30 a month with 50 voices.", "[pricing] Pro: $20 per month") == "contradicted"


def test_why_tells_the_editor_what_to_do() -> None:
    reading = check_quote("Pro is $30 a month.", [PRICE])

    assert reading.why == "'$30 a month' does not agree with '$20 per month' in the facts; correct the figure."


def test_no_claim_is_left_alone() -> None:
    reading = check_quote("Nobody will miss the old one.", [PRICE])

    assert (reading.verdict, reading.claims) == ("anchored", ())
    assert reading.why == "Nothing in it can be checked against a fact."


def test_fact_of_a_named_tool_bears_nothing_of_another() -> None:
    facts = [GivenFact("Context: 64K tokens", tool="Plover")]

    assert check_quote("Plover has a 64K context.", facts).verdict == "anchored"
    assert check_quote("Wrenbird has a 64K context.", facts).verdict == "unanchored"


def test_fact_without_words_is_its_key_and_value() -> None:
    fact = GivenFact("", key="licence", value="MIT")

    assert check_quote("It is MIT.", [fact]).verdict == "anchored"


FACTS = st.one_of(
    st.integers(2, 900).map(lambda n: f"Pro: ${n} per month"),
    st.integers(2, 900).map(lambda n: f"Supports {n} languages"),
    st.integers(2, 900).map(lambda n: f"{n} integrations, updated often"),
    st.integers(2, 900).map(lambda n: f"Context window: {n}K tokens"),
    st.integers(2, 900).map(lambda n: f"Median latency: {n} ms"),
    st.integers(2, 900).map(lambda n: f"The model has {n} billion parameters"),
    st.integers(2, 99).map(lambda n: f"Guaranteed uptime of {n}%"),
    st.integers(2, 900).map(lambda n: f"Uploads are limited to {n} MB"),
    st.integers(2, 900).map(lambda n: f"Rate limit: {n} requests per minute"),
)


@given(FACTS)
def test_facts_own_words_are_anchored(fact: str) -> None:
    assert verdict(f"{fact}.", fact) == "anchored"


@given(FACTS, st.integers(2, 30))
def test_changed_number_is_flagged(fact: str, factor: int) -> None:
    number = next(word for word in fact.replace("$", " ").replace("K", " ").replace("%", " ").split() if word.isdigit())

    assert verdict(f"{fact.replace(number, str(int(number) * factor + 1))}.", fact) != "anchored"


@given(st.text(max_size=1500), st.lists(st.text(max_size=700), max_size=4))
def test_any_text_has_a_verdict(quote: str, facts: list[str]) -> None:
    assert verdict(quote, *facts) in VERDICTS


PIECES = "$ 20 a per month half twice 3x MIT 2.0 v2 , . - k".split()
PIECES += "1,000 Llama 3.1 70B no free plan by in of 9 % from to / seat".split()


@given(st.lists(st.sampled_from(PIECES), max_size=300).map(" ".join), st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_telling_words_in_any_order_have_a_verdict(quote: str, fact: str) -> None:
    assert verdict(quote, fact) in VERDICTS


def test_long_quotes_and_many_facts_are_cut() -> None:
    assert verdict("word " * 300 + "Pro is $30 a month.", "[pricing] Pro: $20 per month") == "anchored"
    facts = [GivenFact(f"note {n}") for n in range(200)] + [PRICE]
    assert check_quote("Pro is $20 a month.", facts).verdict == "unanchored"


@pytest.mark.parametrize(
    ("quote", "facts", "expected"),
    [
        ("Ten seats cost $180 a month.", ["Team: $18 per seat per month"], "anchored"),
        ("Ten seats cost $200 a month.", ["Team: $18 per seat per month"], "contradicted"),
        ("Sparrow costs half of what Condor does.", ["Sparrow: $5 per month", "Condor: $10 per month"], "anchored"),
        ("Sparrow costs twice what Condor does.", ["Sparrow: $5 per month", "Condor: $10 per month"], "contradicted"),
        ("It is cheaper than Condor.", ["Sparrow: $5 per month", "Condor: $10 per month"], "anchored"),
        ("It is dearer than Condor.", ["Sparrow: $5 per month", "Condor: $10 per month"], "contradicted"),
    ],
)
def test_arithmetic_over_facts(quote: str, facts: list[str], expected: str) -> None:
    assert verdict(quote, *facts) == expected
