"""The audit log: one line a decision, in the transaction of the decision itself."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.models import AuditEntry


def record(session: Session, now: datetime, who: str, action: str, subject: str, **detail: Any) -> None:
    session.add(AuditEntry(at=now, who=who, action=action, subject=subject, detail=detail))


def latest(session: Session, limit: int = 100) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)))
