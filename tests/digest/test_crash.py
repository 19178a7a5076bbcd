"""Senders that die: nothing is lost silently and nobody has two copies, on either database (P1-P5)."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import ROOT, Settings, Smtp
from db.session import Store
from digest.ledger import LEASE
from digest.mailer import SmtpMailer
from digest.send import send_edition
from jobs import add_run
from tests.digest.relays import Sink
from tests.digest.sending import edition_of, make_ready, many, states, tally
from tests.factories import BEN, CLEO, DAN, MONDAY

SEED = 20261116
KILLS, READERS = 6, 300


@dataclass
class Nursery:
    """Starts senders one after another and tells how each ended."""

    process: subprocess.Popen[str]

    def start(self, now: datetime = MONDAY, mode: str = "send") -> int:
        self.tell(f"{now.isoformat()} {mode}\n")
        return self.hear()

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def hear(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    end_of_sender = hear


@contextmanager
def nursery(settings: Settings, port: int) -> Iterator[Nursery]:
    given = [str(settings.data_dir), settings.database_url, str(port)]
    command = [sys.executable, "-m", "tests.digest.sender_process", *given]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        senders = Nursery(process)
        assert senders.hear() == 0  # ready
        yield senders
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Killer:
    """Kills a sender at the n-th step of its talk with the relay, or a moment after it: between two of its commits."""

    most_steps: int
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    sender: int = 0
    steps_left: int = 0

    def aim(self) -> None:
        self.steps_left, self.sender = self.dice.randint(1, self.most_steps), 0

    def __call__(self, _: str) -> None:
        self.steps_left -= 1
        if self.steps_left == 0 and self.sender:
            threading.Timer(self.dice.choice([0, 0, 0.0005, 0.002, 0.005]), self.kill).start()

    def kill(self) -> None:
        try:
            os.kill(self.sender, signal.SIGKILL)
        except ProcessLookupError:
            self.sender = 0


def killed_and_restarted(store: Store, settings: Settings, kills: int, readers: list[str]) -> tuple[Sink, int]:
    """Send to the end with so many kills on the way. Returns the sink and how many kills hit."""
    make_ready(store, settings, readers)
    killer = Killer(most_steps=8 * len(readers) // kills)
    sink, now, hits = Sink(on_step=killer), MONDAY, 0
    with sink.listening() as port, nursery(settings, port) as senders:
        for _ in range(kills):
            killer.aim()
            killer.sender = senders.start(now)
            hits += senders.end_of_sender() == -signal.SIGKILL
            now += LEASE + timedelta(seconds=1)
        killer.sender = 0
        senders.start(now)
        assert senders.end_of_sender() == 0
    return sink, hits


def test_kill_9_loses_nothing_and_doubles_nothing(store: Store, settings: Settings) -> None:
    sink, hits = killed_and_restarted(store, settings, KILLS, many(READERS))

    found = states(store)
    accepted = {address for address, state in found.items() if state == "accepted"}
    unknown = {address for address, state in found.items() if state == "unknown"}
    assert hits >= KILLS - 1
    assert accepted | unknown == set(found) == {BEN, *many(READERS)}
    assert accepted <= set(sink.copies) <= accepted | unknown
    assert set(sink.copies.values()) == {1}
    assert len(unknown) <= hits
    assert not {CLEO, DAN} & set(sink.copies)


def test_sigterm_drains_and_the_rest_follows(store: Store, settings: Settings) -> None:
    make_ready(store, settings, many(150))
    add_run(store, "send", MONDAY)
    sink = Sink()

    with sink.listening() as port, nursery(settings, port) as senders:
        sender = senders.start(mode="engine")
        assert sink.wait_for(30)
        os.kill(sender, signal.SIGTERM)
        assert senders.end_of_sender() == 0
        drained = sink.copies.total()
        assert tally(store) == {"accepted": drained, "pending": 151 - drained}
        send_edition(store, settings, 1, SmtpMailer(Smtp(port=port, security="none")), lambda: MONDAY)

    assert 30 <= drained < 151
    assert sink.copies == Counter([BEN, *many(150)])


def test_two_senders_never_double(either_store: Store, either_settings: Settings) -> None:
    make_ready(either_store, either_settings, many(400))
    sink = Sink()

    with (
        sink.listening() as port,
        nursery(either_settings, port) as here,
        nursery(either_settings, port) as there,
    ):
        here.start()
        there.start()
        assert [here.end_of_sender(), there.end_of_sender()] == [0, 0]

    assert sink.copies == Counter([BEN, *many(400)])
    assert (tally(either_store), edition_of(either_store).state) == ({"accepted": 401}, "sent")
