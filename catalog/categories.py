"""The maintained list of categories, the words that place a tool in one, and which jobs meet.

Keep it small: a category exists when two tools in it could replace each other.
"""

import re
from dataclasses import dataclass
from itertools import islice
from string import ascii_lowercase, digits

OTHER = "other"
LETTERS = re.compile(r"[a-z]+")


class Spaced(dict[int, int]):
    """A table for str.translate that keeps some letters and makes a space of every other."""

    def __init__(self, kept: str) -> None:
        super().__init__({ord(letter): ord(letter) for letter in kept})

    def __missing__(self, key: int) -> int:
        return ord(" ")


ONLY_LETTERS = Spaced(ascii_lowercase)
ONLY_WORDS = Spaced(f"{ascii_lowercase}{digits}.+-")


@dataclass(frozen=True)
class Category:
    key: str
    title: str
    words: tuple[str, ...]  # phrases that speak for it; a longer phrase weighs more


CATEGORIES = (
    Category(
        "coding-agents",
        "Coding agents",
        (
            "coding agent",
            "code editor",
            "code review",
            "pull request",
            "coding assistant",
            "pair programmer",
            "codebase",
            "refactor",
            "autocomplete",
            "writes code",
            "ide ",
            "patches",
            "software engineer",
        ),
    ),
    Category(
        "open-models",
        "Open-weight models",
        (
            "open-weight",
            "open weights",
            "language model",
            "mixture of experts",
            "mixture-of-experts",
            "active parameters",
            "instruction following",
            "parameters",
            "moe",
            "checkpoint",
            "base model",
            "fine-tuned model",
        ),
    ),
    Category(
        "model-hosting",
        "Model hosting",
        (
            "serverless gpu",
            "gpu inference",
            "inference hosting",
            "cold start",
            "h100",
            "a100",
            "deploy models",
            "per second of gpu",
            "serverless inference",
            "gpu cloud",
            "autoscaling",
            "gpus",
            "model endpoints",
        ),
    ),
    Category(
        "local-runtimes",
        "Local runtimes",
        (
            "run models locally",
            "local model",
            "on your own machine",
            "on your laptop",
            "runs offline",
            "gguf",
            "quantised",
            "quantized",
            "local inference",
            "llama.cpp",
            "model runner",
            "local runtime",
            "apple silicon",
        ),
    ),
    Category(
        "evaluation",
        "Evaluation and tracing",
        (
            "llm observability",
            "tracing",
            "traces",
            "evaluation",
            "evals",
            "regression",
            "prompt versions",
            "monitoring",
            "observability",
            "token costs",
            "llm calls",
            "judge",
            "test suite for prompts",
        ),
    ),
    Category(
        "retrieval",
        "Vector search and retrieval",
        (
            "vector search",
            "vector database",
            "vector index",
            "embeddings",
            "nearest neighbour",
            "nearest neighbor",
            "hybrid search",
            "retrieval",
            "semantic search",
            "rag",
            "vectors",
            "rerank",
        ),
    ),
    Category(
        "agents",
        "Agents and automation",
        (
            "agent workflow",
            "workflows",
            "automation",
            "orchestration",
            "multi-agent",
            "agent framework",
            "human in the loop",
            "tool calls",
            "durable",
            "autonomous agent",
            "approval step",
            "agents",
            "mcp server",
        ),
    ),
    Category(
        "speech",
        "Speech",
        (
            "speech-to-text",
            "speech to text",
            "transcription",
            "transcribe",
            "dictation",
            "diarization",
            "diarisation",
            "voice",
            "text-to-speech",
            "word error rate",
            "audio",
            "subtitles",
            "captions",
        ),
    ),
    Category(
        "images",
        "Images and video",
        (
            "image generation",
            "video generation",
            "text-to-image",
            "text to image",
            "text-to-video",
            "product photos",
            "upscale",
            "background removal",
            "storyboard",
            "animation",
            "images",
            "video",
        ),
    ),
    Category(
        "documents",
        "Documents and writing",
        (
            "documents",
            "pdf",
            "contracts",
            "invoices",
            "ocr",
            "extraction",
            "writing assistant",
            "proofreading",
            "translation",
            "summaries",
            "document parsing",
            "drafts",
        ),
    ),
    Category(
        "data",
        "Data analysis",
        (
            "data analysis",
            "sql",
            "dashboards",
            "spreadsheet",
            "warehouse",
            "notebook",
            "ask your data",
            "charts",
            "analyst",
            "csv",
        ),
    ),
    Category(
        "research",
        "Search and research",
        (
            "research assistant",
            "literature",
            "papers",
            "answer engine",
            "citations",
            "web search",
            "deep research",
            "sources cited",
        ),
    ),
    Category(
        "meetings",
        "Meetings",
        ("meeting notes", "meetings", "action items", "calls", "note taker", "minutes of"),
    ),
    Category(
        "support",
        "Customer support",
        ("customer support", "helpdesk", "help desk", "tickets", "support chat", "chatbot", "support agent"),
    ),
)
BY_KEY = {category.key: category for category in CATEGORIES}

# Two jobs people weigh against each other although neither replaces the other: such a pair is labelled.
DIFFERENT_JOBS = {
    frozenset({"open-models", "model-hosting"}): "Different jobs: weights against hosting.",
    frozenset({"local-runtimes", "model-hosting"}): "Different jobs: your own machine against a rented one.",
}


@dataclass(frozen=True)
class Sign:
    """A phrase that speaks for a category; `whole` finds it where no letter touches it.

    Attributes:
        runs: its runs of letters; a text without all of them cannot hold it.
    """

    runs: frozenset[str]
    tag: str
    weight: float
    whole: re.Pattern[str]


def signs_of(category: Category) -> list[Sign]:
    return [
        Sign(
            frozenset(LETTERS.findall(phrase)),
            phrase.replace("-", " "),
            1.0 + 0.5 * phrase.count(" "),
            re.compile(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])"),
        )
        for phrase in map(str.strip, category.words)
    ]


SIGNS = {category.key: signs_of(category) for category in CATEGORIES}


def categorise(own_words: str, topics: str = "") -> tuple[str, float]:
    """The category a tool's own words speak for, and how clearly (0 … 1)."""
    small = own_words.lower()
    words = " ".join(small.translate(ONLY_WORDS).split())
    tags = f" {topics.lower().replace('-', ' ')} "
    runs = set(small.translate(ONLY_LETTERS).split())
    scores = {key: score(signs, words, runs, tags) for key, signs in SIGNS.items()}
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    (best, most), (_, second) = ranked[0], ranked[1]
    if most < 1:
        return OTHER, 0.0
    return best, min(1.0, (most - second) / most + 0.2)


def score(signs: list[Sign], words: str, runs: set[str], tags: str) -> float:
    total = 0.0
    for sign in signs:
        if sign.runs <= runs:  # most are not, and this is far cheaper to ask
            total += sign.weight * sum(1 for _ in islice(sign.whole.finditer(words), 3))
        total += sign.weight * (sign.tag in tags)
    return total


def title(key: str) -> str:
    return BY_KEY[key].title if key in BY_KEY else "Other tools"
