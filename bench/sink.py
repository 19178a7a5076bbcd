"""A mail server in a process of its own that accepts everything and keeps nothing but a count."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


async def serve() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=4_000_000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        writer.write(b"250 ok\r\n")
    writer.close()


@contextmanager
def running_sink() -> Iterator[int]:
    """Yields its port."""
    child = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(10)
        if child.stdout:
            child.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve())
