"""A crawl written down, and lived again without any network."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from crawler import supervise
from crawler.recording import begin_recording, moment_of_recording
from db.models import Launch
from errors import ConfigError
from tests.crawler.crawling import Ground, feed, prepare, route, serve
from tests.factories import MONDAY

FEED = "http://wire.example/feed.xml"


def ground_of(folder: Path, migrated: Path, url: str) -> Ground:
    folder.mkdir()
    return prepare(
        folder, migrated, crawl={"delay_seconds": 0, "connect_to": {"wire.example": url}}, feeds={"wire": FEED}
    )


def launches(ground: Ground) -> list[tuple[Any, ...]]:
    with ground.store.read() as session:
        rows = session.exec(select(Launch)).all()
    return [(row.external_id, row.name, row.url, row.launched_at, row.first_seen_at.date()) for row in rows]


@pytest.fixture
def recorded(tmp_path: Path, migrated: Path) -> tuple[Path, list[tuple[Any, ...]]]:
    with serve(route("wire.example", "/feed.xml", feed("Show HN: Kettle – an AI agent"), ETag='"1"')) as origin:
        ground = ground_of(tmp_path / "first", migrated, origin.url)
        supervise.crawl_now(ground.store, ground.settings, ["wire"], MONDAY, record=tmp_path / "tape")
    return tmp_path / "tape", launches(ground)


def test_replay_gives_the_same_rows_without_network(
    recorded: tuple[Path, list[Any]], tmp_path: Path, migrated: Path
) -> None:
    tape, first = recorded
    ground = ground_of(tmp_path / "second", migrated, "http://127.0.0.1:9")
    supervise.crawl_now(ground.store, ground.settings, ["wire"], MONDAY + timedelta(days=40), replay=tape)

    assert launches(ground) == first != []
    assert ground.source("wire").last_outcome == "ok"


def test_recording_can_be_read_by_a_person(recorded: tuple[Path, list[Any]]) -> None:
    tape, _ = recorded
    [exchange] = [json.loads(file.read_text()) for file in (tape / "wire.example").glob("feed.xml-*.json")]
    [body] = (tape / "wire.example").glob("feed.xml-*.body")

    assert (exchange["method"], exchange["url"], exchange["status"]) == ("GET", FEED, 200)
    assert b"Kettle" in body.read_bytes()
    assert moment_of_recording(tape) == MONDAY


def test_question_that_was_not_recorded_is_told(
    recorded: tuple[Path, list[Any]], tmp_path: Path, migrated: Path
) -> None:
    tape, _ = recorded
    for file in (tape / "wire.example").glob("feed.xml-*"):
        file.unlink()
    ground = ground_of(tmp_path / "second", migrated, "http://127.0.0.1:9")
    supervise.crawl_now(ground.store, ground.settings, ["wire"], MONDAY, replay=tape)

    assert ground.source("wire").last_outcome == "error"
    assert f"{FEED} is not in the recording" in str(ground.source("wire").last_error)


def test_recorded_failure_fails_again(tmp_path: Path, migrated: Path) -> None:
    first = ground_of(tmp_path / "first", migrated, "http://127.0.0.1:9")
    supervise.crawl_now(first.store, first.settings, ["wire"], MONDAY, record=tmp_path / "tape")
    second = ground_of(tmp_path / "second", migrated, "http://127.0.0.1:9")
    supervise.crawl_now(second.store, second.settings, ["wire"], MONDAY, replay=tmp_path / "tape")

    assert first.source("wire").last_outcome == second.source("wire").last_outcome == "error"


def test_recording_never_overwrites_a_folder(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(ConfigError, match="is not empty; name a new folder"):
        begin_recording(tmp_path, MONDAY)


def test_folder_without_a_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no recording"):
        moment_of_recording(tmp_path)
