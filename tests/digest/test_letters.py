"""Single mails: queued with their cause, sent at least once, tried at growing distance, and not kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from config import Settings
from db.models import Letter
from db.session import Store
from digest.letters import KEPT, MOST_ATTEMPTS, STALE, drop_old, queue_letter, send_due_letters
from digest.samples import LETTERS
from errors import RenderError
from tests.digest.sending import EVE, FAY, suppress_now
from tests.factories import BEN, DAN, MONDAY, make_cast
from tests.fakes import FakeClock, FakeMailer


def queue(store: Store, settings: Settings, to: str = BEN, dedupe_key: str | None = None, **values: Any) -> bool:
    with store.write() as session:
        return queue_letter(session, settings, "confirm", to, LETTERS["confirm"] | values, MONDAY, dedupe_key)


def all_letters(store: Store) -> list[Letter]:
    with store.read() as session:
        return list(session.exec(select(Letter).order_by(Letter.id)))


def the_letter(store: Store) -> Letter:
    [letter] = all_letters(store)
    return letter


def test_a_letter_is_sent_once(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    queue(store, settings)

    assert send_due_letters(store, settings, mailer, MONDAY) == 1
    assert send_due_letters(store, settings, mailer, MONDAY) == 0
    assert mailer.recipients == [BEN]
    assert (the_letter(store).state, the_letter(store).sent_at) == ("sent", MONDAY)


def test_a_letter_falls_with_its_cause(store: Store, settings: Settings) -> None:
    with pytest.raises(RuntimeError), store.write() as session:
        queue_letter(session, settings, "confirm", BEN, LETTERS["confirm"], MONDAY)
        raise RuntimeError

    assert all_letters(store) == []


@pytest.mark.parametrize("kind", LETTERS)
def test_every_kind_can_be_queued(store: Store, settings: Settings, mailer: FakeMailer, kind: str) -> None:
    with store.write() as session:
        queue_letter(session, settings, kind, BEN, LETTERS[kind] | {"unsubscribe_url": "https://v.example/u"}, MONDAY)

    send_due_letters(store, settings, mailer, MONDAY)
    assert b"Subject: " in mailer.outbox[0][2]
    assert b"%%" not in mailer.outbox[0][2]


def test_a_broken_template_queues_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session, pytest.raises(RenderError):
        queue_letter(session, settings, "confirm", BEN, {}, MONDAY)


def test_the_same_cause_writes_once(store: Store, settings: Settings) -> None:
    assert queue(store, settings, dedupe_key="alert:1:1")
    assert not queue(store, settings, dedupe_key="alert:1:1")
    assert queue(store, settings, dedupe_key="alert:1:2")
    assert queue(store, settings)
    assert queue(store, settings)

    assert len(all_letters(store)) == 4


def test_a_temporary_refusal_is_tried_again(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    queue(store, settings)
    mailer.refuse[BEN] = (450, "4.2.0 greylisted")
    send_due_letters(store, settings, mailer, MONDAY)
    mailer.refuse.clear()

    assert send_due_letters(store, settings, mailer, MONDAY + timedelta(minutes=1)) == 0
    assert send_due_letters(store, settings, mailer, MONDAY + timedelta(minutes=2)) == 1


def test_pauses_grow_and_end(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    queue(store, settings)
    mailer.refuse[BEN] = (450, "4.2.0 greylisted")
    clock, pauses = FakeClock(MONDAY), []
    while the_letter(store).state == "queued":
        send_due_letters(store, settings, mailer, clock.now)
        pauses.append(the_letter(store).next_at - clock.now)
        clock.now = the_letter(store).next_at

    assert the_letter(store).state == "failed"
    assert pauses[:-1] == [timedelta(minutes=2**n) for n in range(1, MOST_ATTEMPTS)]


@pytest.mark.parametrize("where", ["refuse", "reject"])
def test_a_permanent_refusal_is_final(store: Store, settings: Settings, mailer: FakeMailer, where: str) -> None:
    queue(store, settings)
    getattr(mailer, where)[BEN] = (550, "5.1.1 no such user")

    send_due_letters(store, settings, mailer, MONDAY)

    assert the_letter(store).state == "failed"
    assert the_letter(store).last_error == "550 5.1.1 no such user"


@pytest.mark.parametrize("trouble", ["down", "auth_code"])
def test_the_relays_trouble_costs_no_letter(store: Store, settings: Settings, mailer: FakeMailer, trouble: str) -> None:
    queue(store, settings)
    setattr(mailer, trouble, 535)
    send_due_letters(store, settings, mailer, MONDAY)
    setattr(mailer, trouble, 0)

    assert send_due_letters(store, settings, mailer, MONDAY + timedelta(minutes=2)) == 1


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_lost_connection_repeats_the_letter(store: Store, settings: Settings, mailer: FakeMailer, where: str) -> None:
    """A second 'please confirm' harms nobody; none at all loses a reader."""
    queue(store, settings)
    mailer.lose[BEN] = where
    send_due_letters(store, settings, mailer, MONDAY)

    assert send_due_letters(store, settings, mailer, MONDAY + timedelta(minutes=2)) == 1


class Killed(BaseException):
    """Stands for kill -9."""


def test_a_crash_in_the_middle_repeats_it(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    def die(_: str) -> None:
        raise Killed

    queue(store, settings)
    mailer.on_transmit = die
    with pytest.raises(Killed):
        send_due_letters(store, settings, mailer, MONDAY)
    mailer.on_transmit = lambda _: None

    assert send_due_letters(store, settings, mailer, MONDAY + STALE - timedelta(seconds=1)) == 0
    assert send_due_letters(store, settings, mailer, MONDAY + STALE) == 1


def test_one_bad_letter_stops_no_other(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    for to in ("no address", "ada@bücher.example", EVE, FAY):
        queue(store, settings, to)
    mailer.refuse[EVE] = (550, "5.1.1 no such user")

    send_due_letters(store, settings, mailer, MONDAY)

    assert mailer.recipients == [FAY]
    assert [letter.state for letter in all_letters(store)] == ["failed", "failed", "failed", "sent"]


def test_the_suppressed_get_no_letter(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    with store.write() as session:
        make_cast(session, settings)
    queue(store, settings, DAN)
    queue(store, settings, EVE)
    suppress_now(store, settings, EVE)

    assert send_due_letters(store, settings, mailer, MONDAY) == 0
    assert {letter.last_error for letter in all_letters(store)} == {"the address is suppressed"}


def test_a_call_sends_a_limited_number(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    for number in range(5):
        queue(store, settings, f"r{number}@example.org")

    assert send_due_letters(store, settings, mailer, MONDAY, limit=3) == 3
    assert send_due_letters(store, settings, mailer, MONDAY) == 2


def test_a_letter_comes_from_our_own_address(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    queue(store, settings)

    send_due_letters(store, settings, mailer, MONDAY)

    assert mailer.outbox[0][0] == settings.mail.from_address


def test_finished_letters_are_not_kept(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    for to in (BEN, EVE):
        queue(store, settings, to)
    mailer.refuse[EVE] = (550, "5.1.1 no such user")
    send_due_letters(store, settings, mailer, MONDAY)

    with store.write() as session:
        assert drop_old(session, MONDAY + KEPT) == 0
        assert drop_old(session, MONDAY + KEPT + timedelta(seconds=1)) == 2
    assert all_letters(store) == []


def test_a_written_cause_is_remembered_without_words(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    queue(store, settings, dedupe_key="alert:1:1")
    send_due_letters(store, settings, mailer, MONDAY)
    with store.write() as session:
        drop_old(session, MONDAY + KEPT * 2)

    assert the_letter(store).text == the_letter(store).html == ""
    assert not queue(store, settings, dedupe_key="alert:1:1")


def test_waiting_letters_are_kept(store: Store, settings: Settings) -> None:
    queue(store, settings)

    with store.write() as session:
        assert drop_old(session, MONDAY + KEPT * 2) == 0
