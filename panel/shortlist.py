"""The choice among candidates: pairs, tools worth a verdict of their own, and why the others are not. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from panel.candidates import Candidate
from panel.gates import refuse_pair, refuse_tool
from panel.pair_history import History
from panel.pair_score import LEAST_SCORE, Scored, score_pair

MOST_PAIRS = 12  # a week
MOST_OF_A_CATEGORY = 2  # a week
MOST_SINGLES = 4  # a week
NEAREST_REFUSED = 3  # told of a tool that found no rival
MOST_REFUSED = 150


@dataclass(frozen=True)
class Refused:
    tools: tuple[Candidate, ...]
    why: str
    scored: Scored | None = None


@dataclass(frozen=True)
class Single:
    tool: Candidate
    attention: str
    nearest: Candidate | None = None  # the tool most like it …
    refusal: str = ""  # … and why the two are no pair


@dataclass(frozen=True)
class Shortlist:
    pairs: tuple[Scored, ...] = ()
    singles: tuple[Single, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass
class Choice:
    """What is known while choosing."""

    history: History
    now: datetime
    pairs: list[Scored] = field(default_factory=list)
    taken: dict[int, Scored] = field(default_factory=dict)
    refused: dict[frozenset[int], Refused] = field(default_factory=dict)
    of_category: Counter[str] = field(default_factory=Counter)

    def refuse(self, tools: tuple[Candidate, ...], why: str, scored: Scored | None = None) -> None:
        self.refused.setdefault(frozenset(tool.id for tool in tools), Refused(tools, why, scored))


def choose(
    new: Sequence[Candidate],
    near: Mapping[int, Sequence[Candidate]],
    history: History,
    strong: Mapping[int, str],
    now: datetime,
) -> Shortlist:
    """
    Args:
        new: tools that launched lately.
        near: tool → those most like it, and those it names.
        strong: tool → the attention it drew, where that was high.
    """
    choice = Choice(history, now, of_category=Counter(history.of_category))
    fit = [tool for tool in sorted(new, key=by_slug) if is_fit(choice, tool)]
    scored = {frozenset((pair.a.id, pair.b.id)): pair for tool in fit for pair in score_near(choice, tool, near)}
    take_best(choice, scored.values())
    left = [tool for tool in fit if tool.id not in choice.taken]
    told = list(told_of(choice, left))
    return Shortlist(
        pairs=tuple(choice.pairs),
        singles=tuple(choose_singles(choice, left, strong)),
        refused=tuple(told[:MOST_REFUSED]),
    )


def by_slug(tool: Candidate) -> str:
    return tool.slug


def is_fit(choice: Choice, tool: Candidate) -> bool:
    why = why_not(choice, tool)
    if why:
        choice.refuse((tool,), why)
    return not why


def why_not(choice: Choice, tool: Candidate) -> str:
    if tool.id in choice.history.resting:
        return f"{tool.name} rests: {choice.history.resting[tool.id]}."
    return refuse_tool(tool, choice.now)


def score_near(choice: Choice, tool: Candidate, near: Mapping[int, Sequence[Candidate]]) -> Iterator[Scored]:
    for other in near.get(tool.id, ()):
        if other.id == tool.id:
            continue
        pair = score_pair(tool, other, choice.now)
        why = refuse_pair(pair.a, pair.b, choice.now) or why_not(choice, other)
        if (pair.a.id, pair.b.id) in choice.history.paired:
            why = f"{pair.a.name} and {pair.b.name} were paired before."
        if why:
            choice.refuse((pair.a, pair.b), why, pair)
        else:
            yield pair


def take_best(choice: Choice, scored: Iterable[Scored]) -> None:
    """Best first, each tool once, no more of a category than an edition bears."""
    for pair in sorted(scored, key=lambda one: (-one.score, one.a.slug, one.b.slug)):
        why = why_not_taken(choice, pair)
        if why:
            choice.refuse((pair.a, pair.b), why, pair)
            continue
        choice.pairs.append(pair)
        choice.taken |= {pair.a.id: pair, pair.b.id: pair}
        choice.of_category[pair.a.category] += 1


def why_not_taken(choice: Choice, pair: Scored) -> str:
    for tool in (pair.a, pair.b):
        better = choice.taken.get(tool.id)
        if better:
            return f"{tool.name} is in a better pair: {better.a.name} and {better.b.name}."
    if pair.score < LEAST_SCORE:
        return f"The pair is weak: {pair.score:g} points, and a comparison needs {LEAST_SCORE:g}."
    if choice.of_category[pair.a.category] >= MOST_OF_A_CATEGORY:
        return f"This week already has {MOST_OF_A_CATEGORY} comparisons of its category."
    if choice.history.pairs + len(choice.pairs) >= MOST_PAIRS:
        return f"This week already has {MOST_PAIRS} proposed pairs."
    return ""


def choose_singles(choice: Choice, left: Iterable[Candidate], strong: Mapping[int, str]) -> Iterator[Single]:
    """Strong launches without a rival, the more attention the sooner."""
    fit = [tool for tool in left if tool.id in strong and tool.id not in choice.history.alone]
    fit = [tool for tool in fit if choice.of_category[tool.category] < MOST_OF_A_CATEGORY]
    room = max(0, MOST_SINGLES - choice.history.singles)
    for tool in sorted(fit, key=lambda tool: (-max(tool.traction.values()), tool.slug))[:room]:
        yield explain(tool, strong[tool.id], nearest_refused(choice, tool))


def explain(tool: Candidate, attention: str, refused: Iterable[Refused]) -> Single:
    """With the nearest tool of its job, where there is one."""
    for one in refused:
        other = one.tools[0] if one.tools[1].id == tool.id else one.tools[1]
        if other.category == tool.category:
            return Single(tool, attention, other, one.why)
    return Single(tool, attention)


def told_of(choice: Choice, left: Sequence[Candidate]) -> Iterator[Refused]:
    """Of each tool without a pair the nearest that were refused; then the tools that are not fit themselves."""
    told: set[frozenset[int]] = set()
    for tool in left:
        nearest = nearest_refused(choice, tool)
        if not nearest:
            yield Refused((tool,), f"No other tool of its category is like {tool.name}.")
        for one in nearest[:NEAREST_REFUSED]:
            ids = frozenset(tool.id for tool in one.tools)
            if ids not in told:
                told.add(ids)
                yield one
    yield from (one for one in choice.refused.values() if len(one.tools) == 1)


def nearest_refused(choice: Choice, tool: Candidate) -> list[Refused]:
    found = [one for ids, one in choice.refused.items() if tool.id in ids and one.scored]
    return sorted(found, key=lambda one: (-score_of(one), [other.slug for other in one.tools]))


def score_of(refused: Refused) -> float:
    return refused.scored.score if refused.scored else 0.0
