"""What comes back for our mails is read for what it is: each message here is written for one behaviour."""

import os
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.words import BounceKind
from digest.bounce_reading import Reading, read_bounce
from digest.smtp_codes import HARD, find_status, meaning_of

VERP = "bounce+17.a1b2c3@verdicts.example"


def letter(text: str, **headers: str) -> bytes:
    fields = {"From": "Ben <ben@example.org>", "To": VERP, "Subject": "Hello"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"{head}\n{text}\n".encode()


def report(*blocks: str, story: str = "Sorry.", sender: str = "MAILER-DAEMON@mx.example.org", **headers: str) -> bytes:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example.org", *blocks))
    parts = (
        f"Content-Type: text/plain\n\n{story}",
        f"Content-Type: message/delivery-status\n\n{status}",
        "Content-Type: message/rfc822\n\nFrom: digest@verdicts.example\nSubject: This week\n\nHello",
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="B"'
    return letter("--B\n" + "\n--B\n".join(parts) + "\n--B--", From=sender, Content_Type=kind, **headers)


def block(said: str = "", status: str = "5.0.0", action: str = "failed", to: str = "ben@example.org") -> str:
    lines = [f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}"]
    return "\n".join(lines + ([f"Diagnostic-Code: smtp; {said}"] if said else []))


def feedback(kind: str) -> bytes:
    parts = (
        "Content-Type: text/plain\n\nThis is an email abuse report.",
        f"Content-Type: message/feedback-report\n\n{kind}Version: 1\nOriginal-Rcpt-To: dan@example.org",
        "Content-Type: message/rfc822\n\nFrom: digest@verdicts.example\n\nHello",
    )
    content = 'multipart/report; report-type=feedback-report; boundary="B"'
    return letter("--B\n" + "\n--B\n".join(parts) + "\n--B--", From="fbl@isp.example", Content_Type=content)


def daemon(text: str, subject: str = "failure notice", **headers: str) -> bytes:
    return letter(text, **({"From": "MAILER-DAEMON@mx.example.org", "Subject": subject} | headers))


# --- delivery status


def test_missing_mailbox_is_hard() -> None:
    reading = read_bounce(report(block("550 5.1.1 <ben@example.org>: User unknown", "5.1.1")))

    assert reading == Reading(
        BounceKind.HARD, "mailbox does not exist (5.1.1)", "5.1.1", "ben@example.org", "no-such-user", (VERP,)
    )


def test_full_mailbox_is_soft_whatever_class() -> None:
    for status in ("5.2.2", "4.2.2"):
        reading = read_bounce(report(block(f"552 {status} over quota", status)))

        assert (reading.kind, reading.reason) == (BounceKind.SOFT, "mailbox-full")


def test_delayed_is_not_failed() -> None:
    reading = read_bounce(report(block("450 4.1.1 user unknown", "4.4.1", action="delayed")))

    assert (reading.kind, reading.reason, reading.why) == (BounceKind.SOFT, "delayed", "delayed, not failed")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_arrival_report_is_no_bounce(action: str) -> None:
    assert read_bounce(report(block(status="2.1.5", action=action))).kind == BounceKind.NONE


def test_vague_code_yields_to_words() -> None:
    assert read_bounce(report(block("550 Requested: no such user here", "5.0.0"))).kind == BounceKind.HARD


def test_policy_refusal_is_not_readers_fault() -> None:
    reading = read_bounce(report(block("550 5.7.1 Message refused, poor sending reputation", "5.7.1")))

    assert (reading.kind, reading.reason) == (BounceKind.SOFT, "policy")


def test_policy_code_naming_missing_user_is_hard() -> None:
    assert read_bounce(report(block("550 5.7.1 No such user", "5.7.1"))).kind == BounceKind.HARD


def test_code_of_existing_mailbox_outweighs_words() -> None:
    assert read_bounce(report(block("550 5.2.1 user unknown", "5.2.1"))).reason == "disabled"


def test_expired_retry_is_soft() -> None:
    reading = read_bounce(report(block("connection timed out", "4.4.7")))

    assert reading.kind == BounceKind.SOFT


def test_refused_sender_is_not_missing_reader() -> None:
    story = "<ben@example.org>: host mx said: 550 unknown user (in reply to MAIL FROM command)"

    assert read_bounce(report(block("550 unknown user"), story=story)).reason == "sender-refused"


def test_user_unknown_after_content_is_a_filter() -> None:
    story = "<ben@example.org>: host mx said: 550 user unknown (in reply to end of DATA command)"

    assert read_bounce(report(block("550 user unknown"), story=story)).kind == BounceKind.SOFT


def test_mildest_of_several_recipients_counts() -> None:
    gone, full = block("550 5.1.1 user unknown"), block("552 5.2.2 mailbox full", to="b@example.org")
    arrived = block(status="2.0.0", action="relayed", to="c@example.org")

    assert read_bounce(report(gone, full)).reason == "mailbox-full"
    assert read_bounce(report(gone, arrived)).kind == BounceKind.SOFT
    assert read_bounce(report(gone, gone)).kind == BounceKind.HARD


def test_story_speaks_when_status_is_bare() -> None:
    assert read_bounce(report(block(), story="The user's account is disabled.")).reason == "disabled"


def test_encoded_status_part_is_read() -> None:
    body = b64encode(f"Reporting-MTA: dns; mx\n\n{block('550 5.1.1 user unknown', '5.1.1')}\n".encode()).decode()
    part = f"--B\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{body}\n--B--"
    content = "multipart/report; report-type=delivery-status; boundary=B"

    assert read_bounce(daemon(part, Content_Type=content)).kind == BounceKind.HARD


def test_status_fields_in_plain_text_count_from_daemon_only() -> None:
    text = f"Technical report:\n\n{block('550 5.1.1 user unknown', '5.1.1')}"

    assert read_bounce(daemon(text)).kind == BounceKind.HARD
    assert read_bounce(letter(text, Subject="Fwd: failure notice")).kind == BounceKind.NONE


def test_wrapped_report_is_read() -> None:
    inner = report(block("550 5.1.1 user unknown", "5.1.1")).decode().replace("--B", "--I").replace('"B"', '"I"')
    text = f"--B\nContent-Type: text/plain\n\nNotice.\n--B\nContent-Type: message/rfc822\n\n{inner}\n--B--"

    assert read_bounce(daemon(text, Content_Type="multipart/mixed; boundary=B")).kind == BounceKind.HARD


def test_forwarded_report_is_no_bounce() -> None:
    inner = report(block("550 5.1.1 user unknown", "5.1.1")).decode().replace("--B", "--I").replace('"B"', '"I"')
    text = f"--B\nContent-Type: text/plain\n\nWhat is this?\n--B\nContent-Type: message/rfc822\n\n{inner}\n--B--"

    assert read_bounce(letter(text, Content_Type="multipart/mixed; boundary=B")).kind == BounceKind.NONE


# --- complaints


@pytest.mark.parametrize("kind", ["abuse", "fraud", "virus", "opt-out", "Abuse"])
def test_feedback_report_is_complaint(kind: str) -> None:
    reading = read_bounce(feedback(f"Feedback-Type: {kind}\n"))

    assert (reading.kind, reading.reason) == (BounceKind.COMPLAINT, "feedback")
    assert reading.why == f"{kind.lower()} report"
    assert reading.to_addresses == (VERP,)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "other"])
def test_other_feedback_is_no_complaint(kind: str) -> None:
    assert read_bounce(feedback(f"Feedback-Type: {kind}\n")).kind == BounceKind.NONE


def test_feedback_without_type_is_abuse() -> None:
    assert read_bounce(feedback("")).kind == BounceKind.COMPLAINT


# --- free texts

QMAIL = "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message.\n\n"
EXIM = "This message was created automatically by mail delivery software.\n\n"
TEXTS = [
    (QMAIL + "<ben@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)", "no-such-user"),
    (QMAIL + "<ben@example.org>:\nRemote host said: 552 5.2.2 quota exceeded\n", "mailbox-full"),
    (QMAIL + "<ben@gone.example>:\nSorry, I couldn't find any host named gone.example. (#5.1.2)", "no-such-domain"),
    (QMAIL + "<ben@example.org>:\n1.2.3.4 failed after I sent the message.\nRemote host said: 554 spam", "policy"),
    (EXIM + "  ben@gone.example\n    an MX or SRV record indicated no SMTP service", "no-mail-here"),
    (EXIM + "  ben@example.org\n    retry timeout exceeded", "expired"),
    (EXIM + "  ben@example.org\n    Unrouteable address", "no-such-user"),
    (EXIM + "  ben@example.org\n    550 Access denied", "blocked"),
    ("Ihre Nachricht wurde nicht zugestellt.\n\nBenutzer unbekannt: ben@example.org", "no-such-user"),
    ("Das Postfach des Empfängers ist voll.", "mailbox-full"),
    ("Le destinataire est inconnu : adresse introuvable.", "no-such-user"),
    ("La boîte aux lettres est pleine.", "mailbox-full"),
    ("El usuario indicado no existe.", "no-such-user"),
    ("El buzón del destinatario está lleno.", "mailbox-full"),
    ("宛先のメールアドレスが見つかりません。", "no-such-user"),
    ("收件人地址不存在，邮件被退回。", "no-such-user"),
    ("对方邮箱已满。", "mailbox-full"),
    (">>> RCPT To:<ben@example.org>\n<<< 550 <ben@example.org>... User unknown", "no-such-user"),
    ("did not reach the following recipient(s):\n\nben@example.org\n The recipient's mailbox is full.", "mailbox-full"),
    ("Generating server: mx\n\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found ##", "no-such-user"),
    ("Something went wrong.", "unknown"),
]


@pytest.mark.parametrize(("text", "reason"), TEXTS)
def test_free_text_of_mail_server_is_understood(text: str, reason: str) -> None:
    utf8 = {"Content_Type": "text/plain; charset=utf-8"}

    assert read_bounce(daemon(text, "Undelivered Mail Returned to Sender", **utf8)).reason == reason


def test_our_own_mail_in_the_copy_is_not_read() -> None:
    copy = "--- Below this line is a copy of the message.\n\nThe user unknown bug: 550 5.1.1 no such user"

    assert read_bounce(daemon(QMAIL + "<ben@example.org>:\nGoodbye.\n\n" + copy)).reason == "unknown"


def test_free_delay_warning_is_delayed() -> None:
    text = EXIM + "A message has not yet been delivered after 24 hours. You do not need to resend it."
    reading = read_bounce(daemon(text, "Warning: message 1P1ce6 delayed 24 hours"))

    assert reading.reason == "delayed"


def test_group_that_may_not_exist_is_soft() -> None:
    text = "The group you tried to contact may not exist, or you may not have permission to post."
    raw = daemon(text, X_Failed_Recipients="tools@googlegroups.com")

    assert read_bounce(raw).kind == BounceKind.SOFT


WORDS = [
    ("550 5.1.1 The email account that you tried to reach does not exist.", True),
    ("550 5.5.0 Requested action not taken: mailbox unavailable", True),
    ("450 Requested mail action not taken: mailbox unavailable", False),
    ("550 Requested action not taken: mailbox unavailable. Reject due to policy restrictions", False),
    ("5.1.0 - Unknown address error 550-'5.2.2 mailbox full'", False),
    ("450 4.1.1 Recipient address rejected: User unknown in local recipient table", True),
    ("450 4.1.1 Recipient address rejected: unverified address: verification in progress", False),
    ("450 4.2.0 Recipient address rejected: Greylisted", False),
    ("550 5.4.310 DNS domain gone.example does not exist", True),
    ("Name service error for name=gone.example: Host not found, try again (4.4.3)", False),
    ("553 5.1.8 Domain of sender address us@ours.example does not exist", False),
    ("550 Sender verify failed: no such user here", False),
    ("550 5.7.25 The IP address sending this message has no PTR record; host not found", False),
    ("554 Invalid HELO: host not found", False),
    ("550 <x@y.example>: Recipient address rejected.", True),
    ("554 5.3.0 <x@y.example>: Recipient address rejected: Internal system error", False),
    ("550 5.1.6 recipient no longer on server", True),
    ("550 mailbox not found. For full details ask the postmaster", True),
    ("550 see https://help.example/no-such-user.html for help", False),
]


@pytest.mark.parametrize(("said", "is_hard"), WORDS)
def test_words_of_servers_are_judged(said: str, is_hard: bool) -> None:
    assert (meaning_of(said, find_status(said)) in HARD) == is_hard


def test_address_numbers_are_no_status() -> None:
    assert find_status("relay 192.5.1.1 and 5.1.1.7 said 550 5.7.1 no") == "5.7.1"


# --- what is not a bounce

PASTED = "Hi, I got this:\n\n550 5.1.1 <ben@example.org>: Recipient address rejected: User unknown\n\nBen"
AWAY = "I am away until Monday. This mailbox does not exist any more after June."
ORDINARY = {
    "prose": letter("The 550 was a great car. User unknown is a fine band name; the address does not exist."),
    "pasted": letter(PASTED, Subject="Undelivered Mail Returned to Sender"),
    "reply": letter("> 550 5.1.1 user unknown\n\nIs this yours?", Subject="Re: failure notice", In_Reply_To="<1@x>"),
    "newsletter": letter("Why mail fails: 550 5.1.1 user unknown", From="no-reply@news.example", Precedence="bulk"),
    "parcel": letter("Your parcel could not be delivered: address not found.", From="no-reply@parcel.example",
                     Subject="Delivery failed", Return_Path="<>"),
    "away": letter(AWAY, Subject="Out of office: Hello", Return_Path="<>"),
    "replied": letter(AWAY, Auto_Submitted="auto-replied", Return_Path="<>"),
    "german away": letter(AWAY, Subject="=?utf-8?q?Abwesenheitsnotiz=3A_Hallo?=", Auto_Submitted="auto-generated"),
    "french away": letter(AWAY, Subject="Réponse automatique : Bonjour"),
    "old answerer": letter(AWAY, X_Autoreply="yes", Precedence="auto_reply"),
    "dmarc": letter("This is an aggregate report.", From="noreply-dmarc@isp.example",
                    Subject="Report domain: verdicts.example Submitter: isp.example Report-ID: 550"),
    "receipt": letter("--B\nContent-Type: message/disposition-notification\n\nDisposition: deleted\n--B--",
                      Content_Type="multipart/report; report-type=disposition-notification; boundary=B"),
    "postmaster": letter("We will move the mail servers on Monday.", From="postmaster@example.org", Subject="Notice"),
    "ticket": letter("He says: 550 5.1.1 user unknown", Subject="Mail problem", Auto_Submitted="auto-generated"),
    "success": daemon("Delivered to ben@example.org", "Successful Mail Delivery Report"),
    "empty": b"",
}  # fmt: skip


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_mail_is_no_bounce(name: str) -> None:
    assert read_bounce(ORDINARY[name]).kind == BounceKind.NONE


def test_automatic_reply_says_so() -> None:
    assert read_bounce(ORDINARY["away"]).reason == "autoreply"


def test_addresses_sent_to_are_all_told() -> None:
    raw = letter(
        "x", To=f"Digest <{VERP}>", Delivered_To="box@verdicts.example", Envelope_To=VERP, Return_Path="<no@x.example>"
    )

    assert read_bounce(raw).to_addresses == (VERP, "box@verdicts.example")


# --- hostile mail


def nested(kind: str, depth: int) -> bytes:
    return b"From: MAILER-DAEMON@x\nSubject: failure notice\n" + b"".join(
        f'Content-Type: {kind}; boundary="b{n}"\n\n--b{n}\n'.encode() for n in range(depth)
    )


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822", "message/delivery-status"])
def test_deep_nesting_is_survived(kind: str) -> None:
    assert read_bounce(nested(kind, 20_000)).kind in (BounceKind.NONE, BounceKind.SOFT)


@pytest.mark.parametrize("text", ["<script" * 9000, "-" * 90_000, "\n " * 60_000, "user " * 20_000, "a@" * 60_000])
def test_long_nonsense_is_no_hard_bounce(text: str) -> None:
    for kind in ("text/plain", "text/html"):
        assert read_bounce(daemon(text, Content_Type=kind)).kind != BounceKind.HARD


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw: bytes) -> None:
    assert isinstance(read_bounce(raw), Reading)


SEEDS = [
    report(block("550 5.1.1 user unknown", "5.1.1"), block(action="delayed")),
    feedback("Feedback-Type: abuse\n"),
    daemon(QMAIL + "<ben@example.org>:\nRemote host said: 550 5.1.1 no such user"),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), st.binary(max_size=12)), max_size=6),
)
def test_no_damaged_report_raises(raw: bytes, wounds: list[tuple[int, int, bytes]]) -> None:
    for start, length, graft in wounds:
        raw = raw[:start] + graft + raw[start + length :]

    assert isinstance(read_bounce(raw), Reading)


# --- the recorded corpus


@pytest.fixture(scope="module")
def bounces() -> Path:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "")) / "bounces"
    if "VERDICTS_CORPUS" not in os.environ or not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name a folder with recorded bounces")
    return folder


def expectations(folder: Path) -> Iterator[tuple[str, set[str]]]:
    for line in (folder / "expected.tsv").read_text().splitlines()[1:]:
        name, kinds = line.split("\t")[:2]
        yield name, set(kinds.split("|"))


@pytest.mark.corpus
def test_recorded_bounces_are_read_alike(bounces: Path) -> None:
    readings = {name: (read_bounce((bounces / name).read_bytes()), kinds) for name, kinds in expectations(bounces)}
    misses = [(name, reading) for name, (reading, kinds) in readings.items() if reading.kind not in kinds]
    for name, reading in misses:
        sys.stdout.write(f"miss: {name} read as {reading.kind}, {reading.why}\n")

    assert len(misses) <= 0.05 * len(readings)
    assert not [n for n, (reading, kinds) in readings.items() if kinds == {"none"} and reading.kind == BounceKind.HARD]


@pytest.mark.corpus
def test_every_file_of_the_corpus_is_survived(bounces: Path) -> None:
    for path in bounces.iterdir():
        assert isinstance(read_bounce(path.read_bytes()), Reading)
