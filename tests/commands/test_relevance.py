"""`verdicts relevance …` as an operator types it."""

from pathlib import Path

import pytest

from db.models import Launch
from db.session import Store
from tests.commands.shell import call
from tests.factories import ADA, make_editor, make_launch, make_tool

ROWS = """source\ttitle\turl\tdescription\tai\tlaunch
hn\tShow HN: Kettle – run LLMs on a laptop\thttps://kettle.example/\t\tyes\tyes
hn\tWhy I gave up on AI\thttps://tea.example/why-i-gave-up-on-it\t\tyes\tyes
feed\tOregon fog\thttps://fog.example/\t\tno\tno
"""


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    path = tmp_path / "labels.tsv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


@pytest.fixture
def desk(home: Store) -> Store:
    """An editor, and one launch with its tool."""
    with home.write() as session:
        make_editor(session)
        make_launch(session, make_tool(session))
    return home


def test_evaluation_is_one_document(labelled: str) -> None:
    document = call("relevance", "evaluate", labelled, "--json").document

    assert {key: document["ai"][key] for key in ("precision", "recall", "f1", "n")} == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "n": 3,
    }
    assert (document["launch"]["precision"], document["launch"]["recall"]) == (1.0, 0.5)
    assert set(document["launch"]["misses"][0]) == {"source", "title", "url", "expected", "got", "why"}


def test_evaluation_tells_each_source(labelled: str) -> None:
    sources = call("relevance", "evaluate", labelled, "--json").document["per_source"]

    assert sources["feed"]["ai"] == {"precision": None, "recall": None, "f1": None, "n": 1}
    assert sources["hn"]["launch"]["n"] == 2


def test_evaluation_is_a_table_for_people(labelled: str) -> None:
    said = call("relevance", "evaluate", labelled)

    assert (said.code, said.err) == (0, "")
    assert "1 missed on launch" in said.out
    assert "the title reads as an essay" in said.out


def test_bad_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "labels.tsv"
    path.write_text(ROWS.replace("\tno\tno", "\tno\tperhaps"), encoding="utf-8")
    said = call("relevance", "evaluate", str(path))

    assert (said.code, said.out) == (1, "")
    assert said.err == f"{path}, line 4: 'perhaps' under launch is no answer; write yes or no.\n"


def test_missing_file_is_told(home: Store) -> None:
    assert "The file of labels /none/here cannot be read" in call("relevance", "evaluate", "/none/here").err


def test_editor_sets_a_launch_aside(desk: Store) -> None:
    said = call("relevance", "correct", "1", "--ai", "yes", "--launch", "no", "--as", ADA)

    assert (said.code, said.out) == (0, "Launch 1 is now noise.\n")
    with desk.read() as session:
        launch = session.get(Launch, 1)
        assert launch is not None and launch.why == f"set aside by {ADA}"


@pytest.mark.parametrize(
    ("launch", "who", "told"),
    [
        ("1", "nobody@example.org", "There is no editor nobody@example.org"),
        ("7", ADA, "There is no launch 7; see 'verdicts launches --json'."),
    ],
)
def test_correction_needs_an_editor_and_a_launch(desk: Store, launch: str, who: str, told: str) -> None:
    said = call("relevance", "correct", launch, "--ai", "yes", "--launch", "no", "--as", who)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(told)


def test_address_without_a_tool_is_told(desk: Store) -> None:
    with desk.write() as session:
        make_launch(session, kind="noise", url="https://news.ycombinator.com/")
    said = call("relevance", "correct", "2", "--ai", "yes", "--launch", "yes", "--as", ADA)

    assert said.out == "Launch 2 is now launch; its address https://news.ycombinator.com/ names no tool of its own.\n"


def test_exported_corrections_can_be_evaluated(desk: Store, tmp_path: Path) -> None:
    call("relevance", "correct", "1", "--ai", "yes", "--launch", "no", "--as", ADA)
    path = tmp_path / "out.tsv"

    assert call("relevance", "labels", "--out", str(path)).out == f"1 labels are written to {path}.\n"
    assert call("relevance", "evaluate", str(path), "--json").document["ai"]["n"] == 1


def test_corrections_are_listed(desk: Store) -> None:
    call("relevance", "correct", "1", "--ai", "no", "--launch", "no", "--as", ADA)

    [label] = call("relevance", "labels", "--json").document
    assert (label["title"], label["ai"], label["launch"]) == ("Show HN: Kettle", "no", "no")
    assert "Show HN: Kettle" in call("relevance", "labels").out


def test_unwritable_file_is_told(desk: Store) -> None:
    assert call("relevance", "labels", "--out", "/none/here.tsv").err.startswith("The file /none/here.tsv cannot be")
