"""A launch as a spider hands it over, with the least it needs."""

from typing import Any

from catalog.launches import LaunchItem
from tests.factories import MONDAY

HOME = "https://kettle.example/"


def item(external_id: str = "1", url: str = HOME, **values: Any) -> LaunchItem:
    given = {
        "source": "hackernews",
        "external_id": external_id,
        "url": url,
        "seen_on": "https://news.ycombinator.com/item?id=1",
        "title": "Show HN: Kettle – boils models locally",
        "name": "Kettle",
        "tagline": "boils models locally",
        "launched_at": MONDAY,
    }
    return LaunchItem(**given | values)
