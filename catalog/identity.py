"""Which announcements speak of the same tool. Pure: URLs in, keys out.

A wrong merge is worse than a miss: only a canonical address or a repository proves sameness; a name
never does.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from catalog.addresses import SHARED_HOSTS, canonical_url, registrable_domain, repository_of


@dataclass(frozen=True)
class Key:
    kind: str  # repository · url
    value: str


def keys_of(url: str, repository: str | None = None) -> list[Key]:
    """What an announcement proves, strongest first."""
    keys = []
    for candidate in (repository or "", url):
        found = repository_of(candidate) if candidate else None
        if found and Key("repository", found) not in keys:
            keys.append(Key("repository", found))
    canonical = canonical_url(url)
    if canonical and not repository_of(url) and names_one_tool(canonical):
        keys.append(Key("url", canonical))
    return keys


def names_one_tool(canonical: str) -> bool:
    """A page of a host everybody shares names a tool only when its path is deep enough to be its own."""
    parts = urlsplit(canonical)
    host = parts.hostname or ""
    if host in SHARED_HOSTS or registrable_domain(canonical) in SHARED_HOSTS:
        return len([part for part in parts.path.split("/") if part]) >= 2
    return True


def owner_of(url: str, repository: str | None) -> str:
    """Who stands behind a tool, as far as its address says: two tools of one owner are no contest."""
    if repository and registrable_domain(url) in ("github.com", ""):
        return f"github.com/{repository.split('/')[0]}"
    return registrable_domain(url)
