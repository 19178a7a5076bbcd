"""A lifelike edition to render, send and archive in tests: `make_content()`, `make_content(entries=[])` for less."""

from typing import Any

HOME = "https://verdicts.example.org"
REVIEWERS = ["Builder", "Skeptic", "Futurist", "Founder"]
STANCES = {"#": "ship", "x": "skip", "-": "abstain"}


def make_site(**overrides: Any) -> dict[str, Any]:
    site = {"name": "AI Tool Verdicts", "home_url": HOME, "postal_address": "7 Rope Walk, Bristol BS1 6ZJ, UK"}
    return site | overrides


def make_tool(name: str = "Kettle", **overrides: Any) -> dict[str, Any]:
    """`signs` are the stances in the reviewers' order: # ship, x skip, - abstain."""
    signs = overrides.pop("signs", "###x")
    ships, skips = signs.count("#"), signs.count("x")
    slug = "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in name.lower()).split()) or "tool"
    tool = {
        "name": name,
        "slug": slug,
        "tagline": "Local-first agent runtime",
        "home_url": f"https://{slug}.example/",
        "outcome": "ship" if ships > skips else "skip" if skips > ships else "watch",
        "votes": f"{max(ships, skips)}–{min(ships, skips)}",
        "evidence": "documented",
        "marks": [{"reviewer": r, "stance": STANCES[s]} for r, s in zip(REVIEWERS, signs, strict=True)],
        "community": None,
        "price": "Free",
        "checked": "24 Nov",
    }
    return tool | overrides


def make_entry(position: int, first: dict[str, Any], second: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    slug = f"{first['slug']}-vs-{second['slug']}"
    entry = {
        "position": position,
        "slug": slug,
        "url": f"{HOME}/compare/{slug}",
        "jobs": "",
        "answer": f"Ship with {first['name']} if you self-host; with {second['name']} if you do not.",
        "tools": [first, second],
        "best_for": None,
        "best_against": None,
        "changes": [],
    }
    return entry | overrides


def make_single(position: int, tool: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """One tool on its own."""
    entry = make_entry(position, tool, tool, answer=f"Ship {tool['name']} if you self-host; skip it if you do not.")
    return entry | {"slug": tool["slug"], "url": f"{HOME}/compare/{tool['slug']}", "tools": [tool]} | overrides


def said(quote: str, reviewer: str, tool: str) -> dict[str, str]:
    return {"quote": quote, "reviewer": reviewer, "tool": tool}


def make_seed_entry() -> dict[str, Any]:
    return make_entry(
        1,
        make_tool(
            "Mistral 8x22B v2",
            tagline="Open-weights MoE, 141B in all, 39B active, Apache-2.0",
            home_url="https://mistral.ai/news/mixtral-8x22b",
        ),
        make_tool(
            "Modal GPU Serverless Inference",
            tagline="Serverless GPU inference with sub-second cold starts",
            home_url="https://modal.com/",
            signs="####",
            community="71 %",
            price="$30/month",
        ),
        slug="mistral-8x22b-v2-vs-modal-gpu-serverless-inference",
        jobs="Different jobs: weights against hosting.",
        answer="Ship with Mistral if you own the GPUs; with Modal if your traffic comes in bursts.",
        best_for=said(
            "The licence lets us keep the weights when the vendor changes its mind.", "Builder", "Mistral 8x22B v2"
        ),
        best_against=said("At steady load the per-second rate overtakes a rented card.", "Founder", "Modal"),
    )


def make_review_entry() -> dict[str, Any]:
    return make_entry(
        2,
        make_tool("Lintelope", tagline="Reviews pull requests in your own runner", price="$29/month", community="64 %"),
        make_tool(
            "Patchwren",
            tagline="Hosted review bot that opens fix commits",
            signs="#xx-",
            evidence="claimed",
            price="$49/month",
            community="38 %",
        ),
        answer="Ship with Lintelope if code may not leave your network; with Patchwren if you want fixes, not remarks.",
        best_for=said("It reads our own lint rules before it opens its mouth.", "Builder", "Lintelope"),
        best_against=said("The benchmark it quotes was written by the same team.", "Skeptic", "Patchwren"),
        changes=[
            {
                "tool": "Patchwren",
                "what": "entry price $29 → $49/month",
                "since": "18 Nov",
                "source_url": "https://patchwren.example/pricing",
            }
        ],
    )


def make_speech_entry() -> dict[str, Any]:
    return make_entry(
        3,
        make_tool("Dictaquill", tagline="Dictation that stays on the laptop", signs="#x#x", price="$6/month"),
        make_tool("Voxlathe", tagline="Speech-to-text API, 31 languages", signs="##-x", price="$0.004/minute"),
        answer="Ship with Dictaquill if audio must stay offline; with Voxlathe if you transcribe in bulk.",
        best_for=said("No account, no upload, no bill that grows with the meeting.", "Founder", "Dictaquill"),
        best_against=said("Four of its languages have no published error rate.", "Skeptic", "Voxlathe"),
    )


def make_search_entry() -> dict[str, Any]:
    return make_entry(
        4,
        make_tool("Nearfold", tagline="Vector search inside SQLite", price="Free", community="80 %"),
        make_tool(
            "Vectorbarn",
            tagline="Managed vector store with metered reads",
            signs="xx-x",
            evidence="first look",
            price="Price not stated",
            checked="",
        ),
        answer="Ship with Nearfold up to a few million rows; with Vectorbarn once one machine is not enough.",
        best_for=said("One file to back up, and the query planner knows about it.", "Builder", "Nearfold"),
        best_against=said("A store without a stated price is a negotiation.", "Founder", "Vectorbarn"),
    )


def make_lone_entry(position: int = 5) -> dict[str, Any]:
    return make_single(
        position,
        make_tool("Kettle", tagline="Runs open-weights models on the laptop you have", signs="##x#", price="$29/month"),
        best_for=said("It answers in 40 ms on a machine without a network.", "Builder", "Kettle"),
        best_against=said("A runtime of one author has one pair of hands.", "Skeptic", "Kettle"),
    )


def make_singles() -> dict[str, Any]:
    """What differs in a week of them: a pair that is an update, a new tool on its own, and one that is an update."""
    pair = make_review_entry() | {"position": 1, "update_why": "Patchwren: entry price $29 → $49/month"}
    moved = make_single(3, make_tool("Tern", signs="x--x", price="Free"), update_why="Tern: licence MIT → BUSL-1.1")
    scope = {"launches": 412, "sources": 9, "comparisons": 1, "singles": 2, "minutes": 2}
    subject = "Lintelope or Patchwren? And two more"
    return {"entries": [pair, make_lone_entry(2), moved], "scope": scope, "subject": subject, "changed": []}


def make_entries() -> list[dict[str, Any]]:
    return [make_seed_entry(), make_review_entry(), make_speech_entry(), make_search_entry()]


def make_change(**overrides: Any) -> dict[str, Any]:
    change = {
        "tool": "Cutctx",
        "was": "SHIP 3–1",
        "now": "re-check",
        "what": "entry price $49 → $1,500",
        "since": "21 Jun",
        "source_url": "https://cutctx.example/pricing",
        "url": f"{HOME}/compare/cutctx-vs-foldnote",
    }
    return change | overrides


def make_launch(name: str, tagline: str, price: str = "Free") -> dict[str, Any]:
    return {"name": name, "tagline": tagline, "price": price, "url": f"https://{name.lower()}.example/"}


def make_quick() -> list[dict[str, Any]]:
    return [
        make_launch("Emberloaf", "Evaluation harness that runs in CI"),
        make_launch("Gridlet", "Spreadsheet formulas from plain questions", "$12/month"),
        make_launch("Hedgerail", "Output filters for customer-facing bots", "Price not stated"),
        make_launch("Minutebird", "Meeting notes with the sources attached", "$8/month"),
        make_launch("Murmurite", "On-device voice cloning with consent receipts", "$1,500/year"),
        make_launch("Oldchoir", "Prompt archive with diffs and owners"),
        make_launch("Papertern", "Asks questions of scanned contracts", "$0.02/page"),
        make_launch("Tallyfinch", "Token budgets for each team and project", "$5/seat"),
    ]


def make_content(**overrides: Any) -> dict[str, Any]:
    """Four comparisons, one changed verdict, eight quick launches, approved by Ada."""
    entries = overrides.get("entries", make_entries())
    content = {
        "number": 42,
        "date": "Fri 27 Nov 2026",
        "date_iso": "2026-11-27",
        "subject": "Mistral 8x22B v2 or Modal? And three more verdicts",
        "preheader": "Weights against hosting, review bots, dictation, vector search. One verdict moved.",
        "site": make_site(),
        "web_url": f"{HOME}/editions/42",
        "scope": {"launches": 412, "sources": 9, "comparisons": len(entries), "minutes": 4},
        "intro": "",
        "note": "",
        "demonstration": True,
        "changed": [make_change()],
        "entries": entries,
        "quick": make_quick(),
        "approved_by": "Ada Moreno",
        "reviewers": REVIEWERS,
    }
    return content | overrides
