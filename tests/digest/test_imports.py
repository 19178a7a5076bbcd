"""Lists from elsewhere: taken row by row, refused in sentences, and never a way back for who has left."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from config import Settings
from db.models import Letter, Subscriber
from db.session import Store
from digest.addresses import Address
from digest.subscriptions import ImportReport, erase, export_csv, import_csv, safe_cell
from errors import AppError
from tests.digest.sending import EVE, FAY
from tests.factories import ADA, BEN, CLEO, DAN, MONDAY, make_cast, make_subscriber


def take(store: Store, settings: Settings, text: str) -> ImportReport:
    with store.write() as session:
        return import_csv(session, settings, io.StringIO(text, newline=""), ADA, MONDAY)


def states(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {row.address: row.state for row in session.exec(select(Subscriber))}


def test_a_list_becomes_readers(store: Store, settings: Settings) -> None:
    report = take(store, settings, f"email,name\n{EVE},Eve\n{FAY},\n")

    assert (report.added, report.known, report.refused) == (2, 0, [])
    assert states(store) == {EVE: "active", FAY: "active"}


def test_nobody_is_written_to_by_an_import(store: Store, settings: Settings) -> None:
    take(store, settings, f"email\n{EVE}\n")

    with store.read() as session:
        assert session.exec(select(Letter)).all() == []


def test_an_import_revives_nobody(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
        make_subscriber(session, EVE)
        erase(session, settings, Address(EVE, EVE), ADA, MONDAY)

    report = take(store, settings, "\n".join(["email", BEN, CLEO, CLEO.upper(), DAN, EVE.title()]))

    assert (report.added, report.known) == (0, 3)
    assert report.refused == [
        f"line 5: {DAN} is suppressed and stays so",
        f"line 6: {EVE.split('@')[0].title()}@example.org is suppressed and stays so",
    ]
    assert (states(store)[CLEO], states(store)[DAN]) == ("unsubscribed", "suppressed")


def test_importing_twice_adds_once(store: Store, settings: Settings) -> None:
    take(store, settings, f"email\n{EVE}\n{EVE.upper()}\n")

    assert take(store, settings, f"email\n{EVE}\n").known == 1
    assert states(store) == {EVE: "active"}


@pytest.mark.parametrize("head", ["mail,name", "", "e-mail", "name;email;x", '"email;name"'])
def test_wrong_columns_are_a_sentence(store: Store, settings: Settings, head: str) -> None:
    with pytest.raises(AppError, match="has no 'email' column; its first line must name the columns"):
        take(store, settings, f"{head}\n{EVE}\n")


@pytest.mark.parametrize("head", ["Email,Name", " EMAIL , NAME ", "\ufeffemail,name", "name,email"])
def test_columns_are_found_as_written(store: Store, settings: Settings, head: str) -> None:
    row = f"Eve,{EVE}" if head.startswith("name") else f"{EVE},Eve"

    take(store, settings, f"{head}\n{row}\n")

    with store.read() as session:
        assert session.exec(select(Subscriber.address, Subscriber.name)).one() == (EVE, "Eve")


def test_bad_rows_tell_their_line(store: Store, settings: Settings) -> None:
    report = take(store, settings, f"email,name\nnobody,N\n{EVE},Eve\n\n,Empty\nBen <{BEN}>,B\n")

    assert report.added == 1
    assert [line.split(":")[0] for line in report.refused] == ["line 2", "line 5", "line 6"]
    assert report.refused[0].startswith("line 2: 'nobody' is not a mail address: ")


def test_missing_and_extra_cells_are_taken(store: Store, settings: Settings) -> None:
    report = take(store, settings, f"name,email\nEve\nFay,{FAY},more,and more\n")

    assert (report.added, len(report.refused)) == (1, 1)
    assert states(store) == {FAY: "active"}


def test_a_cell_over_two_lines_counts_both(store: Store, settings: Settings) -> None:
    report = take(store, settings, f'email,name\n{EVE},"Eve\nExample"\nnobody,N\n')

    assert report.refused[0].startswith("line 4: ")


def test_an_endless_cell_is_a_sentence(store: Store, settings: Settings) -> None:
    with pytest.raises(AppError, match="The CSV cannot be read: field larger"):
        take(store, settings, f'email,name\n{EVE},"{"x" * 200_000}\n')


def test_a_failed_import_adds_nobody(store: Store, settings: Settings) -> None:
    with pytest.raises(AppError):
        take(store, settings, f'email,name\n{EVE},Eve\n{FAY},"{"x" * 200_000}\n')

    assert states(store) == {}


def test_a_name_is_one_plain_line(either_store: Store, either_settings: Settings) -> None:
    """Nothing in a foreign file stops the rest of it; PostgreSQL takes no NUL."""
    report = take(either_store, either_settings, f"email,name\n{EVE},E\0ve\u202e\n{FAY},{'y' * 500}\n")

    assert report.added == 2
    with either_store.read() as session:
        names = session.exec(select(Subscriber.name).order_by(Subscriber.address)).all()
    assert (names[0], len(names[1])) == ("E ve", 200)


# ── export ───────────────────────────────────────────────────────────────────────────────────────


def exported(store: Store) -> list[dict[str, str]]:
    with store.read() as session:
        return list(csv.DictReader(io.StringIO(export_csv(session))))


def test_an_export_holds_everybody(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)

    found = {row["email"]: (row["state"], row["created_at"]) for row in exported(store)}
    assert found == {
        BEN: ("active", MONDAY.isoformat()),
        CLEO: ("unsubscribed", MONDAY.isoformat()),
        DAN: ("suppressed", MONDAY.isoformat()),
    }


def test_an_export_runs_no_formula(store: Store) -> None:
    with store.write() as session:
        make_subscriber(session, "=cmd@example.org").name = '=HYPERLINK("https://evil.example")'
        make_subscriber(session, "+1@example.org").name = "@SUM(A1)"

    for row in exported(store):
        assert row["email"].startswith("'")
        assert row["name"].startswith("'")


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert safe_cell(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r") or cell == ""
    assert safe_cell(cell).removeprefix("'") == cell.removeprefix("'")


def test_an_export_can_be_imported(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
    with store.read() as session:
        text = export_csv(session)

    report = take(store, settings, text)

    assert (report.added, report.known) == (0, 2)
    assert states(store)[CLEO] == "unsubscribed"
