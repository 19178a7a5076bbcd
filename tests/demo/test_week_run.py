"""The demo keeps to its own folder."""

from pathlib import Path

import pytest

from demo.week_run import MARKER, prepare_folder
from errors import AppError


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(AppError, match="holds other files"):
        prepare_folder(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


def test_its_own_folder_is_replaced(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "demo")
    (tmp_path / "demo" / "verdicts.db").write_text("old")

    folder = prepare_folder(tmp_path / "demo")

    assert [path.name for path in folder.iterdir()] == [MARKER]
