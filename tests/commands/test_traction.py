"""What `tools show` tells of stars and points over time."""

from datetime import timedelta

from catalog.traction import record_traction
from db.session import Store
from tests.commands.shell import call
from tests.factories import MONDAY, make_launch, make_tool


def test_gained_stars_are_shown_by_the_day(home: Store) -> None:
    with home.write() as session:
        launch = make_launch(session, make_tool(session), external_id="repository", traction={"stars": 90})
        for day, stars in ((0, 20), (7, 90)):
            record_traction(session, launch.id or 0, {"stars": stars}, MONDAY + timedelta(days=day))
    launches = call("tools", "show", "kettle", "--json").document["launches"]
    [told] = [one["traction_over_time"]["stars"] for one in launches if one["external_id"] == "repository"]

    assert told["days"] == {"0": 20, "1": None, "7": 90}
    assert (told["gained"], told["deltas"][0]["per_day"]) == (70, 10)
