"""What an operator is told of each source."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from config import Settings
from crawler.health.visits import record_visit
from db.session import Store
from tests.commands.shell import call
from tests.crawler.health.test_visits import FAILED, WHOLE, read_with
from tests.factories import MONDAY, make_source

TOLD = {
    "key", "state", "last_success_at", "next_due_at", "retry_at", "failures_in_row", "last_error", "found",
    "usual_found", "coverage", "usual_coverage", "days_since_new", "usual_gap_days", "alerts", "needs_permission",
}  # fmt: skip


def visit(
    session: Session, settings: Settings, key: str, *visits: object, places: dict[str, str] | None = None
) -> None:
    make_source(session, key, "devto")
    for n, tally in enumerate(visits):
        record_visit(session, settings, key, tally, MONDAY, MONDAY + timedelta(hours=n), places=places)  # type: ignore[arg-type]


@pytest.fixture
def visited(home: Store, settings: Settings) -> Store:
    """A source that lost its taglines, and one that keeps failing."""
    with home.write() as session:
        lost = read_with(WHOLE | {"tagline": 1})
        visit(session, settings, "devto", *[read_with(WHOLE)] * 3, lost, places={"tagline": "article.description"})
        visit(session, settings, "mcp", *[FAILED] * 3)
    return home


def row_of(key: str) -> dict[str, object]:
    rows: list[dict[str, object]] = call("sources", "--json").document
    return next(row for row in rows if row["key"] == key)


def test_lost_field_is_told_with_its_figures(visited: Store) -> None:
    row = row_of("devto")

    assert row.keys() >= TOLD
    assert (row["state"], row["found"], row["usual_found"]) == ("partial", 10, 10)
    assert (row["coverage"]["tagline"], row["usual_coverage"]["tagline"]) == (0.1, 0.9)  # type: ignore[index]
    assert str(row["last_success_at"]).startswith("2026-11-16T11:00")  # not the visit that lost something
    assert "tagline (article.description) is stated by 10%" in row["alerts"][0]  # type: ignore[index]


def test_failing_source_tells_its_alert(visited: Store) -> None:
    row = row_of("mcp")

    assert (row["state"], row["failures_in_row"], row["last_success_at"]) == ("error", 3, None)
    assert row["alerts"] == ["Mcp has failed 3 times in a row: no answer"]


def test_table_says_why_in_words(visited: Store) -> None:
    said = call("sources").out

    assert "partial" in said
    assert "tagline (article.description)" in " ".join(said.split())
    assert "not yet" in said
    assert "disabled" in said
    assert "needs permission" in said


def test_source_never_visited_is_due(home: Store) -> None:
    row = row_of("openrouter")

    assert (row["state"], row["next_due_at"], row["alerts"]) == (None, None, [])


def test_last_good_answer_can_be_written_out(visited: Store, tmp_path: Path) -> None:
    said = call("sources", "recording", "devto", "--out", str(tmp_path / "kept"))

    assert (said.code, (tmp_path / "kept").read_bytes()) == (0, b"page")
    assert "tagline" in said.out


def test_recording_that_is_not_there_is_told(visited: Store) -> None:
    said = call("sources", "recording", "mcp")

    assert said.code == 1
    assert "mcp" in said.err


def test_disabled_source_has_no_next_visit(visited: Store) -> None:
    with visited.write() as session:
        make_source(session, "hackernews").next_due_at = MONDAY
    [line] = [line for line in call("sources").out.splitlines() if line.startswith("hackernews ")]

    assert "disabled" in line
    assert "2026-11-16" not in line
