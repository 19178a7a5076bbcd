"""What a free text about links proves of two announcements: that one links to the other, or redirects to it. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

from catalog.addresses import canonical_url
from catalog.likeness.places import Kind, Place, place_of

TO = re.compile(
    r"(?:->|=>|→|⇒|\b(?:(?:30[1278]\s+)?(?:permanently\s+)?(?:redirect(?:s|ed|ing)?|forwards?|moved|renamed|links?|linked|"
    r"points?|resolves?|leads?)|30[1278])(?:\s+\w+){0,2}\s+to\b:?|\b30[1278]\b)",
    re.IGNORECASE,
)
MOVED = re.compile(r"redirect|\b30[1278]\b|\bmoved\b|\brenamed\b|\bforwards?\b|\btransferred\b", re.IGNORECASE)
DENIED = re.compile(r"\b(?:no|not|never|none|neither|without|nobody|nothing)\b(?!\s+longer)|n't\b", re.IGNORECASE)
PART = re.compile(r"[;|\n]+|,(?=\s|https?:|$)")  # an address may hold a comma
ADDRESS = re.compile(r"\S+://\S+")
WORD = re.compile(r"[^\s<>\"'()\[\]]+")
BARE = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:[/?]\S*)?|[A-Za-z0-9][\w-]*/[\w.-]+", re.IGNORECASE)


@dataclass(frozen=True)
class LinkEvidence:
    """
    Attributes:
        to_a: the second one's page links to the first's address; an address without its origin counts so.
        to_b: the first one's links to the second's.
        mutual: each is said to link to the other.
        moves: one of these links is a redirect.
        said_moves: a redirect is spoken of, without an address.
    """

    to_a: bool = False
    to_b: bool = False
    mutual: bool = False
    moves: bool = False
    said_moves: bool = False

    @property
    def links(self) -> bool:
        return self.to_a or self.to_b


@dataclass(frozen=True)
class Hop:
    """One address leading to another; `start` is None where only its end is told."""

    start: str | None
    end: str
    moves: bool


def read_links(text: str, one: tuple[Place, ...], other: tuple[Place, ...]) -> LinkEvidence:
    hops, said_moves = hops_of(text[:20_000])
    to_a = [hop for hop in hops if leads(hop, other, one)]
    to_b = [hop for hop in hops if leads(hop, one, other)]
    return LinkEvidence(
        bool(to_a),
        bool(to_b),
        mutual=any(hop.start for hop in to_a) and any(hop.start for hop in to_b),
        moves=any(hop.moves or said_moves for hop in to_a + to_b),
        said_moves=said_moves and not hops,
    )


def hops_of(text: str) -> tuple[list[Hop], bool]:
    """(the addresses told, whether a redirect is spoken of apart from them)"""
    hops: list[Hop] = []
    said_moves = False
    for part in PART.split(text):
        if DENIED.search(ADDRESS.sub(" ", part)):
            continue
        found = hops_in(part)
        hops += found
        said_moves = said_moves or (not found and bool(MOVED.search(part)))
    return hops, said_moves


def hops_in(part: str) -> list[Hop]:
    sides = [addresses_in(side) for side in TO.split(part)]
    moves = bool(MOVED.search(ADDRESS.sub(" ", part)))
    chain = [side for side in sides if side]
    if len(chain) < 2:
        return [Hop(None, address, moves) for side in chain for address in side]
    steps = [Hop(before[-1], end, moves) for before, after in pairwise(chain) for end in after]
    return steps if len(chain) == 2 else [*steps, Hop(chain[0][-1], chain[-1][0], moves)]


def addresses_in(text: str) -> list[str]:
    found = [address_of(word.strip(".,:;!*`")) for word in WORD.findall(text)]
    return [address for address in found if address]


def address_of(word: str) -> str | None:
    if "://" in word:
        return word if canonical_url(word) else None
    if not BARE.fullmatch(word):
        return None
    is_repository = "." not in word.partition("/")[0]
    return f"https://github.com/{word}" if is_repository else f"https://{word}"


def leads(hop: Hop, source: tuple[Place, ...], target: tuple[Place, ...]) -> bool:
    if not is_of(hop.end, target, source):
        return False
    return is_of(hop.start, source, target) if hop.start else True


def is_of(address: str, places: tuple[Place, ...], others: tuple[Place, ...]) -> bool:
    """It is one of these places, or stands on the domain that is one of these's alone."""
    told = place_of(address)
    return any(same_place(told, place) or is_on_domain(told, place, others) for place in places)


def same_place(told: Place, place: Place) -> bool:
    if told.store and place.store:
        return told.store.key == place.store.key
    return told.home == place.home and bool(told.home)


def is_on_domain(told: Place, place: Place, others: tuple[Place, ...]) -> bool:
    if told.kind is not Kind.SITE or place.kind is not Kind.SITE or told.domain != place.domain:
        return False
    return place.is_home and all(other.domain != place.domain for other in others)
