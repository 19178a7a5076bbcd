"""The generator of a new source: what it writes can be run, and its test fails until somebody filled it in."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from crawler.scaffold import write_source
from errors import NotAllowed
from tests.factories import MONDAY


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "crawler" / "spiders").mkdir(parents=True)
    shutil.copy(ROOT / "crawler" / "sources.py", tmp_path / "crawler" / "sources.py")
    return tmp_path


def load(file: Path) -> dict[str, Any]:
    module: dict[str, Any] = {"__name__": "crawler.spiders.fresh"}
    exec(compile(file.read_text(), str(file), "exec"), module)
    return module


def test_new_spider_reads_its_first_case(checkout: Path) -> None:
    spider, payload, expected, _ = write_source("fresh", checkout)
    [launch] = load(spider)["parse"](payload.read_bytes(), json.loads(expected.read_text())["url"], MONDAY)

    assert (launch.source, launch.name, launch.kind) == ("fresh", "Kettle", "launch")


def test_new_case_fails_until_it_is_filled_in(checkout: Path) -> None:
    spider, payload, expected, _ = write_source("fresh", checkout)
    [launch] = load(spider)["parse"](payload.read_bytes(), "https://fresh.example/", MONDAY)

    assert launch.name != json.loads(expected.read_text())["items"][0]["name"]


def test_row_of_defaults_stands_before_the_tools_own_pages(checkout: Path) -> None:
    rows = write_source("fresh", checkout)[-1].read_text()

    assert rows.index('Defaults("fresh", "fresh", "Fresh", "https://fresh.example"') < rows.index('Defaults("homepage"')


def test_source_is_never_overwritten(checkout: Path) -> None:
    spider = write_source("fresh", checkout)[0]
    spider.write_text("mine")

    with pytest.raises(NotAllowed, match="exist already"):
        write_source("fresh", checkout)
    assert spider.read_text() == "mine"


@pytest.mark.parametrize("name", ["", "Fresh", "../fresh", "fresh-one", "1st", "f", "f" * 60])
def test_name_that_is_no_file_name_is_refused(checkout: Path, name: str) -> None:
    with pytest.raises(NotAllowed, match="small letters, digits and _"):
        write_source(name, checkout)
