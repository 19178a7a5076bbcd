"""Record a crawl's exchanges into a folder, and crawl from that folder again without any network.

Under the folder: a folder a host, and in it one .json and one .body file an exchange. Fixtures are made from the
.body files.
"""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.guest.robots import is_robots

MOST_TIMES = 50  # the same question may be asked so often in one recording
# Said of one connection or one moment; secrets are never asked of the other side, but may come back.
DROPPED = frozenset((b"set-cookie", b"connection", b"keep-alive", b"transfer-encoding", b"date"))
SECRET = re.compile(
    r"([?&;](?:(?:access|api|auth|private)?[_-]?(?:token|key)|(?:client[_-]?)?secret|password|pwd|signature|sig|auth)=)"
    r"[^&;#]+",
    re.IGNORECASE,
)


class NotRecorded(IgnoreRequest):
    """The recording holds no answer to this question."""


class Recorder:
    """The downloader middleware nearest to the network: writes down what comes, or answers from what was written."""

    def __init__(self, folder: Path, *, is_replay: bool) -> None:
        self.folder = folder
        self.is_replay = is_replay
        self.asked: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Recorder":
        record, replay = (crawler.settings.get(name) for name in ("RECORD_TO", "REPLAY_FROM"))
        if not (record or replay):
            raise NotConfigured
        return cls(Path(replay or record), is_replay=bool(replay))

    def process_request(self, request: Request) -> Response | None:
        if not self.is_replay:
            return None
        found = self.find(request)
        if found is None and is_robots(request):
            return Response(request.url, status=404)
        if found is None:
            raise NotRecorded(f"{request.url[:300]} is not in the recording {self.folder}")
        return load_answer(found, request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        if not self.is_replay:
            headers = {name.decode("latin-1"): value for name, value in spoken(response.headers)}
            self.write(request, {"status": response.status, "headers": headers}, response.body)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not self.is_replay and not isinstance(exception, IgnoreRequest):
            self.write(request, {"failure": f"{type(exception).__name__}: {exception}"[:500]}, b"")

    def find(self, request: Request) -> Path | None:
        """The next answer to this question; the last one stands for every later time."""
        stem = stem_of(request)
        self.asked[stem] += 1
        for n in range(min(self.asked[stem], MOST_TIMES), 0, -1):
            file = self.folder / f"{stem}-{n}.json"
            if file.is_file():
                return file
        return None

    def write(self, request: Request, said: dict[str, Any], body: bytes) -> None:
        stem = stem_of(request)
        self.asked[stem] += 1
        if self.asked[stem] > MOST_TIMES:
            return
        file = self.folder / f"{stem}-{self.asked[stem]}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_suffix(".body").write_bytes(body)
        exchange = {"method": request.method, "url": told_url(request.url), **said}
        file.write_text(json.dumps(exchange, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def stem_of(request: Request) -> str:
    """host/path-hash: a name a person can find, and one file for one question."""
    parts = urlsplit(request.url)
    asked = hashlib.sha256(f"{request.method} {told_url(request.url)}\n".encode() + request.body).hexdigest()[:10]
    host = re.sub(r"[^a-z0-9.-]", "_", (parts.hostname or "nowhere").lower())[:80].strip(".") or "nowhere"
    path = re.sub(r"[^A-Za-z0-9.]+", "-", parts.path).strip("-.")[:60] or "index"
    return f"{host}/{path}-{asked}"


def spoken(headers: Headers) -> list[tuple[bytes, list[str]]]:
    return [
        (name, [value.decode("latin-1") for value in values])
        for name, values in headers.items()
        if name.lower() not in DROPPED
    ]


def told_url(url: str) -> str:
    """An address without the keys it may carry: a recording is shown around."""
    return SECRET.sub(r"\1…", url)


def load_answer(file: Path, url: str) -> Response:
    """
    Args:
        url: what was asked.

    Raises NotRecorded for a failure that was recorded, or a file that was damaged since.
    """
    try:
        exchange = json.loads(file.read_text(encoding="utf-8"))
        if "failure" in exchange:
            raise NotRecorded(f"{exchange['url'][:300]}: {exchange['failure']}")
        headers = Headers(exchange["headers"])
        body = file.with_suffix(".body").read_bytes()
        kind = responsetypes.from_args(headers=headers, url=url, body=body)
        return kind(url, status=int(exchange["status"]), headers=headers, body=body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise NotRecorded(f"the recording {file} cannot be read ({type(exc).__name__}: {str(exc)[:100]})") from exc
