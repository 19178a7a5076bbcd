"""Who is mailed: asked first, confirmed by their own mailbox, gone when they say so, forgotten when they ask."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, col, select

from config import Settings, Web, secret_keys
from db.models import Bounce, Letter, Signup, Subscriber, Suppression
from db.session import Store
from digest import ledger
from digest.addresses import Address, parse_address
from digest.send import send_edition
from digest.subscriptions import (
    SignupOutcome,
    confirm,
    drop_unconfirmed,
    erase,
    export_csv,
    find_subscriber,
    request_subscription,
    unsubscribe,
    unsubscribe_token,
    unsubscribe_url,
)
from digest.suppressions import suppress, suppressions, unsuppress
from digest.tokens import CONFIRM, TokenError, make_token
from errors import NotFound
from tests.digest.sending import EVE, FAY, make_ready
from tests.factories import BEN, CLEO, DAN, MONDAY, make_cast, make_subscriber
from tests.fakes import FakeClock, FakeMailer

NETWORK = "203.0.113.0/24"
DAY, MONTH = timedelta(days=1), timedelta(days=30)


def ask(session: Session, settings: Settings, address: str = EVE, network: str = NETWORK, now=MONDAY) -> SignupOutcome:
    return request_subscription(session, settings, parse_address(address), network, now)


def letters(session: Session, kind: str | None = None) -> list[Letter]:
    query = select(Letter).order_by(col(Letter.id))
    return list(session.exec(query.where(Letter.kind == kind) if kind else query))


def mailed_token(session: Session) -> str:
    """The token of the newest confirmation, as its reader sees it."""
    return letters(session, "confirm")[-1].text.partition("/confirm/")[2].split()[0]


def state(session: Session, address: str = EVE) -> str | None:
    found = find_subscriber(session, address.casefold())
    return found.state if found else None


def leave(session: Session, settings: Settings, address: str = EVE, now=MONDAY) -> Subscriber:
    subscriber = find_subscriber(session, address)
    assert subscriber is not None
    return unsubscribe(session, settings, unsubscribe_token(settings, subscriber.id or 0), now)


# ── double opt-in ────────────────────────────────────────────────────────────────────────────────


def test_asking_subscribes_nobody(store: Store, settings: Settings) -> None:
    with store.write() as session:
        assert ask(session, settings) is SignupOutcome.MAILED

        assert state(session) == "pending"
        assert [(letter.kind, letter.to_address) for letter in letters(session)] == [("confirm", EVE)]


def test_confirming_makes_a_reader(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)
        confirm(session, settings, mailed_token(session), MONDAY)

        assert state(session) == "active"
        assert [letter.kind for letter in letters(session)] == ["confirm", "welcome"]


def test_confirming_twice_changes_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)
        first = confirm(session, settings, mailed_token(session), MONDAY)
        again = confirm(session, settings, mailed_token(session), MONDAY + DAY)

        assert (again.confirmed_at, len(letters(session, "welcome"))) == (MONDAY, 1)
        assert first is again


def test_the_unconfirmed_are_not_mailed(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    with store.write() as session:
        ask(session, settings)
    make_ready(store, settings, [])

    send_edition(store, settings, 1, mailer, FakeClock(MONDAY))

    assert mailer.recipients == [BEN]


def test_a_confirmation_ends_after_a_week(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)

        with pytest.raises(TokenError, match="expired"):
            confirm(session, settings, mailed_token(session), MONDAY + timedelta(days=7, seconds=1))


@pytest.mark.parametrize("gone", ["unsubscribed", "suppressed"])
def test_an_old_link_revives_nobody(store: Store, settings: Settings, gone: str) -> None:
    with store.write() as session:
        ask(session, settings)
        token = mailed_token(session)
        if gone == "unsubscribed":
            leave(session, settings)
        else:
            suppress(session, settings, parse_address(EVE), "a complaint", "test", MONDAY)

        with pytest.raises(TokenError, match="unsubscribed since"):
            confirm(session, settings, token, MONDAY)
        assert state(session) == gone


def test_a_token_of_an_erased_reader_is_refused(store: Store, settings: Settings) -> None:
    token = make_token(secret_keys(settings), CONFIRM, 99, expires_at=MONDAY + DAY)

    with store.write() as session, pytest.raises(TokenError, match="was removed"):
        confirm(session, settings, token, MONDAY)


def test_the_unsubscribed_may_come_back(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
        assert ask(session, settings, CLEO) is SignupOutcome.MAILED
        confirm(session, settings, mailed_token(session), MONDAY)

        assert state(session, CLEO) == "active"


@pytest.mark.parametrize(
    ("address", "outcome"), [(BEN, "already active"), (DAN, "suppressed"), ("BEN@Example.org", "already active")]
)
def test_the_known_get_no_mail(store: Store, settings: Settings, address: str, outcome: str) -> None:
    with store.write() as session:
        make_cast(session, settings)

        assert ask(session, settings, address) == outcome
        assert letters(session) == []


def test_every_outcome_is_noted_alike(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
        outcomes = [ask(session, settings, address) for address in (EVE, EVE, BEN, DAN)]

        assert len(set(outcomes)) == 4
        assert [row.was_mailed for row in session.exec(select(Signup))] == [True, False, False, False]


# ── limits ───────────────────────────────────────────────────────────────────────────────────────


def test_an_address_gets_one_a_day(store: Store, settings: Settings) -> None:
    times = [MONDAY, MONDAY + timedelta(hours=23, minutes=59), MONDAY + DAY]
    with store.write() as session:
        outcomes = [ask(session, settings, now=now) for now in times]

    assert outcomes == ["mailed", "limited", "mailed"]


def test_an_address_gets_three_a_month(store: Store, settings: Settings) -> None:
    times = [MONDAY + DAY * day for day in (0, 2, 4, 6, 29)] + [MONDAY + MONTH + timedelta(seconds=1)]
    with store.write() as session:
        outcomes = [ask(session, settings, now=now) for now in times]

    assert outcomes == ["mailed"] * 3 + ["limited"] * 2 + ["mailed"]


def test_spellings_share_one_limit(store: Store, settings: Settings) -> None:
    with store.write() as session:
        assert [ask(session, settings, one) for one in (EVE, EVE.upper())] == ["mailed", "limited"]


@pytest.mark.parametrize(
    ("limit", "networks"),
    [("signups_an_hour_each_network", [NETWORK] * 3), ("signups_an_hour", ["a", "b", "c"])],
)
def test_an_hour_has_its_limits(store: Store, settings: Settings, limit: str, networks: list[str]) -> None:
    tight = settings.model_copy(update={"web": Web(**{limit: 2})})
    with store.write() as session:
        outcomes = [ask(session, tight, f"r{n}@example.org", network) for n, network in enumerate(networks)]
        later = ask(session, tight, "late@example.org", networks[0], MONDAY + timedelta(hours=1, seconds=1))

    assert outcomes == ["mailed", "mailed", "limited"]
    assert later == "mailed"


def test_one_networks_limit_is_its_own(store: Store, settings: Settings) -> None:
    tight = settings.model_copy(update={"web": Web(signups_an_hour_each_network=1)})
    with store.write() as session:
        outcomes = [ask(session, tight, f"{network}@example.org", network) for network in "aab"]

    assert outcomes[0] == outcomes[2] == "mailed"


def test_an_attempt_keeps_only_hashes(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)
        kept = str(session.exec(select(Signup)).one().model_dump())

    assert EVE not in kept
    assert "203.0.113" not in kept


# ── tidying ──────────────────────────────────────────────────────────────────────────────────────


def test_the_unconfirmed_are_dropped_after_a_week(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
        ask(session, settings)

        assert drop_unconfirmed(session, MONDAY + timedelta(days=7)) == 0
        assert drop_unconfirmed(session, MONDAY + timedelta(days=7, seconds=1)) == 1
        assert {row.address for row in session.exec(select(Subscriber))} == {BEN, CLEO, DAN}


def test_asking_again_renews_the_week(store: Store, settings: Settings) -> None:
    """The second link is good for a week too, so its owner must still be there."""
    with store.write() as session:
        ask(session, settings)
        ask(session, settings, now=MONDAY + DAY * 6)
        drop_unconfirmed(session, MONDAY + DAY * 8)

        confirm(session, settings, mailed_token(session), MONDAY + DAY * 9)
        assert state(session) == "active"


def test_a_returning_reader_is_not_dropped(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    make_ready(store, settings, [EVE])
    send_edition(store, settings, 1, mailer, FakeClock(MONDAY))
    with store.write() as session:
        leave(session, settings)
        ask(session, settings, now=MONDAY + MONTH)

        assert drop_unconfirmed(session, MONDAY + MONTH * 2) == 0


def test_old_attempts_are_forgotten(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)
        drop_unconfirmed(session, MONDAY + timedelta(days=31, seconds=1))

        assert session.exec(select(Signup)).all() == []


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────


def test_leaving_holds_at_once(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    make_ready(store, settings, [EVE])
    with store.write() as session:
        leave(session, settings)

    send_edition(store, settings, 1, mailer, FakeClock(MONDAY))

    assert mailer.recipients == [BEN]


def test_leaving_twice_changes_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_subscriber(session, EVE)
        leave(session, settings)
        leave(session, settings, now=MONDAY + DAY)

        assert find_subscriber(session, EVE).unsubscribed_at == MONDAY
        assert [letter.kind for letter in letters(session)] == ["goodbye"]


def test_leaving_does_not_lift_a_suppression(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_cast(session, settings)
        leave(session, settings, DAN)

        assert state(session, DAN) == "suppressed"
        assert letters(session) == []


def test_the_unconfirmed_may_leave_too(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)
        leave(session, settings)

        assert state(session) == "unsubscribed"


def test_a_confirm_token_unsubscribes_nobody(store: Store, settings: Settings) -> None:
    with store.write() as session:
        ask(session, settings)

        with pytest.raises(TokenError):
            unsubscribe(session, settings, mailed_token(session), MONDAY)


def test_the_link_is_ours(settings: Settings) -> None:
    assert unsubscribe_url(settings, 7, 42).startswith("https://verdicts.example/unsubscribe/")


# ── suppression ──────────────────────────────────────────────────────────────────────────────────


def test_the_first_reason_stands(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_subscriber(session, EVE)
        first = suppress(session, settings, parse_address(EVE), "a complaint", "test", MONDAY)
        again = suppress(session, settings, parse_address(EVE.upper()), "a bounce", "test", MONDAY)

        assert (first, again) == (True, False)
        assert [row.reason for row in suppressions(session)] == ["a complaint"]


def test_a_suppression_needs_no_subscriber(store: Store, settings: Settings) -> None:
    with store.write() as session:
        suppress(session, settings, parse_address(EVE), "asked by phone", "test", MONDAY)

        assert ask(session, settings) is SignupOutcome.SUPPRESSED


def test_lifting_one_mails_nobody_yet(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    make_ready(store, settings, [EVE])
    with store.write() as session:
        suppress(session, settings, parse_address(EVE), "a bounce", "test", MONDAY)
        unsuppress(session, settings, parse_address(EVE), "the mailbox is back", "ada", MONDAY)
        assert state(session) == "unsubscribed"

    send_edition(store, settings, 1, mailer, FakeClock(MONDAY))

    assert mailer.recipients == [BEN]


def test_only_what_is_suppressed_is_lifted(store: Store, settings: Settings) -> None:
    with store.write() as session, pytest.raises(NotFound, match=f"no suppression for {EVE}"):
        unsuppress(session, settings, parse_address(EVE), "why not", "ada", MONDAY)


# ── forgetting ───────────────────────────────────────────────────────────────────────────────────


def everything(store: Store) -> str:
    with store.engine.connect() as connection:
        names = SQLModel.metadata.tables
        return "\n".join(str(list(connection.execute(text(f'SELECT * FROM "{name}"')))) for name in names).casefold()


def erased(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    """Eve asked, was mailed, bounced, and wants to be forgotten."""
    make_ready(store, settings, [EVE])
    mailer.refuse[EVE] = (550, f"5.1.1 <{EVE}> no such user")
    send_edition(store, settings, 1, mailer, FakeClock(MONDAY))
    with store.write() as session:
        eve = find_subscriber(session, EVE)
        eve.name = "Eve Example"
        leave(session, settings)
        session.add(
            Bounce(raw_hash="0" * 64, kind="hard", reason="r", why="w", subscriber_id=eve.id, received_at=MONDAY)
        )
        session.flush()
        erase(session, settings, Address(EVE, EVE), "ada", MONDAY)


def test_erasing_leaves_only_the_hash(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    erased(store, settings, mailer)

    assert EVE not in everything(store)
    assert "eve example" not in everything(store)
    with store.read() as session:
        assert [row.address for row in session.exec(select(Suppression)) if row.address != DAN] == [None]
        assert [row.subscriber_id for row in session.exec(select(Bounce))] == [None]


def test_erasing_keeps_the_sums(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    erased(store, settings, mailer)

    with store.read() as session:
        assert ledger.counts(session, 1) == {"accepted": 1, "failed": 1}


def test_the_erased_are_never_mailed_again(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    erased(store, settings, mailer)
    with store.write() as session:
        assert ask(session, settings) is SignupOutcome.SUPPRESSED
    make_ready(store, settings, [FAY], number=2)

    send_edition(store, settings, 2, mailer, FakeClock(MONDAY))

    assert sorted(mailer.recipients[1:]) == [BEN, FAY]


def test_erasing_a_stranger_is_a_sentence(store: Store, settings: Settings) -> None:
    with store.write() as session, pytest.raises(NotFound, match=f"There is no subscriber {EVE}"):
        erase(session, settings, Address(EVE, EVE), "ada", MONDAY)


def test_an_export_names_no_erased_person(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    erased(store, settings, mailer)

    with store.read() as session:
        assert EVE not in export_csv(session)
