"""The table of sources, and the settings every crawl is run with."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from sqlmodel import select

from config import Settings
from crawler.guest.addon import MEGABYTE
from crawler.run import load_spider
from crawler.sources import SOURCES, SPIDERS, delay_of, known_sources, register_sources
from crawler.supervise import choose
from db.models import Source
from db.session import Store
from errors import NotAllowed
from tests.crawler.crawling import effective_settings
from tests.factories import MONDAY

SPIDER_FILES = {path.stem for path in Path("crawler/spiders").glob("*.py")} - {"__init__", "reading"}


def given(**values: Any) -> Settings:
    return Settings.model_validate(values)


@pytest.mark.parametrize("name", SPIDERS)
def test_spider_can_be_imported(name: str) -> None:
    spider = load_spider(name)

    assert issubclass(spider, Spider) and spider.name == name
    assert callable(importlib.import_module(f"crawler.spiders.{name}").parse)


def test_every_spider_is_listed() -> None:
    assert set(SPIDERS) == SPIDER_FILES


@pytest.mark.parametrize(("spider", "delay"), [("hackernews", 3.0), ("github", 7.0), ("feed", 3.0), ("homepage", 10.0)])
def test_spider_keeps_its_delay(spider: str, delay: float) -> None:
    settings = effective_settings(given(), spider)

    assert settings["DOWNLOAD_DELAY"] == delay
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1


@pytest.mark.parametrize(("spider", "delay"), [("hackernews", 1.0), ("github", 7.0), ("feed", 3.0), ("homepage", 10.0)])
def test_impatience_stops_at_the_table(spider: str, delay: float) -> None:
    assert delay_of(given(crawl={"delay_seconds": 0.5}), spider) == delay


def test_patience_may_be_longer() -> None:
    assert delay_of(given(crawl={"delay_seconds": 60}), "github") == 60


def test_replaying_origin_needs_no_delay() -> None:
    assert delay_of(given(crawl={"delay_seconds": 0}), "homepage") == 0


@pytest.mark.parametrize("spider", SPIDERS)
def test_every_crawl_is_polite_and_safe(spider: str) -> None:
    settings = effective_settings(given(), spider)

    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["USER_AGENT"] == "AIToolVerdicts/0.1 (+http://127.0.0.1:8000)"
    assert settings["DOWNLOAD_MAXSIZE"] <= 10 * MEGABYTE and settings["DOWNLOAD_TIMEOUT"] <= 30
    assert settings["REDIRECT_MAX_TIMES"] == 5
    assert not {429, 503} & set(settings["RETRY_HTTP_CODES"])
    off = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "HTTPPROXY_ENABLED", "COOKIES_ENABLED")
    assert [settings[name] for name in off] == [False] * 4
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_only_the_guarded_handler_speaks() -> None:
    merged = effective_settings(given(), "feed")
    handlers = {scheme: used for scheme, used in merged.getwithbase("DOWNLOAD_HANDLERS").items() if used}

    assert handlers == dict.fromkeys(("http", "https"), "crawler.guest.manners.PatientHandler")
    assert merged["TWISTED_DNS_RESOLVER"] == "crawler.guest.network.GuardedResolver"


def test_sources_are_registered_from_the_configuration(store: Store) -> None:
    with store.write() as session:
        sources = register_sources(session, given(sources={"github": {"enabled": False}}), MONDAY)

    assert [source.key for source in sources] == sorted(row.key for row in SOURCES)
    assert [source.key for source in sources if not source.is_enabled] == ["github", "producthunt"]


def test_source_that_needs_a_permission_is_off_until_it_is_stated(store: Store) -> None:
    stated = given(sources={"producthunt": {"permission": "by mail of 3 November, see our files"}})
    with store.write() as session:
        register_sources(session, stated, MONDAY)

        assert session.get_one(Source, "producthunt").is_enabled


def test_source_without_permission_cannot_be_crawled_by_name(store: Store) -> None:
    with pytest.raises(NotAllowed, match=r"under \[sources\.producthunt\] permission"):
        choose(store, given(), ["producthunt"], MONDAY)


def test_removed_source_keeps_its_history(store: Store) -> None:
    with store.write() as session:
        register_sources(session, given(feeds={"old": "https://old.example/feed.xml"}), MONDAY)
        session.get_one(Source, "old").last_success_at = MONDAY
        register_sources(session, given(feeds={}), MONDAY)
        old = session.exec(select(Source).where(Source.key == "old")).one()

    assert (old.is_enabled, old.last_success_at) == (False, MONDAY)


def test_base_url_stands_in_for_the_real_one() -> None:
    settings = given(sources={"hackernews": {"base_url": "https://mirror.example"}})

    assert {row.key: row.base_url for row in known_sources(settings)}["hackernews"] == "https://mirror.example"
