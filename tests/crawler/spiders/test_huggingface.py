"""Hugging Face: what is asked on which day, how pages are followed, and which entries are copies."""

import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from config import Settings
from crawler.context import CrawlContext
from crawler.reading.copies import why_copied, why_duplicated, why_no_tool
from crawler.reading.listing import Launches
from crawler.spiders.huggingface import HuggingFaceSpider, parse
from db.models import Validator
from db.session import Store
from errors import ParseError
from tests.factories import MONDAY
from tests.fakes import FakeClock

HUB = "https://huggingface.co"
MODELS = f"{HUB}/api/models?sort=trendingScore&limit=100&full=true"


@pytest.fixture
def build(store: Store, settings: Settings) -> Callable[..., HuggingFaceSpider]:
    def build(base_url: str = HUB) -> HuggingFaceSpider:
        context = CrawlContext(settings, store, FakeClock(MONDAY), {"huggingface": base_url}, parser="one")
        return HuggingFaceSpider(context)

    return build


def urls(spider: HuggingFaceSpider, base_url: str = HUB) -> list[str]:
    return [request.url for request in spider.first("huggingface", base_url)]


def answered(request: Request, link: str = "") -> TextResponse:
    headers = {"Link": link} if link else {}
    return TextResponse(request.url, body=b"[]", headers=headers, request=request)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────


def test_trending_lists_and_fortnight_are_asked(build: Callable[..., HuggingFaceSpider]) -> None:
    asked = urls(build())

    assert asked[:2] == [f"{HUB}/api/spaces?sort=trendingScore&limit=100&full=true", MODELS]
    assert asked[2] == f"{HUB}/api/daily_papers?date=2026-11-15"
    assert asked[-1] == f"{HUB}/api/daily_papers?date=2026-11-02"
    assert len(asked) == 16


def test_every_first_question_is_conditional(build: Callable[..., HuggingFaceSpider]) -> None:
    assert all(request.meta["conditional"] for request in build().first("huggingface", HUB))


def test_finished_day_is_asked_once(build: Callable[..., HuggingFaceSpider], store: Store) -> None:
    spider = build()
    with store.write() as session:
        for url in urls(spider):
            session.add(Validator(url=url, checked_at=MONDAY, parser="one", body_hash="0"))

    assert [url[-10:] for url in urls(spider)[2:]] == ["2026-11-15", "2026-11-14", "2026-11-13"]


def test_other_parser_asks_all_days_anew(build: Callable[..., HuggingFaceSpider], store: Store) -> None:
    spider = build()
    with store.write() as session:
        for url in urls(spider):
            session.add(Validator(url=url, checked_at=MONDAY, parser="two", body_hash="0"))

    assert len(urls(spider)) == 16


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def test_next_page_follows_the_link(build: Callable[..., HuggingFaceSpider]) -> None:
    spider = build()
    first = next(iter(spider.first("huggingface", HUB)))
    [request] = spider.more(Launches(found=100), answered(first, f'<{MODELS}&cursor=abc%3D>; rel="next"'))

    assert request.url == f"{MODELS}&cursor=abc%3D"
    assert (request.cb_kwargs["followed"], request.meta["conditional"]) == (1, False)


def test_next_page_stays_on_the_mirror(build: Callable[..., HuggingFaceSpider]) -> None:
    mirror = "http://127.0.0.1:9"
    spider = build(mirror)
    first = next(iter(spider.first("huggingface", mirror)))
    [request] = spider.more(Launches(found=100), answered(first, f'<{MODELS}&cursor=a>; rel="next"'))

    assert request.url == f"{mirror}/api/models?sort=trendingScore&limit=100&full=true&cursor=a"


@pytest.mark.parametrize(
    ("followed", "found", "link"),
    [
        (2, 100, f'<{MODELS}>; rel="next"'),
        (0, 0, f'<{MODELS}>; rel="next"'),
        (0, 9, ""),
        (0, 9, "<x>; rel=prev"),
        (0, 9, "<http://[>; rel=next"),
    ],
)
def test_pages_come_to_an_end(build: Callable[..., HuggingFaceSpider], followed: int, found: int, link: str) -> None:
    request = Request(MODELS, cb_kwargs={"followed": followed})

    assert not list(build().more(Launches(found=found), answered(request, link)))


# ── what is set aside ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    "Kettle-GGUF Kettle-7B-AWQ Kettle-GPTQ-Int4 Kettle-4bit Kettle-8-bit Kettle.exl2 kettle-mlx Kettle-bnb-4bit "
    "Kettle-3.0bpw-exl3 Kettle-NVFP4 Kettle-w4a16 Kettle_Q4_K_M kettle-onnx Kettle-i1-GGUF".split(),
)
def test_copy_is_known_by_its_name(name: str) -> None:
    assert why_copied("someone", name, []) == "a quantised or converted copy"


@pytest.mark.parametrize(
    "name", "Kettle-8B Kettle-V3.2-Exp Kettle-Q Kettle-Int Bitnet-Kettle Orbit-8 Kettle-2-4k".split()
)
def test_like_sounding_name_is_no_copy(name: str) -> None:
    assert why_copied("someone", name, []) == ""


@pytest.mark.parametrize(
    ("owner", "relation", "why"),
    [
        ("someone", "finetune", "a fine-tune of Acme/Base"),
        ("someone", "adapter", "an adapter for Acme/Base"),
        ("someone", "merge", "a merge of Acme/Base"),
        ("acme", "finetune", ""),
        ("nvidia", "finetune", ""),
        ("acme", "quantized", "a quantised or converted copy of Acme/Base"),
        ("nvidia", "quantized", "a quantised or converted copy of Acme/Base"),
    ],
)
def test_derived_model_depends_on_its_maker(owner: str, relation: str, why: str) -> None:
    assert why_copied(owner, "Base-Next", ["base_model:Acme/Base", f"base_model:{relation}:Acme/Base"]) == why


@pytest.mark.parametrize("place", ["entry", "card", "runtime"])
def test_duplicated_space_names_its_origin(place: str) -> None:
    origin = {"originRepo": {"name": "acme/demo"}}
    entry: dict[str, Any] = {"runtime": origin} if place == "runtime" else origin if place == "entry" else {}

    assert why_duplicated(entry, origin if place == "card" else {}) == "a duplicate of acme/demo"


@pytest.mark.parametrize("title", ["KettleBench: boiling", "A Survey of Tea", "Open Tea Leaderboard", "Kettle Dataset"])
def test_title_of_no_tool_is_known(title: str) -> None:
    assert why_no_tool(title).startswith("the title speaks of a ")


def test_workbench_may_be_a_tool() -> None:
    assert why_no_tool("Prompt Workbench") == ""


def test_model_older_than_window_is_left(build: Callable[..., HuggingFaceSpider]) -> None:
    days = {"a/old": 15, "a/new": 13}
    models = [
        {"id": name, "modelId": name, "createdAt": (MONDAY - timedelta(days=ago)).isoformat()}
        for name, ago in days.items()
    ]

    assert [item.name for item in build().in_window(parse(json.dumps(models).encode(), MODELS, MONDAY))] == ["new"]


@pytest.mark.parametrize(
    "page",
    ["https://arxiv.org/abs/2611.1", "https://huggingface.co/papers/2611.1", "https://huggingface.co/acme", "soon"],
)
def test_paper_page_is_no_artefact(page: str) -> None:
    paper = {"id": "2611.1", "title": "Kettle: a thing", "projectPage": page}
    [item] = parse(json.dumps([{"paper": paper}]).encode(), HUB, MONDAY)

    assert (item.kind, item.why) == ("noise", "not a launch: a paper without an artefact")


@pytest.mark.corpus
def test_recorded_files_are_read_or_refused() -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "")) / "huggingface"
    if "VERDICTS_CORPUS" not in os.environ or not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name a folder with recorded Hugging Face files")
    for file in sorted(folder.iterdir()):
        try:
            launches = parse(file.read_bytes(), MODELS, MONDAY)
        except ParseError:  # a card is no list
            continue
        assert launches.found and not launches.problems, file.name
