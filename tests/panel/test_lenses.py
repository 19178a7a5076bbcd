"""The reviewers' files."""

from pathlib import Path
from shutil import copytree

import pytest

from errors import ConfigError, NotFound
from panel.lenses import FOLDER, get_reviewer, read_reviewer, reviewers

GOOD = (FOLDER / "builder.md").read_text(encoding="utf-8")


def test_four_lenses_come_in_their_order() -> None:
    assert [one.key for one in reviewers()] == ["builder", "skeptic", "futurist", "founder"]


def test_every_lens_brings_an_instruction() -> None:
    assert all(one.instruction and one.motto and one.looks_for and one.tired_of for one in reviewers())


def test_fifth_lens_is_one_more_file(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "reviewers")
    fifth = GOOD.replace('"builder"', '"auditor"').replace("order = 1", "order = 5")
    (folder / "auditor.md").write_text(fifth, encoding="utf-8")

    assert [one.key for one in reviewers(folder)][-1] == "auditor"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter at all",
        GOOD.replace("+++", "---"),
        GOOD.replace("motto", "moto"),
        GOOD.replace("order = 1", "order ="),
        GOOD.replace("order = 1", 'order = "first"'),
        GOOD.replace('"builder"', "7"),
        GOOD.replace("order = 1\n", ""),
    ],
)
def test_broken_lens_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.md"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(
        ConfigError, match=r"panel/reviewers/broken\.md cannot be used: .+; compare it with builder\.md"
    ):
        read_reviewer(path)


def test_lens_file_of_bytes_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=r"broken\.md"):
        read_reviewer(tmp_path / "broken.md")


def test_unknown_lens_is_told_the_known_ones() -> None:
    with pytest.raises(NotFound, match="no reviewer critic; known are builder, skeptic, futurist, founder"):
        get_reviewer("critic")
