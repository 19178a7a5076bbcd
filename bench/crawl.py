"""A whole crawl beside its rivals, on the same pages of one local origin: launch pages from ten sitemaps, then the
two pages of every tool site. Each side in a process of its own, in turn; medians. Nothing is asserted."""

import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.crawl_origin import COUNTS, TODAY, launch_url, running_origin
from db.session import open_store

LAUNCHES, MANY_LAUNCHES, TOOLS = 5000, 20_000, 2000
ROUNDS = 3
STAGES = {"pages": ("launch pages", LAUNCHES), "homepage": ("tool pages", 2 * TOOLS)}
# Side → its module, and what its command line says before or after the rest.
SIDES = {
    "ours": ("bench.crawl_ours", (), ()),
    "ours without storing": ("bench.crawl_ours", (), ("no-store",)),
    "Scrapy's defaults, empty callback": ("bench.crawl_rivals", ("empty",), ()),
    "the usual way": ("bench.crawl_rivals", ("usual",), ()),
}
EMPTY, USUAL = list(SIDES)[2:]
LATER = (TODAY + timedelta(hours=2)).isoformat()
KEPT = ("launch", "fact", "snapshot", "tool", "traction")


def run() -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with running_origin(LAUNCHES) as port:
        figures["origin alone, pages/s"] = asyncio.run(origin_speed(port))
        for stage, (noun, pages) in STAGES.items():
            figures |= compare(stage, noun, pages, port)
        figures |= whole(figures)
        for stage, (noun, _) in STAGES.items():
            figures |= crawl_again(stage, noun, port)
    with running_origin(MANY_LAUNCHES) as port, tempfile.TemporaryDirectory() as folder:
        told = crawl("ours", "pages", port, Path(folder), MANY_LAUNCHES)
        figures[f"peak memory after {MANY_LAUNCHES:,} launch pages, MB"] = told["peak_mb"]
    return figures


def compare(stage: str, noun: str, pages: int, port: int) -> dict[str, Any]:
    """All sides in turn, and what stands between them. CPU is the process's own, so a busy machine moves it less."""
    taken: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side, results in taken.items():
            with tempfile.TemporaryDirectory() as folder:
                results.append(crawl(side, stage, port, Path(folder)))
    speed = {side: statistics.median(pages / one["seconds"] for one in results) for side, results in taken.items()}
    cpu = {side: statistics.median(one["cpu"] / pages * 1e6 for one in results) for side, results in taken.items()}
    figures: dict[str, Any] = {}
    for side in taken:
        figures |= {f"{noun}: {side}, pages/s": speed[side], f"{noun}: {side}, CPU us a page": cpu[side]}
    for rival in (EMPTY, USUAL):
        figures[f"{noun}: ratio to {rival}"] = speed["ours"] / speed[rival]
        figures[f"{noun}: ratio to {rival}, in CPU"] = cpu[rival] / cpu["ours"]
    figures[f"{noun}: storing adds, % of CPU"] = 100 * (cpu["ours"] / cpu["ours without storing"] - 1)
    figures[f"{noun}: peak memory, MB"] = max(one["peak_mb"] for one in taken["ours"])
    told = taken["ours"][-1]["told"]
    figures[f"{noun}: requests, errors"] = f"{told['requests']:,} / {told['errors']:,}"
    return figures


def whole(figures: dict[str, Any]) -> dict[str, Any]:
    """Both stages together, as one crawl has them: all pages by the time they take."""
    pages = dict(STAGES.values())
    speed = {
        side: sum(pages.values()) / sum(count / figures[f"{noun}: {side}, pages/s"] for noun, count in pages.items())
        for side in SIDES
    }
    return {"all pages: ours, pages/s": speed["ours"]} | {
        f"all pages: ratio to {rival}": speed["ours"] / speed[rival] for rival in (EMPTY, USUAL)
    }


def crawl_again(stage: str, noun: str, port: int) -> dict[str, Any]:
    """The same crawl two hours later, when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        count(port)
        crawl("ours", stage, port, Path(folder))
        first, before = count(port), contents(Path(folder))
        crawl("ours", stage, port, Path(folder), now=LATER)
        second, after = count(port), contents(Path(folder))
    written = {table: len(set(after[table]) - set(before[table])) for table in ("launch", "fact", "snapshot")}
    return {
        f"{noun}, again: launches, facts, snapshots written": " / ".join(map(str, written.values())),
        f"{noun}, again: bytes of bodies, % of the first": 100 * second["bytes"] / max(1, first["bytes"]),
        f"{noun}, again: requests": f"{second['requests']:,} (first {first['requests']:,})",
    }


def crawl(
    side: str, stage: str, port: int, folder: Path, launches: int = LAUNCHES, now: str | None = None
) -> dict[str, Any]:
    module, before, after = SIDES[side]
    counts = [str(launches), str(TOOLS)] if module.endswith("ours") else [str(launches if stage == "pages" else TOOLS)]
    if module.endswith("ours"):  # as `verdicts crawl` does before it starts a crawl's own process
        open_store(f"sqlite:///{folder}/verdicts.db").close()
    command = [sys.executable, "-m", module, *before, stage, str(port), str(folder), *counts, *after]
    done = subprocess.run(command + ([now] if now else []), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{side}, {stage}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row, but for when a tool was last read."""
    with sqlite3.connect(folder / "verdicts.db") as store:
        return {table: store.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT}


# ── the origin, asked directly ───────────────────────────────────────────────────────────────────


def count(port: int) -> dict[str, int]:
    """Requests and bytes of bodies since the last time this was asked."""
    return asyncio.run(ask_for_count(port))


async def ask_for_count(port: int) -> dict[str, int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        told: dict[str, int] = json.loads(await ask(reader, writer, COUNTS, "/"))
    finally:
        writer.close()
    return told


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, path: str) -> bytes:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    return await reader.readexactly(length)


async def origin_speed(port: int, connections: int = 16, asked: int = LAUNCHES) -> float:
    """What the origin can do for the plainest of clients: it must not be what is measured."""

    async def one(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(first, asked, connections):
            await ask(reader, writer, *launch_url(number))
        writer.close()

    await asyncio.gather(*(one(first) for first in range(connections)))  # made once, so that making is not timed
    began = time.perf_counter()
    await asyncio.gather(*(one(first) for first in range(connections)))
    return asked / (time.perf_counter() - began)
