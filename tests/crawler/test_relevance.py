"""Is it AI, and is it a launch: the rules, and how often they are right on labelled headlines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.relevance import Judgement, is_article, judge, judge_repository, version_of
from crawler.relevance.labels import Label, measure, read_labels, write_labels
from crawler.relevance.places import Place, place_of
from db.words import LaunchKind
from errors import AppError


def seen(title: str, description: str = "", url: str = "", place: str = "") -> Judgement:
    """In the open: nothing promises that the place holds launches."""
    return judge(title, description, announces=False, url=url, place=place)


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
    judged = judge(title)

    assert (judged.kind, judged.why, judged.is_ai, judged.is_launch) == ("launch", "", True, True)


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Show HN: A garden planner", "nothing in it speaks of AI"),
        ("Kettle AI raises $30M in Series B funding", "not a launch: the title reads as company news"),
        ("Kettle AI is hiring", "not a launch: the title reads as company news"),
        ("How to fine-tune an LLM", "not a launch: the title reads as a lesson or an account"),
        ("A free course on agents", "not a launch: the title reads as a course or an event"),
        ("awesome-llm: a curated list", "not a launch: the title reads as a list"),
        ("LLM leaderboard for 2026", "not a launch: the title is a leaderboard's"),
        ("Why I gave up on AI", "not a launch: the title reads as an essay"),
        ("Show HN: Reviving my college band with AI", "not a launch: the title reads as an essay"),
        ("GPU-accelerated Snake AI project [P]", "not a launch: the title tells of an amusement"),
        ("RAG starter kit", "not a launch: it is a copy or conversion of another's work"),
        ("Can agents learn to cook?", "not a launch: the title reads as a question or a discussion"),
    ],
)
def test_noise_is_set_aside_with_its_reason(title: str, why: str) -> None:
    judged = judge(title, announces=title.startswith("Show HN"))

    assert (judged.kind, judged.why, judged.is_launch) == ("noise", why, False)
    assert judged.reasons or not judged.is_ai


def test_both_questions_are_answered_apart() -> None:
    essay, planner = judge("Why I gave up on AI"), judge("Show HN: A garden planner")

    assert (essay.is_ai, essay.is_launch) == (True, False)
    assert (planner.is_ai, planner.is_launch) == (False, False)


def test_reasons_name_what_spoke() -> None:
    judged = seen("Kettle: an LLM runtime", url="https://github.com/acme/kettle")

    assert "the title speaks of AI (LLM)" in judged.reasons
    assert "the title names something and says what it does" in judged.reasons
    assert "the address is a repository's front page" in judged.reasons


# ── what the address says ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://arxiv.org/abs/2601.00001", Place.PAPER),
        ("https://choir.example/report.pdf", Place.PAPER),
        ("https://huggingface.co/papers/2601.00001", Place.PAPER),
        ("https://huggingface.co/acme/kettle-7b", Place.MODEL),
        ("https://huggingface.co/spaces/acme/kettle", Place.SPACE),
        ("https://huggingface.co/datasets/acme/tea", Place.DATASET),
        ("https://huggingface.co/blog/acme/kettle", Place.POST),
        ("https://huggingface.co/acme", Place.HOME),
        ("https://github.com/acme/kettle", Place.REPOSITORY),
        ("https://github.com/acme/kettle/issues/7", Place.INSIDE_REPOSITORY),
        ("https://github.com/acme/kettle/releases/tag/v1", Place.RELEASE),
        ("https://www.producthunt.com/posts/kettle", Place.LAUNCHES),
        ("https://old.reddit.com/r/tea/comments/1/x/", Place.THREAD),
        ("https://harbour-times.com/tea", Place.NEWS),
        ("https://kettle.example/2026/06/24/tea/", Place.POST),
        ("https://kettle.example/blog/tea", Place.POST),
        ("https://kettle.example/our-choir-sings-again", Place.POST),
        ("https://kettle.example/customers/choir", Place.STORY),
        ("https://kettle.example/docs/tea", Place.LESSON),
        ("https://lu.ma/tea", Place.EVENT),
        ("https://youtu.be/x", Place.VIDEO),
        ("https://tea.substack.com/p/x", Place.ESSAY),
        ("https://pypi.org/project/kettle/", Place.PACKAGE),
        ("https://kettle.example/", Place.HOME),
        ("https://kettle.example/a/b/c", Place.UNKNOWN),
        ("http://[", Place.UNKNOWN),
        ("", Place.UNKNOWN),
    ],
)
def test_address_tells_its_kind_of_page(url: str, place: Place) -> None:
    assert place_of(url) is place


def test_paper_is_no_launch_whatever_it_says() -> None:
    judged = seen("Kettle: Boiling Language Models", "Code is available, try it.", "https://arxiv.org/abs/2601.00001")

    assert (judged.is_ai, judged.is_launch, judged.why) == (True, False, "not a launch: the address is a paper's")


def test_same_words_launch_at_home_only() -> None:
    title, description = "Kettle writes letters", "Kettle is an AI app for letters."

    assert seen(title, description, "https://kettle.example/").is_launch
    assert not seen(title, description, "https://www.reuters.com/tech/kettle").is_launch


def test_makers_model_is_a_launch_but_no_copy() -> None:
    assert seen("acme/Kettle-7B", url="https://huggingface.co/acme/Kettle-7B").is_launch
    assert not seen("fan/Kettle-7B-GGUF", url="https://huggingface.co/fan/Kettle-7B-GGUF").is_launch


@pytest.mark.parametrize(
    ("title", "description", "url"),
    [
        ("Lanzamos Tetera: un asistente de IA para abogados", "", "https://tetera.example/"),
        ("Murmel – KI-Diktat für Ärzte", "Eine App, die Arztbriefe schreibt", "https://murmel.example/"),
        ("小壶:开源大模型", "支持本地部署,免费下载", "https://github.com/acme/kettle"),
        ("Чайник – нейросеть для писем", "", "https://chainik.example/"),
    ],
)
def test_other_languages_are_understood(title: str, description: str, url: str) -> None:
    judged = seen(title, description, url)

    assert (judged.is_ai, judged.is_launch) == (True, True)


def test_description_speaks_for_a_silent_title() -> None:
    said = "Type a sentence and a language model finishes your letter. Try it free."

    assert seen("Kettle", said, "https://kettle.example/").kind == "launch"


def test_how_it_was_made_is_not_ai() -> None:
    assert not seen("Show HN: Kettle, a tea timer", "I vibe-coded it in a weekend, built with Claude Code.").is_ai


def test_bare_name_counts_at_its_makers_only() -> None:
    assert seen("Kettle AI", url="https://kettle.example/blog/kettle").is_launch
    assert not seen("LLM Fatalism", url="https://tea.example/posts/llm-fatalism").is_launch


def test_address_may_introduce_what_the_title_names() -> None:
    assert seen("Kettle AI", url="https://tea.example/blog/introducing-our-new-boiler").is_launch


def test_newsletter_launches_nothing() -> None:
    assert seen("Kettle: the agents issue", url="https://tea.example/", place="scout:newsletters").is_launch is False


def test_headline_words_weigh_less_in_names() -> None:
    assert seen("Research Report AI", url="https://www.producthunt.com/posts/report").is_launch
    assert not seen("Researchers evaluate Kettle AI, an agent", url="https://tea.example/").is_launch


def test_event_about_ai_is_no_launch() -> None:
    judged = seen("Kettle Evening: agents in practice", "Join us", "https://lu.ma/kettle", "Tea Meetup")

    assert (judged.is_ai, judged.kind) == (True, "noise")


@pytest.mark.parametrize("title", ["Painting by hand", "The fragrant email chain", "Rapid maiden voyage"])
def test_parts_of_words_are_no_ai(title: str) -> None:
    assert judge(title).why == "nothing in it speaks of AI"


def test_topics_speak_of_ai_too() -> None:
    assert judge("Kettle: fast and small", topics=("vector-database",)).kind == "launch"


def test_vendor_feed_must_announce_something() -> None:
    assert judge("AI in our gardens", announces=False).why == "not a launch: the entry announces nothing"
    assert judge("Introducing Kettle, an AI agent", announces=False).kind == "launch"


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_judged(title: str, description: str, url: str) -> None:
    judged = judge(title, description, url=f"https://{url}", place=url)

    assert judged.is_launch is (judged.kind is LaunchKind.LAUNCH)


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title", ["Kettle 0.9.2 released", "Kettle v2.1 is out", "Kettle 3.0.1: bug fixes and an update", "v2.35.1"]
)
def test_version_of_a_tool_is_an_update(title: str) -> None:
    judged = judge(title)

    assert (judged.kind, judged.is_launch) == ("update", False)
    assert judged.version == version_of(title)


@pytest.mark.parametrize(
    "title", ["Kettle AI 2.0 is out", "Mistral Small 3.1", "Claude Opus 5", "Show HN: Kettle 0.3 – an LLM runtime"]
)
def test_notable_version_is_a_launch(title: str) -> None:
    assert judge(title).kind == "launch"


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


# ── measured ─────────────────────────────────────────────────────────────────────────────────────

HEADER = b"source\ttitle\turl\tdescription\tai\tlaunch\n"


def test_labels_are_read_as_they_are_written() -> None:
    labels = [Label("hn", "Kettle – tea", "https://kettle.example/", "boils\ttea", True, False)]

    assert read_labels(write_labels(labels).encode(), "f")[0].description == "boils tea"


def test_figures_nothing_stands_behind_are_none() -> None:
    measured = measure([Label("hn", "Oregon fog", "", "", False, False)])

    assert measured["ai"] == {"precision": None, "recall": None, "f1": None, "n": 1, "misses": []}
    assert measured["per_source"]["hn"]["launch"]["precision"] is None


def test_miss_is_told_with_its_reason() -> None:
    [miss] = measure([Label("hn", "Why I gave up on AI", "", "", True, True)])["launch"]["misses"]

    assert (miss["expected"], miss["got"], miss["title"]) == ("yes", "no", "Why I gave up on AI")
    assert miss["why"].startswith("not a launch: the title reads as an essay; the title speaks of AI (AI)")


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"source\ttitle\turl\tdescription\tai\n", "f, line 1: the column 'launch' is missing"),
        (b"", "f, line 1: the column 'source' is missing"),
        (HEADER + b"hn\tx\tx\tx\tmaybe\tno\n", "f, line 2: 'maybe' under ai is no answer; write yes or no."),
        (HEADER + b"hn\tx\tx\tx\tyes\tno\n\nhn\tx\n", "f, line 4: it has 2 cells for 6 columns"),
        (HEADER + b"hn\t\xff\tx\tx\tyes\tno\n", "f, line 2: this is not UTF-8"),
    ],
)
def test_bad_labels_name_their_line(payload: bytes, told: str) -> None:
    with pytest.raises(AppError) as caught:
        read_labels(payload, "f")

    assert str(caught.value).startswith(told)


@pytest.mark.corpus
def test_labelled_headlines_are_judged_rightly(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measured = measure(read_labels((corpus / "labels" / "relevance.tsv").read_bytes(), "relevance.tsv"))
    with capsys.disabled():
        for question in ("ai", "launch"):
            print(f"\n{question}: f1 {measured[question]['f1']:.3f} of {measured[question]['n']} headlines")  # noqa: T201

    assert measured["ai"]["f1"] >= 0.93
    assert measured["launch"]["f1"] >= 0.9
