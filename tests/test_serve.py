"""up, web, clock and worker as real processes: they serve, and end cleanly when told to."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import select as query

from db.models import Run
from db.session import Store
from jobs import add_run
from tests.commands.shell import environment

ROOT = Path(__file__).resolve().parents[1]
LONG = 30  # seconds: how long we wait for what takes one


@contextmanager
def process(data_dir: Path, verb: str, **values: str) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        [sys.executable, "-m", "cli", verb],
        cwd=ROOT,
        env=environment(data_dir, **{"WEB__PORT": "0"} | values),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def first_line(child: "subprocess.Popen[str]") -> str:
    assert child.stdout
    ready, _, _ = select.select([child.stdout], [], [], LONG)
    assert ready, "it said nothing"
    return child.stdout.readline()


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def eventually(holds: "Iterator[bool]") -> None:
    """Ask again and again, for as long as `LONG` at most."""
    end = time.monotonic() + LONG
    while not next(holds):
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


def told_to_end(child: "subprocess.Popen[str]", by: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    """(exit code, standard error), within the ten seconds a service manager would wait."""
    child.send_signal(by)
    _, err = child.communicate(timeout=10)
    return child.returncode, err


def ran(store: Store, job: str) -> Iterator[bool]:
    while True:
        with store.read() as session:
            yield session.exec(query(Run.id).where(Run.job == job, Run.state == "done")).first() is not None


def noted(store: Store, job: str) -> Iterator[bool]:
    while True:
        with store.read() as session:
            yield session.exec(query(Run.id).where(Run.job == job)).first() is not None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_up_serves_works_and_ends_cleanly(store: Store, tmp_path: Path) -> None:
    with process(tmp_path, "up") as child:
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", first_line(child))
        assert found
        assert get(int(found[1]), "/healthz") == (200, b"ok")
        eventually(ran(store, "send"))  # the clock noted it, a worker ran it

        code, err = told_to_end(child)
    assert code == 0, err
    with store.read() as session:
        assert session.exec(query(Run.job).where(Run.state == "running")).all() == []


def test_taken_port_is_one_sentence(store: Store, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with process(tmp_path, "up", WEB__PORT=str(port)) as child:
            out, err = child.communicate(timeout=LONG)

    assert (child.returncode, out) == (1, "")
    assert err.startswith(f"Port {port} on 127.0.0.1 cannot be used (Address already in use); stop the other program")
    assert len(err.splitlines()) == 1


def test_web_serves_until_ctrl_c(store: Store, tmp_path: Path) -> None:
    port = free_port()
    with process(tmp_path, "web", WEB__PORT=str(port)) as child:
        eventually(answering(port))
        assert get(port, "/healthz") == (200, b"ok")

        assert told_to_end(child, signal.SIGINT)[0] == 0


def answering(port: int) -> Iterator[bool]:
    while True:
        try:
            yield get(port, "/healthz")[0] == 200
        except OSError:
            yield False


def test_clock_notes_runs_nothing_and_ends(store: Store, tmp_path: Path) -> None:
    with process(tmp_path, "clock") as child:
        eventually(noted(store, "send"))
        code, err = told_to_end(child)

    assert code == 0, err
    with store.read() as session:
        assert set(session.exec(query(Run.state))) == {"due"}


def test_worker_runs_what_is_noted_and_ends(store: Store, tmp_path: Path) -> None:
    add_run(store, "recheck", datetime.now(UTC) - timedelta(minutes=1))
    with process(tmp_path, "worker") as child:
        eventually(ran(store, "recheck"))
        code, err = told_to_end(child)

    assert code == 0, err


def test_killed_up_is_taken_up_where_it_was(store: Store, tmp_path: Path) -> None:
    """SIGKILL, and the next process starts on the same store as if nothing had been."""
    with process(tmp_path, "up") as child:
        first_line(child)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(LONG)

    with process(tmp_path, "up") as child:
        assert first_line(child).startswith("Pages on http://127.0.0.1:")
        assert told_to_end(child)[0] == 0
