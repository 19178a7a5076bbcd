"""edition build|show|preview|test|approve|withdraw|send|pause|resume|cancel|status|retry|verify|unknown."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.base import As, Json, Number, Opened, Why, dump, opened, say, say_json, say_table, when

app = typer.Typer(help="The week's digest, from draft to sent.", no_args_is_help=True)


def lenses() -> list[tuple[str, str]]:
    from jobs import lenses as names

    return names()


@app.command()
def build(json: Json = False) -> None:
    """The draft for the next send, brought up to date."""
    from digest import editions

    with opened() as here, here.store.write() as session:
        edition = editions.build_edition(session, here.settings, here.now)
        document = describe(session, here, edition)
    tell(document, json, f"Next: verdicts edition preview {document['number']} --out DIR")


@app.command()
def show(number: Number = None, json: Json = False) -> None:
    """What an edition says: the frozen record when approved, else what it would be now."""
    from digest import editions

    with opened() as here, here.store.read() as session:
        document = describe(session, here, editions.get_edition(session, number))
    tell(document, json, "")


def editor(session: Any, by: str) -> str:
    """The editor's address as it is stored. Raises NotFound for anybody else."""
    from panel.decisions import get_editor

    return get_editor(session, by).email


def describe(session: Any, here: Opened, edition: Any) -> dict[str, Any]:
    from db.models import FrozenEdition
    from digest import editions

    frozen = session.get(FrozenEdition, edition.id)
    approval = (
        {"approved_by": frozen.approved_by, "approved_at": frozen.approved_at, "content_hash": frozen.content_hash}
        if frozen
        else {}
    )
    return dump(edition) | approval | {"content": editions.content_of(session, here.settings, edition, lenses())}


def tell(document: dict[str, Any], json: bool, next_step: str) -> None:
    if json:
        return say_json(document)
    content = document["content"]
    say(f"Edition {document['number']} · {document['state']} · goes out {when(document['send_at'])} UTC")
    say(f"{content['subject']}\n")
    rows = [[entry["position"], entry["slug"], entry["answer"]] for entry in content["entries"]]
    say_table(["", "comparison", "answer"], rows, next_step=next_step)
    return None


@app.command()
def preview(
    number: Number = None, out: Annotated[Path, typer.Option(help="A folder for the files.")] = Path("preview")
) -> None:
    """Write the edition as .html and .txt."""
    from digest import editions

    with opened() as here, here.store.read() as session:
        edition = editions.get_edition(session, number)
        mail = editions.preview(session, here.settings, edition, lenses())
    out.mkdir(parents=True, exist_ok=True)
    for suffix, text in ((".html", mail.html), (".txt", mail.text)):
        path = out / f"edition-{edition.number}{suffix}"
        path.write_text(text, encoding="utf-8")
        say(str(path))


@app.command()
def approve(by: As, number: Number = None) -> None:
    """Freeze the edition as it stands, by name."""
    from digest import editions

    with opened() as here, here.store.write() as session:
        edition = editions.get_edition(session, number)
        frozen = editions.approve_edition(session, here.settings, edition, by, lenses(), here.now)
        say(
            f"Edition {edition.number} is approved ({frozen.content_hash[:12]}); it goes out "
            f"{when(edition.send_at)} UTC."
        )


@app.command()
def withdraw(by: As, number: Number = None, why: Why = "") -> None:
    """Back to draft, until sending starts."""
    from digest import editions

    with opened() as here, here.store.write() as session:
        edition = editions.get_edition(session, number)
        editions.withdraw(session, edition, editor(session, by), why, here.now)
        say(f"Edition {edition.number} is a draft again.")


@app.command()
def send(number: Number = None, json: Json = False) -> None:
    """Send an approved edition now, or go on with an interrupted one."""
    from digest import editions
    from digest.mailer import SmtpMailer
    from digest.send import send_edition

    with opened() as here:
        with here.store.read() as session:
            found = editions.get_edition(session, number).number
        tally = send_edition(
            here.store, here.settings, found, SmtpMailer(here.settings.smtp), lambda: datetime.now(UTC)
        )
    tell_counts(found, dict(tally), json)


@app.command()
def test(number: Number = None, to: Annotated[str, typer.Option(help="An editor's address.")] = "") -> None:
    """Send the edition as it stands to one editor, and to nobody else."""
    from digest.mailer import SmtpMailer
    from digest.testing import send_test

    with opened() as here:
        send_test(here.store, here.settings, number, to, SmtpMailer(here.settings.smtp), lenses(), here.now)
        say(f"A test is on its way to {to}.")


@app.command()
def pause(by: As, number: Number = None, why: Why = "paused by an editor") -> None:
    """Stop sending after the mail in hand."""
    from digest import editions
    from digest.steering import pause_edition

    with opened() as here, here.store.write() as session:
        found = editions.get_edition(session, number).number
        pause_edition(session, found, editor(session, by), why, here.now)
        say(f"Edition {found} is paused.")


@app.command()
def resume(by: As, number: Number = None) -> None:
    """Go on where it was paused."""
    from digest import editions
    from digest.steering import resume_edition

    with opened() as here, here.store.write() as session:
        found = editions.get_edition(session, number).number
        resume_edition(session, found, editor(session, by), here.now)
        say(f"Edition {found} goes on with the next tick, or with 'verdicts edition send {found}'.")


@app.command()
def cancel(by: As, why: Why, number: Number = None) -> None:
    """Stop for good; who has it keeps it."""
    from digest import editions
    from digest.steering import cancel_edition

    with opened() as here, here.store.write() as session:
        found = editions.get_edition(session, number).number
        skipped = cancel_edition(session, found, editor(session, by), why, here.now)
        say(f"Edition {found} is cancelled; {skipped} readers do not get it.")


@app.command()
def status(number: Number = None, json: Json = False) -> None:
    """Where each reader's mail stands, in sums."""
    from digest import editions, ledger

    with opened() as here, here.store.read() as session:
        edition = editions.get_edition(session, number)
        counts = dict(ledger.counts(session, edition.id or 0))
    if json:
        return say_json({"number": edition.number, "state": edition.state, "deliveries": counts})
    say(f"Edition {edition.number} is {edition.state}.")
    return tell_counts(edition.number, counts, json)


def tell_counts(number: int, counts: dict[str, int], json: bool) -> None:
    if json:
        return say_json({"number": number, "deliveries": counts})
    return say_table(["state", "readers"], sorted(counts.items()), figures=["readers"])


@app.command()
def retry(by: As, number: Number = None) -> None:
    """Open the failed deliveries again, after the cause was removed."""
    from digest import editions, ledger
    from digest.steering import reopen

    with opened() as here, here.store.write() as session:
        edition = editions.get_edition(session, number)
        reopened = ledger.retry_failed(session, edition, editor(session, by), here.now)
        reopen(session, edition, here.now)
        say(f"{reopened} deliveries of edition {edition.number} are open again.")


@app.command()
def verify(number: Number = None, json: Json = False) -> None:
    """Recompute the hash of what was approved."""
    from digest import editions

    with opened() as here, here.store.read() as session:
        edition = editions.get_edition(session, number)
        frozen = editions.verify_edition(session, edition)
    if json:
        names = ("approved_by", "approved_at", "content_hash")
        return say_json({"number": edition.number} | {name: getattr(frozen, name) for name in names})
    return say(f"Edition {edition.number} is what {frozen.approved_by} approved: {frozen.content_hash}")


@app.command()
def unknown(
    number: int,
    choice: Annotated[str, typer.Argument(help="resend or assume; nothing: list them")] = "",
    by: As = "",
    json: Json = False,
) -> None:
    """Mails of which nobody knows whether they arrived; settle them with resend or assume."""
    from digest import editions, ledger
    from digest.steering import reopen
    from errors import AppError

    with opened() as here, here.store.write() as session:
        edition = editions.get_edition(session, number)
        if choice:
            if not by:
                raise AppError("Settling unknown mails needs your name (--as EMAIL).")
            settled = ledger.settle_unknown(session, edition, choice, editor(session, by), here.now)
            reopen(session, edition, here.now)
            return say(f"{settled} are settled: {choice}.")
        rows = [
            {"subscriber": subscriber.id, "address": subscriber.address, "why": row.remote_reply}
            for row, subscriber in ledger.unknown_deliveries(session, edition.id or 0)
        ]
    if json:
        return say_json(rows)
    return say_table(["subscriber", "address", "why"], [list(row.values()) for row in rows])
