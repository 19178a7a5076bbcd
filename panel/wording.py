"""How a comparison is called, and what its answer looks like: of two tools, or of one that stands alone."""

from db.models import Tool


def title_of(tools: tuple[Tool, ...]) -> str:
    names = [tool.name for tool in tools]
    return " vs ".join(names) if len(names) > 1 else f"{names[0]}, on its own"


def answer_form(tools: tuple[Tool, ...]) -> str:
    """The sentence a reader decides by, with its reasons left open."""
    if len(tools) > 1:
        return f"Ship with {tools[0].name} if …; with {tools[1].name} if …"
    return f"Ship {tools[0].name} if …; skip it if …"
