"""The finished bytes: the headers a mailbox provider wants, no other header whatever the words, and the frozen text."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from config import Mail, Settings
from db.models import FrozenEdition, Letter
from digest.message import Message, Reader, build_letter, build_message, encoded_text, make_reader, stuff_dots
from digest.render import ADDRESS, UNSUBSCRIBE_URL
from digest.tokens import BOUNCE, UNSUBSCRIBE, Claim, read_address_token, read_token
from errors import RenderError
from tests.digest.sending import HTML, TEXT
from tests.factories import BEN, MONDAY

HEADERS = [
    "From",
    "Subject",
    "Date",
    "List-ID",
    "Feedback-ID",
    "MIME-Version",
    "Content-Type",
    "To",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
]
LETTER_HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
HOSTILE = [
    "a=?UTF-8?Q?=0A?=Bcc: i@e.com",
    "=?UTF-8?B?CkJjYzogaUBlLmNvbQ==?=",
    "trailing newline\n",
    "two\r\nBcc: i@e.com",
    "a\rBcc: i@e.com",
    "a\0Bcc: i@e.com",
    "a\u2028Bcc: i@e.com\u2029",
    "a\x85Bcc: i@e.com\x0b\x0c",
    "a\x1b[31m \u202e",
    "=?",
    "?==?",
    "Ünïcödé 深度求索 🚢" * 9,
    "x" * 300,
    '"quoted" <i@e.com>, (a comment)',
]
ANY_TEXT = (
    st.text(max_size=150) | st.sampled_from(HOSTILE) | st.text("=?UTF8BQ_0A\r\nBc: i@e.com\u2028\0\t", max_size=60)
)
SETTINGS = Settings.model_validate(
    {
        "secret_key": "k" * 40,
        "base_url": "https://verdicts.example",
        "mail": {"from_address": "digest@verdicts.example", "bounce_address": "bounce@verdicts.example"},
    }
)
KEYS = (b"k" * 40,)


def with_name(name: str) -> Settings:
    return SETTINGS.model_copy(update={"mail": Mail(**SETTINGS.mail.model_dump() | {"from_name": name})})


def frozen(subject: str = "Kettle or Emberloaf?", text: str = TEXT, html: str = HTML) -> FrozenEdition:
    return FrozenEdition(
        edition_id=42,
        subject=subject,
        html=html,
        text=text,
        content={},
        content_hash="a" * 64,
        approved_by="ada",
        approved_at=MONDAY,
    )


def reader(address: str = BEN, number: int = 7) -> Reader:
    return make_reader(SETTINGS, 42, number, address, "<abc@verdicts.example>", KEYS)


def digest(settings: Settings = SETTINGS, to: Reader | None = None, **parts: str) -> bytes:
    return build_message(settings, frozen(**parts), MONDAY).addressed_to(to or reader())


def letter(subject: str = "Please confirm", to: str = BEN) -> Letter:
    return Letter(
        id=3, kind="confirm", to_address=to, subject=subject, text="Hi\n", html="<p>Hi</p>\n", created_at=MONDAY
    )


def parse(raw: bytes) -> EmailMessage:
    """As it arrives: the server takes the stuffed dots away."""
    unstuffed = raw.replace(b"\r\n..", b"\r\n.")
    parsed = message_from_bytes(unstuffed, policy=policy.default.clone(max_line_length=None))
    assert isinstance(parsed, EmailMessage)
    return parsed


def head(raw: bytes) -> bytes:
    return raw.split(b"\r\n\r\n")[0]


def unfolded(raw: bytes, name: str) -> str:
    lines = head(raw).decode("ascii").replace("\r\n ", " ").split("\r\n")
    [value] = [line.partition(": ")[2] for line in lines if line.startswith(f"{name}:")]
    return value


def parts(raw: bytes) -> list[EmailMessage]:
    return list(parse(raw).iter_parts())


def decoded(raw: bytes) -> tuple[str, str]:
    text, html = (part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in parts(raw))
    return text, html


# ── headers ──────────────────────────────────────────────────────────────────────────────────────


def test_a_digest_has_exactly_these_headers() -> None:
    assert parse(digest()).keys() == HEADERS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("From", "AI Tool Verdicts <digest@verdicts.example>"),
        ("To", "<ben@example.org>"),
        ("Subject", "Kettle or Emberloaf?"),
        ("Date", "Mon, 16 Nov 2026 09:00:00 +0000"),
        ("List-ID", "<digest.verdicts.example>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Message-ID", "<abc@verdicts.example>"),
        ("Feedback-ID", "edition-42:digest:verdicts"),
        ("MIME-Version", "1.0"),
    ],
)
def test_a_header_reads_as_it_should(name: str, value: str) -> None:
    assert unfolded(digest(), name) == value


@pytest.mark.parametrize("name", ["Precedence", "Auto-Submitted", "Bcc", "Cc", "X-Mailer", "Return-Path"])
def test_a_digest_leaves_this_header_out(name: str) -> None:
    assert parse(digest())[name] is None


def test_both_ways_to_unsubscribe_stand_unmangled() -> None:
    one = reader()

    assert unfolded(digest(), "List-Unsubscribe") == (
        f"<{one.unsubscribe_url}>, <mailto:{one.sender}?subject=unsubscribe>"
    )
    assert b"=?" not in head(digest())


def test_a_long_link_stays_in_one_piece() -> None:
    one = Reader(BEN, "https://verdicts.example/" + "u" * 600, "bounce+t@verdicts.example", "<a@b.example>")

    raw = digest(to=one)

    assert f"List-Unsubscribe: <{one.unsubscribe_url}>,\r\n <mailto:".encode() in raw
    assert max(map(len, head(raw).split(b"\r\n"))) <= 998


def test_the_link_carries_the_readers_token() -> None:
    token = reader().unsubscribe_url.removeprefix("https://verdicts.example/unsubscribe/")

    assert read_token(KEYS, UNSUBSCRIBE, token, MONDAY) == Claim(7, 42)


def test_the_envelope_carries_the_bounce_token() -> None:
    local, _, domain = reader().sender.partition("@")

    assert read_address_token(KEYS, BOUNCE, local.removeprefix("bounce+"), MONDAY) == Claim(7, 42)
    assert domain == "verdicts.example"


def test_a_reply_address_is_said_when_set() -> None:
    mail = Mail(**SETTINGS.mail.model_dump() | {"reply_to": "editors@verdicts.example"})

    assert unfolded(digest(SETTINGS.model_copy(update={"mail": mail})), "Reply-To") == "editors@verdicts.example"


def test_a_letter_has_exactly_these_headers() -> None:
    raw = build_letter(SETTINGS, letter(), MONDAY)

    assert parse(raw).keys() == LETTER_HEADERS
    assert unfolded(raw, "Auto-Submitted") == "auto-generated"


@pytest.mark.parametrize("subject", HOSTILE)
def test_no_subject_makes_a_header(subject: str) -> None:
    assert parse(digest(subject=subject)).keys() == HEADERS
    assert parse(build_letter(SETTINGS, letter(subject), MONDAY)).keys() == LETTER_HEADERS


@trials(max_examples=100)
@given(subject=ANY_TEXT, name=ANY_TEXT)
def test_no_words_make_a_header(subject: str, name: str) -> None:
    raw = digest(with_name(name), subject=subject)

    assert parse(raw).keys() == HEADERS
    assert message_from_bytes(raw).keys() == HEADERS
    assert re.fullmatch(rb"(?:[\x20-\x7e]|\r\n)*", head(raw))


@trials(max_examples=100)
@given(subject=ANY_TEXT)
def test_a_subject_decodes_to_one_line(subject: str) -> None:
    """Decoded once, as a reader's program does, it says what was meant; decoded twice, it still adds no line."""
    shown = str(parse(digest(subject=subject))["Subject"])

    assert not re.search(r"[\r\n\0\u2028\u2029]", shown)
    assert shown.split() == re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", subject).split()


@pytest.mark.parametrize("field", ["unsubscribe_url", "address", "sender", "message_id"])
@pytest.mark.parametrize("evil", ["\r\nBcc: i@e.com", "\n", "\0", "\r", "ü", "\u2028", ",\r\n <x>\r\nBcc: y"])
def test_a_reader_makes_no_header(field: str, evil: str) -> None:
    values = {"address": BEN, "unsubscribe_url": "https://v.example/u", "sender": "b@v.example", "message_id": "<a@b>"}

    with pytest.raises(RenderError):
        digest(to=Reader(**values | {field: values[field] + evil}))


def test_plain_ascii_stays_readable() -> None:
    assert encoded_text("Kettle or Emberloaf? And two more") == "Kettle or Emberloaf? And two more"


# ── body ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_text_part_stands_first() -> None:
    assert [part.get_content_type() for part in parts(digest())] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in parts(digest())} == {"utf-8"}


def test_the_readers_parts_are_filled_in() -> None:
    one = reader()
    text, html = decoded(digest())

    assert text == TEXT.replace(ADDRESS, BEN).replace(UNSUBSCRIBE_URL, one.unsubscribe_url)
    assert html == HTML.replace(ADDRESS, BEN).replace(UNSUBSCRIBE_URL, one.unsubscribe_url)


def test_a_value_is_escaped_in_html_only() -> None:
    one = Reader("o'n&il@example.org", 'https://v.example/?a=1&b="2"', "b@v.example", "<a@b.example>")
    text, html = decoded(digest(to=one))

    assert "o'n&il@example.org" in text
    assert "o&#x27;n&amp;il@example.org" in html
    assert 'href="https://v.example/?a=1&amp;b=&quot;2&quot;"' in html


def test_two_readers_differ_in_their_own_parts() -> None:
    message = build_message(SETTINGS, frozen(), MONDAY)
    one, other = reader(BEN, 7), reader("eve@example.net", 8)

    shared = [hide(decoded(message.addressed_to(who))[1], who) for who in (one, other)]
    heads = [hide(head(message.addressed_to(who)).decode(), who) for who in (one, other)]
    assert shared[0] == shared[1]
    assert heads[0] == heads[1]


def hide(text: str, who: Reader) -> str:
    for value in (who.unsubscribe_url, who.sender, who.address):
        text = text.replace(value, "…")
    return text


BODIES = st.lists(
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=90)
    | st.sampled_from([ADDRESS, UNSUBSCRIBE_URL, "\n", ".\n", "\n.\n", "From here\n", "x" * 75, "x" * 76, " ", "\t"]),
    max_size=12,
).map("".join)


@trials(max_examples=150)
@given(text=BODIES, html=BODIES)
def test_what_was_frozen_is_what_arrives(text: str, html: str) -> None:
    one = Reader(BEN, "https://v.example/u", "b@v.example", "<a@b.example>")

    found = decoded(digest(to=one, text=text, html=html))

    def filled(frozen_text: str) -> str:
        return frozen_text.replace(ADDRESS, one.address).replace(UNSUBSCRIBE_URL, one.unsubscribe_url)

    assert found == (filled(text), filled(html))


@example(text="x" * 76 + ADDRESS, link=0)
@example(text=UNSUBSCRIBE_URL, link=76 - len("https://v.example/"))
@example(text="x" * 74 + " \n", link=0)
@trials(max_examples=150)
@given(text=BODIES, link=st.integers(0, 200))
def test_the_lines_fit_the_wire(text: str, link: int) -> None:
    raw = digest(to=Reader(BEN, "https://v.example/" + "u" * link, "b@v.example", "<a@b.example>"), text=text)
    body = raw.partition(b"\r\n\r\n")[2].replace(b"\r\n..", b"\r\n.")

    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert b"\r\n.\r\n" not in raw
    assert raw.endswith(b"\r\n")


@pytest.mark.parametrize("text", ["a\rb\n", "a\r\nb\n", "a\r\r\nb\n", "\r"])
def test_no_bare_return_leaves(text: str) -> None:
    raw = digest(text=text)

    assert raw.count(b"\r") == raw.count(b"\r\n")


def test_dots_are_stuffed() -> None:
    assert stuff_dots(b"a\r\n.\r\n.b\r\n..c\r\n") == b"a\r\n..\r\n..b\r\n...c\r\n"


def test_a_line_of_dots_survives(settings: Settings) -> None:
    assert decoded(digest(text=".\n..\n...x\n"))[0] == ".\n..\n...x\n"


def test_a_header_out_of_bounds_stops_the_build() -> None:
    mail = Mail(**SETTINGS.mail.model_dump() | {"from_address": "digest@bücher.example"})

    with pytest.raises(RenderError, match="The header From"):
        build_message(SETTINGS.model_copy(update={"mail": mail}), frozen(), MONDAY)


def test_a_retry_has_the_same_bytes() -> None:
    message = build_message(SETTINGS, frozen(), MONDAY)

    assert message.addressed_to(reader()) == message.addressed_to(reader())
    assert isinstance(message, Message)


def test_letters_of_two_times_differ() -> None:
    first, later = letter(), letter()
    later.created_at = MONDAY + timedelta(days=1)

    ids = {unfolded(build_letter(SETTINGS, one, MONDAY), "Message-ID") for one in (first, later)}
    assert len(ids) == 2
