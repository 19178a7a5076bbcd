"""One crawl of ours in a process of its own: `python -m bench.crawl_ours STAGE PORT FOLDER LAUNCHES TOOLS [no-store]`.

Politeness and safety are those of every crawl; the pauses are 0, and the caps that end a real visit early are lifted.
"""

import json
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.crawl_origin import HOSTS, TODAY
from config import Settings
from crawler import run
from crawler.context import CrawlContext, running_clock
from crawler.sources import known_sources, register_sources
from crawler.spiders import pages
from db.models import Tool
from db.session import Store, open_store

BOUNDLESS = 10**9
LOADED_EARLY = "settings guest.manners guest.limits guest.robots guest.recorder pipelines spiders.homepage".split()
LIFTED = {
    "CLOSESPIDER_PAGECOUNT": 0,
    "SITE_LIMITS": {"requests": BOUNDLESS, "bytes": BOUNDLESS, "seconds": BOUNDLESS},
    "API_LIMITS": {"requests": BOUNDLESS, "bytes": BOUNDLESS, "seconds": BOUNDLESS},
}


def main(stage: str, port: str, folder: str, launches: str, tools: str, *options: str) -> None:
    for name in LOADED_EARLY:
        import_module(f"crawler.{name}")
    pages.MOST_PAGES = pages.MOST_PAGES_AT_FIRST = BOUNDLESS
    settings = settings_for(Path(folder), int(port), int(tools))
    store = open_store(settings.store_url)
    now = datetime.fromisoformat(options[-1]) if options and options[-1] != "no-store" else TODAY
    prepare(store, settings, int(tools) if stage == "homepage" else 0)
    limits = LIFTED | ({"ITEM_PIPELINES": {}} if "no-store" in options else {})
    began, used = time.perf_counter(), time.process_time()
    told = crawl(settings, store, stage, now, limits)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    store.close()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak_mb(), "told": told}))


def settings_for(folder: Path, port: int, tools: int) -> Settings:
    names = [f"wire-{n}" for n in range(HOSTS)]
    hosts = [f"{name}.example" for name in (*names, *(f"tool-{n}" for n in range(tools)))]
    return Settings.model_validate(
        {
            "data_dir": folder,
            "secret_key": "b" * 40,
            "pages": {name: {"url": f"http://{name}.example/sitemap.xml", "include": "/news/"} for name in names},
            "crawl": {
                "delay_seconds": 0,
                "timeout_seconds": 7200,
                "most_tools_a_crawl": 2000,
                "reread_hours": 1,
                "connect_to": dict.fromkeys(hosts, f"http://127.0.0.1:{port}"),
            },
        }
    )


def prepare(store: Store, settings: Settings, tools: int) -> None:
    with store.write() as session:
        register_sources(session, settings, TODAY)
        known = session.get(Tool, 1)
        for n in range(0 if known else tools):
            url = f"http://tool-{n}.example/"
            session.add(Tool(slug=f"tool-{n}", name=f"Tool {n}", home_url=url, first_seen_at=TODAY))


def crawl(settings: Settings, store: Store, spider: str, now: datetime, limits: dict[str, Any]) -> dict[str, int]:
    urls = {row.key: row.base_url for row in known_sources(settings) if row.spider == spider}
    context = CrawlContext(settings, store, running_clock(now), urls, started_at=now, parser=run.parser_of(spider))
    stats = run.run_spider(context, spider, limits)
    told = run.record(context, run.load_spider(spider), list(urls), now, stats)
    return {name: sum(counts.get(name, 0) for counts in told.values()) for name in ("requests", "errors")}


def peak_mb() -> float:
    """Of this process alone; what rusage says may still be its parent's."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
