"""What the supervisor makes of a crawl's last words."""

import signal

import pytest

from crawler.supervise import counts_in, end_of, last_line


@pytest.mark.parametrize(
    "out", ["", "garbage", "[1]", "3", "{}", "null", '{"a": 1}', '{"b": {}}', "[" * 100_000, "\ufffd\ufffd", '{"a": {}']
)
def test_garbage_is_no_result(out: str) -> None:
    assert counts_in(out, ["a"]) == {}


def test_result_is_found_below_other_words() -> None:
    assert counts_in('a library says hello\n{"a": {"found": 3}}\n', ["a"]) == {"a": {"found": 3}}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (2, "ended with code 2"),
        (-signal.SIGSEGV, "was killed by SIGSEGV"),
        (-45, "was killed by signal 45"),
    ],
)
def test_end_of_a_crawl_is_said_in_words(code: int, said: str) -> None:
    assert end_of(code) == said


def test_last_line_is_short_or_told_to_be_missing() -> None:
    assert (last_line("a\n" + "b" * 900 + "\n \n"), last_line(" \n")) == ("b" * 300, "it said nothing")
