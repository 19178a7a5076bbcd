"""OpenRouter's list of models: the whole of it in one answer, so the question is always "changed since?"."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from scrapy import Request

from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.listing import Launches, build_item, load_listing, read_entries
from crawler.relevance import Judgement
from crawler.source_spider import SourceSpider
from db.words import LaunchKind

SOURCE = "openrouter"
HOME = "https://openrouter.ai"
PRICES = {"prompt_usd_per_million": "prompt", "completion_usd_per_million": "completion"}
DEAREST = 100_000  # dollars per million tokens; beyond it a price is in another unit
LONGEST_CONTEXT = 10**9
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


class OpenRouterSpider(SourceSpider):
    name = SOURCE

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        yield self.ask(SOURCE, f"{base_url}/api/v1/models")


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer. Raises ParseError when it is no list of models."""
    return read_entries(load_listing(SOURCE, payload, "data")["data"], read_model, "models")


def read_model(model: dict[str, Any]) -> LaunchItem:
    path = model["id"].strip()
    title = one_line(model.get("name") or path)
    page = f"{HOME}/{quote(path, safe='/:~@')}"
    created = model.get("created")
    return build_item(
        source=SOURCE,
        external_id=path,
        url=page,
        seen_on=page,
        title=title,
        name=name_of(title),
        tagline=first_sentences(model.get("description")),
        launched_at=EPOCH + timedelta(seconds=int(created)) if created else None,
        date_from="created",
        traction=numbers_of(model),
        topics=topics_of(model),
        judged=judge_model(path, model.get("alias_target")),
    )


def name_of(title: str) -> str:
    """'Acme: Kettle 2 (free)' → 'Kettle 2 (free)'; the vendor stands before the colon."""
    vendor, colon, name = title.partition(": ")
    return name.strip() if colon and vendor and name.strip() else title.rstrip(" :") or title


def judge_model(path: str, alias_target: Any) -> Judgement:
    if path.startswith("~") or alias_target:
        slug = alias_target.get("slug") if isinstance(alias_target, dict) else None
        return Judgement(LaunchKind.NOISE, f"not a launch: an alias of {one_line(str(slug or 'another model'))}"[:200])
    base, colon, _variant = path.partition(":")
    if colon:
        return Judgement(LaunchKind.NOISE, f"not a launch: a variant of {one_line(base)}"[:200])
    return Judgement(LaunchKind.LAUNCH, "")


def first_sentences(description: Any, most: int = 300) -> str:
    """Whole words of its own description, its links as plain words."""
    text = one_line(LINK.sub(r"\1", description if isinstance(description, str) else ""))
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0].rstrip(" ,.;:") + "…"


def numbers_of(model: dict[str, Any]) -> dict[str, int | float]:
    """Context length and prices, where they are stated and sane. A router's price is -1, which says nothing."""
    context, pricing = model.get("context_length"), model.get("pricing")
    found: dict[str, int | float] = {}
    if isinstance(context, int) and not isinstance(context, bool) and 0 < context <= LONGEST_CONTEXT:
        found["context_length"] = context
    for name, key in PRICES.items():
        price = per_million(pricing.get(key)) if isinstance(pricing, dict) else None
        if price is not None:
            found[name] = price
    return found


def per_million(per_token: Any) -> float | None:
    """'0.000005' a token → 5.0 a million of them."""
    if not isinstance(per_token, str | int | float) or isinstance(per_token, bool):
        return None
    try:
        price = Decimal(str(per_token)) * 1_000_000
    except ArithmeticError:  # no number, or none that can be counted with
        return None
    return round(float(price), 6) if price.is_finite() and 0 <= price <= DEAREST else None


def topics_of(model: dict[str, Any]) -> tuple[str, ...]:
    """What goes in and what comes out, and the model's page at Hugging Face."""
    told = model.get("architecture")
    architecture = told if isinstance(told, dict) else {}
    topics = [
        f"{one_line(word)}-{way}"
        for way in ("input", "output")
        for word in architecture.get(f"{way}_modalities") or ()
        if isinstance(word, str)
    ]
    hugging_face = model.get("hugging_face_id")
    return (
        (*topics, f"huggingface.co/{one_line(hugging_face)}")
        if hugging_face and isinstance(hugging_face, str)
        else tuple(topics)
    )
