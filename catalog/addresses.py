"""Web addresses: one spelling for one address, whose it is, and which repository it means. Pure; asks no network."""

import re
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

import tldextract

TRACKING = re.compile(
    r"^(utm_\w+|ref|ref_src|referrer|source|fbclid|gclid|dclid|msclkid|twclid|yclid|igshid|mc_cid|mc_eid|mkt_tok|"
    r"_hsenc|_hsmi|hsctatracking|vero_id|oly_enc_id|oly_anon_id|wickedid|s_cid|cmpid|campaign|via|spm|trk)$",
    re.IGNORECASE,
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
    "apps.apple.com arxiv.org bsky.app chat.openai.com chatgpt.com chromewebstore.google.com "
    "colab.research.google.com crates.io dev.to discord.com discord.gg docs.google.com drive.google.com facebook.com "
    "github.com gist.github.com gitlab.com huggingface.co instagram.com kaggle.com linkedin.com linktr.ee lobste.rs "
    "marketplace.visualstudio.com medium.com news.ycombinator.com notion.site npmjs.com play.google.com "
    "producthunt.com pypi.org readthedocs.io reddit.com substack.com t.co t.me twitter.com x.com youtu.be "
    "youtube.com".split()
)


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
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(k)])
    return urlunsplit(("https", netloc, path or "/", query, ""))


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
    host = (urlsplit(url).hostname or "").lower()
    found = extractor()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    return ".".join(host.split(".")[-2:])


def slugify(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    return slug or "tool"
