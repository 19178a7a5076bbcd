"""One message to a real relay on loopback: what it answers becomes a code, a sentence or an honest 'nobody knows'."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config import Smtp
from digest.mailer import Connection, SmtpMailer, Unanswered
from errors import MailError
from tests.digest.relays import CLOSE, Inbox, Sink, free_port, running
from tests.factories import BEN

SENDER = "bounce+token@verdicts.example"
CONTENT = b"Subject: Hello\r\n\r\nHello\r\n..\r\n"


def smtp(port: int, **values: object) -> Smtp:
    return Smtp.model_validate({"port": port, "security": "none", "timeout_seconds": 5, **values})


@contextmanager
def talking_to(port: int, **values: object) -> Iterator[Connection]:
    with SmtpMailer(smtp(port, **values)).connect() as connection:
        yield connection


def hand_over(connection: Connection, recipient: str = BEN) -> str:
    connection.offer(SENDER, recipient)
    return connection.transmit(CONTENT)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with running(Inbox()) as inbox:
        yield inbox


def failure(port: int, **values: object) -> MailError:
    with pytest.raises(MailError) as caught, talking_to(port, **values) as connection:
        hand_over(connection)
    return caught.value


# ── what a relay answers ─────────────────────────────────────────────────────────────────────────


def test_an_accepted_mail_tells_its_reply(inbox: Inbox) -> None:
    with talking_to(inbox.port) as connection:
        assert hand_over(connection) == "250 2.0.0 kept"

    assert inbox.received == [(SENDER, BEN, b"Subject: Hello\r\n\r\nHello\r\n.\r\n")]


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [("450 4.2.0 greylisted", False), ("452 4.2.2 mailbox full", False), ("550 5.1.1 no such user", True)],
)
def test_a_refused_recipient_is_a_code(inbox: Inbox, reply: str, permanent: bool) -> None:
    inbox.refuse[BEN] = reply

    found = failure(inbox.port)

    assert (found.code, found.reply, found.permanent) == (int(reply[:3]), reply[4:], permanent)
    assert inbox.received == []


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [("451 4.3.0 later", False), ("552 5.3.4 too big", True), ("554 5.7.1 looks like spam", True)],
)
def test_a_refused_content_is_a_code(inbox: Inbox, reply: str, permanent: bool) -> None:
    inbox.verdict = reply

    found = failure(inbox.port)

    assert (found.code, found.reply, found.permanent) == (int(reply[:3]), reply[4:], permanent)
    assert not isinstance(found, Unanswered)


def test_a_reply_of_many_lines_is_one() -> None:
    with Sink(say={"RCPT": "550-5.1.1 no\r\n550 5.1.1 such user"}).listening() as port:
        found = failure(port)

    assert (found.code, found.reply) == (550, "5.1.1 no\n5.1.1 such user")


def test_a_reply_holds_no_nul() -> None:
    with Sink(say={"RCPT": "550 5.1.1 no\0body"}).listening() as port:
        assert failure(port).reply == "5.1.1 nobody"


@pytest.mark.parametrize("refused", ["refuse", "verdict"])
def test_a_refusal_leaves_the_connection_usable(inbox: Inbox, refused: str) -> None:
    setattr(inbox, refused, {BEN: "550 5.1.1 no such user"} if refused == "refuse" else "451 4.3.0 later")
    with talking_to(inbox.port) as connection:
        with pytest.raises(MailError):
            hand_over(connection)
        inbox.verdict = "250 ok"
        hand_over(connection, "eve@example.org")

    assert [recipient for _, recipient, _ in inbox.received] == ["eve@example.org"]
    assert len(inbox.sessions) == 1


def test_many_mails_share_a_connection(inbox: Inbox) -> None:
    with talking_to(inbox.port) as connection:
        for number in range(5):
            hand_over(connection, f"reader{number}@example.org")

    assert len(inbox.received) == 5
    assert len(inbox.sessions) == 1


# ── when the connection breaks ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_lost_before_the_content_is_no_code(verb: str) -> None:
    with Sink(say={verb: CLOSE}).listening() as port:
        found = failure(port)

    assert (found.code, found.permanent) == (0, False)
    assert not isinstance(found, Unanswered)


def test_lost_after_the_dot_is_unanswered() -> None:
    sink = Sink(say={"DOT": CLOSE})
    with sink.listening() as port, pytest.raises(Unanswered), talking_to(port) as connection:
        hand_over(connection)

    assert sink.copies[BEN] == 1


@pytest.mark.parametrize("reply", ["what?", "354 more please", "120 wait", "999 odd"])
def test_nonsense_after_the_dot_is_unanswered(reply: str) -> None:
    with Sink(say={"DOT": reply}).listening() as port:
        assert isinstance(failure(port), Unanswered)


def test_lost_in_the_content_is_no_delivery() -> None:
    """The relay hangs up while a mail too long for any buffer is on its way."""
    sink = Sink(say={"DATA": "354 go on"})
    sink.content_ends = lambda *_: False
    with sink.listening() as port, pytest.raises(MailError) as caught, talking_to(port) as connection:
        connection.offer(SENDER, BEN)
        connection.transmit(b"x" * 70 + b"\r\n" + b"y" * 30_000_000)

    assert not isinstance(caught.value, Unanswered)
    assert sink.copies == {}


def test_a_silent_relay_is_unanswered() -> None:
    sink = Sink()
    waiting = sink.reply
    sink.reply = lambda call, verb, usual: True if verb == "DOT" else waiting(call, verb, usual)

    with sink.listening() as port:
        assert isinstance(failure(port, timeout_seconds=0.3), Unanswered)


def test_a_closing_relay_is_421(inbox: Inbox) -> None:
    inbox.refuse[BEN] = "421 4.7.0 too many mails"

    assert failure(inbox.port).code == 421


def test_hanging_up_in_the_content_sends_no_word() -> None:
    sink = Sink()
    with sink.listening() as port:
        with talking_to(port) as connection:
            connection.offer(SENDER, BEN)
        assert not sink.wait_for(1, seconds=0.05)

    assert sink.heard[-1].startswith(b"DATA")
    assert sink.copies == {}


def test_a_talk_ends_with_quit() -> None:
    sink = Sink()
    with sink.listening() as port, talking_to(port) as connection:
        hand_over(connection)

    assert sink.heard[-1] == b"quit\r\n"


# ── before the first mail ────────────────────────────────────────────────────────────────────────


def test_no_relay_is_a_sentence() -> None:
    port = free_port()

    found = failure(port)

    assert str(found).startswith(f"127.0.0.1:{port} cannot be reached: ")
    assert (found.code, found.permanent) == (0, False)


@pytest.mark.parametrize("greeting", ["421 too busy", "554 not you", CLOSE])
def test_an_unfriendly_greeting_is_temporary(greeting: str) -> None:
    with Sink(say={"CONNECT": greeting}).listening() as port:
        found = failure(port)

    assert (found.permanent, "cannot be reached" in str(found)) == (False, True)


def test_a_relay_without_starttls_is_a_sentence(inbox: Inbox) -> None:
    found = failure(inbox.port, security="starttls")

    assert "STARTTLS" in str(found)
    assert ("[smtp]" in str(found), found.permanent) == (True, False)
    assert inbox.received == []


def test_a_relay_without_logins_is_a_sentence(inbox: Inbox) -> None:
    found = failure(inbox.port, username="ada", password="secret")

    assert "AUTH" in str(found)
    assert "secret" not in str(found)


def test_a_wrong_password_is_code_535() -> None:
    with running(Inbox(), password="right") as inbox:
        found = failure(inbox.port, username="ada", password="wrong")

    assert (found.code, found.permanent) == (535, False)
    assert "refused the user name or password; check [smtp]" in str(found)
    assert "wrong" not in str(found)


def test_a_right_password_opens_the_door() -> None:
    with (
        running(Inbox(), password="right") as inbox,
        talking_to(inbox.port, username="ada", password="right") as connection,
    ):
        hand_over(connection)

    assert len(inbox.received) == 1


@pytest.mark.filterwarnings("error")
def test_a_refused_login_leaves_no_socket() -> None:
    """An open one would be a ResourceWarning here, and a leak in a year of minutes."""
    with running(Inbox(), password="right") as inbox:
        failure(inbox.port, username="ada", password="wrong")
        failure(inbox.port, security="starttls")

        gc.collect()
