"""How good a pair is, part by part: each with its points and the words for them. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from catalog.neighbours import likeness, telling_words
from panel.candidates import UNITS, Candidate
from panel.gates import jobs_of, names_rival
from panel.tool_words import is_open_source, listed, said_aloud

# Each part outweighs all that a later one can give, save that two together may.
NAMED, OVERLAP, CONTRAST, BALANCE, NOVELTY = 40.0, 30.0, 16.0, 8.0, 5.0
NO_CONTEST = -20.0
FAIR = 10  # more than so many times the other's attention is no contest
LEAST_SCORE = 20.0
THIS_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Part:
    part: str
    points: float
    why: str


@dataclass(frozen=True)
class Scored:
    """Two tools that no gate keeps apart; `a` has the lower id."""

    a: Candidate
    b: Candidate
    parts: tuple[Part, ...]
    jobs: str = ""

    @property
    def score(self) -> float:
        return round(sum(part.points for part in self.parts), 1)

    @property
    def stored_parts(self) -> list[dict[str, Any]]:
        return [asdict(part) for part in self.parts]


def score_pair(one: Candidate, other: Candidate, now: datetime) -> Scored:
    a, b = sorted((one, other), key=lambda tool: tool.id)
    parts = (rivalry(a, b), overlap(a, b), contrast(a, b), balance(a, b), novelty(a, b, now))
    return Scored(a, b, tuple(part for part in parts if part.why), jobs_of(a, b))


def rivalry(a: Candidate, b: Candidate) -> Part:
    found = names_rival(a, b)
    return Part("names the rival", NAMED, f"{found[0].name}'s own page names {found[1].name}.") if found else nothing()


def overlap(a: Candidate, b: Candidate) -> Part:
    """Shared topics and shared words; two jobs that only meet count for half."""
    topics = sorted(a.topics & b.topics)
    points = min(OVERLAP, 6.0 + 60 * likeness(a.words, b.words) + 5 * len(topics))
    said = []
    if words := telling_words(a.words, b.words, 4):
        said.append(f"both speak of {listed([said_aloud(word) for word in words])}")
    if topics:
        said.append(f"both are filed under {listed(topics[:3])}")
    why = " and ".join(said) or "one category"
    return Part("overlap of the job", round(points / (2 if jobs_of(a, b) else 1), 1), f"{why[0].upper()}{why[1:]}.")


def contrast(a: Candidate, b: Candidate) -> Part:
    """What sets them apart that a reader can use."""
    told = [kind for kind, differs in contrasts(a, b).items() if differs]
    return Part("contrast", min(CONTRAST, 5.5 * len(told)), f"They differ in {listed(told)}.") if told else nothing()


def contrasts(a: Candidate, b: Candidate) -> dict[str, bool]:
    return {
        "price": (a.tier, a.price) != (b.tier, b.price) and bool(a.tier or a.price) and bool(b.tier or b.price),
        "licence": is_open_source(a) != is_open_source(b) or bool(a.licence and b.licence and a.licence != b.licence),
        "who runs it": bool(a.hosting and b.hosting) and a.hosting != b.hosting,
        "open weights": bool(a.weights and b.weights) and a.weights != b.weights,
        "platform": bool(a.platforms and b.platforms) and not set(a.platforms) & set(b.platforms),
    }


def balance(a: Candidate, b: Candidate) -> Part:
    """Only within one unit: stars against stars, points against points."""
    unit = next((unit for unit in UNITS if unit in a.traction and unit in b.traction), None)
    if unit is None:
        return Part(
            "balance of attention", 2.0, "No source counts both in one unit, so their attention is not compared."
        )
    ours, theirs = a.traction[unit], b.traction[unit]
    ratio = max(ours, theirs) / min(ours, theirs)
    if ratio >= FAIR:
        return Part("balance of attention", NO_CONTEST, f"No contest: {ours:,} {unit} against {theirs:,}.")
    points = round(BALANCE * (1 - (ratio - 1) / FAIR), 1)
    return Part("balance of attention", points, f"{ours:,} {unit} against {theirs:,}.")


def novelty(a: Candidate, b: Candidate, now: datetime) -> Part:
    if a.is_new(now) and b.is_new(now):
        return Part("novelty", NOVELTY, "Both are new.")
    return Part("novelty", NOVELTY / 2, f"{a.name if a.is_new(now) else b.name} is new.")


def nothing() -> Part:
    return Part("", 0.0, "")
