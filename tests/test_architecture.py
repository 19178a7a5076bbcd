"""The arrows of the week, kept: who may import whom, and which stage alone knows which library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Each may import what stands to its right (and itself); the three stages never each other.
LAYERS = [
    {"cli"},
    {"demo", "bench"},
    {"commands"},
    {"scheduler", "doctor"},
    {"web", "jobs"},
    {"crawler", "panel", "digest"},
    {"catalog"},
    {"db"},
    {"config"},
    {"errors"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# library → the one place that may know it
ALONE = {
    "scrapy": "crawler/",
    "twisted": "crawler/",
    "fastapi": "web/",
    "starlette": "web/",
    "uvicorn": "web/",
    "apscheduler": "scheduler.py",
    "mjml": "digest/mjml.py",
    "smtplib": "digest/mailer.py",
    "pydantic_ai": "panel/drafting.py",
    "openai": "panel/drafting.py",
    "procrastinate": "jobs.py",
}
# The demo plays a reader's mail server; a benchmark plays its rival; doctor names what a hello may raise.
EXEMPT = {
    ("demo/week_run.py", "smtplib"),
    ("doctor.py", "smtplib"),
    ("bench/send.py", "smtplib"),
    ("bench/crawl_rivals.py", "scrapy"),
}
PURE = (
    "catalog/categories.py",
    "catalog/identity.py",
    "catalog/ledger/standing.py",
    "catalog/likeness",
    "crawler/extract",
    "crawler/relevance",
    "crawler/reading",
    "digest/compose.py",
    "panel/agreement.py",
    "panel/calibration.py",
    "panel/checks.py",
    "panel/claims",
    "panel/gates.py",
    "panel/prediction_words.py",
    "panel/shortlist.py",
)
IMPURE = {"sqlmodel", "sqlalchemy", "scrapy", "smtplib", "socket", "subprocess", "requests", "httpx2"}


def sources() -> list[Path]:
    skipped = {"tests", ".venv", "var", "migrations"}
    return [path for path in ROOT.rglob("*.py") if not skipped & set(path.relative_to(ROOT).parts)]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_imports_follow_the_arrows(path: Path) -> None:
    own = name_of(path).split("/")[0].removesuffix(".py")

    for module in imports(path):
        package = module.split(".")[0]
        if package in LEVEL and package != own:
            assert LEVEL[package] > LEVEL[own], f"{name_of(path)} must not import {module}"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_a_library_is_known_in_one_place(path: Path) -> None:
    name = name_of(path)

    for module in imports(path):
        library = module.split(".")[0]
        if library in ALONE and (name, library) not in EXEMPT:
            assert name.startswith(ALONE[library]), f"only {ALONE[library]} may import {library}, not {name}"


@pytest.mark.parametrize("path", [path for path in sources() if name_of(path).startswith(PURE)], ids=name_of)
def test_rules_and_parsers_stay_pure(path: Path) -> None:
    assert not {module.split(".")[0] for module in imports(path)} & IMPURE


def test_the_environment_is_read_by_config_alone() -> None:
    readers = [name_of(path) for path in sources() if "os.environ" in path.read_text(encoding="utf-8")]

    assert readers == ["config.py"]


def test_the_time_is_asked_for_at_entry_points_only() -> None:
    entry_points = {"commands/base.py", "commands/serve.py", "crawler/run.py"}
    askers = {
        name_of(path)
        for path in sources()
        if "datetime.now(" in path.read_text(encoding="utf-8") and not name_of(path).startswith(("commands/", "bench/"))
    }

    assert askers <= entry_points


def test_broad_excepts_are_few() -> None:
    """One job, one request, and each says why; a fifth needs a decision, not a comment."""
    broad = [name_of(path) for path in sources() if "except Exception" in path.read_text(encoding="utf-8")]

    assert len(broad) <= 4, broad
