"""What comes back: believed by its signed address alone, counted once, and acted upon by what it says."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from config import Mail, Settings, secret_keys
from db.models import Bounce, Subscriber, Suppression
from db.session import Store
from digest.bounces import Ingested, counts_since, ingest, ingest_maildir
from digest.send import send_edition
from digest.tokens import BOUNCE, UNSUBSCRIBE, make_address_token
from errors import AppError
from tests.digest.sending import EVE, FAY, alerts_of, make_ready
from tests.factories import BEN, MONDAY
from tests.fakes import FakeClock, FakeMailer

HARD = ("5.1.1", "failed", "550 5.1.1 no such user")
SOFT = ("4.2.2", "failed", "452 4.2.2 mailbox full")
DELAYED = ("4.4.1", "delayed", "")
POLICY = ("5.7.1", "failed", "550 5.7.1 message rejected as spam by policy")
DAY = timedelta(days=1)


@pytest.fixture
def mailed(ready: Store, settings: Settings, mailer: FakeMailer) -> dict[str, str]:
    """reader → the envelope sender edition 1 carried."""
    send_edition(ready, settings, 1, mailer, FakeClock(MONDAY))
    return {recipient: sender for sender, recipient, _ in mailer.outbox}


def report(to: str, kind: tuple[str, str, str] = HARD, number: int = 1, header: str = "To") -> bytes:
    status, action, said = kind
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\n{header}: {to}\r\nMessage-ID: <{number}@mx.example.org>\r\n"
        "Subject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; x@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        + (f"Diagnostic-Code: smtp; {said}\r\n" if said else "")
        + "\r\n--B--\r\n"
    ).encode()


def complaint(to: str) -> bytes:
    return (
        f"From: fbl@isp.example\r\nTo: {to}\r\nSubject: abuse\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r\n"
        "--B\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--B--\r\n"
    ).encode()


def plain(to: str, subject: str, sender: str = BEN) -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHello.\r\n".encode()


def take(store: Store, settings: Settings, raw: bytes, now=MONDAY) -> Ingested:
    with store.write() as session:
        return ingest(session, settings, raw, now)


def states(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {row.address: row.state for row in session.exec(select(Subscriber)) if row.address in (BEN, EVE, FAY)}


def kept(store: Store) -> list[Bounce]:
    with store.read() as session:
        return list(session.exec(select(Bounce).order_by(Bounce.id)))


def active() -> dict[str, str]:
    return dict.fromkeys([BEN, EVE, FAY], "active")


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To"])
def test_the_token_is_found_where_it_stands(
    ready: Store, settings: Settings, mailed: dict[str, str], header: str
) -> None:
    taken = take(ready, settings, report(mailed[EVE], header=header))

    assert taken.effect == "suppressed"
    assert states(ready) == active() | {EVE: "suppressed"}


@pytest.mark.parametrize("change", [str.upper, lambda sender: f"<{sender}>", lambda sender: f"Bounces <{sender}>"])
def test_a_rewritten_address_is_understood(ready: Store, settings: Settings, mailed: dict[str, str], change) -> None:
    assert take(ready, settings, report(change(mailed[EVE]))).effect == "suppressed"


def test_the_bounce_names_its_edition(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    take(ready, settings, report(mailed[EVE]))

    [bounce] = kept(ready)
    assert (bounce.kind, bounce.edition_id, bounce.status_code) == ("hard", 1, "5.1.1")


def forged(sender: str) -> list[str]:
    other = make_address_token((b"x" * 40,), BOUNCE, 1, 1)
    wrong_purpose = make_address_token((b"k" * 40,), UNSUBSCRIBE, 1, 1)
    flipped = (
        sender.replace("@", "a@")
        if sender[-25] == "b"
        else sender[:12] + ("b" if sender[12] == "a" else "a") + sender[13:]
    )
    names = [f"bounce+{token}@verdicts.example" for token in (other, wrong_purpose, "a" * 48)]
    return [flipped, *names, "bounce@verdicts.example", "", EVE]


def test_a_forged_address_has_no_effect(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    for number, address in enumerate(forged(mailed[EVE])):
        taken = take(ready, settings, report(address, number=number))
        assert taken.effect == "no effect: it carries no token of ours"

    assert states(ready) == active()


def test_a_body_accuses_nobody(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    """The report names another reader; only the address it was sent to counts."""
    raw = report(mailed[EVE]).replace(b"x@example.org", BEN.encode())

    take(ready, settings, raw)

    assert states(ready) == active() | {EVE: "suppressed"}


def test_a_token_of_nobody_has_no_effect(ready: Store, settings: Settings) -> None:
    token = make_address_token(secret_keys(settings), BOUNCE, 999, 1)

    assert "no token of ours" in take(ready, settings, report(f"bounce+{token}@verdicts.example")).effect


def test_a_plus_in_our_own_address_is_no_hindrance(ready: Store, settings: Settings, mailer: FakeMailer) -> None:
    mail = Mail(**settings.mail.model_dump() | {"bounce_address": "news+back@verdicts.example"})
    plus = settings.model_copy(update={"mail": mail})
    send_edition(ready, plus, 1, mailer, FakeClock(MONDAY))

    senders = {recipient: sender for sender, recipient, _ in mailer.outbox}
    assert take(ready, plus, report(senders[EVE])).effect == "suppressed"


# ── what it does ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("raw", [report, complaint])
def test_hard_and_complaint_stop_the_mail(
    ready: Store, settings: Settings, mailed: dict[str, str], mailer: FakeMailer, raw
) -> None:
    take(ready, settings, raw(mailed[EVE]))
    make_ready(ready, settings, [], number=2)

    send_edition(ready, settings, 2, mailer, FakeClock(MONDAY))

    assert sorted(mailer.recipients[3:]) == [BEN, FAY]


def test_the_same_message_counts_once(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    take(ready, settings, report(mailed[EVE]))

    assert take(ready, settings, report(mailed[EVE])).effect == "no effect: counted before"
    assert len(kept(ready)) == 1


def test_a_second_hard_bounce_is_no_news(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    take(ready, settings, report(mailed[EVE]))

    assert take(ready, settings, report(mailed[EVE], number=2)).effect == "no effect: suppressed before"


def test_the_suppression_says_why(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    take(ready, settings, complaint(mailed[EVE]))

    with ready.read() as session:
        found = session.exec(select(Suppression).where(Suppression.address == EVE)).one()
    assert found.reason.startswith("complaint: ")
    assert found.suppressed_by == "bounce processor"


def test_five_soft_days_stop_the_mail(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    effects = [
        take(ready, settings, report(mailed[EVE], SOFT, number), MONDAY + DAY * number).effect for number in range(5)
    ]

    assert effects[:4] == [f"counted: soft bounces on {days} of 5 days" for days in (1, 2, 3, 4)]
    assert effects[4] == "suppressed"


def test_a_soft_day_counts_once(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    for number in range(8):
        take(ready, settings, report(mailed[EVE], SOFT, number), MONDAY + timedelta(hours=number))

    assert states(ready) == active()


def test_old_soft_days_are_forgotten(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    for number in range(8):
        take(ready, settings, report(mailed[EVE], SOFT, number), MONDAY + DAY * 20 * number)

    assert states(ready) == active()


@pytest.mark.parametrize("kind", [DELAYED, POLICY])
def test_what_is_not_the_readers_counts_for_nobody(
    ready: Store, settings: Settings, mailed: dict[str, str], kind: tuple[str, str, str]
) -> None:
    effects = {
        take(ready, settings, report(mailed[EVE], kind, number), MONDAY + DAY * number).effect for number in range(9)
    }

    assert all(effect.startswith("noted: ") for effect in effects)
    assert states(ready) == active()


def test_delays_do_not_add_to_soft_days(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    for number in range(9):
        take(ready, settings, report(mailed[EVE], DELAYED, number), MONDAY + DAY * number)

    taken = take(ready, settings, report(mailed[EVE], SOFT, 9), MONDAY + DAY * 9)
    assert taken.effect == "counted: soft bounces on 1 of 5 days"


@pytest.mark.parametrize("subject", ["unsubscribe", "Unsubscribe", " UNSUBSCRIBE "])
def test_a_mail_with_that_subject_unsubscribes(
    ready: Store, settings: Settings, mailed: dict[str, str], subject: str
) -> None:
    assert take(ready, settings, plain(mailed[EVE], subject)).effect == "unsubscribed by mail"
    assert states(ready) == active() | {EVE: "unsubscribed"}


@pytest.mark.parametrize("subject", ["Re: Kettle or Emberloaf?", "", "please do not unsubscribe me"])
def test_an_ordinary_mail_has_no_effect(ready: Store, settings: Settings, mailed: dict[str, str], subject: str) -> None:
    assert take(ready, settings, plain(mailed[EVE], subject)).effect == "no effect: not a bounce"
    assert states(ready) == active()


@pytest.mark.parametrize("raw", [b"", b"\0\xff\r\n\r\n", b"To: \xff\xfe\r\n\r\nx", b"x" * 3_000_000])
def test_any_bytes_are_taken(ready: Store, settings: Settings, raw: bytes) -> None:
    assert take(ready, settings, raw).effect.startswith("no effect")


def test_kinds_are_counted_since_a_day(ready: Store, settings: Settings, mailed: dict[str, str]) -> None:
    take(ready, settings, report(mailed[EVE]), MONDAY - DAY)
    take(ready, settings, report(mailed[FAY], SOFT), MONDAY)

    with ready.read() as session:
        assert counts_since(session, MONDAY) == {"soft": 1}


def test_postgres_takes_what_sqlite_takes(either_store: Store, either_settings: Settings, mailer: FakeMailer) -> None:
    make_ready(either_store, either_settings, [EVE])
    send_edition(either_store, either_settings, 1, mailer, FakeClock(MONDAY))
    sender = next(sender for sender, recipient, _ in mailer.outbox if recipient == EVE)

    hard = ("5.1.1", "failed", "550 5.1.1 no such\0 user")
    assert take(either_store, either_settings, report(sender, hard)).effect == "suppressed"
    assert take(either_store, either_settings, b"Subject: \0\r\n\r\n\0").effect.startswith("no effect")


# ── a folder of them ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    (tmp_path / "mail/new").mkdir(parents=True)
    return tmp_path / "mail"


def test_a_maildir_is_worked_off(ready: Store, settings: Settings, mailed: dict[str, str], maildir: Path) -> None:
    (maildir / "new/1.host").write_bytes(report(mailed[EVE]))
    (maildir / "new/2.host").write_bytes(plain(mailed[FAY], "hello"))

    done = ingest_maildir(ready, settings, maildir, MONDAY)

    assert [(name, taken.effect) for name, taken in done] == [
        ("1.host", "suppressed"),
        ("2.host", "no effect: not a bounce"),
    ]
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]
    assert list((maildir / "new").iterdir()) == []


def test_a_message_seen_before_is_moved_too(
    ready: Store, settings: Settings, mailed: dict[str, str], maildir: Path
) -> None:
    """The program died between its commit and the move."""
    take(ready, settings, report(mailed[EVE]))
    (maildir / "new/1.host").write_bytes(report(mailed[EVE]))

    [(_, taken)] = ingest_maildir(ready, settings, maildir, MONDAY)

    assert taken.effect == "no effect: counted before"
    assert list((maildir / "new").iterdir()) == []


def test_an_unreadable_one_stays_and_is_told(
    ready: Store, settings: Settings, mailed: dict[str, str], maildir: Path
) -> None:
    (maildir / "new/1.folder").mkdir()
    (maildir / "new/2.host").write_bytes(report(mailed[EVE]))

    done = ingest_maildir(ready, settings, maildir, MONDAY)

    assert [name for name, _ in done] == ["2.host"]
    assert "1.folder" in alerts_of(ready)["bounces:unreadable"]


def test_the_alert_goes_with_its_cause(ready: Store, settings: Settings, maildir: Path) -> None:
    (maildir / "new/1.folder").mkdir()
    ingest_maildir(ready, settings, maildir, MONDAY)
    (maildir / "new/1.folder").rmdir()

    ingest_maildir(ready, settings, maildir, MONDAY)

    assert alerts_of(ready) == {}


def test_a_folder_of_another_kind_is_a_sentence(store: Store, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="is no maildir: it has no folder 'new'"):
        ingest_maildir(store, settings, tmp_path, MONDAY)
