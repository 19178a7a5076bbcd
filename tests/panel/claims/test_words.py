"""Licences, names, versions, dates, statements and figures of speech."""

import pytest

from panel.claims.context import family
from panel.claims.licences import find_licences, licences_agree
from panel.claims.names import find_exact, find_products, model_key, same_model, subject_of
from panel.claims.openness import find_openness
from panel.claims.plans import find_plans
from panel.claims.rhetoric import idle_spans
from panel.claims.stamps import dates_agree, find_dates, find_versions, versions_agree
from panel.claims.statements import find_statements


@pytest.mark.parametrize(
    ("text", "family", "version"),
    [
        ("Apache-2.0", "apache", "2"),
        ("the Apache License, Version 2.0", "apache", "2"),
        ("BSD three-clause", "bsd", "3"),
        ("GPLv2", "gpl", "2"),
        ("GNU Affero General Public License v3", "agpl", "3"),
        ("MPL 2.0", "mpl", "2"),
        ("CC BY-NC 4.0", "cc-by-nc", "4"),
        ("BUSL-1.1", "bsl", "1.1"),
    ],
)
def test_licence_is_read(text: str, family: str, version: str) -> None:
    [found] = find_licences(text)

    assert (found.family, found.version) == (family, version)


def test_university_and_server_are_no_licences() -> None:
    assert find_licences("MIT researchers run it on Apache Kafka") == []


def test_later_licence_is_not_todays() -> None:
    [now, later] = find_licences("Business Source License 1.1; converts to Apache 2.0 after four years")

    assert (now.later, later.later) == (False, True)
    assert not licences_agree(find_licences("It is Apache.")[0], later)


@pytest.mark.parametrize(
    ("said", "known", "same"),
    [
        ("Claude 3.5 Sonnet", "claude-3-5-sonnet-20241022", True),
        ("GPT-4o mini", "gpt-4o", False),
        ("GPT-4o", "gpt-4o-mini", False),
        ("Llama 3 8B", "meta-llama/Meta-Llama-3-8B-Instruct", True),
        ("Llama 3 70B", "Llama-3-8B", False),
        ("text-embedding-3-large", "text-embedding-3-small", False),
        ("Sonnet 3.5", "Claude 3.5 Sonnet", True),
    ],
)
def test_models_by_any_name(said: str, known: str, same: bool) -> None:
    assert same_model(model_key(said), model_key(known)) is same


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Clone plover-ai/plover today", "repository"),
        ("pip install wrenbird", "command"),
        ("Fetch heron-7b-v0.1.safetensors", "file"),
        ("on an H100", "hardware"),
        ("it calls gpt-4o-mini", "model"),
    ],
)
def test_exact_name_is_found(text: str, kind: str) -> None:
    assert [name.kind for name in find_exact(text)] == [kind]


@pytest.mark.parametrize("text", ["read/write access", "open 24/7", "input/output tokens", "$49/mo"])
def test_slash_is_not_a_repository(text: str) -> None:
    assert find_exact(text) == []


def test_sentence_opener_is_no_product() -> None:
    assert [name.text for name in find_products("Pricing is odd. Gantry needs a rest, unlike Fernhost.")] == [
        "Gantry",
        "Fernhost",
    ]


@pytest.mark.parametrize(
    ("text", "tag", "subject"),
    [
        ("Qdrant: Apache License 2.0", "repo", ("qdrant",)),
        ("Cold start: 4 seconds", "Fernhost docs", ("fernhost",)),
        ("Kestrel 2 context: 128K", "docs", ("kestrel", "2")),
        ("Pro: $20 per month", "pricing", ()),
        ("Logs are kept for 7 days", "docs", ()),
    ],
)
def test_fact_knows_whose_it_is(text: str, tag: str, subject: tuple[str, ...]) -> None:
    assert subject_of(text, tag, "") == subject


@pytest.mark.parametrize(
    ("said", "known", "same"),
    [
        ("October '23", "2023-10", True),
        ("April 2023", "2024-04", False),
        ("3 June 2024", "2024-06-03", True),
        ("2019", "October 2019", True),
        ("October 2019", "2019", False),
    ],
)
def test_dates_agree(said: str, known: str, same: bool) -> None:
    assert dates_agree(find_dates(said)[0], find_dates(known)[0]) is same


@pytest.mark.parametrize(
    ("said", "known", "same"),
    [
        ("version 2", "v2.0", True),
        ("CUDA 11.8", "CUDA 12.1", False),
        ("Python 3.12", "Python >= 3.10", True),
        ("Python 3.8", "Python 3.10 or newer", False),
        ("PyTorch 2.1", "torch>=2.1", True),
    ],
)
def test_versions_agree(said: str, known: str, same: bool) -> None:
    assert versions_agree(find_versions(said)[0], find_versions(known)[0]) is same


@pytest.mark.parametrize(
    ("text", "topic", "holds"),
    [
        ("There is no free plan.", "free plan", False),
        ("The free plan is fine.", "free plan", True),
        ("Try it without a credit card.", "card", False),
        ("We never train on customer data.", "trains on data", False),
        ("It only runs in their cloud.", "self-hosting", False),
        ("Without an NVIDIA card you will not get far.", "gpu", True),
        ("Released for non-commercial use.", "commercial use", False),
    ],
)
def test_statement_and_its_denial(text: str, topic: str, holds: bool) -> None:
    assert (topic, holds) in {(one.topic, one.holds) for one in find_statements(text)}


def test_trial_is_no_free_plan() -> None:
    assert "free plan" not in {one.topic for one in find_statements("14-day free trial", in_fact=True)}


@pytest.mark.parametrize(
    ("text", "what", "holds"),
    [
        ("It is open source.", "source", True),
        ("It is not open source.", "source", False),
        ("Download the weights.", "weights", True),
        ("Weights are not released.", "weights", False),
    ],
)
def test_openness_is_read(text: str, what: str, holds: bool) -> None:
    assert [(one.what, one.holds) for one in find_openness(text)] == [(what, holds)]


@pytest.mark.parametrize(
    "text", ["two camps", "a 3am page", "110%", "a hundred reasons", "a 10x engineer", "by 2027", "one weekend"]
)
def test_figure_of_speech_is_idle(text: str) -> None:
    assert idle_spans(f"It is {text}, no more.")


@pytest.mark.parametrize(
    "text", ["$20 a month", "two hundred voices", "at least 30% cheaper", "128K tokens", "30 days of history"]
)
def test_claim_is_not_idle(text: str) -> None:
    assert not idle_spans(f"You get {text}.")


def test_metrics_are_told_apart() -> None:
    assert family("Maximum output: 16K tokens", "token", 16, 26) == {"output"}
    assert family("Cold starts take 2 s", "time", 17, 20) == {"cold start"}


def test_plan_is_found() -> None:
    assert [name for _, _, name in find_plans("On the free plan and on Pro: $5")] == ["free", "pro"]
