"""How long the other side may ask us to stay away."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.manners import wait_asked
from tests.factories import MONDAY


def answer(**headers: str) -> Response:
    return Response("https://a.example/", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "120"}, timedelta(minutes=2)),
        ({"Retry_After": " 120 "}, timedelta(minutes=2)),
        ({"Retry_After": "Mon, 16 Nov 2026 10:30:00 GMT"}, timedelta(hours=1.5)),
        ({"Retry_After": "9" * 400}, timedelta(hours=24)),
        ({"Retry_After": "Fri, 31 Dec 9999 23:59:59 GMT"}, timedelta(hours=24)),
        (
            {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": str(int(MONDAY.timestamp()) + 600)},
            timedelta(minutes=10),
        ),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "9" * 400}, timedelta(hours=24)),
    ],
)
def test_asked_wait_is_understood_and_capped(headers: dict[str, str], wait: timedelta) -> None:
    assert wait_asked(answer(**headers), MONDAY) == MONDAY + wait


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry_After": "0"},
        {"Retry_After": "-5"},
        {"Retry_After": "soon"},
        {"Retry_After": "\u00b2"},
        {"Retry_After": "Sun, 15 Nov 2026 10:30:00 GMT"},
        {"X_RateLimit_Remaining": "7", "X_RateLimit_Reset": "9999999999"},
        {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "\u00b3"},
        {"X_RateLimit_Remaining": "0"},
    ],
)
def test_no_usable_wait_is_none(headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}

    assert wait_asked(answer(**encoded), MONDAY) is None


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_any_header_is_a_wait_or_none(text: str) -> None:
    asked = wait_asked(answer(Retry_After=text.encode("latin-1"), X_RateLimit_Remaining="0"), MONDAY)

    assert asked is None or MONDAY < asked.astimezone(UTC) <= MONDAY + timedelta(hours=24)
