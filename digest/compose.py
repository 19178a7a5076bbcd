"""What an edition says: a pure function of the week's material, in the order readers meet it.

The result is one JSON-able dict; it is frozen at approval and mail, web copy and JSON are made from it.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

WORDS_A_MINUTE = 220
LONGEST_SENTENCE = 30  # words; an entry holds two sentences, an answer and no more than 75 words
LEANING = re.compile(r"(If|Thesis|It fails|That|This|Then|So|And|But|They|I) ?\b")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'])")


@dataclass(frozen=True)
class ToolView:
    name: str
    slug: str
    tagline: str
    home_url: str
    outcome: str
    ships: int
    skips: int
    evidence: str
    marks: list[dict[str, str]]
    price: str
    checked: str

    def content(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "slug": self.slug,
            "tagline": self.tagline,
            "home_url": self.home_url,
            "outcome": self.outcome,
            "votes": say_votes(self.ships, self.skips),
            "evidence": self.evidence,
            "marks": self.marks,
            "community": None,
            "price": self.price,
            "checked": self.checked,
        }


@dataclass(frozen=True)
class Opinion:
    tool: str
    reviewer: str
    stance: str
    quote: str
    is_anchored: bool  # rests on at least one fact
    is_demonstration: bool = False


@dataclass(frozen=True)
class EntryView:
    slug: str
    url: str
    jobs: str
    answer: str
    score: float
    tools: tuple[ToolView, ...]  # two, or one that stands alone
    opinions: list[Opinion]
    update_why: str = ""  # what moved since readers saw one of them
    changes: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    """Everything an edition is made from."""

    number: int
    date: str
    date_iso: str
    site: dict[str, str]
    web_url: str
    launches: int
    sources: int
    entries: list[EntryView]
    changed: list[dict[str, str]]
    quick: list[dict[str, str]]
    reviewers: list[str]
    intro: str = ""
    note: str = ""
    subject: str = ""
    approved_by: str = ""


def compose(week: Week) -> dict[str, Any]:
    entries = [entry_content(position, entry) for position, entry in enumerate(week.entries, start=1)]
    singles = sum(len(entry.tools) == 1 for entry in week.entries)
    content: dict[str, Any] = {
        "number": week.number,
        "date": week.date,
        "date_iso": week.date_iso,
        "subject": week.subject or subject_of(week),
        "preheader": preheader_of(week),
        "site": week.site,
        "web_url": week.web_url,
        "scope": {
            "launches": week.launches,
            "sources": week.sources,
            "comparisons": len(entries) - singles,
            "singles": singles,
            "minutes": 0,
        },
        "intro": week.intro,
        "note": "" if entries else week.note,
        "demonstration": any(opinion.is_demonstration for entry in week.entries for opinion in entry.opinions),
        "changed": week.changed,
        "entries": entries,
        "quick": week.quick,
        "approved_by": week.approved_by,
        "reviewers": week.reviewers,
    }
    content["scope"]["minutes"] = minutes_to_read(content)
    return content


def entry_content(position: int, entry: EntryView) -> dict[str, Any]:
    return {
        "position": position,
        "slug": entry.slug,
        "url": entry.url,
        "jobs": entry.jobs,
        "update_why": entry.update_why,
        "answer": entry.answer,
        "tools": [tool.content() for tool in entry.tools],
        "best_for": best_sentence(entry.opinions, "ship"),
        "best_against": best_sentence(entry.opinions, "skip"),
        "changes": entry.changes,
    }


def best_sentence(opinions: list[Opinion], stance: str) -> dict[str, str] | None:
    """The sentence to quote: about the tool with most votes of this kind, resting on a fact, short enough to read."""
    votes = Counter(opinion.tool for opinion in opinions if opinion.stance == stance)
    candidates = [
        (sentence_score(sentence, opinion) + (votes[opinion.tool] == max(votes.values())), -index, sentence, opinion)
        for index, opinion in enumerate(opinions)
        if opinion.stance == stance
        for sentence in SENTENCE.split(opinion.quote)
    ]
    if not candidates:
        return None
    _, _, sentence, opinion = max(candidates, key=lambda one: one[:2])
    return {"quote": cut(sentence), "reviewer": opinion.reviewer, "tool": opinion.tool}


def sentence_score(sentence: str, opinion: Opinion) -> float:
    words = len(sentence.split())
    fit = 2.0 if 9 <= words <= 24 else 1.0 if 6 <= words <= LONGEST_SENTENCE else 0.0
    leans_on_others = bool(LEANING.match(sentence))  # it reads oddly without the sentence before it
    return fit + 0.5 * bool(re.search(r"\d", sentence)) + 0.5 * opinion.is_anchored - leans_on_others


def cut(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= LONGEST_SENTENCE else " ".join(words[:LONGEST_SENTENCE]).rstrip(",;:") + " …"


def subject_of(week: Week) -> str:
    """Names first: they are what a reader recognises in an inbox."""
    if week.entries:
        rest = f" And {count_word(len(week.entries) - 1)} more" if len(week.entries) > 1 else ""
        return f"{question_of(week.entries[0], ends=bool(rest))}{rest}"
    if week.changed:
        return f"Verdicts that changed: {', '.join(dict.fromkeys(one['tool'] for one in week.changed))[:80]}"
    return f"A quiet week, No. {week.number}"


def question_of(entry: EntryView, ends: bool) -> str:
    """'Kettle or Emberloaf?'; of one tool there is no question: 'Kettle: ship', a full stop when more follows."""
    if len(entry.tools) > 1:
        return f"{' or '.join(tool.name for tool in entry.tools)}?"
    [tool] = entry.tools
    return f"{tool.name}: {tool.outcome}{'.' if ends else ''}"


def preheader_of(week: Week) -> str:
    if not week.entries:
        return week.note.split(". ")[0][:110] if week.note else "What moved under the verdicts of earlier weeks."
    return ", ".join(
        f"{tool.name} {say_verdict(tool.outcome, tool.ships, tool.skips)}" for tool in week.entries[0].tools
    )


def count_word(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def minutes_to_read(content: dict[str, Any]) -> int:
    said = [content["intro"], content["note"]]
    for entry in content["entries"]:
        said += [entry["answer"], entry["jobs"], entry["update_why"], *(tool["tagline"] for tool in entry["tools"])]
        said += [best["quote"] for best in (entry["best_for"], entry["best_against"]) if best]
    said += [one["what"] for one in content["changed"]] + [
        f"{one['name']} {one['tagline']}" for one in content["quick"]
    ]
    return max(1, math.ceil(sum(len(text.split()) for text in said) / WORDS_A_MINUTE))


def say_votes(ships: int, skips: int) -> str:
    """The larger side stands first: SHIP 3–1, SKIP 3–1."""
    return f"{max(ships, skips)}–{min(ships, skips)}"


def say_verdict(outcome: str, ships: int, skips: int) -> str:
    return f"{outcome.upper()} {say_votes(ships, skips)}"


def say_price(tier: str | None, price: str | None, licence: str | None) -> str:
    """What a reader pays to begin. `licence` is an open-source licence: it says what may be done, not what it costs."""
    if tier in ("Free", "Contact sales"):
        return tier
    if tier == "Freemium" and price:
        return f"Free plan, then {price}"
    if price:
        return f"Open source ({licence}), or {price}" if licence else price
    if licence:
        return f"Open source, {licence}"
    return "Free plan" if tier == "Freemium" else "Price not stated"
