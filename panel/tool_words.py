"""A tool's price, licence and age in the words of a sentence. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from panel.candidates import Candidate

OPEN_SOURCE = re.compile(
    r"(?:MIT|Apache|BSD|GPL|LGPL|AGPL|MPL|ISC|Unlicense|EPL|Zlib|PostgreSQL|EUPL|0BSD|CC0)\b", re.I
)
PER = re.compile(r"\s?/\s?(month|mo|year|yr|week|day|hour|minute|second|user|seat|image|page|call|request)\b")
WHOLE = {"mo": "month", "yr": "year"}
ACRONYMS = frozenset("ai llm api gpu sql pdf mcp rag ide cli ocr ui csv html json tts stt seo crm".split())
# What tools of a category both do, after "Both".
JOBS = {
    "coding-agents": "write and change code",
    "code-review": "review code",
    "app-builders": "turn a description into an app",
    "open-models": "are language models with open weights",
    "model-hosting": "run models on rented machines",
    "gateways": "stand between an app and many models",
    "local-runtimes": "run models on your own machine",
    "fine-tuning": "train and fine-tune models",
    "datasets": "make or label training data",
    "evaluation": "trace and evaluate what models answer",
    "guardrails": "guard models against misuse",
    "retrieval": "search by meaning",
    "memory": "give agents a memory",
    "agents": "are for building agents",
    "automation": "automate work across apps",
    "browser-agents": "use a browser or computer for you",
    "mcp": "connect models to other systems",
    "speech": "turn speech into text",
    "voices": "turn text into speech",
    "voice-agents": "answer and make calls by voice",
    "music": "make music or sound",
    "images": "make or edit images",
    "video": "make or edit video",
    "design": "design interfaces",
    "slides": "make presentations",
    "games": "make games or 3D scenes",
    "forecasting": "say how numbers go on over time",
    "documents": "read documents and take out what they say",
    "writing": "help with writing",
    "translation": "translate",
    "data": "answer questions about data",
    "research": "search and cite what they find",
    "chat": "are assistants to talk to",
    "meetings": "take notes of meetings",
    "support": "answer customers",
    "sales": "help to find and win customers",
    "marketing": "help with marketing",
    "education": "help people learn",
    "web-data": "gather data from the web",
    "sandboxes": "give code a safe place to run",
    "inbox": "look after mail and calendars",
    "notes": "keep notes that can be asked",
    "finance": "keep or read the books",
}


def said_aloud(word: str) -> str:
    return word.upper() if word in ACRONYMS else word


def listed(words: Sequence[str]) -> str:
    """'a, b and c'"""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def is_open_source(one: Candidate) -> bool:
    return bool(one.licence and OPEN_SOURCE.match(one.licence))


def say_terms(one: Candidate) -> str:
    """'is free and open source (MIT)', 'costs $12 a month', 'states no price'."""
    price = say_price(one.price) if one.price else ""
    if is_open_source(one):
        return say_open_terms(one.tier, price, f"open source ({one.licence})")
    said = say_closed_terms(one.tier, price)
    return f"{said} ({one.licence} licence)" if one.licence and one.licence != "proprietary" else said


def say_open_terms(tier: str | None, price: str, licence: str) -> str:
    if tier == "Free":
        return f"is free and {licence}"
    if not price:
        return f"is {licence}"
    return f"is {licence} with paid plans from {price}" if tier == "Freemium" else f"costs {price} and is {licence}"


def say_closed_terms(tier: str | None, price: str) -> str:
    if tier == "Free":
        return "is free"
    if tier == "Freemium":
        return f"has a free plan and paid ones from {price}" if price else "has a free plan"
    if price:
        return f"costs {price}"
    return {"Paid": "is paid", "Contact sales": "names its price on request"}.get(tier or "", "states no price")


def say_price(value: str) -> str:
    """'$12/month' is said '$12 a month'."""
    return PER.sub(lambda found: f" {article(found[1])} {WHOLE.get(found[1], found[1])}", value)


def article(word: str) -> str:
    return "an" if word[0] in "aio" or word == "hour" else "a"


def say_launches(a: Candidate, b: Candidate, now: datetime) -> str:
    if all(one.launched_at and one.launched_at >= now - timedelta(days=7) for one in (a, b)):
        return "both launched this week"
    if a.is_new(now) and b.is_new(now):
        return "both launched within the last two weeks"
    new = a if a.is_new(now) else b
    return f"{new.name} is the new one"
