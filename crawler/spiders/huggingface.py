"""Hugging Face: trending Spaces and models, and the daily papers that come with something to use.

A copy is no launch: requantised, converted, adapted, merged or duplicated work is set aside with its reason.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from sqlmodel import col, select

from catalog.identity import keys_of, repository_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading import Launches, build_item, load_list, read_entries
from crawler.relevance import Judgement, judge
from crawler.source_spider import SourceSpider
from crawler.titles import split_title
from db.models import Validator
from db.words import LaunchKind

SOURCE = "huggingface"
HUB = "https://huggingface.co"
TRENDING = ("spaces", "models")
PER_PAGE = 100
MOST_FOLLOWED = 2  # pages after the first one
MOST_DAYS = 14
STILL_GROWING = 3  # days after which a day's list of papers is taken as complete
MOST_TOPICS = 30
NEXT = re.compile(r"<([^<>]+)>\s*;[^,<>]*\brel=\"?next\b", re.IGNORECASE)
NAMED_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)

COPY = re.compile(
    r"(?:^|[-_.])(?:gguf|ggml|gptq|awq|exl[23]|mlx|bnb|bitsandbytes|hqq|imatrix|onnx|openvino|coreml|"
    r"fp8|nvfp4|mxfp[48]|int[48]|w[48]a(?:4|8|16)|[2-8](?:\.\d+)?-?bits?|q[2-8](?:_[a-z0-9]+)*)(?=$|[-_.])",
    re.IGNORECASE,
)
CONVERTERS = frozenset(
    "bartowski comfy-org ggml-org lmstudio-community mlx-community mradermacher onnx-community".split()
)
DERIVED = {"adapter": "an adapter for", "merge": "a merge of", "finetune": "a fine-tune of"}
# Their work on somebody else's base is news; everybody else's is one of thousands.
VENDORS = frozenset(
    "ai21labs allenai amazon answerdotai apple arcee-ai baai black-forest-labs bytedance bytedance-seed coherelabs "
    "deepseek-ai facebook google huggingfacetb ibm-granite jinaai lightricks liquidai lgai-exaone meta-llama microsoft "
    "mistralai moonshotai nousresearch nvidia openai openbmb opengvlab perplexity-ai primeintellect qwen salesforce "
    "servicenow-ai snowflake stabilityai stepfun-ai tencent togethercomputer xiaomimimo zai-org".split()
)
ADULT = re.compile(r"(?:^|[^a-z])(?:nsfw|porn\w*|hentai|erotic\w*|not-for-all-audiences)(?:$|[^a-z])", re.IGNORECASE)
PLUMBING = frozenset(
    "autotrain_compatible endpoints_compatible custom_code text-embeddings-inference safetensors".split()
)
NO_ARTEFACT = re.compile(
    r"https?://(?:www\.)?(?:[\w-]+\.)?(?:arxiv\.org|alphaxiv\.org|openreview\.net|doi\.org|youtube\.com|youtu\.be|"
    r"huggingface\.co/(?:papers|datasets|collections))(?:[/?#]|$)",
    re.IGNORECASE,
)


class HuggingFaceSpider(SourceSpider):
    name = SOURCE

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        query = f"sort=trendingScore&limit={PER_PAGE}&full=true"  # the names are camelCase; others answer 400
        urls = [f"{base_url}/api/{kind}?{query}" for kind in TRENDING]
        for url in [*urls, *self.papers(base_url)]:
            yield self.ask(SOURCE, url, cb_kwargs={"followed": 0})

    def papers(self, base_url: str) -> list[str]:
        """The days of the window up to yesterday (a day not yet open answers 400), without those already read whole."""
        today = self.context.clock().astimezone(UTC).date()
        start = max(self.context.window_start().astimezone(UTC).date(), today - timedelta(days=MOST_DAYS))
        days = [today - timedelta(days=ago) for ago in range(1, (today - start).days + 1)]
        urls = {f"{base_url}/api/daily_papers?date={day.isoformat()}": day for day in days}
        known = self.read_whole(urls, today)
        return [url for url in urls if url not in known]

    def read_whole(self, urls: dict[str, date], today: date) -> set[str]:
        old = [url for url, day in urls.items() if (today - day).days > STILL_GROWING]
        query = select(Validator.url).where(col(Validator.url).in_(old), Validator.parser == self.context.parser)
        with self.context.store.read() as session:
            return set(session.exec(query))

    def more(self, launches: Launches, response: Response) -> Iterator[Request]:
        """The next page, by the Link header; on a mirror it may name the real host, so only its path counts."""
        followed = response.cb_kwargs["followed"]
        link = NEXT.search(",".join(value.decode("latin-1") for value in response.headers.getlist("Link")))
        if not link or not launches.found or followed >= MOST_FOLLOWED:
            return
        target = urlsplit(urljoin(response.url, link[1]))
        yield self.ask(
            SOURCE,
            f"{self.context.sources[SOURCE]}{target.path}?{target.query}",
            cb_kwargs={"followed": followed + 1},
            meta={"conditional": False},  # a cursor is never asked for twice
        )


def parse(payload: bytes, url: str, now: datetime) -> Launches:
    """The launches of one recorded answer, whatever it lists. Raises ParseError when it is no list."""
    kind = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return read_entries(load_list(SOURCE, payload), lambda entry: read_entry(entry, kind), "entries")


def read_entry(entry: dict[str, Any], kind: str) -> LaunchItem:
    """By what the entry holds; `kind`, the address's last word, decides where that says nothing."""
    if "paper" in entry:
        return read_paper(entry)
    if "modelId" in entry or "pipeline_tag" in entry or "library_name" in entry:
        return read_model(entry)
    if "sdk" in entry or "runtime" in entry or "subdomain" in entry or kind == "spaces":
        return read_space(entry)
    if kind == "datasets" or any(tag.startswith("size_categories:") for tag in tags_of(entry)):
        return read_model(entry, "datasets/")
    if kind == "models":
        return read_model(entry)
    raise KeyError("neither a Space, a model nor a paper")


def read_space(entry: dict[str, Any]) -> LaunchItem:
    path, card = path_of(entry), table(entry.get("cardData"))
    topics = topics_of(entry)
    name = one_line(str(card.get("title") or "")) or path.rpartition("/")[2]
    said = next((entry[key] for key in ("shortDescription", "ai_short_description") if entry.get(key)), "")
    tagline = one_line(str(card.get("short_description") or said))
    why = why_closed(entry, path) or why_duplicated(entry, card)
    return build_item(
        source=SOURCE,
        external_id=f"spaces/{path}",
        url=f"{HUB}/spaces/{path}",
        seen_on=f"{HUB}/spaces/{path}",
        title=f"{name}: {tagline}" if tagline else name,
        name=name,
        tagline=tagline,
        launched_at=moment_of(entry.get("createdAt")),
        date_from="createdAt",
        traction=counts_of(entry, likes="likes", trending="trendingScore"),
        topics=topics,
        judged=noise(why) if why else judge(name, tagline, (*topics, "ai")),  # what runs there is AI by its nature
    )


def read_model(entry: dict[str, Any], folder: str = "") -> LaunchItem:
    """
    Args:
        folder: where the Hub keeps it; only models have none, and a data set is no tool.
    """
    path = path_of(entry)
    owner, _, name = path.rpartition("/")
    task = str(entry.get("pipeline_tag") or "").replace("-", " ")
    why = "a data set" if folder else why_closed(entry, path) or why_copied(owner.lower(), name, tags_of(entry))
    return build_item(
        source=SOURCE,
        external_id=f"{folder}{path}",
        url=f"{HUB}/{folder}{path}",
        seen_on=f"{HUB}/{folder}{path}",
        title=path,
        name=name,
        tagline=f"{task} model".capitalize() if task else "",
        launched_at=moment_of(entry.get("createdAt")),
        date_from="createdAt",
        traction=counts_of(entry, likes="likes", downloads="downloads", trending="trendingScore"),
        topics=topics_of(entry),
        judged=noise(why) if why else Judgement(LaunchKind.LAUNCH, ""),
    )


def read_paper(entry: dict[str, Any]) -> LaunchItem:
    paper = entry["paper"]
    title = one_line(paper.get("title") or entry["title"])
    page = f"{HUB}/papers/{path_of(paper)}"
    repository, home = artefacts_of(paper)
    name, tagline = split_title(title)
    if not tagline and repository:
        name, tagline = repository.rstrip("/").rpartition("/")[2], title
    keywords = paper.get("ai_keywords")
    topics = tuple(one_line(word) for word in keywords if isinstance(word, str)) if isinstance(keywords, list) else ()
    summary = one_line(str(paper.get("summary") or ""))[:400]
    field = "publishedAt" if paper.get("publishedAt") else "submittedOnDailyAt"
    judged = judge(title, summary, (*topics, "ai")) if home else noise("a paper without an artefact")
    return build_item(
        source=SOURCE,
        external_id=f"papers/{paper['id']}",
        url=home or page,
        seen_on=page,
        title=title,
        name=name,
        tagline=tagline,
        launched_at=moment_of(paper.get(field)),
        date_from=field,
        traction=counts_of(paper, upvotes="upvotes", stars="githubStars") | counts_of(entry, comments="numComments"),
        repository=repository,
        topics=topics[:MOST_TOPICS],
        judged=judged,
    )


def artefacts_of(paper: dict[str, Any]) -> tuple[str | None, str | None]:
    """(its repository, where it can be used: the project's page, else the repository). None: nothing but words."""
    links = [str(paper.get(key) or "").strip() for key in ("projectPage", "githubRepo")]
    usable = [link for link in links if keys_of(link) and not NO_ARTEFACT.match(link)]
    repository = next((link for link in reversed(usable) if repository_of(link)), None)
    return repository, usable[0] if usable else None


# ── why an entry is set aside ────────────────────────────────────────────────────────────────────


def noise(why: str) -> Judgement:
    return Judgement(LaunchKind.NOISE, f"not a launch: {why}")


def why_closed(entry: dict[str, Any], path: str) -> str:
    if entry.get("private"):
        return "private"
    if entry.get("disabled"):
        return "disabled by Hugging Face"
    return "not for all audiences" if any(map(ADULT.search, (path, *tags_of(entry)))) else ""


def why_duplicated(entry: dict[str, Any], card: dict[str, Any]) -> str:
    places = (
        card.get("duplicated_from"),
        *(table(part).get("originRepo") for part in (entry, card, entry.get("runtime"))),
    )
    origin = next((place for place in places if place), None)
    named = origin if isinstance(origin, str) else table(origin).get("name")
    return f"a duplicate of {named or 'another Space'}"[:200] if origin else ""


def why_copied(owner: str, name: str, tags: list[str]) -> str:
    """A model made from another one is a launch when the base's own owner or a vendor made it; a mere change of
    format never is."""
    bases = [tag.removeprefix("base_model:") for tag in tags if tag.startswith("base_model:")]
    origin = next((base.rpartition(":")[2] for base in bases), "")
    if any(base.startswith("quantized:") for base in bases) or COPY.search(name) or owner in CONVERTERS:
        return f"a quantised or converted copy{f' of {origin}' if origin else ''}"[:200]
    if not bases or owner in VENDORS or owner == origin.partition("/")[0].lower():
        return ""
    relation = next(
        (words for word, words in DERIVED.items() if any(base.startswith(f"{word}:") for base in bases)), ""
    )
    return f"{relation or 'made from'} {origin}"[:200]


# ── what an entry says ───────────────────────────────────────────────────────────────────────────


def path_of(entry: dict[str, Any]) -> str:
    found = entry["id"]
    if not NAMED_ID.fullmatch(found):
        raise ValueError(f"the id {found[:60]!r} is no owner/name")
    return str(found)


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def tags_of(entry: dict[str, Any]) -> list[str]:
    tags = entry.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def topics_of(entry: dict[str, Any]) -> tuple[str, ...]:
    """What it is for, without languages, regions and plumbing; the licence stays as it is written."""
    words = [str(entry.get(key) or "") for key in ("pipeline_tag", "library_name", "sdk")] + tags_of(entry)
    kept = [one_line(word) for word in words if ":" not in word or word.startswith("license:")]
    return tuple(dict.fromkeys(word for word in kept if len(word) > 2 and word not in PLUMBING))[:MOST_TOPICS]


def counts_of(entry: dict[str, Any], **names: str) -> dict[str, int | float]:
    counts = {name: entry.get(key) for name, key in names.items()}
    return {name: n for name, n in counts.items() if isinstance(n, int | float) and not isinstance(n, bool) and n >= 0}


def moment_of(text: Any) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
