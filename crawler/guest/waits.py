"""What an answer asks of us beside its body: to stay away, or not to come before. Pure; capped at a day."""

import email.utils
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

LONGEST_WAIT = timedelta(hours=24)
UNSAID_WAIT = timedelta(minutes=15)  # a 429 that names no time
LONGEST_FRESH = timedelta(hours=24)
LONGEST_VALUE = 500
ASKS_TO_WAIT = (403, 429, 503)
MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
# As Scrapy writes header names.
TELLING = frozenset((b"X-Ratelimit-Remaining", b"X-Rate-Limit-Remaining", b"Ratelimit-Remaining", b"Ratelimit"))
NUMBER = re.compile(r"(?:^|[;,\s])(r|t|remaining|reset)\s*=\s*(\d{1,10})(?=\s*(?:[;,]|$))", re.IGNORECASE)


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:LONGEST_VALUE] if value else None


def validator(response: Response, name: str, longest: int = LONGEST_VALUE) -> str | None:
    """A header to be sent back as it came: whole, and of plain characters, or not at all."""
    value = (response.headers.get(name) or b"").decode("latin-1")
    return value if value and len(value) <= longest and value.isprintable() else None


def wait_asked(response: Response, now: datetime) -> datetime | None:
    """Until when the other side asks us to stay away, capped at a day.

    Retry-After in both forms (RFC 9110 §10.2.3), or a rate limit that is used up: GitHub's x-ratelimit-reset (an
    epoch), Product Hunt's X-Rate-Limit-Reset and RateLimit-Reset (seconds), Hugging Face's `RateLimit: "api";r=0;t=35`.
    """
    asks = response.status in ASKS_TO_WAIT or response.status >= 500
    if not asks and TELLING.isdisjoint(response.headers):
        return None
    asked = retry_after(header(response, "Retry-After") or "", now) if asks else None
    asked = max(filter(None, (asked, *limits_used_up(response, now))), default=None)
    if asked is None and response.status == 429:
        asked = now + UNSAID_WAIT
    return min(asked, now + LONGEST_WAIT) if asked and asked > now else None


def limits_used_up(response: Response, now: datetime) -> Iterable[datetime | None]:
    for name in ("X-RateLimit", "X-Rate-Limit", "RateLimit"):
        if (header(response, f"{name}-Remaining") or "").strip() == "0":
            yield moment_of((header(response, f"{name}-Reset") or "").strip(), now)
    for seconds in policies_used_up(header(response, "RateLimit") or ""):
        yield moment_of(seconds, now)


def policies_used_up(text: str) -> Iterator[str]:
    """The seconds left of each limit that is used up: `"api";t=35;r=0`, or as it was `remaining=0, reset=35`."""
    for policy in [text] if "remaining" in text.lower() else text.split(","):
        said = {name.lower(): number for name, number in NUMBER.findall(policy)}
        left, seconds = said.get("remaining", said.get("r")), said.get("reset", said.get("t"))
        if left is not None and int(left) == 0 and seconds:
            yield seconds


def retry_after(text: str, now: datetime) -> datetime | None:
    seconds = text.strip()
    if seconds.isdecimal() and seconds.isascii():
        return now + min(timedelta(seconds=min(int(seconds), 10**7)), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # the oldest of the three forms names no zone


def moment_of(text: str, now: datetime) -> datetime | None:
    """A reset is told as an epoch or as seconds from now; no epoch of our time is so small."""
    if not (text.isdecimal() and text.isascii()):
        return None
    number = min(int(text), 2**33)
    return datetime.fromtimestamp(number, UTC) if number > 10**8 else now + timedelta(seconds=number)


def fresh_until(response: Response, now: datetime) -> datetime | None:
    """Until when the answer says of itself that it holds (Cache-Control, RFC 9111 §5.2.2), up to a day."""
    told = MAX_AGE.search(header(response, "Cache-Control") or "")
    return now + min(timedelta(seconds=int(told[1])), LONGEST_FRESH) if told and int(told[1]) else None
