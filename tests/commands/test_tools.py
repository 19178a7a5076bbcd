"""tools: merged, split, proposed and taken back from the shell."""

import pytest
from sqlmodel import select

from catalog.proposals import propose
from db.models import AuditEntry, Tool, ToolKey
from db.session import Store
from tests.commands.shell import Said, call
from tests.factories import ADA, MONDAY, make_editor, make_launch, make_tool

AS = ("--as", ADA)


@pytest.fixture
def two(home: Store) -> Store:
    """Kettle and Teapot, a question whether they are one, and Ada."""
    with home.write() as session:
        make_editor(session)
        tools = [make_tool(session, name) for name in ("Kettle", "Teapot")]
        for tool in tools:
            make_launch(session, tool)
            session.add(ToolKey(kind="url", value=tool.home_url, tool_id=tool.id or 0))
        propose(session, tools[0], tools[1], "one name", MONDAY)
    return home


def slugs(store: Store) -> list[str]:
    with store.read() as session:
        return sorted(session.exec(select(Tool.slug)))


def refused(said: Said) -> str:
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    return said.err


def test_merge_and_unmerge_go_there_and_back(two: Store) -> None:
    merged = call("tools", "merge", "kettle", "teapot", *AS, "--why", "one tool", "--json")
    after = slugs(two)
    shown = call("tools", "show", "teapot", "--json").document
    back = call("tools", "unmerge", str(merged.document["id"]), *AS, "--json")

    assert (merged.document["absorbed"], merged.document["why"]) == ("teapot", "one tool")
    assert (after, shown["slug"], shown["former_slugs"]) == (["kettle"], "kettle", ["teapot"])
    assert [merge["id"] for merge in shown["merges"]] == [merged.document["id"]]
    assert (back.document["slug"], slugs(two)) == ("teapot", ["kettle", "teapot"])


def test_old_slug_is_told_the_new_one(two: Store) -> None:
    call("tools", "merge", "kettle", "teapot", *AS)

    assert "teapot is now kettle." in call("tools", "show", "teapot").out


def test_preview_of_a_merge_does_nothing(two: Store) -> None:
    said = call("tools", "merge", "kettle", "teapot", *AS, "--preview", "--json")

    assert (said.document["moves"]["launch"], said.document["refusal"]) == (1, "")
    assert slugs(two) == ["kettle", "teapot"]


def test_split_makes_a_tool_of_an_address(two: Store) -> None:
    call("tools", "merge", "kettle", "teapot", *AS)
    take = ("tools", "split", "kettle", "--take", "https://teapot.example/", "--name", "Teapot", "--why", "two", *AS)
    preview = call(*take, "--preview", "--json")
    before = slugs(two)
    done = call(*take, "--json")

    assert (preview.document["keys"], before) == (["url https://teapot.example/"], ["kettle"])
    assert (done.document["name"], slugs(two)) == ("Teapot", ["kettle", "teapot"])


def test_proposal_is_listed_and_accepted(two: Store) -> None:
    [asked] = call("tools", "proposals", "--json").document
    said = call("tools", "accept", str(asked["id"]), *AS)

    assert (asked["a"], asked["b"], asked["why"]) == ("kettle", "teapot", "one name")
    assert (said.code, slugs(two)) == (0, ["kettle"])
    assert "verdicts tools unmerge 1" in said.out


def test_proposal_is_refused_by_name(two: Store) -> None:
    said = call("tools", "refuse", "1", *AS, "--why", "two makers")
    with two.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "refuse merge")).one()

    assert (said.code, call("tools", "proposals", "--json").document) == (0, [])
    assert (entry.who, entry.detail["why"]) == (ADA, "two makers")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("merge kettle unknown", "There is no tool unknown; see 'verdicts tools'."),
        ("merge kettle kettle", "kettle cannot be merged: both names lead to this one tool."),
        ("unmerge 7", "There is no merge 7; 'verdicts tools show SLUG' lists a tool's merges."),
        ("accept 7", "There is no open proposal 7; see 'verdicts tools proposals'."),
        ("refuse 1 --why ''", "A refusal needs its reason (--why)."),
        ("split kettle --take https://teapot.example/ --name X --why x", "is no address of it"),
    ],
)
def test_refusal_is_one_sentence(two: Store, command: str, sentence: str) -> None:
    words = ["" if word == "''" else word for word in command.split()]

    assert sentence in refused(call("tools", *words, *AS))


def test_stranger_decides_nothing(two: Store) -> None:
    said = call("tools", "merge", "kettle", "teapot", "--as", "eve@example.org")

    assert "There is no editor eve@example.org" in refused(said)
    assert slugs(two) == ["kettle", "teapot"]
