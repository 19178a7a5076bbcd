"""Quotes people have labelled, and how often the check agrees with them. Reads and counts, stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from errors import AppError
from panel.claims.reading import check_quote
from panel.claims.values import ANCHORED, VERDICTS, Reading, read_fact

COLUMNS = ("quote", "fact", "label")
BETWEEN_FACTS = " || "


@dataclass(frozen=True)
class Label:
    quote: str
    fact: str
    label: str


@dataclass(frozen=True)
class Checked:
    label: Label
    reading: Reading


def read_labels(payload: bytes, name: str) -> list[Label]:
    """Raises AppError with one sentence that names the file, the line and the cure."""
    lines = [decode(line, name, number) for number, line in enumerate(payload.split(b"\n"), start=1)]
    header = lines[0].removeprefix("\ufeff").split("\t")
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise AppError(
            f"{name}, line 1: the column '{missing[0]}' is missing; name {', '.join(COLUMNS)}, separated by tabs."
        )
    rows = enumerate(lines[1:], start=2)
    return [read_label(line, header, name, number) for number, line in rows if line.strip()]


def decode(line: bytes, name: str, number: int) -> str:
    try:
        return line.decode("utf-8").rstrip("\r")
    except UnicodeDecodeError as exc:
        raise AppError(f"{name}, line {number}: this is not UTF-8; save the file in that encoding.") from exc


def read_label(line: str, header: list[str], name: str, number: int) -> Label:
    cells = line.split("\t")
    if len(cells) != len(header):
        raise AppError(
            f"{name}, line {number}: it has {len(cells)} cells for {len(header)} columns; "
            "put one tab between any two cells."
        )
    row = dict(zip(header, cells, strict=True))
    label = row["label"].strip().lower()
    if label not in VERDICTS:
        raise AppError(f"{name}, line {number}: '{label[:40]}' is no label; write {', '.join(VERDICTS)}.")
    return Label(row["quote"], row["fact"], label)


def check_label(label: Label) -> Reading:
    return check_quote(label.quote, [read_fact(fact) for fact in label.fact.split(BETWEEN_FACTS) if fact.strip()])


def measure(labels: Sequence[Label]) -> dict[str, Any]:
    """How well what must be flagged is flagged; then each label alone, and what was taken for what."""
    rows = [Checked(label, check_label(label)) for label in labels]
    pairs = [(row.label.label, row.reading.verdict) for row in rows]
    flags = [(expected != ANCHORED, got != ANCHORED) for expected, got in pairs]
    return figures(flags) | {
        "n": len(rows),
        "misses": [miss(row) for row in rows if row.label.label != row.reading.verdict],
        "per_label": {
            one: figures([(a == one, b == one) for a, b in pairs]) | {"n": count(pairs, one)} for one in VERDICTS
        },
        "confusion": {one: {other: pairs.count((one, other)) for other in VERDICTS} for one in VERDICTS},
    }


def count(pairs: Sequence[tuple[str, str]], label: str) -> int:
    return sum(expected == label for expected, _ in pairs)


def figures(flags: Sequence[tuple[bool, bool]]) -> dict[str, float | None]:
    """Of pairs (true, said). A figure nothing stands behind is None, not 0."""
    right = sum(true and said for true, said in flags)
    said, true = sum(said for _, said in flags), sum(true for true, _ in flags)
    return {
        "precision": right / said if said else None,
        "recall": right / true if true else None,
        "f1": 2 * right / (said + true) if said + true else None,
    }


def miss(row: Checked) -> dict[str, str]:
    return {
        "quote": row.label.quote,
        "fact": row.label.fact,
        "expected": row.label.label,
        "got": row.reading.verdict,
        "why": row.reading.why,
    }
