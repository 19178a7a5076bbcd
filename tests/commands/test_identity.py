"""`verdicts identity …` as an operator types it."""

from pathlib import Path

import pytest

from tests.commands.shell import call

HEADER = "name_a\turl_a\tname_b\turl_b\tlabel\twhy"
ROWS = f"""{HEADER}
Kettle\thttps://kettle.ai\tKettle\thttps://www.kettle.ai/pricing\tsame\t
Lid\thttps://lid.ai\tCover\thttps://cover.ai\trename\tnobody can know
Atlas\thttps://atlas.ai\tAtlas\thttps://github.com/acme/atlas\tdifferent\thomonym
Lens\thttps://github.com/acme/lens\tLens\thttps://lens.acme.dev\tdifferent\t
"""


def written(folder: Path, text: str) -> str:
    path = folder / "labels.tsv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_evaluation_is_one_document(tmp_path: Path) -> None:
    document = call("identity", "evaluate", written(tmp_path, ROWS), "--json").document

    misses = document.pop("misses")
    assert document == {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "proposed_of_different": 0.5, "n": 4}
    assert [(miss["name_a"], miss["expected"], miss["got"]) for miss in misses] == [
        ("Lid", "same", "different"),
        ("Lens", "different", "propose"),
    ]
    assert set(misses[0]) == {"name_a", "url_a", "name_b", "url_b", "expected", "got", "why"}


def test_wrong_merge_lowers_precision(tmp_path: Path) -> None:
    document = call(
        "identity", "evaluate", written(tmp_path, ROWS.replace("\tsame\t", "\tdifferent\t")), "--json"
    ).document

    assert (document["precision"], document["recall"]) == (0.0, 0.0)
    assert document["misses"][0]["got"] == "merge"


def test_figure_without_rows_is_null(tmp_path: Path) -> None:
    document = call("identity", "evaluate", written(tmp_path, HEADER), "--json").document

    assert document == dict.fromkeys(("precision", "recall", "f1", "proposed_of_different")) | {"n": 0, "misses": []}


def test_links_are_evidence(tmp_path: Path) -> None:
    text = ROWS.replace("\twhy", "\tlinks").replace("nobody can know", "redirect https://cover.ai")

    assert call("identity", "evaluate", written(tmp_path, text), "--json").document["recall"] == 1.0


def test_evaluation_is_a_table_for_people(tmp_path: Path) -> None:
    said = call("identity", "evaluate", written(tmp_path, ROWS))

    assert (said.code, said.err) == (0, "")
    assert "2 missed" in said.out and "two names, and nothing joins the addresses" in said.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\trename\t", "\tperhaps\t", "line 3: 'perhaps' under label is no answer; write same, rename or different."),
        ("https://lid.ai", "lid", "line 3: 'lid' under url_a is no web address; write one that starts with https://."),
        ("Lid\t", "\t", "line 3: name_a is empty; write the tool's name."),
        ("https://cover.ai\trename\t", "", "line 3: it has 4 cells for 6 columns; put one tab between any two cells."),
        (
            "\tlabel",
            "\tanswer",
            "line 1: the column 'label' is missing; name name_a, url_a, name_b, url_b, label, separated by tabs.",
        ),
    ],
)
def test_bad_row_is_told_in_one_sentence(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = written(tmp_path, ROWS.replace(old, new, 1))
    said = call("identity", "evaluate", path, "--json")

    assert (said.code, said.out, said.err) == (1, "", f"{path}, {told}\n")


def test_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv"
    path.write_bytes(ROWS.encode().replace(b"Lid", b"L\xefd"))

    assert (
        call("identity", "evaluate", str(path)).err
        == f"{path}, line 3: this is not UTF-8; save the file in that encoding.\n"
    )


def test_missing_file_is_told() -> None:
    assert "The file of labels /none/here cannot be read" in call("identity", "evaluate", "/none/here").err
