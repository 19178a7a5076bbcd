"""Alerts: one open row a condition, raised once however often it is seen, cleared when it is over."""

from datetime import datetime

from sqlmodel import Session, col, select

from db.models import Alert


def raise_alert(session: Session, key: str, what: str, cure: str, now: datetime) -> bool:
    """Returns whether it is new; a known one gets today's words."""
    alert = find_open(session, key)
    if alert:
        alert.what, alert.cure = what, cure
        session.add(alert)
        return False
    session.add(Alert(key=key[:200], what=what, cure=cure, raised_at=now))
    session.flush()
    return True


def clear_alert(session: Session, key: str, now: datetime) -> None:
    alert = find_open(session, key)
    if alert:
        alert.cleared_at = now
        session.add(alert)


def clear_all(session: Session, prefix: str, now: datetime) -> None:
    for alert in open_alerts(session):
        if alert.key.startswith(prefix):
            alert.cleared_at = now
            session.add(alert)


def find_open(session: Session, key: str) -> Alert | None:
    return session.exec(select(Alert).where(Alert.key == key[:200], col(Alert.cleared_at).is_(None))).one_or_none()


def open_alerts(session: Session) -> list[Alert]:
    return list(session.exec(select(Alert).where(col(Alert.cleared_at).is_(None)).order_by(col(Alert.raised_at))))
