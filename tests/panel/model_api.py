"""A model endpoint on loopback that speaks the chat-completions API, and remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

QUOTE = "It answers in 40 ms, which is the whole of its charm and quite enough for me."
GOOD = json.dumps({"stance": "ship", "quote": QUOTE})
HANG = "hang"
Answer = str | int  # the model's words, HANG, or a status to fail with


@dataclass
class ModelApi:
    """Answers in turn what stands in `script`; afterwards always `then`."""

    script: list[Answer] = field(default_factory=list)
    then: Answer = GOOD
    tokens: int = 120
    asked: list[dict[str, Any]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next(self, asked: dict[str, Any]) -> Answer:
        self.asked.append(asked)
        return self.script.pop(0) if self.script else self.then

    def words(self, number: int = 0) -> str:
        """All that was said to the model in one request."""
        return "\n".join(str(message["content"]) for message in self.asked[number]["messages"])


@contextmanager
def model_api(*script: Answer, then: Answer = GOOD, tokens: int = 120) -> Iterator[ModelApi]:
    api = ModelApi(list(script), then, tokens)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = api.next(json.loads(body) | {"authorization": self.headers["Authorization"]})
            if answer == HANG:
                api.closing.wait(10)
                self.close_connection = True
            elif isinstance(answer, int):
                self.reply(answer, {"error": {"message": f"status {answer}\nof the endpoint"}})
            else:
                self.reply(200, completion(answer, api.tokens))

        def reply(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Retry-After-Ms", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield api
    finally:
        api.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(words: str, tokens: int) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "house-model",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": words}}],
        "usage": {"prompt_tokens": tokens - 20, "completion_tokens": 20, "total_tokens": tokens},
    }
