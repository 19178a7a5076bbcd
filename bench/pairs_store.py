"""A store of made-up tools, lifelike where pairing looks: 30 words each, half of them its category's, Zipf's law."""

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from db.models import Launch, Source, Tool, ToolKey
from db.session import Store, make_engine, upgrade

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
CATEGORIES = 30
WORDS, OWN_WORDS = 20_000, 1_500
LONG, TAGLINE = 30, 8
AT_ONCE = 5_000
NEW = 50  # tools of this fortnight


def fill_store(path: Path, size: int) -> None:
    url = f"sqlite:///{path}"
    upgrade(url)
    store = Store(make_engine(url))
    chance = random.Random(7)
    with store.write() as session:
        session.add(Source(key="bench", spider="hackernews", title="Bench", url="https://bench.example"))
        session.flush()
        writer = Writer(chance)
        for start in range(1, size + 1, AT_ONCE):
            some = range(start, min(start + AT_ONCE, size + 1))
            for table, make in ((Tool, writer.tool), (ToolKey, key_of), (Launch, launch_of)):
                session.execute(insert(table), [make(number, size) for number in some])
    store.close()


class Writer:
    """Draws words as people use them: few often, most seldom; half from the words of the tool's category."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words = [word_of(number) for number in range(WORDS)]
        self.often = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
        self.own_often = self.often[:OWN_WORDS]
        self.own = [chance.sample(self.words, OWN_WORDS) for _ in range(CATEGORIES)]

    def text(self, category: int, length: int) -> str:
        half = length // 2
        said = self.chance.choices(self.words, cum_weights=self.often, k=length - half)
        said += self.chance.choices(self.own[category], cum_weights=self.own_often, k=half)
        return " ".join(said)

    def tool(self, number: int, size: int) -> dict[str, Any]:
        category = self.chance.randrange(CATEGORIES)
        return {
            "id": number,
            "slug": f"tool-{number}",
            "name": f"Tool{number}",
            "name_key": f"tool{number}",
            "tagline": self.text(category, TAGLINE),
            "description": self.text(category, LONG),
            "category": f"category-{category}",
            "home_url": home_of(number),
            "first_seen_at": AT,
            "launched_at": AT - timedelta(days=1 if number > size - NEW else 60),
            "availability": "alive",
            "last_read_at": AT,
        }


def word_of(number: int) -> str:
    """Ten syllables make words apart from each other."""
    syllables = ("ba", "do", "ki", "lu", "me", "no", "pa", "ri", "so", "tu")
    return "".join(syllables[int(figure)] for figure in f"{number:05}")


def home_of(number: int) -> str:
    return f"https://tool{number}.example/"


def key_of(number: int, _: int) -> dict[str, Any]:
    return {"kind": "url", "value": home_of(number), "tool_id": number}


def launch_of(number: int, _: int) -> dict[str, Any]:
    return {
        "source_key": "bench",
        "external_id": str(number),
        "url": home_of(number),
        "seen_on": f"https://bench.example/{number}",
        "title": f"Tool{number}",
        "name": f"Tool{number}",
        "first_seen_at": AT,
        "last_seen_at": AT,
        "launched_at": AT - timedelta(days=60),
        "traction": {"points": number % 500},
        "topics": [],
        "kind": "launch",
        "tool_id": number,
    }
