"""Where a tool's own words place it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.categories import BY_KEY, CATEGORIES, DIFFERENT_JOBS, OTHER, categorise, title


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
        ("Text-to-video generation from a storyboard", "images"),
        ("OCR and extraction for invoices and contracts in PDF", "documents"),
        ("Ask your data: SQL and dashboards for your warehouse", "data"),
        ("An answer engine with citations from papers", "research"),
        ("Meeting notes and action items from your meetings", "meetings"),
        ("Customer support agent that closes helpdesk tickets", "support"),
    ],
)
def test_own_words_choose_the_category(words: str, category: str) -> None:
    assert categorise(words)[0] == category


def test_words_of_no_trade_are_other() -> None:
    assert categorise("A garden planner for beans") == (OTHER, 0.0)


def test_parts_of_words_do_not_count() -> None:
    assert categorise("Fragrant dragons storage")[0] == OTHER  # not rag


def test_topics_count_like_own_words() -> None:
    assert categorise("Kettle", topics="vector-database embeddings")[0] == "retrieval"


def test_one_word_often_does_not_shout() -> None:
    once, often = categorise("video " + "coding agent pull request codebase"), categorise("video " * 50)

    assert (once[0], often[0]) == ("coding-agents", "images")


def test_clear_words_are_surer_than_mixed() -> None:
    assert categorise("vector database vector search")[1] > categorise("vector database, meeting notes")[1]


@given(st.text(max_size=200))
def test_any_words_have_a_category(words: str) -> None:
    key, clearness = categorise(words)

    assert key == OTHER or key in BY_KEY
    assert 0 <= clearness <= 1


def test_jobs_that_meet_are_listed() -> None:
    assert {key for pair in DIFFERENT_JOBS for key in pair} <= set(BY_KEY)
    assert len(BY_KEY) == len(CATEGORIES)


def test_title_is_for_readers() -> None:
    assert (title("speech"), title("gone")) == ("Speech", "Other tools")
