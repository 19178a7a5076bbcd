"""An approved edition reaches every reader who may be mailed, once, whatever the relay answers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from config import Settings
from db import audit
from db.models import Comparison, Edition, Entry
from db.session import Store
from db.words import EditionState
from digest import ledger
from digest.editions import build_edition
from digest.send import FAILURES_IN_A_ROW, send_due_editions, send_edition
from digest.steering import cancel_edition, pause_edition, reopen, resume_edition
from errors import NotAllowed, RenderError
from tests.digest.sending import (
    EVE,
    FAY,
    GIL,
    alerts_of,
    edition_of,
    make_ready,
    many,
    open_rows,
    rows,
    states,
    suppress_now,
    tally,
    unsubscribe_now,
)
from tests.factories import (
    ADA,
    BEN,
    CLEO,
    DAN,
    MONDAY,
    make_approved_comparison,
    make_approved_edition,
    make_edition,
    make_frozen,
    make_subscriber,
)
from tests.fakes import FakeClock, FakeMailer

AUTH = [530, 534, 535]


def order(store: Store) -> list[str]:
    """The readers in the order they are sent to."""
    return [address for address, row in sorted(rows(store).items(), key=lambda item: item[1].order_key)]


# ── who gets it ──────────────────────────────────────────────────────────────────────────────────


def test_every_active_reader_gets_one(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    tally = send_edition(ready, settings, 1, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]
    assert tally == {"accepted": 3}
    assert edition_of(ready).state == "sent"


def test_unsubscribed_and_suppressed_get_nothing(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    send_edition(ready, settings, 1, mailer, clock)

    assert not {CLEO, DAN} & set(mailer.recipients)
    assert not {CLEO, DAN} & set(states(ready))


def test_a_second_send_mails_nobody(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    send_edition(ready, settings, 1, mailer, clock)

    with pytest.raises(NotAllowed, match="it is sent"):
        send_edition(ready, settings, 1, mailer, clock)

    assert len(mailer.outbox) == 3


def test_a_second_alarm_mails_nobody(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    send_due_editions(ready, settings, mailer, clock)

    assert send_due_editions(ready, settings, mailer, clock) == {}
    assert len(mailer.outbox) == 3


def test_a_late_signup_waits_for_the_next(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    def sign_up(_: str) -> None:
        mailer.on_offer = lambda _: None
        with ready.write() as session:
            make_subscriber(session, GIL)

    mailer.on_offer = sign_up

    send_edition(ready, settings, 1, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]


def test_nobody_is_mailed_before_the_hour(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    clock.move(seconds=-1)

    assert send_due_editions(ready, settings, mailer, clock) == {}
    assert mailer.outbox == []


@pytest.mark.parametrize("state", ["draft", "paused", "sent", "cancelled", "skipped"])
def test_only_an_approved_edition_is_sent(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, state: str
) -> None:
    with store.write() as session:
        make_subscriber(session, BEN)
        make_frozen(session, make_edition(session, state=state))

    with pytest.raises(NotAllowed, match=f"it is {state}"):
        send_edition(store, settings, 1, mailer, clock)
    assert mailer.outbox == []


def test_an_unknown_edition_is_a_sentence(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    with pytest.raises(NotAllowed, match="there is none with this number"):
        send_edition(store, settings, 7, mailer, FakeClock(MONDAY))


def test_a_state_alone_is_no_approval(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    with store.write() as session:
        make_edition(session, state="approved")

    with pytest.raises(NotAllowed, match="nothing is frozen"):
        send_edition(store, settings, 1, mailer, clock)
    assert edition_of(store).state == "approved"


def test_an_altered_edition_is_not_sent(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    with ready.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE frozen_edition SET html = html || ' '")

    with pytest.raises(NotAllowed, match="is not what ada"):
        send_edition(ready, settings, 1, mailer, clock)
    assert (mailer.outbox, rows(ready)) == ([], {})


def test_one_broken_edition_stops_no_other(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    with ready.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE frozen_edition SET html = html || ' '")
    make_ready(ready, settings, [], number=2)

    with pytest.raises(NotAllowed, match="Edition 1"):
        send_due_editions(ready, settings, mailer, clock)
    assert edition_of(ready, 2).state == "sent"


def test_a_link_no_header_holds_stops_everything(ready: Store, settings: Settings, mailer: FakeMailer) -> None:
    broken = settings.model_copy(update={"base_url": "https://bücher.example"})

    with pytest.raises(RenderError, match="List-Unsubscribe"):
        send_edition(ready, broken, 1, mailer, FakeClock(MONDAY))
    assert (mailer.outbox, edition_of(ready).state) == ([], "approved")


def test_an_entry_on_recheck_stops_the_send(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)
        session.exec(select(Comparison)).one().state = "recheck"

    with pytest.raises(NotAllowed, match="kettle-vs-emberloaf is not approved any more; withdraw it"):
        send_edition(store, settings, 1, mailer, clock)
    assert mailer.outbox == []


def test_entries_are_published_when_sending_starts(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)

    send_edition(store, settings, 1, mailer, clock)

    with store.read() as session:
        pair = session.exec(select(Comparison)).one()
    assert (pair.state, pair.published_at) == ("published", MONDAY)
    assert mailer.recipients == [BEN]


# ── who has left since ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("leave", ["unsubscribed", "suppressed"])
def test_whoever_leaves_meanwhile_is_skipped(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, leave: str
) -> None:
    def last_one_leaves(_: str) -> None:
        mailer.on_offer = lambda _: None
        last = order(ready)[-1]
        suppress_now(ready, settings, last) if leave == "suppressed" else unsubscribe_now(ready, last)

    mailer.on_offer = last_one_leaves
    send_edition(ready, settings, 1, mailer, clock)

    row = rows(ready)[order(ready)[-1]]
    assert (row.state, row.skip_reason) == ("skipped", leave)
    assert order(ready)[-1] not in mailer.recipients


def test_the_next_edition_leaves_out_the_gone(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    send_edition(ready, settings, 1, mailer, clock)
    unsubscribe_now(ready, EVE)
    suppress_now(ready, settings, FAY)
    make_ready(ready, settings, [GIL], number=2)

    send_edition(ready, settings, 2, mailer, clock)

    assert sorted(mailer.recipients[3:]) == [BEN, GIL]


# ── what the relay answers ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("where", ["refuse", "reject"])
def test_a_permanent_refusal_is_final(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, where: str
) -> None:
    getattr(mailer, where)[BEN] = (550, "5.1.1 no such user")

    send_edition(ready, settings, 1, mailer, clock)

    row = rows(ready)[BEN]
    assert (row.state, row.last_code, row.remote_reply) == ("failed", 550, "5.1.1 no such user")
    assert edition_of(ready).state == "sent"


def test_a_temporary_refusal_is_tried_again(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.refuse[BEN] = (450, "4.2.0 greylisted")
    send_edition(ready, settings, 1, mailer, clock)
    assert (states(ready)[BEN], edition_of(ready).state) == ("retry", "sending")

    mailer.refuse.clear()
    clock.move(minutes=6)
    send_due_editions(ready, settings, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]
    assert edition_of(ready).state == "sent"


def test_tries_grow_apart_and_end(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    mailer.refuse[BEN] = (451, "4.3.0 later")
    pauses = []
    send_edition(ready, settings, 1, mailer, clock)
    while states(ready)[BEN] == "retry":
        due = rows(ready)[BEN].next_at
        assert due is not None
        pauses.append(due - clock.now)
        clock.now = due
        send_edition(ready, settings, 1, mailer, clock)

    assert states(ready)[BEN] == "failed"
    assert len(pauses) == len(ledger.BACKOFF)
    assert all(0.9 <= pause / planned <= 1.1 for pause, planned in zip(pauses, ledger.BACKOFF, strict=True))


def test_a_retry_is_not_tried_early(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    offers: list[str] = []
    mailer.refuse[BEN] = (450, "4.2.0 greylisted")
    mailer.on_offer = offers.append
    send_edition(ready, settings, 1, mailer, clock)
    clock.move(minutes=4)

    send_edition(ready, settings, 1, mailer, clock)

    assert offers.count(BEN) == 1


def test_lost_before_the_dot_is_sent_again(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.lose[BEN] = "before"

    send_edition(ready, settings, 1, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]
    assert mailer.connections == 2


def test_lost_after_the_dot_is_unknown(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    mailer.lose[BEN] = "after"

    tally = send_edition(ready, settings, 1, mailer, clock)

    assert tally == {"accepted": 2, "unknown": 1}
    assert alerts_of(ready) == {"unknown:1": "Edition 1: of 1 mails nobody knows whether they arrived."}


def test_unknown_is_never_sent_by_itself(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.lose[BEN] = "after"
    send_edition(ready, settings, 1, mailer, clock)
    clock.move(days=7)

    send_due_editions(ready, settings, mailer, clock)

    assert mailer.recipients.count(BEN) == 1


def settle(store: Store, choice: str) -> None:
    with store.write() as session:
        edition = session.exec(select(Edition)).one()
        ledger.settle_unknown(session, edition, choice, ADA, MONDAY)
        reopen(session, edition, MONDAY)


@pytest.mark.parametrize(("choice", "copies"), [("resend", 2), ("assume", 1)])
def test_a_person_settles_the_unknown(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, choice: str, copies: int
) -> None:
    mailer.lose[BEN] = "after"
    send_edition(ready, settings, 1, mailer, clock)

    settle(ready, choice)
    send_due_editions(ready, settings, mailer, clock)

    assert mailer.recipients.count(BEN) == copies
    assert tally(ready) == {"accepted": 3}
    assert (edition_of(ready).state, alerts_of(ready)) == ("sent", {})


def test_failed_ones_can_be_opened_again(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.refuse[BEN] = (550, "5.1.1 no such user")
    send_edition(ready, settings, 1, mailer, clock)
    mailer.refuse.clear()

    with ready.write() as session:
        edition = session.exec(select(Edition)).one()
        assert ledger.retry_failed(session, edition, ADA, MONDAY) == 1
        reopen(session, edition, MONDAY)
    send_due_editions(ready, settings, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]


# ── when it pauses itself ────────────────────────────────────────────────────────────────────────


def test_five_failures_in_a_row_pause(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    make_ready(store, settings, many(20))
    mailer.down = True

    send_edition(store, settings, 1, mailer, clock)

    assert edition_of(store).state == "paused"
    assert alerts_of(store) == {"paused:1": "Edition 1 is paused: 5 failures in a row."}
    assert tally(store) == {"pending": 21}


def test_success_between_failures_goes_on(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    make_ready(store, settings, many(40))
    mailer.lose = dict.fromkeys(many(40)[::4], "before")

    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"accepted": 41}


@pytest.mark.parametrize("code", AUTH)
def test_a_refused_password_pauses_at_once(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, code: int
) -> None:
    mailer.auth_code = code

    send_edition(ready, settings, 1, mailer, clock)

    assert edition_of(ready).state == "paused"
    assert tally(ready) == {"pending": 3}
    assert "password" in alerts_of(ready)["paused:1"]


@pytest.mark.parametrize("code", [421, 432, 454, 501, 538])
def test_no_reader_fails_for_the_connection(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, code: int
) -> None:
    mailer.auth_code = code

    send_edition(ready, settings, 1, mailer, clock)

    assert (tally(ready), edition_of(ready).state) == ({"pending": 3}, "paused")
    assert {row.attempts for row in rows(ready).values()} == {0}


def test_authentication_asked_for_late_pauses_too(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.refuse = dict.fromkeys([BEN, EVE, FAY], (530, "5.7.0 authentication required"))

    send_edition(ready, settings, 1, mailer, clock)

    assert (tally(ready), edition_of(ready).state) == ({"pending": 3}, "paused")


def test_a_refused_sender_burns_five_at_most(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    readers = [BEN, *many(40)]
    make_ready(store, settings, many(40))
    mailer.refuse = dict.fromkeys(readers, (554, "5.7.1 sender address rejected"))

    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"failed": FAILURES_IN_A_ROW, "pending": 36}
    assert edition_of(store).state == "paused"


def test_dead_mailboxes_in_a_row_pause_nothing(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    make_ready(store, settings, many(20))
    mailer.refuse = dict.fromkeys(many(20), (550, "5.1.1 no such user"))

    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"failed": 20, "accepted": 1}


def test_a_reader_who_breaks_connections_waits(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    make_ready(store, settings, many(20))
    mailer.refuse[many(20)[7]] = (421, "4.7.0 try again later")

    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"accepted": 20, "retry": 1}
    assert edition_of(store).state == "sending"


def test_a_closing_relay_is_asked_again(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    def once(_: str) -> None:
        mailer.refuse.clear()
        mailer.on_offer = lambda _: None

    mailer.refuse = dict.fromkeys([BEN, EVE, FAY], (421, "too many mails on this connection"))
    mailer.on_offer = lambda _: setattr(mailer, "on_offer", once)

    send_edition(ready, settings, 1, mailer, clock)

    assert tally(ready) == {"accepted": 3}


# ── pause, resume, cancel ────────────────────────────────────────────────────────────────────────


def at_reader(mailer: FakeMailer, number: int, act) -> None:
    """Do it while reader `number` is being offered."""
    seen: list[str] = []

    def hook(address: str) -> None:
        seen.append(address)
        if len(seen) == number:
            act()

    mailer.on_offer = hook


def pause(store: Store) -> None:
    with store.write() as session:
        pause_edition(session, 1, ADA, "a typo", MONDAY)


def test_a_pause_takes_hold_at_once(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    make_ready(store, settings, many(20))
    at_reader(mailer, 8, lambda: pause(store))

    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"accepted": 8, "pending": 13}
    assert send_due_editions(store, settings, mailer, clock) == {}


def test_a_resume_completes_without_doubles(
    store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    make_ready(store, settings, many(20))
    at_reader(mailer, 8, lambda: pause(store))
    send_edition(store, settings, 1, mailer, clock)

    with store.write() as session:
        resume_edition(session, 1, ADA, MONDAY)
    send_due_editions(store, settings, mailer, clock)

    assert sorted(mailer.recipients) == sorted([BEN, *many(20)])
    assert alerts_of(store) == {}


def test_a_cancel_skips_all_the_rest(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    make_ready(store, settings, many(20))

    def cancel() -> None:
        with store.write() as session:
            cancel_edition(session, 1, ADA, "wrong week", MONDAY)

    at_reader(mailer, 8, cancel)
    send_edition(store, settings, 1, mailer, clock)

    assert tally(store) == {"accepted": 7, "skipped": 14}
    assert {row.skip_reason for row in rows(store).values() if row.state == "skipped"} == {"cancelled"}


def test_a_cancelled_edition_stays_cancelled(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    with ready.write() as session:
        cancel_edition(session, 1, ADA, "wrong week", MONDAY)

    assert send_due_editions(ready, settings, mailer, clock) == {}
    with pytest.raises(NotAllowed, match="it is cancelled"):
        send_edition(ready, settings, 1, mailer, clock)


def test_a_cancel_before_sending_frees_the_entries(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)
        cancel_edition(session, 1, ADA, "wrong week", MONDAY)
        session.flush()

        assert session.exec(select(Entry)).all() == []


@pytest.mark.parametrize("state", ["sent", "skipped", "cancelled"])
def test_what_is_over_cannot_be_cancelled(store: Store, state: str) -> None:
    with store.write() as session:
        make_edition(session, state=state)

    with pytest.raises(NotAllowed, match=f"it is {state}"), store.write() as session:
        cancel_edition(session, 1, ADA, "why", MONDAY)


def test_only_what_is_sending_is_paused(ready: Store) -> None:
    with pytest.raises(NotAllowed, match="Edition 1 cannot be paused: it is approved"):
        pause(ready)


def test_only_what_is_paused_is_resumed(ready: Store) -> None:
    with pytest.raises(NotAllowed, match="cannot be resumed: it is approved"), ready.write() as session:
        resume_edition(session, 1, ADA, MONDAY)


def test_a_pause_of_nothing_is_a_sentence(store: Store) -> None:
    with pytest.raises(NotAllowed, match="it is not there"):
        pause(store)


def test_two_who_pause_do_not_quarrel(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    """An editor pauses in the very moment the sender would."""
    mailer.refuse = dict.fromkeys([BEN, EVE, FAY], (530, "5.7.0 authentication required"))
    at_reader(mailer, 1, lambda: pause(ready))

    send_edition(ready, settings, 1, mailer, clock)

    assert alerts_of(ready) == {"paused:1": "Edition 1 is paused: a typo."}


def test_a_stop_drains_the_mail_in_hand(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    make_ready(store, settings, many(20))

    send_edition(store, settings, 1, mailer, clock, stop=lambda: len(mailer.outbox) >= 5)

    assert tally(store) == {"accepted": 5, "pending": 16}


# ── what a dead sender left ──────────────────────────────────────────────────────────────────────


class Killed(BaseException):
    """Stands for kill -9: nothing after it is written."""


def die() -> None:
    raise Killed


def kill_at(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, where: str) -> None:
    setattr(mailer, where, lambda _: die())
    with pytest.raises(Killed):
        send_edition(store, settings, 1, mailer, clock)
    setattr(mailer, where, lambda _: None)


def test_killed_before_the_content_is_sent_again(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    kill_at(ready, settings, mailer, clock, "on_offer")
    clock.now += ledger.LEASE

    assert send_edition(ready, settings, 1, mailer, clock) == {"accepted": 3}
    assert sorted(mailer.recipients) == [BEN, EVE, FAY]


def test_killed_in_the_content_is_unknown(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    kill_at(ready, settings, mailer, clock, "on_transmit")
    clock.now += ledger.LEASE

    assert send_edition(ready, settings, 1, mailer, clock) == {"accepted": 2, "unknown": 1}


def test_a_lease_is_respected_until_it_ends(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    kill_at(ready, settings, mailer, clock, "on_offer")
    clock.now += ledger.LEASE - timedelta(seconds=1)

    assert send_edition(ready, settings, 1, mailer, clock) == {"accepted": 2, "leased": 1}
    assert edition_of(ready).state == EditionState.SENDING


@pytest.mark.parametrize(("where", "left"), [("on_offer", "skipped"), ("on_transmit", "unknown")])
def test_a_cancel_after_a_crash_leaves_nothing_open(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock, where: str, left: str
) -> None:
    kill_at(ready, settings, mailer, clock, where)
    with ready.write() as session:
        cancel_edition(session, 1, ADA, "wrong week", clock())
    clock.now += ledger.LEASE

    send_due_editions(ready, settings, mailer, clock)

    assert open_rows(ready) == 0
    assert tally(ready)[left] >= 1


def test_a_crash_in_a_paused_edition_is_told(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    kill_at(ready, settings, mailer, clock, "on_transmit")
    pause(ready)
    clock.now += ledger.LEASE

    send_due_editions(ready, settings, mailer, clock)

    assert tally(ready) == {"unknown": 1, "pending": 2}
    assert "unknown:1" in alerts_of(ready)


def test_resent_into_a_cancelled_edition_is_skipped(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    mailer.lose = dict.fromkeys([BEN, EVE, FAY], "after")
    send_edition(ready, settings, 1, mailer, clock, stop=lambda: bool(mailer.outbox))
    with ready.write() as session:
        cancel_edition(session, 1, ADA, "wrong week", MONDAY)

    settle(ready, "resend")
    send_due_editions(ready, settings, mailer, clock)

    assert tally(ready) == {"skipped": 3}


def test_a_sender_whose_lease_was_taken_hangs_up(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    """It was away for too long; another took its reader over."""

    def other_takes_over() -> None:
        mailer.on_offer = lambda _: None
        clock.now += ledger.LEASE
        send_edition(ready, settings, 1, mailer, clock)

    at_reader(mailer, 1, other_takes_over)
    send_edition(ready, settings, 1, mailer, clock)

    assert sorted(mailer.recipients) == [BEN, EVE, FAY]
    assert tally(ready) == {"accepted": 3}


def test_no_two_editions_share_a_message_id(
    ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock
) -> None:
    make_ready(ready, settings, [], number=2)

    send_due_editions(ready, settings, mailer, clock)

    ids = [row.message_id for number in (1, 2) for row in rows(ready, number).values()]
    assert len(set(ids)) == len(ids) == 6


def test_a_retry_keeps_its_message_id(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    mailer.lose = dict.fromkeys([BEN, EVE, FAY], "after")
    send_edition(ready, settings, 1, mailer, clock)

    settle(ready, "resend")
    clock.move(days=1)
    send_due_editions(ready, settings, mailer, clock)

    copies = [content for _, recipient, content in mailer.outbox if recipient == BEN]
    assert len(copies) == 2
    assert copies[0] == copies[1]


def test_settling_takes_two_words_only(ready: Store) -> None:
    with pytest.raises(NotAllowed, match="it is resend or assume"):
        settle(ready, "forget")


def test_every_move_is_in_the_audit_log(ready: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    at_reader(mailer, 2, lambda: pause(ready))
    send_edition(ready, settings, 1, mailer, clock)
    with ready.write() as session:
        resume_edition(session, 1, ADA, MONDAY)
    send_due_editions(ready, settings, mailer, clock)

    with ready.read() as session:
        done = [line.action for line in reversed(audit.latest(session)) if line.subject == "edition 1"]
    assert done == ["start sending", "paused", "resumed", "finish sending"]


def test_a_quiet_list_is_sent_at_once(store: Store, settings: Settings, mailer: FakeMailer, clock: FakeClock) -> None:
    with store.write() as session:
        make_frozen(session, make_edition(session, state="approved"))

    assert send_edition(store, settings, 1, mailer, clock) == {}
    assert (edition_of(store).state, mailer.connections) == ("sent", 0)


def test_a_freed_comparison_joins_the_next_edition(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        build_edition(session, settings, MONDAY)
        cancel_edition(session, 1, ADA, "wrong week", MONDAY)
        edition = build_edition(session, settings, MONDAY + timedelta(days=7))

        assert [entry.edition_id for entry in session.exec(select(Entry))] == [edition.id]
