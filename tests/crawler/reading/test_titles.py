"""Names out of headlines, in the many ways people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.titles import name_from_url, shorten, split_title


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
        ("Launch HN: Kettle (YC P26) – boils models", "Kettle", "boils models"),
        ("[P] Kettle - boils models", "Kettle", "boils models"),
        ("Kettle: boils models [P]", "Kettle", "boils models"),
        ("Kettle: boils models [pdf]", "Kettle", "boils models"),
        ("🚀 Kettle 🫖 – boils models", "Kettle", "boils models"),
        ("“Kettle” – boils models", "Kettle", "boils models"),
        ('"Kettle" boils models', "Kettle", "boils models"),
        ("Kettle™: boils models", "Kettle", "boils models"),
        ("Kettle! – boils models", "Kettle", "boils models"),
        ("Kettle v0.3.1: boils models", "Kettle", "boils models"),
        ("Kettle 1.2.3 – boils models", "Kettle", "boils models"),
        ("Kettle (Beta) – boils models", "Kettle", "boils models"),
        ("Show HN: Kettle (open source): boils models", "Kettle", "boils models"),
        ("Kettle：煮模型", "Kettle", "煮模型"),
        ("小壶（测试版）- 煮模型", "小壶", "煮模型"),
        ("Чайник — кипятит модели", "Чайник", "кипятит модели"),
        ("Introducing: Kettle – boils models", "Kettle", "boils models"),
        ("Introducing the Kettle API", "Kettle API", ""),
        ("Meet Kettle by Acme. Your new boiler.", "Kettle", "Your new boiler."),
        ("Kettle is now available on Boilcloud", "Kettle", ""),
        ("Qwen3.6-27B released!", "Qwen3.6-27B", ""),
        ("GitHub - acme/kettle: boils models", "kettle", "boils models"),
        ("acme/kettle-7b", "kettle-7b", ""),
        ("kettle.ai, the boiler", "kettle.ai", "the boiler"),
        ("🚀", "🚀", ""),
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
    assert bool(name) is bool(title.strip())


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
