"""Two tools that are one, with everything a tool may have; and all the rows of a store, to compare."""

from typing import Any

from sqlmodel import Session, SQLModel, select

from db.models import (
    Change,
    Comparison,
    Contradiction,
    MergeProposal,
    Release,
    Review,
    Tool,
    ToolKey,
    ToolSlug,
    Verdict,
)
from tests.factories import MONDAY, make_fact, make_launch, make_tool

OF_THE_DECISION = {"merge", "audit_entry", "alert"}


def make_full(session: Session, name: str, versions: tuple[str, ...] = ("1.0",)) -> Tool:
    """A tool with a launch, a key, a former slug, releases, facts, a change and a contradiction."""
    tool = make_tool(session, name, name_key=name.lower())
    launch = make_launch(session, tool)
    before, after = make_fact(session, tool, "tier", "Free"), make_fact(session, tool, "tier", "Paid")
    session.add_all(
        [
            ToolKey(kind="url", value=tool.home_url, tool_id=tool.id or 0),
            ToolSlug(slug=f"old-{tool.slug}", tool_id=tool.id or 0, since=MONDAY),
            *(Release(tool_id=tool.id or 0, version=one, url=tool.home_url, launch_id=launch.id) for one in versions),
            Change(
                tool_id=tool.id or 0, key="tier", before_fact_id=before.id, after_fact_id=after.id, happened_at=MONDAY
            ),
            Contradiction(
                tool_id=tool.id or 0, key="tier", fact_a_id=before.id or 0, fact_b_id=after.id or 0, found_at=MONDAY
            ),
        ]
    )
    session.flush()
    return tool


def compare(session: Session, a: Tool, b: Tool | None, state: str = "pending", **values: Any) -> Comparison:
    ids = sorted(tool.id or 0 for tool in (a, b) if tool)
    decided = {"decided_by": "ada", "decided_at": MONDAY, "decided_why": "no", "answer": "Ship with A."}
    given = {
        "slug": f"{a.slug}-vs-{b.slug}" if b else a.slug,
        "tool_a_id": ids[0],
        "tool_b_id": ids[1] if b else None,
        "state": state,
        "score": 40.0,
        "reason": "same job",
        "created_at": MONDAY,
        "published_at": MONDAY if state == "published" else None,
    }
    comparison = Comparison(**given | (decided if state in ("approved", "published", "rejected") else {}) | values)
    session.add(comparison)
    session.flush()
    return comparison


def review(session: Session, comparison: Comparison, tool: Tool, reviewer: str = "builder") -> Review:
    made = Review(
        comparison_id=comparison.id or 0,
        tool_id=tool.id or 0,
        reviewer=reviewer,
        stance="ship",
        quote="Good.",
        written_by="panel",
        origin="model",
        written_at=MONDAY,
    )
    session.add(made)
    session.flush()
    return made


def verdict(session: Session, comparison: Comparison, tool: Tool, outcome: str = "ship") -> Verdict:
    made = Verdict(
        tool_id=tool.id or 0,
        comparison_id=comparison.id or 0,
        outcome=outcome,
        ships=3,
        skips=1,
        marks={},
        evidence="none",
        decided_at=MONDAY,
        approved_by="ada",
    )
    session.add(made)
    session.flush()
    return made


def ask(session: Session, a: Tool, b: Tool, state: str = "open") -> MergeProposal:
    low, high = sorted((a.id or 0, b.id or 0))
    made = MergeProposal(tool_a_id=low, tool_b_id=high, why="one name", state=state, created_at=MONDAY)
    session.add(made)
    session.flush()
    return made


def all_rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those that record what was decided."""
    session.flush()
    tables = SQLModel.metadata.sorted_tables
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in tables
        if table.name not in OF_THE_DECISION
    }
