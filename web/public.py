"""The pages everybody may see. Routes are thin: rules live in digest/, queries in db/published.py.

GET and HEAD change nothing; whatever acts is a POST from a page with one button.
"""

import hashlib
import ipaddress
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

import config
from catalog.facts import current_facts
from catalog.text import clean
from config import Settings
from db.published import (
    PublishedComparison,
    ShownReview,
    find_latest_edition,
    get_published_comparison,
    get_published_edition,
    published_editions,
)
from db.session import Store
from digest import subscriptions
from digest.addresses import Address, masked, parse_address
from digest.calendar import say_day
from digest.render import host, link
from digest.tokens import CONFIRM, UNSUBSCRIBE
from errors import NotFound

log = logging.getLogger(__name__)
router = APIRouter()
page = partial(router.api_route, methods=["GET", "HEAD"])

ONE_CLICK = "One-Click"  # RFC 8058 §3.2
FASTEST, SLOWEST = timedelta(seconds=2), timedelta(days=7)
LONGEST_ADDRESS = 320
FACT_NAMES = {
    "tier": "Pricing",
    "entry_price": "Entry price",
    "licence": "Licence",
    "free_credit": "Free credit",
    "weights": "Weights",
    "parameters": "Parameters",
    "context_length": "Context length",
    "stars": "Stars",
    "claim": "Claims",
}
OWN_ROWS = ("entry_price", "licence", "tagline")  # the rows every comparison has, above the other facts


@dataclass(frozen=True)
class Site:
    """What a request needs to know of the world."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(site_of)]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


@page("/")
def front_page(request: Request, site: Here) -> Response:
    with site.store.read() as session:
        edition = find_latest_edition(session)
    content = edition.content if edition else None
    return show(request, "front.html", content=content, started=start_mark(site))


@page("/editions")
def archive(request: Request, site: Here) -> Response:
    with site.store.read() as session:
        editions = published_editions(session)
    return show(request, "editions.html", editions=editions)


@page("/editions/{number}.json")
def edition_json(number: str, site: Here) -> Response:
    with site.store.read() as session:
        edition = get_published_edition(session, edition_number(number))
    return JSONResponse({**edition.content, "content_hash": edition.content_hash})


@page("/editions/{number}")
def edition_page(request: Request, number: str, site: Here) -> Response:
    with site.store.read() as session:
        edition = get_published_edition(session, edition_number(number))
    return show(request, "edition.html", content=edition.content, number=edition.number, started=start_mark(site))


@page("/compare/{slug}")
def comparison_page(request: Request, slug: str, site: Here) -> Response:
    if not slug.isprintable():
        raise NotFound("published comparison", slug)
    with site.store.read() as session:
        comparison = get_published_comparison(session, slug, current_facts)
    return show(
        request,
        "comparison.html",
        comparison=comparison,
        keys=fact_keys(comparison),
        linked_data=linked_data(comparison, site.settings),
        started=start_mark(site),
    )


@page("/robots.txt")
def robots() -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /confirm/\nDisallow: /unsubscribe/\nDisallow: /desk\n")


@page("/healthz")
def health(site: Here) -> Response:
    try:
        with site.store.read() as session:
            session.connection().execute(text("SELECT 1 FROM edition LIMIT 1"))
    except SQLAlchemyError:
        log.exception("health=failed")
        return PlainTextResponse("the store does not answer", 503)
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


def edition_number(given: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,8}", given):
        raise NotFound("published edition", given)
    return int(given)


def fact_keys(comparison: PublishedComparison) -> list[str]:
    """The fact rows both columns share, in a fixed order, claims last."""
    order = list(FACT_NAMES)
    rows = [key for key in comparison.fact_keys if key not in OWN_ROWS]
    return sorted(rows, key=lambda key: (key == "claim", order.index(key) if key in order else len(order), key))


def linked_data(comparison: PublishedComparison, settings: Settings) -> dict[str, Any]:
    """schema.org, and honest: software that drafted is named as software, never as an author of flesh."""
    names = [tool.name for tool in comparison.tools]
    publisher = {"@type": "Organization", "name": settings.mail.from_name, "url": settings.base_url}
    newest = comparison.verdicts[0] if comparison.verdicts else None
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": " vs ".join(names),
        "abstract": comparison.answer,
        "url": f"{settings.base_url}/compare/{comparison.slug}",
        "datePublished": comparison.published_at.isoformat(),
        "publisher": publisher,
        "creator": [creator(origin, comparison) for origin in comparison.origins] or publisher,
        "about": [
            {
                "@type": "SoftwareApplication",
                "name": tool.name,
                **({"url": url} if (url := link(tool.home_url)) else {}),
            }
            for tool in comparison.tools
        ],
    }
    if newest:
        data |= {
            "dateModified": newest.decided_at.isoformat(),
            "editor": {"@type": "Person", "name": name_of(newest.approved_by)},
        }
    return data


def creator(origin: str, comparison: PublishedComparison) -> dict[str, Any]:
    reviews = [review for tool in comparison.tools for review in tool.reviews.values() if review.origin == origin]
    names = ", ".join(sorted({name_of(review.written_by) for review in reviews}))
    if origin == "person":
        return {"@type": "Person", "name": names}
    why = "Drafted by software" if origin == "model" else "Written in advance for a demonstration"
    return {"@type": "SoftwareApplication", "name": names, "description": f"{why}; approved by an editor."}


# ── subscribing ──────────────────────────────────────────────────────────────────────────────────


@page("/subscribe")
def subscribe_page(request: Request, site: Here) -> Response:
    return show(request, "subscribe.html", started=start_mark(site))


@page("/subscribe/asked")
def asked_page(request: Request) -> Response:
    return show(request, "asked.html")


@router.post("/subscribe")
def subscribe(
    request: Request,
    site: Here,
    later: BackgroundTasks,
    email: Annotated[str, Form()] = "",
    website: Annotated[str, Form()] = "",
    started: Annotated[str, Form()] = "",
) -> Response:
    """One answer for everybody, and in the same time: what is decided, is decided after the answer left."""
    now = site.clock()
    asked = RedirectResponse("/subscribe/asked", 303)
    if website or not was_filled_by_hand(started, now):
        return asked
    try:
        address = parse_address(email[:LONGEST_ADDRESS])
    except ValueError:
        sentence = "That is no mail address we can write to; check its spelling."
        return show(request, "subscribe.html", 422, email=email[:LONGEST_ADDRESS], sentence=sentence, started=started)
    later.add_task(ask_to_confirm, site, address, network_of(request, site.settings), now)
    asked.background = later
    return asked


def ask_to_confirm(site: Site, address: Address, network: str, now: datetime) -> None:
    with site.store.write() as session:
        outcome = subscriptions.request_subscription(session, site.settings, address, network, now)
    log.info("signup=%s address=%s", outcome.value.replace(" ", "-"), masked(address.written))


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


# ── links from mail ──────────────────────────────────────────────────────────────────────────────


@page("/confirm/{token}")
def confirm_page(request: Request, token: str, site: Here) -> Response:
    with site.store.read() as session:
        address = subscriptions.subscriber_of(session, site.settings, CONFIRM, token, site.clock()).address
    return show(request, "confirm.html", address=masked(address))


@router.post("/confirm/{token}")
def confirm(request: Request, token: str, site: Here) -> Response:
    with site.store.write() as session:
        subscriptions.confirm(session, site.settings, token, site.clock())
    return show(request, "confirmed.html")


@page("/unsubscribe/{token}")
def unsubscribe_page(request: Request, token: str, site: Here) -> Response:
    with site.store.read() as session:
        address = subscriptions.subscriber_of(session, site.settings, UNSUBSCRIBE, token, site.clock()).address
    return show(request, "unsubscribe.html", address=masked(address))


@router.post("/unsubscribe/{token}")
def unsubscribe(
    request: Request, token: str, site: Here, one_click: Annotated[str, Form(alias="List-Unsubscribe")] = ""
) -> Response:
    """Works at once from the page's button and from a mail program (RFC 8058): no cookie, no further step."""
    with site.store.write() as session:
        subscriptions.unsubscribe(session, site.settings, token, site.clock())
    if one_click == ONE_CLICK:
        return PlainTextResponse("You are unsubscribed.\n")
    return show(request, "unsubscribed.html")


# ── showing ──────────────────────────────────────────────────────────────────────────────────────


def show(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    site = site_of(request)
    made = (
        environment()
        .get_template(f"public/{name}")
        .render(
            site_name=site.settings.mail.from_name,
            postal_address=site.settings.mail.postal_address,
            base_url=site.settings.base_url,
            zone=site.settings.schedule.zone,
            **values,
        )
    )
    return HTMLResponse(made, status)


@cache
def environment() -> Environment:
    """An archived edition may be older than a template: what it lacks is left out, never an error."""
    made = Environment(
        loader=FileSystemLoader(config.ROOT / "templates"),
        autoescape=True,
        undefined=ChainableUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"claims": claims, "day": say_day, "date": say_date, "host": host, "link": link}
    made.filters |= {"fact_name": fact_name, "name": name_of, "paragraphs": paragraphs}
    made.globals |= {"style_url": style_url()}
    return made


def visible(value: Any) -> Any:
    """Every text on its way to a page: no control, direction override or zero width (what is markup, is ours)."""
    return clean(value) if type(value) is str else value


def style_url() -> str:
    style = (config.ROOT / "web/static/site.css").read_bytes()
    return f"/static/site.css?v={hashlib.sha256(style).hexdigest()[:12]}"


def say_date(moment: datetime, zone: Any) -> str:
    return say_day(moment, zone).partition(" ")[2]


def fact_name(key: str) -> str:
    return FACT_NAMES.get(key) or key.replace("_", " ").capitalize()


def name_of(who: str) -> str:
    """An editor is named; the mailbox is not handed to every harvester."""
    return who.partition("@")[0] if "@" in who else who


def paragraphs(given: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", given or "") if part.strip()]


def claims(review: ShownReview) -> list[tuple[str, int]]:
    """The quote in pieces: (text, the cited fact it states, or 0), so that a page can underline what is anchored."""
    stated = {tuple(words_in(fact.value)): fact.id for fact in review.facts if len(fact.value) > 1}
    if not stated:
        return [(review.quote, 0)]
    longest_first = sorted(stated, key=lambda words: len("".join(words)), reverse=True)
    any_of_them = "|".join(r"[\s-]+".join(map(re.escape, words)) for words in longest_first)
    pieces = re.split(rf"(?<!\w)({any_of_them})(?!\w)", review.quote, flags=re.IGNORECASE)
    return [(piece, stated.get(tuple(words_in(piece)), 0)) for piece in pieces if piece]


def words_in(given: str) -> list[str]:
    """'Apache-2.0' and 'Apache 2.0' say the same."""
    return re.split(r"[\s-]+", given.strip(" -").casefold())
