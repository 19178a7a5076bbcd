"""Run the application under uvicorn: until a signal, or for as long as a block lasts."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI


def configured(app: FastAPI, **options: Any) -> uvicorn.Config:
    """proxy_headers is off: whose address counts is the application's setting (web.trusted_proxy)."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        **options,
    )


def serve_on(app: FastAPI, listening: socket.socket) -> None:
    """Until SIGTERM or Ctrl-C, which uvicorn turns into a clean end."""
    with listening:
        uvicorn.Server(configured(app)).run(sockets=[listening])


@contextmanager
def running(app: FastAPI, port: int) -> Iterator[str]:
    """Served from a thread on loopback while the block lasts; yields its address."""
    server = uvicorn.Server(configured(app, host="127.0.0.1", port=port))
    started = threading.Event()
    startup = server.startup

    async def tell(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)
