"""Where an announcement points: what kind of address it is, and whose. Pure; reads addresses, never pages."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from catalog.addresses import (
    PROJECT_SITES,
    SHARED_HOSTS,
    canonical_url,
    domain_of,
    family_of,
    home_of,
    is_shared,
    is_vendor_page,
    repository_of,
    segments,
)
from catalog.likeness.address_rules import ARTICLES, FAMILY_OF_DOMAIN, FAMILY_OF_OWNER, MANY_TOOLS
from catalog.likeness.stores import PACKAGES, StoreId, store_id_of
from catalog.names import squashed

# What is put before or behind a name to get a free domain or account: getkettle.com, kettle-labs.
BEFORE = re.compile(r"^(?:get|try|use|join|go|hey|meet|ask|run|with|my|the)(?=\w{3})")
BEHIND = re.compile(
    r"(?<=\w{3})(?:ai|app|hq|labs?|io|dev|inc|team|org|oss|official|project|industries|research|core|community|db|"
    r"database|data|cloud|tech|software|so|hub|tools|ml)$"
)


OWN_PAGES = frozenset(("blog", "docs", "features"))  # a shared host's own words, as huggingface.co/docs


class Kind(StrEnum):
    REPOSITORY = "repository"
    STORE = "store"
    SITE = "site"
    VENDOR = "vendor"  # a page of a domain that holds many tools
    SHARED = "shared"  # a page where everybody posts
    NONE = "none"


@dataclass(frozen=True)
class Place:
    """
    Attributes:
        address: in its one spelling.
        home: the front page it stands for, or itself.
        owner: whose it is, squashed: an account, a registered name or a vendor's family.
        title: what the address calls the thing, squashed; empty where it calls it nothing.
        is_general: it speaks of a vendor or of many things, and proves none.
    """

    kind: Kind
    address: str
    home: str = ""
    domain: str = ""
    owner: str = ""
    title: str = ""
    store: StoreId | None = None
    is_general: bool = False

    @property
    def is_home(self) -> bool:
        return urlsplit(self.home).path in ("", "/")

    @property
    def is_package(self) -> bool:
        return self.store is not None and self.store.shelf in PACKAGES

    @property
    def is_article(self) -> bool:
        return bool(ARTICLES & set(segments(urlsplit(self.address).path.lower())[:-1]))


@lru_cache(maxsize=4096)
def place_of(url: str) -> Place:
    address = canonical_url(url)
    if address is None:
        return Place(Kind.NONE, url.strip())
    repository = repository_of(url)
    if repository:
        return repository_place(address, repository)
    store = store_id_of(address)
    if store:
        owner = family_of_owner(store.owner)
        return Place(Kind.STORE, address, address, owner=owner, title=squashed(store.name), store=store)
    return site_place(address)


def repository_place(address: str, repository: str) -> Place:
    owner, _, name = repository.partition("/")
    home = f"https://github.com/{repository}"
    is_part = repository in MANY_TOOLS and len(segments(urlsplit(address).path)) > 2
    title = squashed(segments(urlsplit(address).path)[-1] if is_part else name)
    return Place(Kind.REPOSITORY, address, address if is_part else home, "github.com", family_of_owner(owner), title)


def site_place(address: str) -> Place:
    host = urlsplit(address).hostname or ""
    domain, path = domain_of(host), segments(urlsplit(address).path)
    last = squashed(path[-1]) if path else ""
    if is_shared(address) and (path or host != domain):
        owner = family_of(domain) or "" if path and path[0] in OWN_PAGES else ""
        return Place(Kind.SHARED, address, address, domain, owner, last)
    home = home_of(address)
    label = domain.partition(".")[0]
    if family_of(domain) or domain in SHARED_HOSTS:
        sub = squashed(host.removesuffix(domain))
        owner = family_of(domain) or squashed(label)
        kind = Kind.VENDOR if domain in FAMILY_OF_DOMAIN or domain in SHARED_HOSTS else Kind.SITE
        return Place(kind, address, home, domain, owner, last or sub or squashed(label), None, is_vendor_page(address))
    if domain.endswith(PROJECT_SITES):
        owner = family_of_owner(label)
        return Place(Kind.SITE, address, home, domain, owner, last or squashed(label))
    return Place(Kind.SITE, address, home, domain, family_of_owner(label), squashed(label))


def family_of_owner(owner: str) -> str:
    key = squashed(owner)
    return FAMILY_OF_OWNER.get(key, key)


@lru_cache(maxsize=4096)
def undressed(owner: str) -> str:
    """'getkettle' and 'kettlelabs' → 'kettle'"""
    bare = BEFORE.sub("", owner)
    return BEHIND.sub("", BEHIND.sub("", bare))


def are_kin(one: str, other: str) -> bool:
    """Two owners' names that are one, dressed differently; 'comfyanonymous' and 'comfy' count too."""
    if not one or not other:
        return False
    short, long = sorted((undressed(one), undressed(other)), key=len)
    return short == long or (len(short) >= 5 and long.startswith(short))
