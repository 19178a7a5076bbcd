"""Recorded answers through each source's parser: every field that is expected, and what is said of broken ones."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from catalog.launches import LaunchItem
from crawler.reading.listing import Launches
from crawler.sources import SPIDERS
from crawler.spiders import feed, github, hackernews
from errors import ParseError
from tests.factories import MONDAY

PAGES = Path(__file__).parents[1] / "pages"
READERS = [name for name in SPIDERS if name != "homepage"]
CASES = sorted(path.parent for path in PAGES.glob("*/*/expected.json") if path.parts[-3] != "homepage")


def payload_of(case: Path) -> bytes:
    [path] = case.glob("payload.*")
    return path.read_bytes()


def expected_of(case: Path) -> dict[str, Any]:
    return json.loads((case / "expected.json").read_text(encoding="utf-8"))


def parse(case: Path) -> Launches:
    spider = importlib.import_module(f"crawler.spiders.{case.parent.name}")
    return spider.parse(payload_of(case), expected_of(case)["url"], MONDAY)


def names(cases: list[Path]) -> list[str]:
    return [f"{case.parent.name}-{case.name}" for case in cases]


READ = [case for case in CASES if "items" in expected_of(case)]
UNREAD = [case for case in CASES if "error" in expected_of(case)]


@pytest.mark.parametrize("case", READ, ids=names(READ))
def test_answer_is_read_field_by_field(case: Path) -> None:
    expected = expected_of(case)["items"]
    items = [item.model_dump(mode="json") for item in parse(case)]

    assert len(items) == len(expected)
    for item, wanted in zip(items, expected, strict=True):
        for name, value in wanted.items():
            assert item[name] == value, name


@pytest.mark.parametrize("case", UNREAD, ids=names(UNREAD))
def test_unreadable_answer_says_so(case: Path) -> None:
    with pytest.raises(ParseError) as caught:
        parse(case)

    assert str(caught.value).startswith(expected_of(case)["error"])


@pytest.mark.parametrize("source", READERS)
def test_every_source_has_a_broken_page(source: str) -> None:
    assert [case for case in UNREAD if case.parent.name == source]
    assert [case for case in READ if case.parent.name == source and "problems" in expected_of(case)]


HALF_BROKEN = [case for case in READ if "problems" in expected_of(case)]


@pytest.mark.parametrize("case", HALF_BROKEN, ids=names(HALF_BROKEN))
def test_broken_parts_are_told_one_by_one(case: Path) -> None:
    problems = parse(case).problems

    assert len(problems) == expected_of(case)["problems"]
    assert all("could not be read: " in problem or "malformed" in problem for problem in problems)


@pytest.mark.parametrize("source", [name for name in READERS if name not in ("feed", "pages", "releases")])
def test_deeply_nested_answer_is_refused(source: str) -> None:
    spider = importlib.import_module(f"crawler.spiders.{source}")

    with pytest.raises(ParseError):
        spider.parse(b"[" * 200_000, "https://a.example/", MONDAY)


def test_feed_with_entities_of_its_own_is_refused() -> None:
    payload = payload_of(PAGES / "feed" / "entities")

    with pytest.raises(ParseError, match="declares entities of its own"):
        feed.parse(payload, "https://a.example/feed", MONDAY)


def test_body_that_names_a_file_opens_none(tmp_path: Path) -> None:
    local = tmp_path / "local.xml"
    local.write_bytes(payload_of(PAGES / "feed" / "rss"))

    with pytest.raises(ParseError):
        feed.parse(str(local).encode(), "https://a.example/feed", MONDAY)


# ── every recorded answer ────────────────────────────────────────────────────────────────────────

FOLDERS = {
    "hackernews": hackernews,
    "github": github,
    **dict.fromkeys(
        ("github_feeds", "feeds_vendor", "feeds_tech", "feeds_edge", "arxiv", "reddit", "producthunt"), feed
    ),
}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_recorded_answer_is_read_or_refused(corpus: Path, folder: str) -> None:
    paths = [path for path in sorted((corpus / folder).rglob("*")) if path.is_file()]
    items = []
    for path in paths:
        try:
            items += FOLDERS[folder].parse(path.read_bytes(), f"https://recorded.example/{path.name}", MONDAY)
        except ParseError as exc:
            assert str(exc).startswith(("hackernews: ", "github: ", "feed: "))

    assert paths
    for item in items:
        assert LaunchItem.model_validate(item.model_dump()) == item
        assert item.launched_at is None or item.launched_at.utcoffset().total_seconds() == 0
