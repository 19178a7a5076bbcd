"""Markup made to exhaust a parser gives a page all the same."""

import pytest

from crawler.extract.bounds import MAX_TAGS, bounded
from crawler.extract.facts import find_facts
from crawler.extract.page import MAX_SHEET, read_page
from crawler.extract.pricing import find_pricing

URL = "https://kestrel.example/pricing"
HOSTILE = {
    "nested without end": b"<div>" * 200_000 + b"end",
    "nested and closed": b"<section>" * 100_000 + b"</section>" * 100_000,
    "looks left open": b"".join(b"<p><font size=%d>x" % n for n in range(2400)),
    "endless attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">end",
    "attributes with angles": b"<p " + b" ".join(b'a%d="<>"' % n for n in range(60_000)) + b">end",
    "five megabytes of text": b"word $9 free " * 400_000,
    "one number": b"1" * 5_000_000,
    "signs alone": b"$" * 300_000,
    "angles alone": b"<" * 300_000,
    "spans of a table": b"<table><tr>" + b"<td colspan=999 rowspan=999>$9/mo</td>" * 2000 + b"</table>",
    "braces of a sheet": b"<style>" + b"{" * MAX_SHEET + b"display:none</style>",
    "no tags": b"just words",
    "binary": bytes(range(256)) * 400,
    "nulls": b"<p>Fa\x00st\x00</p>" * 50,
    "UTF-16": "<p>Fast birds \ud800</p>".encode("utf-16", "surrogatepass"),
    "nothing": b"",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_markup_gives_real_spans(case: str) -> None:
    page = read_page(HOSTILE[case], URL)

    assert len(page.text) <= 200_000
    for found in [*find_facts(page), *find_pricing(page)]:
        assert page.text[found.start : found.end] == found.quote


def test_ordinary_markup_is_left_whole() -> None:
    page = "<ul>" + "<li>word<br>" * 10_000 + "</ul><p>end"

    assert bounded(page) == page


def test_too_many_tags_are_cut() -> None:
    assert bounded("<p>" * (MAX_TAGS + 5)) == "<p>" * MAX_TAGS


def test_depth_is_cut_where_it_grows_too_deep() -> None:
    assert len(bounded("<div>" * 6000)) < 5000


def test_comparisons_in_a_program_are_no_tags() -> None:
    program = "<script>" + "if (i <b > j <div ) {}" * 3000 + "</script>"

    assert bounded(f"{program}<p>end").endswith("<p>end")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "no-such-charset", "utf-8"])
def test_wrong_charset_is_survived(encoding: str) -> None:
    assert read_page("<title>Kestrel</title><p>49 € café</p>".encode(), URL, encoding).url == URL
