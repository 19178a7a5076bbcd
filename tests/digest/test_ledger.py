"""Every move of a ledger row is guarded: only the owner of a lease writes a result, and only once."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from config import Settings
from db.models import Delivery, Edition
from db.session import Store
from digest import ledger
from digest.ledger import LEASE, Leased
from tests.digest.sending import EVE, FAY, make_ready, many, rows, states, tally
from tests.factories import ADA, BEN, MONDAY, make_subscriber


@pytest.fixture
def frozen(ready: Store, settings: Settings) -> Store:
    """Edition 1 with its audience frozen: Ben, Eve and Fay."""
    with ready.write() as session:
        ledger.freeze_audience(session, settings, session.exec(select(Edition)).one())
    return ready


def lease(store: Store, settings: Settings, owner: str = "one", now=MONDAY) -> Leased | None:
    with store.write() as session:
        return ledger.lease_next(session, settings, 1, owner, now)


def leased_row(store: Store, settings: Settings, owner: str = "one") -> Leased:
    found = lease(store, settings, owner)
    assert found is not None
    return found


def row_of(store: Store, leased: Leased) -> Delivery:
    return rows(store)[leased.address]


def test_the_audience_is_the_active_ones(frozen: Store) -> None:
    assert states(frozen) == dict.fromkeys([BEN, EVE, FAY], "pending")


def test_a_large_audience_is_frozen_whole(store: Store, settings: Settings) -> None:
    make_ready(store, settings, many(2 * ledger.LOT + 1))

    with store.write() as session:
        edition = session.exec(select(Edition)).one()
        assert ledger.freeze_audience(session, settings, edition) == 2 * ledger.LOT + 2
        assert ledger.counts(session, 1) == {"pending": 2 * ledger.LOT + 2}


def test_the_order_lumps_no_import(store: Store, settings: Settings) -> None:
    make_ready(store, settings, many(200))
    with store.write() as session:
        ledger.freeze_audience(session, settings, session.exec(select(Edition)).one())

    by_order = sorted(rows(store).values(), key=lambda row: row.order_key)
    first_half = [row.subscriber_id for row in by_order[:100]]
    assert first_half != sorted(first_half)
    assert 60 < sum(first_half) / len(first_half) < 140


def test_a_row_is_leased_once(frozen: Store, settings: Settings) -> None:
    taken = [lease(frozen, settings, owner) for owner in ("one", "other", "one", "other")]

    assert len({row.subscriber_id for row in taken if row}) == 3
    assert taken[3] is None


def test_the_mark_needs_the_lease(frozen: Store, settings: Settings) -> None:
    leased = leased_row(frozen, settings)
    with frozen.write() as session:
        ledger.expire_leases(session, 1, MONDAY + LEASE)

        assert not ledger.mark_transmitting(session, leased, MONDAY)
        assert ledger.counts(session, 1) == {"pending": 3}


def test_the_mark_is_made_once(frozen: Store, settings: Settings) -> None:
    leased = leased_row(frozen, settings)
    with frozen.write() as session:
        assert ledger.mark_transmitting(session, leased, MONDAY)
        assert not ledger.mark_transmitting(session, leased, MONDAY)


@pytest.mark.parametrize(
    "write",
    [
        lambda session, leased: ledger.record_accepted(session, leased, "250 ok", MONDAY),
        lambda session, leased: ledger.record_failed(session, leased, 550, "no"),
        lambda session, leased: ledger.record_retry(session, leased, 450, "later", MONDAY),
        lambda session, leased: ledger.record_unknown(session, leased, "lost"),
        lambda session, leased: ledger.give_back(session, leased),
    ],
)
@pytest.mark.parametrize("marked", [False, True])
def test_a_stale_owners_result_is_ignored(frozen: Store, settings: Settings, write, marked: bool) -> None:
    """Its lease ran out; a second sender has the row now."""
    stale = leased_row(frozen, settings, "stale")
    with frozen.write() as session:
        ledger.expire_leases(session, 1, MONDAY + LEASE)
    fresh = next(row for row in iter(lambda: lease(frozen, settings, "fresh"), None) if row.address == stale.address)
    with frozen.write() as session:
        if marked:
            ledger.mark_transmitting(session, fresh, MONDAY)
        write(session, stale)

    row = row_of(frozen, fresh)
    assert (row.state, row.lease_owner) == ("transmitting" if marked else "leased", "fresh")


def test_a_result_is_written_once(frozen: Store, settings: Settings) -> None:
    leased = leased_row(frozen, settings)
    with frozen.write() as session:
        ledger.record_accepted(session, leased, "250 ok", MONDAY)
        ledger.record_failed(session, leased, 550, "no")

    assert row_of(frozen, leased).state == "accepted"


def test_an_earlier_attempts_result_is_ignored(frozen: Store, settings: Settings) -> None:
    first = leased_row(frozen, settings)
    with frozen.write() as session:
        ledger.record_retry(session, first, 450, "later", MONDAY)
    again = next(
        row
        for row in iter(lambda: lease(frozen, settings, "one", MONDAY + timedelta(hours=1)), None)
        if row.address == first.address
    )
    with frozen.write() as session:
        ledger.record_accepted(session, first, "250 ok", MONDAY)

    assert (row_of(frozen, again).state, again.attempts) == ("leased", 2)


def test_giving_back_costs_no_attempt(frozen: Store, settings: Settings) -> None:
    leased = leased_row(frozen, settings)
    with frozen.write() as session:
        ledger.give_back(session, leased)

    row = row_of(frozen, leased)
    assert (row.state, row.attempts, row.lease_owner) == ("pending", 0, None)


def left_by_the_dead(store: Store, settings: Settings) -> tuple[Leased, Leased]:
    one, other = leased_row(store, settings), leased_row(store, settings)
    with store.write() as session:
        ledger.mark_transmitting(session, other, MONDAY)
    return one, other


def test_expiry_tells_leased_from_transmitting(frozen: Store, settings: Settings) -> None:
    one, other = left_by_the_dead(frozen, settings)
    with frozen.write() as session:
        assert ledger.expire_leases(session, 1, MONDAY + LEASE) == 1

    assert (row_of(frozen, one).state, row_of(frozen, other).state) == ("pending", "unknown")
    assert row_of(frozen, other).remote_reply == "the sender stopped in the middle"


def test_a_running_lease_does_not_expire(frozen: Store, settings: Settings) -> None:
    left_by_the_dead(frozen, settings)
    with frozen.write() as session:
        ledger.expire_leases(session, 1, MONDAY + LEASE - timedelta(seconds=1))

    assert tally(frozen) == {"leased": 1, "transmitting": 1, "pending": 1}


def test_a_known_dead_owner_expires_at_once(frozen: Store, settings: Settings) -> None:
    left_by_the_dead(frozen, settings)
    with frozen.write() as session:
        ledger.expire_leases(session, 1, MONDAY, owners=["one"])

    assert tally(frozen) == {"pending": 2, "unknown": 1}


def test_jitter_stays_near_and_differs() -> None:
    found = [
        ledger.jitter(Leased(1, number, BEN, f"<{number}@v>", attempt, "one"))
        for number in range(50)
        for attempt in (1, 2)
    ]

    assert all(0.9 <= factor <= 1.1 for factor in found)
    assert len(set(found)) > 50
    assert found[0] == ledger.jitter(Leased(1, 0, BEN, "<0@v>", 1, "another"))


def test_a_long_reply_is_cut(frozen: Store, settings: Settings) -> None:
    leased = leased_row(frozen, settings)
    with frozen.write() as session:
        ledger.record_failed(session, leased, 550, "no " * 500)

    assert len(row_of(frozen, leased).remote_reply or "") == 300


def settled(store: Store, settings: Settings, choice: str) -> Counter[str]:
    leased = leased_row(store, settings)
    with store.write() as session:
        ledger.record_unknown(session, leased, "lost")
        assert [(row.state, who.address) for row, who in ledger.unknown_deliveries(session, 1)] == [
            ("unknown", leased.address)
        ]
        assert ledger.settle_unknown(session, the_edition(session), choice, ADA, MONDAY) == 1
        return ledger.counts(session, 1)


def the_edition(session: Session) -> Edition:
    return session.exec(select(Edition)).one()


@pytest.mark.parametrize(("choice", "counts"), [("resend", {"pending": 3}), ("assume", {"pending": 2, "accepted": 1})])
def test_unknown_is_listed_and_settled(frozen: Store, settings: Settings, choice: str, counts: dict[str, int]) -> None:
    assert settled(frozen, settings, choice) == counts


def test_a_cancel_takes_leased_rows_too(frozen: Store, settings: Settings) -> None:
    left_by_the_dead(frozen, settings)
    with frozen.write() as session:
        assert ledger.skip_open(session, 1, "cancelled") == 2

    assert tally(frozen) == {"skipped": 2, "transmitting": 1}


def test_nothing_is_open_once_all_is_settled(frozen: Store, settings: Settings) -> None:
    while leased := lease(frozen, settings):
        with frozen.write() as session:
            assert ledger.has_open(session, 1)
            ledger.record_accepted(session, leased, "250 ok", MONDAY)

    with frozen.read() as session:
        assert not ledger.has_open(session, 1)


def test_a_message_id_is_ours_and_lasting(frozen: Store, settings: Settings) -> None:
    again = ledger.new_row(b"k" * 40, "verdicts.example", 1, rows(frozen)[BEN].subscriber_id, BEN)

    assert again["message_id"] == rows(frozen)[BEN].message_id
    assert str(again["message_id"]).endswith("@verdicts.example>")


def test_both_databases_lease_alike(either_store: Store, either_settings: Settings) -> None:
    make_ready(either_store, either_settings, [EVE])
    with either_store.write() as session:
        ledger.freeze_audience(session, either_settings, the_edition(session))
        make_subscriber(session, FAY)

    with either_store.write() as one, either_store.read() as other:
        first = ledger.lease_next(one, either_settings, 1, "one", MONDAY)
        assert first is not None
        assert ledger.counts(other, 1) == {"pending": 2}
    assert lease(either_store, either_settings, "other") is not None
    assert lease(either_store, either_settings, "other") is None
