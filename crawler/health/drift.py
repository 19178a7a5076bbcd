"""What a source's answers have lost: compared with its own past, and with the last answer that was good. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

FEWEST_READ = 5  # of fewer launches no share is told
FEWEST_NONE = 3  # but that none of so many state what all used to
ALWAYS = 0.95
FEWEST_LOST = 3
MOST_LOST = 0.3  # of the pages that stated a fact, so many may drop it between two readings
FELL_TO = 0.5  # a share is lost when it is less than half of what is usual
USUAL = 0.3  # a field that fewer launches state is no promise
FEW = 0.3  # so small a part of the usual count is few
ENOUGH_PAST = 3  # visits before anything is usual


@dataclass(frozen=True)
class Past:
    """What is usual for a source: of its recent good visits."""

    found: float = 0.0  # median of the entries an answer held
    coverage: Mapping[str, float] = field(default_factory=dict)  # field → median share

    @classmethod
    def of(cls, visits: Iterable[tuple[int, Mapping[str, float]]]) -> "Past":
        """
        Args:
            visits: (entries found, field → share) of each good visit that held something.
        """
        known = list(visits)
        if len(known) < ENOUGH_PAST:
            return cls()
        names = {name for _, coverage in known for name in coverage}
        shares = {name: median(coverage.get(name, 0.0) for _, coverage in known) for name in sorted(names)}
        return cls(median(found for found, _ in known), shares)


def lost_fields(usual: Mapping[str, float], now: Mapping[str, float]) -> list[str]:
    """The fields most launches used to state and few state now."""
    return [name for name, share in usual.items() if share >= USUAL and now.get(name, 0.0) < share * FELL_TO]


def tell_drift(
    past: Past, found: int, read: int, coverage: Mapping[str, float], places: Mapping[str, str]
) -> list[str]:
    """One sentence for each thing that fell against what is usual.

    Args:
        found, read: entries the answers held, and launches that could be read from them.
        places: field → where the parser looks for it (a key or selector), for the sentence.
    """
    told = []
    if past.found >= FEWEST_READ and found < past.found * FEW:
        told.append(f"it held {found} entries where {past.found:g} are usual")
    if found and not read and (found >= FEWEST_READ or past.found):
        told.append(f"it held {found} entries and none of them could be read")
    told += [
        f"{place_of(name, places)} is stated by {coverage.get(name, 0.0):.0%} of the launches, "
        f"{past.coverage[name]:.0%} are usual"
        for name in lost_fields(past.coverage, coverage)
        if read >= FEWEST_READ or (read >= FEWEST_NONE and has_vanished(past.coverage[name], coverage.get(name)))
    ]
    return told


def tell_lost_facts(stood: Mapping[str, int], lost: Iterable[tuple[str, str]]) -> list[str]:
    """One page that drops its price has changed; when many do at once, our reading of them has.

    Args:
        stood: fact → how many of the pages read again stated it before.
        lost: (fact, page) of those that state it no more.
    """
    pages: dict[str, list[str]] = {}
    for key, url in lost:
        pages.setdefault(key, []).append(url)
    return [
        f"{key} is found on {stood[key] - len(urls)} of the {stood[key]} pages that stated it before, and no more on "
        f"{urls[0][:200]}"
        for key, urls in sorted(pages.items())
        if len(urls) >= FEWEST_LOST and len(urls) > stood[key] * MOST_LOST
    ]


def has_vanished(usual: float, now: float | None) -> bool:
    return usual >= ALWAYS and not now


def tells_of_fields(past: Past, read: int) -> bool:
    """Whether so many launches are enough to say that no field is lost."""
    return read >= FEWEST_READ or past.found < FEWEST_READ


def place_of(name: str, places: Mapping[str, str]) -> str:
    return f"{name} ({places[name]})" if name in places else name
