"""Settings: the file, the environment on top, secrets from files, and sentences for every mistake."""

import multiprocessing
import stat
from pathlib import Path
from typing import Any

import pytest

from config import ROOT, Settings, load_settings, secret_keys
from errors import ConfigError

SECRET = "correct-horse-battery-staple-0123456789"


def load(tmp_path: Path, toml: str = "", **environ: str) -> Settings:
    path = tmp_path / "verdicts.toml"
    path.write_text(toml, encoding="utf-8")
    return load_settings(path, {f"VERDICTS_{name}": value for name, value in environ.items()})


def refusal(tmp_path: Path, toml: str = "", **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, toml, **environ)
    return str(refused.value)


# ── where a value comes from ──


def test_file_is_read(tmp_path: Path) -> None:
    settings = load(tmp_path, "[smtp]\nport = 2525\n[schedule]\nsend = 'fri 09:15'")

    assert (settings.smtp.port, settings.schedule.send) == (2525, "fri 09:15")


def test_environment_stands_over_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, "[smtp]\nhost = 'relay.example'\nport = 2525", SMTP__PORT="26")

    assert (settings.smtp.host, settings.smtp.port) == ("relay.example", 26)


def test_deeper_tables_have_longer_names(tmp_path: Path) -> None:
    settings = load(tmp_path, SOURCES__HACKERNEWS__BASE_URL="http://127.0.0.1:81", SOURCES__HACKERNEWS__ENABLED="false")

    assert settings.source("hackernews").base_url == "http://127.0.0.1:81"
    assert not settings.source("hackernews").enabled
    assert settings.source("github").enabled


def test_named_file_is_found_by_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text("base_url = 'https://verdicts.example/'", encoding="utf-8")
    settings = load_settings(None, {"VERDICTS_CONFIG": str(path)})

    assert (settings.base_url, settings.config_path) == ("https://verdicts.example", path)


def test_other_programs_variables_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.toml"
    path.touch()

    assert load_settings(path, {"SMTP__PORT": "x", "VERDICTSX": "y", "VERDICTS_PYTHON": "python3.12"}).smtp.port == 25


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("CRAWL__CONNECT_TO", '{"kettle.example": "http://127.0.0.1:81"}', {"kettle.example": "http://127.0.0.1:81"}),
        ("FEEDS", '{"mistral": "https://mistral.example/rss"}', {"mistral": "https://mistral.example/rss"}),
        ("FEEDS", "{}", {}),
    ],
)
def test_table_may_be_given_as_json(tmp_path: Path, name: str, text: str, wanted: dict[str, str]) -> None:
    settings = load(tmp_path, **{name: text})

    assert wanted in (settings.crawl.connect_to, settings.feeds)


def test_list_may_be_given_as_json(tmp_path: Path) -> None:
    settings = load(tmp_path, SECRET_KEY=SECRET, PREVIOUS_SECRET_KEYS=f'["{SECRET}2"]')

    assert secret_keys(settings) == (SECRET.encode(), f"{SECRET}2".encode())


@pytest.mark.parametrize("text", ["{brace", "[bracket", "{}", '["a"]'])
def test_text_may_look_like_json(tmp_path: Path, text: str) -> None:
    settings = load(tmp_path, SMTP__PASSWORD=text, MAIL__FROM_NAME=text, SOURCES__GITHUB__TOKEN=text)

    assert settings.smtp.password.get_secret_value() == settings.mail.from_name == text
    assert settings.source("github").token.get_secret_value() == text


def test_data_folder_lies_beside_its_file(tmp_path: Path) -> None:
    assert load(tmp_path, "data_dir = 'data'").data_dir == tmp_path / "data"
    assert load(tmp_path, DATA_DIR="data").data_dir == tmp_path / "data"
    assert load(tmp_path, "data_dir = '/srv/verdicts'").data_dir == Path("/srv/verdicts")


def test_data_folder_without_a_file_is_the_checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if (ROOT / "verdicts.toml").exists():
        pytest.skip("this checkout has a verdicts.toml")

    assert load_settings(None, {}).data_dir == ROOT / "var"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://h/db", "postgresql+psycopg://h/db"),
        ("postgresql://h/db", "postgresql+psycopg://h/db"),
        ("postgresql+psycopg://h/db", "postgresql+psycopg://h/db"),
        ("sqlite:////srv/v.db", "sqlite:////srv/v.db"),
    ],
)
def test_store_address_names_its_driver(given: str, wanted: str) -> None:
    assert Settings(database_url=given).store_url == wanted


def test_crawler_names_a_page_to_complain_on() -> None:
    settings = Settings.model_validate({"base_url": "https://verdicts.example"})

    assert settings.user_agent == "AIToolVerdicts/0.1 (+https://verdicts.example)"


# ── secrets ──


def test_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b" hush hush \r\n")
    settings = load(tmp_path, SMTP__PASSWORD_FILE=str(tmp_path / "password"))

    assert settings.smtp.password.get_secret_value() == " hush hush "


def test_missing_secret_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, SMTP__PASSWORD_FILE="/none/here") == (
        "VERDICTS_SMTP__PASSWORD_FILE names /none/here, which cannot be read: No such file or directory."
    )


def test_secret_file_of_bytes_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"\xff\xfe")

    assert refusal(tmp_path, SMTP__PASSWORD_FILE=str(tmp_path / "password")).endswith("it is no UTF-8 text.")


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "SMTP__PASSWORD", "PANEL__API_KEY", "SOURCES__GITHUB__TOKEN")
    settings = load(
        tmp_path,
        DATABASE_URL=f"postgresql://ada:{SECRET}@db.example/verdicts",
        PREVIOUS_SECRET_KEYS=f'["{SECRET}"]',
        **dict.fromkeys(names, SECRET),
    )

    assert SECRET not in f"{settings!r} {settings} {settings.smtp!r} {settings.panel} {settings.sources}"


@pytest.mark.parametrize(
    "environ",
    [
        {"DATABASE_URL": f"mysql://ada:{SECRET}@db.example/verdicts"},
        {"PANEL__ENDPOINT": f"https://ada:{SECRET}@models.example/v1"},
        {"SMTP__PASSWORD": SECRET, "SMTP__PORT": "many"},
        {"SMTP__PASSWORD": SECRET, "SMTP__HOST": "relay.example", "SMTP__SECURITY": "none"},
        {"PREVIOUS_SECRET_KEYS": SECRET},
        {"PREVIOUS_SECRET_KEYS": f'["{SECRET}"'},
    ],
)
def test_no_mistake_repeats_a_secret(tmp_path: Path, environ: dict[str, str]) -> None:
    assert SECRET not in refusal(tmp_path, **environ)


@pytest.mark.parametrize("place", [{"secret_key": "short"}, {"previous_secret_keys": ("short",)}])
def test_short_key_is_refused(tmp_path: Path, place: dict[str, Any]) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, **place})

    with pytest.raises(ConfigError, match="shorter than 32 characters; make one with 'openssl rand -hex 32'"):
        secret_keys(settings)


def test_emptied_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()

    with pytest.raises(ConfigError, match="shorter than 32 characters"):
        secret_keys(Settings(data_dir=tmp_path))


def test_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    first = secret_keys(settings)
    path = tmp_path / "new" / "secret.key"

    assert secret_keys(settings) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_starting_together_share_one_key(tmp_path: Path) -> None:
    """Forty first starts, each of four processes let go at one moment."""
    forked = multiprocessing.get_context("fork")
    start, made = forked.Barrier(4), forked.SimpleQueue()

    def tell() -> None:
        for number in range(40):
            start.wait(20)
            made.put((number, secret_keys(Settings(data_dir=tmp_path / str(number)))))

    racers = [forked.Process(target=tell, daemon=True) for _ in range(4)]
    for racer in racers:
        racer.start()
    keys = {made.get() for _ in range(4 * 40)}

    assert len(keys) == 40


# ── mistakes ──

MISTAKES = [
    ("[smtp", {}, "is not valid TOML: "),
    ("[smtp]\nprot = 25", {}, "verdicts.toml: smtp.prot: is not a known key; remove it or correct its spelling."),
    ("[stmp]\nport = 25", {}, "verdicts.toml: stmp: is not a known key; remove it or correct its spelling."),
    ("", {"SMTP__PROT": "25"}, "VERDICTS_* variables: smtp.prot: is not a known key"),
    ("", {"STMP__PORT": "25"}, "VERDICTS_STMP__PORT is no setting of this program; see docs/settings.md for the"),
    ("", {"CONFIG_PATH": "x"}, "VERDICTS_CONFIG_PATH is no setting of this program"),
    ("[smtp]\nport = 0", {}, "verdicts.toml: smtp.port: Input should be greater than or equal to 1."),
    ("", {"SMTP__PORT": "many"}, "VERDICTS_* variables: smtp.port: Input should be a valid integer"),
    ("", {"SMTP": "x", "SMTP__PORT": "25"}, "VERDICTS_SMTP__PORT and the whole of its table are both given"),
    ("", {"FEEDS": "{"}, "VERDICTS_FEEDS is not valid JSON: "),
    ("base_url = 'verdicts.example'", {}, "'verdicts.example' is not a web address; write it as https://host/path."),
    ("[mail]\nfrom_address = 'ada'", {}, "verdicts.toml: mail.from_address: 'ada' is not a mail address"),
    ("[schedule]\nbuild = 'friday 7'", {}, "'friday 7' is not a weekly time; write it as 'fri 07:00'."),
    ("[schedule]\nbuild = 'sun 02:30'", {}, "'sun 02:30' lies between 01:00 and 04:00, where clocks change: that"),
    ("[schedule]\ntimezone = 'Mars'", {}, "timezone 'Mars' is not known; write it as Europe/Berlin."),
    ("[schedule]\ntimezone = '../x'", {}, "timezone '../x' is not known; write it as Europe/Berlin."),
    ("[smtp]\nhost = 'h'\nsecurity = 'none'", {}, "security = 'none' is for a relay on this machine only, not for h."),
    ("[edition]\ndeadline_policy = 'quiet_week'", {}, "needs quiet_week_note and quiet_week_note_approved_by"),
    ("database_url = 'mysql://h/db'", {}, "verdicts.toml: database_url: this is no address of a store; write it as"),
]


@pytest.mark.parametrize(("toml", "environ", "sentence"), MISTAKES, ids=[mistake[2][:40] for mistake in MISTAKES])
def test_mistake_is_one_sentence_naming_its_key(
    tmp_path: Path, toml: str, environ: dict[str, str], sentence: str
) -> None:
    told = refusal(tmp_path, toml, **environ)

    assert sentence in told
    assert len(told.splitlines()) == 1
    assert told.endswith(".")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(tmp_path, "[smtp]\nport = 0\n[web]\nport = -1").splitlines()

    assert [line.split(": ")[1] for line in told] == ["smtp.port", "web.port"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read: No such file or directory; check the path\."):
        load_settings(tmp_path / "none.toml", {})


@pytest.mark.parametrize("time", ["mon 00:59", "fri 07:00", "sun 04:01", "sat 23:59"])
def test_time_outside_the_night_is_taken(tmp_path: Path, time: str) -> None:
    assert load(tmp_path, SCHEDULE__SEND=time).schedule.send == time


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_plain_text_to_this_machine_is_allowed(tmp_path: Path, host: str) -> None:
    assert load(tmp_path, SMTP__SECURITY="none", SMTP__HOST=host).smtp.host == host
