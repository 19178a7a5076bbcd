"""Facts of a page, each with the words it rests on."""

from typing import Any

import pytest

from crawler.extract.facts import find_facts
from crawler.extract.findings import Finding
from crawler.extract.page import read_page


def facts(markup: str) -> list[Finding]:
    page = read_page(f"<title>Kestrel</title>{markup}".encode(), "https://kestrel.example/")
    found = find_facts(page)
    assert all(page.text[one.start : one.end] == one.quote for one in found)
    return found


def of(key: str, markup: str) -> list[tuple[str, dict[str, Any]]]:
    return [(one.value, one.normal) for one in facts(markup) if one.key == key]


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Released under the Apache 2.0 license.", "Apache-2.0"),
        ("Open source under MIT license.", "MIT"),
        ("The core is open source (MIT).", "MIT"),
        ("License: AGPL-3.0", "AGPL-3.0"),
        ("GPLv3 licensed", "GPL-3.0"),
        ("Licensed under the Llama 3.1 Community License.", "Llama 3.1 Community License"),
        ("It is proprietary software.", "proprietary"),
    ],
)
def test_licence_is_named(sentence: str, value: str) -> None:
    assert of("licence", f"<p>{sentence}</p>")[0][0] == value


def test_university_is_not_a_licence() -> None:
    assert of("licence", "<p>Built with researchers from MIT.</p>") == []


def test_licence_of_another_tool_is_doubted() -> None:
    found = [
        one for one in facts("<p>It is powered by Wren, which is Apache 2.0 licensed.</p>") if one.key == "licence"
    ]

    assert all(one.confidence < 0.6 for one in found)


@pytest.mark.parametrize(
    ("sentence", "normal"),
    [
        ("It has 141B parameters in total, 39B active.", {"total": 141 * 10**9, "active": 39 * 10**9}),
        ("671B total parameters (37B activated)", {"total": 671 * 10**9, "active": 37 * 10**9}),
        ("A voice model with 82 million parameters.", {"total": 82 * 10**6}),
        ("Kestrel is a 13B chat model.", {"total": 13 * 10**9}),
    ],
)
def test_parameters_are_counted(sentence: str, normal: dict[str, int]) -> None:
    assert of("parameters", f"<p>{sentence}</p>")[0][1] == normal


def test_money_and_users_are_not_parameters() -> None:
    assert of("parameters", "<p>We raised $2B for our 10M users and their model parameters.</p>") == []


@pytest.mark.parametrize(
    ("sentence", "tokens"),
    [
        ("64K context window", 64_000),
        ("Context length: 128,000 tokens", 128_000),
        ("Up to 1M tokens of context", 1_000_000),
        ("A 200K-token context window", 200_000),
    ],
)
def test_context_length_is_counted(sentence: str, tokens: int) -> None:
    assert of("context_length", f"<p>{sentence}</p>")[0][1] == {"tokens": tokens}


def test_token_quota_is_no_context_length() -> None:
    assert of("context_length", "<p>The free plan has 10,000 tokens per month.</p>") == []


def test_weights_are_open_or_closed() -> None:
    assert of("weights", "<p>An open-weight model.</p>") == [("open", {"open": True})]
    assert of("weights", "<p>The weights are not public.</p>") == [("closed", {"open": False})]


def test_free_credit_has_its_period() -> None:
    value, normal = of("free_credit", "<p>Start with $30 free credit per month.</p>")[0]

    assert value == "$30 free credit per month"
    assert (normal["amount"], normal["currency"], normal["period"]) == ("30", "USD", "month")


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("An open-source alternative to Notion and Airtable.", ["Notion", "Airtable"]),
        ("Unlike Zapier, Make or n8n, it runs locally.", ["Zapier", "Make", "n8n"]),
        ("Kestrel vs Wren", ["Wren"]),
        ("The best Heroku alternative.", ["Heroku"]),
        ("Unlike other tools it is fast.", None),
        ("Unlike Kestrel 1 we know nothing of Safari, VS Code.", ["Kestrel 1"]),
    ],
)
def test_rivals_are_named(sentence: str, names: list[str] | None) -> None:
    found = of("compares_with", f"<p>{sentence}</p>")

    assert (found[0][1]["names"] if found else None) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Average latency is 42 ms.",
        "Supports 29 languages.",
        "99.9% uptime SLA",
        "Answers with sub-50ms response times.",
    ],
)
def test_sentence_with_a_figure_is_a_claim(sentence: str) -> None:
    assert [value for value, _ in of("claim", f"<p>{sentence}</p>")] == [sentence]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Pro costs $9 for 100 requests.</p>",
        "<p>© 2026 Kestrel. All rights reserved.</p>",
        "<p>Trusted by 10,000+ teams worldwide</p>",
        "<p>Rated 4.9/5 by 300 users</p>",
        "<blockquote>It cut our costs by 73%.</blockquote>",
        "<pre>echo took 50 ms to run</pre>",
        "<p>Save 20% with yearly billing</p>",
    ],
)
def test_prices_boasts_and_code_are_no_claims(markup: str) -> None:
    assert of("claim", markup) == []


def test_figure_above_its_label_is_one_claim() -> None:
    assert of("claim", "<div>500K+</div><div>Downloads</div>")[0][0] == "500K+ Downloads"


def test_claims_are_at_most_twelve() -> None:
    lines = "".join(f"<p>Task number {n} takes {n} ms to finish.</p>" for n in range(20, 60))

    assert len(of("claim", lines)) == 12
