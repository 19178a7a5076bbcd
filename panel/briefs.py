"""The brief: the tools' facts side by side, with what is missing; no model needed, and never shown as a review."""

from sqlmodel import Session

from catalog.facts import current_facts
from db.models import Comparison, Fact, Tool
from panel.decisions import tools_of

EXPECTED = ("tier", "entry_price", "licence")
LONGEST_QUOTE = 300


def write_brief(session: Session, comparison: Comparison) -> str:
    tools = tools_of(session, comparison)
    parts = [f"{'Why these two' if len(tools) > 1 else 'Why it stands alone'}: {fenced(comparison.reason)}"]
    if comparison.update_why:
        parts.append(f"Readers have seen it before; since then: {fenced(comparison.update_why)}")
    for tool in tools:
        parts.append(describe_tool(tool, current_facts(session, tool.id or 0)))
    return "\n\n".join(parts)


def describe_tool(tool: Tool, facts: list[Fact]) -> str:
    lines = [f"## {fenced(tool.name)}", f"Says of itself: {fenced(tool.tagline)}"]
    lines += [f"- {fact.key} ({fact.label}, {fact.verified_at:%Y-%m-%d}): {fenced(fact.quote)}" for fact in facts]
    missing = [key for key in EXPECTED if key not in {fact.key for fact in facts}]
    return "\n".join([*lines, f"Not known: {', '.join(missing) or 'nothing of what we look for'}"])


def fenced(text: str) -> str:
    """Scraped words between marks they cannot close themselves."""
    flat = " ".join(text.split())[:LONGEST_QUOTE]
    return f"<page>{flat.replace('<', '‹').replace('>', '›')}</page>"
