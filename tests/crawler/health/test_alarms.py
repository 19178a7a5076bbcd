"""What needs a person, and when it needs one no longer."""

from datetime import timedelta

from config import Settings
from crawler.health.alarms import KINDS, clear_disabled, usual_gap
from crawler.health.visits import record_visit
from db import alerts
from db.session import Store
from tests.crawler.health.test_visits import FAILED, GOOD
from tests.factories import MONDAY, make_launch, make_source


def test_switched_off_source_needs_nobody(store: Store) -> None:
    with store.write() as session:
        off, on = make_source(session, "off"), make_source(session, "on")
        off.is_enabled = False
        for key in ("off", "on"):
            for kind in KINDS:
                alerts.raise_alert(session, f"{kind}:{key}", "It failed.", "Look.", MONDAY)
        alerts.raise_alert(session, "job:off", "It failed.", "Look.", MONDAY)
        clear_disabled(session, [off, on], MONDAY)

        assert {alert.key for alert in alerts.open_alerts(session)} == {"job:off", *(f"{kind}:on" for kind in KINDS)}


def test_first_days_of_a_source_raise_nothing(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = make_source(session)
        make_launch(session, first_seen_at=MONDAY - timedelta(days=9), external_id="1")
        source.last_new_at = MONDAY - timedelta(days=9)
        record_visit(session, settings, "hackernews", GOOD, MONDAY, MONDAY)

        assert usual_gap(session, "hackernews") is None
        assert alerts.open_alerts(session) == []


def test_new_launch_ends_the_silence(store: Store, settings: Settings) -> None:
    with store.write() as session:
        source = make_source(session)
        for day in range(5):
            make_launch(session, first_seen_at=MONDAY - timedelta(days=30 - day), external_id=str(day))
        source.last_new_at = MONDAY - timedelta(days=26)
        record_visit(session, settings, "hackernews", GOOD, MONDAY, MONDAY)
        silent = [alert.key for alert in alerts.open_alerts(session)]
        source.last_new_at = MONDAY
        record_visit(session, settings, "hackernews", GOOD, MONDAY, MONDAY)

        assert (silent, alerts.open_alerts(session)) == (["source-silent:hackernews"], [])


def test_one_failure_between_keeps_the_alert_steady(store: Store, settings: Settings) -> None:
    with store.write() as session:
        make_source(session)
        for n in range(5):
            record_visit(session, settings, "hackernews", FAILED, MONDAY, MONDAY + timedelta(hours=n))
        [alert] = alerts.open_alerts(session)

    assert (alert.raised_at, alert.what) == (
        MONDAY + timedelta(hours=2),
        "Hackernews has failed 5 times in a row: no answer",
    )
