"""What a request needs to know of the world: the store, the settings and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from config import Settings
from db.session import Store


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
