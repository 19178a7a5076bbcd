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

from catalog.addresses import repository_of
from catalog.identity import keys_of
from catalog.launches import LaunchItem
from catalog.text import one_line
from crawler.reading.copies import table, tags_of, why_closed, why_copied, why_duplicated, why_no_tool
from crawler.reading.dates import stated_moment
from crawler.reading.listing import Launches, build_item, load_list, read_entries
from crawler.reading.titles import split_title
from crawler.relevance import Judgement
from crawler.source_spider import SourceSpider
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
MOST_COUNTED = 10**12
NEXT = re.compile(r"<([^<>]+)>\s*;[^,<>]*\brel=\"?next\b", re.IGNORECASE)
NAMED_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)

REPORT = re.compile(r"[\s:–—-]+technical report$", re.IGNORECASE)
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
        try:
            target = urlsplit(urljoin(response.url, link[1]))
        except ValueError:  # an address no parser takes leads nowhere
            return
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
    why = why_closed(entry, path) or why_duplicated(entry, card) or why_no_tool(name)
    return build_item(
        source=SOURCE,
        external_id=f"spaces/{path}",
        url=f"{HUB}/spaces/{path}",
        seen_on=f"{HUB}/spaces/{path}",
        title=f"{name}: {tagline}" if tagline else name,
        name=name,
        tagline=tagline,
        launched_at=stated_moment(entry.get("createdAt")),
        date_from="createdAt",
        traction=counts_of(entry, likes="likes", trending="trendingScore"),
        topics=topics,
        judged=judged(why),
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
        launched_at=stated_moment(entry.get("createdAt")),
        date_from="createdAt",
        traction=counts_of(entry, likes="likes", downloads="downloads", trending="trendingScore"),
        topics=topics_of(entry),
        judged=judged(why),
    )


def read_paper(entry: dict[str, Any]) -> LaunchItem:
    paper = entry["paper"]
    title = one_line(paper.get("title") or entry["title"])
    page = f"{HUB}/papers/{path_of(paper)}"
    repository, home = artefacts_of(paper)
    name, tagline = split_title(REPORT.sub("", title))
    is_named = bool(tagline or repository or REPORT.search(title))
    if not tagline and repository:
        name, tagline = repository.rpartition("/")[2], title
    keywords = paper.get("ai_keywords")
    topics = tuple(one_line(word) for word in keywords if isinstance(word, str)) if isinstance(keywords, list) else ()
    field = "publishedAt" if paper.get("publishedAt") else "submittedOnDailyAt"
    why = why_no_tool(title) if home else "a paper without an artefact"
    return build_item(
        source=SOURCE,
        external_id=f"papers/{paper['id']}",
        url=home or page,
        seen_on=page,
        title=title,
        name=name,
        tagline=tagline,
        launched_at=stated_moment(paper.get(field)),
        date_from=field,
        traction=counts_of(paper, upvotes="upvotes", stars="githubStars") | counts_of(entry, comments="numComments"),
        repository=repository,
        topics=topics[:MOST_TOPICS],
        judged=judged(why or ("" if is_named else "a paper that names no tool")),
    )


def artefacts_of(paper: dict[str, Any]) -> tuple[str | None, str | None]:
    """(its repository, where it can be used: the project's page, else the repository). None: nothing but words."""
    links = [str(paper.get(key) or "").strip() for key in ("projectPage", "githubRepo")]
    usable = [link for link in links if keys_of(link) and not NO_ARTEFACT.match(link)]
    found = next((named for link in reversed(usable) if (named := repository_of(link))), None)
    return f"https://github.com/{found}" if found else None, usable[0] if usable else None


def judged(why: str) -> Judgement:
    """A launch, unless there is a reason against it."""
    return (
        Judgement(LaunchKind.NOISE, f"not a launch: {one_line(why)[:200]}") if why else Judgement(LaunchKind.LAUNCH, "")
    )


# ── what an entry says ───────────────────────────────────────────────────────────────────────────


def path_of(entry: dict[str, Any]) -> str:
    found = entry["id"]
    if not NAMED_ID.fullmatch(found):
        raise ValueError(f"the id {found[:60]!r} is no owner/name")
    return str(found)


def topics_of(entry: dict[str, Any]) -> tuple[str, ...]:
    """What it is for, without languages, regions and plumbing; the licence stays as it is written."""
    words = [str(entry.get(key) or "") for key in ("pipeline_tag", "library_name", "sdk")] + tags_of(entry)
    kept = [one_line(word) for word in words if ":" not in word or word.startswith("license:")]
    return tuple(dict.fromkeys(word for word in kept if len(word) > 2 and word not in PLUMBING))[:MOST_TOPICS]


def counts_of(entry: dict[str, Any], **names: str) -> dict[str, int | float]:
    counts = {name: entry.get(key) for name, key in names.items()}
    return {
        name: n
        for name, n in counts.items()
        if isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n <= MOST_COUNTED
    }
