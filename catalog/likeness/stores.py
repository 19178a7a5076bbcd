"""Shelves where each thing has an id of its own: models, Spaces, apps, extensions, packages, papers. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

HUB_PAGES = frozenset(
    "api blog chat collections docs enterprise inference join learn login models new organizations papers posts "
    "pricing settings spaces datasets tasks terms-of-service privacy welcome brand hardware".split()
)
PACKAGES = frozenset(("npm", "pypi", "crate"))
HUB = re.compile(r"/(?:(spaces|datasets)/)?([\w.-]+)/([\w.-]+)(?:/|$)")
APPLE = re.compile(r"/(?:[a-z]{2}/)?app/(?:[^/]+/)?id(\d+)(?:/|$)")
CHROME = re.compile(r"/(?:webstore/)?detail/(?:[^/]+/)?([a-p]{32})(?:/|$)")
NPM = re.compile(r"/(?:package/)?((?:@[\w.~-]+/)?[\w.~-]+)(?:/|$)", re.IGNORECASE)
PYPI = re.compile(r"/(?:project|p)/([\w.-]+)(?:/|$)")
CRATE = re.compile(r"/crates/([\w-]+)(?:/|$)")
FIREFOX = re.compile(r"/(?:[\w-]{2,5}/)?firefox/addon/([^/]+)(?:/|$)")
PAPER = re.compile(r"/(?:abs|pdf|html)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?(?:/|$)")


@dataclass(frozen=True)
class StoreId:
    shelf: str  # model · space · dataset · apple · play · chrome · firefox · vscode · npm · pypi · crate · paper
    id: str
    owner: str = ""  # who put it there, where the id says so

    @property
    def key(self) -> str:
        return f"{self.shelf}:{self.id}"

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]


def store_id_of(canonical: str) -> StoreId | None:
    """Takes an address as `canonical_url` spells it."""
    parts = urlsplit(canonical)
    read = READERS.get(parts.hostname or "")
    return read(parts.path, parts.query) if read else None


def hub_id(path: str, query: str) -> StoreId | None:
    """Hugging Face tells no two names apart by their case."""
    found = HUB.match(path)
    if not found or found[2].lower() in HUB_PAGES:
        return None
    shelf = (found[1] or "models").removesuffix("s")
    return StoreId(shelf, f"{found[2]}/{found[3]}".lower(), found[2].lower())


def apple_id(path: str, query: str) -> StoreId | None:
    found = APPLE.match(path)
    return StoreId("apple", found[1]) if found else None


def play_id(path: str, query: str) -> StoreId | None:
    package = parse_qs(query).get("id", [""])[0] if path == "/store/apps/details" else ""
    owner = package.split(".")[1:2]  # com.openai.chatgpt
    return StoreId("play", package, owner[0].lower() if owner else "") if package else None


def chrome_id(path: str, query: str) -> StoreId | None:
    found = CHROME.match(path)
    return StoreId("chrome", found[1]) if found else None


def firefox_id(path: str, query: str) -> StoreId | None:
    found = FIREFOX.match(path)
    return StoreId("firefox", found[1].lower()) if found else None


def vscode_id(path: str, query: str) -> StoreId | None:
    item = parse_qs(query).get("itemName", [""])[0].lower() if path.lower() == "/items" else ""
    publisher, dot, name = item.partition(".")
    return StoreId("vscode", item, publisher) if dot and publisher and name else None


def npm_id(path: str, query: str) -> StoreId | None:
    found = NPM.match(path) if path.startswith("/package/") else None
    if not found:
        return None
    package = found[1].lower()
    return StoreId("npm", package, package[1:].partition("/")[0] if package.startswith("@") else "")


def pypi_id(path: str, query: str) -> StoreId | None:
    found = PYPI.match(path)
    return StoreId("pypi", re.sub(r"[-_.]+", "-", found[1]).lower()) if found else None


def crate_id(path: str, query: str) -> StoreId | None:
    found = CRATE.match(path)
    return StoreId("crate", found[1].lower().replace("_", "-")) if found else None


def paper_id(path: str, query: str) -> StoreId | None:
    found = PAPER.match(path)
    return StoreId("paper", found[1]) if found else None


READERS = {
    "huggingface.co": hub_id,
    "hf.co": hub_id,
    "apps.apple.com": apple_id,
    "itunes.apple.com": apple_id,
    "play.google.com": play_id,
    "chromewebstore.google.com": chrome_id,
    "chrome.google.com": chrome_id,
    "addons.mozilla.org": firefox_id,
    "marketplace.visualstudio.com": vscode_id,
    "npmjs.com": npm_id,
    "pypi.org": pypi_id,
    "crates.io": crate_id,
    "arxiv.org": paper_id,
}
