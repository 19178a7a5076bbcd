"""What keeps a tool, or two tools, out of a comparison: one clear sentence each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from panel.candidates import NEW
from panel.gates import READ_WITHIN, refuse_pair, refuse_tool
from panel.owners import owners_of
from tests.factories import MONDAY
from tests.panel.pair_tools import EMBER, KETTLE, LONG_AGO

INCOMPLETE = [
    ({"availability": "dead"}, "Kettle's own page could not be read (dead)."),
    ({"category": "other"}, "Kettle fits no category of ours, so nothing says what it would replace."),
    ({"home_url": ""}, "Kettle has no page of its own."),
    ({"repository": "k/kettle"}, "Kettle has a repository, and we found no licence for it."),
    ({"tier": None}, "Neither a price nor a licence of Kettle is known for sure."),
    ({"traction": {}}, "No source counts how much attention Kettle got."),
    ({"last_read_at": None}, "Kettle was never read; what we know of it must be at most 7 days old."),
    (
        {"last_read_at": MONDAY - READ_WITHIN - timedelta(seconds=1)},
        "Kettle was last read on 9 November; what we know of it must be at most 7 days old.",
    ),
]


@pytest.mark.parametrize(("values", "why"), INCOMPLETE)
def test_incomplete_tool_is_refused_in_a_sentence(values: dict[str, object], why: str) -> None:
    assert refuse_tool(replace(KETTLE, **values), MONDAY) == why


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"tier": None, "licence": "MIT", "repository": "k/kettle"},
        {"tier": None, "price": "$9/month"},
        {"last_read_at": MONDAY - READ_WITHIN},
    ],
)
def test_complete_tool_passes(values: dict[str, object]) -> None:
    assert refuse_tool(replace(KETTLE, **values), MONDAY) == ""


def test_two_rivals_pass() -> None:
    assert refuse_pair(KETTLE, EMBER, MONDAY) == ""


def refused(ours: dict[str, object], theirs: dict[str, object]) -> str:
    there, back = (
        refuse_pair(a, b, MONDAY)
        for a, b in (
            (replace(KETTLE, **ours), replace(EMBER, **theirs)),
            (replace(EMBER, **theirs), replace(KETTLE, **ours)),
        )
    )
    assert bool(there) == bool(back)
    return there


def test_one_owner_is_refused() -> None:
    owner = {"owners": frozenset({"kettle.example"})}

    assert refused(owner, owner) == "Kettle and Emberloaf have one owner (kettle.example)."


OWNERS = [
    ("https://huggingface.co/spaces/tidepool/kelpsort", None, {"huggingface.co/tidepool"}),
    ("https://huggingface.co/tidepool/other", None, {"huggingface.co/tidepool"}),
    ("https://github.com/Mosslab/gristmill", "mosslab/gristmill", {"github.com/mosslab"}),
    ("https://mosslab.github.io/gristmill", None, {"mosslab.github.io"}),
    ("https://openrouter.ai/oxbow/sorter", None, {"openrouter.ai/oxbow"}),
    ("https://pypi.org/project/kettle", None, {"pypi.org/kettle"}),
    ("https://www.kettle.example/a", "k/kettle", {"kettle.example", "github.com/k"}),
]


@pytest.mark.parametrize(("url", "repository", "owners"), OWNERS)
def test_owner_on_a_shared_host_is_the_first_path_part(url: str, repository: str | None, owners: set[str]) -> None:
    assert owners_of(url, repository) == owners


def test_two_old_tools_are_refused() -> None:
    assert refused({"launched_at": LONG_AGO}, {"launched_at": MONDAY - NEW - timedelta(seconds=1)}) == (
        "Neither Kettle nor Emberloaf is new: both launched over 14 days ago."
    )
    assert refused({"launched_at": LONG_AGO}, {"launched_at": MONDAY - NEW}) == ""


WRAPPERS = [
    "A desktop client for Kettle.",
    "The missing Kettle plugin.",
    "A chat window built on Kettle",
    "A friendly fork of Kettle, with tabs.",
    "Powered by the Kettle engine? No: powered by Kettle.",
]


@pytest.mark.parametrize("text", WRAPPERS)
def test_wrapper_is_no_rival(text: str) -> None:
    assert refused({}, {"text": text}) == "Emberloaf is made for Kettle, or from it, so it is no rival."


@pytest.mark.parametrize("text", ["An alternative to Kettle.", "A client for Kettledrum.", "Faster than Kettle."])
def test_speaking_of_a_rival_wraps_nothing(text: str) -> None:
    assert refused({}, {"text": text}) == ""


def test_fork_of_one_name_is_refused() -> None:
    assert "a fork of the other" in refused({"repository": "a/kettle"}, {"repository": "b/Kettle"})


def test_name_within_a_name_needs_a_link_to_be_one_product() -> None:
    desk = {"name": "Kettle Desktop", "slug": "kettle-desktop"}

    assert refused({}, desk) == ""
    assert refused({}, desk | {"text": "Made by the team of kettle.example"}) == (
        "Kettle Desktop looks like a part of Kettle: it carries its name and leads to it."
    )


def test_one_name_is_refused() -> None:
    assert refused({}, {"name": "KETTLE"}) == "Kettle and KETTLE share one name."


OTHER_WORDS = {"words": {"postcard": 1.0}}


def test_category_alone_is_one_signal_too_few() -> None:
    assert refused({}, OTHER_WORDS) == (
        "Only the category local runtimes speaks for one job: Kettle and Emberloaf share no topic and few words."
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [({"topics": frozenset({"gguf"})}, {"topics": frozenset({"gguf"})}), ({"rivals": ("emberloaf",)}, {})],
    ids=["a topic", "a named rival"],
)
def test_second_signal_may_be_a_topic_or_a_name(ours: dict[str, object], theirs: dict[str, object]) -> None:
    assert refused(ours, theirs | OTHER_WORDS) == ""


def test_another_category_is_refused() -> None:
    assert refused({}, {"category": "speech"}).startswith(
        "They do different jobs: Kettle is filed under local runtimes"
    )


def test_jobs_that_meet_need_more_than_meeting() -> None:
    assert refused({}, {"category": "model-hosting"} | OTHER_WORDS).startswith("They do different jobs, and ")
    assert refused({}, {"category": "model-hosting"}) == ""
