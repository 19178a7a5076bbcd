"""What would stop the week: each check, when it is content and when it is not."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, insert

from config import load_settings
from db.models import Run, Subscriber
from db.session import Store, open_store
from doctor import BULK, Check, check_editions, check_jobs, check_people, check_sources, examine
from tests.commands.shell import call, take_up
from tests.digest.relays import Inbox, running
from tests.factories import MONDAY, make_edition, make_editor, make_source, make_subscriber

SECRET = "correct-horse-battery-staple-0123456789"
GOOD = {
    "SECRET_KEY": SECRET,
    "BASE_URL": "https://verdicts.example",
    "MAIL__FROM_ADDRESS": "digest@verdicts.example",
    "MAIL__POSTAL_ADDRESS": "1 High Street, Exeter",
    "EDITION__QUIET_WEEK_NOTE": "A quiet week.",
    "EDITION__QUIET_WEEK_NOTE_APPROVED_BY": "ada@verdicts.example",
}
Room = Callable[..., None]


@pytest.fixture
def room(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Settings without fault, but for those given; the relay is away."""

    def furnish(**values: str) -> None:
        take_up(monkeypatch, tmp_path, **GOOD | values)

    furnish()
    return furnish


PARTS = {"P": check_people, "S": check_sources, "J": check_jobs, "E": check_editions}


def check(id: str, now: datetime = MONDAY) -> Check:
    """One finding. Of the store's it asks the part alone, which saves rendering every template."""
    part = PARTS.get(id[0])
    if part is None:
        return next(one for one in examine(now) if one.id == id)
    settings = load_settings()
    store = open_store(settings.store_url)
    try:
        with store.read() as session:
            return next(one for one in part(session, settings, now) if one.id == id)
    finally:
        store.close()


def level(id: str, now: datetime = MONDAY) -> str:
    return check(id, now).level


def add(store: Store, *rows: object) -> None:
    with store.write() as session:
        session.add_all(rows)


def fill(session: Session) -> None:
    """A house in order: an editor, a reader, a source that answers, a clock that ticks."""
    make_editor(session)
    make_subscriber(session, "ben@example.org")
    make_source(session).last_attempt_at = MONDAY
    session.add(Run(job="send", due_at=MONDAY, state="done"))


def test_house_in_order_has_nothing_to_say(room: Room, store: Store) -> None:
    with store.write() as session:
        fill(session)
    with running(Inbox()) as relay:
        room(SMTP__PORT=str(relay.port))
        checks = examine(MONDAY)

    assert [one for one in checks if one.level != "ok"] == []
    assert len({one.id for one in checks}) == len(checks) >= 15


# ── settings ──


def test_broken_settings_stop_the_examination(room: Room) -> None:
    room(SMTP__PORT="many")

    [only] = examine(MONDAY)
    assert (only.id, only.level) == ("C01", "error")
    assert "smtp.port" in only.finding


SETTINGS = [
    ("C02", {"SECRET_KEY": "short"}, "error", "shorter than 32 characters"),
    ("C03", {"MAIL__FROM_ADDRESS": "verdicts@localhost.localdomain"}, "warning", "verdicts@localhost.localdomain"),
    ("C04", {"BASE_URL": "http://127.0.0.1:8000"}, "warning", "http://127.0.0.1:8000"),
    ("C05", {"MAIL__POSTAL_ADDRESS": ""}, "warning", "postal address: none"),
    ("C06", {"BASE_URL": "http://127.0.0.1:8000"}, "warning", "we crawl as AIToolVerdicts"),
    ("P02", {"PANEL__ENDPOINT": "https://models.example/v1"}, "error", "no model"),
    ("E02", {"EDITION__QUIET_WEEK_NOTE": ""}, "warning", "an empty week is skipped"),
]


@pytest.mark.parametrize(("id", "values", "wanted", "told"), SETTINGS, ids=[row[0] for row in SETTINGS])
def test_setting_is_found_wanting(room: Room, id: str, values: dict[str, str], wanted: str, told: str) -> None:
    room(**values)
    found = check(id)

    assert (found.level, told in found.finding) == (wanted, True), found
    assert found.cure


@pytest.mark.parametrize("id", ["C01", "C02", "C03", "C04", "C05", "C06"])
def test_good_setting_is_ok(room: Room, id: str) -> None:
    assert level(id) == "ok"


@pytest.mark.parametrize(("role", "wanted"), [("admin", "ok"), ("editor", "warning")])
def test_quiet_week_note_needs_an_admin(room: Room, store: Store, role: str, wanted: str) -> None:
    with store.write() as session:
        make_editor(session, role=role)

    assert level("E02") == wanted


def test_contact_page_makes_an_honest_crawler(room: Room) -> None:
    room(BASE_URL="http://127.0.0.1:8000", CRAWL__CONTACT_URL="https://ours.example/crawling")

    assert level("C06") == "ok"


# ── the store ──


def test_healthy_store_is_ok(room: Room) -> None:
    assert (level("D01"), level("D02")) == ("ok", "ok")


def test_store_behind_is_an_error(room: Room, store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(str(store.engine.url.database))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")

    assert (level("D01"), "verdicts db upgrade" in check("D01").finding) == ("error", True)


def test_damaged_store_is_an_error_not_a_crash(room: Room, store: Store) -> None:
    """Pages in the middle of the file are overwritten: it opens, and cannot be read through."""
    store.close()
    path = Path(str(store.engine.url.database))
    data = bytearray(path.read_bytes())
    data[40_000:200_000] = b"\x5a" * 160_000
    path.write_bytes(data)

    checks = examine(MONDAY)
    assert "error" in {one.level for one in checks if one.id.startswith("D")}


def test_store_without_a_table_is_an_error_not_a_crash(room: Room, store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(str(store.engine.url.database))) as connection, connection:
        connection.execute("DROP TABLE crawl")
        connection.execute("DROP TABLE source")

    assert level("D03") == "error"
    assert "no such table: source" in check("D03").finding
    assert level("T01") == "ok"  # and the examination goes on


# ── people ──


def test_house_without_an_editor_decides_nothing(room: Room) -> None:
    assert (level("P01"), level("P02"), level("P03")) == ("error", "error", "warning")


def test_editor_who_left_counts_for_nobody(room: Room, store: Store) -> None:
    with store.write() as session:
        make_editor(session).is_active = False

    assert level("P01") == "error"


def test_editors_alone_can_write_reviews(room: Room, store: Store) -> None:
    with store.write() as session:
        make_editor(session)

    assert (level("P01"), level("P02")) == ("ok", "ok")


def test_model_alone_can_write_reviews(room: Room) -> None:
    room(PANEL__ENDPOINT="https://models.example/v1", PANEL__MODEL="house-model")

    assert level("P02") == "ok"


def test_many_readers_bring_bulk_rules(room: Room, store: Store) -> None:
    same = {"name": "", "state": "active", "came_from": "import", "created_at": MONDAY}
    names = [f"reader-{number}@example.org" for number in range(BULK)]
    with store.write() as session:
        session.execute(insert(Subscriber), [{"address": name, "address_key": name, **same} for name in names])

    assert (level("P03"), level("P04")) == ("ok", "warning")


# ── sources, jobs, editions ──


@pytest.mark.parametrize(
    ("failures", "wanted"), [((), "warning"), ((0, 0), "ok"), ((0, 3), "warning"), ((2, 3), "error")]
)
def test_ailing_sources_weigh_by_their_share(room: Room, store: Store, failures: tuple[int, ...], wanted: str) -> None:
    with store.write() as session:
        for number, count in enumerate(failures):
            source = make_source(session, f"source-{number}")
            source.last_attempt_at, source.failures_in_row = MONDAY, count

    assert level("S01") == wanted


@pytest.mark.parametrize(("minutes", "wanted"), [(None, "warning"), (5, "ok"), (15, "warning")])
def test_clock_that_stopped_is_noticed(room: Room, store: Store, minutes: int | None, wanted: str) -> None:
    if minutes is not None:
        add(store, Run(job="send", due_at=MONDAY - timedelta(minutes=minutes), state="done"))

    assert level("J01") == wanted


@pytest.mark.parametrize(("hours", "wanted"), [(1, "warning"), (25, "ok")])
def test_job_that_failed_lately_is_named(room: Room, store: Store, hours: int, wanted: str) -> None:
    add(store, Run(job="pair", due_at=MONDAY - timedelta(hours=hours), state="failed"))

    assert level("J02") == wanted
    assert ("pair" in check("J02").finding) == (wanted == "warning")


@pytest.mark.parametrize(
    ("state", "hours", "wanted"),
    [
        ("paused", 1, "error"),
        ("draft", -1, "error"),
        ("approved", -1, "error"),
        ("draft", 1, "ok"),
        ("sent", -1, "ok"),
        ("skipped", -1, "ok"),
    ],
)
def test_stuck_edition_is_an_error(room: Room, store: Store, state: str, hours: int, wanted: str) -> None:
    with store.write() as session:
        make_edition(session, 42, state=state, send_at=MONDAY + timedelta(hours=hours))

    assert level("E01") == wanted
    assert ("42" in check("E01").finding) == (wanted == "error")


# ── mail ──


def test_templates_render(room: Room) -> None:
    assert level("T01") == "ok"


def test_relay_that_is_away_is_an_error(room: Room) -> None:
    found = check("M01")

    assert found.level == "error"
    assert "127.0.0.1:9" in found.finding


def test_relay_is_greeted_and_sent_nothing(room: Room) -> None:
    with running(Inbox()) as relay:
        room(SMTP__PORT=str(relay.port))

        assert level("M01") == "ok"
        assert relay.received == []


def test_refused_password_is_an_error_without_it(room: Room) -> None:
    with running(Inbox(), password="another") as relay:
        room(SMTP__PORT=str(relay.port), SMTP__USERNAME="ada", SMTP__PASSWORD=SECRET)
        found = check("M01")

    assert found.level == "error"
    assert SECRET not in found.finding + found.cure


# ── the command ──


def test_only_an_error_exits_1(room: Room, store: Store) -> None:
    with running(Inbox()) as relay, store.write() as session:
        make_editor(session)
        session.commit()
        room(SMTP__PORT=str(relay.port))
        said = call("doctor", "--json")

    assert {one["level"] for one in said.document} == {"ok", "warning"}
    assert said.code == 0
    assert call("doctor").code == 1  # the relay is gone


def test_doctor_never_tells_a_secret(room: Room, tmp_path: Path) -> None:
    names = ("SMTP__PASSWORD", "PANEL__API_KEY", "SOURCES__GITHUB__TOKEN")
    url = f"postgresql://ada:{SECRET}@127.0.0.1:9/verdicts"
    room(SMTP__USERNAME="ada", DATABASE_URL=url, **dict.fromkeys(names, SECRET))
    said = call("doctor")

    assert said.code == 1
    assert SECRET not in said.out + said.err


def test_content_check_keeps_its_cure_to_itself(room: Room) -> None:
    rows = call("doctor").out.splitlines()

    assert any(row.startswith("C02") and "secret_key" not in row for row in rows)
    assert any(row.startswith("P01") for row in rows)
    assert any("verdicts editors add" in row for row in rows)
