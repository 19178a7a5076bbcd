"""What is refused, and how: one sentence on standard error, 1 for refused, 2 for wrong usage."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from db.session import Store
from tests.commands.shell import Said, call, take_up


def is_one_sentence(said: Said) -> bool:
    return (said.code, said.out, len(said.err.splitlines())) == (1, "", 1) and said.err.endswith(".\n")


@pytest.mark.parametrize(
    "command",
    [
        "nonsense",
        "show",
        "show one",
        "approve 1",
        "reject 1 --as ada@verdicts.example",
        "review 1 ship --tool kettle",
        "changes --since yesterday",
        "launches --limit 0",
        "edition nonsense",
        "tools show",
        "db nonsense",
        "queue --jason",
    ],
)
def test_wrong_usage_exits_2(home: Store, command: str) -> None:
    said = call(*command.split())

    assert (said.code, said.out) == (2, "")
    assert "Usage: verdicts" in said.err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("show 7", "There is no comparison 7; see 'verdicts queue'."),
        ("tools show cinder", "There is no tool cinder; see 'verdicts tools'."),
        ("edition approve 7 --as ada@verdicts.example", "There is no edition 7; build one with"),
        ("crawl nonsense", "There is no source nonsense; known are"),
        ("parse nonsense x --url https://x.example/", "There is no source nonsense; known are"),
        ("parse hackernews /none/here --url https://x.example/", "The payload /none/here cannot be read"),
        ("editors add ada --role admin", "'ada' is not a mail address"),
        ("subscribers import /none/here", "The CSV /none/here cannot be read"),
        ("suppress nonsense --why x", "nonsense"),
        ("reviews /none/here", "The file of reviews /none/here cannot be read"),
        ("bounces classify /none/here", "The message /none/here cannot be read"),
        ("restore /none/here --yes", "There is no backup /none/here; check the path."),
    ],
)
def test_refusal_is_one_sentence(home: Store, command: str, told: str) -> None:
    said = call(*command.split())

    assert is_one_sentence(said), said
    assert told in said.err


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b'"seven"', b'{"hits": 7}'])
def test_unreadable_payload_is_one_sentence(home: Store, tmp_path: Path, payload: bytes) -> None:
    (tmp_path / "payload").write_bytes(payload)
    said = call("parse", "hackernews", str(tmp_path / "payload"), "--url", "https://x.example/")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("hackernews: the answer ")


def set_revision(store: Store, revision: str) -> None:
    path = store.engine.url.database
    store.close()
    with closing(sqlite3.connect(str(path))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_store_behind_is_told_to_upgrade(home: Store) -> None:
    set_revision(home, "0000")
    said = call("queue", "--json")

    assert is_one_sentence(said), said
    assert "run 'verdicts db upgrade'" in said.err


def test_store_ahead_cannot_be_upgraded(home: Store) -> None:
    set_revision(home, "9999")
    said = call("db", "upgrade")

    assert is_one_sentence(said), said
    assert "a newer program made it" in said.err


def test_file_that_is_no_store_is_one_sentence(home: Store, tmp_path: Path) -> None:
    home.close()
    (tmp_path / "verdicts.db").write_bytes(b"not a database at all" * 100)

    assert is_one_sentence(call("queue"))
    assert is_one_sentence(call("db", "upgrade"))


def test_store_that_cannot_be_reached_hides_its_password(home: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERDICTS_DATABASE_URL", "postgresql://ada:hush@127.0.0.1:9/verdicts")

    for command in (["queue"], ["db", "upgrade"]):
        said = call(*command)
        assert is_one_sentence(said), said
        assert "hush" not in said.err


SETTINGS = [
    ({"CONFIG": "/none/here.toml"}, "/none/here.toml cannot be read"),
    ({"SMTP__PORT": "many"}, "smtp.port"),
    ({"BASE_URL": "verdicts.example"}, "'verdicts.example' is not a web address"),
    ({"SCHEDULE__CUTOFF": "sun 02:30"}, "where clocks change: that time can happen twice or not at all"),
    ({"STMP__PORT": "25"}, "VERDICTS_STMP__PORT is no setting of this program"),
    ({"SECRET_KEY_FILE": "/none/here"}, "VERDICTS_SECRET_KEY_FILE names /none/here, which cannot be read"),
]


@pytest.mark.parametrize(("values", "told"), SETTINGS, ids=[next(iter(row[0])) for row in SETTINGS])
def test_bad_setting_is_one_sentence(
    home: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: dict[str, str], told: str
) -> None:
    take_up(monkeypatch, tmp_path, **values)
    said = call("queue", "--json")

    assert is_one_sentence(said), said
    assert told in said.err


@pytest.mark.parametrize(
    ("toml", "told"),
    [("[smtp", "is not valid TOML"), ("[smtp]\nprot = 25", "smtp.prot: is not a known key; remove it or correct")],
)
def test_bad_file_is_one_sentence(home: Store, tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "verdicts.toml").write_text(toml, encoding="utf-8")
    said = call("queue", "--json")

    assert is_one_sentence(said), said
    assert told in said.err


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[str]:
    """A web server on loopback that has nothing."""
    (tmp_path / "site").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_crawl_that_failed_altogether_exits_1(
    home: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_site: str
) -> None:
    """With --json as without: a script must not have to read the document to know."""
    name = "SOURCES__HACKERNEWS"
    take_up(monkeypatch, tmp_path, **{f"{name}__ENABLED": "true", f"{name}__BASE_URL": empty_site})
    said = call("crawl", "hackernews", "--json")

    assert said.document["hackernews"]["errors"]
    assert said.code == 1
