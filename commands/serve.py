"""up, web, clock, worker: the processes that go on until they are told to stop."""

import logging
import signal
import socket
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.base import opened, say

if TYPE_CHECKING:
    from config import Settings
    from db.session import Store

WORKERS = 2  # a long crawl must not hold up the letters
DRAIN_SECONDS = 25


def up() -> None:
    """Public pages, clock and workers in one process, until Ctrl-C or SIGTERM."""
    set_up_logging()
    with opened() as here:
        listening = listen(here.settings)
        stopping = stop_on_signals()
        with ExitStack() as stack:
            start_workers(here.store, here.settings, stack, stopping)
            start_clock(here.store, here.settings, stack)
            port = listening.getsockname()[1]
            say(f"Pages on http://{here.settings.web.host}:{port} · Ctrl-C stops everything cleanly.")
            serve(here.store, here.settings, listening, stopping)


def web() -> None:
    """Only the public pages."""
    set_up_logging()
    with opened() as here:
        serve(here.store, here.settings, listen(here.settings), stop_on_signals())


def clock() -> None:
    """Only the clock: notes what is due, runs nothing."""
    set_up_logging()
    from scheduler import Clock

    with opened() as here:
        stopping = stop_on_signals()
        Clock(here.store, here.settings, utc_now).run_until(stopping)


def worker() -> None:
    """Only a worker: runs what a clock has noted."""
    set_up_logging()
    from jobs import Engine

    with opened() as here:
        stopping = stop_on_signals()
        Engine(here.store, here.settings, utc_now, stopping).work_until_stopped()


def utc_now() -> datetime:
    return datetime.now(UTC)


def set_up_logging() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("apscheduler", "alembic", "uvicorn.access", "scrapy"):
        logging.getLogger(name).setLevel(logging.WARNING)


def listen(settings: "Settings") -> socket.socket:
    """Raises AppError, in words, when the port is taken."""
    from errors import AppError

    family = socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.web.host, settings.web.port))
        listening.listen()
    except OSError as exc:
        listening.close()
        raise AppError(
            f"Port {settings.web.port} on {settings.web.host} cannot be used ({exc.strerror}); stop the other program "
            "or set [web] port."
        ) from exc
    return listening


def serve(store: "Store", settings: "Settings", listening: socket.socket, stopping: threading.Event) -> None:
    """While it runs, uvicorn has the signals; at its end it raises them again, for our own handlers."""
    from web.app import create_app
    from web.running import serve_on

    app = create_app(store, settings, utc_now)
    if not stopping.is_set():
        serve_on(app, listening)


def start_workers(store: "Store", settings: "Settings", stack: ExitStack, stopping: threading.Event) -> None:
    """The event ends them: each finishes the mail in hand and hangs up. What takes longer is left to its lease."""
    from jobs import Engine

    threads = [
        threading.Thread(
            target=Engine(store, settings, utc_now, stopping).work_until_stopped, name=f"worker-{n}", daemon=True
        )
        for n in range(WORKERS)
    ]
    for thread in threads:
        thread.start()

    def end() -> None:
        stopping.set()
        for thread in threads:
            thread.join(DRAIN_SECONDS)

    stack.callback(end)


def start_clock(store: "Store", settings: "Settings", stack: ExitStack) -> None:
    from scheduler import Clock

    clock = Clock(store, settings, utc_now)
    clock.start()
    stack.callback(clock.stop)


def stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    return stopping
