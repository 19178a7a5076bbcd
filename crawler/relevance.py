"""Is it AI, and is it a launch of a usable tool? Two questions, asked apart, answered with a reason.

A keyword gate on title, tagline and topics; the tool's own page is read before anything is compared.
"""

import re
from dataclasses import dataclass

from db.words import LaunchKind

AI = re.compile(
    r"(?<![a-z])(ai|a\.i\.|artificial intelligence|machine learning|deep learning|ml models?|llms?|slms?|vlms?|gpt(?:-?\w+)?|chatgpt|openai|"
    r"claude|anthropic|gemini|gemma|llama|mistral|mixtral|qwen|deepseek|hugging ?face|transformers?|diffusion|genai|generative|"
    r"neural|embeddings?|vector (?:search|database|store|index)|rag|agents?|agentic|mcp|copilot|chatbots?|prompts?|inference|"
    r"fine-?tun\w+|language models?|foundation models?|open[- ]weights?|speech[- ]to[- ]text|text[- ]to[- ](?:speech|image|video)|"
    r"transcri(?:be|ption)\w*|dictation|diari[sz]ation|computer vision|ocr|whisper|gguf|gpu|ollama|langchain|"
    r"semantic search|(?:local|small|large|vision|on-device) models?|models? locally|voice (?:assistant|clon\w+)|image generat\w+|video generat\w+)(?![a-z])",
    re.IGNORECASE,
)
NOT_A_LAUNCH = (
    (r"\b(raises?|raised|funding|series [a-e]\b|seed round|valuation|acquires?|acquired|acquisition)\b", "funding or company news"),
    (r"\b(we'?re hiring|is hiring|now hiring|joins? (?:us|the team)|new office|opens? (?:an )?office)\b", "company news"),
    (r"\b(how (?:to|we|i)|tutorial|a guide to|guide:|lessons (?:from|learned)|introduction to|primer|step[- ]by[- ]step|explained)\b",
     "a tutorial or account"),
    (r"\b(course|curriculum|bootcamp|workshop|webinar|lectures?|syllabus|exercises)\b", "a course"),
    (r"\b(awesome[- ]|curated list|list of|cheat ?sheet|reading list|roundup|newsletter|this week in|weekly)\b", "a list"),
    (r"\b(benchmark(?:s|ing|ed)?|leaderboard|compared:|a comparison of|survey of|evaluating)\b", "a benchmark"),
    (r"\b(why |thoughts on|on the |the case (?:for|against)|essay|opinion|my (?:college|old|first|dead)|reviving|remembering|the future of|"
     r"what .{3,40} (?:means|taught)|rethinking|notes on)", "an essay"),
    (r"\b(paper|preprint|arxiv|dataset)\b", "a paper or data set"),
    (r"\b(template|boilerplate|starter kit|fork of|mirror of|re-?upload)\b", "a template or copy"),
)
NOISE_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in NOT_A_LAUNCH)
VERSION = re.compile(r"\bv?(\d+\.\d+(?:\.\d+){0,2})(?:[- ]?(?:rc|beta|alpha)\.?\d*)?\b")
RELEASED = re.compile(r"\b(released?|is out|changelog|release notes|patch|bug ?fix(?:es)?|available now|update)\b", re.IGNORECASE)
LAUNCHED = re.compile(
    r"\b(introducing|announc\w+|launch\w*|meet|say hello|now (?:available|in (?:public )?(?:beta|preview))|available (?:today|now)|"
    r"open[- ]sourc\w+|releas\w+|unveil\w*|debut\w*|new model|v\d+\b)",
    re.IGNORECASE,
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
    for pattern, why in NOISE_PATTERNS:
        if pattern.search(title):
            return Judgement(LaunchKind.NOISE, f"not a launch: the title reads as {why}")
    if version and RELEASED.search(title):
        return Judgement(LaunchKind.UPDATE, f"a release of a known tool: {version}", version)
    if not AI.search(" ".join((title, tagline, *(topic.replace("-", " ") for topic in topics)))):
        return Judgement(LaunchKind.NOISE, "nothing in it speaks of AI")
    if not announces and not LAUNCHED.search(f"{title} {tagline}"):
        return Judgement(LaunchKind.NOISE, "not a launch: the entry announces nothing")
    return Judgement(LaunchKind.LAUNCH, "", version)


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
