"""Is it AI, and is it a launch: the rules, and how often they are right on labelled headlines."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from crawler.relevance import is_article, judge, judge_repository, version_of


@pytest.mark.parametrize(
    "title",
    [
        "Show HN: Kettle – run LLMs on a laptop",
        "Show HN: What if your agent could whistle?",
        "Launch HN: Murmur (YC S26) – dictation for surgeons",
        "Kettle: an MCP server for your garden",
        "Open-source RAG for lawyers",
        "GPT-5.6 – our new model",
    ],
)
def test_usable_ai_tool_is_a_launch(title: str) -> None:
    assert judge(title).kind == "launch"


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Show HN: A garden planner", "nothing in it speaks of AI"),
        ("Kettle AI raises $30M in Series B funding", "not a launch: the title reads as company news"),
        ("Kettle AI is hiring", "not a launch: the title reads as company news"),
        ("How to fine-tune an LLM", "not a launch: the title reads as a tutorial or account"),
        ("A free course on agents", "not a launch: the title reads as a course"),
        ("awesome-llm: a curated list", "not a launch: the title reads as a list"),
        ("LLM leaderboard for 2026", "not a launch: the title reads as a benchmark"),
        ("Why I gave up on AI", "not a launch: the title reads as an essay"),
        ("Reviving my college band with AI", "not a launch: the title reads as an essay"),
        ("A paper on sparse transformers", "not a launch: the title reads as a paper or data set"),
        ("RAG starter kit", "not a launch: the title reads as a template or copy"),
        ("Can agents learn to cook?", "not a launch: the title reads as a question or a discussion"),
        ("Sparse attention in Go networks [R]", "not a launch: the title reads as a question or a discussion"),
    ],
)
def test_noise_is_set_aside_with_its_reason(title: str, why: str) -> None:
    judged = judge(title)

    assert (judged.kind, judged.why) == ("noise", why)


@pytest.mark.parametrize(
    "title", ["Kettle 0.9.2 released", "Kettle v2.1 is out", "Kettle 3.0.1: bug fixes and an update"]
)
def test_version_of_a_tool_is_an_update(title: str) -> None:
    judged = judge(title)

    assert judged.kind == "update"
    assert judged.version == version_of(title)


@pytest.mark.parametrize("title", ["Painting by hand", "The fragrant email chain", "Rapid maiden voyage"])
def test_parts_of_words_are_no_ai(title: str) -> None:
    assert judge(title).why == "nothing in it speaks of AI"


def test_topics_speak_of_ai_too() -> None:
    assert judge("Kettle: fast and small", topics=("vector-database",)).kind == "launch"


def test_vendor_feed_must_announce_something() -> None:
    assert judge("AI in our gardens", announces=False).why == "not a launch: the entry announces nothing"
    assert judge("Introducing Kettle, an AI agent", announces=False).kind == "launch"


@pytest.mark.parametrize(
    ("title", "version"),
    [
        ("Kettle 0.9.2 released", "0.9.2"),
        ("Kettle v2.1-rc1", "2.1"),
        ("GPT-5.6 is here", None),
        ("stable-baselines3", None),
        ("Kettle 2", None),
    ],
)
def test_version_is_read_from_the_title(title: str, version: str | None) -> None:
    assert version_of(title) == version


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        ({}, ""),
        ({"fork": True}, "a fork of another repository"),
        ({"archived": True}, "an archived repository"),
        ({"template": True}, "a template repository"),
    ],
)
def test_repository_may_be_no_tool(flags: dict[str, bool], why: str) -> None:
    flags = {"fork": False, "archived": False, "template": False} | flags

    assert judge_repository("boils models", **flags) == why
    assert judge_repository("  ", **flags) != ""


# ── measured ─────────────────────────────────────────────────────────────────────────────────────

# Places that hold launches only; elsewhere a headline must announce something itself.
LISTS = ("producthunt", "github", "huggingface", "scout:models", "allnews:model", "buildwithai")


def is_launch(row: dict[str, str]) -> bool:
    title, source = row["title"], row["source"].lower().replace(" ", "")
    if source == "github":  # as the spider puts it
        title = f"{title}: {row['description']}"
    announces = source in LISTS or title.lower().startswith(("show hn", "launch hn"))
    return judge(title, row["description"], announces=announces).kind == "launch"


@pytest.mark.corpus
def test_launches_are_told_from_noise(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (corpus / "labels" / "relevance.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    counts = Counter((is_launch(row), row["launch"] == "yes") for row in rows)
    right = counts[True, True]
    precision, recall = right / (right + counts[True, False]), right / (right + counts[False, True])
    with capsys.disabled():
        print(f"\nlaunch: precision {precision:.2f}, recall {recall:.2f} of {len(rows)} headlines")  # noqa: T201

    assert precision >= 0.9
    assert recall >= 0.65


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://choir.example/our-choir-sings-again", True),
        ("https://kettle.example/", False),
        ("https://modal.com/products/serverless-inference", False),
    ],
)
def test_an_address_of_words_reads_as_an_article(url: str, is_one: bool) -> None:
    assert is_article(url) is is_one
