"""The tools of a category whose words are most like a tool's: TF-IDF, a category at a time.

Nothing is kept between calls, so nothing can be out of date: a category is read from the store in one query, asked
about all the tools at hand, and let go. How rare a word is, is told by a sample of the whole store.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from operator import itemgetter
from string import punctuation
from typing import Any

from sqlalchemy import String, cast, func
from sqlmodel import Session, col, select

from db.models import Tool
from db.words import Availability

MOST_LETTERS = 1200  # of one tool's text
SAMPLE = 10_000  # tools that tell how rare a word is
TOO_COMMON = 0.2  # a word in a fifth of all tools tells nothing …
SMALL = 50  # … unless there are only so few tools
LOOKED_AT = 5  # for each neighbour wanted so many are weighed exactly
SPACES = str.maketrans(dict.fromkeys(f"{punctuation}–—“”‘’…·•，。、！？：；（）", " "))
TOO_SMALL = frozenset(
    "a an and any are as at be but by can do does for from has have how if in into is it its more most no not of on or "
    "our so than that the their them then they this to us we what when where which who will with without you "
    "your".split()
)


@dataclass(frozen=True)
class Rarity:
    """How many tools of a sample use a word: the rarer, the more it says."""

    tools: int
    used_by: Mapping[str, int]

    def weight(self, word: str) -> float:
        used = self.used_by.get(word, 0)
        if word in TOO_SMALL or (self.tools > SMALL and used > TOO_COMMON * self.tools):
            return 0.0
        return math.log((1 + self.tools) / (1 + used)) + 1

    def weigh(self, text: str) -> dict[str, float]:
        """The text's words with their weights, of length 1 together."""
        raw = {word: count * self.weight(word) for word, count in Counter(words_of(text)).items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {word: weight / length for word, weight in raw.items() if weight}


@dataclass
class CategoryIndex:
    """The tools of one category by their words."""

    rarity: Rarity
    ids: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    weighed: dict[int, dict[str, float]] = field(default_factory=dict)

    def fill(self, ids: list[int], texts: list[str], asked: frozenset[str]) -> None:
        """
        Args:
            texts: as `plain` leaves them.
            asked: the words that will be asked for; no other is looked up.
        """
        self.ids, self.texts = ids, texts
        is_asked = (asked | {f"{word}s" for word in asked}).__contains__
        places = self.places
        for place, text in enumerate(texts):
            for word in filter(is_asked, text.split()):
                places[word].append(place)
        for word in [word for word in places if word != one_of(word)]:
            places[one_of(word)] += places.pop(word)

    def nearest(self, tool_id: int, text: str, most: int) -> list[tuple[int, float]]:
        """(tool, likeness from 0 to 1), the most alike first; of two as alike the older."""
        asked = self.rarity.weigh(text)
        shared: dict[int, float] = {}
        known = shared.get
        for word, weight in asked.items():
            points = weight * self.rarity.weight(word)
            for place in self.places.get(word, ()):
                shared[place] = known(place, 0.0) + points
        likely = nlargest(LOOKED_AT * most + 1, shared.items(), key=itemgetter(1))
        exact = [(self.ids[place], likeness(asked, self.words_at(place))) for place, _ in likely]
        others = [one for one in exact if one[0] != tool_id and one[1] > 0]
        return sorted(others, key=lambda one: (-one[1], one[0]))[:most]

    def words_at(self, place: int) -> dict[str, float]:
        if place not in self.weighed:
            self.weighed[place] = self.rarity.weigh(self.texts[place])
        return self.weighed[place]


def find_neighbours(
    session: Session, wanted: Mapping[str, Sequence[Tool]], read_since: datetime, most: int
) -> dict[int, list[int]]:
    """Of each tool its nearest in the categories it is asked about, the most alike first.

    Args:
        wanted: category → the tools to find neighbours for in it.
        read_since: what was not read since is no neighbour.
    """
    rarity = learn_rarity(session)
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for category in sorted(wanted):
        texts = {tool.id or 0: text_of(tool) for tool in wanted[category]}
        index = load_category(session, category, rarity, read_since, texts.values())
        for tool_id, text in texts.items():
            near[tool_id] += index.nearest(tool_id, text, most)
    return {tool_id: [other for other, _ in found] for tool_id, found in near.items()}


def load_category(
    session: Session, category: str, rarity: Rarity, read_since: datetime, asked: Iterable[str]
) -> CategoryIndex:
    """
    Args:
        asked: the texts whose neighbours will be looked for.
    """
    index = CategoryIndex(rarity)
    query = select(*columns()).where(
        Tool.category == category, Tool.availability == Availability.ALIVE, col(Tool.last_read_at) >= read_since
    )
    ids, texts = read_texts(session, query)
    index.fill(ids, texts, frozenset(word for text in asked for word in rarity.weigh(text)))
    return index


def read_texts(session: Session, query: Any) -> tuple[list[int], list[str]]:
    """Ids and plain texts in one string each: a row for every tool would take longer than all the rest."""
    found = query.subquery()
    ids, texts = session.execute(
        select(
            func.aggregate_strings(cast(found.c.id, String), "\n"),
            func.aggregate_strings(func.replace(found.c.text, "\n", " "), "\n"),
        )
    ).one()
    return ([int(one) for one in ids.split("\n")], plain(texts).split("\n")) if ids else ([], [])


def learn_rarity(session: Session) -> Rarity:
    """From all tools, or from every second, third … where there are more than a sample takes."""
    last = session.exec(select(func.max(Tool.id))).one() or 0
    step = max(1, math.ceil(last / SAMPLE))
    used_by: Counter[str] = Counter()
    _, texts = read_texts(session, select(*columns()).where(col(Tool.id).in_(range(step, last + 1, step))))
    for text in texts:
        used_by.update(set(words_of(text)))
    return Rarity(len(texts), used_by)


def columns() -> tuple[Any, ...]:
    """The id, and the text as `text_of` has it."""
    text = col(Tool.name) + " " + Tool.tagline + " " + func.substr(Tool.description, 1, MOST_LETTERS)
    return Tool.id, text.label("text")


def text_of(tool: Tool) -> str:
    return " ".join((tool.name, tool.tagline, tool.description[:MOST_LETTERS]))


def plain(text: str) -> str:
    return text.lower().translate(SPACES)


def words_of(text: str) -> list[str]:
    """Of "workflows" and "workflow" one is made."""
    return [one_of(word) for word in plain(text).split()]


def one_of(word: str) -> str:
    return word[:-1] if word[-1] == "s" and len(word) > 3 and word[-2] not in "sui" else word


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two weighed texts."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def telling_words(one: Mapping[str, float], other: Mapping[str, float], most: int) -> list[str]:
    """What two texts share, the most telling first."""
    shared: Iterable[str] = one.keys() & other.keys()
    return sorted(shared, key=lambda word: (-one[word] * other[word], word))[:most]
