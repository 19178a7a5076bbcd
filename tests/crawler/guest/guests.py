"""A foreign spider's crawl, in a process of its own, against origins on this machine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from config import ROOT
from tests.crawler.crawling import prepare


def visit_as_guest(
    folder: Path,
    migrated: Path,
    doors: dict[str, str],
    urls: list[str],
    own: dict[str, Any] | None = None,
    delay_seconds: float = 0,
) -> dict[str, Any]:
    """What foreign.py tells.

    Args:
        doors: host → where it is served.
        own: the foreign project's own settings.
    """
    ground = prepare(folder, migrated, crawl={"delay_seconds": delay_seconds, "connect_to": doors})
    own_settings = {"DOWNLOAD_DELAY": 0, **(own or {})}
    command = [
        sys.executable,
        "-m",
        "tests.crawler.guest.foreign",
        str(ground.settings.config_path),
        json.dumps(own_settings),
    ]
    done = subprocess.run([*command, *urls], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
