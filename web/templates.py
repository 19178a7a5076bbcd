"""Show a page: the public templates, and the words and filters all of them know."""

import hashlib
from functools import cache
from typing import Any

from fastapi import Request
from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response

import config
from digest.calendar import say_day
from digest.render import host, link
from web.filters import claims, fact_name, name_of, paragraphs, say_date, visible
from web.site import site_of


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


def style_url() -> str:
    style = (config.ROOT / "web/static/site.css").read_bytes()
    return f"/static/site.css?v={hashlib.sha256(style).hexdigest()[:12]}"
