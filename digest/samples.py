"""A small made-up edition and letters, to see that every mail template renders."""

from typing import Any

from digest.render import render_digest, render_letter

SITE = {"name": "AI Tool Verdicts", "home_url": "https://verdicts.example", "postal_address": ""}
LETTERS: dict[str, dict[str, Any]] = {
    "confirm": {"address": "ben@example.org", "confirm_url": "https://verdicts.example/confirm/x", "expires_days": 7},
    "welcome": {
        "address": "ben@example.org",
        "next_send": "Fri 27 Nov 2026, 07:00",
        "archive_url": "https://verdicts.example/editions",
    },
    "goodbye": {"address": "ben@example.org", "subscribe_url": "https://verdicts.example/subscribe"},
    "reminder": {
        "edition_number": 1,
        "cutoff": "Fri 27 Nov 2026, 06:00",
        "waiting": 2,
        "approved": 3,
        "editor": "ada@verdicts.example",
    },
    "alert": {"what": "A sample.", "cure": "Nothing to do.", "raised": "Fri 27 Nov 2026, 06:00"},
}


def sample_tool(name: str, outcome: str) -> dict[str, Any]:
    stances = ["ship", "ship", "ship", "skip"] if outcome == "ship" else ["skip", "skip", "skip", "ship"]
    return {
        "name": name,
        "slug": name.lower(),
        "tagline": "A sample.",
        "home_url": "https://tool.example",
        "outcome": outcome,
        "votes": "3–1",
        "evidence": "documented",
        "marks": [{"reviewer": f"Lens {n}", "stance": stance} for n, stance in enumerate(stances)],
        "community": None,
        "price": "$29/month",
        "checked": "24 Nov",
    }


def sample_edition() -> dict[str, Any]:
    entry = {
        "position": 1,
        "slug": "a-vs-b",
        "url": "https://verdicts.example/compare/a-vs-b",
        "jobs": "",
        "update_why": "",
        "answer": "Ship with A if you host; with B if not.",
        "tools": [sample_tool("A", "ship"), sample_tool("B", "skip")],
        "best_for": {"quote": "Short.", "reviewer": "Builder", "tool": "A"},
        "best_against": None,
        "changes": [],
    }
    alone = entry | {
        "position": 2,
        "slug": "c",
        "url": "https://verdicts.example/compare/c",
        "update_why": "its price halved",
        "answer": "Ship C if you host; skip it if not.",
        "tools": [sample_tool("C", "ship")],
        "best_for": {"quote": "Short.", "reviewer": "Builder", "tool": "C"},
    }
    return {
        "number": 1,
        "date": "Fri 27 Nov 2026",
        "date_iso": "2026-11-27",
        "subject": "A or B? And one more",
        "preheader": "A SHIP 3–1",
        "site": SITE,
        "web_url": "https://verdicts.example/editions/1",
        "scope": {"launches": 1, "sources": 1, "comparisons": 1, "singles": 1, "minutes": 1},
        "intro": "",
        "note": "",
        "demonstration": False,
        "changed": [],
        "entries": [entry, alone],
        "quick": [],
        "approved_by": "",
        "reviewers": ["Builder", "Skeptic", "Futurist", "Founder"],
    }


def render_samples() -> int:
    """Render every template once; returns how many. Raises RenderError for the first that does not."""
    render_digest(sample_edition())
    for kind, context in LETTERS.items():
        render_letter(kind, {"site": SITE, **context})
    return 1 + len(LETTERS)
