"""An edition's life before it is sent: build, preview, approve, withdraw, and what happens at the deadline."""

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from config import Settings
from db import alerts, audit
from db.models import Comparison, Delivery, Edition, Editor, Entry, FrozenEdition
from db.words import ComparisonState, EditionState, Role
from digest import material
from digest.calendar import next_week_time
from digest.compose import compose
from digest.render import Rendered, render_digest
from errors import NotAllowed, NotFound

Lenses = list[tuple[str, str]]
UNSENT = (EditionState.DRAFT, EditionState.APPROVED)


class DeadlineOutcome(StrEnum):
    ALREADY_APPROVED = "already approved"
    APPROVED = "approved by policy"
    QUIET_WEEK = "quiet-week note"
    SKIPPED = "skipped"
    NONE = "no edition was due"


def get_edition(session: Session, number: int | None) -> Edition:
    """By number; without one, the newest."""
    query = select(Edition).order_by(col(Edition.number).desc())
    edition = session.exec(query.where(Edition.number == number) if number else query).first()
    if edition is None:
        raise NotFound("edition", number or "yet", "build one with 'verdicts edition build'")
    return edition


def build_edition(session: Session, settings: Settings, now: datetime) -> Edition:
    """The draft for the next send, created or brought up to date. An approved one is left alone."""
    send_at = next_week_time(settings.schedule.send, settings.schedule.zone, now)
    edition = session.exec(select(Edition).where(Edition.send_at == send_at)).one_or_none()
    if edition is None:
        edition = add_edition(session, settings, send_at, now)
    if edition.state == EditionState.DRAFT:
        edition.until_at = now
        choose_entries(session, settings, edition)
        session.add(edition)
    return edition


def add_edition(session: Session, settings: Settings, send_at: datetime, now: datetime) -> Edition:
    last = session.exec(select(Edition).order_by(col(Edition.number).desc()).limit(1)).first()
    zone = settings.schedule.zone
    former_send = send_at.astimezone(zone) - timedelta(days=7)  # by the clock on the wall, also when clocks change
    cutoff = next_week_time(settings.schedule.cutoff, zone, former_send)
    edition = Edition(
        number=last.number + 1 if last else 1,
        created_at=now,
        from_at=untold_since(last) if last else now - timedelta(days=7),
        until_at=now,
        cutoff_at=cutoff,
        send_at=send_at,
    )
    session.add(edition)
    session.flush()
    audit.record(session, now, "verdicts", "build", f"edition {edition.number}")
    return edition


def untold_since(last: Edition) -> datetime:
    """What an edition nobody got would have told, the next one tells."""
    called_off = last.state in (EditionState.SKIPPED, EditionState.CANCELLED) and last.sending_started_at is None
    return last.from_at if called_off else last.until_at


def choose_entries(session: Session, settings: Settings, edition: Edition) -> None:
    """Approved comparisons no edition has taken yet, best first, up to the cap."""
    session.exec(delete(Entry).where(col(Entry.edition_id) == edition.id))
    taken = select(Entry.comparison_id)
    ready = session.exec(
        select(Comparison)
        .where(Comparison.state == ComparisonState.APPROVED, col(Comparison.id).not_in(taken))
        .order_by(col(Comparison.score).desc(), col(Comparison.id))
        .limit(settings.edition.most_entries)
    ).all()
    for position, comparison in enumerate(ready, start=1):
        assert comparison.id is not None and edition.id is not None
        session.add(Entry(comparison_id=comparison.id, edition_id=edition.id, position=position))
    session.flush()


def content_of(
    session: Session, settings: Settings, edition: Edition, lenses: Lenses, approved_by: str = ""
) -> dict[str, Any]:
    """The edition's one record: the frozen one when it is approved, else what it would be now."""
    frozen = session.get(FrozenEdition, edition.id)
    if frozen:
        return frozen.content
    return compose(material.gather(session, settings, edition, lenses)) | {"approved_by": approved_by}


def preview(session: Session, settings: Settings, edition: Edition, lenses: Lenses) -> Rendered:
    return render_digest(content_of(session, settings, edition, lenses))


def approve_edition(
    session: Session, settings: Settings, edition: Edition, by: str, lenses: Lenses, now: datetime
) -> FrozenEdition:
    """An editor approves by name: content is frozen as it stands now."""
    editor = session.exec(
        select(Editor).where(Editor.email == by.strip().casefold(), col(Editor.is_active))
    ).one_or_none()
    if editor is None:
        raise NotFound("editor", by, "add one with 'verdicts editors add EMAIL'")
    return freeze(session, settings, edition, editor.email, editor.name or editor.email, lenses, now)


def freeze(
    session: Session, settings: Settings, edition: Edition, by: str, shown_as: str, lenses: Lenses, now: datetime
) -> FrozenEdition:
    check_may_be_approved(session, settings, edition)
    content = content_of(session, settings, edition, lenses, shown_as)
    mail = render_digest(content)
    assert edition.id is not None
    frozen = FrozenEdition(
        edition_id=edition.id,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        content=content,
        content_hash=hash_of(mail.subject, mail.html, mail.text, content),
        approved_by=by,
        approved_at=now,
    )
    session.add(frozen)
    edition.state = EditionState.APPROVED
    session.add(edition)
    session.flush()
    audit.record(session, now, by, "approve", f"edition {edition.number}", content_hash=frozen.content_hash)
    alerts.clear_alert(session, f"withdrawn:{edition.number}", now)
    alerts.clear_all(session, "skipped:", now)  # the next one is on its way
    return frozen


def check_may_be_approved(session: Session, settings: Settings, edition: Edition) -> None:
    action = f"Edition {edition.number} cannot be approved"
    if edition.state != EditionState.DRAFT:
        raise NotAllowed(action, f"it is {edition.state}")
    entries = material.entries_of(session, edition)
    undecided = [row.slug for row in entries if row.state != ComparisonState.APPROVED]
    if undecided:
        raise NotAllowed(
            action,
            f"{len(undecided)} of its entries are not approved ({', '.join(undecided)}); run 'verdicts edition build'",
        )
    if not entries and not settings.edition.quiet_week_note:
        raise NotAllowed(action, "it has no entries, and no quiet_week_note is configured in [edition]")


def hash_of(subject: str, html: str, text: str, content: dict[str, Any]) -> str:
    parts = [subject, html, text, json.dumps(content, sort_keys=True, ensure_ascii=False)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def verify_edition(session: Session, edition: Edition) -> FrozenEdition:
    """Recompute the hash of what is stored. Raises NotAllowed when it is not what was approved."""
    frozen = session.get(FrozenEdition, edition.id)
    if frozen is None:
        raise NotAllowed(
            f"Edition {edition.number} cannot be verified", f"it is {edition.state}: nothing is frozen yet"
        )
    if hash_of(frozen.subject, frozen.html, frozen.text, frozen.content) != frozen.content_hash:
        raise NotAllowed(
            f"Edition {edition.number} is not what {frozen.approved_by} approved",
            "its stored content no longer matches the hash taken then; restore it from a backup",
        )
    return frozen


def withdraw(session: Session, edition: Edition, by: str, why: str, now: datetime) -> None:
    """Back to draft, until sending starts."""
    if edition.state != EditionState.APPROVED:
        raise NotAllowed(f"Edition {edition.number} cannot be withdrawn", f"it is {edition.state}")
    has_deliveries = select(Delivery.subscriber_id).where(Delivery.edition_id == edition.id).limit(1)
    if session.exec(has_deliveries).first() is not None:
        raise NotAllowed(f"Edition {edition.number} cannot be withdrawn", "some of it was sent")
    frozen = session.get(FrozenEdition, edition.id)
    if frozen:
        session.delete(frozen)
        session.flush()
    edition.state = EditionState.DRAFT
    session.add(edition)
    audit.record(session, now, by, "withdraw", f"edition {edition.number}", why=why)


def withdraw_resting_on(session: Session, flipped: list[Comparison], now: datetime) -> list[Edition]:
    """An approved edition whose entry came back for a second look must not go out as it is."""
    withdrawn = []
    for comparison in flipped:
        entry = session.get(Entry, comparison.id)
        edition = session.get(Edition, entry.edition_id) if entry else None
        if edition is None or edition.state != EditionState.APPROVED:
            continue
        withdraw(session, edition, "fact check", comparison.recheck_why or "", now)
        alerts.raise_alert(
            session,
            f"withdrawn:{edition.number}",
            f"Edition {edition.number} went back to draft: {comparison.recheck_why}.",
            f"Decide comparison {comparison.id} again, then approve edition {edition.number}.",
            now,
        )
        withdrawn.append(edition)
    return withdrawn


def apply_deadline(
    session: Session, settings: Settings, lenses: Lenses, now: datetime
) -> tuple[DeadlineOutcome, Edition | None]:
    """At the cut-off the configured policy decides for an edition no editor has approved. Never silence."""
    edition = session.exec(
        select(Edition)
        .where(col(Edition.state).in_(UNSENT), Edition.cutoff_at <= now)
        .order_by(col(Edition.number).desc())
        .limit(1)
    ).first()
    if edition is None:
        return DeadlineOutcome.NONE, None
    if edition.state == EditionState.APPROVED:
        return DeadlineOutcome.ALREADY_APPROVED, edition
    edition.until_at = now
    choose_entries(session, settings, edition)
    outcome = follow_policy(session, settings, edition, lenses, now)
    if outcome is DeadlineOutcome.SKIPPED:
        skip_edition(session, edition, now)
    return outcome, edition


def follow_policy(
    session: Session, settings: Settings, edition: Edition, lenses: Lenses, now: datetime
) -> DeadlineOutcome:
    rules = settings.edition
    has_entries = bool(material.entries_of(session, edition))
    if rules.deadline_policy == "send_approved" and has_entries:
        freeze(session, settings, edition, "deadline policy: send_approved", "the deadline policy", lenses, now)
        return DeadlineOutcome.APPROVED
    note_is_approved = bool(rules.quiet_week_note) and is_admin(session, rules.quiet_week_note_approved_by)
    if rules.deadline_policy != "skip" and note_is_approved:
        session.exec(delete(Entry).where(col(Entry.edition_id) == edition.id))
        by = f"deadline policy: quiet_week, note by {rules.quiet_week_note_approved_by}"
        freeze(session, settings, edition, by, rules.quiet_week_note_approved_by, lenses, now)
        return DeadlineOutcome.QUIET_WEEK
    return DeadlineOutcome.SKIPPED


def is_admin(session: Session, email: str) -> bool:
    admin = select(Editor).where(Editor.email == email.strip().casefold(), Editor.role == Role.ADMIN)
    return session.exec(admin.where(col(Editor.is_active))).first() is not None


def skip_edition(session: Session, edition: Edition, now: datetime) -> None:
    session.exec(delete(Entry).where(col(Entry.edition_id) == edition.id))
    edition.state = EditionState.SKIPPED
    edition.finished_at = now
    edition.stopped_why = "nobody had approved it at the cut-off"
    session.add(edition)
    audit.record(session, now, "deadline policy", "skip", f"edition {edition.number}")
    alerts.raise_alert(
        session,
        f"skipped:{edition.number}",
        f"Edition {edition.number} was skipped: at the cut-off nothing in it was approved.",
        "Approve comparisons with 'verdicts queue' and 'verdicts approve'; they go into the next edition.",
        now,
    )


def waiting_count(session: Session) -> int:
    undecided = (ComparisonState.PENDING, ComparisonState.DRAFTED, ComparisonState.RECHECK)
    return session.exec(select(func.count()).select_from(Comparison).where(col(Comparison.state).in_(undecided))).one()
