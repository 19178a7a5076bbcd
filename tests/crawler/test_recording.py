"""A crawl written down, and lived again without any network."""

import gzip
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from sqlmodel import select

from config import ROOT
from crawler import supervise
from crawler.guest.recorder import NotRecorded, load_answer, stem_of
from crawler.recording import begin_recording, moment_of_recording
from db.models import HostPause, Launch, Source
from demo.origin import Route
from errors import ConfigError
from tests.crawler.crawling import Ground, feed, prepare, route, serve
from tests.factories import MONDAY

KETTLE = feed("Show HN: Kettle – an AI agent")
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


# ── what a recording holds, and what a replay never does ─────────────────────────────────────────

NO_NETWORK = """
import os, sys
def refuse(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, f"reached out: {event} {values}".encode())
        os._exit(97)
sys.addaudithook(refuse)
from crawler.run import main
sys.exit(main(sys.argv[1:]))
"""
LATER = MONDAY + timedelta(days=1)


def test_replay_opens_no_socket(recorded: tuple[Path, list[Any]], tmp_path: Path, migrated: Path) -> None:
    tape, first = recorded
    ground = ground_of(tmp_path / "second", migrated, "http://127.0.0.1:9")
    options = ["feed", "--sources", "wire", "--now", MONDAY.isoformat(), "--config", str(ground.settings.config_path)]
    done = {
        name: subprocess.run([sys.executable, "-c", NO_NETWORK, *options, *how], cwd=ROOT, capture_output=True)
        for name, how in (("replay", ["--replay", str(tape)]), ("crawl", []))
    }

    assert (done["replay"].returncode, launches(ground)) == (0, first), done["replay"].stderr
    assert done["crawl"].returncode == 97  # the guard itself is awake


def tape_of(tmp_path: Path, migrated: Path, *routes: Route, url: str = FEED) -> tuple[Path, Ground]:
    """A crawl recorded, and a fresh ground that can reach nobody."""
    grounds = []
    with serve(*routes) as origin:
        for name, door in (("first", origin.url), ("second", "http://127.0.0.1:9")):
            (tmp_path / name).mkdir()
            crawl = {"delay_seconds": 0, "connect_to": {"wire.example": door}}
            grounds.append(prepare(tmp_path / name, migrated, crawl=crawl, feeds={"wire": url}))
        first = grounds[0]
        supervise.crawl_now(first.store, first.settings, ["wire"], MONDAY, record=tmp_path / "tape")
    return tmp_path / "tape", grounds[1]


def replay(tape: Path, ground: Ground) -> Source:
    supervise.crawl_now(ground.store, ground.settings, ["wire"], LATER, replay=tape)
    return ground.source("wire")


def test_compressed_answer_is_replayed(tmp_path: Path, migrated: Path) -> None:
    packed = route("wire.example", "/feed.xml", gzip.compress(KETTLE.encode()), Content_Encoding="gzip")
    tape, ground = tape_of(tmp_path, migrated, packed)

    assert (replay(tape, ground).last_outcome, len(launches(ground))) == ("ok", 1)


def test_redirect_and_robots_are_replayed(tmp_path: Path, migrated: Path) -> None:
    rules = route("wire.example", "/robots.txt", "User-agent: *\nDisallow: /new\n")
    sent_on = route("wire.example", "/feed.xml", status=302, Location="/new.xml")
    tape, ground = tape_of(tmp_path, migrated, rules, sent_on, route("wire.example", "/new.xml", KETTLE))

    assert replay(tape, ground).last_outcome == "blocked"


def test_no_secret_stands_in_a_recording(tmp_path: Path, migrated: Path) -> None:
    url = f"{FEED}?access_token=s3cr3t&page=2"
    tape, ground = tape_of(
        tmp_path, migrated, route("wire.example", "/feed.xml", KETTLE, Set_Cookie="id=s3cr3t"), url=url
    )

    assert replay(tape, ground).last_outcome == "ok"
    assert not [file for file in tape.rglob("*.*") if file.is_file() and b"s3cr3t" in file.read_bytes()]


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'"failure"', b"[" * 100_000, b'{"headers": 3, "status": "x"}'])
def test_damaged_exchange_is_told(recorded: tuple[Path, list[Any]], damage: bytes) -> None:
    [file] = (recorded[0] / "wire.example").glob("feed.xml-*.json")
    file.write_bytes(damage)

    with pytest.raises(NotRecorded, match="cannot be read"):
        load_answer(file, FEED)


def test_pauses_of_today_are_none_of_a_replay(recorded: tuple[Path, list[Any]], tmp_path: Path, migrated: Path) -> None:
    ground = ground_of(tmp_path / "second", migrated, "http://127.0.0.1:9")
    with ground.store.write() as session:
        session.add(HostPause(host="wire.example", until=LATER, why="it answered 429"))

    assert replay(recorded[0], ground).last_outcome == "ok"


def test_wait_is_recorded_and_not_waited_again(tmp_path: Path, migrated: Path) -> None:
    busy = route("wire.example", "/feed.xml", status=503, Retry_After="1")
    tape, ground = tape_of(tmp_path, migrated, busy)
    [*_, last] = sorted((tape / "wire.example").glob("feed.xml-*.json"))
    last.write_text(last.read_text().replace('"1"', '"80"'))

    assert replay(tape, ground).last_outcome == "error"
    with ground.store.read() as session:
        assert session.exec(select(HostPause)).all() == []


def test_questions_are_told_apart_by_their_body() -> None:
    stems = {stem_of(Request("https://a.example/graphql", method="POST", body=body)) for body in (b"1", b"2")}

    assert len(stems) == 2
