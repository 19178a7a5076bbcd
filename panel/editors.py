"""Who decides."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session, select

from db import audit
from db.models import Editor
from db.words import Role
from errors import AppError


def add_editor(session: Session, email: str, name: str, role: str, now: datetime) -> Editor:
    """Add, or change name and role of a known one. Raises AppError for a bad address or role."""
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.casefold()
    except EmailNotValidError as exc:
        raise AppError(f"'{email}' is not a mail address: {exc}") from exc
    if role not in list(Role):
        raise AppError(f"'{role}' is no role; it is editor or admin.")
    editor = session.exec(select(Editor).where(Editor.email == address)).one_or_none()
    editor = editor or Editor(email=address, created_at=now)
    editor.role, editor.name, editor.is_active = role, name or editor.name, True
    session.add(editor)
    session.flush()
    audit.record(session, now, "operator", "add editor", f"editor {editor.id}", role=role)
    return editor
