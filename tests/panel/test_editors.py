"""Who decides."""

from datetime import datetime

import pytest
from sqlmodel import select

from db.models import AuditEntry, Editor
from db.session import Store
from errors import AppError
from panel.editors import add_editor


def test_editor_is_kept_under_one_spelling(store: Store, monday: datetime) -> None:
    with store.write() as session:
        add_editor(session, "Ada@Verdicts.Example", "Ada", "editor", monday)
        add_editor(session, "ada@verdicts.example", "", "admin", monday)
        [editor] = session.exec(select(Editor)).all()

    assert (editor.email, editor.name, editor.role) == ("ada@verdicts.example", "Ada", "admin")


def test_editor_who_left_may_come_back(store: Store, monday: datetime) -> None:
    with store.write() as session:
        add_editor(session, "ada@verdicts.example", "Ada", "editor", monday).is_active = False
        session.flush()
        editor = add_editor(session, "ada@verdicts.example", "", "editor", monday)

    assert editor.is_active


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@verdicts.example", "a b@verdicts.example"])
def test_bad_address_is_refused_by_name(store: Store, monday: datetime, email: str) -> None:
    with store.write() as session, pytest.raises(AppError, match=f"'{email}' is not a mail address"):
        add_editor(session, email, "", "editor", monday)


def test_unknown_role_is_refused_by_name(store: Store, monday: datetime) -> None:
    with store.write() as session, pytest.raises(AppError, match="'owner' is no role; it is editor or admin"):
        add_editor(session, "ada@verdicts.example", "", "owner", monday)


def test_new_editor_is_in_the_audit_log(store: Store, monday: datetime) -> None:
    with store.write() as session:
        add_editor(session, "ada@verdicts.example", "Ada", "admin", monday)
        [entry] = session.exec(select(AuditEntry)).all()

    assert (entry.action, entry.subject, entry.detail) == ("add editor", "editor 1", {"role": "admin"})
