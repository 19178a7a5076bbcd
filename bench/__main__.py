"""`./run bench [NAME …] [--json]`: every figure beside its rival, measured in turn in one run."""

import argparse
import json
import platform
import sys
from collections.abc import Callable
from typing import Any

from bench import checks, crawl, extract, facts, pairs, render, send, start

BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "start": start.run,
    "render": render.run,
    "send": send.run,
    "extract": extract.run,
    "facts": facts.run,
    "crawl": crawl.run,
    "checks": checks.run,
    "pairs": pairs.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; known are {', '.join(BENCHES)}")
    document: dict[str, Any] = {"machine": f"{platform.machine()}, Python {platform.python_version()}"}
    for name in options.names or BENCHES:
        document[name] = BENCHES[name]()
        if not options.json:
            show(name, document[name])
    if options.json:
        print(json.dumps(document, indent=2))
    return 0


def show(name: str, figures: dict[str, Any]) -> None:
    print(f"\n{name}")
    for key, value in figures.items():
        print(f"  {key:<42} {value:>12,.4g}" if isinstance(value, int | float) else f"  {key:<42} {value}")


if __name__ == "__main__":
    sys.exit(main())
