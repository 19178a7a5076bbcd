"""Why this pair, or this tool alone, in one sentence an editor would say. Pure."""

from datetime import datetime

from catalog.categories import title
from panel.candidates import Candidate
from panel.gates import names_rival
from panel.pair_score import Scored, contrasts
from panel.tool_words import JOBS, listed, say_launches, say_terms


def say_pair(pair: Scored, now: datetime) -> str:
    """The job, who names whom, what sets them apart, and how new they are."""
    a, b = pair.a, pair.b
    opening = say_job(pair)
    if named := names_rival(a, b):
        opening += f", and {named[0].name}'s own page names {named[1].name}"
    return f"{opening}; {say_contrast(a, b)}, and {say_launches(a, b, now)}."


def say_job(pair: Scored) -> str:
    if pair.jobs:
        return f"They do different jobs ({pair.jobs.removeprefix('Different jobs: ').rstrip('.')})"
    category = pair.a.category
    return f"Both {JOBS[category]}" if category in JOBS else f"Both are listed under {title(category).lower()}"


def say_contrast(a: Candidate, b: Candidate) -> str:
    """Price and licence; where neither differs, who runs it or where it runs."""
    said = f"{a.name} {say_terms(a)}", f"{b.name} {say_terms(b)}"
    if say_terms(a) != say_terms(b):
        return ", ".join(said)
    if contrasts(a, b)["who runs it"]:
        return f"{a.name} is {a.hosting}, {b.name} is {b.hosting}"
    if contrasts(a, b)["platform"]:
        return f"{a.name} is for {listed(a.platforms)}, {b.name} for {listed(b.platforms)}"
    return f"each {say_terms(a)}"


def say_single(one: Candidate, attention: str, nearest: str, refusal: str) -> str:
    """
    Args:
        nearest: the name of the tool most like it, empty when none is; `refusal` says why it is no rival.
    """
    why = "no other tool we know does its job"
    if nearest:
        why = f"the nearest tool, {nearest}, is no match: {lower_first(refusal.rstrip('.'))}"
    return f"{one.name} {say_terms(one)} and drew {attention}, but {why}."


def lower_first(text: str) -> str:
    """Within a sentence; a name keeps its capital."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first in ("Only", "They", "Both", "One", "Neither", "No", "The") else text
