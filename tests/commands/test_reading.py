"""Every reading command: one JSON document with --json, a table without."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import Tool
from db.session import Store
from tests.commands.shell import call
from tests.factories import MONDAY, move_price

LISTS = [
    "sources",
    "launches",
    "tools",
    "changes",
    "pair",
    "queue",
    "jobs",
    "alerts",
    "reviewers",
    "editors list",
    "subscribers list",
    "crawl",
]
OF_ONE = [
    "tools show kettle",
    "show 1",
    "findings 1",
    "edition build",
    "edition show",
    "edition show 1",
    "edition status",
    "edition verify 1",
    "edition unknown 1",
]
BOUNCE = """From: mailer-daemon@example.org
To: bounce@verdicts.example
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; ben@example.org
Action: failed
Status: 5.1.1

--x--
"""


@pytest.mark.parametrize("command", LISTS)
def test_empty_store_gives_one_document(home: Store, command: str) -> None:
    said = call(*command.split(), "--json")

    assert (said.code, said.err) == (0, "")
    assert isinstance(said.document, list | dict)


@pytest.mark.parametrize("command", LISTS + OF_ONE)
def test_full_store_gives_one_document(week: Store, command: str) -> None:
    said = call(*command.split(), "--json")

    assert (said.code, said.err) == (0, "")
    assert isinstance(said.document, list | dict)


@pytest.mark.parametrize("command", LISTS + OF_ONE)
def test_without_json_people_read_a_table(week: Store, command: str) -> None:
    said = call(*command.split())

    assert (said.code, said.err) == (0, "")
    assert said.out.strip()
    assert "Traceback" not in said.out


@pytest.mark.parametrize("command", sorted({*OF_ONE} - {"edition build"}))
def test_what_is_not_there_is_one_sentence(home: Store, command: str) -> None:
    said = call(*command.split(), "--json")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("There is no ")
    assert len(said.err.splitlines()) == 1


def test_tool_comes_with_facts_and_evidence(week: Store) -> None:
    facts = {fact["key"]: fact for fact in call("tools", "show", "kettle", "--json").document["facts"]}

    assert facts["entry_price"]["quote"] == "$29/month"
    assert facts["entry_price"]["url"] == "https://kettle.example/#entry_price"
    assert facts["entry_price"]["observed_at"] == "2026-11-16T09:00:00+00:00"


def test_tool_is_shown_as_it_was_known_on_a_day(week: Store) -> None:
    with week.write() as session:
        kettle = session.exec(select(Tool).where(Tool.slug == "kettle")).one()
        move_price(session, kettle, "39", MONDAY + timedelta(days=3))

    def prices(*options: str) -> dict[str, bool]:
        facts = call("tools", "show", "kettle", *options, "--json").document["facts"]
        return {fact["value"]: fact["stands"] for fact in facts if fact["key"] == "entry_price"}

    assert prices("--at", "2026-11-17") == {"$29/month": True}
    assert prices() == {"$29/month": False, "$39/month": True}


def test_queue_counts_what_is_failing(week: Store) -> None:
    [row] = call("queue", "--json").document

    assert (row["slug"], row["state"], row["failing"]) == ("lathe-vs-anvil", "pending", 3)


def test_findings_name_what_may_be_waived(week: Store) -> None:
    rows = call("findings", "2", "--json").document

    assert [(row["name"], row["may_be_waived"]) for row in rows] == [
        ("answer", False),
        ("reviews:lathe", False),
        ("reviews:anvil", False),
    ]


def test_comparison_shows_reviews_and_verdicts(week: Store) -> None:
    document = call("show", "1", "--json").document

    assert len(document["reviews"]) == 8
    assert [one["outcome"] for one in document["verdicts"]] == ["ship", "ship"]
    assert document["findings"] == []


def test_verified_edition_names_its_hash(week: Store) -> None:
    document = call("edition", "verify", "1", "--json").document

    assert (document["number"], document["approved_by"]) == (1, "ada@verdicts.example")
    assert len(document["content_hash"]) == 64


def test_jobs_tell_last_and_next(week: Store) -> None:
    rows = {row["job"]: row for row in call("jobs", "--json").document}

    assert rows["pair"]["last"]["state"] == "due"
    assert rows["tidy"]["last"] is None
    assert all(row["next_at"] for row in rows.values())


def test_changes_begin_at_the_day_asked_for(home: Store) -> None:
    assert call("changes", "--since", "2026-11-16", "--json").document == []


def test_doctor_gives_one_document_and_exits_1(home: Store) -> None:
    said = call("doctor", "--json")
    levels = {check["id"]: check["level"] for check in said.document}

    assert (said.code, said.err) == (1, "")
    assert levels["D01"] == "ok"
    assert levels["P01"] == "error"


def test_message_is_classified_and_nothing_changed(home: Store, tmp_path: Path) -> None:
    (tmp_path / "bounce.eml").write_text(BOUNCE, encoding="utf-8")
    [row] = call("bounces", "classify", str(tmp_path / "bounce.eml"), "--json").document

    assert (row["kind"], row["status"]) == ("hard", "5.1.1")
    assert call("subscribers", "list", "--json").document == []


def test_ingested_message_tells_its_effect(home: Store, tmp_path: Path) -> None:
    (tmp_path / "bounce.eml").write_text(BOUNCE, encoding="utf-8")
    [row] = call("bounces", "ingest", str(tmp_path / "bounce.eml"), "--json").document

    assert row["kind"] == "hard"
    assert row["effect"]


def test_parser_reads_a_payload_and_stores_nothing(home: Store, tmp_path: Path) -> None:
    (tmp_path / "hits.json").write_text('{"hits": []}', encoding="utf-8")
    said = call("parse", "hackernews", str(tmp_path / "hits.json"), "--url", "https://hn.example/", "--json")

    assert (said.code, said.document) == (0, [])


def test_subscribers_are_exported_as_csv(week: Store) -> None:
    lines = call("subscribers", "export").out.splitlines()

    assert lines[0].startswith("email")
    assert any(line.startswith("ben@example.org") for line in lines)
