"""Names out of headlines, in the many ways people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.titles import name_from_url, shorten, split_title


@pytest.mark.parametrize(
    ("title", "name", "tagline"),
    [
        ("Show HN: Kettle – boils models", "Kettle", "boils models"),
        ("Show HN: Kettle - boils models", "Kettle", "boils models"),
        ("Show HN: Kettle — boils models", "Kettle", "boils models"),
        ("Show HN: Kettle: boils models", "Kettle", "boils models"),
        ("SHOW HN – Kettle | boils models", "Kettle", "boils models"),
        ("Show HN: Kettle -- boils models", "Kettle", "boils models"),
        ("Show HN: Kettle, a boiler of models", "Kettle", "a boiler of models"),
        ("Launch HN: Kettle (YC S26) – boils models", "Kettle", "boils models"),
        ("Launch HN: Kettle (W26) - boils models", "Kettle", "boils models"),
        ("Introducing Kettle: boils models", "Kettle", "boils models"),
        ("Announcing our Kettle – boils models", "Kettle", "boils models"),
        ("We built Kettle – boils models (2026)", "Kettle", "boils models"),
        ("GPT-5.6 – a text-to-speech model", "GPT-5.6", "a text-to-speech model"),
        ("stable-baselines3: RL", "stable-baselines3", "RL"),
        ("Kettle.ai—boils models", "Kettle.ai—boils models", ""),
        ("Kettle 2.0 – boils faster", "Kettle 2.0", "boils faster"),
        ("Show HN: I taught my cat to type", "I taught my cat to type", ""),
        ("A name of far too many words to be one: tagline", "A name of far too many words to be one: tagline", ""),
    ],
)
def test_headline_is_split_in_two(title: str, name: str, tagline: str) -> None:
    assert split_title(title) == (name, tagline)


@given(st.text(max_size=300))
def test_any_title_gives_a_short_name(title: str) -> None:
    name, tagline = split_title(title)

    assert len(name) <= 61
    assert len(tagline) <= len(title)


def test_long_title_is_cut_between_words() -> None:
    assert shorten("word " * 30) == "word word word word word word word word word word word word…"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/Acme/murmurite/issues/1", "murmurite"),
        ("https://www.murmurite.co.uk/x", "Murmurite"),
        ("https://murmurite.vercel.app/", "Murmurite"),
    ],
)
def test_address_names_what_nobody_named(url: str, name: str) -> None:
    assert name_from_url(url) == name
