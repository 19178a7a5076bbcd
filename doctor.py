"""What would stop the week: checks with an id, a finding and a cure. Changes nothing."""

import shutil
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from config import Settings, load_settings, secret_keys
from db.models import Edition, Editor, Run, Source, Subscriber
from db.session import Store, is_healthy, open_store
from db.words import EditionState, SubscriberState
from digest.editions import is_admin
from errors import AppError, ConfigError, MailError, RenderError

OK, WARNING, ERROR = "ok", "warning", "error"
LEAST_SPACE = 500 * 1024 * 1024
BULK = 5000  # readers from which the large mailbox providers ask for SPF, DKIM and DMARC


@dataclass(frozen=True)
class Check:
    id: str
    level: str
    finding: str
    cure: str = ""


def examine(now: datetime) -> list[Check]:
    """All checks, in the order of the week; without settings or store the rest cannot be asked."""
    try:
        settings = load_settings()
    except ConfigError as exc:
        return [Check("C01", ERROR, str(exc), "Correct it; docs/settings.md lists every key.")]
    where = settings.config_path or "defaults and environment only"
    checks = [Check("C01", OK, f"settings read ({where})"), *check_settings(settings)]
    try:
        store = open_store(settings.store_url)
    except AppError as exc:
        return [*checks, Check("D01", ERROR, str(exc), "See docs/runbook.md#the-store.")]
    try:
        checks += check_store(store, settings)
        with store.read() as session:
            for part in (check_people, check_sources, check_jobs, check_editions):
                checks += part(session, settings, now)
    except SQLAlchemyError as exc:
        why = f"the store cannot be read: {getattr(exc, 'orig', exc)}"
        checks.append(Check("D03", ERROR, why, "Restore a backup: 'verdicts restore FILE --yes'."))
    finally:
        store.close()
    return [*checks, *check_templates(), check_relay(settings)]


def check_settings(settings: Settings) -> Iterator[Check]:
    try:
        secret_keys(settings)
        yield Check("C02", OK, "a secret key is there")
    except (ConfigError, OSError) as exc:
        yield Check("C02", ERROR, f"no secret key: {exc}", "Make data_dir writable or set secret_key.")
    is_local = settings.mail.domain.endswith(("localdomain", "localhost", "invalid"))
    yield Check(
        "C03",
        WARNING if is_local else OK,
        f"mail comes from {settings.mail.from_address}",
        "Set [mail] from_address to an address of a domain you send for, and its SPF, DKIM and DMARC records "
        "(docs/runbook.md#dns).",
    )
    yield Check(
        "C04",
        OK if settings.base_url.startswith("https://") else WARNING,
        f"links point to {settings.base_url}",
        "Set base_url to the https address readers reach: one-click unsubscribe needs it (RFC 8058).",
    )
    yield Check(
        "C05",
        OK if settings.mail.postal_address else WARNING,
        f"postal address: {settings.mail.postal_address or 'none'}",
        "Set [mail] postal_address; many countries require it in a newsletter.",
    )
    yield Check(
        "C06",
        OK if settings.crawl.contact_url or settings.base_url.startswith("https://") else WARNING,
        f"we crawl as {settings.user_agent}",
        "Set [crawl] contact_url to a page that says who crawls and how to object.",
    )


def check_store(store: Store, settings: Settings) -> Iterator[Check]:
    try:
        damage = is_healthy(store.engine)
    except SQLAlchemyError as exc:
        damage = f"the store cannot be read: {getattr(exc, 'orig', exc)}"
    yield Check(
        "D01",
        ERROR if damage else OK,
        damage or f"the store answers ({store.engine.dialect.name}, at this program's revision)",
        "Restore a backup: 'verdicts restore FILE --yes'.",
    )
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent).free
    yield Check(
        "D02",
        OK if free > LEAST_SPACE else ERROR,
        f"{free // 2**20} MB free in {settings.data_dir}",
        "Free some space.",
    )


def check_people(session: Session, settings: Settings, now: datetime) -> Iterator[Check]:
    editors = session.exec(select(func.count()).select_from(Editor).where(col(Editor.is_active))).one()
    yield Check(
        "P01", OK if editors else ERROR, f"editors: {editors}", "Add one: 'verdicts editors add EMAIL --role admin'."
    )
    minimum = settings.panel.minimum_reviews
    if settings.panel.endpoint and not settings.panel.model:
        yield Check("P02", ERROR, "a model endpoint is configured, but no model", "Set model in [panel].")
    elif settings.panel.endpoint:
        yield Check("P02", OK, f"a model panel drafts reviews at {settings.panel.endpoint}")
    elif editors:
        yield Check(
            "P02", OK, f"no model endpoint: editors write at least {minimum} reviews a tool ('verdicts review')"
        )
    else:
        yield Check(
            "P02",
            ERROR,
            "nobody can produce a review",
            "Configure [panel] endpoint and model, or add an editor who writes reviews with 'verdicts review'.",
        )
    readers = session.exec(
        select(func.count()).select_from(Subscriber).where(Subscriber.state == SubscriberState.ACTIVE)
    ).one()
    yield Check("P03", OK if readers else WARNING, f"active subscribers: {readers}", "Import some, or share the form.")
    if readers >= BULK:
        yield Check(
            "P04",
            WARNING,
            f"with {readers} readers the large providers treat you as a bulk sender",
            "Check SPF, DKIM, DMARC alignment, PTR and TLS: docs/runbook.md#dns.",
        )


def check_sources(session: Session, settings: Settings, now: datetime) -> Iterator[Check]:
    sources = session.exec(select(Source).where(col(Source.is_enabled))).all()
    tried = [source for source in sources if source.last_attempt_at]
    if not tried:
        yield Check(
            "S01", WARNING, "nothing was crawled yet", "Run 'verdicts crawl', or 'verdicts up' and wait an hour."
        )
        return
    ailing = [source.key for source in tried if source.failures_in_row]
    level = ERROR if len(ailing) == len(tried) else WARNING if ailing else OK
    yield Check(
        "S01",
        level,
        f"{len(tried) - len(ailing)} of {len(tried)} sources answered well"
        + (f"; not {', '.join(ailing)}" if ailing else ""),
        "See 'verdicts sources' for each one's last error.",
    )


def check_jobs(session: Session, settings: Settings, now: datetime) -> Iterator[Check]:
    last = session.exec(select(func.max(Run.due_at))).one()
    late = last is None or last < now - timedelta(minutes=10)
    yield Check(
        "J01",
        WARNING if late else OK,
        f"the clock last ticked {last:%Y-%m-%d %H:%M} UTC" if last else "the clock has never run",
        "Start 'verdicts up' (or 'verdicts clock' and 'verdicts worker').",
    )
    failed = session.exec(
        select(Run.job).where(Run.state == "failed", Run.due_at > now - timedelta(days=1)).distinct()
    ).all()
    yield Check(
        "J02",
        WARNING if failed else OK,
        f"jobs that failed within a day: {', '.join(failed) or 'none'}",
        "See 'verdicts jobs' for the reason.",
    )


def check_editions(session: Session, settings: Settings, now: datetime) -> Iterator[Check]:
    stuck = session.exec(
        select(Edition.number).where(
            (col(Edition.state) == EditionState.PAUSED)
            | (col(Edition.state).in_([EditionState.DRAFT, EditionState.APPROVED]) & (col(Edition.send_at) < now))
        )
    ).all()
    yield Check(
        "E01",
        ERROR if stuck else OK,
        f"editions that are stuck: {', '.join(map(str, stuck)) or 'none'}",
        "See 'verdicts edition status N'; then resume, approve or cancel it.",
    )
    rules = settings.edition
    counts = bool(rules.quiet_week_note) and is_admin(session, rules.quiet_week_note_approved_by)
    missing = "" if counts else ", and without a quiet-week note by an admin an empty week is skipped"
    yield Check(
        "E02",
        OK if counts or rules.deadline_policy == "skip" else WARNING,
        f"at the cut-off: {rules.deadline_policy}" + ("" if rules.deadline_policy == "skip" else missing),
        "Set [edition] quiet_week_note, and quiet_week_note_approved_by to an admin's address.",
    )


def check_templates() -> Iterator[Check]:
    from digest.samples import render_samples

    try:
        count = render_samples()
        yield Check("T01", OK, f"{count} mail templates render")
    except RenderError as exc:
        yield Check("T01", ERROR, str(exc), "Correct the template; 'git diff templates' shows what changed.")


def check_relay(settings: Settings) -> Check:
    """Connects, says hello, signs in and hangs up; no mail is sent."""
    from digest.mailer import SmtpMailer

    cure = "Check [smtp] host, port, security, username and password (or VERDICTS_SMTP__PASSWORD_FILE)."
    try:
        with SmtpMailer(settings.smtp).connect():
            return Check("M01", OK, f"the relay {settings.smtp.host}:{settings.smtp.port} takes our hello")
    except (OSError, MailError, smtplib.SMTPException) as exc:
        return Check("M01", ERROR, str(exc), cure)
