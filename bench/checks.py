"""Which claims the facts bear: our reading beside the plain rule 'every number of the quote stands in a fact'."""

import re
from pathlib import Path
from typing import Any

from bench.timing import in_turn
from panel.claims.labels import Label, check_label, figures, read_labels
from panel.claims.values import ANCHORED

LABELS = Path(__file__).resolve().parents[1] / "tests" / "labels" / "claims.tsv"
ROUNDS = 5
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def run() -> dict[str, Any]:
    labels = read_labels(LABELS.read_bytes(), LABELS.name)
    ours = figures([(label.label != ANCHORED, check_label(label).verdict != ANCHORED) for label in labels])
    rival = figures([(label.label != ANCHORED, not numbers_stand(label)) for label in labels])
    seconds = in_turn(
        lambda: [check_label(label) for label in labels], lambda: [numbers_stand(label) for label in labels], ROUNDS
    )
    return {
        "labelled quotes": len(labels),
        "flagged, ours: precision": ours["precision"],
        "flagged, ours: recall": ours["recall"],
        "flagged, every number stands: precision": rival["precision"],
        "flagged, every number stands: recall": rival["recall"],
        "a check, ours, microseconds": 1e6 * seconds[0] / len(labels),
        "a check, every number stands, microseconds": 1e6 * seconds[1] / len(labels),
    }


def numbers_stand(label: Label) -> bool:
    return set(NUMBER.findall(label.quote)) <= set(NUMBER.findall(label.fact))
