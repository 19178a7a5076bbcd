from datetime import timedelta

import pytest

from config import secret_keys
from db.models import AuditEntry, Letter, Subscriber
from digest.tokens import CONFIRM, UNSUBSCRIBE, make_token
from tests.web.factories import make_site, make_subscriber

URLENCODED = {"data": {"List-Unsubscribe": "One-Click"}}
MULTIPART = {"files": {"List-Unsubscribe": (None, "One-Click")}}


@pytest.fixture
def site(tmp_path):
    with make_site(tmp_path) as site:
        with site.store.write() as session:
            make_subscriber(session)
        yield site


def unsubscribe_path(site, edition=7):
    token = make_token(secret_keys(site.settings), UNSUBSCRIBE, site.one(Subscriber).id, edition)
    return f"/unsubscribe/{token}"


@pytest.mark.parametrize("body", [URLENCODED, MULTIPART])
def test_one_click_unsubscribes_at_once(site, body):
    answer = site.client.post(unsubscribe_path(site), **body)

    assert (answer.status_code, answer.text) == (200, "You are unsubscribed.\n")
    assert "set-cookie" not in answer.headers
    assert site.one(Subscriber).state == "unsubscribed"


@pytest.mark.parametrize("body", [URLENCODED, MULTIPART])
def test_second_one_click_answers_the_same(site, body):
    path = unsubscribe_path(site)
    first = site.client.post(path, **body)
    after = site.dump()

    second = site.client.post(path, **body)

    assert (second.status_code, second.text) == (first.status_code, first.text)
    assert site.dump() == after
    assert site.count(AuditEntry, action="unsubscribe") == site.count(Letter, kind="goodbye") == 1


def test_button_on_the_page_unsubscribes(site):
    path = unsubscribe_path(site)
    page = site.client.get(path)

    assert page.text.count("<form") == page.text.count("<button") == 1
    assert "ben@example.org" not in page.text

    assert "You are unsubscribed" in site.client.post(path).text
    assert site.one(Subscriber).state == "unsubscribed"


def test_scanner_that_opens_the_link_unsubscribes_nobody(site):
    path = unsubscribe_path(site)

    for method in ("GET", "HEAD"):
        assert site.client.request(method, path).status_code == 200

    assert site.one(Subscriber).state == "active"


def test_link_never_expires(site):
    path = unsubscribe_path(site)
    site.now += timedelta(days=4000)

    assert site.client.post(path, **URLENCODED).status_code == 200


def test_old_confirm_link_revives_nobody(site):
    subscriber = site.one(Subscriber).id
    expires_at = site.now + timedelta(days=7)
    token = make_token(secret_keys(site.settings), CONFIRM, subscriber, expires_at=expires_at)
    site.client.post(unsubscribe_path(site), **URLENCODED)

    answer = site.client.post(f"/confirm/{token}")

    assert answer.status_code == 410
    assert site.one(Subscriber).state == "unsubscribed"


def test_confirm_token_does_not_unsubscribe(site):
    token = make_token(secret_keys(site.settings), CONFIRM, site.one(Subscriber).id)

    assert site.client.post(f"/unsubscribe/{token}", **URLENCODED).status_code == 410
    assert site.one(Subscriber).state == "active"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["x", "A" * 40, "A" * 5000, "ü"])
def test_link_not_made_here_is_gone(site, method, token):
    answer = site.client.request(method, f"/unsubscribe/{token}")

    assert answer.status_code == 410
    assert "This link" in answer.text
    assert site.one(Subscriber).state == "active"


def test_link_of_an_erased_reader_is_gone(site):
    token = make_token(secret_keys(site.settings), UNSUBSCRIBE, 4711)

    assert site.client.post(f"/unsubscribe/{token}", **URLENCODED).status_code == 410
