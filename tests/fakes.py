"""Fakes with memory, for what leaves the machine and for time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.mailer import Connection, Unanswered
from errors import MailError


@dataclass
class FakeMailer:
    """Keeps what it was given.

    `refuse`: address → (code, reply) it answers; `reject`: the same, but after the content; `lose`: address →
    where it hangs up; `auth_code`: its answer to the password; the hooks are told of every address in turn.
    """

    outbox: list[tuple[str, str, bytes]] = field(default_factory=list)
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)
    lose: dict[str, str] = field(default_factory=dict)  # address → "before" or "after" the final dot
    down: bool = False
    connections: int = 0
    reject: dict[str, tuple[int, str]] = field(default_factory=dict)
    auth_code: int = 0
    on_offer: Callable[[str], None] = lambda _: None
    on_transmit: Callable[[str], None] = lambda _: None

    @property
    def recipients(self) -> list[str]:
        return [recipient for _, recipient, _ in self.outbox]

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        if self.down:
            raise MailError("the relay is down", permanent=False)
        if self.auth_code:
            raise MailError("the relay refused the password", permanent=False, code=self.auth_code)
        self.connections += 1
        yield FakeConnection(self)


@dataclass
class FakeConnection:
    mailer: FakeMailer
    envelope: tuple[str, str] = ("", "")

    def offer(self, sender: str, recipient: str) -> None:
        self.mailer.on_offer(recipient)
        answer(self.mailer.refuse, recipient)
        self.envelope = (sender, recipient)

    def transmit(self, content: bytes) -> str:
        self.mailer.on_transmit(self.envelope[1])
        answer(self.mailer.reject, self.envelope[1])
        where = self.mailer.lose.pop(self.envelope[1], "")
        if where == "before":
            raise MailError("the connection was lost in the middle of the content", permanent=False)
        self.mailer.outbox.append((*self.envelope, content))
        if where == "after":
            raise Unanswered("the connection was lost after the content")
        return "250 2.0.0 kept"


def answer(refusals: dict[str, tuple[int, str]], recipient: str) -> None:
    if recipient in refusals:
        code, reply = refusals[recipient]
        raise MailError(f"{code} {reply}", permanent=500 <= code < 600, code=code, reply=reply)


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now
