"""The audit log only grows."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from db import audit
from db.session import Store
from tests.factories import ADA, MONDAY


@pytest.fixture
def logged(either_store: Store) -> Store:
    with either_store.write() as session:
        audit.record(session, MONDAY, ADA, "approve", "edition 1", content_hash="ab")
    return either_store


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET who = 'nobody'", "DELETE FROM audit_entry"])
def test_the_audit_log_refuses_changes(logged: Store, change: str) -> None:
    with pytest.raises(DatabaseError, match="the audit log is append-only"), logged.engine.begin() as connection:
        connection.execute(text(change))

    with logged.read() as session:
        assert [line.who for line in audit.latest(session)] == [ADA]


def test_the_newest_line_stands_first(logged: Store) -> None:
    with logged.write() as session:
        audit.record(session, MONDAY, ADA, "withdraw", "edition 1", why="a typo")

    with logged.read() as session:
        lines = audit.latest(session, 1)
    assert [(line.action, line.detail) for line in lines] == [("withdraw", {"why": "a typo"})]


def test_a_line_falls_with_its_decision(logged: Store) -> None:
    with pytest.raises(RuntimeError), logged.write() as session:
        audit.record(session, MONDAY, ADA, "cancel", "edition 1")
        raise RuntimeError

    with logged.read() as session:
        assert [line.action for line in audit.latest(session)] == ["approve"]
