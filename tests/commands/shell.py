"""`verdicts` as a shell calls it, in this process: exit code, standard output, standard error."""

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli import main

QUIET = {
    "CRAWL__DELAY_SECONDS": "0",
    "FEEDS": "{}",
    "SMTP__SECURITY": "none",
    "SMTP__PORT": "9",
    **{f"SOURCES__{key}__ENABLED": "false" for key in ("HACKERNEWS", "GITHUB", "HOMEPAGE")},
}


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What stands on standard output, all of it, as one JSON document."""
        return json.loads(self.out)


def call(*arguments: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def environment(data_dir: Path, **values: str) -> dict[str, str]:
    """This machine's, without settings of its own, and nothing in it that would reach out."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("VERDICTS_")}
    config = data_dir / "verdicts.toml"
    config.touch()
    given = {"CONFIG": str(config), "DATA_DIR": str(data_dir)} | QUIET | values
    return others | {f"VERDICTS_{name}": value for name, value in given.items()}


def take_up(monkeypatch: pytest.MonkeyPatch, data_dir: Path, **values: str) -> None:
    wanted = environment(data_dir, **values)
    for name in [name for name in os.environ if name.startswith("VERDICTS_") and name not in wanted]:
        monkeypatch.delenv(name)
    for name, value in wanted.items():
        if name.startswith("VERDICTS_"):
            monkeypatch.setenv(name, value)


@contextmanager
def as_standard_input(text: str) -> Iterator[None]:
    import sys

    kept, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = kept
