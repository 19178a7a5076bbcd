"""What every command shares: opening the store, printing for people or for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from config import Settings
    from db.session import Store

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
As = Annotated[str, typer.Option("--as", help="The editor who does this, by mail address.")]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence.")]
Number = Annotated[int | None, typer.Argument(help="The edition's number; default: the newest.")]


@dataclass(frozen=True)
class Opened:
    settings: "Settings"
    store: "Store"
    now: datetime


@contextmanager
def opened() -> Iterator[Opened]:
    """Settings and store, checked; the one place of the command line that asks for the time."""
    from config import load_settings
    from db.session import open_store

    settings = load_settings()
    store = open_store(settings.store_url)
    try:
        yield Opened(settings, store, datetime.now(UTC))
    finally:
        store.close()


def say(text: str) -> None:
    typer.echo(text)


def say_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=plain))


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def say_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, figures: Sequence[str] = (), next_step: str = ""
) -> None:
    """A table without borders; the columns named in `figures` are right-aligned."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=False)
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*("—" if cell in (None, "") else str(cell) for cell in row))
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)
    if next_step:
        console.print(f"\n{next_step}")


def when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def dump(row: Any) -> dict[str, Any]:
    """A table row as a plain dict."""
    values: dict[str, Any] = row.model_dump()
    return values


def read_text(path: str, what: str) -> str:
    """A text argument given as a file, '-' for standard input."""
    from pathlib import Path

    from errors import AppError

    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise AppError(f"The {what} {path} cannot be read: {exc}; give the path of a UTF-8 text file.") from exc


def read_bytes(path: str, what: str) -> bytes:
    from pathlib import Path

    from errors import AppError

    try:
        return Path(path).read_bytes()
    except OSError as exc:
        raise AppError(f"The {what} {path} cannot be read: {exc.strerror}; check the path.") from exc
