"""Hands one message to a relay. The only module that speaks SMTP.

A message goes in two steps so that the ledger can make its durable mark between them: `offer` ends with
the relay's 354 (nothing of the content has left), `transmit` sends the content and reads the reply.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import Protocol

from config import Smtp
from errors import MailError

DOT = b"\r\n.\r\n"


class Unanswered(MailError):
    """The connection broke after the content left: nobody knows whether it was accepted."""

    def __init__(self, why: str) -> None:
        super().__init__(why, permanent=False)


class Connection(Protocol):
    def offer(self, sender: str, recipient: str) -> None:
        """Raises MailError; `code` is 0 when the connection itself failed."""

    def transmit(self, content: bytes) -> str:
        """The relay's reply to an accepted message. Raises MailError, or Unanswered."""


class Mailer(Protocol):
    def connect(self) -> AbstractContextManager[Connection]:
        """Raises MailError when the relay cannot be reached or refuses the credentials."""


class SmtpMailer:
    def __init__(self, smtp: Smtp) -> None:
        self.smtp = smtp

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        connection = SmtpConnection(self.open())
        try:
            yield connection
        finally:
            connection.hang_up()

    def open(self) -> smtplib.SMTP:
        smtp = self.smtp
        try:
            return connect_client(smtp)
        except smtplib.SMTPAuthenticationError as exc:
            raise MailError(
                f"{smtp.host}:{smtp.port} refused the user name or password; check [smtp].",
                permanent=False,  # a mail is not to blame for it
                code=exc.smtp_code,
            ) from exc
        except smtplib.SMTPNotSupportedError as exc:
            raise MailError(
                f"{smtp.host}:{smtp.port} offers less than [smtp] asks for ({exc}); set security and username to "
                "what it offers.",
                permanent=False,
            ) from exc
        except (smtplib.SMTPException, OSError) as exc:
            raise MailError(f"{smtp.host}:{smtp.port} cannot be reached: {exc}", permanent=False) from exc


def connect_client(smtp: Smtp) -> smtplib.SMTP:
    with ExitStack() as on_failure:
        client = on_failure.enter_context(closing(open_client(smtp)))
        if smtp.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if smtp.username:
            client.login(smtp.username, smtp.password.get_secret_value())
        client.ehlo_or_helo_if_needed()
        on_failure.pop_all()
    return client


def open_client(smtp: Smtp) -> smtplib.SMTP:
    name = smtp.local_hostname or None
    if smtp.security != "tls":
        return smtplib.SMTP(smtp.host, smtp.port, name, timeout=smtp.timeout_seconds)
    context = ssl.create_default_context()
    return smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=smtp.timeout_seconds, context=context)


class SmtpConnection:
    def __init__(self, client: smtplib.SMTP) -> None:
        self.client = client
        self.in_content = False  # the relay takes all that comes now as content

    def offer(self, sender: str, recipient: str) -> None:
        try:
            expect(self.client.mail(sender), 250)
            expect(self.client.rcpt(recipient), 250)
            expect(self.client.docmd("DATA"), 354)
            self.in_content = True
        except MailError:
            self.reset()
            raise
        except (smtplib.SMTPException, OSError) as exc:
            raise MailError(f"the connection was lost before the content: {exc}", permanent=False) from exc

    def transmit(self, content: bytes) -> str:
        sent_dot = False
        try:
            # In one piece: two would wait for each other (Nagle). When this raises, the end of it, which
            # is the final dot, was never handed over.
            self.client.send(content + (DOT[2:] if content.endswith(b"\r\n") else DOT))
            sent_dot = True
            self.in_content = False
            return self.outcome()
        except (smtplib.SMTPException, OSError) as exc:
            if sent_dot:
                raise Unanswered(f"the connection was lost after the content: {exc}") from exc
            raise MailError(f"the connection was lost in the middle of the content: {exc}", permanent=False) from exc

    def outcome(self) -> str:
        code, reply = self.client.getreply()
        if not 200 <= code < 300 and not 400 <= code < 600:
            raise Unanswered(f"the reply to the content makes no sense: {code} {reply[:100]!r}")
        return expect((code, reply), 250)

    def hang_up(self) -> None:
        """Without a word in the middle of a message: QUIT would be taken as its content."""
        try:
            if not self.in_content:
                self.client.quit()
        except (smtplib.SMTPException, OSError):
            pass
        self.client.close()

    def reset(self) -> None:
        """After a refusal the next message starts clean; a broken connection shows itself there."""
        try:
            self.client.rset()
        except (smtplib.SMTPException, OSError):
            self.client.close()


def expect(answer: tuple[int, bytes], code: int) -> str:
    """The reply as text. Raises MailError for any other code: 5xx is permanent, the rest temporary."""
    got, raw = answer
    reply = raw.decode("utf-8", "replace").replace("\0", "")[:300]  # PostgreSQL takes no NUL
    if got != code and not (code == 250 and 200 <= got < 300):
        raise MailError(f"{got} {reply}", permanent=500 <= got < 600, code=got, reply=reply)
    return f"{got} {reply}"
