"""What the head of a page states: icons, feeds, descriptions, dates."""

import pytest

from crawler.extract.page import Page, read_page

URL = "https://kestrel.example/about/"


def read(markup: str) -> Page:
    return read_page(markup.encode(), URL)


def test_icons_are_absolute_in_page_order() -> None:
    page = read(
        '<link rel="shortcut icon" href="/i.png"><link rel="apple-touch-icon" href="a.png"><link rel=icon href="">'
        '<link rel=icon href="data:image/png;base64,x"><meta property="og:image" content="/og.png">'
    )

    assert page.icons == ("https://kestrel.example/i.png", "https://kestrel.example/about/a.png")


def test_feeds_of_the_own_site_come_first() -> None:
    kinds = ("application/rss+xml", "application/atom+xml; charset=utf-8", "text/html", "application/feed+json")
    hosts = ("https://other.example/f", "/atom", "/page", "https://blog.kestrel.example/f.json")

    page = read("".join(f'<link rel=alternate type="{k}" href="{h}">' for k, h in zip(kinds, hosts, strict=True)))

    assert page.feed_links == (
        "https://kestrel.example/atom",
        "https://blog.kestrel.example/f.json",
        "https://other.example/f",
    )


def test_longest_description_is_kept() -> None:
    page = read(f'<meta name=description content="Birds"><meta property="og:description" content="{"word " * 300}">')

    assert page.description.startswith("word word")
    assert len(page.description) <= 1000
    assert page.tagline == "Birds"


def test_open_graph_values_keep_their_names() -> None:
    page = read('<meta property="og:title" content="Kestrel"><meta name="twitter:card" content="summary"><meta name=x>')

    assert page.og == {"og:title": "Kestrel", "twitter:card": "summary"}


ARTICLE = '<meta property="article:published_time" content="2026-03-01T10:00:00Z">'
STATED = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-02-01"}</script>'
SHOWN = '<time datetime="2026-01-01">January</time>'


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        (SHOWN + STATED + ARTICLE, ("2026-03-01T10:00:00Z", "article:published_time")),
        (SHOWN + STATED, ("2026-02-01", "datePublished")),
        (SHOWN, ("2026-01-01", "time datetime")),
        (SHOWN + '<time datetime="2025-05-05" pubdate>May</time>', ("2025-05-05", "time datetime")),
        (SHOWN + '<time datetime="2025-05-05">May</time>', None),
        ('<time datetime="P3D">three days</time>', None),
        ('<meta property="article:published_time" content="2026-02-30">', None),
        ('<link rel=canonical href="/2026/01/02/birds">', None),
    ],
)
def test_published_date_names_its_field(markup: str, published: tuple[str, str] | None) -> None:
    assert read(markup).published == published


def test_title_of_a_drawing_is_not_the_pages() -> None:
    assert read("<body><svg><g><title>Logo</title></g></svg><title>Kestrel</title>").title == "Kestrel"
