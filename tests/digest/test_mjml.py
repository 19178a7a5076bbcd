import pytest

from digest.mjml import check_source, to_html
from errors import RenderError

GOOD = (
    '<mjml lang="en"><mj-head><mj-title>Verdicts</mj-title></mj-head><mj-body><mj-section><mj-column>'
    "<mj-text>{}</mj-text></mj-column></mj-section></mj-body></mjml>"
)


def in_text(html: str) -> str:
    return GOOD.format(html)


def test_checked_source_becomes_a_whole_page() -> None:
    html = to_html(in_text("<h1>Verdicts</h1>"))

    assert html.startswith("<!doctype html><html lang=")
    assert "<h1>Verdicts</h1>" in html


def test_no_mail_fetches_a_font() -> None:
    html = to_html(in_text("words"))

    assert "fonts.googleapis" not in html
    assert "@import" not in html


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("<mjml><mj-body><mj-section><mj-text>x</mj-text></mj-section></mj-body></mjml>", "stands in <mj-section>"),
        ('<mjml><mj-head><mj-include path="/etc/passwd" /></mj-head></mjml>', "<mj-include> is not a tag we use"),
        ('<mjml><mj-body widht="640px"></mj-body></mjml>', "has no attribute widht"),
        ("<mjml><mj-body>stray</mj-body></mjml>", "text stands directly in <mj-body>"),
        ("<mjml><mj-body></mjml>", "</mjml> closes <mj-body>"),
        ("<mjml><mj-body></mj-body>", "<mjml> is never closed"),
        (in_text("<script>alert(1)</script>"), "<script> may not stand in <mj-text>"),
        (in_text('<img src="https://example.org/pixel.gif" />'), "<img> may not stand in <mj-text>"),
        (in_text('<a href="/compare/x">x</a>'), "the link '/compare/x' is not absolute"),
        (in_text('<a href="javascript:alert(1)">x</a>'), "is not absolute"),
        (in_text("<a>x</a>"), "the link '' is not absolute"),
        (in_text("<mj-text>x</mj-text>"), "<mj-text> stands in <mj-text>"),
    ],
)
def test_source_outside_our_rules_is_found(source: str, finding: str) -> None:
    findings = check_source(source)

    assert any(finding in found for found in findings), findings


def test_finding_names_its_line() -> None:
    assert check_source("<mjml>\n<mj-body>\n<mj-hero></mj-hero></mj-body></mjml>")[0].startswith("line 3: ")


def test_readers_own_links_are_links() -> None:
    assert check_source(in_text('<a href="%%UNSUBSCRIBE_URL%%">Unsubscribe</a>')) == []


def test_source_with_findings_is_not_rendered() -> None:
    with pytest.raises(RenderError, match="The mail cannot be rendered: line 1: <mj-hero> is not a tag we use"):
        to_html("<mjml><mj-hero></mj-hero></mjml>")


def test_refusal_of_the_engine_stops_the_mail() -> None:
    with pytest.raises(RenderError, match="the MJML engine refused it") as caught:
        to_html(in_text("<a href=https://example.org>unquoted</a>"))

    assert isinstance(caught.value.__cause__, ValueError)
