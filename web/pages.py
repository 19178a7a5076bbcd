"""The pages everybody may read: the editions, the comparisons, and two for machines. Routes are thin.

GET and HEAD change nothing; queries live in db/.
"""

import logging
import re
from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from catalog.facts import current_facts
from db.published_comparisons import get_published_comparison
from db.published_editions import find_latest_edition, get_published_edition, published_editions
from db.shown import PublishedComparison
from errors import NotFound
from web.askers import start_mark
from web.filters import FACT_NAMES
from web.linked_data import linked_data
from web.site import Here
from web.templates import show

log = logging.getLogger(__name__)
router = APIRouter()
page = partial(router.api_route, methods=["GET", "HEAD"])
OWN_ROWS = ("entry_price", "licence", "tagline")  # the rows every comparison has, above the other facts


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
