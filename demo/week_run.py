"""The recorded week, run for real: the demo feeds inputs and drives the clock, the product does the rest.

Monday crawl · Tuesday panel and decisions · Wednesday a price moves · Thursday second look and draft ·
Friday approval and send · then a bounce, an unsubscriber, and on Saturday another price.
"""

import shutil
import smtplib
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from rich.console import Console
from sqlmodel import select

from catalog import proposals
from config import ROOT, Settings, load_settings
from crawler.sources import SOURCES
from db.models import Comparison
from db.session import Store, open_store
from db.words import ComparisonState
from demo.dsn import bounce_of
from demo.inbox import Inbox, free_port, open_inbox
from demo.origin import Origin, serve_week
from demo.report import report
from digest import editions
from digest.mailer import SmtpMailer
from digest.send import send_edition
from digest.subscriptions import import_csv
from errors import AppError, NotAllowed
from jobs import Engine, lenses
from panel import decisions
from panel.editors import add_editor
from panel.submissions import Submission, find_comparison, read_submission, take_in
from scheduler import tick

INPUTS = Path(__file__).parent / "inputs"
MARKER = "this-is-a-demo.txt"
ADA = "ada@verdicts.example"
CLEO, DAN = "cleo@example.org", "dan@example.com"


@dataclass
class DemoClock:
    """The week's clock: it stands still until the demo moves it."""

    now: datetime = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, day: int, hour: int, minute: int = 0) -> None:
        self.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@dataclass
class DemoWeek:
    settings: Settings
    store: Store
    clock: DemoClock
    inbox: Inbox
    origin: Origin
    web_port: int
    console: Console
    folder: Path
    notes: dict[str, Any] = field(default_factory=dict)

    def tell(self, what: str) -> None:
        """Progress for a person who watches; silence for a program."""
        if self.console.is_terminal:
            self.console.print(f"[bold]{self.clock.now:%a %d %b %H:%M}[/]  {what}")

    def tick(self, day: int, hour: int, minute: int, what: str) -> None:
        """What `verdicts up` does every minute: note what is due, run it."""
        self.clock.move(day, hour, minute)
        self.tell(what)
        tick(self.store, self.settings, self.clock.now)
        Engine(self.store, self.settings, self.clock).run_all()


def run_demo(out: Path | None, *, serve: bool) -> None:
    """Raises AppError when the folder is not the demo's to replace, or the week did not come out right."""
    folder = prepare_folder((out or ROOT / "var" / "demo").resolve())
    console = Console(highlight=False)
    console.print(
        "A recorded launch week, replayed on this machine. The tools' pages and all reviews were written for this "
        "demonstration; every address is answered by a local origin, so the crawl's pauses are set to 0."
    )
    with run_week(folder, console) as week:
        report(week)
        if serve:
            serve_results(week)


def prepare_folder(folder: Path) -> Path:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).exists():
            raise AppError(f"{folder} holds other files; give the demo an empty or new folder (--out DIR).")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("The demo made this folder and replaces it at its next run.\n")
    return folder


@contextmanager
def run_week(folder: Path, console: Console) -> Iterator[DemoWeek]:
    clock = DemoClock()
    with ExitStack() as stack:
        inbox = stack.enter_context(open_inbox(folder / "inbox"))
        origin = stack.enter_context(serve_week(clock))
        web_port = free_port()
        settings = write_settings(folder, origin, inbox, web_port)
        store = open_store(settings.store_url)
        stack.callback(store.close)
        week = DemoWeek(settings, store, clock, inbox, origin, web_port, console, folder)
        live_through(week)
        yield week


def write_settings(folder: Path, origin: Origin, inbox: Inbox, web_port: int) -> Settings:
    """A configuration file as an operator would write one; crawl subprocesses read it too."""
    hosts = origin.hosts | {str(urlsplit(row.base_url).hostname) for row in SOURCES if row.base_url}
    mirrors = "\n".join(f'"{host}" = "{origin.url}"' for host in sorted(hosts))
    text = f"""data_dir = "."
base_url = "http://127.0.0.1:{web_port}"

[smtp]
port = {inbox.port}
security = "none"

[mail]
from_address = "digest@verdicts.example"
bounce_address = "{inbox.bounce_local}@verdicts.example"
postal_address = "1 Example Street, Exampleton"

[schedule]
timezone = "Europe/Berlin"
crawl_hours = 47
homepage_hours = 47

[crawl]
delay_seconds = 0
reread_hours = 24

[bounces]
maildir = "{inbox.maildir}"

[crawl.connect_to]
{mirrors}

{(INPUTS / "sources.toml").read_text(encoding="utf-8")}"""
    path = folder / "verdicts.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, {})


def live_through(week: DemoWeek) -> None:
    """The week in order. Every step is an input from a person or the passing of time."""
    invite(week)
    week.tick(16, 9, 0, "the clock ticks: sources and the tools' own pages are crawled, pairs proposed")
    week.clock.move(17, 9)
    week.tell("Ada joins what is one tool; the panel hands in its reviews, she approves and rejects")
    join_tools(week)
    convene_panel(week)
    decide_comparisons(week)
    week.tick(18, 13, 58, "the second crawl; facts that moved bring their verdicts back")
    week.clock.move(19, 8)
    week.tell("the panel and Ada look again at what came back")
    look_again(week)
    week.tick(19, 11, 5, "the edition's draft is built")
    week.tick(19, 15, 5, "editors are reminded of the cut-off")
    week.clock.move(20, 4, 30)
    week.tell("Ada approves the edition: its content is frozen")
    approve_edition(week)
    week.tick(20, 5, 5, "the cut-off passes")
    week.tick(20, 6, 1, "the edition is sent")
    send_again(week)
    answer_as_readers(week)
    week.tick(20, 7, 30, "what came back by mail is taken in")
    week.tick(21, 9, 58, "the third crawl, after the edition")


# ── the people of the week ───────────────────────────────────────────────────────────────────────


def invite(week: DemoWeek) -> None:
    with week.store.write() as session:
        add_editor(session, ADA, "Ada Moreno", "admin", week.clock.now)
        with (INPUTS / "subscribers.csv").open(encoding="utf-8", newline="") as lines:
            week.notes["import"] = import_csv(session, week.settings, lines, ADA, week.clock.now)


def join_tools(week: DemoWeek) -> None:
    """A site and a repository of one name, neither naming the other: only a person may join them."""
    with week.store.write() as session:
        proposed = proposals.open_proposals(session)
        week.notes["proposals"] = [f"{one.a.name}, {one.proposal.why}" for one in proposed]
        for one in proposed:
            proposals.accept(session, one.proposal.id or 0, ADA, "its makers say so in the thread", week.clock.now)


def convene_panel(week: DemoWeek) -> None:
    """The panel hands in its reviews of the tools that were paired, and the answers."""
    submissions = [submission("panel.toml"), submission("answers.toml")]
    with week.store.write() as session:
        for one in submissions:
            take_in(session, one, "demonstration panel", "demonstration", week.clock.now)


def submission(name: str) -> Submission:
    return read_submission((INPUTS / name).read_text(encoding="utf-8"), name)


def decide_comparisons(week: DemoWeek) -> None:
    """Ada approves and rejects as her notes say, and leaves the rest for another week."""
    notes = tomllib.loads((INPUTS / "editor.toml").read_text(encoding="utf-8"))
    with week.store.write() as session:
        waiting = [(row, decisions.tools_of(session, row)) for row in decisions.queue(session)]
        for names in notes["approve"]:
            if comparison := find_comparison(waiting, names):
                decisions.approve(session, week.settings, comparison.id or 0, ADA, week.clock.now)
        for rejected in notes["reject"]:
            if comparison := find_comparison(waiting, rejected["tools"]):
                decisions.reject(session, comparison.id or 0, ADA, rejected["why"], week.clock.now)


def look_again(week: DemoWeek) -> None:
    """What came back: the panel reads the new facts and hands in anew, Ada decides again."""
    with week.store.write() as session:
        back = session.exec(select(Comparison).where(Comparison.state == ComparisonState.RECHECK)).all()
        week.notes["recheck"] = [comparison.recheck_why for comparison in back]
        take_in(session, submission("second-look.toml"), "demonstration panel", "demonstration", week.clock.now)
        for comparison in back:
            decisions.approve(session, week.settings, comparison.id or 0, ADA, week.clock.now)


def approve_edition(week: DemoWeek) -> None:
    with week.store.write() as session:
        edition = editions.build_edition(session, week.settings, week.clock.now)
        editions.approve_edition(session, week.settings, edition, ADA, lenses(), week.clock.now)


def send_again(week: DemoWeek) -> None:
    """A second alarm for the same edition: nobody is mailed twice."""
    before = len(week.inbox.received)
    try:
        send_edition(week.store, week.settings, 1, SmtpMailer(week.settings.smtp), week.clock)
    except NotAllowed as exc:
        week.notes["second send"] = f"{len(week.inbox.received) - before} mails ({exc})"


def answer_as_readers(week: DemoWeek) -> None:
    """Dan's mail server says he does not exist; Cleo unsubscribes with one click."""
    from web.app import create_app
    from web.running import running

    dan, cleo = week.inbox.to(DAN)[-1], week.inbox.to(CLEO)[-1]
    with smtplib.SMTP("127.0.0.1", week.inbox.port, timeout=10) as relay:
        relay.sendmail("", [dan.sender], bounce_of(dan))
    with running(create_app(week.store, week.settings, week.clock), week.web_port):
        url = str(cleo.message["List-Unsubscribe"]).split(">")[0].strip("< ")
        post = Request(url, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310  # our own loopback address
        with urlopen(post, timeout=10) as answer:  # noqa: S310
            week.notes["one-click"] = answer.status


def serve_results(week: DemoWeek) -> None:
    """The public pages and the inbox, until Ctrl-C."""
    from commands.serve import listen
    from demo.inbox import serve_inbox
    from web.app import create_app
    from web.running import serve_on

    settings = week.settings.model_copy(update={"web": week.settings.web.model_copy(update={"port": week.web_port})})
    with serve_inbox(week.inbox) as inbox_url:
        week.console.print(f"\nPages  {settings.base_url}\nInbox  {inbox_url}\nCtrl-C ends the demo.")
        serve_on(create_app(week.store, settings, week.clock), listen(settings))
