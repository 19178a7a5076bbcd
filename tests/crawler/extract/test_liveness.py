"""A tool's own page is told from what stands in its place."""

import os
from pathlib import Path

import pytest

from crawler.extract.liveness import Liveness, judge_liveness
from crawler.extract.page import read_page

HOME = "https://kettle.example/"
LONG = "Kettle boils models on your own machine, and tells what each of them costs. " * 40


def judge(
    title: str = "",
    text: str = "",
    status: int = 200,
    final: str = HOME,
    asked: str = HOME,
    headers: dict[str, str] | None = None,
) -> Liveness:
    body = f"<html><head><title>{title}</title></head><body>{text}</body></html>"
    return judge_liveness(status, final, asked, read_page(body.encode(), final), headers or {})


@pytest.mark.parametrize(
    ("title", "text", "status"),
    [
        ("Just a moment...", "kettle.example Enable JavaScript and cookies to continue", 403),
        ("Just a moment…", "Verify you are human by completing the action below.", 200),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked. Cloudflare Ray ID: 8", 403),
        ("", "error code: 1020", 403),
        ("kettle.example", "Please enable JS and disable any ad blocker", 403),
        ("Access Denied", "You don't have permission to access /x on this server. Reference #18.2d1f", 403),
        ("Access to this page has been denied.", "Press & Hold to confirm you are a human (and not a bot).", 403),
        ("Vercel Security Checkpoint", "We're verifying your browser", 429),
        ("Making sure you&#39;re not a bot!", "Loading... Protected by Anubis from Techaro.", 200),
        ("Pardon Our Interruption", "Something about your browser made us think you were a bot.", 200),
        ("Client Challenge", "JavaScript is disabled in your browser.", 200),
        ("Verifying your browser…", "<h1>Checking your browser</h1> Starting…", 200),
        ("Kettle - Please wait for verification", "", 200),
        ("Security check", "Please complete the CAPTCHA to go on.", 200),
    ],
)
def test_bot_wall_is_no_home_page(title: str, text: str, status: int) -> None:
    judged = judge(title, text, status)

    assert judged.state == "bot wall"
    assert judged.why.endswith("asks whether we are a person")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"Cf-Mitigated": "challenge"}),
        (403, {"Server": "cloudflare"}),
        (403, {"Server": "AkamaiGHost"}),
        (429, {"X-Vercel-Mitigated": "challenge"}),
        (202, {"x-amzn-waf-action": "challenge"}),
    ],
)
def test_wall_is_known_by_headers(status: int, headers: dict[str, str]) -> None:
    assert judge_liveness(status, HOME, HOME, None, headers).state == "bot wall"


@pytest.mark.parametrize(
    ("title", "text", "status"),
    [
        ("", "", 404),
        ("Kettle", LONG, 410),
        ("Site not found · GitHub Pages", "404 There isn't a GitHub Pages site here.", 404),
        ("Site not found · GitHub Pages", "There isn&#39;t a GitHub Pages site here.", 200),
        ("No such app", "There's nothing here, yet.", 404),
        ("404: NOT_FOUND", "404: NOT_FOUND Code: DEPLOYMENT_NOT_FOUND ID: fra1::x", 404),
        ("", "Not Found - Request ID: 01JD", 404),
        ("Account Suspended", "This Account has been suspended. Contact your hosting provider.", 200),
        ("404 Not Found", "The page you are looking for could not be found.", 200),
    ],
)
def test_missing_page_is_dead(title: str, text: str, status: int) -> None:
    assert judge(title, text, status).state == "dead"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("kettle.example is for sale", "This domain is for sale. Make an offer, buyer protection by Dan.com"),
        ("kettle.example", "This domain may be for sale. Afternic, a GoDaddy brand"),
        ("kettle.example", "kettle.example is parked free, courtesy of GoDaddy.com. Get this domain."),
        ("Registered at Namecheap.com", "kettle.example was recently registered at Namecheap.com"),
        ("kettle.example - kettle Resources and Information.", "Buy kettle.example. Brokered by Sedo"),
        ("Domain expired", "This domain has expired. Renew it at your registrar."),
    ],
)
def test_parked_domain_is_no_tool(title: str, text: str) -> None:
    assert judge(title, text).state == "parked"


@pytest.mark.parametrize("final", ["https://www.hugedomains.com/domain_profile.cfm?d=kettle", "https://sedo.com/x"])
def test_domain_sent_to_a_broker_is_parked(final: str) -> None:
    assert judge("Kettle is for sale", LONG, final=final).state == "parked"


def test_move_keeps_where_to() -> None:
    judged = judge("Teapot", LONG, final="https://teapot.dev/")

    assert judged == ("moved", "it now leads to teapot.dev", "https://teapot.dev/")


@pytest.mark.parametrize(
    "final", ["http://kettle.example/en", "https://www.kettle.example/", "https://app.kettle.example"]
)
def test_own_domain_is_no_move(final: str) -> None:
    assert judge("Kettle", LONG, final=final).state == "alive"


def test_page_behind_a_sign_in_is_unreachable() -> None:
    judged = judge("Sign in", "", final="https://accounts.google.com/signin")

    assert judged.state == "unreachable"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_bare_refusal_is_no_judgement(status: int) -> None:
    assert judge_liveness(status, HOME, HOME, None, {}) == ("unreachable", f"its home page answered {status}", None)


def test_failing_server_is_no_bot_wall() -> None:
    judged = judge("kettle.example | 521: Web server is down", "Performance &amp; security by Cloudflare", 521)

    assert judged.state == "unreachable"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Kettle", LONG),
        ("CaptchaSolver – solve any captcha", "Tired of “verify you are human”? Complete the captcha with an API."),
        ("Captcha", "An API that tells people from bots."),
        ("Just a moment", f"A meditation app. {LONG}"),
        ("NameHawk", "Alerts you when a domain is for sale at Sedo or GoDaddy. Buy this domain before others do."),
        ("Know when the domain you want is for sale", "We watch Sedo for you. Is the domain for sale? You hear first."),
        ("ParkWell – parking with AI", "Find parking. This site is parked in your pocket."),
        ("Status page", "FAQ: is the site down? What does 404 page not found mean?"),
        ("404 Generator", "Drawn pages for what was not found. Never show a bare error 404 again."),
        ("Kettle", ""),
        ("", ""),
        ("Human Verification", ""),
        ("Kettle", "You need to enable JavaScript to run this app."),
    ],
)
def test_living_tool_may_speak_of_anything(title: str, text: str) -> None:
    assert judge(title, text) == ("alive", "", None)


def test_page_that_sells_is_alive() -> None:
    text = 'Verify you are human <a href="/pricing">Pricing</a>'

    assert judge("Human verification", text).state == "alive"


@pytest.mark.parametrize("url", ["", "http://[", "https://\udcff/", "nonsense"])
def test_any_address_is_judged(url: str) -> None:
    assert judge_liveness(200, url, HOME, read_page(b"\xff\x00<title>", HOME), {}).state in ("alive", "moved")


@pytest.mark.corpus
def test_recorded_pages_are_judged_rightly() -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "nowhere"))
    if not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name the folder of recorded pages")
    pages = [path for name in ("html", "tool_sites", "tool_pages") for path in sorted((folder / name).glob("*.html"))]
    others = {
        path.name: judge_liveness(200, HOME, HOME, read_page(path.read_bytes(), HOME), {}).state
        for path in pages
        if judge_liveness(200, HOME, HOME, read_page(path.read_bytes(), HOME), {}).state != "alive"
    }

    assert pages
    assert {name: str(state) for name, state in others.items() if "interstitial" not in name} == {}
    assert set(others.values()) == {"bot wall"}
