"""A backup is the whole store, checked; a restore puts it back and keeps what stood there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from config import Settings
from db.backup import back_up, restore_from
from db.models import Subscriber
from db.session import Store, open_store
from errors import StoreError
from tests.factories import BEN, CLEO, make_subscriber


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Path:
    """A backup with Ben in it."""
    with store.write() as session:
        make_subscriber(session, BEN)
    back_up(store, tmp_path / "kept.db")
    return tmp_path / "kept.db"


def people(url: str) -> list[str]:
    store = open_store(url)
    with store.read() as session:
        found = [row.address for row in session.exec(select(Subscriber).order_by(Subscriber.address))]
    store.close()
    return found


def add_cleo(store: Store) -> None:
    with store.write() as session:
        make_subscriber(session, CLEO)
    store.close()


def test_a_backup_holds_what_was_committed(kept: Path) -> None:
    assert people(f"sqlite:///{kept}") == [BEN]


def test_a_backup_leaves_one_file(kept: Path) -> None:
    assert sorted(path.name for path in kept.parent.glob("*kept*")) == ["kept.db"]


def test_a_restore_brings_the_backup_back(store: Store, settings: Settings, kept: Path) -> None:
    add_cleo(store)

    restore_from(settings.store_url, kept, confirmed=True)

    assert people(settings.store_url) == [BEN]


def test_a_restore_keeps_the_former_store(store: Store, settings: Settings, kept: Path) -> None:
    add_cleo(store)

    former = restore_from(settings.store_url, kept, confirmed=True)

    assert people(f"sqlite:///{former}") == [BEN, CLEO]


def test_a_second_restore_keeps_both(store: Store, settings: Settings, kept: Path) -> None:
    add_cleo(store)

    first = restore_from(settings.store_url, kept, confirmed=True)
    second = restore_from(settings.store_url, kept, confirmed=True)

    assert first != second
    assert people(f"sqlite:///{first}") == [BEN, CLEO]


def test_a_damaged_store_can_be_replaced(store: Store, settings: Settings, kept: Path) -> None:
    store.close()
    (settings.data_dir / "verdicts.db").write_bytes(b"ruined " * 1000)

    restore_from(settings.store_url, kept, confirmed=True)

    assert people(settings.store_url) == [BEN]


def test_a_restore_needs_no_former_store(settings: Settings, kept: Path) -> None:
    elsewhere = f"sqlite:///{kept.parent}/new/verdicts.db"

    assert restore_from(elsewhere, kept, confirmed=True) is None
    assert people(elsewhere) == [BEN]


def test_a_restore_waits_for_the_yes(settings: Settings, kept: Path) -> None:
    with pytest.raises(StoreError, match="add --yes"):
        restore_from(settings.store_url, kept, confirmed=False)


def test_a_backup_is_never_overwritten(store: Store, kept: Path) -> None:
    before = kept.read_bytes()

    with pytest.raises(StoreError, match="never overwritten"):
        back_up(store, kept)
    assert kept.read_bytes() == before


def test_a_backup_into_no_folder_is_a_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check the folder"):
        back_up(store, tmp_path / "missing" / "kept.db")


@pytest.mark.parametrize("name", ["plain.db", "100%#?.db"])
def test_a_file_with_any_name_is_restored(settings: Settings, store: Store, tmp_path: Path, name: str) -> None:
    back_up(store, tmp_path / name)
    store.close()

    assert restore_from(settings.store_url, tmp_path / name, confirmed=True)


def test_a_damaged_backup_is_refused(settings: Settings, kept: Path) -> None:
    with kept.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 8)

    with pytest.raises(StoreError, match=r"damaged|no usable backup"):
        restore_from(settings.store_url, kept, confirmed=True)


@pytest.mark.parametrize("content", [b"", b"a letter to my mother", b"SQLite format 3\0" + b"x" * 4096])
def test_a_file_of_another_kind_is_refused(settings: Settings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)

    with pytest.raises(StoreError, match=r"no usable backup|not one of our stores"):
        restore_from(settings.store_url, tmp_path / "other", confirmed=True)


def test_a_foreign_database_is_refused(settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "photos.db")) as other:
        other.execute("CREATE TABLE photos (id INTEGER)")

    with pytest.raises(StoreError, match="not one of our stores"):
        restore_from(settings.store_url, tmp_path / "photos.db", confirmed=True)


def test_a_refused_restore_touches_nothing(store: Store, settings: Settings, tmp_path: Path) -> None:
    store.close()
    target = settings.data_dir / "verdicts.db"
    before = target.read_bytes()
    (tmp_path / "other").write_bytes(b"a letter")

    with pytest.raises(StoreError):
        restore_from(settings.store_url, tmp_path / "other", confirmed=True)

    assert target.read_bytes() == before


def test_a_missing_backup_is_a_sentence(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no backup"):
        restore_from(settings.store_url, tmp_path / "gone.db", confirmed=True)


@pytest.mark.postgres
def test_postgres_has_its_own_tools(postgres_store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        back_up(postgres_store, tmp_path / "kept.db")
    with pytest.raises(StoreError, match="pg_restore"):
        restore_from("postgresql+psycopg://x/y", tmp_path / "kept.db", confirmed=True)
