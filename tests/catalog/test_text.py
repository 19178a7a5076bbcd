"""Text from outside: nothing unseen is stored, and everything can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text import UNSEEN, clean, one_line

ANY = st.text(st.characters())  # lone surrogates too


@given(ANY)
def test_clean_text_is_clean_already(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY)
def test_clean_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.encode().decode() == cleaned
    assert not UNSEEN.search(cleaned)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kettle\x00s", "Kettles"),
        ("Kettle\u202egpj.exe", "Kettlegpj.exe"),
        ("pay\u200bpal", "paypal"),
        ("hi\U000e0069\U000e0067", "hi"),
        ("Cafe\u0301", "Café"),
        ("  two\n\tlines ", "two lines"),
        ("a\ud800b", "a?b"),
    ],
)
def test_unseen_marks_are_taken_out(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_emoji_and_scripts_survive() -> None:
    assert one_line("ケトル 🫖 — naïve") == "ケトル 🫖 — naïve"
