"""The sentences of a page, and finding the few worth a closer look."""

from catalog.text import lowered
from crawler.extract.page import read_page
from crawler.extract.prose import Prose


def prose(markup: str) -> Prose:
    return Prose(read_page(markup.encode(), "https://kestrel.example/"))


def sentences(markup: str) -> list[str]:
    page = prose(markup)
    return [one.text for one in page.at(range(len(page.text)))]


def test_sentences_end_at_stops_and_lines() -> None:
    found = sentences("<p>One bird. Two “birds.” Three</p><p>v1.2 is out</p>")

    assert found == ["One bird.", "Two “birds.", "Three", "v1.2 is out"]


def test_program_text_has_no_sentences() -> None:
    assert sentences("<pre>a = 1</pre><p>Read this</p><code>b</code>") == ["Read this"]


def test_sentences_are_found_by_their_words() -> None:
    page = prose("<p>One bird. A LICENSE. Another bird.</p>")

    assert [one.text for one in page.mentioning("licen", "other")] == ["A LICENSE.", "Another bird."]


def test_small_letters_keep_their_places() -> None:
    assert lowered("İA") == "İa"
    assert lowered("ÀB") == "àb"


def test_figures_are_found_where_something_is_counted() -> None:
    page = prose("<p>In 2026 we began. It reads 40 pages. A model of 7B. Call 555.</p>")

    assert [one.text for one in page.with_figures()] == ["In 2026 we began.", "It reads 40 pages.", "A model of 7B."]
