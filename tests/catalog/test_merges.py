"""Two rows become one, and two again: nothing is lost, and nothing readers were shown is folded away."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, col, select

from catalog.joining.belongings import BELONGINGS, name_of
from catalog.joining.merge_alerts import clear_settled_verdicts
from catalog.joining.refusals import is_refused
from catalog.launches import record_launch
from catalog.merges import merge_tools, preview_merge, undo_merge
from catalog.redirects import find_tool, free_slug
from db import alerts
from db.models import AuditEntry, Comparison, Fact, Launch, Merge, MergeProposal, Release, Review, Tool, ToolKey
from db.session import Store
from errors import NotAllowed
from tests.catalog.items import item
from tests.catalog.two_tools import all_rows, ask, compare, make_full, review, verdict
from tests.factories import ADA, MONDAY, make_fact, make_source, make_tool

LATER = MONDAY + timedelta(days=2)
WHY = "one tool under two names"
EXTRAS = ("third", "clash", "reviewed clash", "self", "reviewed self", "published self", "single", "verdict", "asked")


def two(session: Session) -> tuple[Tool, Tool]:
    return make_full(session, "Kettle", ("1.0", "1.1")), make_full(session, "Teapot", ("1.0", "2.0"))


def merge(session: Session, keep: Tool, gone: Tool) -> Merge:
    return merge_tools(session, keep, gone, WHY, ADA, LATER)


def add_extras(session: Session, a: Tool, b: Tool, extras: set[str]) -> None:
    other = make_tool(session, "Anvil")
    if "third" in extras:
        review(session, compare(session, b, make_tool(session, "Lathe")), b)
    if "clash" in extras or "reviewed clash" in extras:
        stays, goes = compare(session, a, other, "drafted"), compare(session, b, other)
        review(session, stays, a)
        if "reviewed clash" in extras:
            review(session, goes, b)
    if "self" in extras or "reviewed self" in extras or "published self" in extras:
        of_both = compare(session, a, b, "published" if "published self" in extras else "pending")
        for tool in (a, b) if "self" not in extras else ():
            review(session, of_both, tool)
    if "single" in extras:
        compare(session, b, None)
    if "verdict" in extras:
        verdict(session, compare(session, a, make_tool(session, "Cinder"), "published"), a)
        verdict(session, compare(session, b, make_tool(session, "Emberloaf"), "published"), b, "skip")
    if "asked" in extras:
        ask(session, a, other)
        ask(session, b, other, "refused")


def test_every_table_that_names_a_tool_is_thought_of() -> None:
    naming = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "tool"
    }
    moved = {(name_of(table), "tool_id") for table in BELONGINGS}
    pairs = {(table, f"tool_{side}_id") for table in ("comparison", "mergeproposal") for side in "ab"}

    assert naming == moved | pairs | {("merge", "kept_id")}


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sets(st.sampled_from(EXTRAS)), st.booleans())
def test_undone_merge_leaves_every_row_as_it_was(store: Store, extras: set[str], swapped: bool) -> None:
    with store.read() as session:
        a, b = two(session)
        add_extras(session, a, b, extras)
        keep, gone = (b, a) if swapped else (a, b)
        before = all_rows(session)
        done = merge(session, keep, gone)
        merged = all_rows(session)
        undo_merge(session, done.id or 0, ADA, LATER)
        session.delete(session.exec(select(MergeProposal).where(MergeProposal.decided_by == ADA)).one())
        after = all_rows(session)
        session.rollback()
        session.expunge_all()

    assert merged != before
    assert after == before


def test_everything_changes_hands(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        merge(session, keep, gone)
        left = {name_of(table): set(session.exec(select(table.tool_id))) for table in BELONGINGS}  # type: ignore[attr-defined]

    assert {name: owners for name, owners in left.items() if owners - {keep.id}} == {}


def test_former_slugs_lead_to_the_kept_tool(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        merge(session, keep, gone)
        found = [find_tool(session, slug) for slug in ("teapot", "old-teapot", "old-kettle", "kettle", "unknown")]
        free = free_slug(session, "Teapot")

    assert found == [keep, keep, keep, keep, None]
    assert free == "teapot-2"


def test_version_of_both_stays_once_with_its_earlier_date(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        theirs = session.exec(select(Release).where(Release.tool_id == gone.id, Release.version == "1.0")).one()
        theirs.released_at = MONDAY
        merge(session, keep, gone)
        found = {one.version: one.released_at for one in session.exec(select(Release))}

    assert found == {"1.0": MONDAY, "1.1": None, "2.0": None}


def test_earliest_dates_stay(store: Store) -> None:
    early = MONDAY - timedelta(days=9)
    with store.write() as session:
        keep = make_tool(session, "Kettle", launched_at=None)
        merge(session, keep, make_tool(session, "Teapot", first_seen_at=early, launched_at=early))

    assert (keep.first_seen_at, keep.launched_at) == (early, early)


def test_merge_is_audited_with_its_reason(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        merge(session, keep, gone)
        said = session.exec(select(AuditEntry)).one()

    assert (said.who, said.action, said.detail["absorbed"], said.detail["why"]) == (ADA, "merge tools", "teapot", WHY)


def test_tool_is_not_merged_with_itself(store: Store) -> None:
    with store.write() as session:
        tool = make_tool(session)
        with pytest.raises(NotAllowed, match="this one tool"):
            merge(session, tool, tool)


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────


def test_pair_stays_ordered_when_its_tool_changes(store: Store) -> None:
    with store.write() as session:
        gone, other, keep = (make_tool(session, name) for name in ("Teapot", "Anvil", "Kettle"))
        moved = compare(session, gone, other)
        merge(session, keep, gone)

    assert moved.tool_ids == (other.id, keep.id)


def test_clashing_pair_folds_into_the_one_with_more_in_it(store: Store) -> None:
    with store.write() as session:
        keep, gone, other = (make_tool(session, name) for name in ("Kettle", "Teapot", "Anvil"))
        empty, drafted = compare(session, keep, other), compare(session, gone, other, "drafted")
        said = review(session, drafted, gone)
        done = merge(session, keep, gone)
        left = session.exec(select(Comparison)).all()

    assert [one.id for one in left] == [drafted.id]
    assert (said.tool_id, said.replaced_at) == (keep.id, None)
    assert [row["id"] for row in done.moved["dropped"]["comparison"]] == [empty.id]


def test_folded_reviews_stay_as_replaced_ones(store: Store) -> None:
    with store.write() as session:
        keep, gone, other = (make_tool(session, name) for name in ("Kettle", "Teapot", "Anvil"))
        stays, goes = compare(session, keep, other, "drafted"), compare(session, gone, other)
        review(session, stays, keep)
        said = review(session, goes, gone)
        merge(session, keep, gone)

        assert (said.comparison_id, said.tool_id, said.replaced_at) == (stays.id, keep.id, LATER)


def test_two_judged_comparisons_of_one_pair_stop_the_merge(store: Store) -> None:
    with store.write() as session:
        keep, gone, other = (make_tool(session, name) for name in ("Kettle", "Teapot", "Anvil"))
        for tool in (keep, gone):
            verdict(session, compare(session, tool, other, "published"), tool)
        before = all_rows(session)
        preview = preview_merge(session, keep, gone)
        with pytest.raises(NotAllowed, match="1 \\(kettle-vs-anvil\\) and 2 \\(teapot-vs-anvil\\)"):
            merge(session, keep, gone)

        assert "must not be lost" in preview.refusal
        assert all_rows(session) == before


def test_published_comparison_of_the_two_stays_published(store: Store) -> None:
    with store.write() as session:
        keep, gone = make_tool(session, "Kettle"), make_tool(session, "Teapot")
        shown = compare(session, keep, gone, "published")
        reviews = [review(session, shown, tool) for tool in (keep, gone)]
        for tool in (keep, gone):
            verdict(session, shown, tool)
        merge(session, keep, gone)

        assert (shown.state, shown.tool_ids) == ("published", (keep.id,))
        assert [one.replaced_at for one in reviews] == [None, LATER]


def test_begun_comparison_of_the_two_is_rejected_with_the_reason(store: Store) -> None:
    with store.write() as session:
        keep, gone = make_tool(session, "Kettle"), make_tool(session, "Teapot")
        begun = compare(session, keep, gone, "drafted")
        review(session, begun, gone)
        merge(session, keep, gone)

    assert (begun.state, begun.decided_by, begun.tool_b_id) == ("rejected", ADA, None)
    assert "Teapot (teapot) is Kettle itself" in (begun.decided_why or "")


def test_approved_comparison_of_the_two_stops_the_merge(store: Store) -> None:
    with store.write() as session:
        keep, gone = make_tool(session, "Kettle"), make_tool(session, "Teapot")
        compare(session, keep, gone, "approved")
        with pytest.raises(NotAllowed, match="take it out of its edition"):
            merge(session, keep, gone)


# ── two verdicts ─────────────────────────────────────────────────────────────────────────────────


def judged_twice(session: Session) -> tuple[Merge, Tool]:
    keep, gone = make_tool(session, "Kettle"), make_tool(session, "Teapot")
    for tool, rival, outcome in ((keep, "Anvil", "ship"), (gone, "Lathe", "skip")):
        verdict(session, compare(session, tool, make_tool(session, rival), "published"), tool, outcome)
    return merge(session, keep, gone), keep


def test_two_verdicts_raise_an_alert_that_names_both(store: Store) -> None:
    with store.write() as session:
        done, _ = judged_twice(session)
        [alert] = alerts.open_alerts(session)

    assert "ship in comparison 1, 2026-11-16; skip in comparison 2, 2026-11-16" in alert.what
    assert f"tools unmerge {done.id}" in alert.cure


def test_alert_of_two_verdicts_ends_with_a_newer_one(store: Store) -> None:
    with store.write() as session:
        _, keep = judged_twice(session)
        clear_settled_verdicts(session, LATER)
        open_before = len(alerts.open_alerts(session))
        newer = verdict(session, session.get_one(Comparison, 1), keep)
        newer.decided_at = LATER + timedelta(hours=1)
        clear_settled_verdicts(session, LATER)

        assert (open_before, alerts.open_alerts(session)) == (1, [])


def test_alert_of_two_verdicts_ends_with_the_undoing(store: Store) -> None:
    with store.write() as session:
        done, _ = judged_twice(session)
        undo_merge(session, done.id or 0, ADA, LATER)

        assert alerts.open_alerts(session) == []


# ── and back ─────────────────────────────────────────────────────────────────────────────────────


def test_later_rows_stay_unless_their_address_is_the_other_ones(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        done = merge(session, keep, gone)
        make_source(session)
        record_launch(session, item("new-1", "https://kettle.example/", name="Kettle"), LATER)
        record_launch(session, item("new-2", "https://teapot.example/", name="Teapot"), LATER)
        ours, theirs = make_fact(session, keep, "seats", "5"), make_fact(session, keep, "seats", "9")
        page = session.get_one(type(ours).__mapper__.registry._class_registry["Snapshot"], theirs.snapshot_id)
        page.url = "https://teapot.example/pricing"
        session.flush()
        back = undo_merge(session, done.id or 0, ADA, LATER)
        owners = dict(session.execute(select(Launch.external_id, Launch.tool_id)).all())

        assert (owners["new-1"], owners["new-2"]) == (keep.id, back.id)
        assert (ours.tool_id, theirs.tool_id) == (keep.id, back.id)


def test_undone_pair_is_never_joined_by_itself_again(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        back = undo_merge(session, merge(session, keep, gone).id or 0, ADA, LATER)
        make_source(session)
        session.add(ToolKey(kind="repository", value="acme/teapot", tool_id=back.id or 0))
        record_launch(session, item("x", keep.home_url, repository="https://github.com/acme/teapot"), LATER)

        assert is_refused(session, keep, back)
        assert len(session.exec(select(Tool)).all()) == 2


def test_merge_is_undone_once(store: Store) -> None:
    with store.write() as session:
        done = merge(session, *two(session))
        undo_merge(session, done.id or 0, ADA, LATER)
        with pytest.raises(NotAllowed, match="has undone it already"):
            undo_merge(session, done.id or 0, ADA, LATER)


def test_merges_into_one_tool_are_undone_in_any_order(store: Store) -> None:
    with store.write() as session:
        keep = make_tool(session, "Kettle", launched_at=MONDAY)
        others = [
            make_tool(session, name, launched_at=MONDAY - timedelta(days=days))
            for name, days in (("Teapot", 3), ("Samovar", 9))
        ]
        before = all_rows(session)
        done = [merge(session, keep, gone) for gone in others]
        for one in done:
            undo_merge(session, one.id or 0, ADA, LATER)
        for refused in session.exec(select(MergeProposal)).all():
            session.delete(refused)

        assert all_rows(session) == before


def test_chain_is_undone_from_its_end(store: Store) -> None:
    with store.write() as session:
        first, second, third = (make_tool(session, name) for name in ("Kettle", "Teapot", "Samovar"))
        inner = merge(session, second, third)
        outer = merge(session, first, second)
        with pytest.raises(NotAllowed, match=f"by merge {outer.id}; undo that one first"):
            undo_merge(session, inner.id or 0, ADA, LATER)
        undo_merge(session, outer.id or 0, ADA, LATER)
        undo_merge(session, inner.id or 0, ADA, LATER)
        slugs = session.exec(select(Tool.slug).order_by(col(Tool.id))).all()

    assert slugs == ["kettle", "teapot", "samovar"]


def test_number_of_a_merged_tool_is_not_given_again(store: Store) -> None:
    with store.write() as session:
        keep, gone = make_tool(session, "Kettle"), make_tool(session, "Teapot")
        gone_id = gone.id
        done = merge(session, keep, gone)
        make_source(session)
        recorded = record_launch(session, item("x", "https://pan.example/", name="Pan"), LATER)
        back = undo_merge(session, done.id or 0, ADA, LATER)

    assert (back.id, recorded.tool_id) == (gone_id, (gone_id or 0) + 1)


def test_preview_counts_and_changes_nothing(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        add_extras(session, keep, gone, {"reviewed clash", "self"})
        before = all_rows(session)
        told = preview_merge(session, keep, gone)

        assert (told.moves["fact"], told.moves["launch"], told.moves["comparison"]) == (2, 1, 2)
        assert "release 1.0: both have it, the earlier stays" in told.clashes
        assert any("goes into comparison" in clash for clash in told.clashes)
        assert all_rows(session) == before


@pytest.mark.postgres
def test_merge_and_undo_are_the_same_on_postgres(postgres_url: str) -> None:
    from db.session import make_engine, upgrade

    upgrade(postgres_url)
    store = Store(make_engine(postgres_url))
    with store.write() as session:
        a, b = two(session)
        add_extras(session, a, b, {"third", "reviewed clash", "published self", "single", "verdict", "asked"})
        before = all_rows(session)
        undo_merge(session, merge(session, a, b).id or 0, ADA, LATER)
        session.delete(session.exec(select(MergeProposal).where(MergeProposal.decided_by == ADA)).one())
        after = all_rows(session)
    store.close()

    assert after == before


def test_facts_keep_their_evidence(store: Store) -> None:
    with store.write() as session:
        keep, gone = two(session)
        facts = [fact.id for fact in session.exec(select(Fact).where(Fact.tool_id == gone.id))]
        merge(session, keep, gone)
        owners = session.exec(select(Fact.tool_id).where(col(Fact.id).in_(facts))).all()
        reviews = session.exec(select(Review)).all()

    assert (set(owners), reviews) == ({keep.id}, [])
