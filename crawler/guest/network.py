"""Where connections are made, and refused: the address guard and the mirror door.

The check sits in the resolver the connection itself uses, so redirects, robots.txt and meta refreshes
pass it too, and no second look-up can answer differently.
"""

import ipaddress
import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from service_identity import VerificationError
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from config import Settings
from crawler.context import CrawlContext
from crawler.guest.limits import bounded_factory, endless_reason
from crawler.sources import known_sources

log = logging.getLogger(__name__)

GLOBAL_V6 = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out; the rest is special
# Not global by their purpose although Python's own table may differ between versions (RFC 6890 and others).
NEVER = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "2002::/16",
        "2001::/32", "3fff::/20",
    )
]  # fmt: skip
REDIRECTS = (301, 302, 303, 307, 308)
MOST_CODINGS = 2  # a server that compresses twice by mistake is known; more is a bomb


class Refused(IgnoreRequest):
    """An address we do not visit; the message says which and why."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(str(mapped))
    if ip.version == 6 and ip not in GLOBAL_V6:
        return False
    return (
        ip.is_global and not ip.is_multicast and not any(ip in block for block in NEVER if block.version == ip.version)
    )


@implementer(IHostnameResolver)
class GuardedResolver:
    """Resolves a name once and passes on only the addresses that may be visited."""

    def __init__(self, inner: Any, trusted: frozenset[str]) -> None:
        self.inner = inner
        self.trusted = trusted
        self.refused: dict[str, str] = {}  # name → the address it was refused for

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        return cls(reactor.nameResolver, frozenset(crawler.settings.getlist("TRUSTED_HOSTS")))

    def install_on_reactor(self) -> None:
        from twisted.internet import reactor

        reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802  # the interface's name
        self,
        receiver: Any,
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        is_trusted = f"{hostName}:{portNumber}" in self.trusted
        guarded = receiver if is_trusted else PublicOnly(receiver, hostName, self.refused)
        return self.inner.resolveHostName(guarded, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class PublicOnly:
    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self.receiver = receiver
        self.host = host
        self.refused = refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self.receiver.addressResolved(address)
        else:
            log.warning("host=%s address=%s refused=not-public", self.host, address.host)
            self.refused[self.host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self.receiver.resolutionComplete()


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def base_urls(settings: Settings, spider: str) -> list[str]:
    """What the operator wrote into the configuration for the sources this spider reads; nothing a page says
    can get here."""
    keys = {row.key for row in known_sources(settings) if row.spider == spider}
    keys |= {"github"} if spider == "homepage" else set()  # it reads the repositories' records too
    return [source.base_url for key, source in settings.sources.items() if key in keys and source.base_url]


def trusted_hosts(settings: Settings, spider: str) -> list[str]:
    """host:port of a configured mirror: another port of the same machine is not meant."""
    trusted = [*settings.crawl.connect_to.values(), *base_urls(settings, spider)]
    return [host_and_port(url) for url in trusted]


def host_and_port(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


class GuardedHandler(HTTP11DownloadHandler):
    """The one download handler: scheme, port and credentials are checked, and a mirrored host is
    connected elsewhere while URL, Host header and what is stored stay the real ones."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        context: CrawlContext = crawler.spider.context  # type: ignore[union-attr]
        self.mirrors = {host.lower(): url for host, url in context.settings.crawl.connect_to.items()}
        self.trusted = {origin_of(url) for url in base_urls(context.settings, crawler.spider.name)}  # type: ignore[union-attr]
        self.closed = {host_and_port(url) for url in self.mirrors.values()} - set(map(host_and_port, self.trusted))
        self._pool._factory = bounded_factory(self._default_maxsize)
        if self.mirrors:  # many hosts share a mirror's address, and each keeps a connection of its own
            self._pool.maxPersistentPerHost = crawler.settings.getint("CONCURRENT_REQUESTS")

    async def download_request(self, request: Request) -> Response:
        started = time.monotonic()
        try:
            response = await self.fetch(request)
        except DownloadCancelledError as exc:
            most = self._default_maxsize
            raise Refused(f"{request.url[:200]} is refused: its answer is larger than {most} bytes") from exc
        except (DownloadFailedError, ResponseDataLossError, CannotResolveHostError) as exc:
            why = endless_reason(exc) or refused_reason(request.url) or certificate_reason(exc)
            if why is None:
                raise
            raise Refused(f"{request.url[:200]} is refused: {why}") from exc
        finally:
            request.meta["download_seconds"] = time.monotonic() - started
        check_answer(response)
        return response

    async def fetch(self, request: Request) -> Response:
        mirror = self.mirrors.get((urlsplit(request.url).hostname or "").lower())
        if mirror is None:
            check_address(request.url, self.trusted, self.closed)
            return await super().download_request(request)
        response = await super().download_request(mirrored(request, mirror))
        return response.replace(url=request.url)


def refused_reason(url: str) -> str | None:
    """Why the guarded resolver had no address to give for this one's name, when that was the reason."""
    from twisted.internet import reactor

    resolver = reactor.nameResolver
    host = urlsplit(url).hostname or ""
    address = resolver.refused.get(host) if isinstance(resolver, GuardedResolver) else None
    return f"{host} resolves to {address}, which is not a public address" if address else None


def certificate_reason(exc: Exception) -> str | None:
    """Why the other side could not show who it is, when that was the reason."""
    for failure in getattr(exc.__cause__, "reasons", None) or []:
        if failure.check(VerificationError):
            return "its certificate is for another name"
        if failure.check(SSL.Error):
            reasons = [str(one[-1]) for one in failure.value.args[0]] if failure.value.args else []
            return f"its certificate cannot be trusted ({', '.join(reasons) or 'the connection was ended'})"
    return None


def check_answer(response: Response) -> None:
    """What an answer may not ask of us. Raises Refused."""
    codings = b",".join(response.headers.getlist("Content-Encoding")).count(b",") + 1
    if codings > MOST_CODINGS:
        raise Refused(f"{response.url[:200]} is compressed {codings} times over, which hides how much it holds")
    location = (response.headers.get("Location") or b"").decode("latin-1").strip()
    if response.status in REDIRECTS and location and target_scheme(response.url, location) not in ("http", "https"):
        raise Refused(f"{response.url[:200]} answered {response.status} to {location[:200]}: not http or https")


def target_scheme(url: str, location: str) -> str:
    try:
        return urlsplit(urljoin(url, location)).scheme
    except ValueError:  # an address no parser takes
        return ""


def mirrored(request: Request, mirror: str) -> Request:
    parts = urlsplit(request.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    copy = request.replace(url=f"{mirror}{path}")
    copy.headers["Host"] = parts.netloc
    copy.headers["X-Forwarded-Proto"] = parts.scheme
    return copy


def check_address(url: str, trusted: set[str], closed: Iterable[str] = ()) -> None:
    """Raises Refused. The address behind the name is checked later, by the resolver of the connection.

    Args:
        closed: host:port of the mirrors, which the resolver lets through.
    """
    if origin_of(url) in trusted:
        return
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as exc:
        raise Refused(f"{url[:200]} has no usable port") from exc
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{url[:200]} is not http or https")
    if port not in (None, 80, 443):
        raise Refused(f"{parts.hostname}:{port} is refused: only ports 80 and 443 are visited")
    if parts.username or parts.password:
        raise Refused(f"an address of {parts.hostname} carries a user name")
    if host_and_port(url) in closed:
        raise Refused(f"{url[:200]} is a mirror's own address, which no page may name")
    if is_address(parts.hostname or "") and not is_public(parts.hostname or ""):
        raise Refused(f"{parts.hostname} is refused: not a public address")


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
