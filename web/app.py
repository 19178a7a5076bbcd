"""The ASGI app: one guard around everything, the static files, the routes, and errors in our own voice."""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config import Settings
from db.session import Store
from digest.tokens import TokenError
from errors import AppError, NotAllowed, NotFound
from web import pages, subscribing
from web.site import Site
from web.templates import show

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
TOKEN_PATH = re.compile(r"/(confirm|unsubscribe)/[^\s?]+")
COPY_PATH = re.compile(r"/(editions|compare)(/|$)")

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Scraped text is shown here: whatever slipped through could still load and run nothing.
ON_COPIES = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
}
ON_TOKENS = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}

# What went wrong, and what to do: for answers no exception of ours explains.
SAID = {
    404: ("Not here", "There is no such page; the archive has every edition we sent."),
    405: ("Not that way", "This page does not take that kind of request; open it in a browser."),
    413: ("Too long", "That was more than this form takes; send less."),
    422: ("Not readable", "The form did not arrive whole; go back and send it again."),
    500: ("Our mistake", "Something broke on our side and has been written down; try again in a minute."),
}


def create_app(store: Store, settings: Settings, clock: Callable[[], datetime]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = Site(store, settings, clock)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(pages.router)
    app.include_router(subscribing.router)
    app.add_exception_handler(HTTPException, say_http_error)
    app.add_exception_handler(RequestValidationError, say_unreadable)
    app.add_exception_handler(AppError, say_refusal)
    app.add_middleware(Guard)
    logging.getLogger("uvicorn.access").addFilter(mask_access)
    return app


# ── around every request ─────────────────────────────────────────────────────────────────────────


class Guard:
    """Security headers on every answer, and a calm page when something unexpected breaks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except Exception:  # one web request: it fails alone
            log.exception("method=%s path=%s", scope["method"], mask_tokens(scope["path"]))
            if not has_started:
                await say(Request(scope), 500)(scope, receive, send_guarded)


def add_headers(headers: MutableHeaders, scope: Scope) -> None:
    """A route's own header stands; the desk, for one, may send another Referrer-Policy."""
    path: str = scope["path"]
    wanted = dict(ALWAYS)
    if COPY_PATH.match(path):
        wanted |= ON_COPIES
    if TOKEN_PATH.match(path):
        wanted |= ON_TOKENS
    if path.startswith("/static/"):
        is_versioned = scope["query_string"].startswith(b"v=")
        wanted["Cache-Control"] = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
    for name, value in wanted.items():
        headers.setdefault(name, value)


def mask_tokens(path: str) -> str:
    return TOKEN_PATH.sub(r"/\1/…", path)


def mask_access(record: logging.LogRecord) -> bool:
    """A link from a mail is a key: it does not belong in a log."""
    if isinstance(record.args, tuple):
        record.args = tuple(mask_tokens(arg) if isinstance(arg, str) else arg for arg in record.args)
    return True


# ── errors ───────────────────────────────────────────────────────────────────────────────────────


def say(request: Request, status: int, sentence: str = "") -> Response:
    title, usual = SAID.get(status, ("Not possible", "That request cannot be answered; start again at the front page."))
    if request.url.path.endswith(".json"):
        return JSONResponse({"error": sentence or usual}, status)
    return show(request, "notice.html", status, title=title, sentences=[sentence or usual])


def say_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = say(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def say_unreadable(request: Request, _error: Exception) -> Response:
    return say(request, 422)


def say_refusal(request: Request, error: Exception) -> Response:
    if isinstance(error, TokenError):
        return show(request, "notice.html", 410, title="This link does not work", sentences=[str(error)])
    if isinstance(error, NotFound):
        return say(request, 404, str(error))
    if isinstance(error, NotAllowed):
        return show(request, "notice.html", 409, title="Not now", sentences=[str(error)])
    log.error("method=%s path=%s", request.method, mask_tokens(request.url.path), exc_info=error)
    return say(request, 500)
