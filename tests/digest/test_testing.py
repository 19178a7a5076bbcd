"""A test mail goes to one editor and to nobody else; the samples prove that every template renders."""

import pytest

from config import Settings
from db.session import Store
from digest.samples import LETTERS, render_samples
from digest.testing import send_test
from errors import MailError, NotFound
from jobs import lenses
from tests.digest.sending import edition_of, rows
from tests.factories import ADA, BEN, MONDAY, make_approved_edition
from tests.fakes import FakeMailer


@pytest.fixture
def approved(store: Store, settings: Settings) -> Store:
    with store.write() as session:
        make_approved_edition(session, settings)
    return store


def try_out(store: Store, settings: Settings, mailer: FakeMailer, to: str = ADA) -> None:
    send_test(store, settings, None, to, mailer, lenses(), MONDAY)


def test_only_the_editor_gets_it(approved: Store, settings: Settings, mailer: FakeMailer) -> None:
    try_out(approved, settings, mailer, ADA.upper())

    assert mailer.recipients == [ADA]
    assert b"Subject: [Test] Kettle or Emberloaf?" in mailer.outbox[0][2]


@pytest.mark.parametrize("to", [BEN, "", "mallory@example.org"])
def test_a_reader_gets_no_test(approved: Store, settings: Settings, mailer: FakeMailer, to: str) -> None:
    with pytest.raises(NotFound, match="a test goes to an editor only"):
        try_out(approved, settings, mailer, to)
    assert mailer.outbox == []


def test_a_test_changes_nothing(approved: Store, settings: Settings, mailer: FakeMailer) -> None:
    try_out(approved, settings, mailer)

    assert edition_of(approved).state == "approved"
    assert rows(approved) == {}


def test_a_tests_link_unsubscribes_nobody(approved: Store, settings: Settings, mailer: FakeMailer) -> None:
    try_out(approved, settings, mailer)

    assert b"/unsubscribe/" not in mailer.outbox[0][2]
    assert mailer.outbox[0][0] == settings.mail.from_address


def test_a_refused_test_says_so(approved: Store, settings: Settings, mailer: FakeMailer) -> None:
    mailer.refuse[ADA] = (550, "5.1.1 no such user")

    with pytest.raises(MailError, match="550"):
        try_out(approved, settings, mailer)


def test_every_template_renders_its_sample() -> None:
    assert render_samples() == 1 + len(LETTERS)
