"""Subscribing, confirming and unsubscribing. Routes are thin: the rules live in digest/subscriptions.py.

GET and HEAD change nothing; whatever acts is a POST from a page with one button.
"""

import logging
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from digest import subscriptions
from digest.addresses import Address, masked, parse_address
from digest.tokens import CONFIRM, UNSUBSCRIBE
from web.askers import network_of, start_mark, was_filled_by_hand
from web.site import Here, Site
from web.templates import show

log = logging.getLogger(__name__)
router = APIRouter()
page = partial(router.api_route, methods=["GET", "HEAD"])
ONE_CLICK = "One-Click"  # RFC 8058 §3.2
LONGEST_ADDRESS = 320


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
