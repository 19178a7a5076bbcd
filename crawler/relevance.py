"""Is it AI, and is it a launch of a usable tool? Two questions, asked apart, answered with a reason.

A keyword gate on title, tagline and topics; the tool's own page is read before anything is compared.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from db.words import LaunchKind


def any_of(*words: str) -> re.Pattern[str]:
    """One pattern for whole words or phrases, whatever their case."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])", re.IGNORECASE)


AI = any_of(
    r"ai|a\.i\.|artificial intelligence|machine learning|deep learning|ml models?|neural|genai|generative",
    r"llms?|slms?|vlms?|gpt(?:-?\w+)?|chatgpt|openai|claude|anthropic|gemini|gemma|llama|mistral|mixtral|qwen|deepseek",
    r"hugging ?face|transformers?|diffusion|whisper|gguf|ollama|langchain|gpu|inference|fine-?tun\w+",
    r"language models?|foundation models?|(?:local|small|large|vision|on-device) models?|models? locally",
    r"open[- ]weights?|embeddings?|vector (?:search|database|store|index)|rag|semantic search",
    r"agents?|agentic|mcp|copilot|chatbots?|prompts?",
    r"speech[- ]to[- ]text|text[- ]to[- ](?:speech|image|video)|transcri(?:be|ption)\w*|dictation|diari[sz]ation",
    r"computer vision|ocr|voice (?:assistant|clon\w+)|(?:image|video) (?:generation|generators?|generating)",
)
NOT_A_LAUNCH = (
    (
        any_of(r"raises?|raised|funding|series [a-e]|seed round|valuation|acquires?|acquired|acquisition"),
        "company news",
    ),
    (
        any_of(r"we'?re hiring|is hiring|now hiring|joins? (?:us|the team)|new office|opens? (?:an )?office"),
        "company news",
    ),
    (
        any_of(
            r"how (?:to|we|i)|tutorial|a guide to|guide:|lessons (?:from|learned)|introduction to|primer",
            r"step[- ]by[- ]step|explained",
        ),
        "a tutorial or account",
    ),
    (any_of(r"course|curriculum|bootcamp|workshop|webinar|lectures?|syllabus|exercises"), "a course"),
    (
        any_of(
            r"awesome[- ]\w+|curated list|list of|cheat ?sheet|reading list|roundup|newsletter|this week in|weekly",
        ),
        "a list",
    ),
    (any_of(r"benchmark(?:s|ing|ed)?|leaderboard|compared:|a comparison of|survey of|evaluating"), "a benchmark"),
    (
        any_of(
            r"why|thoughts on|on the|the case (?:for|against)|essay|opinion|my (?:college|old|first|dead)|reviving",
            r"remembering|the future of|what .{3,40} (?:means|taught)|rethinking|notes on",
        ),
        "an essay",
    ),
    (any_of(r"paper|preprint|arxiv|dataset"), "a paper or data set"),
    (any_of(r"template|boilerplate|starter kit|fork of|mirror of|re-?upload"), "a template or copy"),
)
# A title that asks ("Show HN: What if …?" does not begin so), or carries a forum's mark for talk and papers.
ASKS = re.compile(
    r"^(?:can|could|did|do|does|are|is|was|will|should|what|which|who|how|why|has|have)\b.*\?", re.IGNORECASE
)
TALK = re.compile(r"\[[DNR]\]\s*$")
VERSION = re.compile(r"\bv?(\d+\.\d+(?:\.\d+){0,2})(?:[- ]?(?:rc|beta|alpha)\.?\d*)?\b")
RELEASED = any_of(r"released?|is out|changelog|release notes|patch|bug ?fix(?:es)?|available now|update")
LAUNCHED = any_of(
    r"introducing|announc\w+|launch\w*|meet|say hello|released?|releases|releasing|unveil\w*|debut\w*|new model|v\d+",
    r"now (?:available|in (?:public )?(?:beta|preview))|available (?:today|now)|open[- ](?:sourced?|sourcing)",
)


@dataclass(frozen=True)
class Judgement:
    kind: LaunchKind
    why: str
    version: str | None = None


def judge(title: str, tagline: str = "", topics: tuple[str, ...] = (), *, announces: bool = True) -> Judgement:
    """
    Args:
        announces: whether the place holds launches only (Show HN, a launch list); in a vendor's feed an
            entry must say itself that something is launched.
    """
    version = version_of(title)
    for pattern, why in NOT_A_LAUNCH:
        if pattern.search(title):
            return Judgement(LaunchKind.NOISE, f"not a launch: the title reads as {why}")
    if ASKS.search(title) or TALK.search(title):
        return Judgement(LaunchKind.NOISE, "not a launch: the title reads as a question or a discussion")
    if version and RELEASED.search(title):
        return Judgement(LaunchKind.UPDATE, f"a release of a known tool: {version}", version)
    if not AI.search(" ".join((title, tagline, *(topic.replace("-", " ") for topic in topics)))):
        return Judgement(LaunchKind.NOISE, "nothing in it speaks of AI")
    if not announces and not LAUNCHED.search(f"{title} {tagline}"):
        return Judgement(LaunchKind.NOISE, "not a launch: the entry announces nothing")
    return Judgement(LaunchKind.LAUNCH, "", version)


def is_article(url: str) -> bool:
    """Whether an address reads as a headline, /our-choir-sings-again: tools have names, articles have sentences."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return last.count("-") >= 3


def version_of(title: str) -> str | None:
    """'Kettle 0.9.2 released' → '0.9.2'; 'GPT-5.6' keeps its digits, they are its name."""
    match = VERSION.search(title)
    if not match or re.search(r"[A-Za-z]-$", title[: match.start()]):
        return None
    return match[1]


def judge_repository(description: str, *, fork: bool, archived: bool, template: bool) -> str:
    """'' for a repository that may be a tool, else why it is none."""
    if fork:
        return "a fork of another repository"
    if archived:
        return "an archived repository"
    if template:
        return "a template repository"
    return "" if description.strip() else "a repository without a description"
