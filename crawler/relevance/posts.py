"""What is judged, and what speaks for or against it: a post, a clue to look for, a point given. Pure."""

import re
from dataclasses import dataclass


def any_of(*words: str) -> re.Pattern[str]:
    """One pattern for whole words or phrases, to be looked for in small letters, which is far quicker than to look for
    either case; letters of other scripts may touch them."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])")


@dataclass(frozen=True)
class Post:
    """One announcement as it is judged."""

    title: str
    description: str
    topics: str
    url: str
    place: str
    announces: bool


@dataclass(frozen=True)
class Clue:
    """A class of words: above zero it speaks for a launch, below against; `reason` is for an editor to read.

    The pattern is looked for in small letters.
    """

    key: str
    points: float
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Point:
    key: str
    points: float
    reason: str


def total(points: list[Point]) -> float:
    return sum(point.points for point in points)


def strongest(points: list[Point]) -> list[Point]:
    return sorted(points, key=lambda point: -abs(point.points))[:4]
