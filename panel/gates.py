"""What keeps a tool, or two tools, out of a comparison. Each refusal is one sentence. Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from catalog.addresses import registrable_domain
from catalog.categories import DIFFERENT_JOBS, OTHER, title
from catalog.names import name_key
from catalog.neighbours import likeness
from db.words import Availability
from panel.candidates import Candidate

READ_WITHIN = timedelta(days=7)
ALIKE = 0.10  # so much two tools of one category have to share where no source's topics speak for them
WRAPS = (
    r"wrappers?|plug-?ins?|extensions?|add-?ons?|clients?|front-?ends?|guis?|sdks?|bindings?|connectors?|integrations?|"
    r"forks?"
)
BUILT = r"built (?:on|with|around|for|upon)|based on|powered by|runs on|on top of|made for"
WORD = re.compile(r"[^\W_]+")
Gate = Callable[[Candidate, Candidate, datetime], str]


def refuse_tool(one: Candidate, now: datetime) -> str:
    """Why this tool is not complete enough to be compared; empty when it is."""
    if one.availability != Availability.ALIVE:
        return f"{one.name}'s own page could not be read ({one.availability})."
    if one.last_read_at is None or one.last_read_at < now - READ_WITHIN:
        when = f"last read on {one.last_read_at:%d %B}".replace(" 0", " ") if one.last_read_at else "never read"
        return f"{one.name} was {when}; what we know of it must be at most 7 days old."
    if one.category == OTHER:
        return f"{one.name} fits no category of ours, so nothing says what it would replace."
    if not one.home_url:
        return f"{one.name} has no page of its own."
    if one.repository and not one.licence:
        return f"{one.name} has a repository, and we found no licence for it."
    if not (one.tier or one.price or one.licence):
        return f"Neither a price nor a licence of {one.name} is known for sure."
    if not one.traction:
        return f"No source counts how much attention {one.name} got."
    return ""


def refuse_pair(a: Candidate, b: Candidate, now: datetime) -> str:
    """Why these two are no pair; empty when they may be one."""
    return next((why for gate in GATES if (why := gate(a, b, now))), "")


def one_owner(a: Candidate, b: Candidate, now: datetime) -> str:
    shared = sorted(a.owners & b.owners)
    return f"{a.name} and {b.name} have one owner ({shared[0]})." if shared else ""


def nothing_new(a: Candidate, b: Candidate, now: datetime) -> str:
    return (
        ""
        if a.is_new(now) or b.is_new(now)
        else f"Neither {a.name} nor {b.name} is new: both launched over 14 days ago."
    )


def one_product(a: Candidate, b: Candidate, now: datetime) -> str:
    """A fork, a wrapper, or a part of the other."""
    if a.repository and b.repository and repository_name(a) == repository_name(b):
        return f"One is a fork of the other: both repositories are called {repository_name(a)}."
    for one, other in ((a, b), (b, a)):
        if wraps(one, other):
            return f"{one.name} is made for {other.name}, or from it, so it is no rival."
        if is_named_within(one, other) and is_linked(one, other):
            return f"{other.name} looks like a part of {one.name}: it carries its name and leads to it."
    return f"{a.name} and {b.name} share one name." if name_key(a.name) == name_key(b.name) else ""


def repository_name(one: Candidate) -> str:
    return (one.repository or "").rpartition("/")[2].lower()


def wraps(one: Candidate, other: Candidate) -> bool:
    """'A plugin for Kettle', 'a Kettle client', 'built on Kettle', 'a fork of Kettle'."""
    name = rf"(?:the )?{re.escape(other.name)}(?![\w-])"
    said = rf"(?<!\w)(?:(?:{WRAPS}) (?:for|of|to|around) {name}|(?:{BUILT}) {name}|{name} (?:{WRAPS})\b)"
    return len(other.name) > 2 and re.search(said, one.text, re.I) is not None


def is_named_within(one: Candidate, other: Candidate) -> bool:
    """'Kettle' stands within 'Kettle Desktop', word for word."""
    short, long = (f" {' '.join(WORD.findall(name.lower()))} " for name in (one.name, other.name))
    return short != long and short in long


def is_linked(a: Candidate, b: Candidate) -> bool:
    """One domain, or one's words lead to the other's address."""
    if registrable_domain(a.home_url) == registrable_domain(b.home_url) and not a.owners.isdisjoint(b.owners):
        return True
    return any(place in one.text.lower() for one, other in ((a, b), (b, a)) for place in places_of(other))


def places_of(one: Candidate) -> list[str]:
    home = one.home_url.removeprefix("https://").rstrip("/").lower()
    return [place for place in (home, one.repository) if place]


def another_job(a: Candidate, b: Candidate, now: datetime) -> str:
    """Two signals have to say that they do one job; of two jobs that meet, one of them has to speak of the other."""
    if a.category != b.category and not jobs_of(a, b):
        places = f"{a.name} is filed under {title(a.category).lower()}, {b.name} under {title(b.category).lower()}"
        return f"They do different jobs: {places}."
    if a.topics & b.topics or names_rival(a, b) or likeness(a.words, b.words) >= ALIKE:
        return ""
    if a.category != b.category:
        return f"They do different jobs, and {a.name} and {b.name} share no topic and few words."
    little = f"{a.name} and {b.name} share no topic and few words"
    return f"Only the category {title(a.category).lower()} speaks for one job: {little}."


def jobs_of(a: Candidate, b: Candidate) -> str:
    """The label of two jobs that readers weigh against each other, where these are two such."""
    return DIFFERENT_JOBS.get(frozenset({a.category, b.category}), "")


def names_rival(a: Candidate, b: Candidate) -> tuple[Candidate, Candidate] | None:
    """(who names, who is named): one's own page sets it beside the other."""
    for one, other in ((a, b), (b, a)):
        wanted = {name_key(other.name), other.slug.replace("-", "")}
        if any(name_key(rival) in wanted for rival in one.rivals):
            return one, other
    return None


GATES: tuple[Gate, ...] = (one_owner, one_product, nothing_new, another_job)
