"""Headlines people have labelled, and how often the judgement agrees with them. Reads and counts, stores nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crawler.relevance.judging import Judgement, judge
from errors import AppError

COLUMNS = ("source", "title", "url", "description", "ai", "launch")
QUESTIONS = ("ai", "launch")
YES_OR_NO = {"yes": True, "no": False}
SAID = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Label:
    source: str
    title: str
    url: str
    description: str
    ai: bool
    launch: bool


@dataclass(frozen=True)
class Judged:
    label: Label
    judgement: Judgement

    def expected(self, question: str) -> bool:
        return self.label.ai if question == "ai" else self.label.launch

    def got(self, question: str) -> bool:
        return self.judgement.is_ai if question == "ai" else self.judgement.is_launch


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
    answers = [read_answer(row[question], question, name, number) for question in QUESTIONS]
    return Label(row["source"], row["title"], row["url"], row["description"], *answers)


def read_answer(word: str, question: str, name: str, number: int) -> bool:
    answer = YES_OR_NO.get(word.strip().lower())
    if answer is None:
        raise AppError(f"{name}, line {number}: '{word[:40]}' under {question} is no answer; write yes or no.")
    return answer


def judge_label(label: Label) -> Judgement:
    """As a headline in the open: neither its source nor its address is taken on trust to hold launches only."""
    return judge(label.title, label.description, announces=False, url=label.url, place=label.source)


def measure(labels: Iterable[Label]) -> dict[str, Any]:
    """Both questions over all, with the misses, and the figures per source."""
    rows = [Judged(label, judge_label(label)) for label in labels]
    sources = sorted({row.label.source for row in rows})
    return {question: figures(rows, question) | {"misses": misses(rows, question)} for question in QUESTIONS} | {
        "per_source": {
            source: {question: figures(of_source(rows, source), question) for question in QUESTIONS}
            for source in sources
        }
    }


def of_source(rows: list[Judged], source: str) -> list[Judged]:
    return [row for row in rows if row.label.source == source]


def figures(rows: list[Judged], question: str) -> dict[str, Any]:
    """A figure nothing stands behind is None, not 0."""
    right = sum(row.got(question) and row.expected(question) for row in rows)
    said, true = sum(row.got(question) for row in rows), sum(row.expected(question) for row in rows)
    return {
        "precision": right / said if said else None,
        "recall": right / true if true else None,
        "f1": 2 * right / (said + true) if said + true else None,
        "n": len(rows),
    }


def misses(rows: list[Judged], question: str) -> list[dict[str, str]]:
    return [
        {
            "source": row.label.source,
            "title": row.label.title,
            "url": row.label.url,
            "expected": SAID[row.expected(question)],
            "got": SAID[row.got(question)],
            "why": "; ".join(dict.fromkeys(filter(None, (row.judgement.why, *row.judgement.reasons)))),
        }
        for row in rows
        if row.got(question) != row.expected(question)
    ]


def write_labels(labels: Iterable[Label]) -> str:
    """The same columns that are read."""
    rows = ["\t".join(COLUMNS)]
    for label in labels:
        texts = (label.source, label.title, label.url, label.description)
        rows.append("\t".join([*(" ".join(text.split()) for text in texts), SAID[label.ai], SAID[label.launch]]))
    return "\n".join(rows) + "\n"
