"""Which announcements speak of the same tool. Pure: values in; keys, or a judgement with its reason, out.

A wrong merge is worse than a miss: only a canonical address, a repository, a store's own id or a redirect proves
sameness; what a name makes likely is proposed to an editor.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from catalog.addresses import (
    SHARED_LISTINGS,
    canonical_url,
    home_of,
    is_shared,
    is_vendor_page,
    registrable_domain,
    repository_of,
    segments,
)
from catalog.likeness.address_rules import MANY_TOOLS
from catalog.likeness.pairs import Announcement, Decision, Judgement, read_pair
from catalog.likeness.sameness import (
    judge_key,
    judge_linked,
    judge_moved,
    judge_names,
    judge_page,
    judge_shelf,
    judge_site,
)
from catalog.likeness.stores import store_id_of
from catalog.names import name_key, version_of_name

__all__ = [
    "Announcement",
    "Decision",
    "Judgement",
    "Key",
    "judge",
    "keys_of",
    "name_key",
    "owner_of",
    "version_of_name",
]


@dataclass(frozen=True)
class Key:
    kind: str  # repository · store · url
    value: str


def keys_of(url: str, repository: str | None = None) -> list[Key]:
    """What an announcement proves, strongest first."""
    return list(proofs(url, repository or ""))


@lru_cache(maxsize=8192)
def proofs(url: str, repository: str) -> tuple[Key, ...]:
    keys = [repository_key(repository), repository_key(url), *page_keys(url)]
    return tuple(dict.fromkeys(key for key in keys if key))


def repository_key(url: str) -> Key | None:
    """None for a repository that holds many tools: it proves none of them."""
    found = repository_of(url) if url else None
    return Key("repository", found) if found and found not in MANY_TOOLS else None


def page_keys(url: str) -> list[Key]:
    canonical = canonical_url(url)
    if canonical is None:
        return []
    repository = repository_of(url)
    if repository:
        is_part = repository in MANY_TOOLS and len(segments(urlsplit(canonical).path)) > 2
        return [Key("url", canonical)] if is_part else []
    store = store_id_of(canonical)
    if store:
        return [Key("store", store.key)]
    return [Key("url", home_of(canonical))] if names_one_tool(canonical) else []


def names_one_tool(canonical: str) -> bool:
    """A page of a host everybody shares names a tool only when its path is deep enough to be its own; a vendor's
    front page and lists name none."""
    if is_shared(canonical):
        parts = urlsplit(canonical)
        listed = SHARED_LISTINGS.fullmatch(f"{parts.hostname}{parts.path}")
        return len(segments(parts.path)) >= 2 and not listed
    return not is_vendor_page(canonical)


def owner_of(url: str, repository: str | None) -> str:
    """Who stands behind a tool, as far as its address says: two tools of one owner are no contest."""
    if repository and registrable_domain(url) in ("github.com", ""):
        return f"github.com/{repository.split('/')[0]}"
    return registrable_domain(url)


def judge(a: Announcement, b: Announcement, links: str = "") -> Judgement:
    """The first rule that has something to say decides; the surest come first. The order of the two is no matter.

    `links` is free text: addresses, pairs "address -> address", words such as "redirect", "301" or "links to".
    """
    first, second = sorted((a, b), key=lambda one: (one.url, one.name, one.repository, one.tagline))
    pair = read_pair(first, second, links)
    for rule in (judge_moved, judge_key, judge_page, judge_site, judge_shelf, judge_linked):
        found = rule(pair)
        if found:
            return found
    return judge_names(pair)
