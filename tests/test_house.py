"""House rules of the documents: every word, setting and verb is written down."""

import re
from collections.abc import Iterator
from enum import StrEnum
from inspect import getmembers, isclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from config import Settings
from db import words
from panel.evidence import Evidence
from tests.commands.shell import call
from tests.test_cli import verbs

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY, SETTINGS = ROOT / "docs" / "glossary.md", ROOT / "docs" / "settings.md"
COMMANDS = (ROOT / "docs" / "commands.md", ROOT / "README.md")
ENUMS = [*(one for _, one in getmembers(words, isclass) if issubclass(one, StrEnum) and one is not StrEnum), Evidence]


def text_of(*paths: Path) -> str:
    found = [path.read_text(encoding="utf-8") for path in paths if path.exists()]
    if not found:
        pytest.skip(f"{paths[0].relative_to(ROOT)} is not written yet")
    return "\n".join(found)


def names(section: type[BaseModel], before: str = "") -> Iterator[str]:
    """Every setting as it is written in the file: 'smtp.port'."""
    for name, field in section.model_fields.items():
        inner = field.annotation
        if field.exclude:
            continue
        if isclass(inner) and issubclass(inner, BaseModel):
            yield from names(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}"


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_glossary_has_every_stored_word(enum: type[StrEnum]) -> None:
    glossary = " ".join(text_of(GLOSSARY).lower().split())

    assert [word.value for word in enum if not re.search(rf"(?<!\w){word.value}(?!\w)", glossary)] == []


@pytest.mark.parametrize("term", ["Source", "Launch", "Tool", "Fact", "Change", "Comparison", "Review", "Verdict"])
def test_glossary_explains_every_noun(term: str) -> None:
    assert f"**{term}**" in text_of(GLOSSARY)


def test_every_setting_is_documented() -> None:
    documented = text_of(SETTINGS)

    assert [name for name in names(Settings) if f"`{name}`" not in documented and f"[{name}" not in documented] == []


def test_every_documented_setting_exists() -> None:
    documented = re.findall(r"^\| `([a-z_.]+)` \|", text_of(SETTINGS), re.MULTILINE)

    assert documented
    assert [name for name in documented if name.split(".")[0] != "sources" and name not in {*names(Settings)}] == []


def test_every_verb_is_documented() -> None:
    documented = text_of(*COMMANDS)

    assert [verb for verb in leaves() if not re.search(rf"`(verdicts )?{verb}[ `]", documented)] == []


def test_every_documented_json_is_there() -> None:
    rows = re.findall(r"^\| (`[^|]+?) \*\(json\)\* \|", text_of(*COMMANDS), re.MULTILINE)
    with_json = {verb for verb in leaves() if "--json" in call(*verb.split(), "--help").out}

    assert rows
    assert [row for row in rows if not any(row.startswith((f"`{verb} ", f"`{verb}`")) for verb in with_json)] == []


def leaves() -> list[str]:
    """The verbs that do something themselves."""
    known = [verb for verb in verbs() if verb]
    groups = {verb.rpartition(" ")[0] for verb in known} - {"tools", "sources", "predictions"}
    return [verb for verb in known if verb not in groups]
