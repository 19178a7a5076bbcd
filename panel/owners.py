"""Who stands behind a tool, as far as its addresses say. Pure."""

from urllib.parse import urlsplit

from catalog.addresses import family_of, is_shared, registrable_domain, segments
from catalog.likeness.address_rules import FAMILY_OF_OWNER
from catalog.names import squashed

# Hosts that hold everybody's tools without being known for anything else.
MARKETS = frozenset(
    "openrouter.ai replicate.com ollama.com glama.ai smithery.ai hf.co fal.ai addons.mozilla.org".split()
)
# A shelf on a shared host: the owner's name stands behind it.
SHELVES = frozenset(
    "spaces models datasets space package packages p r u in company products posts product project".split()
)


def owners_of(url: str, repository: str | None) -> frozenset[str]:
    """The vendor's domain, or the first path part on a host everybody shares; and who owns the repository."""
    owners = {owner_at(url)}
    if repository:
        owner = repository.split("/")[0].lower()
        owners |= {f"github.com/{owner}", FAMILY_OF_OWNER.get(squashed(owner), "")}
    return frozenset(owners - {""})


def owner_at(url: str) -> str:
    domain = registrable_domain(url)
    parts = urlsplit(url)
    if not is_shared(url) and domain not in MARKETS:
        return family_of(domain) or domain
    path = [part.lower().lstrip("@~") for part in segments(parts.path)]
    path = path[1:] if path and path[0] in SHELVES else path
    if not path:
        return ""
    return FAMILY_OF_OWNER.get(squashed(path[0])) or f"{domain}/{path[0]}"
