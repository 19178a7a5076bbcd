"""Who asks to subscribe: a person or a program, and from which network."""

import ipaddress
import re
from datetime import datetime, timedelta

from fastapi import Request

from config import Settings
from web.site import Site

FASTEST, SLOWEST = timedelta(seconds=2), timedelta(days=7)


def start_mark(site: Site) -> str:
    return str(int(site.clock().timestamp()))


def was_filled_by_hand(started: str, now: datetime) -> bool:
    """A person needs two seconds to fill the form, and does not take a week. The limits do the rest."""
    if not re.fullmatch(r"[0-9]{1,11}", started):
        return False
    return FASTEST.total_seconds() <= now.timestamp() - int(started) <= SLOWEST.total_seconds()


def network_of(request: Request, settings: Settings) -> str:
    """The asker's /24 or /64. A forwarded address counts only from our own proxy, which adds the last one."""
    given = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    if settings.web.trusted_proxy and forwarded:
        given = forwarded.rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))
