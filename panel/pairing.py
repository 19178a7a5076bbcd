"""Which tools are worth comparing, and why: read the store, choose, and write what is proposed. Run again, it
proposes nothing again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from catalog.categories import DIFFERENT_JOBS, OTHER
from catalog.names import name_key
from catalog.neighbours import find_neighbours, learn_rarity
from db.models import Comparison, Tool
from db.words import Availability, ComparisonState
from panel.attention import strong_launches
from panel.candidates import NEW, Candidate, load_candidates
from panel.gates import READ_WITHIN
from panel.pair_history import History, read_history
from panel.pair_reason import say_pair, say_single
from panel.pair_score import LEAST_SCORE, Scored
from panel.shortlist import Refused, Shortlist, Single, choose

MOST_NEW = 400  # tools looked at in one go, the newest first
NEAREST = 10
WAITING = (ComparisonState.PENDING, ComparisonState.DRAFTED, ComparisonState.RECHECK)
MOST_NAMED = 200  # rivals that pages name


@dataclass(frozen=True)
class Proposals:
    """What was written, and what was refused."""

    pairs: list[Comparison]
    singles: list[Comparison]
    refused: tuple[Refused, ...]
    tools: Mapping[int, Candidate]

    @property
    def written(self) -> list[Comparison]:
        return [*self.pairs, *self.singles]


def propose_pairs(session: Session, now: datetime) -> Proposals:
    """Write the best new pairs, and the strong launches without a rival, as pending comparisons."""
    history = read_history(session, now)
    new, near = find_candidates(session, now)
    chosen = choose(new, near, history, strong_launches(session, now), now)
    return write_proposals(session, chosen, history, now)


# ── what the store knows ─────────────────────────────────────────────────────────────────────────


def find_candidates(session: Session, now: datetime) -> tuple[list[Candidate], dict[int, list[Candidate]]]:
    """(the new tools, of each those most like it and those its pages name)"""
    tools = find_new(session, now)
    rarity = learn_rarity(session)
    readable = [tool for tool in tools if tool.availability == Availability.ALIVE and tool.category != OTHER]
    ids = find_neighbours(session, by_category(readable), now - READ_WITHIN, NEAREST)
    known = load_candidates(session, tools, rarity)
    named = find_named(session, [known[tool.id] for tool in readable if tool.id is not None])
    wanted = {other for near in (*ids.values(), *named.values()) for other in near} - known.keys()
    rows = session.exec(select(Tool).where(col(Tool.id).in_(sorted(wanted)))).all() if wanted else []
    known |= load_candidates(session, rows, rarity)
    near = {tool.id: dict.fromkeys([*named.get(tool.id, ()), *ids.get(tool.id, ())]) for tool in known.values()}
    return (
        [known[tool.id] for tool in tools if tool.id is not None],
        {tool_id: [known[other] for other in others if other in known] for tool_id, others in near.items()},
    )


def find_new(session: Session, now: datetime) -> list[Tool]:
    query = select(Tool).where(col(Tool.launched_at) >= now - NEW)
    return list(session.exec(query.order_by(col(Tool.launched_at).desc(), col(Tool.id)).limit(MOST_NEW)))


def by_category(tools: Iterable[Tool]) -> dict[str, list[Tool]]:
    """Category → the tools to look for rivals of in it: its own, and those of a job that meets it."""
    wanted: dict[str, list[Tool]] = defaultdict(list)
    for tool in tools:
        wanted[tool.category].append(tool)
        for pair in DIFFERENT_JOBS:
            for other in pair - {tool.category} if tool.category in pair else ():
                wanted[other].append(tool)
    return wanted


def find_named(session: Session, candidates: Iterable[Candidate]) -> dict[int, list[int]]:
    """Tool → the tools its own pages name as rivals."""
    keys = {one.id: {key for rival in one.rivals if (key := name_key(rival))} for one in candidates}
    every = sorted(set().union(*keys.values()))[:MOST_NAMED] if keys else []
    query = select(Tool.name_key, Tool.id).where(col(Tool.name_key).in_(every)).order_by(col(Tool.id))
    known = defaultdict(list)
    for key, tool_id in session.exec(query) if every else []:
        known[key].append(tool_id or 0)
    return {one: [other for key in sorted(wanted) for other in known.get(key, ())] for one, wanted in keys.items()}


# ── what is written ──────────────────────────────────────────────────────────────────────────────


def write_proposals(session: Session, chosen: Shortlist, history: History, now: datetime) -> Proposals:
    pairs = [build_pair(pair, history, now) for pair in chosen.pairs]
    singles = [build_single(single, history, now) for single in chosen.singles]
    for row in (*pairs, *singles):
        row.slug = free_slug(session, row.slug)
        session.add(row)
        session.flush()
    tools = {tool.id: tool for pair in chosen.pairs for tool in (pair.a, pair.b)}
    return Proposals(pairs, singles, chosen.refused, tools | {one.tool.id: one.tool for one in chosen.singles})


def build_pair(pair: Scored, history: History, now: datetime) -> Comparison:
    return Comparison(
        slug=f"{pair.a.slug}-vs-{pair.b.slug}",
        tool_a_id=pair.a.id,
        tool_b_id=pair.b.id,
        score=pair.score,
        score_parts=pair.stored_parts,
        reason=say_pair(pair, now),
        jobs=pair.jobs,
        update_why=what_moved(history, pair.a, pair.b),
        created_at=now,
    )


def build_single(single: Single, history: History, now: datetime) -> Comparison:
    return Comparison(
        slug=single.tool.slug,
        tool_a_id=single.tool.id,
        score=LEAST_SCORE,  # as the weakest pair that is proposed
        score_parts=[{"part": "attention", "points": LEAST_SCORE, "why": f"It drew {single.attention}."}],
        reason=say_single(single.tool, single.attention, single.nearest.name if single.nearest else "", single.refusal),
        update_why=what_moved(history, single.tool),
        created_at=now,
    )


def what_moved(history: History, *tools: Candidate) -> str:
    return " ".join(history.moved[tool.id] for tool in tools if tool.id in history.moved)


def free_slug(session: Session, slug: str) -> str:
    """A tool that was renamed may have left its old slug to another."""
    taken = set(session.exec(select(Comparison.slug).where(col(Comparison.slug).startswith(slug, autoescape=True))))
    return next(one for n in range(1, len(taken) + 2) if (one := slug if n == 1 else f"{slug}-{n}") not in taken)


# ── what is told ─────────────────────────────────────────────────────────────────────────────────


def tell(session: Session, proposals: Proposals) -> dict[str, list[dict[str, Any]]]:
    """The shortlist as a document."""
    tools = {tool_id: name_tool(tool) for tool_id, tool in proposals.tools.items()}
    return {
        "proposed": [tell_comparison(row, tools) for row in proposals.pairs],
        "singles": [tell_comparison(row, tools) for row in proposals.singles],
        "waiting": tell_waiting(session, proposals),
        "refused": [tell_refused(one) for one in proposals.refused],
    }


def tell_waiting(session: Session, proposals: Proposals) -> list[dict[str, Any]]:
    """What was proposed before and awaits its decision, the best first."""
    known = {row.id for row in proposals.written}
    waiting = session.exec(select(Comparison).where(col(Comparison.state).in_(WAITING))).all()
    rows = sorted((row for row in waiting if row.id not in known), key=lambda row: (-row.score, row.id or 0))
    ids = {tool_id for row in rows for tool_id in row.tool_ids}
    tools = {tool.id or 0: name_tool(tool) for tool in session.exec(select(Tool).where(col(Tool.id).in_(ids)))}
    return [tell_comparison(row, tools) | {"state": row.state} for row in rows]


def tell_comparison(row: Comparison, tools: Mapping[int, dict[str, str]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "slug": row.slug,
        "tools": [tools[tool_id] for tool_id in row.tool_ids],
        "score": row.score,
        "reason": row.reason,
        "parts": row.score_parts,
        "jobs": row.jobs,
        "label": "update" if row.update_why else "new",
        "update_why": row.update_why,
    }


def tell_refused(one: Refused) -> dict[str, Any]:
    return {
        "tools": [name_tool(tool) for tool in one.tools],
        "score": one.scored.score if one.scored else None,
        "parts": one.scored.stored_parts if one.scored else [],
        "why": one.why,
    }


def name_tool(tool: Candidate | Tool) -> dict[str, str]:
    return {"slug": tool.slug, "name": tool.name}
