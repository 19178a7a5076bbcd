"""Normal forms: the same in other words, what cannot both be true, and what can be compared."""

import pytest

from catalog.facts import NewFact
from catalog.ledger.normal import can_be_compared, contradicts, same_statement
from tests.catalog.readings import found, licence, price

FREE = found("entry_price", "Free", amount="0", currency=None, period=None, per=None, plan=None)


def sized(key: str, amount: float, value: str = "x") -> NewFact:
    return found(key, value, **{"total" if key == "parameters" else "tokens": int(amount)})


SAME = [
    (price("29"), price("29.00")),
    (price("29"), price("29", plan="Pro")),
    (licence("MIT"), found("licence", "MIT License")),
    (licence("GPL-3.0"), licence("GPL-3.0-only")),
    (found("licence", "The Llama 3 Licence", custom="Llama 3 License"), found("licence", "Llama 3")),
    (sized("parameters", 7e9), sized("parameters", 7_241_732_096)),
    (sized("parameters", 1.5e9), sized("parameters", 1_540_000_000)),
    (sized("context_length", 128_000), sized("context_length", 131_072)),
    (sized("context_length", 1e6), sized("context_length", 1_048_576)),
    (found("weights", "open weights", open=True), found("weights", "download", open=True)),
    (found("released", "Nov 2026", date="2026-11"), found("released", "16 November 2026", date="2026-11-16")),
]
OTHER = [
    (price("29"), price("29", currency="EUR")),
    (price("29"), price("29", period="year")),
    (price("29"), price("29", per="seat")),
    (price("29"), found("entry_price", "from $29")),
    (licence("MIT"), licence("Apache-2.0")),
    (found("licence", "A", custom="Llama 3 License"), found("licence", "B", custom="Gemma License")),
    (found("licence", "A", custom="Llama 3 License"), found("licence", "B", proprietary=True)),
    (sized("parameters", 70e9), sized("parameters", 72e9)),
    (sized("parameters", 1.5e9), sized("parameters", 2e9)),
    (sized("context_length", 128_000), sized("context_length", 200_000)),
    (found("weights", "open", open=True), found("weights", "closed", open=False)),
    (found("released", "2026-10", date="2026-10"), found("released", "2026-11-16", date="2026-11-16")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_statement_in_other_words(one: NewFact, other: NewFact) -> None:
    assert same_statement(one, other) and same_statement(other, one)
    assert not contradicts(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_statement(one: NewFact, other: NewFact) -> None:
    assert not same_statement(one, other) and not same_statement(other, one)


PLANS = [
    {"name": "Starter", "amount": "9", "currency": "USD", "period": "month", "per": None},
    {"name": "Pro", "amount": "29.0", "currency": "USD", "period": "month", "per": None},
]


@pytest.mark.parametrize(
    ("stated", "is_one"),
    [
        (price("19"), True),
        (price("29"), False),
        (price("29", plan="pro"), False),
        (price("25", plan="Pro"), True),
        (price("99", plan="Team"), False),
        (price("19", currency="EUR"), False),
        (price("19", period="year"), False),
        (FREE, False),
    ],
    ids=str,
)
def test_price_of_another_plan_contradicts_nothing(stated: NewFact, is_one: bool) -> None:
    entry = price("9", plan="Starter")

    assert contradicts(stated, entry, (), PLANS) is is_one
    assert contradicts(entry, stated, PLANS, ()) is is_one


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (licence("MIT"), licence("Apache-2.0"), True),
        (licence("MIT"), licence("MIT OR Apache-2.0"), False),
        (licence("MIT"), found("licence", "proprietary", proprietary=True), True),
        (found("tier", "Free"), found("tier", "Paid"), True),
        (found("tier", "Free"), found("tier", "Freemium"), False),
        (found("tier", "Paid"), found("tier", "Freemium"), False),
        (sized("parameters", 70e9), sized("parameters", 72e9), True),
        (found("stars", "100"), found("stars", "140"), False),
    ],
)
def test_pages_that_cannot_both_be_right(one: NewFact, other: NewFact, is_one: bool) -> None:
    assert contradicts(one, other) is contradicts(other, one) is is_one


def test_readers_currency_and_billing_cannot_be_compared() -> None:
    yearly = price("20", annual={"amount": "16", "currency": "USD", "period": "month"})

    assert not can_be_compared(price("20"), price("20", currency="EUR"))
    assert not can_be_compared(yearly, price("16"))
    assert can_be_compared(FREE, price("20")) and can_be_compared(price("20"), price("30"))
    assert can_be_compared(licence("MIT"), licence("Apache-2.0"))
