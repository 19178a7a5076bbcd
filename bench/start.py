"""How long a person waits for `verdicts --help`, beside `scrapy --help` in the same environment."""

import subprocess
import sys
from typing import Any

from bench.timing import in_turn

ROUNDS = 15


def run() -> dict[str, Any]:
    ours, rival = in_turn(
        lambda: call([sys.executable, "-m", "cli", "--help"]),
        lambda: call([sys.executable, "-m", "scrapy", "--help"]),
        ROUNDS,
    )
    return {"verdicts --help, s": ours, "scrapy --help, s": rival, "ratio": ours / rival, "aim, s": 0.15}


def call(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
