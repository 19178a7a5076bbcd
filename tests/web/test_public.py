import json
import re
from datetime import timedelta

import pytest

from digest.tokens import CONFIRM, UNSUBSCRIBE, make_token
from tests.digest.content import make_content, make_lone_entry, make_singles
from tests.digest.content import make_entry as make_frozen_entry
from tests.digest.content import make_tool as make_frozen_tool
from tests.web.factories import (
    MONDAY,
    make_change,
    make_comparison,
    make_edition,
    make_entry,
    make_fact,
    make_published_pair,
    make_review,
    make_site,
    make_subscriber,
    make_tool,
    make_verdict,
)
from web import pages, subscribing

SCRIPT = "<script>alert(1)</script>"
PAIR = "/compare/kettle-vs-emberloaf"


@pytest.fixture
def site(tmp_path):
    with make_site(tmp_path) as site:
        yield site


def make_pair(session, **overrides):
    return make_published_pair(session, make_tool(session, "kettle"), make_tool(session, "emberloaf"), **overrides)


def links_of(page):
    return re.findall(r'<a [^>]*href="([^"]*)"', page)


# ── the front page and the editions ──────────────────────────────────────────────────────────────


def test_front_page_stands_before_the_first_edition(site):
    page = site.client.get("/")

    assert page.status_code == 200
    assert "The first edition has not been sent yet" in page.text
    assert 'action="/subscribe"' in page.text


def test_front_page_shows_the_newest_sent_edition(site):
    with site.store.write() as session:
        make_edition(session, 7)
        make_edition(session, 8)
        make_edition(session, 9, state="draft")

    page = site.client.get("/").text

    assert "No. 8" in page and "No. 9" not in page
    assert "SHIP 3–1" in page and "Builder: ship, Skeptic: ship, Futurist: ship, Founder: skip" in page


@pytest.mark.parametrize("state", ["sending", "paused", "sent"])
def test_edition_is_public_once_sending_started(site, state):
    with site.store.write() as session:
        make_edition(session, 7, state=state, subject="Weights or hosting")

    assert "Weights or hosting" in site.client.get("/editions/7").text
    assert "Weights or hosting" in site.client.get("/editions").text


@pytest.mark.parametrize("state", ["draft", "approved", "cancelled", "skipped"])
def test_unsent_edition_is_nowhere(site, state):
    with site.store.write() as session:
        make_edition(session, 7, state=state, subject="Weights or hosting")

    assert site.client.get("/editions/7").status_code == 404
    assert site.client.get("/editions/7.json").status_code == 404
    assert "Weights or hosting" not in site.client.get("/editions").text + site.client.get("/").text


@pytest.mark.parametrize("number", ["0", "-1", "07", "seven", "9" * 30, "9" * 5000, "٧", "7%00"])
def test_odd_edition_number_is_not_found(site, number):
    assert site.client.get(f"/editions/{number}").status_code == 404
    assert site.client.get(f"/editions/{number}.json").status_code == 404


def test_edition_as_data_is_the_frozen_record(site):
    with site.store.write() as session:
        make_edition(session, 7)

    data = site.client.get("/editions/7.json").json()

    assert len(data.pop("content_hash")) == 64
    assert data == make_content(number=7, subject="Edition 7")


def test_older_edition_with_less_in_it_still_reads(site):
    with site.store.write() as session:
        make_edition(session, 7)
    with site.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE frozen_edition SET content = '{\"number\": 7}'")

    assert site.client.get("/editions/7").status_code == 200
    assert site.client.get("/editions").status_code == 200
    assert site.client.get("/").status_code == 200


# ── a comparison ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ["pending", "drafted", "approved", "rejected", "recheck"])
def test_unpublished_comparison_is_not_found(site, state):
    with site.store.write() as session:
        make_pair(session, state=state, published_at=None, decided_why="no")

    assert site.client.get(PAIR).status_code == 404


@pytest.mark.parametrize("state", ["drafted", "approved", "rejected", "published", "recheck"])
def test_published_comparison_stays_whatever_its_state(site, state):
    with site.store.write() as session:
        make_pair(session, state=state, decided_why="no")

    assert site.client.get(PAIR).status_code == 200


def test_comparison_shows_facts_with_evidence(site):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        make_published_pair(session, kettle, emberloaf)
        make_fact(session, kettle, "entry_price", "$29/month", quote="Team: $29 a month, per seat")

    page = site.client.get(PAIR).text

    assert "$29/month" in page and "Team: $29 a month, per seat" in page
    assert "checked" in page and "23 Nov 2026" in page
    assert 'href="https://kettle.example/pricing" rel="nofollow noopener">kettle.example</a>' in page
    assert "The vendor says so" in page


def test_only_the_newest_price_is_shown(site):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        make_published_pair(session, kettle, emberloaf)
        before = make_fact(session, kettle, "entry_price", "$29/month")
        later = MONDAY + timedelta(days=2)
        after = make_fact(session, kettle, "entry_price", "$49/month", observed_at=later, verified_at=later)
        make_change(session, before, after, later)

    page = site.client.get(PAIR).text

    assert page.count("$29/month") == 1  # in the history alone
    assert "$29/month → $49/month" in page
    assert "fact-moved" in page


def test_quote_links_what_it_claims_to_its_evidence(site):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        pair = make_comparison(session, kettle, emberloaf)
        licence = make_fact(session, kettle, "licence", "Apache-2.0")
        make_verdict(session, pair, kettle)
        review = make_review(session, pair, kettle, "builder", quote="Apache 2.0, and a file.", facts=[licence])

    page = site.client.get(PAIR).text

    anchor = f"review-{review.id}-fact-{licence.id}"
    assert f'<a class="claim" href="#{anchor}">Apache 2.0</a>, and a file.' in page
    assert f'id="{anchor}"' in page


def test_recheck_says_that_a_fact_moved(site):
    with site.store.write() as session:
        make_pair(session, state="recheck", recheck_why="Kettle: entry price $29 → $49")

    page = site.client.get(PAIR).text

    assert "A fact moved since." in page and "Kettle: entry price $29 → $49" in page


def test_words_under_work_stay_inside(site):
    """A comparison drafted anew shows what was approved: the old answer and the reviews of that day."""
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        pair = make_published_pair(session, kettle, emberloaf, state="drafted", answer="NEW ANSWER, NOT APPROVED")
        frozen = make_frozen_entry(
            1, make_frozen_tool("Kettle"), make_frozen_tool("Emberloaf"), answer="The answer as sent."
        )
        make_entry(session, make_edition(session, 7, entries=[frozen]), pair)
        old = make_review(session, pair, kettle, "skeptic", quote="As approved.")
        old.replaced_at = MONDAY + timedelta(days=3)
        session.add(old)
        session.flush()
        make_review(
            session, pair, kettle, "skeptic", quote="NEW QUOTE, NOT APPROVED", written_at=MONDAY + timedelta(days=3)
        )

    page = site.client.get(PAIR).text

    assert "NOT APPROVED" not in page
    assert "The answer as sent." in page and "As approved." in page


def test_history_keeps_every_verdict(site):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        pair = make_published_pair(session, kettle, emberloaf)
        make_verdict(session, pair, kettle, "xx-x", decided_at=MONDAY + timedelta(days=7))

    page = site.client.get(PAIR).text

    assert "SKIP 3–0" in page and "SHIP 3–1" in page
    assert "SKIP 3–0, 1 abstained" in page  # the one in force


def test_history_runs_backwards_through_verdicts_and_changes(site):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        pair = make_published_pair(session, kettle, emberloaf)
        moved, judged = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
        before = make_fact(session, kettle, "entry_price", "$29/month")
        make_change(session, before, make_fact(session, kettle, "entry_price", "$49/month", observed_at=moved), moved)
        make_verdict(session, pair, kettle, "xxxx", decided_at=judged)

    history = site.client.get(PAIR).text.partition('id="history"')[2]

    days = re.findall(r'<time datetime="([^"]*)"', history)
    assert days == ["2026-11-26", "2026-11-25", "2026-11-23", "2026-11-23"]


@pytest.mark.parametrize(
    ("origin", "label"),
    [
        ("model", "Reviews drafted by software."),
        ("person", "Reviews written by people."),
        ("demonstration", "Demonstration: these reviews were prepared in advance"),
    ],
)
def test_page_says_who_wrote_the_reviews(site, origin, label):
    with site.store.write() as session:
        kettle, emberloaf = make_tool(session, "kettle"), make_tool(session, "emberloaf")
        pair = make_comparison(session, kettle, emberloaf)
        make_verdict(session, pair, kettle)
        make_review(session, pair, kettle, "builder", origin=origin)

    page = site.client.get(PAIR).text

    assert label in page
    assert "Approved by ada," in page and "ada@" not in page


def test_linked_data_names_software_as_software(site):
    with site.store.write() as session:
        make_pair(session)

    data = linked_data_of(site.client.get(PAIR).text)

    assert data["headline"] == "Kettle vs Emberloaf"
    assert data["creator"][0]["@type"] == "SoftwareApplication"
    assert "Drafted by software" in data["creator"][0]["description"]
    assert data["editor"] == {"@type": "Person", "name": "ada"}


# ── a tool on its own ────────────────────────────────────────────────────────────────────────────


def make_published_single(session, **overrides):
    kettle = make_tool(session, "kettle", tagline="Runs open-weights models on the laptop you have")
    single = make_comparison(session, kettle, None, **overrides)
    make_verdict(session, single, kettle)
    make_review(session, single, kettle, "builder")
    make_fact(session, kettle, "entry_price", "$29/month")
    return single


def text_of(page):
    body = re.sub(r"<script.*?</script>", "", page.partition("<main")[2].partition("</main>")[0], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def test_tool_on_its_own_is_headed_by_its_verdict(site):
    with site.store.write() as session:
        make_published_single(session)

    page = site.client.get("/compare/kettle").text

    assert "<title>Kettle: ship ·" in page
    assert re.search(r"<h1[^>]*>\s*Kettle: ship\s*</h1>", page)
    assert "Ship Kettle if you self-host; skip it if you do not." in page
    assert "None" not in page and not re.search(r"\bvs\b", text_of(page))


def test_tool_on_its_own_has_one_column(site):
    with site.store.write() as session:
        make_published_single(session)

    page = site.client.get("/compare/kettle").text

    assert page.count('<section class="column"') == page.count('<div class="said-of">') == 1
    assert "columns-one" in page and "lens-one" in page
    assert page.count("<h2") == 3  # scorecard, history and the form: its name stands above
    assert "The two tools" not in page and "No vote on" not in page


def test_tool_on_its_own_under_a_second_look_is_spoken_of_as_one(site):
    with site.store.write() as session:
        make_published_single(session, state="recheck", recheck_why="Kettle: entry price $29 → $49")

    page = site.client.get("/compare/kettle").text

    assert "The verdict below is the last we approved; we are looking at it again." in page


def test_linked_data_of_one_tool_is_a_review_of_it(site):
    with site.store.write() as session:
        make_published_single(session)

    data = linked_data_of(site.client.get("/compare/kettle").text)

    assert (data["@type"], data["headline"]) == ("Review", "Kettle: ship")
    assert data["itemReviewed"] == {
        "@type": "SoftwareApplication",
        "name": "Kettle",
        "url": "https://kettle.example/",
    }
    assert data["reviewBody"] == "Ship Kettle if you self-host; skip it if you do not."
    assert not {"about", "reviewRating"} & data.keys()


def test_linked_data_of_a_pair_is_about_both(site):
    with site.store.write() as session:
        make_pair(session)

    data = linked_data_of(site.client.get(PAIR).text)

    assert (data["@type"], [tool["name"] for tool in data["about"]]) == ("Article", ["Kettle", "Emberloaf"])
    assert "itemReviewed" not in data


@pytest.mark.parametrize("path", ["/", "/editions/7"])
def test_edition_shows_pairs_and_single_tools(site, path):
    with site.store.write() as session:
        make_edition(session, 7, **make_singles())

    shown = text_of(site.client.get(path).text)

    assert "Lintelope vs Patchwren" in shown
    assert "Kettle: ship" in shown and "Tern: skip" in shown
    assert "Update Tern: licence MIT → BUSL-1.1" in shown and shown.count("Update ") == 2
    assert "None" not in shown


def test_edition_counts_pairs_and_single_tools_apart(site):
    lone = {"launches": 7, "sources": 2, "comparisons": 0, "singles": 1, "minutes": 1}
    with site.store.write() as session:
        make_edition(session, 7, **make_singles())
        make_edition(session, 8, entries=[make_lone_entry(1)], scope=lone)

    assert "1 comparison and 2 tools on their own made it." in text_of(site.client.get("/editions/7").text)
    page = site.client.get("/editions/8").text
    assert "1 tool on its own made it." in text_of(page)
    assert 'class="pair pair-one"' in page and not re.search(r"\bvs\b", text_of(page))


def test_page_labels_an_update_with_its_reason(site):
    with site.store.write() as session:
        make_pair(session, update_why="Kettle: licence MIT → BUSL-1.1")
        make_published_pair(session, make_tool(session, "quill"), make_tool(session, "tern"))

    assert "Update Kettle: licence MIT → BUSL-1.1" in text_of(site.client.get(PAIR).text)
    assert "Update" not in text_of(site.client.get("/compare/quill-vs-tern").text)


def linked_data_of(page):
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


# ── text from outside ────────────────────────────────────────────────────────────────────────────


def make_hostile_pair(session):
    kettle = make_tool(session, "kettle", name=f"Kettle {SCRIPT}", tagline=SCRIPT, home_url="javascript:alert(1)")
    emberloaf = make_tool(session, "emberloaf", name="Ember\u202eloaf\u200b", home_url="data:text/html,x")
    pair = make_comparison(session, kettle, emberloaf, answer=SCRIPT, jobs=SCRIPT, recheck_why=SCRIPT)
    fact = make_fact(session, kettle, "claim", SCRIPT, quote=SCRIPT, url="javascript:alert(1)")
    old = make_fact(session, kettle, f"odd{SCRIPT}", SCRIPT, url="https://u:p@x.example/?a=\"onmouseover='x'")
    make_change(session, old, fact, MONDAY + timedelta(days=1))
    make_verdict(session, pair, kettle, why=SCRIPT, evidence=SCRIPT)
    make_review(session, pair, kettle, "builder", quote=f"{SCRIPT} said", facts=[fact])
    frozen = make_frozen_entry(
        1,
        make_frozen_tool(SCRIPT, tagline=SCRIPT, home_url="javascript:alert(1)", price=SCRIPT),
        make_frozen_tool("Emberloaf", home_url="vbscript:x"),
        answer=SCRIPT,
        best_for={"quote": SCRIPT, "reviewer": SCRIPT, "tool": SCRIPT},
    )
    quick = [{"name": SCRIPT, "tagline": SCRIPT, "price": SCRIPT, "url": "javascript:alert(1)"}]
    make_edition(session, 7, entries=[frozen], quick=quick, intro=SCRIPT, subject=SCRIPT)


@pytest.mark.parametrize("path", ["/", "/editions", "/editions/7", PAIR])
def test_scraped_markup_arrives_as_text(site, path):
    with site.store.write() as session:
        make_hostile_pair(session)

    page = site.client.get(path).text

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page and "\u200b" not in page


@pytest.mark.parametrize("path", ["/editions/7", PAIR])
def test_only_web_addresses_from_outside_are_linked(site, path):
    with site.store.write() as session:
        make_hostile_pair(session)

    page = site.client.get(path).text

    assert links_of(page)
    assert all(re.match(r"https?://|/|#", href) for href in links_of(page))
    outside = re.findall(r'<a [^>]*href="https?://(?!verdicts\.example\.org)[^>]*>', page)
    assert all('rel="nofollow noopener"' in tag for tag in outside)


def test_hostile_name_leaves_linked_data_whole(site):
    with site.store.write() as session:
        make_hostile_pair(session)

    data = linked_data_of(site.client.get(PAIR).text)

    assert SCRIPT in data["headline"]
    assert all("url" not in tool for tool in data["about"])


# ── nothing is changed by looking ────────────────────────────────────────────────────────────────


def test_looking_changes_nothing(site):
    with site.store.write() as session:
        make_pair(session)
        make_edition(session, 7)
        subscriber = make_subscriber(session, state="pending").id
    keys = (b"k" * 40,)
    tokens = {"confirm": CONFIRM, "unsubscribe": UNSUBSCRIBE}
    known = {path: make_token(keys, purpose, subscriber) for path, purpose in tokens.items()}
    before = site.dump()

    for path in every_path(site, known):
        for method in ("GET", "HEAD"):
            assert site.client.request(method, path).status_code == 200, (method, path)

    assert site.dump() == before


def reading_routes():
    return [route for router in (pages.router, subscribing.router) for route in router.routes if "GET" in route.methods]


def every_path(site, known):
    """Each route that answers GET, with something real to show."""
    filled = {
        "/editions/{number}": "/editions/7",
        "/editions/{number}.json": "/editions/7.json",
        "/compare/{slug}": PAIR,
        "/confirm/{token}": f"/confirm/{known['confirm']}",
        "/unsubscribe/{token}": f"/unsubscribe/{known['unsubscribe']}",
    }
    paths = [route.path for route in reading_routes()]
    assert len(paths) >= 11
    return [filled.get(path, path) for path in paths]


def test_every_page_answers_head_where_it_answers_get(site):
    assert all("HEAD" in route.methods for route in reading_routes())


def test_health_follows_the_store(site):
    assert site.client.get("/healthz").text == "ok"

    with site.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE edition RENAME TO elsewhere")

    assert site.client.get("/healthz").status_code == 503


def test_robots_keep_off_links_from_mail(site):
    assert "Disallow: /unsubscribe/" in site.client.get("/robots.txt").text
