"""Every recorded page: nothing breaks, every quote is real, and the labelled prices are read."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extract.facts import find_facts
from crawler.extract.findings import Finding
from crawler.extract.page import Page, read_page
from crawler.extract.pricing import find_pricing

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def corpus() -> Path:
    folder = os.environ.get("VERDICTS_CORPUS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VERDICTS_CORPUS does not name the folder of recorded pages")
    return Path(folder)


def read(path: Path) -> Page:
    name = path.name.split("__")[1] if "__" in path.name else path.name
    return read_page(path.read_bytes(), f"https://{path.name.split('__')[0].lower()}.example/{name}")


def labelled(corpus: Path) -> Iterator[tuple[dict[str, str], dict[str, Finding]]]:
    with (corpus / "labels" / "pricing_page_labels.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if (corpus / row["file"]).exists():
                yield row, {found.key: found for found in find_pricing(read(corpus / row["file"]))}


def test_every_recorded_page_has_real_spans(corpus: Path) -> None:
    pages = sorted(corpus.rglob("*.html"))

    for path in pages:
        page = read(path)
        for found in [*find_facts(page), *find_pricing(page)]:
            assert page.text[found.start : found.end] == found.quote, path.name
    assert pages


def test_labelled_tiers_are_read(corpus: Path) -> None:
    misses = [
        row["file"] for row, found in labelled(corpus) if "tier" not in found or found["tier"].value != row["label"]
    ]

    assert misses == []


def test_labelled_entry_prices_are_read(corpus: Path) -> None:
    misses = []
    for row, found in labelled(corpus):
        wanted = (row["entry_paid_price"] or "0", row["period"] or None)
        normal = found["entry_price"].normal if "entry_price" in found else {}
        if (normal.get("amount"), normal.get("period")) != wanted:
            misses.append(row["file"])

    assert misses == []


def test_articles_have_no_price(corpus: Path) -> None:
    articles = [path for path in sorted((corpus / "html").glob("*.html")) if "microlink.io" not in path.name]

    assert [path.name for path in articles if find_pricing(read(path))] == []
