"""Finding a new tool's rivals among 100,000, beside scikit-learn's TF-IDF by brute force over all pairs.

The rival is no part of the product. The extra `bench` of pyproject.toml names it: `uv pip install --python
.venv/bin/python scikit-learn` (or `.venv/bin/pip install scikit-learn`) brings it, or
BENCH_PYTHON names a Python that has scikit-learn. Without it the figures say so.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.pairs_store import NEW, fill_store
from config import child_environment

SIZES = (10_000, 100_000)
MISSING = "not measured: this needs scikit-learn; uv pip install --python .venv/bin/python scikit-learn"


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="verdicts-bench-") as folder:
        paths = [Path(folder) / f"{size}.db" for size in SIZES]
        for path, size in zip(paths, SIZES, strict=True):
            fill_store(path, size)
        few, many = (ask(sys.executable, "bench.pairs_ours", str(path)) or {} for path in paths)
        python = child_environment().get("BENCH_PYTHON", sys.executable)
        rival = ask(python, "bench.pairs_rival", str(paths[-1]), str(NEW))
    figures: dict[str, Any] = {
        "tools": SIZES[-1],
        "resolving one launch, ms": many["resolve"],
        "candidates for one new tool, index built, ms": many["one"],
        "building the index of its category, ms": many["build"],
        f"candidates for {NEW} new tools, from the store, s": many["fifty"],
        f"the same among {SIZES[0]:,}, s": few["fifty"],
        "ten times the tools take": many["fifty"] / few["fifty"],
        "memory it adds, MB": many["memory"],
    }
    return figures | (beside(many, rival) if rival else {"brute force": MISSING})


def beside(ours: dict[str, Any], rival: dict[str, Any]) -> dict[str, Any]:
    return {
        f"brute force, {NEW} new tools, s": rival["fifty"],
        "brute force, all pairs, s": rival["all"],
        "all pairs / ours": rival["all"] / ours["fifty"],
        f"{NEW} by brute force / ours": rival["fifty"] / ours["fifty"],
        "recall of its top 10 in the category": recall(ours["found"], rival["found"]),
    }


def recall(ours: dict[str, list[int]], rival: dict[str, list[int]]) -> float:
    wanted = sum(len(ids) for ids in rival.values())
    return sum(len(set(ids) & set(ours[tool])) for tool, ids in rival.items()) / wanted


def ask(python: str, module: str, *arguments: str) -> dict[str, Any] | None:
    """What a process of its own prints; None when it lacks scikit-learn."""
    command = [python, "-m", module, *arguments]
    done = subprocess.run(command, env=child_environment(), capture_output=True, text=True)
    if "No module named 'sklearn'" in done.stderr or "No module named 'numpy'" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
