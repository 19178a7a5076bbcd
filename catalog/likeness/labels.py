"""Pairs of announcements people have labelled, and how often the judgement agrees. Reads and counts, stores nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.addresses import canonical_url
from catalog.identity import Announcement, Decision, Judgement, judge
from errors import AppError

COLUMNS = ("name_a", "url_a", "name_b", "url_b", "label")
LABELS = {"same": "same", "rename": "same", "different": "different"}


@dataclass(frozen=True)
class Label:
    a: Announcement
    b: Announcement
    is_same: bool
    links: str = ""


@dataclass(frozen=True)
class Judged:
    label: Label
    judgement: Judgement

    @property
    def is_miss(self) -> bool:
        """A merge of two tools, a proposal of two tools, or one tool not even proposed."""
        return self.label.is_same == (self.judgement.decision is Decision.DIFFERENT)


def read_labels(payload: bytes, name: str) -> list[Label]:
    """Raises AppError with one sentence that names the file, the line and the cure."""
    lines = [decode(line, name, number) for number, line in enumerate(payload.split(b"\n"), start=1)]
    header = [cell.strip() for cell in lines[0].removeprefix("\ufeff").split("\t")]
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
    if len(cells) > len(header) or len(cells) <= max(header.index(column) for column in COLUMNS):
        raise AppError(
            f"{name}, line {number}: it has {len(cells)} cells for {len(header)} columns; "
            "put one tab between any two cells."
        )
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    for column in ("name_a", "name_b"):
        if not row[column]:
            raise AppError(f"{name}, line {number}: {column} is empty; write the tool's name.")
    for column in ("url_a", "url_b"):
        if not canonical_url(row[column]):
            raise AppError(
                f"{name}, line {number}: '{row[column][:80]}' under {column} is no web address; "
                "write one that starts with https://."
            )
    label = LABELS.get(row["label"].lower())
    if label is None:
        raise AppError(
            f"{name}, line {number}: '{row['label'][:40]}' under label is no answer; write same, rename or different."
        )
    return Label(
        Announcement(row["name_a"], row["url_a"]),
        Announcement(row["name_b"], row["url_b"]),
        label == "same",
        row.get("links", ""),
    )


def measure(labels: Iterable[Label]) -> dict[str, Any]:
    """A figure nothing stands behind is None, not 0."""
    rows = [Judged(label, judge(label.a, label.b, label.links)) for label in labels]
    same = [row.judgement.decision for row in rows if row.label.is_same]
    different = [row.judgement.decision for row in rows if not row.label.is_same]
    merges = same.count(Decision.MERGE) + different.count(Decision.MERGE)
    precision = share(same.count(Decision.MERGE), merges)
    recall = share(len(same) - same.count(Decision.DIFFERENT), len(same))
    return {
        "precision": precision,
        "recall": recall,
        "f1": harmonic_mean(precision, recall),
        "proposed_of_different": share(different.count(Decision.PROPOSE), len(different)),
        "n": len(rows),
        "misses": [describe(row) for row in rows if row.is_miss],
    }


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def harmonic_mean(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def describe(row: Judged) -> dict[str, str]:
    a, b = row.label.a, row.label.b
    return {
        "name_a": a.name,
        "url_a": a.url,
        "name_b": b.name,
        "url_b": b.url,
        "expected": "same" if row.label.is_same else "different",
        "got": row.judgement.decision.value,
        "why": row.judgement.why,
    }
