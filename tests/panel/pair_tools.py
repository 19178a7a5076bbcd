"""Tools as pairing wants them: complete, alive, new; and a week of them."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from catalog.names import name_key
from db.models import Tool
from panel.candidates import Candidate
from tests.factories import MONDAY, make_fact, make_launch, make_tool, price

WORDS = {"local": 0.6, "runtime": 0.8}
KETTLE = Candidate(
    id=1,
    name="Kettle",
    slug="kettle",
    category="local-runtimes",
    home_url="https://kettle.example/",
    owners=frozenset({"kettle.example"}),
    launched_at=MONDAY,
    last_read_at=MONDAY,
    text="Kettle A local model runtime.",
    words=WORDS,
    tier="Free",
    traction={"points": 120},
)
EMBER = replace(
    KETTLE,
    id=2,
    name="Emberloaf",
    slug="emberloaf",
    home_url="https://emberloaf.example/",
    owners=frozenset({"emberloaf.example"}),
    text="Emberloaf A local model runtime for old laptops.",
)


def make_complete(session: Session, name: str, tagline: str, **values: object) -> Tool:
    """A tool no gate of its own holds back. `points`, `topics`, `amount`, `licence`, `rivals` are not columns."""
    points = values.pop("points", 120)
    topics = values.pop("topics", [])
    amount, licence, rivals = (values.pop(name, None) for name in ("amount", "licence", "rivals"))
    tool = make_tool(session, name, tagline=tagline, **({"name_key": name_key(name)} | values))
    make_launch(
        session, tool, traction={"points": points} if points else {}, topics=topics, launched_at=tool.launched_at
    )
    make_fact(session, tool, "tier", "Paid" if amount else "Free")
    if amount:
        price(session, tool, str(amount))
    if licence:
        make_fact(session, tool, "licence", str(licence), normal={"spdx": licence})
    if rivals:
        make_fact(session, tool, "compares_with", ", ".join(rivals), normal={"names": rivals})  # type: ignore[arg-type]
    return tool


def make_rivals(session: Session, **values: object) -> tuple[Tool, Tool]:
    tagline = "A local model runtime for your own laptop."
    return (
        make_complete(session, "Kettle", tagline, amount=9, **values),
        make_complete(session, "Emberloaf", tagline, amount=29, **values),
    )


LONG_AGO = MONDAY - timedelta(days=60)
