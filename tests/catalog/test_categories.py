"""Where a tool's own words and its topics place it, and what the maintained list must hold."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.categories import (
    BY_KEY,
    CATEGORIES,
    DIFFERENT_JOBS,
    OTHER,
    TAXONOMY,
    Category,
    Placed,
    categorise,
    read_taxonomy,
    title,
    weigh_topics,
    weigh_words,
)
from errors import ConfigError

LABELS = Path(__file__).parents[1] / "labels" / "categories.tsv"
LEAST_RIGHT = 0.9
GOOD = """
[[category]]
key = "kettles"
title = "Kettles"
for = "Boils water."
phrases = ["kettle"]
topics = ["kitchen"]
against = ["kettle bell"]

[[category]]
key = "pans"
title = "Pans"
for = "Fries eggs."
phrases = ["pan"]
topics = ["kitchen"]

[[different_jobs]]
pair = ["kettles", "pans"]
says = "Different jobs: water against eggs."
"""


# ── placing a tool ──


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("A coding agent that opens a pull request and refactors your codebase", "coding-agents"),
        ("An open-weight mixture-of-experts language model with 12B active parameters", "open-models"),
        ("Serverless GPU inference hosting with short cold starts on H100", "model-hosting"),
        ("Run models locally on your laptop, GGUF and llama.cpp inside", "local-runtimes"),
        ("LLM observability: traces, evals and prompt versions", "evaluation"),
        ("A vector database with hybrid search for your embeddings", "retrieval"),
        ("Multi-agent orchestration with a human in the loop", "agents"),
        ("Speech-to-text with diarization and subtitles", "speech"),
        ("Text-to-video generation from a storyboard", "video"),
        ("OCR and extraction for invoices and contracts in PDF", "documents"),
        ("Ask your data: SQL and dashboards for your warehouse", "data"),
        ("An answer engine with citations from papers", "research"),
        ("Meeting notes and action items from your meetings", "meetings"),
        ("Customer support agent that closes helpdesk tickets", "support"),
    ],
)
def test_own_words_choose_the_category(words: str, category: str) -> None:
    assert categorise(words).key == category


def test_real_tools_are_placed_as_an_editor_would() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    misses = [
        f"{row['name']}: {row['category']}, placed in {placed.key} for {placed.why}"
        for row in rows
        if (placed := categorise(f"{row['name']} {row['words']}", row["topics"].split(","))).key != row["category"]
    ]

    assert len(rows) >= 120 and {row["category"] for row in rows} == {*BY_KEY, OTHER}
    assert 1 - len(misses) / len(rows) >= LEAST_RIGHT, "\n".join(misses)


def test_words_of_no_trade_are_other() -> None:
    assert categorise("A garden planner for beans") == Placed(OTHER, 0.0, ())


def test_parts_of_words_do_not_count() -> None:
    assert categorise("Fragrant dragons storage").key == OTHER  # not rag


def test_a_phrase_is_found_whole() -> None:
    assert '"web app"' not in str(categorise("An app builder for web apparel").why)
    assert '"web app"' in str(categorise("An app builder for web apparel. It makes web apps").why)


def test_plurals_hyphens_and_capitals_do_not_matter() -> None:
    words = ("a vector database", "VECTOR-DATABASES.", "Vector\nDatabases")

    assert {categorise(one).key for one in words} == {"retrieval"}


def test_a_stop_between_words_parts_a_phrase() -> None:
    assert '"vector database"' not in str(categorise("RAG and a vector, database").why)


def test_topics_alone_choose_the_category() -> None:
    assert categorise("Kettle", ["Artificial Intelligence", "Vector-Database"]) == (
        "retrieval",
        0.7,
        ("topic: Vector-Database",),
    )


def test_two_signals_that_agree_are_surer_than_one() -> None:
    words = "A vector database"

    assert categorise(words, ["rag"]).sure > categorise(words).sure
    assert categorise(words, ["music"]).sure < categorise(words).sure


def test_reasons_tell_the_signals_apart_the_strongest_first() -> None:
    placed = categorise("Nearest neighbour search: a vector index", ["embeddings"])

    assert placed.why == (
        'its own words: "nearest neighbour"',
        'its own words: "vector index"',
        "topic: embeddings",
    )


def test_the_stronger_signal_comes_first() -> None:
    assert categorise("Made of vectors", ["rag"]).why == ("topic: rag", 'its own words: "vectors"')


def test_a_topic_told_twice_counts_once() -> None:
    assert categorise("", ["rag", "rag"]) == categorise("", ["rag"])


def test_one_word_often_does_not_shout() -> None:
    assert categorise("video " * 50 + "coding agent pull request codebase").key == "coding-agents"
    assert categorise("video " * 50).key == "video"


def test_what_a_tool_says_first_counts_more() -> None:
    page = "A vector database. " + "We care about our customers. " * 20 + "Made with a music generator."

    assert categorise(page).key == "retrieval"
    assert categorise(page.replace("vector database", "music generator")).key == "music"


def test_words_against_a_category_take_it_back() -> None:
    assert categorise("It has made 900 phone calls").key != "meetings"
    assert categorise("It joins your calls").key == "meetings"


def test_clear_words_are_surer_than_mixed() -> None:
    assert categorise("vector database vector search").sure > categorise("vector database, meeting notes").sure


def test_a_passing_word_is_less_sure_than_a_plain_statement() -> None:
    assert categorise("beans " * 80 + "warehouse").sure < categorise("A data warehouse with SQL").sure


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_any_words_have_a_category(words: str, topics: list[str]) -> None:
    placed = categorise(words, topics)

    assert placed.key == OTHER or (placed.key in BY_KEY and placed.why)
    assert 0 <= placed.sure <= 1
    assert placed == categorise(words, topics)


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda one: one.key)
def test_every_phrase_and_topic_of_a_category_can_be_found(category: Category) -> None:
    for phrase in category.phrases:
        assert f'its own words: "{phrase}"' in reasons_of(category.key, f"beans {phrase}, beans", [])
    for topic in category.topics:
        assert f"topic: {topic}" in reasons_of(category.key, "", [topic])


def reasons_of(key: str, words: str, topics: list[str]) -> list[str]:
    return [why for _, why in weigh_words(words).get(key, []) + weigh_topics(topics).get(key, [])]


# ── the list ──


def test_jobs_that_meet_are_listed() -> None:
    assert {key for pair in DIFFERENT_JOBS for key in pair} <= set(BY_KEY)
    assert DIFFERENT_JOBS[frozenset({"open-models", "model-hosting"})] == "Different jobs: weights against hosting."


def test_title_is_for_readers() -> None:
    assert (title("speech"), title("gone")) == ("Speech to text", "Other tools")


def test_the_list_is_valid() -> None:
    assert read_taxonomy(TAXONOMY.read_text(encoding="utf-8")).categories == CATEGORIES
    assert [category.key for category in read_taxonomy(GOOD).categories] == ["kettles", "pans"]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("[[category]]", "[[category]", "is not valid TOML"),
        ("[[category]]", "[[categories]]", "has no [[category]]"),
        ('key = "pans"', 'key = "kettles"', "'kettles' twice"),
        ('key = "pans"', 'key = "Pans"', "Pans is no key"),
        ('key = "pans"', 'key = "other"', "other is no key"),
        ('key = "pans"', f'key = "{"p" * 33}"', "at most 32"),
        ('title = "Pans"', "", "pans has no 'title'"),
        ('for = "Fries eggs."', 'for = " "', "pans has no 'for'"),
        ('phrases = ["pan"]', "phrases = []", "pans has no list of texts 'phrases'"),
        ('phrases = ["pan"]', "phrases = [1]", "pans has no list of texts 'phrases'"),
        ('phrases = ["pan"]', 'phrases = ["pan", "Pan"]', "'pan' twice"),
        ('phrases = ["pan"]', 'phrases = ["–"]', "without a letter"),
        ('phrases = ["pan"]', 'phrases = ["pan"]\nphrase = ["wok"]', "unknown 'phrase'"),
        ('against = ["kettle bell"]', 'against = ["Kettle"]', "'kettle' both for and against"),
        ('pair = ["kettles", "pans"]', 'pair = ["kettles", "woks"]', "'woks', which is no category"),
        ('pair = ["kettles", "pans"]', 'pair = ["pans", "pans"]', "name two categories"),
        ('pair = ["kettles", "pans"]', 'pair = [["pans"], "kettles"]', "which is no category"),
        ('says = "Different', 'say = "Different', "has no 'says'"),
    ],
)
def test_a_bad_list_is_refused_in_one_sentence(good: str, bad: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_taxonomy(GOOD.replace(good, bad))

    assert said in str(refused.value) and str(refused.value).startswith("taxonomy.toml")
