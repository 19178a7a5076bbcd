"""Senders that die: nothing is lost silently and nobody has two copies, on either database (P1-P5)."""

import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def sender(settings: Settings, port: int, now: datetime, mode: str = "send") -> Iterator[subprocess.Popen[bytes]]:
    given = [str(settings.data_dir), settings.database_url, str(port), now.isoformat(), mode]
    child = subprocess.Popen([sys.executable, "-m", "tests.digest.sender_process", *given], cwd=ROOT)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


class Killer:
    """Kills the child at the n-th step of its talk with the relay, or a moment after it."""

    def __init__(self, most_steps: int) -> None:
        self.dice, self.most_steps = random.Random(SEED), most_steps
        self.child: subprocess.Popen[bytes] | None = None
        self.steps_left = 0

    def aim(self, child: subprocess.Popen[bytes]) -> None:
        self.child, self.steps_left = child, self.dice.randint(1, self.most_steps)

    def __call__(self, _: str) -> None:
        self.steps_left -= 1
        if self.steps_left == 0 and self.child is not None:
            threading.Timer(self.dice.choice([0, 0, 0.0005, 0.002, 0.005]), self.child.kill).start()


def killed_and_restarted(store: Store, settings: Settings, readers: list[str], kills: int) -> tuple[Sink, int]:
    """Send to the end with so many kills on the way. Returns the sink and how many kills hit."""
    make_ready(store, settings, readers)
    killer = Killer(most_steps=8 * len(readers) // kills)
    sink, now, hits = Sink(on_step=killer), MONDAY, 0
    with sink.listening() as port:
        for attempt in range(kills + 1):
            with sender(settings, port, now) as child:
                if attempt < kills:
                    killer.aim(child)
                hits += child.wait(60) == -signal.SIGKILL
            now += LEASE + timedelta(seconds=1)
    return sink, hits


def test_kill_9_loses_nothing_and_doubles_nothing(store: Store, settings: Settings) -> None:
    kills = 6
    sink, hits = killed_and_restarted(store, settings, many(300), kills)

    found = states(store)
    accepted = {address for address, state in found.items() if state == "accepted"}
    unknown = {address for address, state in found.items() if state == "unknown"}
    assert hits >= kills - 1
    assert accepted | unknown == set(found) == {BEN, *many(300)}
    assert accepted <= set(sink.copies) <= accepted | unknown
    assert set(sink.copies.values()) == {1}
    assert len(unknown) <= hits
    assert not {CLEO, DAN} & set(sink.copies)


def test_sigterm_drains_and_the_rest_follows(store: Store, settings: Settings) -> None:
    make_ready(store, settings, many(150))
    add_run(store, "send", MONDAY)
    sink = Sink()

    with sink.listening() as port:
        with sender(settings, port, MONDAY, "engine") as child:
            assert sink.wait_for(30)
            child.terminate()
            assert child.wait(30) == 0
        drained = sink.copies.total()
        assert tally(store) == {"accepted": drained, "pending": 151 - drained}
        relay = Smtp(port=port, security="none")
        send_edition(store, settings, 1, SmtpMailer(relay), lambda: MONDAY)

    assert 30 <= drained < 151
    assert sink.copies == Counter([BEN, *many(150)])


def test_two_senders_never_double(either_store: Store, either_settings: Settings) -> None:
    make_ready(either_store, either_settings, many(400))
    sink = Sink()

    with (
        sink.listening() as port,
        sender(either_settings, port, MONDAY) as one,
        sender(either_settings, port, MONDAY) as other,
    ):
        ends = [one.wait(60), other.wait(60)]

    assert ends in ([0, 0], [0, 1], [1, 0])  # one that comes too late is told that it is sent
    assert sink.copies == Counter([BEN, *many(400)])
    assert (tally(either_store), edition_of(either_store).state) == ({"accepted": 401}, "sent")
