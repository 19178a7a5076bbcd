"""The reviewers: one file a lens in panel/reviewers/. Adding a fifth is adding a file."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from errors import ConfigError, NotFound

FOLDER = Path(__file__).parent / "reviewers"


@dataclass(frozen=True)
class Reviewer:
    key: str
    name: str
    order: int
    motto: str
    looks_for: str
    tired_of: str
    instruction: str


@cache
def reviewers(folder: Path = FOLDER) -> tuple[Reviewer, ...]:
    """In the order their marks stand. Raises ConfigError for a file that is not as it should be."""
    found = sorted((read_reviewer(path) for path in folder.glob("*.md")), key=lambda one: (one.order, one.key))
    return tuple(found)


def read_reviewer(path: Path) -> Reviewer:
    try:
        _, front, body = ["", *path.read_text(encoding="utf-8").split("+++", 2)[1:], "", ""][:3]
        return check_types(Reviewer(instruction=body.strip(), **tomllib.loads(front)))
    except (ValueError, TypeError) as exc:  # TOMLDecodeError is a ValueError
        raise ConfigError(f"panel/reviewers/{path.name} cannot be used: {exc}; compare it with builder.md.") from exc


def check_types(reviewer: Reviewer) -> Reviewer:
    for field in fields(reviewer):
        if type(getattr(reviewer, field.name)) is not field.type:
            raise TypeError(f"{field.name} must be {'a number' if field.type is int else 'a text'}")
    return reviewer


def get_reviewer(key: str) -> Reviewer:
    for one in reviewers():
        if one.key == key:
            return one
    raise NotFound("reviewer", key, f"known are {', '.join(one.key for one in reviewers())}")
