"""What an edition says, from values alone: which sentence is quoted, how verdicts and prices are told, what leads."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.compose import (
    LONGEST_SENTENCE,
    EntryView,
    Opinion,
    ToolView,
    Week,
    best_sentence,
    compose,
    say_price,
    say_verdict,
)
from digest.render import render_digest

SHORT = "It is fast."
FIT = "It answers in 40 ms on a laptop that costs less than its rivals."
PLAIN = "The setup asks for nothing but a folder and a little patience at first."


def tool(name: str, outcome: str = "ship", **values: Any) -> ToolView:
    given = {
        "name": name,
        "slug": name.lower(),
        "tagline": f"{name} does one thing.",
        "home_url": f"https://{name.lower()}.example/",
        "outcome": outcome,
        "ships": 1 if outcome == "skip" else 3,
        "skips": 3 if outcome == "skip" else 1,
        "evidence": "documented",
        "marks": [{"reviewer": "Builder", "stance": "ship"}],
        "price": "$29/month",
        "checked": "16 Nov",
    }
    return ToolView(**given | values)


def opinion(quote: str, stance: str = "ship", tool: str = "Kettle", **values: Any) -> Opinion:
    return Opinion(
        **{"tool": tool, "reviewer": "Builder", "stance": stance, "quote": quote, "is_anchored": True} | values
    )


def entry(a: str = "Kettle", b: str = "Emberloaf", **values: Any) -> EntryView:
    given = {
        "slug": f"{a}-vs-{b}".lower(),
        "url": f"https://verdicts.example/compare/{a}-vs-{b}".lower(),
        "jobs": "",
        "answer": f"Ship with {a} if you host; with {b} if not.",
        "score": 40.0,
        "tools": (tool(a), tool(b, "skip")),
        "opinions": [opinion(FIT, tool=a), opinion(PLAIN, "skip", tool=b)],
    }
    return EntryView(**given | values)


def alone(name: str, outcome: str = "ship") -> EntryView:
    said = {"answer": f"Ship {name} if you host; skip it if not.", "opinions": [opinion(FIT, tool=name)]}
    return entry(name, slug=name.lower(), tools=(tool(name, outcome),), **said)


def week(*entries: EntryView, **values: Any) -> Week:
    given: dict[str, Any] = {
        "number": 42,
        "date": "Fri 20 Nov 2026",
        "date_iso": "2026-11-20",
        "site": {"name": "AI Tool Verdicts", "home_url": "https://verdicts.example", "postal_address": ""},
        "web_url": "https://verdicts.example/editions/42",
        "launches": 31,
        "sources": 4,
        "entries": list(entries),
        "changed": [],
        "quick": [],
        "reviewers": ["Builder", "Skeptic"],
    }
    return Week(**given | values)


def changed(tool: str = "Kettle") -> dict[str, str]:
    return {
        "tool": tool,
        "what": "entry price $29/month → $49/month",
        "since": "18 Nov",
        "source_url": "https://kettle.example/",
        "was": "SHIP 3–1",
        "now": "re-check",
        "url": "https://verdicts.example/compare/kettle-vs-emberloaf",
    }


PAIRS = [("Kettle", "Emberloaf"), ("Murmur", "Quill"), ("Sidecar", "Patch"), ("Ghost", "Flint"), ("Tally", "Slide")]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_any_number_of_entries_is_a_mail(count: int) -> None:
    content = compose(week(*(entry(a, b) for a, b in PAIRS[:count]), note="A quiet one."))
    mail = render_digest(content)

    assert content["scope"]["comparisons"] == count
    assert [one["position"] for one in content["entries"]] == list(range(1, count + 1))
    assert all(f"{a}" in mail.text and f"{b}" in mail.html for a, b in PAIRS[:count])


def test_the_same_week_is_the_same_edition() -> None:
    assert compose(week(entry())) == compose(week(entry()))


def test_pairs_and_single_tools_are_counted_apart() -> None:
    scope = compose(week(entry(), alone("Quill"), alone("Tally")))["scope"]

    assert (scope["comparisons"], scope["singles"]) == (1, 2)


def test_an_update_keeps_its_reason() -> None:
    content = compose(week(entry(update_why="its price halved"), entry("Murmur", "Quill")))

    assert [one["update_why"] for one in content["entries"]] == ["its price halved", ""]


# ── subject and preheader ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("count", "subject"),
    [(1, "Kettle or Emberloaf?"), (2, "Kettle or Emberloaf? And one more"), (5, "Kettle or Emberloaf? And four more")],
)
def test_the_subject_names_the_first_pair(count: int, subject: str) -> None:
    assert compose(week(*(entry(a, b) for a, b in PAIRS[:count])))["subject"] == subject


@pytest.mark.parametrize(("more", "subject"), [(0, "Quill: skip"), (2, "Quill: skip. And two more")])
def test_the_subject_of_a_single_tool_is_its_verdict(more: int, subject: str) -> None:
    content = compose(week(alone("Quill", "skip"), *(entry(a, b) for a, b in PAIRS[:more])))

    assert content["subject"] == subject
    assert content["preheader"] == "Quill SKIP 3–1"


def test_an_editors_subject_stands() -> None:
    assert compose(week(entry(), subject="Hosts against hosts"))["subject"] == "Hosts against hosts"


def test_without_entries_changes_lead() -> None:
    content = compose(week(changed=[changed("Kettle"), changed("Quill"), changed("Kettle")]))

    assert content["subject"] == "Verdicts that changed: Kettle, Quill"
    assert content["preheader"] == "What moved under the verdicts of earlier weeks."


def test_a_quiet_week_says_so() -> None:
    content = compose(week(note="Nothing was worth your time. Back on Friday."))

    assert content["subject"] == "A quiet week, No. 42"
    assert content["preheader"] == "Nothing was worth your time"


def test_the_note_is_for_quiet_weeks_only() -> None:
    assert compose(week(entry(), note="Nothing this week."))["note"] == ""


def test_the_preheader_tells_the_verdicts() -> None:
    assert compose(week(entry()))["preheader"] == "Kettle SHIP 3–1, Emberloaf SKIP 3–1"


# ── verdicts and prices in words ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("outcome", "ships", "skips", "said"),
    [("ship", 3, 1, "SHIP 3–1"), ("skip", 1, 3, "SKIP 3–1"), ("watch", 2, 2, "WATCH 2–2"), ("ship", 4, 0, "SHIP 4–0")],
)
def test_the_side_that_won_stands_first(outcome: str, ships: int, skips: int, said: str) -> None:
    assert say_verdict(outcome, ships, skips) == said


@pytest.mark.parametrize(
    ("tier", "price", "licence", "said"),
    [
        ("Free", None, None, "Free"),
        ("Free", "$5/month", "MIT", "Free"),
        ("Contact sales", None, None, "Contact sales"),
        ("Freemium", "$12/month", None, "Free plan, then $12/month"),
        ("Freemium", None, None, "Free plan"),
        ("Freemium", None, "MIT", "Open source, MIT"),
        ("Paid", "$29/month", None, "$29/month"),
        ("Paid", "$29/month", "Apache-2.0", "Open source (Apache-2.0), or $29/month"),
        (None, None, "MIT", "Open source, MIT"),
        (None, None, None, "Price not stated"),
        ("Paid", None, None, "Price not stated"),
    ],
)
def test_a_price_is_said_in_words(tier: str | None, price: str | None, licence: str | None, said: str) -> None:
    assert say_price(tier, price, licence) == said


# ── the sentence that is quoted ──────────────────────────────────────────────────────────────────


def test_a_sentence_that_fits_is_chosen() -> None:
    best = best_sentence([opinion(f"{SHORT} {FIT}")], "ship")

    assert best == {"quote": FIT, "reviewer": "Builder", "tool": "Kettle"}


def test_only_the_wanted_stance_speaks() -> None:
    opinions = [opinion(FIT, "ship"), opinion(PLAIN, "skip"), opinion(FIT, "abstain")]

    assert best_sentence(opinions, "skip")["quote"] == PLAIN


def test_nobody_against_means_no_quote() -> None:
    assert best_sentence([opinion(FIT)], "skip") is None


def test_the_tool_with_most_votes_speaks() -> None:
    opinions = [opinion(PLAIN, tool="Emberloaf"), opinion(PLAIN), opinion(PLAIN)]

    assert best_sentence(opinions, "ship")["tool"] == "Kettle"


def test_a_figure_and_a_fact_weigh_more() -> None:
    loose = opinion(PLAIN, is_anchored=False, reviewer="Skeptic")

    assert best_sentence([loose, opinion(FIT)], "ship")["quote"] == FIT


@pytest.mark.parametrize(
    "leaning", ["This is what makes it fast on every laptop in the house.", "And so it goes on and on for ever."]
)
def test_a_leaning_sentence_gives_way(leaning: str) -> None:
    assert best_sentence([opinion(f"{PLAIN} {leaning}", is_anchored=False)], "ship")["quote"] == PLAIN


def test_the_first_reviewer_wins_a_tie() -> None:
    opinions = [opinion(PLAIN, reviewer="Builder"), opinion(PLAIN, reviewer="Founder")]

    assert best_sentence(opinions, "ship")["reviewer"] == "Builder"


def test_a_long_sentence_is_cut_at_a_word() -> None:
    quote = best_sentence([opinion("word, " * 80)], "ship")["quote"]

    assert quote == " ".join(["word,"] * (LONGEST_SENTENCE - 1) + ["word"]) + " …"


@given(st.lists(st.builds(opinion, st.text(), st.sampled_from(["ship", "skip"])), max_size=5))
def test_any_quotes_give_a_short_one(opinions: list[Opinion]) -> None:
    best = best_sentence(opinions, "ship")

    assert (best is None) == (not any(one.stance == "ship" for one in opinions))
    assert best is None or len(best["quote"].split()) <= LONGEST_SENTENCE + 1


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────


def test_a_demonstration_is_labelled() -> None:
    shown = entry(opinions=[opinion(FIT, is_demonstration=True)])

    assert compose(week(entry(), shown))["demonstration"] is True
    assert compose(week(entry()))["demonstration"] is False


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (220, 1), (221, 2), (2200, 10)])
def test_reading_time_is_rounded_up(words: int, minutes: int) -> None:
    assert compose(week(intro="word " * words))["scope"]["minutes"] == minutes


def test_counts_are_told_as_given() -> None:
    scope = compose(week(entry(), launches=31, sources=4))["scope"]

    assert (scope["launches"], scope["sources"], scope["comparisons"]) == (31, 4, 1)


def test_changes_come_before_entries_in_the_mail() -> None:
    text = render_digest(compose(week(entry(), changed=[changed("Quill")]))).text

    assert text.index("Quill") < text.index("Kettle does one thing")
    assert "SHIP 3–1" in text
    assert "re-check" in text.lower()
