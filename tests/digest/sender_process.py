"""A sender in a process of its own, to be killed: `python -m tests.digest.sender_process FOLDER URL PORT NOW MODE`.

MODE is `send` (edition 1, then the end) or `engine` (the jobs' engine, until SIGTERM).
"""

import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

from config import Settings
from db.session import Store, make_engine
from digest.mailer import SmtpMailer
from digest.send import send_edition


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


def main(folder: str, url: str, port: str, now: str, mode: str) -> None:
    settings = settings_for(Path(folder), url, int(port))
    store, moment = Store(make_engine(settings.store_url)), datetime.fromisoformat(now)
    if mode == "send":
        send_edition(store, settings, 1, SmtpMailer(settings.smtp), lambda: moment)
    else:
        from jobs import Engine

        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        Engine(store, settings, lambda: moment, stopping).work_until_stopped(0.05)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
