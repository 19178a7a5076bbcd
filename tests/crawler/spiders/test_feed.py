"""What a feed may hold beside well-formed entries, and what is said of it."""

from pathlib import Path

import pytest

from catalog.launches import LaunchItem
from crawler.reading.listing import Launches
from crawler.spiders import feed
from errors import ParseError
from tests.factories import MONDAY

URL = "https://a.example/feed"
ITEM = "<item><title>Kettle {n}</title><link>https://a.example/{n}</link><pubDate>{date}</pubDate></item>"


def read(payload: bytes | str) -> Launches:
    return feed.parse(payload.encode() if isinstance(payload, str) else payload, URL, MONDAY)


def rss(items: str = "", more: str = "") -> str:
    return (
        f'<rss version="2.0"><channel><title>Kettle</title><link>https://a.example/</link>{more}{items}</channel></rss>'
    )


def many(dates: list[str]) -> Launches:
    return read(rss("".join(ITEM.format(n=n, date=date) for n, date in enumerate(dates))))


def test_oldest_entries_beyond_the_most_are_dropped() -> None:
    launches = many(["Sun, 15 Nov 2026 10:00:00 GMT", *["Sat, 14 Nov 2026 10:00:00 GMT"] * 1000])

    assert (launches.found, len(launches)) == (1001, 1000)
    assert launches[0].title == "Kettle 0"
    assert launches.problems == [f"{URL} holds 1,001 entries; the 1 oldest were left out"]


def test_old_archive_is_dropped_without_a_word() -> None:
    launches = many(["Sun, 15 Nov 2026 10:00:00 GMT"] * 999 + ["Sun, 15 Nov 2020 10:00:00 GMT"] * 3)

    assert len(launches) == 1000
    assert launches.problems == []


def test_edited_entry_keeps_its_identity() -> None:
    entry = "<item><title>{}</title><link>https://a.example/{}</link><guid isPermaLink='false'>k1</guid></item>"
    [before] = read(rss(entry.format("Kettel", "kettel")))
    [after] = read(rss(entry.format("Kettle", "kettle")))

    assert (before.external_id, after.external_id) == ("k1", "k1")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"])
def test_every_usual_charset_is_read(charset: str) -> None:
    declared = f'<?xml version="1.0" encoding="{charset.removesuffix("-le").removesuffix("-be")}"?>'
    [item] = read((declared + rss(ITEM.format(n="café", date=""))).encode(charset))

    assert item.title == "Kettle café"


def test_wrongly_declared_charset_still_reads() -> None:
    declared = '<?xml version="1.0" encoding="utf-8"?>'
    [item] = read((declared + rss(ITEM.format(n="1", date="").replace("Kettle", "Café"))).encode("latin-1"))

    assert item.title == "Café 1"


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999</ttl>", 86_400),
        ("", None),
        ("<s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>", 21_600),
        ("<s:updatePeriod>hourly</s:updatePeriod>", 3600),
        ("<s:updatePeriod>now and then</s:updatePeriod>", None),
    ],
)
def test_feed_says_how_long_it_is_fresh(more: str, seconds: int | None) -> None:
    named = rss(more=more).replace("<rss ", '<rss xmlns:s="http://purl.org/rss/1.0/modules/syndication/" ')

    assert read(named).fresh_seconds == seconds


@pytest.mark.parametrize(
    "payload",
    [b"", b"\0", b"\xff\xfe", b"\x1f\x8b\x08", b"{", b"[" * 200_000, b"<rss", b"<" * 100_000, b"%PDF-1.7", b"null"],
)
def test_bytes_that_are_no_feed_are_refused(payload: bytes) -> None:
    with pytest.raises(ParseError, match=r"^feed: https://a\.example/feed "):
        read(payload)


def test_web_page_is_named_as_one() -> None:
    with pytest.raises(ParseError, match=r"is a web page, not a feed$"):
        read("<!-- tea --><!DOCTYPE html><html><body>An article about cups and tea.</body></html>")


def test_external_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("leaked")
    payload = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + rss(ITEM.format(n="&x;", date=""))

    with pytest.raises(ParseError, match="entities"):
        read(payload)


@pytest.mark.corpus
@pytest.mark.parametrize("folder", ["feeds_vendor", "feeds_tech", "github_feeds"])
def test_recorded_entries_keep_their_dates_and_addresses(corpus: Path, folder: str) -> None:
    items: list[LaunchItem] = []
    for path in sorted((corpus / folder).iterdir()):
        try:
            items += feed.parse(path.read_bytes(), f"https://recorded.example/{path.name}", MONDAY)
        except ParseError:
            continue

    assert items
    assert all(item.launched_at and item.url.startswith("http") for item in items)
