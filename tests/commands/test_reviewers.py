"""reviewers: the panel and its record, for programs and for people."""

from db.models import Verdict
from db.session import Store
from tests.commands.shell import call


def test_empty_store_has_lenses_without_figures(home: Store) -> None:
    document = call("reviewers", "--json").document

    assert [one["key"] for one in document["reviewers"]] == ["builder", "skeptic", "futurist", "founder"]
    assert {one["ship_rate"]["share"] for one in document["reviewers"]} == {None}
    assert (document["panel"]["n"], document["panel"]["effective_votes"]) == (4, None)
    assert document["panel"]["sentence"].startswith("Four reviewers; ")


def test_empty_store_is_a_table_of_dashes(home: Store) -> None:
    said = call("reviewers")

    assert (said.code, said.err) == (0, "")
    assert "Compared with what?" in said.out
    assert "6 months" in said.out
    assert "None" not in said.out


def test_votes_of_the_week_are_counted(week: Store) -> None:
    found = {one["key"]: one for one in call("reviewers", "--json").document["reviewers"]}

    assert (found["builder"]["votes"], found["builder"]["ship_rate"]["hits"]) == (2, 2)
    assert (found["founder"]["votes"], found["founder"]["ship_rate"]["hits"]) == (2, 0)
    assert found["founder"]["split_rate"]["share"] == 1
    assert found["builder"]["written_by"] == {"person": 2}
    assert (found["builder"]["agreement"]["skeptic"]["shared"], found["builder"]["agreement"]["skeptic"]["r"]) == (
        2,
        None,
    )
    assert set(found["founder"]["agreement"]) == {"builder", "skeptic", "futurist"}


def test_record_is_a_table_with_its_sentence(week: Store) -> None:
    add_verdicts(week, ["ship ship ship ship"] * 6 + ["ship skip skip skip"] * 6 + ["ship ship skip ship"] * 4)
    said = call("reviewers")
    panel = call("reviewers", "--json").document["panel"]

    assert panel["counted"] == ["skeptic", "futurist", "founder"]
    assert (
        panel["effective_votes_interval"]["low"]
        <= panel["effective_votes"]
        <= panel["effective_votes_interval"]["high"]
    )
    assert panel["sentence"] in " ".join(said.out.split())
    assert "Builder and Skeptic" in said.out
    assert "100 % (82 to 100 %) of 18" in said.out
    assert said.out.count("Builder has shipped every tool in 18 votes; it has never said no.") == 1


def test_look_alikes_are_named_once(week: Store) -> None:
    add_verdicts(week, ["ship ship skip skip"] * 5 + ["skip skip skip ship"] * 5)
    said = call("reviewers")

    assert said.out.count("Builder and Skeptic agree in every one of 12 shared votes.") == 1


def add_verdicts(store: Store, votes: list[str]) -> None:
    """More of the week's, each on a tool and comparison of its own."""
    from tests.factories import MONDAY, make_single

    with store.write() as session:
        for index, stances in enumerate(votes):
            comparison = make_single(session, f"Tool {index}")
            marks = dict(zip(("builder", "skeptic", "futurist", "founder"), stances.split(), strict=True))
            counts = {"ships": stances.count("ship"), "skips": stances.count("skip")}
            given = {"outcome": "watch", "evidence": "documented", "approved_by": "ada@verdicts.example", **counts}
            session.add(
                Verdict(
                    tool_id=comparison.tool_a_id, comparison_id=comparison.id, marks=marks, decided_at=MONDAY, **given
                )
            )
