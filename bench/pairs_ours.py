"""One process that finds rivals in a filled store and prints what it took; apart, so that its memory is its own."""

import json
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bench.pairs_store import AT, NEW
from catalog.launches import LaunchItem, record_launch
from catalog.neighbours import find_neighbours, learn_rarity, load_category, text_of
from db.models import Tool
from db.session import Store, make_engine

TOP = 10
LAUNCHES = 60
ASKED = 200
ROUNDS = 3


def main(path: str) -> None:
    store = Store(make_engine(f"sqlite:///{path}"))
    with store.read() as session:
        new = session.exec(select(Tool).order_by(col(Tool.id).desc()).limit(NEW)).all()
        wanted = defaultdict(list)
        for tool in new:
            wanted[tool.category].append(tool)
        before = resident()
        found: dict[int, list[int]] = {}
        fifty = [seconds(lambda: found.update(find_neighbours(session, wanted, AT, TOP))) for _ in range(ROUNDS)]
        memory = peak() - before
        rarity = learn_rarity(session)
        category = new[0].category
        asked = session.exec(select(Tool).where(Tool.category == category).limit(ASKED)).all()
        texts = [text_of(tool) for tool in asked]
        build = [seconds(lambda: load_category(session, category, rarity, AT, texts)) for _ in range(ROUNDS)]
        index = load_category(session, category, rarity, AT, texts)
        one = [seconds(partial(index.nearest, 0, text, TOP)) for text in texts]
    document = {
        "fifty": statistics.median(fifty),
        "build": statistics.median(build) * 1e3,
        "one": statistics.median(one) * 1e3,
        "memory": memory,
        "resolve": statistics.median(resolve(store, number) for number in range(LAUNCHES)) * 1e3,
        "found": found,
    }
    store.close()
    print(json.dumps(document))


def resolve(store: Store, number: int) -> float:
    """Half of the launches found a tool, half belong to one."""
    name = f"Fresh{number}" if number % 2 else f"Tool{number * 7 + 1}"
    item = LaunchItem(
        source="bench",
        external_id=f"fresh-{number}",
        url=f"https://{name.lower()}.example/",
        seen_on=f"https://bench.example/fresh/{number}",
        title=name,
        name=name,
        tagline="Says what it does in eight short words.",
        launched_at=AT,
        traction={"points": 12},
    )
    with store.write() as session:
        return seconds(lambda: record_launch(session, item, AT))


def resident() -> float:
    """Megabytes of this process now; where the system does not tell, its peak so far."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * resource.getpagesize() / 1e6 if told.exists() else peak()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1])
