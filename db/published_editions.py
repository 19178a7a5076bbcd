"""The editions everybody may read: those that were sent, or whose sending began."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from db.models import Edition, FrozenEdition
from db.words import EditionState
from errors import NotFound

PUBLIC_STATES = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)
MOST_EDITIONS = 500


@dataclass(frozen=True)
class EditionLine:
    number: int
    subject: str
    date: str
    date_iso: str


@dataclass(frozen=True)
class PublishedEdition:
    number: int
    content: dict[str, Any]
    content_hash: str


def published_editions(session: Session, limit: int = MOST_EDITIONS) -> list[EditionLine]:
    """The newest first."""
    content = col(FrozenEdition.content)
    rows = session.exec(
        select(Edition.number, FrozenEdition.subject, content["date"].as_string(), content["date_iso"].as_string())
        .join(FrozenEdition, col(FrozenEdition.edition_id) == col(Edition.id))
        .where(col(Edition.state).in_(PUBLIC_STATES))
        .order_by(col(Edition.number).desc())
        .limit(limit)
    )
    return [EditionLine(number, subject, date or "", iso or "") for number, subject, date, iso in rows]


def find_latest_edition(session: Session) -> PublishedEdition | None:
    newest = published_editions(session, limit=1)
    return get_published_edition(session, newest[0].number) if newest else None


def get_published_edition(session: Session, number: int) -> PublishedEdition:
    frozen = session.exec(
        select(FrozenEdition)
        .join(Edition, col(FrozenEdition.edition_id) == col(Edition.id))
        .where(Edition.number == number, col(Edition.state).in_(PUBLIC_STATES))
    ).one_or_none()
    if frozen is None:
        raise NotFound("published edition", number)
    return PublishedEdition(number, frozen.content, frozen.content_hash)
