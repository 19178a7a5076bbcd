"""The journey: from recorded pages to the message in an inbox, and what came after. One real week, many questions."""

import re
from collections import Counter
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from sqlmodel import select

from crawler.sources import known_sources
from db.models import (
    Alert,
    Change,
    Comparison,
    Contradiction,
    Crawl,
    Delivery,
    Fact,
    FrozenEdition,
    Launch,
    Merge,
    Source,
    Subscriber,
    Tool,
    Traction,
    Verdict,
)
from demo.report import source_rows
from demo.week_run import ADA, CLEO, DAN, DemoWeek
from digest import editions
from digest.mailer import SmtpMailer
from digest.send import send_edition
from jobs import lenses
from panel import decisions


def every(week: DemoWeek, query: Any) -> list[Any]:
    with week.store.read() as session:
        return list(session.exec(query).all())


def tool(week: DemoWeek, slug: str) -> Tool:
    return every(week, select(Tool).where(Tool.slug == slug))[0]


def digests(week: DemoWeek) -> list[Any]:
    return [mail for mail in week.inbox.received if mail.message["List-ID"]]


def test_launches_become_tools_once(week: DemoWeek) -> None:
    launches = every(week, select(Launch).where(Launch.kind == "launch"))
    per_tool = Counter(launch.tool_id for launch in launches)

    assert len(launches) == 63
    assert len(every(week, select(Tool))) == 45
    assert sum(1 for count in per_tool.values() if count > 1) == 16


def test_one_tool_is_joined_across_kinds_of_source(week: DemoWeek) -> None:
    joined: dict[str, set[str]] = {}
    for slug, source in every(week, select(Tool.slug, Launch.source_key).join(Launch, Launch.tool_id == Tool.id)):
        joined.setdefault(slug, set()).add(source)

    assert joined["voxlathe"] == {"github", "huggingface"}
    assert joined["skillsieve"] == {"github", "mcp"}
    assert joined["citewarden"] == {"hackernews", "awesome-local-agents"}
    assert joined["kettle"] == {"github", "runtimes", "releases"}


def test_every_enabled_source_is_answered_here(week: DemoWeek) -> None:
    hosts = {urlsplit(row.base_url).hostname for row in known_sources(week.settings) if row.base_url}
    unvisited = {source.key for source in every(week, select(Source)) if source.last_outcome is None}

    assert hosts <= week.settings.crawl.connect_to.keys()
    assert unvisited == {"producthunt"}


def test_noise_is_kept_with_its_reason(week: DemoWeek) -> None:
    noise = every(week, select(Launch).where(Launch.kind == "noise"))

    assert len(noise) == 23
    assert all(launch.why and launch.tool_id is None for launch in noise)


def test_a_release_is_not_a_new_tool(week: DemoWeek) -> None:
    [launch] = every(week, select(Launch).where(Launch.title == "Kettle 0.9.2 released"))

    assert launch.kind == "update"
    assert launch.tool_id == tool(week, "kettle").id


def test_every_fact_holds_its_quote(week: DemoWeek) -> None:
    from db.models import Snapshot

    pages = {page.id: page.text for page in every(week, select(Snapshot))}

    for fact in every(week, select(Fact)):
        assert pages[fact.snapshot_id][fact.quote_start : fact.quote_end] == fact.quote


def test_dead_and_closed_pages_are_told_apart(week: DemoWeek) -> None:
    assert tool(week, "ghostpine").availability == "dead"
    assert tool(week, "flintloop").availability == "unreachable"
    assert tool(week, "quietharbour").availability == "closed to robots"


def test_a_malformed_feed_harms_only_itself(week: DemoWeek) -> None:
    sources = {source.key: source for source in every(week, select(Source))}

    assert sources["brokenwire"].last_outcome == "partial"
    assert "malformed" in sources["brokenwire"].last_error
    assert {key for key, source in sources.items() if source.failures_in_row} == {"openrouter", "thornbury"}


def test_an_unchanged_answer_is_not_read_again(week: DemoWeek) -> None:
    [monday, wednesday, saturday] = every(week, select(Crawl).where(Crawl.source_key == "releases").order_by(Crawl.id))

    assert (monday.outcome, monday.found) == ("ok", 4)
    assert {wednesday.outcome, saturday.outcome} == {"not-modified"}
    assert wednesday.unchanged == 11


def test_a_page_that_changed_its_markup_says_so(week: DemoWeek) -> None:
    with week.store.read() as session:
        rows = {row[0]: row[1:] for row in source_rows(session)}

    assert rows["thornbury"][0] == "error"
    assert "the selector 'article.update' (item) matches nothing" in rows["thornbury"][3]
    assert rows["launchwire"] == ("not-modified", 8, 8, "")


def test_a_source_that_holds_nothing_any_more_raises_an_alert(week: DemoWeek) -> None:
    [alert] = every(week, select(Alert).where(Alert.key == "source-drift:openrouter"))

    assert alert.cleared_at is None
    assert alert.what == "OpenRouter answers, but nothing in the answer could be read."


def test_points_are_read_again_after_a_week(week: DemoWeek) -> None:
    readings = every(
        week, select(Traction.values).join(Launch).where(Launch.name == "Patchwren", Launch.source_key == "hackernews")
    )

    assert [values["points"] for values in readings] == [412, 454]


def test_a_licence_github_cannot_name_is_read_from_its_file(week: DemoWeek) -> None:
    facts = every(week, select(Fact).where(Fact.tool_id == tool(week, "voxlathe").id, Fact.key == "licence"))

    assert {(fact.value, fact.quote) for fact in facts} == {("ISC", "ISC License")}


def test_a_model_and_a_gpu_host_are_not_compared(week: DemoWeek) -> None:
    modal, mistral = (tool(week, slug) for slug in ("modal-gpu-serverless-inference", "mistral-8x22b"))
    rows = [row for row in every(week, select(Comparison)) if {modal.id, mistral.id} & set(row.tool_ids)]

    assert sorted(row.tool_ids for row in rows) == sorted([(modal.id,), (mistral.id,)])
    assert all(row.reason.endswith("but no other tool we know does its job.") for row in rows)


def test_a_tool_on_its_own_is_judged_and_mailed(week: DemoWeek) -> None:
    mail = next(one for one in week.inbox.received if one.message["List-ID"])

    assert "5. Modal GPU Serverless Inference" in mail.part("plain")
    assert "skip it if your GPUs are busy all day." in " ".join(mail.part("plain").split())
    assert (
        len(every(week, select(Verdict).where(Verdict.tool_id == tool(week, "modal-gpu-serverless-inference").id))) == 1
    )


def test_a_site_and_a_repository_of_one_name_are_joined_by_a_person(week: DemoWeek) -> None:
    [merge] = every(week, select(Merge))

    assert merge.merged_by == ADA
    assert {
        launch.url for launch in every(week, select(Launch).where(Launch.tool_id == tool(week, "minutebird").id))
    } == {
        "https://minutebird.example",
        "https://github.com/minutebird-example/minutebird",
    }


def test_facts_that_disagree_are_both_kept(week: DemoWeek) -> None:
    [pair] = every(week, select(Contradiction))

    assert pair.key == "licence"
    assert {
        week_fact.value for week_fact in every(week, select(Fact).where(Fact.id.in_((pair.fact_a_id, pair.fact_b_id))))
    } == {
        "CC-BY-4.0",
        "MIT",
    }


def test_the_week_proposes_rivals_and_strong_launches_alone(week: DemoWeek) -> None:
    assert {row.slug: row.state for row in every(week, select(Comparison))} == {
        "nearfold-vs-vectorbarn": "published",
        "tracewell-vs-spanlark": "published",
        "taskheron-vs-relaywick": "drafted",
        "patchwren-vs-sidecarve": "published",
        "murmurite-vs-dictaquill": "recheck",
        "emberloaf-vs-kettle": "drafted",
        "modal-gpu-serverless-inference": "published",
        "mistral-8x22b": "drafted",
        "bavardine": "pending",
        "tidemark-200m": "rejected",
    }


def test_only_real_price_moves_become_changes(week: DemoWeek) -> None:
    changes = every(week, select(Change, Tool.slug).join(Tool, Tool.id == Change.tool_id))

    assert {(slug, change.key) for change, slug in changes} == {
        ("tracewell", "entry_price"),
        ("dictaquill", "entry_price"),
    }


def test_a_moved_price_brought_the_verdict_back(week: DemoWeek) -> None:
    verdicts = every(week, select(Verdict).where(Verdict.tool_id == tool(week, "tracewell").id).order_by(Verdict.id))

    assert week.notes["recheck"] == ["Tracewell: entry price $29/month → $49/month"]
    assert [verdict.outcome for verdict in verdicts] == ["ship", "skip"]


def test_every_reader_got_exactly_one(week: DemoWeek) -> None:
    copies = Counter(mail.recipient for mail in digests(week) if "edition-1:" in mail.message["Feedback-ID"])

    assert len(copies) == 200
    assert set(copies.values()) == {1}
    assert week.notes["second send"].startswith("0 mails")


def test_what_was_approved_is_what_was_sent(week: DemoWeek) -> None:
    mail = digests(week)[0]
    with week.store.read() as session:
        frozen = editions.verify_edition(session, editions.get_edition(session, 1))

    sent = mail.part("plain").replace("\r\n", "\n").splitlines()
    kept = [line for line in frozen.text.splitlines() if "%%" not in line]
    assert [line for line in kept if line not in sent] == []
    assert frozen.approved_by == ADA


def test_every_link_of_ours_in_the_mail_works(week: DemoWeek) -> None:
    from web.app import create_app
    from web.running import running

    body = digests(week)[0].part("html")
    ours = {url for url in re.findall(r'href="([^"]+)"', body) if url.startswith(week.settings.base_url)}

    with running(create_app(week.store, week.settings, week.clock), week.web_port):
        answers = {url: status_of(url) for url in ours}
    assert len(ours) >= 7
    assert set(answers.values()) == {200}


def status_of(url: str) -> int:
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as exc:
        return exc.code


def test_the_bounce_suppressed_its_address(week: DemoWeek) -> None:
    states = {row.address: row.state for row in every(week, select(Subscriber))}

    assert states[DAN] == "suppressed"
    assert states[CLEO] == "unsubscribed"
    assert week.notes["one-click"] == 200


def test_a_published_verdict_came_back_on_saturday(week: DemoWeek) -> None:
    [pair] = every(week, select(Comparison).where(Comparison.slug == "murmurite-vs-dictaquill"))

    assert pair.published_at is not None
    assert pair.recheck_why == "Dictaquill: entry price $12/month → $18/month"


def test_the_page_of_a_price_is_read_no_oftener_than_due(week: DemoWeek) -> None:
    requests = Counter(request for request in week.origin.requests)

    assert requests["tracewell.example/pricing"] == 3
    assert all(host.partition("/")[0] in week.origin.hosts for host in requests)


# Last, since it adds a second edition to the week.
def test_the_next_edition_says_what_changed_and_skips_the_gone(week: DemoWeek) -> None:
    before = len(digests(week))
    week.clock.move(24, 9)
    with week.store.write() as session:
        waiting = next(row for row in decisions.queue(session) if row.slug == "emberloaf-vs-kettle")
        decisions.approve(session, week.settings, waiting.id or 0, ADA, week.clock.now)
        edition = editions.build_edition(session, week.settings, week.clock.now)
        frozen = editions.approve_edition(session, week.settings, edition, ADA, lenses(), week.clock.now)
    week.clock.move(27, 6, 1)
    send_edition(week.store, week.settings, 2, SmtpMailer(week.settings.smtp), week.clock)

    got = {mail.recipient for mail in digests(week)[before:]}
    assert len(got) == 198
    assert not {CLEO, DAN} & got
    assert [line["tool"] for line in frozen.content["changed"]] == ["Dictaquill"]
    assert frozen.content["changed"][0]["now"] == "re-check"
    assert not every(week, select(Delivery).where(Delivery.state != "accepted"))
    assert len(every(week, select(FrozenEdition))) == 2
