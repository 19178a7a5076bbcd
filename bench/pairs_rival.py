"""The rival, run by a Python that has scikit-learn: TF-IDF of every tool, each against all others."""

import json
import sqlite3
import sys
import time
from importlib import import_module
from typing import Any

TOP = 10
CHUNK = 500
SHARE = 4_000  # rows the all-pairs figure is measured on


def main(path: str, new: int) -> None:
    np, text = import_module("numpy"), import_module("sklearn.feature_extraction.text")
    rows = sqlite3.connect(path).execute(
        "SELECT id, category, name || ' ' || tagline || ' ' || description FROM tool WHERE id <= "
        "(SELECT count(*) FROM launch WHERE external_id NOT LIKE 'fresh%') ORDER BY id"
    )
    ids, categories, texts = (list(column) for column in zip(*rows, strict=True))
    began = time.perf_counter()
    matrix = text.TfidfVectorizer(max_df=0.2, dtype=np.float32).fit_transform(texts)
    across = matrix.T.tocsr()
    fitted = time.perf_counter() - began
    took_fifty, scores = time_dot(np, matrix[-new:], across)
    took_share = sum(
        time_dot(np, matrix[start : start + CHUNK], across)[0] for start in range(0, min(SHARE, len(ids)), CHUNK)
    )
    labels = np.array(categories)
    found = {}
    for offset, row in enumerate(scores):
        place = len(ids) - new + offset
        row[labels != labels[place]] = -1
        row[place] = -1
        found[ids[place]] = [ids[other] for other in np.argsort(-row, kind="stable")[:TOP]]
    everything = fitted + took_share * len(ids) / min(SHARE, len(ids))
    print(json.dumps({"fifty": fitted + took_fifty, "all": everything, "found": found}))


def time_dot(np: Any, some: Any, across: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    scores = (some @ across).toarray()
    np.argpartition(-scores, TOP, axis=1)
    return time.perf_counter() - began, scores


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
