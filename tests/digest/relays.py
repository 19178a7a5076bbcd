"""Real mail servers on loopback: aiosmtpd for what relays do, and a small one of ours for what they should not do."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

CLOSE = ""  # instead of a reply: hang up


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Inbox:
    """What an aiosmtpd relay answers and keeps. `refuse`: address → reply to RCPT; `verdict`: reply to the content."""

    port: int = field(default_factory=free_port)
    refuse: dict[str, str] = field(default_factory=dict)
    verdict: str = "250 2.0.0 kept"
    received: list[tuple[str, str, bytes]] = field(default_factory=list)
    sessions: set[Any] = field(default_factory=set)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.sessions.add(session.peer)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.verdict.startswith("250"):
            self.received.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return self.verdict


@contextmanager
def running(inbox: Inbox, password: str = "") -> Iterator[Inbox]:
    def check(*given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == password.encode(), handled=False)

    options: dict[str, Any] = {"authenticator": check, "auth_require_tls": False} if password else {}
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, **options)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


@dataclass
class Sink:
    """Takes everything. `say` replaces its reply to a verb (CLOSE hangs up); `on_step` hears of each, before and after.

    A mail is in `copies` from its final dot on, whether or not the reply ever arrives.
    """

    say: dict[str, str] = field(default_factory=dict)
    on_step: Callable[[str], None] = lambda _: None
    copies: Counter[str] = field(default_factory=Counter)
    heard: list[bytes] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Yields the port."""
        with socket.create_server(("127.0.0.1", 0), backlog=20) as listener:
            threads: list[threading.Thread] = []
            threading.Thread(target=self.take_calls, args=(listener, threads), daemon=True).start()
            yield listener.getsockname()[1]
            listener.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)

    def take_calls(self, listener: socket.socket, threads: list[threading.Thread]) -> None:
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=self.talk, args=(call,), daemon=True))
            threads[-1].start()

    def talk(self, call: socket.socket) -> None:
        recipient = ""
        try:
            with call, call.makefile("rb") as lines:
                alive = self.reply(call, "CONNECT", "220 sink")
                while alive and (line := lines.readline()):
                    self.heard.append(line)
                    verb = line[:4].strip().decode("ascii", "replace").upper()
                    if verb == "RCPT":
                        recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                    alive = self.reply(call, verb, "354 go on" if verb == "DATA" else "250 ok") and verb != "QUIT"
                    if alive and verb == "DATA" and self.say.get("DATA", "354").startswith("354"):
                        alive = self.content_ends(lines, recipient) and self.reply(call, "DOT", "250 kept")
        except OSError:
            pass  # the caller was killed

    def content_ends(self, lines: Any, recipient: str) -> bool:
        for line in lines:
            self.heard.append(line)
            if line == b".\r\n":
                with self.changed:
                    self.copies[recipient] += 1
                    self.changed.notify_all()
                return True
        return False

    def reply(self, call: socket.socket, verb: str, usual: str) -> bool:
        self.on_step(f"before {verb}")
        said = self.say.get(verb, usual)
        if said == CLOSE:
            return False
        call.sendall(said.encode() + b"\r\n")
        self.on_step(f"after {verb}")
        return True

    def wait_for(self, number: int, seconds: float = 30) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.copies.total() >= number, seconds)
