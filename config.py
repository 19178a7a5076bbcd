"""Settings: verdicts.toml, then VERDICTS_* variables on top (secrets also as *_FILE).

The only reader of os.environ. Everything is checked at start, and a mistake names its key.
"""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from errors import ConfigError

ROOT = Path(__file__).resolve().parent
PREFIX = "VERDICTS_"
# Read by ./run and the tests, not settings of the product.
NOT_SETTINGS = {
    "VERDICTS_CONFIG",
    "VERDICTS_CORPUS",
    "VERDICTS_FEEDPARSER_TESTS",
    "VERDICTS_TEST_POSTGRES_URL",
    "VERDICTS_PYTHON",
}
# A local part has 64 characters (RFC 5321 §4.5.3.1.1); a plus sign and the token take 49 of them.
LONGEST_BOUNCE_LOCAL = 15
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def check_http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"'{value}' is not a web address; write it as https://host/path")
    if parts.username or parts.password:
        raise ValueError("a web address here carries no user name or password")
    return value.rstrip("/") if parts.path in ("", "/") and not parts.query else value


def check_mail_address(value: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as exc:
        raise ValueError(f"'{value}' is not a mail address ({exc})") from exc


HttpUrl = Annotated[str, AfterValidator(check_http_url)]
MailAddress = Annotated[str, AfterValidator(check_mail_address)]


def check_week_time(value: str) -> str:
    match = re.fullmatch(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)", value)
    if not match:
        raise ValueError(f"'{value}' is not a weekly time; write it as 'fri 07:00'")
    if 1 <= int(match[2]) < 4 or (match[2], match[3]) == ("04", "00"):
        raise ValueError(
            f"'{value}' lies between 01:00 and 04:00, where clocks change: that time can happen twice or not at all"
        )
    return value


WeekTime = Annotated[str, AfterValidator(check_week_time)]


def check_store_url(value: str) -> str:
    """The address is not repeated: it may hold a password."""
    if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://)", value or "sqlite:///"):
        raise ValueError("this is no address of a store; write it as postgresql://name:password@host/database")
    return value


StoreUrl = Annotated[str, AfterValidator(check_store_url)]


def check_repository(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}", value):
        raise ValueError(f"'{value}' is not a repository on GitHub; write it as 'owner/name'")
    return value


Repository = Annotated[str, AfterValidator(check_repository)]


class Smtp(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    timeout_seconds: float = Field(default=30, gt=0, le=300)
    local_hostname: str = ""

    @model_validator(mode="after")
    def no_plain_text_to_a_relay(self) -> Self:
        if self.security == "none" and self.host not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(f"security = 'none' is for a relay on this machine only, not for {self.host}")
        return self


class Mail(Section):
    from_name: str = "AI Tool Verdicts"
    from_address: MailAddress = "verdicts@localhost.localdomain"
    reply_to: MailAddress | None = None
    bounce_address: MailAddress | None = None
    postal_address: str = ""

    @model_validator(mode="after")
    def room_for_the_token(self) -> Self:
        local = self.envelope_base.rpartition("@")[0]
        if len(local) > LONGEST_BOUNCE_LOCAL:
            raise ValueError(
                f"'{local}@' leaves no room for the bounce token; set bounce_address to one with at most "
                f"{LONGEST_BOUNCE_LOCAL} characters before the @, such as bounce@your-domain"
            )
        return self

    @cached_property
    def envelope_base(self) -> str:
        """The address that carries the bounce token: bounce@d becomes bounce+TOKEN@d."""
        return self.bounce_address or self.from_address

    @cached_property
    def domain(self) -> str:
        return self.from_address.rpartition("@")[2]


class Schedule(Section):
    timezone: str = "UTC"
    build: WeekTime = "thu 12:00"
    remind: WeekTime = "thu 16:00"
    cutoff: WeekTime = "fri 06:00"
    send: WeekTime = "fri 07:00"
    crawl_hours: int = Field(default=6, ge=1, le=168)
    homepage_hours: int = Field(default=12, ge=1, le=168)
    bounce_minutes: int = Field(default=15, ge=1, le=1440)

    @model_validator(mode="after")
    def known_zone(self) -> Self:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise ValueError(f"timezone '{self.timezone}' is not known; write it as Europe/Berlin") from exc
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class EditionRules(Section):
    deadline_policy: Literal["send_approved", "quiet_week", "skip"] = "send_approved"
    most_entries: int = Field(default=5, ge=1, le=9)
    most_quick_launches: int = Field(default=8, ge=0, le=20)
    quiet_week_note: str = ""
    quiet_week_note_approved_by: str = ""

    @model_validator(mode="after")
    def a_note_needs_its_approver(self) -> Self:
        if self.deadline_policy == "quiet_week" and not (self.quiet_week_note and self.quiet_week_note_approved_by):
            raise ValueError(
                "deadline_policy = 'quiet_week' needs quiet_week_note and quiet_week_note_approved_by, an admin's "
                "address"
            )
        return self


class Panel(Section):
    minimum_reviews: int = Field(default=2, ge=1, le=9)
    endpoint: HttpUrl | None = None
    model: str = ""
    api_key: SecretStr = SecretStr("")
    timeout_seconds: float = Field(default=60, gt=0, le=600)
    most_tokens_a_week: int = Field(default=400_000, ge=1_000)


class Crawl(Section):
    user_agent: str = ""
    contact_url: HttpUrl | None = None
    delay_seconds: float = Field(default=3.0, ge=0, le=120)
    timeout_seconds: int = Field(default=900, ge=10, le=7200)
    window_days: int = Field(default=14, ge=1, le=60)
    most_tools_a_crawl: int = Field(default=200, ge=1, le=2000)
    reread_hours: int = Field(default=48, ge=1, le=720)
    connect_to: dict[str, HttpUrl] = {}


class SourceSettings(Section):
    base_url: HttpUrl | None = None
    enabled: bool = True
    permission: str = ""  # who permitted it and when, for a source that needs one
    every_hours: int | None = Field(default=None, ge=1, le=168)
    token: SecretStr = SecretStr("")


def check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as exc:
        raise ValueError(f"'{value}' is no regular expression ({exc}); write it as '^/news/.'") from exc
    return value


Pattern = Annotated[str, AfterValidator(check_pattern), Field(max_length=300)]
Selector = Annotated[str, Field(max_length=300)]


class PageSource(Section):
    """A vendor's pages without a feed: a sitemap's addresses, or one page that lists announcements."""

    url: HttpUrl
    kind: Literal["sitemap", "list"] = "sitemap"
    include: Pattern = ""  # of the paths in a sitemap, those of announcements
    exclude: Pattern = "/(tags?|categor(y|ies)|topics?|authors?|page)/"
    item: Selector = ""
    link: Selector = ""
    title: Selector = ""
    date: Selector = ""
    summary: Selector = ""
    announces: bool = False  # whether every page announces a tool


class Web(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    trusted_proxy: bool = False
    signups_an_hour: int = Field(default=200, ge=1)
    signups_an_hour_each_network: int = Field(default=10, ge=1)


class Bounces(Section):
    maildir: Path | None = None


class Settings(Section):
    data_dir: Path = Path("var")
    database_url: StoreUrl = Field(default="", repr=False)  # it may hold a password
    base_url: HttpUrl = "http://127.0.0.1:8000"
    secret_key: SecretStr = SecretStr("")
    previous_secret_keys: tuple[SecretStr, ...] = ()
    smtp: Smtp = Smtp()
    mail: Mail = Mail()
    schedule: Schedule = Schedule()
    edition: EditionRules = EditionRules()
    panel: Panel = Panel()
    crawl: Crawl = Crawl()
    sources: dict[str, SourceSettings] = {}
    feeds: dict[str, HttpUrl] | None = None
    pages: dict[str, PageSource] | None = None
    lists: dict[str, Repository] | None = None
    web: Web = Web()
    bounces: Bounces = Bounces()
    config_path: Path | None = Field(default=None, exclude=True)

    @model_validator(mode="after")
    def one_source_each_name(self) -> Self:
        if twice := sorted((self.feeds or {}).keys() & (self.pages or {}).keys()):
            raise ValueError(f"'{twice[0]}' is a name in both [feeds] and [pages]; give one of them another")
        return self

    @property
    def store_url(self) -> str:
        """The SQLAlchemy address of the store; `postgres://` and `postgresql://` mean psycopg 3."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'verdicts.db'}"
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)

    @property
    def user_agent(self) -> str:
        contact = self.crawl.contact_url or self.base_url
        return self.crawl.user_agent or f"AIToolVerdicts/0.1 (+{contact})"

    def source(self, key: str) -> SourceSettings:
        return self.sources.get(key, SourceSettings())


def load_settings(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check everything once.

    Args:
        path: the TOML file; default is $VERDICTS_CONFIG, else verdicts.toml here or in the checkout. A
            relative data_dir is meant from that file's folder (without a file: from the checkout).
    Raises:
        ConfigError: names the file or variable, the key and what to write instead.
    """
    environ = os.environ if environ is None else environ
    explicit = path or (Path(environ["VERDICTS_CONFIG"]) if environ.get("VERDICTS_CONFIG") else None)
    found = explicit or next((file for file in (Path("verdicts.toml"), ROOT / "verdicts.toml") if file.exists()), None)
    used_path = found.resolve() if found else None
    values = read_toml(used_path) if used_path else {}
    given = read_environment(environ)
    merge(values, given)
    base = used_path.parent if used_path else ROOT
    try:
        settings = Settings.model_validate(values | {"config_path": used_path})
    except ValidationError as exc:
        raise ConfigError(describe(exc, used_path, given)) from exc
    maildir = settings.bounces.maildir
    bounces = settings.bounces.model_copy(update={"maildir": (base / maildir).resolve() if maildir else None})
    return settings.model_copy(update={"data_dir": (base / settings.data_dir).resolve(), "bounces": bounces})


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigError(f"The configuration {path} cannot be read: {exc.strerror}; check the path.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"The configuration {path} is not valid TOML: {exc}; correct that line.") from exc


def read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """VERDICTS_SMTP__PORT=25 becomes {"smtp": {"port": "25"}}; …_FILE names a file holding the value."""
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        if name.endswith("_FILE"):
            text, name = read_secret(name, text), name.removesuffix("_FILE")
        keys = name.removeprefix(PREFIX).lower().split("__")
        if keys[0] not in Settings.model_fields or keys[0] == "config_path":
            raise ConfigError(f"{name} is no setting of this program; see docs/settings.md for the names.")
        try:
            put(values, keys, parse_text(name, text) if takes_json(keys) else text)
        except TypeError as exc:  # VERDICTS_SMTP beside VERDICTS_SMTP__HOST
            raise ConfigError(f"{name} and the whole of its table are both given; keep one of them.") from exc
    return values


def takes_json(keys: list[str]) -> bool:
    """Tables and lists are given as JSON; a text may itself begin with a brace, as a password may."""
    wanted: Any = Settings
    for key in keys:
        if get_origin(wanted) is dict:
            wanted = get_args(wanted)[1]
        else:
            field = getattr(wanted, "model_fields", {}).get(key)
            wanted = field.annotation if field else None
        wanted = next((one for one in get_args(wanted) if get_origin(one) is dict), wanted)  # dict[…] | None
    return get_origin(wanted) in (dict, tuple) or hasattr(wanted, "model_fields")


def parse_text(name: str, text: str) -> Any:
    """A table or list is given as JSON, as in VERDICTS_CRAWL__CONNECT_TO='{"host": "http://…"}'."""
    if not text.startswith(("{", "[")):
        return text
    import json

    try:
        return json.loads(text)
    except ValueError as exc:
        raise ConfigError(f"{name} is not valid JSON: {exc}.") from exc


def read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is no UTF-8 text"
        raise ConfigError(f"{name} names {path}, which cannot be read: {why}.") from exc


def put(values: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        values = values.setdefault(key, {})
    values[keys[-1]] = value


def merge(under: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            merge(under[key], value)
        else:
            under[key] = value


def describe(exc: ValidationError, path: Path | None, given: dict[str, Any]) -> str:
    """All mistakes in one sentence each, named as they are written in the file or the environment."""
    lines = []
    for error in exc.errors():
        key = ".".join(str(part) for part in error["loc"]) or "settings"
        where = path.name if path and not is_in(given, error["loc"]) else f"{PREFIX}* variables"
        why = "is not a known key; remove it or correct its spelling" if error["type"] == "extra_forbidden" else ""
        why = why or error["msg"].removeprefix("Value error, ")
        lines.append(f"{where}: {key}: {why}.")
    return "\n".join(lines)


def is_in(values: Any, loc: tuple[int | str, ...]) -> bool:
    return not loc or (isinstance(values, dict) and loc[0] in values and is_in(values[loc[0]], loc[1:]))


def child_environment() -> dict[str, str]:
    """This process's environment for one of our own subprocesses, which must find this checkout and no other."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def secret_keys(settings: Settings) -> tuple[bytes, ...]:
    """The key ring for tokens and hashes: the first signs, the others are still accepted.

    The first is configured, else made once and kept in the data folder, readable by its owner only.
    """
    configured = [key.get_secret_value() for key in (settings.secret_key, *settings.previous_secret_keys)]
    current, *previous = configured
    ring = (current or kept_key(settings.data_dir), *previous)
    if any(len(key) < 32 for key in ring):
        raise ConfigError("A secret key is shorter than 32 characters; make one with 'openssl rand -hex 32'.")
    return tuple(key.encode() for key in ring)


def kept_key(data_dir: Path) -> str:
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")  # threads start together, too
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)  # atomic: of two processes starting together one key wins
        draft.unlink()
    return path.read_text().strip()
