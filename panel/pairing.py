"""Which two tools are worth comparing, and why. Gates first, then a score whose parts are said in words."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from sqlmodel import Session, col, or_, select

from catalog.categories import DIFFERENT_JOBS, OTHER, title
from catalog.facts import current_facts, find_fact
from catalog.identity import owner_of
from db.models import Comparison, Fact, Launch, Snapshot, Tool
from db.words import Availability, ComparisonState, LaunchKind

NEW = timedelta(days=14)
REST = timedelta(weeks=4)  # a tool that was in a comparison rests so long
LEAST_SCORE = 25.0
MOST_PAIRS = 12
OPEN = (ComparisonState.PENDING, ComparisonState.DRAFTED, ComparisonState.APPROVED, ComparisonState.RECHECK)
WORD = re.compile(r"[a-z][a-z0-9-]{2,}")


@dataclass(frozen=True)
class Candidate:
    """A tool with what pairing looks at; no database behind it."""

    id: int
    name: str
    slug: str
    category: str
    owner: str
    is_new: bool
    words: dict[str, float]  # weighted, length 1
    rivals: tuple[str, ...]
    tier: str | None
    price: str | None
    licence: str | None
    traction: int | None


@dataclass(frozen=True)
class Pair:
    a: Candidate
    b: Candidate
    score: float
    reasons: tuple[str, ...]
    jobs: str = ""

    @property
    def reason(self) -> str:
        return "; ".join(self.reasons)


@dataclass
class Corpus:
    """How many tools use a word: the rarer, the more it says."""

    texts: dict[int, Counter[str]] = field(default_factory=dict)

    @cached_property
    def used_by(self) -> Counter[str]:
        return Counter(word for text in self.texts.values() for word in text)

    def weights(self, tool_id: int) -> dict[str, float]:
        raw = {
            word: (1 + math.log(count)) * math.log(1 + len(self.texts) / self.used_by[word])
            for word, count in self.texts.get(tool_id, Counter()).items()
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {word: value / length for word, value in raw.items()}


def propose_pairs(session: Session, now: datetime) -> list[Comparison]:
    """Write the best new pairs as pending comparisons; a pair is proposed once, whatever becomes of it."""
    used = used_pairs(session)
    resting = resting_tools(session, now)
    candidates = [one for one in find_candidates(session, now) if one.id not in resting]
    created = []
    for pair in choose_pairs(candidates, used):
        comparison = Comparison(
            slug=f"{pair.a.slug}-vs-{pair.b.slug}",
            tool_a_id=pair.a.id,
            tool_b_id=pair.b.id,
            score=pair.score,
            reason=pair.reason,
            jobs=pair.jobs,
            created_at=now,
        )
        session.add(comparison)
        created.append(comparison)
    session.flush()
    return created


def choose_pairs(candidates: list[Candidate], used: set[tuple[int, int]]) -> list[Pair]:
    """Best first, each tool once. Pure."""
    ordered = sorted(candidates, key=lambda one: one.id)
    scored = [
        pair
        for index, a in enumerate(ordered)
        for b in ordered[index + 1 :]
        if (a.id, b.id) not in used and (pair := score_pair(a, b)) is not None
    ]
    chosen: list[Pair] = []
    taken: set[int] = set()
    for pair in sorted(scored, key=lambda pair: (-pair.score, pair.a.id, pair.b.id)):
        if pair.score >= LEAST_SCORE and not {pair.a.id, pair.b.id} & taken and len(chosen) < MOST_PAIRS:
            chosen.append(pair)
            taken |= {pair.a.id, pair.b.id}
    return chosen


def score_pair(a: Candidate, b: Candidate) -> Pair | None:
    """None when a gate is shut: another job, the same owner, or nothing new about either."""
    jobs = DIFFERENT_JOBS.get(frozenset({a.category, b.category}), "")
    same_job = a.category == b.category and a.category != OTHER
    if not (same_job or jobs) or a.owner == b.owner or not (a.is_new or b.is_new):
        return None
    parts = [rivalry(a, b), overlap(a, b, jobs), contrast(a, b), balance(a, b), novelty(a, b)]
    score = round(sum(points for points, _ in parts), 1)
    return Pair(a, b, score, tuple(why for points, why in parts if points and why), jobs)


def rivalry(a: Candidate, b: Candidate) -> tuple[float, str]:
    for one, other in ((a, b), (b, a)):
        if any(rival.lower() in (other.name.lower(), other.slug) for rival in one.rivals):
            return 40.0, f"{one.name}'s own page names {other.name}"
    return 0.0, ""


def overlap(a: Candidate, b: Candidate, jobs: str) -> tuple[float, str]:
    shared = sum(weight * b.words.get(word, 0.0) for word, weight in a.words.items())
    points = min(35.0, 15.0 + 60.0 * shared)
    return (
        points,
        f"often weighed against each other. {jobs}".strip() if jobs else f"same job: {title(a.category).lower()}",
    )


def contrast(a: Candidate, b: Candidate) -> tuple[float, str]:
    said = []
    if a.tier and b.tier and a.tier != b.tier:
        said.append(f"{a.name} is {a.tier.lower()}, {b.name} {b.tier.lower()}")
    elif a.price and b.price and a.price != b.price:
        said.append(f"from {a.price} against {b.price}")
    if bool(a.licence) != bool(b.licence):
        free = a if a.licence else b
        said.append(f"{free.name} has a public licence ({free.licence})")
    return 7.5 * len(said), "; ".join(said)


def balance(a: Candidate, b: Candidate) -> tuple[float, str]:
    if not a.traction or not b.traction:
        return 3.0, ""
    ratio = max(a.traction, b.traction) / min(a.traction, b.traction)
    return (10.0, "similar attention") if ratio < 10 else (0.0, "")


def novelty(a: Candidate, b: Candidate) -> tuple[float, str]:
    return (5.0, "both new") if a.is_new and b.is_new else (0.0, "")


# ── what the store knows ─────────────────────────────────────────────────────────────────────────


def find_candidates(session: Session, now: datetime) -> list[Candidate]:
    """Tools that are alive, read, and placed in a category."""
    tools = session.exec(
        select(Tool)
        .where(Tool.availability == Availability.ALIVE, Tool.category != OTHER, col(Tool.last_read_at).is_not(None))
        .order_by(col(Tool.id))
    ).all()
    corpus = Corpus({tool.id or 0: Counter(WORD.findall(own_text(session, tool).lower())) for tool in tools})
    return [build_candidate(session, tool, corpus, now) for tool in tools]


def build_candidate(session: Session, tool: Tool, corpus: Corpus, now: datetime) -> Candidate:
    assert tool.id is not None
    facts = current_facts(session, tool.id)
    return Candidate(
        id=tool.id,
        name=tool.name,
        slug=tool.slug,
        category=tool.category,
        owner=owner_of(tool.home_url, tool.repository),
        is_new=tool.launched_at is not None and tool.launched_at >= now - NEW,
        words=corpus.weights(tool.id),
        rivals=tuple(name for fact in facts if fact.key == "compares_with" for name in fact.normal.get("names", ())),
        tier=value_of(facts, "tier"),
        price=value_of(facts, "entry_price"),
        licence=value_of(facts, "licence"),
        traction=traction_of(session, tool.id),
    )


def value_of(facts: list[Fact], key: str) -> str | None:
    fact = find_fact(facts, key)
    return fact.value if fact else None


def own_text(session: Session, tool: Tool) -> str:
    pages = select(Snapshot.text).where(Snapshot.tool_id == tool.id).order_by(col(Snapshot.id).desc()).limit(3)
    return " ".join([tool.tagline, *(text[:8000] for text in session.exec(pages))])


def traction_of(session: Session, tool_id: int) -> int | None:
    """Points and stars are not one score; the larger says about how much attention there was."""
    rows = session.exec(select(Launch.traction).where(Launch.tool_id == tool_id, Launch.kind == LaunchKind.LAUNCH))
    values = [int(value) for row in rows for name, value in row.items() if name in ("points", "stars")]
    return max(values, default=None)


def used_pairs(session: Session) -> set[tuple[int, int]]:
    pairs = session.exec(select(Comparison.tool_a_id, Comparison.tool_b_id))
    return {(a, b) for a, b in pairs if b is not None}


def resting_tools(session: Session, now: datetime) -> set[int]:
    """Tools in an undecided or unsent comparison, or published within the last weeks."""
    busy = select(Comparison).where(or_(col(Comparison.state).in_(OPEN), col(Comparison.published_at) > now - REST))
    return {tool_id for row in session.exec(busy) for tool_id in row.tool_ids}
