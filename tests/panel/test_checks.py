"""Which figures and licences of a quote stand in a fact."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.checks import claims_of, plain_figure, unanchored

ANCHORED = [
    ("It costs $29 a month.", "$29/month"),
    ("It costs $29 a month.", "29 USD per month"),
    ("It costs 29 dollars a month.", "$29.00/month"),
    ("It costs US$29 a month.", "USD 29"),
    ("From € 12.50.", "€12.5"),
    ("From 29 a month.", "$29/month"),
    ("It takes 1,500 files.", "up to 1500 files"),
    ("It takes 1500 files.", "up to 1,500 files"),
    ("Version 2.0 is out.", "version 2"),
    ("Since v2.1 it streams.", "v2.1 streams"),
    ("Release 1.2.3 is out.", "1.2.3"),
    ("A tenth: 0.10 each.", "$0.1 each"),
    ("Seven per cent: 7 per cent.", "7%"),
    ("It saves 30% of it.", "30 percent"),
    ("It is Apache 2.0.", "Apache-2.0"),
    ("It is MIT licensed.", "MIT"),
    ("Fast, and pleasant.", "nothing of the kind"),
    ("It runs on an H100.", "nothing of the kind"),
    ("Elastic scaling is nice.", "nothing of the kind"),
    ("An RTX4090,16GB card.", "An RTX4090,16GB card."),
]

UNANCHORED = [
    ("It costs $29 a month.", "$35/month", ["$29"]),
    ("It costs $29 a month.", "29 seats", ["$29"]),
    ("It costs €29 a month.", "$29/month", ["€29"]),
    ("It costs 29 dollars.", "29 GB of space", ["29 dollars"]),
    ("It saves 30% of it.", "answers in 30 ms", ["30%"]),
    ("It takes 1,500 files.", "15 files, 00 more", ["1,500"]),
    ("Version 1.5 is out.", "version 15", ["1.5"]),
    ("Since v2.1 it streams.", "v2.2 streams", ["v2.1"]),
    ("It is GPL-licensed.", "AGPL", ["GPL"]),
    ("It is MIT from top to bottom.", "Apache-2.0", ["MIT"]),
    ("Elastic License 2.0 it is.", "2.0", ["Elastic"]),
    ("In 40 ms, in 40 ms.", "", ["40"]),
]


@pytest.mark.parametrize(("quote", "fact"), ANCHORED)
def test_claim_found_in_a_fact_passes(quote: str, fact: str) -> None:
    assert unanchored(quote, [fact]) == []


@pytest.mark.parametrize(("quote", "fact", "named"), UNANCHORED)
def test_claim_found_nowhere_is_named_as_written(quote: str, fact: str, named: list[str]) -> None:
    assert [claim.written for claim in unanchored(quote, [fact])] == named


def test_one_of_several_facts_is_enough() -> None:
    assert unanchored("$29 for 40 seats", ["40 seats", "$29"]) == []


def test_nothing_is_anchored_without_facts() -> None:
    assert [claim.written for claim in unanchored("40 ms under MIT", [])] == ["40", "MIT"]


@given(st.text(alphabet="0123456789.,$€£% vAx-USDdollars\n", max_size=40))
def test_every_quote_is_anchored_in_itself(quote: str) -> None:
    assert unanchored(quote, [quote]) == []


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_claims(quote: str) -> None:
    assert unanchored(quote, [quote]) == []


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_no_figure(number: int) -> None:
    assert plain_figure(f"{number:,}") == plain_figure(str(number))


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_trailing_zeros_change_no_figure(number: object) -> None:
    assert plain_figure(f"{number}00") == plain_figure(f"{number}")


def test_same_claim_twice_is_asked_once() -> None:
    assert len(claims_of("40 ms, and 40 ms again, and 40.0 ms")) == 1


@pytest.mark.corpus
def test_judgement_on_labelled_claims_is_told(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A print, no promise: words for numbers, models' names and arithmetic are beyond a check of figures."""
    lines = (corpus / "labels" / "claims.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = [(bool(unanchored(row["quote"], facts_of(row["fact"]))), row["label"] != "anchored") for row in rows]
    hit, noise, missed = (told.count(pair) for pair in ((True, True), (True, False), (False, True)))

    with capsys.disabled():
        print(f"\nclaims n={len(rows)} precision={hit / (hit + noise):.2f} recall={hit / (hit + missed):.2f}")  # noqa: T201
    assert rows


def facts_of(column: str) -> list[str]:
    return [re.sub(r"^\[[^]]*] ?", "", fact) for fact in column.split(" || ")]
