"""One strict door: only a plain mail address comes in, and two spellings of a mailbox are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Settings
from digest.addresses import address_hash, masked, parse_address

HOSTILE = [
    "",
    "   ",
    "ben",
    "@example.org",
    "ben@",
    "ben@example",
    "ben@@example.org",
    "ben@cleo@example.org",
    "ben@example..org",
    ".ben@example.org",
    "ben.@example.org",
    "ben smith@example.org",
    "ben@exam ple.org",
    "ben@example.org\r\nBcc: dan@example.com",
    "ben@example.org\nRCPT TO:<dan@example.com>",
    "ben\r\n@example.org",
    "ben\0@example.org",
    "ben@example.org\0",
    "ben\t@example.org",
    '"ben"@example.org',
    '"ben smith"@example.org',
    '"a\r\nb"@example.org',
    "ben@[127.0.0.1]",
    "ben(comment)@example.org",
    "<ben@example.org>",
    "Ben <ben@example.org>",
    "ben@example.org, dan@example.com",
    "ben@example.org;dan@example.com",
    "bén@example.org",
    "用户@example.org",
    "ben@-example.org",
    "ben\u200b@example.org",
    "ben\u202e@example.org",
    "ben@example.org\u2028",
    "a" * 65 + "@example.org",
    "ben@" + "a" * 250 + ".org",
]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip() != "ben@example.org"])
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a mail address"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ben@example.org", "ben@example.org"),
        ("  ben@example.org\n", "ben@example.org"),
        ("Ben.Smith@Example.ORG", "Ben.Smith@example.org"),
        ("ben+news@example.org", "ben+news@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("ben@bücher.example", "ben@xn--bcher-kva.example"),
    ],
)
def test_a_plain_address_is_kept_as_given(text: str, written: str) -> None:
    assert parse_address(text).written == written


def test_the_key_folds_case() -> None:
    spellings = ["Ben@Example.org", "BEN@EXAMPLE.ORG", "ben@example.org"]

    assert {parse_address(text).key for text in spellings} == {"ben@example.org"}
    assert parse_address("BEN@Example.org").domain == "example.org"


def test_a_unicode_domain_and_its_code_are_one() -> None:
    assert parse_address("ben@BÜCHER.example").key == parse_address("ben@xn--bcher-kva.example").key


def test_a_refusal_repeats_little_of_it() -> None:
    with pytest.raises(ValueError, match="is not") as caught:
        parse_address("x" * 10_000)

    assert len(str(caught.value)) < 300


@given(st.text() | st.builds("{}@{}".format, st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=12)))
def test_what_comes_in_is_safe_on_the_wire(text: str) -> None:
    try:
        address = parse_address(text)
    except ValueError:
        return

    assert address.written.isascii()
    assert address.written.isprintable()
    assert not set(address.written) & set(' <>,;"()')
    assert address.written.count("@") == 1


def test_the_hash_needs_the_key(settings: Settings) -> None:
    other = settings.model_copy(update={"secret_key": type(settings.secret_key)("x" * 40)})

    assert address_hash(settings, "ben@example.org") != address_hash(other, "ben@example.org")
    assert "ben" not in address_hash(settings, "ben@example.org")


def test_the_hash_outlives_a_new_key(settings: Settings) -> None:
    rotated = settings.model_copy(
        update={"secret_key": type(settings.secret_key)("n" * 40), "previous_secret_keys": (settings.secret_key,)}
    )

    assert address_hash(rotated, "ben@example.org") == address_hash(settings, "ben@example.org")


def test_a_log_line_masks_the_address() -> None:
    assert masked("ben@example.org") == "b…@example.org"
