"""A token opens one door for one reader, and nothing else anywhere."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.tokens import (
    BOUNCE,
    CONFIRM,
    UNSUBSCRIBE,
    Claim,
    TokenError,
    key_id,
    make_address_token,
    make_token,
    read_address_token,
    read_token,
)
from tests.factories import MONDAY

KEYS = (b"k" * 40,)
PURPOSES = (CONFIRM, UNSUBSCRIBE, BOUNCE)
KINDS = [(make_token, read_token), (make_address_token, read_address_token)]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_token_tells_who_and_what(make: Callable[..., str], read: Callable[..., Claim], purpose: str) -> None:
    assert read(KEYS, purpose, make(KEYS, purpose, 7, 42), MONDAY) == Claim(7, 42)


@pytest.mark.parametrize(("made_for", "tried_as"), list(permutations(PURPOSES, 2)))
@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_token_serves_one_purpose(
    make: Callable[..., str], read: Callable[..., Claim], made_for: str, tried_as: str
) -> None:
    with pytest.raises(TokenError, match="not for this"):
        read(KEYS, tried_as, make(KEYS, made_for, 7, 42), MONDAY)


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_change_anywhere_is_noticed(make: Callable[..., str], read: Callable[..., Claim]) -> None:
    token = make(KEYS, UNSUBSCRIBE, 7, 42)

    for place, char in enumerate(token):
        for other in {"a", "b", "7"} - {char.lower()}:
            with pytest.raises(TokenError):
                read(KEYS, UNSUBSCRIBE, token[:place] + other + token[place + 1 :], MONDAY)


@pytest.mark.parametrize(("make", "read"), KINDS)
def test_a_part_of_a_token_is_refused(make: Callable[..., str], read: Callable[..., Claim]) -> None:
    token = make(KEYS, UNSUBSCRIBE, 7, 42)

    for part in [token[:length] for length in range(len(token))] + [token[1:], token + "a", token * 2]:
        with pytest.raises(TokenError):
            read(KEYS, UNSUBSCRIBE, part, MONDAY)


@pytest.mark.parametrize(("make", "read"), KINDS)
@given(text=st.text() | st.text("abcdefghijklmnopqrstuvwxyz234567=-_ABC+/", min_size=38, max_size=50))
def test_any_text_is_refused_in_words(make: Callable[..., str], read: Callable[..., Claim], text: str) -> None:
    with pytest.raises(TokenError):
        read(KEYS, UNSUBSCRIBE, text, MONDAY)


def test_an_expired_token_says_so() -> None:
    token = make_token(KEYS, CONFIRM, 7, expires_at=MONDAY)

    assert read_token(KEYS, CONFIRM, token, MONDAY) == Claim(7, 0)
    with pytest.raises(TokenError, match="has expired; ask for a new one"):
        read_token(KEYS, CONFIRM, token, MONDAY + timedelta(seconds=1))


def test_an_unsubscribe_token_never_expires() -> None:
    token = make_token(KEYS, UNSUBSCRIBE, 7, 42)

    assert read_token(KEYS, UNSUBSCRIBE, token, MONDAY + timedelta(days=36500)) == Claim(7, 42)


def test_an_expiry_cannot_be_stretched() -> None:
    short = make_token(KEYS, CONFIRM, 7, expires_at=MONDAY)
    long = make_token(KEYS, CONFIRM, 7, expires_at=MONDAY + timedelta(days=1))

    with pytest.raises(TokenError):
        read_token(KEYS, CONFIRM, long[:19] + short[19:], MONDAY)


def test_old_mail_works_under_a_new_key() -> None:
    token = make_token(KEYS, UNSUBSCRIBE, 7, 42)

    assert read_token((b"n" * 40, *KEYS), UNSUBSCRIBE, token, MONDAY) == Claim(7, 42)


def test_a_dropped_key_opens_nothing() -> None:
    with pytest.raises(TokenError):
        read_token((b"n" * 40,), UNSUBSCRIBE, make_token(KEYS, UNSUBSCRIBE, 7, 42), MONDAY)


def test_the_first_key_signs() -> None:
    token = make_token((b"n" * 40, *KEYS), UNSUBSCRIBE, 7, 42)

    assert read_token((b"n" * 40,), UNSUBSCRIBE, token, MONDAY) == Claim(7, 42)


def test_two_keys_of_one_number_both_work() -> None:
    twins: dict[int, bytes] = {}
    for number in range(2000):
        key = f"{number:040}".encode()
        if (first := twins.setdefault(key_id(key), key)) != key:
            break

    token = make_token((key,), UNSUBSCRIBE, 7, 42)
    assert read_token((first, key), UNSUBSCRIBE, token, MONDAY) == Claim(7, 42)


@given(st.lists(st.booleans(), min_size=48, max_size=48))
def test_an_address_token_survives_any_case(upper: list[bool]) -> None:
    token = make_address_token(KEYS, BOUNCE, 7, 42)
    mixed = "".join(char.upper() if up else char for char, up in zip(token, upper, strict=True))

    assert read_address_token(KEYS, BOUNCE, mixed, MONDAY) == Claim(7, 42)


def test_an_address_token_fits_a_local_part() -> None:
    token = make_address_token(KEYS, BOUNCE, 2**32 - 1, 2**32 - 1)

    assert len(f"bounce+{token}") <= 64
    assert token.isalnum()
