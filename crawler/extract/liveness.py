"""Whether an answer is the tool's own page, or one that stands in its place. Pure; reads no network.

Two signs are asked for: a page that merely speaks of captchas, parking or missing pages is a living tool's.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from catalog.addresses import registrable_domain
from catalog.text import one_line
from crawler.extract.liveness_signs import (
    BROKERS,
    FOR_SALE,
    GONE,
    NOT_FOUND,
    PARKED,
    PARKING_DOMAINS,
    SALE,
    START_PAGE,
    WALLS,
    Sign,
)
from crawler.extract.page import Page
from db.words import Availability

SHORT = 2200  # characters: a page that stands in a tool's place says little
TINY = 240
EMPTY = 40
LONGEST_READ = SHORT + 800  # enough to see that a page is long
GONE_STATUSES = (404, 410)
MAY_BE_WALL = (401, 403, 405, 429, 503)
EDGE_SERVERS = {"cloudflare": "Cloudflare", "akamaighost": "Akamai", "datadome": "DataDome", "ddos-guard": "DDoS-Guard"}
# Headers by which a protection says itself that it challenged or refused us.
TELLING = (
    ("cf-mitigated", re.compile("challenge|block"), "Cloudflare"),
    ("x-vercel-mitigated", re.compile("challenge|deny"), "Vercel"),
    ("x-amzn-waf-action", re.compile("challenge|captcha"), "Amazon's firewall"),
    ("x-sucuri-block", re.compile("."), "Sucuri"),
)
VERCEL_GONE = re.compile(r"deployment_(?:not_found|deleted|disabled)", re.I)
SIGN_IN_HOST = re.compile(
    r"^(?:(?:accounts?|login|auth|signin|sso|id)\.|(?:.+\.)?(?:auth0\.com|okta\.com|clerk\.accounts\.dev)$)"
)
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "‑": "-"})


class Liveness(NamedTuple):
    """What an answer says of the tool. `why` is empty for the living; `moved_to` is told of the moved."""

    state: Availability
    why: str = ""
    moved_to: str | None = None


ALIVE = Liveness(Availability.ALIVE)


class _Words(NamedTuple):
    """The page's title and text as they are compared: one line, lower case, plain quotes.

    Of a long text only its length is ever asked for.
    """

    title: str
    text: str


def judge_liveness(
    status: int, final_url: str, asked_url: str, page: Page | None, headers: Mapping[str, str]
) -> Liveness:
    """What one answer to the question for a tool's home page says of the tool.

    Args:
        final_url: where redirects ended.
        page: the body read as a page; None when there is nothing to read.
        headers: the answer's, by any case of their names.
    """
    named = {name.lower(): value.lower() for name, value in headers.items()}
    words = _words_of(page)
    return (
        _told_by_headers(status, named, words)
        or _told_by_page(status, page, words)
        or _for_sale_by_address(final_url, asked_url, words)
        or _told_by_status(status)
        or _moved(final_url, asked_url)
        or ALIVE
    )


def _words_of(page: Page | None) -> _Words:
    if page is None:
        return _Words("", "")
    return _Words(_plain(page.title), page.text if len(page.text) > LONGEST_READ else _plain(page.text))


def _plain(text: str) -> str:
    return one_line(text).lower().translate(QUOTES)


# ── the kinds of signs, the surest first ─────────────────────────────────────────────────────────


def _told_by_headers(status: int, headers: Mapping[str, str], words: _Words) -> Liveness | None:
    for name, value, who in TELLING:
        if value.search(headers.get(name, "")):
            return Liveness(Availability.BOT_WALL, f"{who} asks whether we are a person")
    server = EDGE_SERVERS.get(headers.get("server", "").split("/")[0].strip())
    if server and status == 403 and len(words.text) <= TINY:
        return Liveness(Availability.BOT_WALL, f"{server} refused us with 403")
    if VERCEL_GONE.search(headers.get("x-vercel-error", "")):
        return Liveness(Availability.DEAD, "Vercel has no such deployment")
    return None


def _told_by_page(status: int, page: Page | None, words: _Words) -> Liveness | None:
    if page is None or len(words.text) > SHORT or page.pricing_links:
        return None
    found = next((one for one in _signs(status) if _shows(one, status, words)), None)
    if found is None and _offers_itself(page, words):
        found = PARKED[0]
    if found is None and _is_answer(status) and _both(NOT_FOUND, words) and len(words.text) <= SHORT // 2:
        found = NOT_FOUND
    return Liveness(found.state, found.why) if found else None


def _is_answer(status: int) -> bool:
    return 200 <= status < 300


def _signs(status: int) -> Iterable[Sign]:
    """A server that fails shows its protection's name too; only a refusal or an answer can be a wall."""
    walls = WALLS if _is_answer(status) or status in MAY_BE_WALL else ()
    return (*walls, *GONE, *PARKED, *((START_PAGE,) if _is_answer(status) else ()))


def _shows(sign: Sign, status: int, words: _Words) -> bool:
    """Two signs: title and text; or one of them with a refusing status, or on a page that says nothing else."""
    by_title, by_text = bool(sign.title.search(words.title)), bool(sign.text.search(words.text))
    if by_title and by_text:
        return True
    if sign.state == Availability.PARKED:
        is_bare = bool(BROKERS.search(words.text)) or len(words.text) <= TINY
        return by_text and is_bare and _says_no_name(words)
    if status >= 400:
        return by_title or by_text
    return sign.alone and _says_nothing_else(words, by_title=by_title, by_text=by_text)


def _says_nothing_else(words: _Words, *, by_title: bool, by_text: bool) -> bool:
    return (by_title and len(words.text) <= EMPTY) or (by_text and len(words.text) <= TINY and _says_no_name(words))


def _says_no_name(words: _Words) -> bool:
    """No title, or one that is only an address, as protections and registrars give their pages."""
    return not words.title or bool(re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", words.title))


def _both(sign: Sign, words: _Words) -> bool:
    return bool(sign.title.search(words.title) and sign.text.search(words.text))


def _offers_itself(page: Page, words: _Words) -> bool:
    """ "kettle.example is for sale": the domain names itself in an offer, and a place where domains are sold."""
    host = re.escape(_parts(page.url)[0].removeprefix("www."))
    offer = rf"\b{host} {SALE}|\b(?:buy|purchase|make an offer (?:for|on)) {host}\b"
    said = bool(host and re.search(offer, f"{words.title}\n{words.text}"))
    return said and bool(re.search(FOR_SALE, words.text) or BROKERS.search(words.text))


def _for_sale_by_address(final_url: str, asked_url: str, words: _Words) -> Liveness | None:
    asked, final = _domain(asked_url), _domain(final_url)
    host = (_parts(final_url)[0]).removeprefix("www.")
    if asked != final and PARKING_DOMAINS & {final, host}:
        return Liveness(Availability.PARKED, f"its domain leads to {host}, where domains are sold")
    if (
        _parts(final_url)[1].rstrip("/") == "/lander"
        and not _parts(asked_url)[1].strip("/")
        and len(words.text) <= EMPTY
    ):
        return Liveness(Availability.PARKED, "its domain leads to a registrar's landing page")
    return None


def _told_by_status(status: int) -> Liveness | None:
    if status in GONE_STATUSES:
        return Liveness(Availability.DEAD, f"its home page answered {status}")
    if not _is_answer(status):
        return Liveness(Availability.UNREACHABLE, f"its home page answered {status}")
    return None


def _moved(final_url: str, asked_url: str) -> Liveness | None:
    asked, final = _domain(asked_url), _domain(final_url)
    if not asked or not final or asked == final:
        return None
    host = _parts(final_url)[0]
    if SIGN_IN_HOST.search(host):
        return Liveness(Availability.UNREACHABLE, f"its home page asks to sign in at {host}")
    return Liveness(Availability.MOVED, f"it now leads to {host}", final_url)


def _domain(url: str) -> str:
    try:
        return registrable_domain(url)
    except ValueError:
        return ""


def _parts(url: str) -> tuple[str, str]:
    """The host and path of an address; empty when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return (parts.hostname or "").lower(), parts.path
