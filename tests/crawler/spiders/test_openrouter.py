"""OpenRouter: one conditional question, prices that are prices, names without their vendor."""

import os
from pathlib import Path

import pytest

from config import Settings
from crawler.context import CrawlContext
from crawler.spiders.openrouter import (
    OpenRouterSpider,
    first_sentences,
    judge_model,
    name_of,
    numbers_of,
    parse,
    per_million,
)
from db.session import Store
from tests.factories import MONDAY
from tests.fakes import FakeClock

HOME = "https://openrouter.ai"


def test_whole_list_is_asked_conditionally(store: Store, settings: Settings) -> None:
    spider = OpenRouterSpider(CrawlContext(settings, store, FakeClock(MONDAY), {"openrouter": HOME}))
    [request] = spider.first("openrouter", HOME)

    assert (request.url, request.meta["conditional"]) == (f"{HOME}/api/v1/models", True)


@pytest.mark.parametrize(("per_token", "price"), [("0.000005", 5.0), ("0", 0.0), ("0.00000006", 0.06), (1e-6, 1.0)])
def test_price_is_told_per_million(per_token: str | float, price: float) -> None:
    assert per_million(per_token) == price


@pytest.mark.parametrize("per_token", ["-1", "NaN", "Infinity", "cheap", "", None, True, [], "1e9", "9e999999"])
def test_what_is_no_price_is_unknown(per_token: object) -> None:
    assert per_million(per_token) is None


@pytest.mark.parametrize("length", [None, 0, -1, True, "128k", 10**12])
def test_impossible_context_length_is_unknown(length: object) -> None:
    assert numbers_of({"context_length": length}) == {}


@pytest.mark.parametrize(
    ("title", "name"),
    [("Acme: Kettle 2", "Kettle 2"), ("Kettle 2", "Kettle 2"), ("Acme: Kettle: Pro", "Kettle: Pro"), ("Acme:", "Acme")],
)
def test_name_stands_after_its_vendor(title: str, name: str) -> None:
    assert name_of(title) == name


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("acme/kettle:free", "not a launch: a variant of acme/kettle"),
        ("~acme/kettle-latest", "not a launch: an alias of another model"),
        ("acme/kettle", ""),
    ],
)
def test_variant_and_alias_are_no_launch(path: str, why: str) -> None:
    assert judge_model(path, None).why == why


def test_long_description_ends_with_a_word() -> None:
    text = first_sentences("word " * 100)

    assert len(text) <= 300 and text.endswith("word…")


@pytest.mark.corpus
def test_recorded_models_are_read_whole() -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "")) / "openrouter"
    files = sorted(folder.glob("*.json")) if "VERDICTS_CORPUS" in os.environ else []
    if not files:
        pytest.skip("VERDICTS_CORPUS does not name a folder with recorded OpenRouter answers")
    for file in files:
        launches = parse(file.read_bytes(), HOME, MONDAY)
        assert launches and not launches.problems
        assert all(item.launched_at and min(item.traction.values()) >= 0 for item in launches)
