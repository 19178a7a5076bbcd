"""Vendors' and launch lists' feeds, each a source of its own: RSS, Atom, RDF and JSON Feed."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from scrapy import Request

from catalog.launches import LaunchItem
from crawler.reading.dates import first_date
from crawler.reading.feeds import Entry, read_feed
from crawler.reading.listing import Launches, build_item, read_entries
from crawler.reading.plain_text import first_words, plain
from crawler.reading.titles import name_from_url, split_title
from crawler.relevance import judge
from crawler.source_spider import SourceSpider
from db.words import LaunchKind
from errors import ParseError

MOST_ENTRIES = 1000
REACH = timedelta(days=60)  # the longest window a crawl may look back; an older archive is not missed
# A feed of launches says so; in any other an entry must announce something itself.
LISTS = re.compile(r"\b(launch(es|wire)?|new tools|product hunt|directory|show hn)\b", re.IGNORECASE)


class FeedSpider(SourceSpider):
    name = "feed"

    def first(self, source: str, base_url: str) -> Iterator[Request]:
        yield self.ask(source, base_url)

    def read(self, payload: bytes, url: str, source: str) -> Launches:
        try:
            return parse(payload, url, self.context.clock(), source)
        except ParseError as exc:
            if "bot wall" in str(exc):
                tally = self.context.tally(source)
                tally.blocked = tally.blocked or str(exc)
            raise


def parse(payload: bytes, url: str, now: datetime, source: str = "feed") -> Launches:
    """The entries of one recorded feed. Raises ParseError when nothing of it can be read."""
    feed = read_feed(payload, url, source)
    announces = bool(LISTS.search(f"{feed.title} {url}"))
    kept, told = newest(feed.entries, url, now)
    launches = read_entries(kept, lambda entry: read_entry(entry, source, announces, now), "entries")
    launches.found = feed.found
    launches.problems = [*feed.problems, *told, *launches.problems]
    launches.document = feed.document
    launches.fresh_seconds = feed.fresh_seconds
    return launches


def newest(entries: list[Entry], url: str, now: datetime) -> tuple[list[Entry], list[str]]:
    """At most so many; the oldest are left out, and told when they may still concern us."""
    if len(entries) <= MOST_ENTRIES:
        return entries, []
    dated = [(first_date(entry.dates, now)[0], entry) for entry in entries]
    dated.sort(key=lambda pair: pair[0].timestamp() if pair[0] else 0.0, reverse=True)
    left_out = [moment for moment, _ in dated[MOST_ENTRIES:]]
    kept = [entry for _, entry in dated[:MOST_ENTRIES]]
    if all(moment and moment < now - REACH for moment in left_out):
        return kept, []
    return kept, [f"{url[:300]} holds {len(entries):,} entries; the {len(left_out):,} oldest were left out"]


def read_entry(entry: Entry, source: str, announces: bool, now: datetime) -> LaunchItem:
    summary = plain(entry.summary)[:500]
    title = plain(entry.title) or first_words(summary) or entry.link
    name, tagline = split_title(title)
    judged = judge(title, summary, entry.topics, announces=announces, url=entry.link)
    launched_at, date_from = first_date(entry.dates, now)
    return build_item(
        source=source,
        external_id=entry.id,
        url=entry.link,
        seen_on=entry.link,
        title=title,
        name=name or name_from_url(entry.link),
        tagline=tagline or (summary if judged.kind is LaunchKind.LAUNCH and summary != title else ""),
        launched_at=launched_at,
        date_from=date_from,
        judged=judged,
    )
