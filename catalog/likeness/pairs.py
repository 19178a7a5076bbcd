"""Two announcements beside each other, read once for every rule that judges them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.addresses import repository_of
from catalog.likeness.link_evidence import LinkEvidence, read_links
from catalog.likeness.places import Place, place_of, undressed
from catalog.names import is_common, name_key, plain_name


class Decision(StrEnum):
    MERGE = "merge"
    PROPOSE = "propose"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Announcement:
    name: str
    url: str
    repository: str = ""
    tagline: str = ""


@dataclass(frozen=True)
class Judgement:
    decision: Decision
    why: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two announcements in a fixed order, read once for every rule.

    Attributes:
        same: their names are one, as names are compared.
        plainly: and so without setting 'AI' or 'app' aside.
        common: the name is one that many tools bear.
    """

    a: Announcement
    b: Announcement
    places_a: tuple[Place, ...]
    places_b: tuple[Place, ...]
    same: bool
    plainly: bool
    common: bool
    links: LinkEvidence


def read_pair(a: Announcement, b: Announcement, links: str) -> Pair:
    places_a, places_b = places_of(a), places_of(b)
    owners = {place.owner for place in places_a + places_b if place.owner}
    plainly = plain_name(a.name) == plain_name(b.name)
    return Pair(
        a,
        b,
        places_a,
        places_b,
        same=plainly or have_one_name(a.name, b.name, owners),
        plainly=plainly,
        common=is_common(a.name) or is_common(b.name),
        links=read_links(links, places_a, places_b) if links.strip() else LinkEvidence(),
    )


def places_of(announcement: Announcement) -> tuple[Place, ...]:
    stated = announcement.repository.strip()
    if stated and "://" not in stated and "@" not in stated:
        stated = f"https://github.com/{stated}"
    repository = repository_of(stated) if stated else None
    places = [place_of(announcement.url)]
    if repository:
        places.append(place_of(f"https://github.com/{repository}"))
    return tuple(dict.fromkeys(places))


def have_one_name(one: str, other: str, owners: set[str]) -> bool:
    """'Arize Phoenix' is 'Phoenix' where Arize owns one of the pages."""
    keys = {name_key(one), name_key(other)}
    if len(keys) == 1:
        return True
    short, long = sorted(keys, key=len)
    return any(long == vendor + short for owner in owners for vendor in (owner, undressed(owner)))
