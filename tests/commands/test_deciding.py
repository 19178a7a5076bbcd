"""The verbs that decide, from pairing to an approved edition, as an operator types them."""

from pathlib import Path

import pytest

from db.session import Store
from tests.commands.shell import Said, as_standard_input, call
from tests.factories import ADA, make_comparison, make_editor, make_single

QUOTE = "It answers in 40 ms, which is enough for me."


@pytest.fixture
def pair(home: Store) -> Store:
    with home.write() as session:
        make_editor(session)
        make_comparison(session)
    return home


def review(tool: str, reviewer: str, quote: str = QUOTE, stance: str = "ship") -> Said:
    with as_standard_input(quote):
        return call("review", "1", stance, "--reviewer", reviewer, "--tool", tool, "--quote-file", "-")


def write_all() -> None:
    for tool in ("kettle", "emberloaf"):
        for reviewer in ("builder", "skeptic"):
            assert review(tool, reviewer).code == 0
    with as_standard_input("Ship with Kettle if you host; with Emberloaf if not."):
        assert call("answer", "1", "--file", "-").code == 0


def test_comparison_goes_from_review_to_edition(pair: Store, tmp_path: Path) -> None:
    write_all()

    assert call("approve", "1", "--as", ADA).out.splitlines() == [
        "Kettle: ship (2 ship, 0 skip)",
        "Emberloaf: ship (2 ship, 0 skip)",
    ]
    assert call("edition", "build").code == 0
    assert call("edition", "preview", "1", "--out", str(tmp_path / "out")).code == 0
    assert call("edition", "approve", "1", "--as", ADA).out.startswith("Edition 1 is approved (")
    assert call("edition", "withdraw", "1", "--as", ADA).out == "Edition 1 is a draft again.\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["edition-1.html", "edition-1.txt"]


@pytest.fixture
def alone(home: Store) -> Store:
    with home.write() as session:
        make_editor(session)
        make_single(session, update_why="its price halved")
    return home


def test_tool_on_its_own_is_decided_like_a_pair(alone: Store, tmp_path: Path) -> None:
    for reviewer in ("builder", "skeptic"):
        assert review("kettle", reviewer).code == 0
    assert call("show", "1", "--json").document["state"] == "drafted"
    with as_standard_input("Ship Kettle if you host; skip it if not."):
        assert call("answer", "1", "--file", "-").code == 0

    assert call("approve", "1", "--as", ADA).out == "Kettle: ship (2 ship, 0 skip)\n"
    assert call("edition", "build").code == 0
    assert call("edition", "preview", "1", "--out", str(tmp_path / "out")).code == 0
    assert call("edition", "approve", "1", "--as", ADA).code == 0
    assert "1. Update: its price halved" in (tmp_path / "out" / "edition-1.txt").read_text(encoding="utf-8")


def test_tool_on_its_own_is_called_so(alone: Store) -> None:
    shown, queued = call("show", "1"), call("queue")

    for said in (shown, queued):
        assert "Kettle, on its own" in said.out
        assert "no tool of its kind is known" in said.out
        assert "Update: its price halved" in said.out
    for document in (call("show", "1", "--json").document, call("queue", "--json").document[0]):
        assert (document["title"], document["update_why"]) == ("Kettle, on its own", "its price halved")


def test_missing_answer_shows_its_form(alone: Store) -> None:
    with alone.write() as session:
        make_comparison(session, "Lathe", "Anvil")

    assert "(“Ship Kettle if …; skip it if …”)" in call("approve", "1", "--as", ADA).err
    assert "(“Ship with Lathe if …; with Anvil if …”)" in call("approve", "2", "--as", ADA).err


def test_unready_comparison_is_refused_in_a_sentence(pair: Store) -> None:
    said = call("approve", "1", "--as", ADA)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Comparison 1 cannot be approved: it has no answer; write one with")


def test_check_is_waived_by_its_name(pair: Store) -> None:
    write_all()
    review("kettle", "builder", "Nobody else does it in 7 ms.")
    [finding] = call("findings", "1", "--json").document

    assert call("approve", "1", "--as", ADA).code == 1
    assert call("waive", "1", finding["name"], "--as", ADA, "--why", "measured").code == 0
    assert call("approve", "1", "--as", ADA).code == 0


def test_rejection_says_who_and_why(pair: Store) -> None:
    assert call("reject", "1", "--as", ADA, "--why", "dull").out == "Comparison 1 is rejected.\n"
    assert call("show", "1", "--json").document["decided_why"] == "dull"


def test_file_of_reviews_tells_what_is_left(pair: Store, tmp_path: Path) -> None:
    (tmp_path / "week.toml").write_text(
        f'[[review]]\ntool = "kettle"\nreviewer = "builder"\nstance = "ship"\nquote = "{QUOTE}"\n'
        f'[[review]]\ntool = "cinder"\nreviewer = "builder"\nstance = "ship"\nquote = "{QUOTE}"\n',
        encoding="utf-8",
    )
    said = call("reviews", str(tmp_path / "week.toml"))

    assert said.out == "1 reviews and 0 answers are taken in, 1 left.\n"
    assert said.err == "cinder: it is in no comparison that awaits a decision\n"


def test_drafting_without_a_model_is_told_the_cure(pair: Store) -> None:
    said = call("draft", "1")

    assert (said.code, said.out) == (1, "")
    assert "set endpoint and model in [panel]" in said.err


def test_editor_is_added_and_listed(home: Store) -> None:
    assert call("editors", "add", "Ed@Verdicts.Example", "--role", "admin").out == "ed@verdicts.example is admin.\n"
    assert [row["email"] for row in call("editors", "list", "--json").document] == ["ed@verdicts.example"]


def test_people_are_imported_and_erased(home: Store, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email,name\nben@example.org,Ben\nnonsense,\n", encoding="utf-8")
    said = call("subscribers", "import", str(tmp_path / "people.csv"))

    assert said.out == "1 added, 0 known before, 1 refused.\n"
    assert "nonsense" in said.err
    assert call("subscribers", "erase", "ben@example.org").out == "Erased.\n"
    assert call("subscribers", "list", "--json").document == []


def test_suppression_is_set_and_lifted(home: Store) -> None:
    why = ("--why", "asked by phone")

    assert call("suppress", "ben@example.org", *why).out == "Suppressed.\n"
    assert call("suppress", "ben@example.org", *why).out.startswith("It was suppressed before")
    assert call("unsuppress", "ben@example.org", *why).code == 0


def test_backup_is_restored(week: Store, tmp_path: Path) -> None:
    file = str(tmp_path / "kept.db")
    assert call("backup", file).code == 0
    assert call("reject", "2", "--as", ADA, "--why", "dull").code == 0
    week.close()

    assert call("restore", file).code == 1
    assert call("restore", file, "--yes").code == 0
    assert call("show", "2", "--json").document["state"] == "pending"
