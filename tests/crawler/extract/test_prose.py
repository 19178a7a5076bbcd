"""The sentences of a page, and finding the few worth a closer look."""

import re

from crawler.extract.page import read_page
from crawler.extract.prose import Prose, lowered

ANY = re.compile(r"\S")


def prose(markup: str) -> Prose:
    return Prose(read_page(markup.encode(), "https://kestrel.example/"))


def test_sentences_end_at_stops_and_lines() -> None:
    found = prose("<p>One bird. Two “birds.” Three</p><p>v1.2 is out</p>").holding(ANY)

    assert [sentence.text for sentence in found] == ["One bird.", "Two “birds.", "Three", "v1.2 is out"]


def test_program_text_has_no_sentences() -> None:
    assert [one.text for one in prose("<pre>a = 1</pre><p>Read this</p><code>b</code>").holding(ANY)] == ["Read this"]


def test_sentences_are_found_by_their_words() -> None:
    page = prose("<p>One bird. A LICENSE. Another bird.</p>")

    assert [one.text for one in page.mentioning("licen", "other")] == ["A LICENSE.", "Another bird."]
    assert [one.text for one in page.holding(re.compile("One"))] == ["One bird."]


def test_small_letters_keep_their_places() -> None:
    assert lowered("İA") == "İa"
    assert lowered("ÀB") == "àb"
