"""Web addresses: one spelling for one address, whose it is, and which repository it means. Pure; asks no network."""

import re
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

import tldextract

from catalog.likeness.address_rules import (
    FAMILY_OF_DOMAIN,
    FLAGSHIPS,
    HOME_PATHS,
    HOME_SUBDOMAINS,
    LISTINGS,
    TRACKING,
    TRACKING_ON,
    VENDOR_WIDE,
)

INDEX_FILE = re.compile(r"(/(index|default|home)\.(html?|php|aspx?))+\Z", re.IGNORECASE)
WWW = re.compile(r"^(www\.)+(?=[^.]+\.)")
HOST = re.compile(r"[^\s.:\[\]\\]+(\.[^\s.:\[\]\\]+)+")  # a name or an IPv4 address; no tool lives at an IPv6 one
REPOSITORY = re.compile(r"^/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100}?)(?:\.git)?(?:/|$)")
NOT_OWNERS = frozenset(
    "about apps blog collections contact customer-stories enterprise events explore features issues join login "
    "marketplace new notifications open-source orgs organizations pricing pulls readme resources search security "
    "settings site solutions sponsors stars team topics trending users why-github".split()
)
# Hosts that hold everybody's pages: their front page or a shallow path proves nothing.
SHARED_HOSTS = frozenset(
    "alternativeto.net apps.apple.com arxiv.org betalist.com bitbucket.org bsky.app chat.openai.com chatgpt.com "
    "chromewebstore.google.com civitai.com codeberg.org colab.research.google.com crates.io dev.to devpost.com "
    "discord.com discord.gg docs.google.com drive.google.com facebook.com futurepedia.io g2.com gist.github.com "
    "github.com gitlab.com gumroad.com hub.docker.com huggingface.co indiehackers.com instagram.com kaggle.com "
    "linkedin.com linktr.ee lobste.rs marketplace.visualstudio.com medium.com modelscope.cn news.ycombinator.com "
    "notion.site npmjs.com play.google.com poe.com producthunt.com pypi.org readthedocs.io reddit.com sourceforge.net "
    "substack.com t.co t.me theresanaiforthat.com threads.net twitter.com x.com youtu.be youtube.com".split()
)
# Their second path segment is a community, a maker or a product line: many announcements stand under it.
SHARED_LISTINGS = re.compile(
    r"reddit\.com/r/[^/]+|producthunt\.com/(?:products|topics|categories)/[^/]+(?:/(?:reviews|launches|about))?|"
    r"linkedin\.com/(?:company|in|school|showcase)/[^/]+|apps\.apple\.com/(?:\w\w/)?(?:developer|charts)/.*|"
    r"play\.google\.com/store/.*|huggingface\.co/(?:organizations|collections|spaces|datasets|models|docs)/[^/]+|"
    r"facebook\.com/(?:groups|people|pages)/[^/]+|github\.com/(?:orgs|topics|collections|sponsors)/.*"
)
# Each user's site holds a site per project.
PROJECT_SITES = ("github.io", "gitlab.io", "codeberg.page")


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str | None:
    """One spelling for one address: https, no www, no tracking, no fragment; the path's case stays.

    None for what is no web address.
    """
    try:
        url.encode()  # a lone surrogate is no character
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    host = WWW.sub("", (parts.hostname or "").lower().rstrip("."))
    if parts.scheme.lower() not in ("http", "https") or not HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    path = quote(unquote_to_bytes(parts.path), safe="/:@!$&'()*+,;=~-._")
    path = INDEX_FILE.sub("", re.sub(r"/{2,}", "/", path).rstrip("/"))
    return urlunsplit(("https", netloc, path or "/", telling_query(parts.query, host), ""))


def telling_query(query: str, host: str) -> str:
    """What of a query decides what is shown."""
    if not query:
        return ""
    idle = TRACKING_ON.get(".".join(host.split(".")[-2:]), frozenset())
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(k, v) for k, v in pairs if not TRACKING.fullmatch(k) and k.lower() not in idle])


def repository_of(url: str) -> str | None:
    """'owner/name' in lower case for any page inside a GitHub repository."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if (parts.hostname or "").lower().removeprefix("www.") != "github.com":
        return None
    match = REPOSITORY.match(parts.path)
    if not match or match[1].lower() in NOT_OWNERS:
        return None
    return f"{match[1]}/{match[2]}".lower()


@cache
def extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True, cache_dir=None)


def registrable_domain(url: str) -> str:
    """The name somebody registered; a reserved name such as tool.example counts as one."""
    return domain_of((urlsplit(url).hostname or "").lower())


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    found = extractor()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


def segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def is_shared(canonical: str) -> bool:
    """Everybody's pages stand on this host."""
    host = urlsplit(canonical).hostname or ""
    return host in SHARED_HOSTS or domain_of(host) in SHARED_HOSTS


def family_of(domain: str) -> str | None:
    """The vendor behind a domain, where it is known to hold many tools."""
    return FAMILY_OF_DOMAIN.get(domain) or ("google" if domain.endswith(".google") else None)


def is_vendor_page(canonical: str) -> bool:
    """It speaks of a vendor or lists its tools, and so proves none of them."""
    parts = urlsplit(canonical)
    host = parts.hostname or ""
    domain = domain_of(host)
    if domain not in FAMILY_OF_DOMAIN or parts.query:
        return False
    path = segments(parts.path.lower())
    if domain in FLAGSHIPS and host == domain and not path:
        return False
    is_wide = host == domain or host.removesuffix(f".{domain}") in VENDOR_WIDE
    return is_wide and all(part in LISTINGS or part in HOME_PATHS for part in path)


@lru_cache(maxsize=4096)
def home_of(canonical: str) -> str:
    """The front page an address stands for: /pricing and docs.kettle.ai lead to kettle.ai, where one domain is one
    tool's; on a site of projects, the project's. Any other address stands for itself."""
    parts = urlsplit(canonical)
    host, path = parts.hostname or "", segments(parts.path)
    domain = domain_of(host)
    if domain.endswith(PROJECT_SITES) and host == domain and path:
        return f"https://{host}/{path[0]}"
    if parts.port or parts.query or is_shared(canonical) or domain in FAMILY_OF_DOMAIN:
        return canonical
    sub = host.removesuffix(domain).rstrip(".")
    if (sub and sub not in HOME_SUBDOMAINS) or not {part.lower() for part in path} <= HOME_PATHS:
        return canonical
    return f"https://{domain}/"


def slugify(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    return slug or "tool"
