"""The mails as a reader gets them.

`golden/edition.html` and `golden/edition.txt` are the edition of `make_content()`, `golden/singles.*` a week with tools
on their own. After a change on purpose, write them anew with `UPDATE_GOLDEN=1 pytest tests/digest/test_render.py` and
read the difference before committing it.
"""

import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader

from digest import render
from digest.render import Rendered, link, plain, render_digest, render_letter, width, wrap
from errors import RenderError
from tests.digest.content import (
    HOME,
    make_change,
    make_content,
    make_entries,
    make_entry,
    make_launch,
    make_lone_entry,
    make_review_entry,
    make_seed_entry,
    make_single,
    make_singles,
    make_site,
    make_tool,
    said,
)

GOLDEN = Path(__file__).parent / "golden"
LETTERS: dict[str, dict[str, Any]] = {
    "confirm": {"confirm_url": f"{HOME}/confirm/T0ken", "expires_days": 7, "address": "ben@example.org"},
    "welcome": {"address": "ben@example.org", "next_send": "Fri 4 Dec, 07:00 UTC", "archive_url": f"{HOME}/editions"},
    "goodbye": {"address": "ben@example.org", "subscribe_url": f"{HOME}/subscribe"},
    "reminder": {
        "edition_number": 42,
        "cutoff": "Fri 27 Nov, 06:00 UTC",
        "waiting": 3,
        "approved": 1,
        "editor": "ada@verdicts.example",
    },
    "alert": {"what": "Source launchwire failed 4 times.", "cure": "Correct its address.", "raised": "Thu 26 Nov"},
}
LONG = "Interminable" * 17
HOSTILE = [
    "<script>alert(1)</script>",
    "</mj-text></mj-column><mj-column><mj-text>",
    '"><mj-include path="/etc/passwd" />',
    "{{ 7*7 }}{% raw %}",
    "%%UNSUBSCRIBE_URL%% %%%ADDRESS%%%",
    "a\u202eb\u2066c\u200bd\x00e\x85f\u2028g",
    "\ud800\ufffe lone",
    "&lt;b&gt; &amp; &#37;&#37;ADDRESS%%",
    LONG,
    "深度求索编程助手" * 25,
    "שלום עולם " * 20,
    "👩‍💻🚀" * 60,
]


class Page(HTMLParser):
    """What a mailbox would show: the links, the headings and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data


def letter(kind: str, **overrides: Any) -> Rendered:
    return render_letter(kind, {"site": make_site()} | LETTERS[kind] | overrides)


def all_mails() -> dict[str, Rendered]:
    return {"digest": render_digest(make_content())} | {kind: letter(kind) for kind in LETTERS}


def assert_well_formed(mail: Rendered) -> None:
    page = Page(mail.html)
    assert all(re.match(r"https?://\w|%%UNSUBSCRIBE_URL%%$", url) for url in page.links), page.links
    assert not {"img", "script", "iframe", "form", "link"} & set(page.tags)
    assert mail.html.encode() and mail.text.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", mail.html + mail.text)


def set_template(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    made = render.environment.__wrapped__()
    made.loader = DictLoader({name: text})
    monkeypatch.setattr(render, "environment", lambda: made)


# --- the edition as a whole ---


@pytest.mark.parametrize("kind", ["html", "txt"])
@pytest.mark.parametrize(("name", "make"), [("edition", dict), ("singles", make_singles)])
def test_edition_is_the_reviewed_one(name: str, make: Callable[[], dict[str, Any]], kind: str) -> None:
    mail = render_digest(make_content(**make()))
    shown = mail.html + "\n" if kind == "html" else mail.text
    golden = GOLDEN / f"{name}.{kind}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(shown, encoding="utf-8")

    assert shown == golden.read_text(encoding="utf-8")


def test_frozen_content_renders_the_same_again() -> None:
    content = make_content()

    assert render_digest(json.loads(json.dumps(content))) == render_digest(content)


def test_rendering_leaves_the_content_alone() -> None:
    content = make_content(subject="A\u200bB")

    render_digest(content)

    assert content["subject"] == "A\u200bB"


def test_five_full_entries_stay_small() -> None:
    entries = [*make_entries(), make_review_entry() | {"position": 5}]

    assert len(render_digest(make_content(entries=entries)).html.encode()) < 60_000


def test_every_mail_is_well_formed() -> None:
    for mail in all_mails().values():
        assert_well_formed(mail)


def test_every_mail_has_a_title_a_language_and_one_h1() -> None:
    for kind, mail in all_mails().items():
        assert f"<title>{mail.subject}</title>" in mail.html, kind
        assert '<html lang="en"' in mail.html
        assert Page(mail.html).tags.count("h1") == 1


def test_every_mail_knows_the_dark() -> None:
    for mail in all_mails().values():
        assert '<meta name="color-scheme" content="light dark"' in mail.html
        assert '<meta name="supported-color-schemes" content="light dark"' in mail.html
        assert "@media (prefers-color-scheme: dark)" in mail.html
        assert "[data-ogsc]" in mail.html


def test_text_and_html_carry_the_same_links_in_the_same_order() -> None:
    mail = render_digest(make_content())
    ours = [url for url in re.findall(r"https?://\S+", mail.text) if "/compare/" in url or "/editions/" in url]

    assert [url for url in Page(mail.html).links if url in ours] == ours


def test_reader_parts_stay_in_place_to_be_filled() -> None:
    mail = render_digest(make_content())

    assert mail.html.count("%%") == 4
    assert 'href="%%UNSUBSCRIBE_URL%%"' in mail.html
    assert "because %%ADDRESS%% is subscribed" in mail.html
    assert "Unsubscribe: %%UNSUBSCRIBE_URL%%\n" in mail.text
    assert "\n%%ADDRESS%%\n" in mail.text


def test_text_keeps_to_72_columns_but_for_links() -> None:
    for mail in all_mails().values():
        long = [line for line in mail.text.splitlines() if width(line) > 72 and "https://" not in line]
        assert long == []


def test_words_of_an_entry_fit_a_glance() -> None:
    for entry in make_entries():
        quotes = [entry[side]["quote"] for side in ("best_for", "best_against")]
        tools = [tool[key] for tool in entry["tools"] for key in ("name", "tagline", "price")]
        assert len(" ".join([*quotes, *tools, entry["jobs"], entry["answer"]]).split()) <= 75


# --- what is said ---


def test_scope_is_told_in_true_figures() -> None:
    scope = {"launches": 1412, "sources": 1, "comparisons": 1, "minutes": 2}

    assert "We read 1,412 launches on 1 source. One comparison made it. 2 min." in words(scope=scope)


def words(**overrides: Any) -> str:
    return " ".join(Page(render_digest(make_content(**overrides)).html).words.split())


def test_changed_verdicts_come_first() -> None:
    shown = words()

    assert shown.index("VERDICTS THAT CHANGED") < shown.index("Which one should you ship with?")
    assert "Cutctx SHIP 3–1 → re-check" in shown
    assert "entry price $49 → $1,500 since 21 Jun. source" in shown


def test_mark_is_told_to_those_who_cannot_see_it() -> None:
    mail = render_digest(make_content())

    assert 'aria-label="Builder ship, Skeptic skip, Futurist skip, Founder abstain"' in mail.html
    assert "[#][x][x][ ] SKIP 2-1" in mail.text


def test_watch_verdict_has_its_word() -> None:
    mail = render_digest(make_content())

    assert "WATCH 2–2" in mail.html
    assert "[#][x][#][x] WATCH 2-2" in mail.text


def test_demonstration_is_said_at_both_ends() -> None:
    assert words().count("A demonstration: the reviews") == 2
    assert "demonstration" not in words(demonstration=False)


def test_approver_is_named() -> None:
    assert "Drafted by software, approved by Ada Moreno." in words()


def test_preview_says_it_is_not_approved() -> None:
    mail = render_digest(make_content(approved_by=""))

    assert "Drafted by software. Not approved yet." in mail.html
    assert "Drafted by software. Not approved yet." in mail.text
    assert "approved by" not in mail.text


def test_different_jobs_are_said_before_the_answer() -> None:
    assert "Different jobs: weights against hosting. Ship with Mistral" in words()


def test_name_that_is_another_host_shows_where_it_leads() -> None:
    launch = make_launch("Tern", "Agents") | {"name": "bank.example", "url": "https://tern.example/"}

    assert "bank.example (tern.example)" in words(quick=[launch])


# --- thin weeks ---


def test_quiet_week_is_its_note() -> None:
    note = "Nothing launched that we would make you choose between.\n\nUntil Friday."
    mail = render_digest(make_content(entries=[], changed=[], quick=[], note=note))

    assert "No comparison made it." in mail.html
    assert "Which one" not in mail.html
    assert "choose between.\n\nUntil Friday.\n" in mail.text
    assert_well_formed(mail)


def test_week_of_changes_only() -> None:
    mail = render_digest(make_content(entries=[], quick=[], changed=[make_change(source_url="", since="")]))

    assert "entry price $49 → $1,500.</p>" in mail.html
    assert "ALSO LAUNCHED" not in mail.text
    assert_well_formed(mail)


def test_single_entry_ends_without_a_rule() -> None:
    mail = render_digest(make_content(entries=[make_seed_entry()], changed=[], quick=[]))

    assert mail.html.count('class="hair"') == 1
    assert "One comparison made it." in mail.html


# --- a tool on its own ---


def lone_mail(**overrides: Any) -> Rendered:
    scope = {"launches": 7, "sources": 2, "comparisons": 0, "singles": 1, "minutes": 1}
    content = {"entries": [make_lone_entry(1) | overrides], "changed": [], "quick": [], "scope": scope}
    return render_digest(make_content(**content, subject="Kettle: ship"))


def test_tool_on_its_own_has_one_column() -> None:
    mail = lone_mail()

    assert mail.html.count("<h3") == 1
    assert 'class="second"' not in mail.html and "mj-column-per-50" not in mail.html
    assert re.search(r"\n1\. Kettle\n   Runs open-weights", mail.text)
    for shown in (mail.html, mail.text):
        assert "None" not in shown and not re.search(r"\bvs\b", shown)


def test_tool_on_its_own_is_asked_about_and_read_as_one() -> None:
    mail = lone_mail()
    shown = " ".join(Page(mail.html).words.split())

    assert "Ship it or skip it?" in shown and "SHIP IT OR SKIP IT?" in mail.text
    assert "Read the verdict →" in shown and "   Read the verdict:\n" in mail.text
    assert 'aria-label="Read the verdict: Kettle"' in mail.html
    assert "comparison" not in shown.lower() + mail.text


@pytest.mark.parametrize(
    ("pairs", "singles", "said_of_them"),
    [
        (0, 0, "No comparison made it."),
        (0, 1, "One tool on its own made it."),
        (0, 2, "Two tools on their own made it."),
        (1, 1, "One comparison and one tool on its own made it."),
        (3, 2, "Three comparisons and two tools on their own made it."),
    ],
)
def test_pairs_and_single_tools_are_counted_apart(pairs: int, singles: int, said_of_them: str) -> None:
    scope = {"launches": 7, "sources": 2, "comparisons": pairs, "singles": singles, "minutes": 1}
    mail = render_digest(make_content(scope=scope))

    assert f"We read 7 launches on 2 sources. {said_of_them} 1 min." in " ".join(mail.text.split())
    assert said_of_them in mail.html


def test_update_is_labelled_with_its_reason() -> None:
    mail = lone_mail(update_why="Kettle: licence MIT → BUSL-1.1")

    assert "\n1. Update: Kettle: licence MIT → BUSL-1.1\n\n   Kettle\n   Runs open" in mail.text
    assert "UPDATE Kettle: licence MIT → BUSL-1.1" in " ".join(Page(mail.html).words.split())
    assert mail.html.index("UPDATE") < mail.html.index("<h3")


@pytest.mark.parametrize("overrides", [{}, {"update_why": ""}])
def test_what_is_no_update_is_not_called_one(overrides: dict[str, Any]) -> None:
    mail = lone_mail(**overrides)

    assert "update" not in (mail.html + mail.text).lower()


def test_missing_price_leaves_no_trace() -> None:
    entry = make_entry(1, make_tool("Kettle", price=""), make_tool("Pot", price="", checked=""))
    mail = render_digest(make_content(entries=[entry], quick=[make_launch("Gridlet", "Sums", "")]))

    assert "\n   checked 24 Nov\n" in mail.text
    assert "- Gridlet — Sums\n" in mail.text


def test_no_postal_address_leaves_the_name() -> None:
    mail = render_digest(make_content(site=make_site(postal_address="")))

    assert mail.text.endswith("\n\nAI Tool Verdicts\n")


# --- hostile text ---


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    tool = make_tool("Kettle") | {"name": text, "tagline": text, "price": text, "community": text, "votes": text}
    entry = make_entry(1, tool, tool, jobs=text, answer=text, best_for=said(text, text, text), update_why=text)
    mail = render_digest(
        make_content(
            entries=[entry, make_single(2, tool, update_why=text)],
            changed=[make_change(tool=text, what=text, since=text)],
            quick=[make_launch("x", text, text) | {"name": text}],
            **dict.fromkeys(("subject", "preheader", "intro", "note", "approved_by"), text),
        )
    )

    assert_well_formed(mail)
    assert mail.html.count("%%") == mail.text.count("%%") == 4
    assert "49" not in mail.subject
    assert all(width(line) <= 72 or "https://" in line for line in mail.text.splitlines())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example",
        "/x",
        "",
        "https://",
        "https://a b",
        'https://a/"x',
        "http://[",
        "data:x",
    ],
)
def test_address_that_leads_nowhere_is_no_link(url: str) -> None:
    content = make_content(
        changed=[make_change(source_url=url)],
        entries=[make_entry(1, make_tool("Kettle", home_url=url), make_tool("Pot"))],
        quick=[make_launch("Gridlet", "Sums") | {"url": url}],
    )

    assert link(url) == ""
    assert_well_formed(render_digest(content))


def test_link_cannot_smuggle_a_readers_part() -> None:
    assert link("https://a.example/%%ADDRESS%%") == "https://a.example/%25%25ADDRESS%25%25"


def test_our_own_page_without_an_address_stops_the_mail() -> None:
    with pytest.raises(RenderError, match="'/editions/42' is not an absolute web address"):
        render_digest(make_content(web_url="/editions/42"))


def test_plain_makes_one_visible_line() -> None:
    assert plain("a\r\n b\tc") == "a b c"
    assert plain("pay\u202ecod.exe\u2069") == "paycod.exe"
    assert plain("%%%A%%") == "% % %A% %"
    assert plain("é 中 🚀") == "é 中 🚀"


def test_subject_cannot_carry_a_header() -> None:
    mail = render_digest(make_content(subject="a=?UTF-8?Q?=0A?=Bcc: i@e.com\r\nBcc: x@y.z" + " more" * 60))

    assert "=?" not in mail.subject
    assert "\n" not in mail.subject and "\r" not in mail.subject
    assert len(mail.subject) <= 150


# --- lines of text ---


def test_wrap_hangs_under_its_label() -> None:
    assert wrap("word " * 20, 10).splitlines()[1].startswith(" " * 10 + "word")


def test_wrap_never_breaks_an_address() -> None:
    url = "https://example.org/" + "x" * 90

    assert url in wrap(f"see {url} for more").splitlines()


def test_wrap_counts_wide_characters_twice() -> None:
    lines = wrap("中" * 80).splitlines()

    assert [len(line) for line in lines] == [36, 36, 8]


def test_wrap_breaks_a_word_longer_than_a_line() -> None:
    assert [len(line) for line in wrap("x" * 100).splitlines()] == [72, 28]


# --- letters ---


@pytest.mark.parametrize("kind", LETTERS)
def test_letter_has_its_three_parts(kind: str) -> None:
    mail = letter(kind)

    assert mail.subject and mail.subject == mail.subject.strip()
    assert mail.text.startswith("AI TOOL VERDICTS\n")
    assert "7 Rope Walk" in mail.html and "7 Rope Walk" in mail.text


def test_confirm_offers_only_the_confirmation() -> None:
    mail = letter("confirm")

    assert set(Page(mail.html).links) == {f"{HOME}/confirm/T0ken", HOME}
    assert f"\n{HOME}/confirm/T0ken\n" in mail.text
    assert "%%" not in mail.html + mail.text


def test_welcome_carries_the_way_out() -> None:
    mail = letter("welcome")

    assert 'href="%%UNSUBSCRIBE_URL%%"' in mail.html
    assert "Unsubscribe: %%UNSUBSCRIBE_URL%%" in mail.text


def test_reminder_counts_what_waits() -> None:
    assert letter("reminder").subject == "Edition 42: 3 comparisons to decide before Fri 27 Nov, 06:00 UTC"
    assert "One comparison waits for a decision; none are approved." in letter("reminder", waiting=1, approved=0).text
    assert "Three comparisons wait for a decision; one is approved." in letter("reminder").text
    assert letter("reminder", waiting=0).subject.startswith("Edition 42: ready to approve")


def test_alert_gives_the_cure() -> None:
    mail = letter("alert")

    assert "Correct its address." in mail.html
    assert "Cure:   Correct its address." in mail.text


# --- mistakes ---


def test_missing_name_is_told_with_its_template() -> None:
    content = make_content()
    del content["scope"]["minutes"]

    with pytest.raises(RenderError, match=r"email/digest/body.mjml cannot be rendered: .*_scope.txt line 4: .*minutes"):
        render_digest(content)


def test_unknown_letter_is_told() -> None:
    with pytest.raises(RenderError, match=r"the template email/sonnet/subject.txt does not exist"):
        render_letter("sonnet", {})


def test_broken_template_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    set_template(monkeypatch, "email/small/subject.txt", "fine\n{% if %}")

    with pytest.raises(RenderError, match=r"email/small/subject.txt line 2: ") as caught:
        render_letter("small", {})

    assert caught.value.__cause__ is not None


def test_empty_subject_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_template(monkeypatch, "email/small/subject.txt", "\u200b\n")

    with pytest.raises(RenderError, match="the subject is empty"):
        render_letter("small", {})


# --- colour ---


@pytest.mark.parametrize(
    ("paper", "inks"),
    [
        ("#FBFAF7", ["#1A1A18", "#5F5E58", "#1F7A4D", "#B8401F", "#5B6472"]),
        ("#161614", ["#EDEBE4", "#A3A199", "#5CC48D", "#F0855F", "#A9B3C1"]),
    ],
)
def test_every_ink_can_be_read_on_its_paper(paper: str, inks: list[str]) -> None:
    html = render_digest(make_content()).html

    assert all(colour in html for colour in [paper, *inks])
    assert min(contrast(ink, paper) for ink in inks) >= 4.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
