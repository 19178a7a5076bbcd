"""`verdicts check evaluate` as an operator types it."""

from pathlib import Path

import pytest

from tests.commands.shell import call

ROWS = """kind\tquote\tfact\tlabel
price\tPro is $30 a month.\t[pricing] Pro: $30 per month\tanchored
price\tPro is $30 a month.\t[pricing] Pro: $20 per month\tcontradicted
licence\tIt is MIT.\t[docs] Written in Go || [repo] License: MIT\tcontradicted
"""


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    path = tmp_path / "labels.tsv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def test_evaluation_is_one_document(labelled: str) -> None:
    document = call("check", "evaluate", labelled, "--json").document

    assert (document["precision"], document["recall"], document["n"]) == (1.0, 0.5, 3)
    assert document["f1"] == pytest.approx(2 / 3)
    assert document["confusion"]["contradicted"] == {"anchored": 1, "unanchored": 0, "contradicted": 1}
    assert [miss["quote"] for miss in document["misses"]] == ["It is MIT."]
    assert set(document["misses"][0]) == {"quote", "fact", "expected", "got", "why"}


def test_evaluation_is_a_table_for_people(labelled: str) -> None:
    said = call("check", "evaluate", labelled)

    assert (said.code, said.err) == (0, "")
    assert "1 missed" in said.out and "It is MIT." in said.out


def test_bad_label_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv"
    path.write_text(ROWS.replace("\tanchored", "\tfine"), encoding="utf-8")
    said = call("check", "evaluate", str(path), "--json")

    assert (said.code, said.out) == (1, "")
    assert said.err == f"{path}, line 2: 'fine' is no label; write anchored, unanchored, contradicted.\n"


def test_missing_file_is_told() -> None:
    assert "The file of labels /none/here cannot be read" in call("check", "evaluate", "/none/here").err
