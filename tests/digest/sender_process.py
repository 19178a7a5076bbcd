"""A nursery of senders to be killed: `python -m tests.digest.sender_process FOLDER URL PORT`.

It says 0 when it is ready. For each line `NOW MODE` it forks a sender, says its process id, and at its end its status.
A fork is a process like any other to a signal, and need not read half of Python's libraries again. MODE is `send`
(edition 1, then the end) or `engine` (the jobs' engine, until SIGTERM).
"""

import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from config import Settings
from db.session import Store, make_engine
from digest.mailer import SmtpMailer
from digest.send import send_edition
from jobs import Engine


def settings_for(folder: Path, url: str, port: int) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": folder,
            "database_url": url,
            "secret_key": "k" * 40,
            "base_url": "https://verdicts.example",
            "smtp": {"port": port, "security": "none", "local_hostname": "sender.example"},
            "mail": {"from_address": "digest@verdicts.example"},
        }
    )


def send(settings: Settings, now: datetime, mode: str) -> None:
    store = Store(make_engine(settings.store_url))
    if mode == "send":
        send_edition(store, settings, 1, SmtpMailer(settings.smtp), lambda: now)
    else:
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        Engine(store, settings, lambda: now, stopping).work_until_stopped(0.05)
    store.close()


def raise_senders(folder: str, url: str, port: str) -> None:
    settings = settings_for(Path(folder), url, int(port))
    say(0)
    for line in sys.stdin:
        now, mode = line.split()
        if (sender := os.fork()) == 0:
            send(settings, datetime.fromisoformat(now), mode)
            os._exit(0)
        say(sender)
        say(os.waitstatus_to_exitcode(os.waitpid(sender, 0)[1]))


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise_senders(*sys.argv[1:])
