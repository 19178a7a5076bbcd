"""Names as they are compared, and the versions they carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.names import is_common, name_key, version_of_name


@pytest.mark.parametrize(
    ("name", "rest", "version"),
    [
        ("Mixtral 8x22B v2", "Mixtral 8x22B", "2"),
        ("Mistral 7B v0.3", "Mistral 7B", "0.3"),
        ("Kettle 2.0", "Kettle", "2.0"),
        ("Kettle V3", "Kettle", "3"),
        ("Kettle (v2.1)", "Kettle", "2.1"),
        ("Kettle version 2", "Kettle", "2"),
        ("Kettle – v1.2.3-rc1", "Kettle", "1.2.3-rc1"),
        ("kettle-1.2.3", "kettle", "1.2.3"),
        ("Python 3.12", "Python", "3.12"),
    ],
)
def test_version_is_a_release(name: str, rest: str, version: str) -> None:
    assert version_of_name(name) == (rest, version)


@pytest.mark.parametrize(
    "name",
    "GPT-5.6|stable-baselines3|Llama 3|Llama 3.1|o3|7-Zip|Auth0|Claude Opus 4.1|Qwen3-Coder|LTX-2|DeepSeek V3|YOLOv8|"
    "Gemini 2.5|Gemini 2.5 Pro|FLUX.1|Kettle 2|Mixtral 8x22B|2.0|v2|1.2.3|".split("|"),
)
def test_digits_of_a_name_stay(name: str) -> None:
    assert version_of_name(name) == (name, None)


@pytest.mark.parametrize(
    "names",
    [
        ("Lemon Squeezy", "LemonSqueezy", "lemon-squeezy", "The Lemon Squeezy"),
        ("Agentset", "Agentset.ai", "AgentSet AI"),
        ("Mutable AI", "MutableAI", "mutable.ai"),
        ("AutoGPT", "Auto-GPT", "Significant-Gravitas/AutoGPT", "ＡｕｔｏＧＰＴ"),
        ("Kettle", "Kettle 2.0", "Kettle App", "Kettle HQ", "kettle.com", "Kettle AI App"),
        ("Weights & Biases", "Weights and Biases"),
    ],
)
def test_spellings_are_one_name(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OpenAI", "Open"),
        ("x.ai", "X"),
        ("Meta AI", "Meta"),
        ("GPT-4", "GPT-5"),
        ("Bonsai", "Bons"),
        ("C++", "C#"),
        ("SnapApp", "Snap"),
        ("LangChain", "LangChain.js"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=60))
def test_every_name_has_a_key(name: str) -> None:
    assert bool(name_key(name)) == bool(name.strip())
    assert name_key(name) == name_key(f"  {name} ".upper().lower()) or not name.isascii()


@given(st.text(max_size=60))
def test_version_is_taken_from_the_end(name: str) -> None:
    rest, version = version_of_name(name)

    assert name.startswith(rest) and (rest.strip() or not name.strip())
    assert version is None or version in name


@pytest.mark.parametrize(
    ("name", "common"), [("Atlas", True), ("Swarms AI", True), ("Prompt Flow", True), ("Qdrant", False)]
)
def test_plain_words_are_common(name: str, common: bool) -> None:
    assert is_common(name) is common
