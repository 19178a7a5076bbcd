"""`verdicts pair`, as an operator reads it and as a program does."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from db.session import Store
from tests.commands.shell import call
from tests.panel.pair_tools import make_complete


@pytest.fixture
def launches(home: Store) -> Iterator[Store]:
    """Two rivals, one strong launch alone, one tool that cannot be read; all of today."""
    today = {"launched_at": datetime.now(UTC), "last_read_at": datetime.now(UTC)}
    with home.write() as session:
        make_complete(session, "Kettle", "A local model runtime for laptops.", licence="MIT", **today)
        make_complete(session, "Emberloaf", "A local model runtime for laptops.", amount=29, **today)
        make_complete(session, "Kelpsort", "Names the seaweed.", category="images", points=412, **today)
        make_complete(session, "Ghostpine", "Reads logs.", availability="dead", **today)
    yield home


def test_document_holds_proposed_singles_and_refused(launches: Store) -> None:
    document = call("pair", "--json").document
    [pair], [single], refused = document["proposed"], document["singles"], document["refused"]

    assert pair["tools"] == [{"slug": "kettle", "name": "Kettle"}, {"slug": "emberloaf", "name": "Emberloaf"}]
    assert pair["reason"].startswith("Both run models on your own machine; Kettle is free and open source (MIT), ")
    assert (pair["label"], pair["jobs"], {*pair["parts"][0]}) == ("new", "", {"part", "points", "why"})
    assert [tool["slug"] for tool in single["tools"]] == ["kelpsort"]
    assert [(row["tools"][0]["slug"], row["why"]) for row in refused] == [
        ("kelpsort", "No other tool of its category is like Kelpsort."),
        ("ghostpine", "Ghostpine's own page could not be read (dead)."),
    ]


def test_second_call_proposes_nothing(launches: Store) -> None:
    call("pair")
    said = call("pair", "--json")

    assert (said.code, said.document["proposed"], said.document["singles"]) == (0, [], [])
    assert [(row["slug"], row["state"]) for row in said.document["waiting"]] == [
        ("kettle-vs-emberloaf", "pending"),
        ("kelpsort", "pending"),
    ]
    assert call("pair").out.startswith("Nothing new is worth a comparison now.")


def test_table_tells_each_pair_with_its_sentence(launches: Store) -> None:
    lines = call("pair").out.splitlines()

    assert lines[0].endswith("Kettle and Emberloaf")
    assert lines[1].strip().startswith("Both run models on your own machine; ")
    assert lines[3].endswith("20.0  Kelpsort (on its own)")
    assert lines[-1] == "Next: verdicts queue"
