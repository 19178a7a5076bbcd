"""An edition before it is sent: built, approved by name, frozen, withdrawn, and decided at the deadline."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from config import EditionRules, Schedule, Settings
from db import audit
from db.models import Comparison, Delivery, Edition, Entry, FrozenEdition, Launch, Tool
from db.session import Store
from digest import editions
from digest.editions import DeadlineOutcome, apply_deadline, approve_edition, build_edition, verify_edition, withdraw
from digest.send import send_edition
from digest.steering import cancel_edition
from errors import NotAllowed, NotFound
from jobs import lenses
from tests.digest.sending import alerts_of
from tests.factories import (
    ADA,
    BEN,
    MONDAY,
    make_approved_comparison,
    make_approved_edition,
    make_cast,
    make_edition,
    make_editor,
    make_frozen,
    make_launch,
    make_tool,
)
from tests.fakes import FakeClock, FakeMailer

FRIDAY = datetime.fromisoformat("2026-11-20T06:00+00:00")  # 07:00 in Berlin
CUTOFF = FRIDAY - timedelta(hours=1)
NOTE = "Nothing new was worth your time this week. We will be back on Friday."


def ruled(settings: Settings, **rules: Any) -> Settings:
    return settings.model_copy(update={"edition": EditionRules(**rules)})


def entries(session: Session, number: int = 1) -> list[str]:
    query = select(Comparison.slug).join(Entry).join(Edition, Edition.id == Entry.edition_id)
    return list(session.exec(query.where(Edition.number == number).order_by(Entry.position)))


def approve(session: Session, settings: Settings, edition: Edition, now: datetime = MONDAY) -> FrozenEdition:
    return approve_edition(session, settings, edition, ADA, lenses(), now)


# ── building ─────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_for_the_next_send(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = build_edition(session, settings, MONDAY)

    assert (edition.number, edition.state, edition.send_at, edition.cutoff_at) == (1, "draft", FRIDAY, CUTOFF)
    assert (edition.from_at, edition.until_at) == (MONDAY - timedelta(days=7), MONDAY)


def test_building_again_changes_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        first = build_edition(session, settings, MONDAY)
        again = build_edition(session, settings, MONDAY + timedelta(days=1))

        assert again.id == first.id
        assert again.until_at == MONDAY + timedelta(days=1)
        assert entries(session) == ["kettle-vs-emberloaf"]


def test_entries_are_capped_and_best_first(store: Store, settings: Settings) -> None:
    with store.write() as session:
        for score, (a, b) in enumerate(["AB", "CD", "EF"]):
            make_approved_comparison(session, settings, a=a, b=b).score = score
        build_edition(session, ruled(settings, most_entries=2), MONDAY)

        assert entries(session) == ["e-vs-f", "c-vs-d"]


def test_only_approved_comparisons_get_in(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        make_approved_comparison(session, settings, a="C", b="D").state = "recheck"
        build_edition(session, settings, MONDAY)

        assert entries(session) == ["kettle-vs-emberloaf"]


def test_a_comparison_is_told_once(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)
        build_edition(session, settings, FRIDAY)

        assert (entries(session, 1), entries(session, 2)) == (["kettle-vs-emberloaf"], [])


def test_building_leaves_an_approved_one_alone(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        make_approved_comparison(session, settings, a="C", b="D")
        build_edition(session, settings, MONDAY + timedelta(days=1))

        assert entries(session) == ["kettle-vs-emberloaf"]
        assert (edition.state, edition.until_at) == ("approved", MONDAY)


def test_numbers_follow_each_other(store: Store, settings: Settings) -> None:
    with store.write() as session:
        numbers = [build_edition(session, settings, MONDAY + timedelta(weeks=week)).number for week in range(4)]

    assert numbers == [1, 2, 3, 4]


def test_weeks_leave_no_gap(store: Store, settings: Settings) -> None:
    with store.write() as session:
        first = build_edition(session, settings, MONDAY)
        second = build_edition(session, settings, MONDAY + timedelta(weeks=1))

        assert second.from_at == first.until_at


@pytest.mark.parametrize("how", ["skipped", "cancelled"])
def test_a_week_nobody_got_is_told_later(store: Store, settings: Settings, how: str) -> None:
    with store.write() as session:
        build_edition(session, settings, MONDAY)
        if how == "skipped":
            apply_deadline(session, settings, lenses(), CUTOFF)
        else:
            cancel_edition(session, 1, ADA, "wrong week", MONDAY)
        second = build_edition(session, settings, MONDAY + timedelta(weeks=1))

        assert second.from_at == MONDAY - timedelta(days=7)


def test_a_late_cutoff_holds_when_clocks_change(store: Store, settings: Settings) -> None:
    """In the week summer time begins, a cut-off half an hour before the send is still in that week."""
    late = settings.model_copy(update={"schedule": Schedule(timezone="Europe/Berlin", cutoff="fri 06:30")})
    with store.write() as session:
        edition = build_edition(session, late, datetime.fromisoformat("2027-03-30T09:00+00:00"))

    assert edition.send_at - edition.cutoff_at == timedelta(minutes=30)


def test_an_edition_is_found_by_number(store: Store, settings: Settings) -> None:
    with store.write() as session:
        first, second = make_edition(session, 1), make_edition(session, 2)

        assert editions.get_edition(session, 1) is first
        assert editions.get_edition(session, None) is second
        with pytest.raises(NotFound, match="There is no edition 7; build one"):
            editions.get_edition(session, 7)


# ── approving ────────────────────────────────────────────────────────────────────────────────────


def test_an_approval_bears_a_name(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        frozen = session.get_one(FrozenEdition, edition.id)

        assert (edition.state, frozen.approved_by) == ("approved", ADA)
        assert frozen.content["approved_by"] == "Ada Moreno"
        assert audit.latest(session, 1)[0].detail == {"content_hash": frozen.content_hash}


@pytest.mark.parametrize("by", ["mallory@example.org", "", "gone@verdicts.example"])
def test_only_an_editor_approves(store: Store, settings: Settings, by: str) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        make_editor(session, "gone@verdicts.example").is_active = False
        edition = build_edition(session, settings, MONDAY)

        with pytest.raises(NotFound, match="There is no editor"):
            approve_edition(session, settings, edition, by, lenses(), MONDAY)
        assert edition.state == "draft"


@pytest.mark.parametrize("state", ["approved", "sending", "sent", "skipped", "cancelled", "paused"])
def test_only_a_draft_is_approved(store: Store, settings: Settings, state: str) -> None:
    with store.write() as session:
        make_editor(session)
        edition = make_edition(session, state=state)

        with pytest.raises(NotAllowed, match=f"Edition 1 cannot be approved: it is {state}"):
            approve(session, settings, edition)


def test_an_undecided_entry_stops_the_approval(store: Store, settings: Settings) -> None:
    with store.write() as session:
        pair = make_approved_comparison(session, settings)
        edition = build_edition(session, settings, MONDAY)
        pair.state = "recheck"
        session.add(pair)

        with pytest.raises(NotAllowed, match=r"1 of its entries are not approved \(kettle-vs-emberloaf\)"):
            approve(session, settings, edition)


def test_an_empty_edition_needs_a_note(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_editor(session)
        edition = build_edition(session, settings, MONDAY)

        with pytest.raises(NotAllowed, match="no entries, and no quiet_week_note"):
            approve(session, settings, edition)
        assert approve(session, ruled(settings, quiet_week_note=NOTE), edition).content["note"] == NOTE


def test_what_was_approved_stays(store: Store, settings: Settings) -> None:
    """Facts, names and settings move afterwards; mail and web copy do not."""
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        before = session.get_one(FrozenEdition, edition.id).model_dump()
        for tool in session.exec(select(Tool)):
            tool.name, tool.tagline = "Renamed", "Something else."
        renamed = settings.model_copy(update={"base_url": "https://elsewhere.example"})

        after = editions.preview(session, renamed, edition, lenses())
        assert session.get_one(FrozenEdition, edition.id).model_dump() == before
        assert after.subject == before["subject"]
        assert "Renamed" not in after.text


def test_what_is_frozen_is_what_was_previewed(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        edition = build_edition(session, settings, MONDAY)
        seen = editions.content_of(session, settings, edition, lenses(), "Ada Moreno")

        assert approve(session, settings, edition).content == seen


@pytest.mark.parametrize("column", ["subject", "html", "text"])
def test_a_changed_byte_is_found(store: Store, settings: Settings, column: str) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        frozen = verify_edition(session, edition)
        text = getattr(frozen, column)
        setattr(frozen, column, text[:-1] + chr(ord(text[-1]) ^ 1))

        with pytest.raises(NotAllowed, match="is not what ada@verdicts"):
            verify_edition(session, edition)


def test_a_changed_content_is_found(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        frozen = verify_edition(session, edition)
        frozen.content = frozen.content | {"number": 2}

        with pytest.raises(NotAllowed, match="is not what ada@verdicts"):
            verify_edition(session, edition)


def test_parts_cannot_be_moved_about() -> None:
    one = editions.hash_of("a", "b", "c", {})

    assert one != editions.hash_of("ab", "", "c", {})
    assert one != editions.hash_of("a", "bc", "", {})


def test_a_draft_has_nothing_to_verify(store: Store, settings: Settings) -> None:
    with store.write() as session, pytest.raises(NotAllowed, match="it is draft: nothing is frozen yet"):
        verify_edition(session, build_edition(session, settings, MONDAY))


def test_both_databases_keep_the_hash(either_store: Store, either_settings: Settings) -> None:
    with either_store.write() as session:
        make_approved_edition(session, either_settings)

    with either_store.read() as session:
        assert verify_edition(session, editions.get_edition(session, 1)).approved_by == ADA


# ── withdrawing ──────────────────────────────────────────────────────────────────────────────────


def test_an_approval_can_be_withdrawn(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        withdraw(session, edition, ADA, "a typo", MONDAY)

        assert edition.state == "draft"
        assert session.exec(select(FrozenEdition)).all() == []
        assert approve(session, settings, edition).approved_by == ADA


def test_a_draft_cannot_be_withdrawn(store: Store, settings: Settings) -> None:
    with store.write() as session, pytest.raises(NotAllowed, match="cannot be withdrawn: it is draft"):
        withdraw(session, build_edition(session, settings, MONDAY), ADA, "a typo", MONDAY)


def test_nothing_is_withdrawn_once_sending(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)
    send_edition(store, settings, 1, mailer, FakeClock(FRIDAY))

    with store.write() as session, pytest.raises(NotAllowed, match="it is sent"):
        withdraw(session, editions.get_edition(session, 1), ADA, "a typo", FRIDAY)
    assert mailer.recipients == [BEN]


def test_a_ledger_outranks_the_state(store: Store, settings: Settings, mailer: FakeMailer) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)
    send_edition(store, settings, 1, mailer, FakeClock(FRIDAY))

    with store.write() as session:
        edition = editions.get_edition(session, 1)
        edition.state = "approved"
        with pytest.raises(NotAllowed, match="some of it was sent"):
            withdraw(session, edition, ADA, "a typo", FRIDAY)
        assert session.exec(select(Delivery)).all()


def flip(session: Session, why: str = "Kettle: entry price $29/month → $49/month") -> list[Comparison]:
    pair = session.exec(select(Comparison)).one()
    pair.state, pair.recheck_why = "recheck", why
    session.add(pair)
    return [pair]


def test_a_moved_fact_withdraws_the_edition(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        assert editions.withdraw_resting_on(session, flip(session), MONDAY) == [edition]

    assert edition.state == "draft"
    assert alerts_of(store) == {
        "withdrawn:1": "Edition 1 went back to draft: Kettle: entry price $29/month → $49/month."
    }


def test_approving_again_clears_the_alert(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_approved_edition(session, settings)
        [pair] = flip(session)
        editions.withdraw_resting_on(session, [pair], MONDAY)
        pair.state = "approved"
        approve(session, settings, edition)

    assert alerts_of(store) == {}


def test_a_moved_fact_leaves_others_alone(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        edition = build_edition(session, settings, MONDAY)
        loose = make_approved_comparison(session, settings, a="C", b="D")

        assert editions.withdraw_resting_on(session, [loose, *session.exec(select(Comparison)).all()], MONDAY) == []
        assert edition.state == "draft"


# ── the deadline ─────────────────────────────────────────────────────────────────────────────────


def decide(store: Store, settings: Settings, *, with_entry: bool, role: str = "admin") -> DeadlineOutcome:
    with store.write() as session:
        make_editor(session, role=role)
        if with_entry:
            make_approved_comparison(session, settings)
        make_cast(session, settings)
        build_edition(session, settings, MONDAY)
        outcome, _ = apply_deadline(session, settings, lenses(), CUTOFF)
    return outcome


def noted(settings: Settings, policy: str) -> Settings:
    return ruled(settings, deadline_policy=policy, quiet_week_note=NOTE, quiet_week_note_approved_by=ADA)


POLICIES = [
    ("send_approved", True, True, "approved by policy"),
    ("send_approved", True, False, "approved by policy"),
    ("send_approved", False, True, "quiet-week note"),
    ("send_approved", False, False, "skipped"),
    ("quiet_week", True, True, "quiet-week note"),
    ("quiet_week", False, True, "quiet-week note"),
    ("skip", True, True, "skipped"),
    ("skip", False, True, "skipped"),
    ("skip", True, False, "skipped"),
]


@pytest.mark.parametrize(("policy", "with_entry", "with_note", "outcome"), POLICIES)
def test_each_policy_decides_as_written(
    store: Store, settings: Settings, policy: str, with_entry: bool, with_note: bool, outcome: str
) -> None:
    chosen = noted(settings, policy) if with_note else ruled(settings, deadline_policy=policy)

    assert decide(store, chosen, with_entry=with_entry) == outcome


@pytest.mark.parametrize(("policy", "with_entry", "with_note", "outcome"), POLICIES)
def test_no_policy_is_silent(
    store: Store, settings: Settings, mailer: FakeMailer, policy: str, with_entry: bool, with_note: bool, outcome: str
) -> None:
    """Either readers get something, or an alert says why not."""
    chosen = noted(settings, policy) if with_note else ruled(settings, deadline_policy=policy)
    decide(store, chosen, with_entry=with_entry)

    if outcome == "skipped":
        assert "skipped:1" in alerts_of(store)
    else:
        send_edition(store, chosen, 1, mailer, FakeClock(FRIDAY))
        assert mailer.recipients == [BEN]


def test_the_policy_signs_for_itself(store: Store, settings: Settings) -> None:
    decide(store, settings, with_entry=True)

    with store.read() as session:
        assert session.exec(select(FrozenEdition)).one().approved_by == "deadline policy: send_approved"


def test_a_quiet_week_names_who_wrote_it(store: Store, settings: Settings) -> None:
    decide(store, noted(settings, "send_approved"), with_entry=False)

    with store.read() as session:
        frozen = session.exec(select(FrozenEdition)).one()
    assert frozen.approved_by == f"deadline policy: quiet_week, note by {ADA}"
    assert NOTE.split(".")[0] in frozen.text


def test_a_note_no_admin_approved_is_not_sent(store: Store, settings: Settings) -> None:
    outcome = decide(store, noted(settings, "send_approved"), with_entry=False, role="editor")

    assert outcome is DeadlineOutcome.SKIPPED


def test_a_skipped_week_frees_its_entries(store: Store, settings: Settings) -> None:
    decide(store, ruled(settings, deadline_policy="skip"), with_entry=True)

    with store.write() as session:
        build_edition(session, settings, FRIDAY)
        assert entries(session, 2) == ["kettle-vs-emberloaf"]


def test_an_editors_approval_stands(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_edition(session, settings)

        assert apply_deadline(session, settings, lenses(), CUTOFF)[0] is DeadlineOutcome.ALREADY_APPROVED
        assert session.exec(select(FrozenEdition)).one().approved_by == ADA


def test_the_policy_waits_for_the_cutoff(store: Store, settings: Settings) -> None:
    with store.write() as session:
        build_edition(session, settings, MONDAY)
        before = apply_deadline(session, settings, lenses(), CUTOFF - timedelta(seconds=1))

        assert before == (DeadlineOutcome.NONE, None)
        assert editions.get_edition(session, 1).state == "draft"


def test_the_policy_takes_what_is_approved_late(store: Store, settings: Settings) -> None:
    with store.write() as session:
        build_edition(session, settings, MONDAY)
        make_approved_comparison(session, settings)

        assert apply_deadline(session, settings, lenses(), CUTOFF)[0] is DeadlineOutcome.APPROVED
        assert entries(session) == ["kettle-vs-emberloaf"]


def test_the_policy_leaves_a_recheck_out(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        build_edition(session, settings, MONDAY)
        flip(session)

        assert apply_deadline(session, settings, lenses(), CUTOFF)[0] is DeadlineOutcome.SKIPPED


def test_a_deadline_passes_once(store: Store, settings: Settings) -> None:
    decide(store, settings, with_entry=False)

    with store.write() as session:
        assert apply_deadline(session, settings, lenses(), CUTOFF) == (DeadlineOutcome.NONE, None)


def test_what_waits_is_counted(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_approved_comparison(session, settings)
        make_approved_comparison(session, settings, a="C", b="D").state = "recheck"

        assert editions.waiting_count(session) == 1


def test_launches_are_counted_in_one_week(store: Store, settings: Settings) -> None:
    """A launch on the border of two weeks stands in the first one only."""
    with store.write() as session:
        make_editor(session)
        first = build_edition(session, settings, MONDAY)
        make_launch(session, make_tool(session), first_seen_at=MONDAY)
        second = build_edition(session, settings, MONDAY + timedelta(weeks=1))

        counts = [editions.content_of(session, settings, one, lenses())["scope"]["launches"] for one in (first, second)]
        assert counts == [1, 0]
        assert len(session.exec(select(Launch)).all()) == 1


def test_a_frozen_record_serves_the_web_too(store: Store, settings: Settings) -> None:
    with store.write() as session:
        edition = make_edition(session, state="approved")
        make_frozen(session, edition, content={"number": 1, "subject": "kept"})

        assert editions.content_of(session, settings, edition, lenses()) == {"number": 1, "subject": "kept"}
