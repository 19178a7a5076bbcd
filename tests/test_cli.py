"""The door to every verb: help, exit codes, and how light it opens."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cli import app
from tests.commands.shell import call, environment

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "scrapy", "twisted", "fastapi", "jinja2", "apscheduler", "alembic")


def verbs() -> Iterator[str]:
    """Every command by its whole name, as 'edition build'."""
    pending = [("", typer.main.get_command(app))]
    while pending:
        name, command = pending.pop()
        yield name.strip()
        pending += [(f"{name} {key}", one) for key, one in getattr(command, "commands", {}).items()]


def shell(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_every_verb_explains_itself(verb: str) -> None:
    said = call(*verb.split(), "--help")

    assert (said.code, said.err) == (0, "")
    assert said.out.lstrip().startswith(f"Usage: verdicts {verb}".strip())
    assert len(said.out.splitlines()[2].strip()) > 5  # what it does, in a sentence


def test_every_verb_of_the_contract_is_there() -> None:
    wanted = """demo up web clock worker crawl sources launches tools pair queue show draft findings review answer
        approve reject waive suppress unsuppress parse changes reviewers jobs doctor backup restore""".split()
    wanted += [f"edition {verb}" for verb in "build show preview test approve withdraw send pause resume".split()]
    wanted += [f"edition {verb}" for verb in "cancel status retry verify unknown".split()]
    wanted += ["subscribers import", "subscribers export", "subscribers list", "subscribers erase", "tools show"]
    wanted += ["bounces classify", "bounces ingest", "editors add", "db upgrade"]

    assert set(wanted) - set(verbs()) == set()


def test_help_needs_no_heavy_import(tmp_path: Path) -> None:
    done = shell(tmp_path, "-X", "importtime", "-m", "cli", "--help")
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}

    assert done.returncode == 0
    assert "typer" in imported
    assert imported & set(HEAVY) == set()


def test_refusal_of_a_process_is_one_sentence(tmp_path: Path) -> None:
    done = shell(tmp_path, "-m", "cli", "show", "7", "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no comparison 7; see 'verdicts queue'.\n"


def test_wrong_usage_of_a_process_exits_2(tmp_path: Path) -> None:
    done = shell(tmp_path, "-m", "cli", "shwo")

    assert (done.returncode, done.stdout) == (2, "")
    assert "shwo" in done.stderr


def test_first_command_makes_its_store(tmp_path: Path) -> None:
    """On a fresh machine any verb may be the first; only the answer stands on standard output."""
    done = shell(tmp_path, "-m", "cli", "queue", "--json")

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
    assert (tmp_path / "verdicts.db").exists()


def test_no_verb_at_all_is_wrong_usage() -> None:
    assert call().code == 2
