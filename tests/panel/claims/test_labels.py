"""The reading against labelled quotes: what we say of ourselves."""

from pathlib import Path

import pytest

from errors import AppError
from panel.claims.labels import measure, read_labels

LABELS = Path(__file__).resolve().parents[2] / "labels" / "claims.tsv"
HEADER = "quote\tfact\tlabel\n"


def test_labelled_quotes_are_read_right() -> None:
    document = measure(read_labels(LABELS.read_bytes(), LABELS.name))

    assert document["n"] >= 260
    assert document["precision"] >= 0.95
    assert document["recall"] >= 0.95


def test_figures_count_what_must_be_flagged() -> None:
    rows = "It costs $9.\tPro: $9\tanchored\nIt costs $9.\tPro: $8\tunanchored\nIt costs $9.\tPro: $9\tcontradicted\n"
    document = measure(read_labels((HEADER + rows).encode(), "x.tsv"))

    assert (document["precision"], document["recall"], document["n"]) == (1.0, 0.5, 3)
    assert document["confusion"]["unanchored"] == {"anchored": 0, "unanchored": 0, "contradicted": 1}
    assert document["per_label"]["contradicted"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "n": 1}
    assert set(document["misses"][0]) == {"quote", "fact", "expected", "got", "why"}


def test_nothing_measured_is_no_zero() -> None:
    document = measure(read_labels(HEADER.encode(), "x.tsv"))

    assert (document["precision"], document["recall"], document["f1"], document["n"]) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("quote\tlabel\n", "x.tsv, line 1: the column 'fact' is missing; name quote, fact, label, separated by tabs."),
        (HEADER + "a\tb\n", "x.tsv, line 2: it has 2 cells for 3 columns; put one tab between any two cells."),
        (HEADER + "a\tb\tmaybe\n", "x.tsv, line 2: 'maybe' is no label; write anchored, unanchored, contradicted."),
    ],
)
def test_bad_file_is_told_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(AppError) as caught:
        read_labels(text.encode(), "x.tsv")

    assert str(caught.value) == told


def test_other_encoding_is_told() -> None:
    with pytest.raises(AppError, match="line 2: this is not UTF-8"):
        read_labels(HEADER.encode() + b"caf\xe9\tb\tanchored\n", "x.tsv")
