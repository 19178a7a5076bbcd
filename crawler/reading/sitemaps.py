"""A sitemap's addresses and their lastmod, and which of them a visit should read. Pure; knows no network."""

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]

from catalog.addresses import registrable_domain
from crawler.reading.dates import read_moment
from crawler.reading.feeds import resolve
from crawler.reading.plain_text import is_web_page, what_it_is
from errors import ParseError

MOST_URLS = 50_000  # the protocol's own bound
LARGEST = 50 * 1024 * 1024  # and this, unpacked
GZIP = b"\x1f\x8b"
DECLARES = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
FEWEST = 5  # of fewer addresses nothing can be said of their dates


@dataclass(frozen=True)
class Address:
    url: str
    lastmod: datetime | None = None


@dataclass
class Sitemap:
    """`children` are further sitemaps, of an index."""

    pages: list[Address] = field(default_factory=list)
    children: list[Address] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def is_sitemap(payload: bytes) -> bool:
    return bool(SITEMAP.search(payload[:5000]))


def unpack(payload: bytes, url: str, source: str) -> bytes:
    """A .xml.gz as the XML in it, never more than a sitemap may be. Raises ParseError."""
    if not payload.startswith(GZIP):
        return payload
    unpacking = zlib.decompressobj(31)
    try:
        unpacked = unpacking.decompress(payload, LARGEST)
    except zlib.error as exc:
        raise ParseError(source, f"{url[:300]} is not readable gzip ({exc})") from exc
    if unpacking.unconsumed_tail:
        raise ParseError(
            source, f"{url[:300]} unpacks to more than {LARGEST // 1024 // 1024} MB, the most a sitemap has"
        )
    return unpacked


def read_sitemap(payload: bytes, url: str, source: str, sites: Collection[str]) -> Sitemap:
    """Raises ParseError for what is none, and for one that declares entities.

    Args:
        sites: a sitemap speaks for these only; what it lists elsewhere is left out.
    """
    if is_web_page(payload):
        raise ParseError(source, f"{url[:300]} {what_it_is(payload, 'a sitemap')}")
    root = parse_xml(payload, url, source)
    sitemap = Sitemap()
    names = [(etree.QName(node).localname.lower(), node) for node in root.iterchildren("*")]
    if len(names) > MOST_URLS:
        sitemap.problems.append(f"{url[:300]} lists {len(names):,} addresses; those after {MOST_URLS:,} were left out")
    for name, node in names[:MOST_URLS]:
        address = read_address(node, url)
        if address and site_of(address.url) in sites:
            (sitemap.children if name == "sitemap" else sitemap.pages).append(address)
    return sitemap


def parse_xml(payload: bytes, url: str, source: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = None if DECLARES.search(payload) else etree.fromstring(payload.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ParseError(source, f"{url[:300]} is not a readable sitemap ({exc})") from exc
    if DECLARES.search(payload) or (root is not None and root.getroottree().docinfo.doctype):
        raise ParseError(source, f"{url[:300]} declares a document type, which a sitemap never needs; it is refused")
    if root is None or etree.QName(root).localname.lower() not in ("urlset", "sitemapindex"):
        raise ParseError(source, f"{url[:300]} is no sitemap")
    return root


def read_address(node: etree._Element, base: str) -> Address | None:
    words = {etree.QName(child).localname.lower(): (child.text or "").strip() for child in node.iterchildren("*")}
    url = resolve(base, words.get("loc", "")[:2000])
    return Address(url, read_moment(words.get("lastmod", ""))) if url else None


def site_of(url: str) -> str:
    return registrable_domain(url) or urlsplit(url).netloc.lower()


def believable(pages: list[Address]) -> list[Address]:
    """Without lastmod when most state the same day: that is when the site was built, not when they were written."""
    if len(pages) < FEWEST:
        return pages
    days = Counter(page.lastmod.date() for page in pages if page.lastmod)
    most = max(days.values(), default=0)
    return [Address(page.url) for page in pages] if most * 2 > len(pages) else pages


# ── which to read ────────────────────────────────────────────────────────────────────────────────


def matching(pages: Iterable[Address], include: str, exclude: str) -> list[Address]:
    """Those whose path is meant, each once."""
    wanted, unwanted = re.compile(include), re.compile(exclude) if exclude else None
    kept: dict[str, Address] = {}
    for page in pages:
        path = urlsplit(page.url).path
        if wanted.search(path) and not (unwanted and unwanted.search(path)):
            kept.setdefault(page.url, page)
    return list(kept.values())


def worth_reading(
    pages: Iterable[Address], since: datetime, launches: Collection[str], read: dict[str, datetime]
) -> list[Address]:
    """Newest first; undated ones last, in the sitemap's order.

    Args:
        since: what was last changed before is out of reach.
        launches: addresses whose launch is stored already.
        read: address → when it was last read, launch or not.
    """
    kept = [page for page in pages if page.url not in launches and is_news(page, since, read.get(page.url))]
    return sorted(kept, key=lambda page: page.lastmod.timestamp() if page.lastmod else 0.0, reverse=True)


def is_news(page: Address, since: datetime, read_at: datetime | None) -> bool:
    if page.lastmod is None:
        return read_at is None
    return page.lastmod >= since and (read_at is None or read_at < page.lastmod)
