from datetime import timedelta

import pytest
from sqlmodel import select

from config import secret_keys
from db.models import AuditEntry, Letter, Signup, Subscriber
from digest import subscriptions
from digest.addresses import address_hash, parse_address
from digest.suppressions import suppress
from digest.tokens import CONFIRM, UNSUBSCRIBE, make_token
from tests.web.factories import MONDAY, make_site, make_subscriber


@pytest.fixture
def site(tmp_path):
    with make_site(tmp_path) as site:
        yield site


def prepare(site, who):
    """What we know of ben@example.org before he asks."""
    ben = parse_address("ben@example.org")
    with site.store.write() as session:
        if who in ("active", "unsubscribed", "pending"):
            make_subscriber(session, state=who)
        if who == "suppressed":
            suppress(session, site.settings, ben, "complained", "ada", MONDAY)
        if who == "limited":
            asked = MONDAY - timedelta(hours=1)
            hashed = address_hash(site.settings, ben.key)
            session.add(Signup(address_hash=hashed, network_hash="n", tried_at=asked, was_mailed=True))


@pytest.mark.parametrize(
    ("who", "letters"),
    [("unknown", 1), ("pending", 1), ("unsubscribed", 1), ("active", 0), ("suppressed", 0), ("limited", 0)],
)
def test_everybody_gets_the_same_answer(site, who, letters):
    prepare(site, who)

    answer = site.sign_up("ben@example.org")

    assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/subscribe/asked", "")
    assert site.count(Letter, kind="confirm") == letters


def test_answer_leaves_before_the_decision(site, monkeypatch):
    """The time of the answer tells nothing: what is looked up is looked up afterwards."""

    def broken(*_):
        raise RuntimeError("the store is away")

    monkeypatch.setattr(subscriptions, "request_subscription", broken)

    assert site.sign_up("ben@example.org").status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        {"website": "https://buy.example"},
        {"started": ""},
        {"started": "soon"},
        {"started": "9" * 40},
        {"started": "-5"},
        {"started": str(int(MONDAY.timestamp()) - 1)},
        {"started": str(int(MONDAY.timestamp()) + 60)},
        {"started": str(int((MONDAY - timedelta(days=8)).timestamp()))},
    ],
)
def test_machine_is_thanked_and_ignored(site, form):
    answer = site.sign_up("ben@example.org", **form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/asked")
    assert site.count(Letter) == site.count(Subscriber) == site.count(Signup) == 0


@pytest.mark.parametrize("email", ["", "ben", "ben@", "a b@example.org", "ben@example.org\r\nBcc: x@y.z", "x" * 9000])
def test_unusable_address_brings_the_form_back(site, email):
    answer = site.sign_up(email)

    assert answer.status_code == 422
    assert "That is no mail address we can write to" in answer.text
    assert 'action="/subscribe"' in answer.text
    assert site.count(Letter) == 0


def test_mistyped_address_is_shown_again_as_text(site):
    answer = site.sign_up('"><script>alert(1)</script>')

    assert "<script>" not in answer.text
    assert f'name="started" value="{site.started()}"' in answer.text


def test_file_instead_of_an_address_is_refused_calmly(site):
    answer = site.client.post("/subscribe", files={"email": ("a.txt", b"x")})

    assert answer.status_code == 422
    assert "did not arrive whole" in answer.text


def test_confirming_takes_a_press(site):
    site.sign_up("ben@example.org")
    path = confirm_path(site)

    assert site.client.get(path).status_code == 200
    assert site.client.head(path).status_code == 200
    assert site.one(Subscriber).state == "pending"

    assert "You are in" in site.client.post(path).text
    assert site.one(Subscriber).state == "active"


def confirm_path(site):
    token = make_token(
        secret_keys(site.settings), CONFIRM, site.one(Subscriber).id, expires_at=site.now + timedelta(days=7)
    )
    return f"/confirm/{token}"


def test_confirm_page_has_one_form_and_hides_the_address(site):
    site.sign_up("ben@example.org")

    page = site.client.get(confirm_path(site)).text

    assert page.count("<form") == page.count("<button") == 1
    assert "b…@example.org" in page and "ben@example.org" not in page


def test_second_press_changes_nothing(site):
    site.sign_up("ben@example.org")
    path = confirm_path(site)
    site.client.post(path)

    assert site.client.post(path).status_code == 200
    assert site.count(AuditEntry, action="confirm") == 1
    assert site.count(Letter, kind="welcome") == 1


def test_expired_link_says_so(site):
    site.sign_up("ben@example.org")
    path = confirm_path(site)
    site.now += timedelta(days=8)

    for answer in (site.client.get(path), site.client.post(path)):
        assert answer.status_code == 410
        assert "expired" in answer.text


def test_unsubscribe_token_does_not_confirm(site):
    site.sign_up("ben@example.org")
    token = make_token(secret_keys(site.settings), UNSUBSCRIBE, site.one(Subscriber).id)

    assert site.client.post(f"/confirm/{token}").status_code == 410
    assert site.one(Subscriber).state == "pending"


@pytest.mark.parametrize("token", ["x", "AAAA", "ä", "%00", "A" * 5000])
def test_broken_token_is_gone(site, token):
    assert site.client.get(f"/confirm/{token}").status_code == 410
    assert site.client.post(f"/confirm/{token}").status_code == 410


def networks(site):
    with site.store.read() as session:
        return {one.network_hash for one in session.exec(select(Signup))}


def test_forwarded_address_counts_only_behind_our_proxy(site):
    for last in ("1", "2"):
        headers = {"X-Forwarded-For": f"203.0.113.{last}, 198.51.{last}.7"}
        form = {"email": f"ben{last}@example.org", "website": "", "started": site.started()}
        site.client.post("/subscribe", data=form, headers=headers)

    assert len(networks(site)) == 1


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        ("6.6.6.6, 198.51.100.77", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("not an address", "unknown"),
    ],
)
def test_network_comes_from_our_proxys_own_line(tmp_path, forwarded, network):
    with make_site(tmp_path, web={"trusted_proxy": True}) as site:
        form = {"email": "ben@example.org", "website": "", "started": site.started()}
        site.client.post("/subscribe", data=form, headers={"X-Forwarded-For": forwarded})

        assert networks(site) == {address_hash(site.settings, network)}
