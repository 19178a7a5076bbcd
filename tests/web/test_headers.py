import logging

import pytest

from config import secret_keys
from db.models import Subscriber
from db.published_editions import PUBLIC_STATES
from digest.tokens import UNSUBSCRIBE, make_token
from errors import AppError, NotAllowed
from tests.web.factories import make_edition, make_published_pair, make_site, make_subscriber, make_tool
from web import pages
from web.app import mask_access, mask_tokens

PAIR = "/compare/kettle-vs-emberloaf"
PAGES = ["/", "/editions", "/editions/7", "/editions/7.json", PAIR, "/subscribe", "/subscribe/asked", "/nowhere"]


@pytest.fixture
def site(tmp_path):
    with make_site(tmp_path) as site:
        with site.store.write() as session:
            make_published_pair(session, make_tool(session, "kettle"), make_tool(session, "emberloaf"))
            make_edition(session, 7)
            make_subscriber(session)
        yield site


def policy_of(answer):
    return dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))


@pytest.mark.parametrize("path", [*PAGES, "/robots.txt", "/healthz", "/static/site.css"])
def test_security_headers_everywhere(site, path):
    answer = site.client.get(path)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert policy_of(answer)["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", [*PAGES, "/robots.txt", "/healthz"])
def test_public_pages_set_no_cookie(site, path):
    assert "set-cookie" not in site.client.get(path).headers


@pytest.mark.parametrize("path", ["/editions", "/editions/7", PAIR, "/compare/none"])
def test_copies_may_load_nothing_but_style(site, path):
    policy = policy_of(site.client.get(path))

    assert policy["default-src"] == "'none'" and policy["style-src"] == "'self'"
    assert "script-src" not in policy


@pytest.mark.parametrize("path", ["/", "/editions/7", PAIR, "/subscribe"])
def test_pages_carry_no_style_or_script_of_their_own(site, path):
    page = site.client.get(path).text

    assert " style=" not in page and "<style" not in page and " onclick" not in page
    assert "<script" not in page.replace('<script type="application/ld+json">', "")


@pytest.mark.parametrize("token", ["good", "bad"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_token_pages_are_neither_kept_nor_listed(site, method, token):
    if token == "good":
        token = make_token(secret_keys(site.settings), UNSUBSCRIBE, site.one(Subscriber).id)

    answer = site.client.request(method, f"/unsubscribe/{token}")

    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "no-store"


def test_style_is_kept_by_its_version(site):
    page = site.client.get("/").text
    url = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    assert "immutable" in site.client.get(url).headers["cache-control"]
    assert site.client.get("/static/site.css").headers["cache-control"] == "no-cache"
    assert site.client.get("/static/favicon.svg").headers["content-type"].startswith("image/svg+xml")


def test_missing_page_speaks_our_voice(site):
    answer = site.client.get("/nowhere")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text and "AI Tool Verdicts" in answer.text


def test_missing_record_is_named(site):
    assert "There is no published edition 8." in site.client.get("/editions/8").text
    assert site.client.get("/editions/8.json").json() == {"error": "There is no published edition 8."}


def test_wrong_method_says_which_would_do(site):
    answer = site.client.post("/editions")

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert "does not take that kind of request" in answer.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_page_of_the_frameworks_own(site, path):
    assert site.client.get(path).status_code == 404


def break_archive(monkeypatch, error):
    def broken(*_):
        raise error

    monkeypatch.setattr(pages, "published_editions", broken)


def test_unexpected_error_is_logged_and_calm(site, monkeypatch, caplog):
    break_archive(monkeypatch, RuntimeError("secret detail"))

    answer = site.client.get("/editions")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text and "secret detail" not in answer.text
    assert policy_of(answer)["default-src"] == "'none'"
    assert "secret detail" in caplog.text and "Traceback" in caplog.text


def test_refusal_keeps_its_sentence(site, monkeypatch):
    break_archive(monkeypatch, NotAllowed("Edition 7 cannot be shown", "it is being changed"))

    answer = site.client.get("/editions")

    assert answer.status_code == 409
    assert "Edition 7 cannot be shown: it is being changed." in answer.text


def test_other_errors_of_ours_stay_inside(site, monkeypatch, caplog):
    break_archive(monkeypatch, AppError("the store is at revision 3"))

    answer = site.client.get("/editions")

    assert answer.status_code == 500
    assert "revision" not in answer.text and "revision" in caplog.text


def test_tokens_stay_out_of_logs():
    args = ("127.0.0.1:1", "POST", "/unsubscribe/AcQAAAAB?x=1", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)

    assert mask_access(record)
    assert "AcQAAAAB" not in record.getMessage() and "/unsubscribe/…" in record.getMessage()
    assert mask_tokens("/confirm/abc/def") == "/confirm/…"


def test_public_states_are_those_being_or_been_sent():
    assert {str(state) for state in PUBLIC_STATES} == {"sending", "paused", "sent"}
