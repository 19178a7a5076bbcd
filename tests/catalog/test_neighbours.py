"""A tool's neighbours: the most alike of its category, found without reading anything twice."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from catalog import neighbours
from catalog.neighbours import Rarity, find_neighbours, learn_rarity, likeness, telling_words, words_of
from db.models import Tool
from db.session import Store
from tests.factories import MONDAY, make_tool

TEXTS = {
    "Asked": "transcribes meetings with speakers",
    "Twin": "transcribes meetings with speakers, too",
    "Cousin": "meeting notes for teams",
    "Stranger": "draws posters",
}


def fill(store: Store, **values: object) -> list[Tool]:
    with store.write() as session:
        return [
            make_tool(session, name, tagline="", description=text, category="meetings", **values)
            for name, text in TEXTS.items()
        ]


def nearest(store: Store, tools: Sequence[Tool], category: str = "meetings", most: int = 3) -> list[int]:
    with store.read() as session:
        return find_neighbours(session, {category: tools[:1]}, MONDAY, most)[tools[0].id or 0]


def test_most_alike_stands_first_and_the_tool_itself_nowhere(store: Store) -> None:
    asked, twin, cousin, _ = tools = fill(store)

    assert nearest(store, [asked, *tools]) == [twin.id, cousin.id]
    assert nearest(store, [asked], most=1) == [twin.id]


@pytest.mark.parametrize(
    "values", [{"availability": "dead"}, {"last_read_at": None}, {"last_read_at": MONDAY - timedelta(seconds=1)}]
)
def test_tool_that_is_gone_or_was_not_read_is_no_neighbour(store: Store, values: dict[str, object]) -> None:
    assert nearest(store, fill(store, **values)) == []


def test_another_category_holds_its_own_neighbours(store: Store) -> None:
    tools = fill(store)
    with store.write() as session:
        abroad = make_tool(session, "Abroad", tagline="Meeting speakers.", category="speech")

    assert nearest(store, tools, "speech") == [abroad.id]
    assert nearest(store, tools, "images") == []


def test_line_breaks_in_a_text_do_not_shift_the_others(store: Store) -> None:
    with store.write() as session:
        make_tool(session, "Poem", tagline="roses\n\nare red", category="meetings")
    asked, twin, cousin, _ = fill(store)

    assert nearest(store, [asked]) == [twin.id, cousin.id]


def test_common_word_says_nothing_in_a_large_store() -> None:
    rarity = Rarity(1000, {"llm": 201, "gguf": 3, "runtime": 90})

    assert rarity.weight("llm") == rarity.weight("the") == 0
    assert rarity.weight("unheard") > rarity.weight("gguf") > rarity.weight("runtime") > 0
    assert rarity.weigh("the llm, and the") == {}


def test_sample_tells_as_the_whole_does(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    monkeypatch.setattr(neighbours, "SAMPLE", 2)
    with store.read() as session:
        sampled = learn_rarity(session)

    assert sampled.tools == 2
    assert sampled.used_by["transcribe"] == 1


def test_likeness_runs_from_nothing_to_one() -> None:
    text = Rarity(3, {}).weigh("speech to text server")

    assert likeness(text, text) == pytest.approx(1)
    assert likeness(text, Rarity(3, {}).weigh("posters")) == 0


def test_one_word_is_made_of_its_plural_and_marks() -> None:
    assert words_of("Workflows, workflow; Text-to-Speech: status class bus") == [
        "workflow", "workflow", "text", "to", "speech", "status", "class", "bus",
    ]  # fmt: skip


def test_telling_words_are_the_rarest_both_use() -> None:
    assert telling_words({"gguf": 0.9, "model": 0.2, "x": 1}, {"gguf": 0.5, "model": 0.5}, 4) == ["gguf", "model"]
