"""Reading a page: its name, its links, and the text that people see."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.facts import find_facts
from crawler.extract.page import Page, read_page
from crawler.extract.pricing import find_pricing

URL = "https://kestrel.example/pricing"


def read(markup: str, url: str = URL) -> Page:
    return read_page(markup.encode(), url)


def test_name_prefers_the_site_name() -> None:
    page = read('<title>Pricing | Nope</title><meta property="og:site_name" content="Kestrel"><h1>Plans</h1>')

    assert page.name == "Kestrel"


def test_name_comes_from_structured_data_before_title() -> None:
    page = read(
        '<title>All the speed</title><script type="application/ld+json">'
        '{"@type": "SoftwareApplication", "name": "Kestrel"}</script>'
    )

    assert page.name == "Kestrel"


def test_name_skips_generic_first_part_of_title() -> None:
    assert read("<title>Pricing – Kestrel AI</title>").name == "Kestrel AI"


def test_name_takes_the_title_part_of_its_domain() -> None:
    assert read("<title>Birds for everyone | Kestrel</title>").name == "Kestrel"


def test_name_falls_back_to_heading() -> None:
    assert read("<h1>Kestrel <em>two</em></h1>").name == "Kestrel two"


def test_tagline_is_description_then_heading() -> None:
    assert read('<meta name="Description" content=" Fast  birds "><h1>Hi</h1>').tagline == "Fast birds"
    assert read("<h1>Hi there</h1>").tagline == "Hi there"


def test_text_has_one_block_a_line() -> None:
    page = read("<div>One <b>bold</b>\n word</div><ul><li>Two<li>Three</ul>four<br>five")

    assert page.text == "One bold word\nTwo\nThree\nfour\nfive"


def test_text_leaves_out_what_nobody_sees() -> None:
    page = read(
        "<head><title>T</title></head><script>a</script><style>b</style><template>c</template><noscript>d</noscript>"
        '<p hidden>e</p><p style="display: none">f</p><p class="hidden">g</p><!-- h --><p>seen</p>'
    )

    assert page.text == "seen"


def test_text_keeps_what_is_hidden_on_small_screens_only() -> None:
    assert read('<p class="hidden md:block">seen</p>').text == "seen"


def test_text_leaves_out_classes_its_style_sheet_hides() -> None:
    sheet = (
        "<style>.year{display:none} .tab{display:none} .tab.on{display:block} @media print{.all{display:none}}</style>"
    )

    page = read(f'{sheet}<p class="year">a</p><p class="tab on">b</p><p class="all">c</p>')

    assert page.text == "b\nc"


def test_text_has_no_invisible_characters() -> None:
    page = read("<p>Fa\u200bst\u202e bi\u00adrd\x07 \u2066here\u2069</p>")

    assert page.text == "Fast bird here"


def test_elements_drawn_apart_do_not_run_together() -> None:
    assert read("<span>Pro</span><span>$9</span><span>per month</span>").text == "Pro$9 per month".replace(
        "Pro$", "Pro $"
    )


def test_parts_of_one_word_stay_together() -> None:
    assert read("Style<b>MCP</b> costs <span>$</span><span>3</span><span>.99</span>").text == "StyleMCP costs $3.99"


def test_preformatted_text_keeps_its_lines() -> None:
    assert read("<pre>one  two\n<b>three</b>\n\nfour</pre>").text == "one two\nthree\nfour"


def test_stray_quotes_in_a_tag_lose_no_words() -> None:
    assert read('<a href="x"">Buy</a><p class="y">now</p><div a"b="c>d">then</div>').text == "Buy\nnow\nthen"


def test_escaped_angles_are_words() -> None:
    assert read("<p>a &lt;b&gt; &amp;amp; c&nbsp;d</p>").text == "a <b> &amp; c d"


def test_comments_and_drawings_are_left_out() -> None:
    assert read("a<!-- <p>b</p> --><svg><text>c</text><svg>d</svg></svg>e").text == "ae"


def test_style_sheet_inside_a_heading_is_no_name() -> None:
    assert read("<h1><style>.a{color:red}</style>Kestrel<script>1<2</script></h1>").name == "Kestrel"


def test_hidden_part_ends_with_its_own_element() -> None:
    assert read("<div hidden><div>a</div>b</div>c").text == "c"


def test_marks_point_at_their_words() -> None:
    page = read("<h2>Plans</h2><p>was <s>$15</s> now $9</p>")

    assert [page.text[a:b] for a, b in page.marked("heading")] == ["Plans"]
    assert [page.text[a:b] for a, b in page.marked("struck")] == ["$15"]


def test_pricing_links_stay_on_the_site_best_first() -> None:
    page = read(
        '<a href="#pricing">Prices</a><a href="https://other.example/pricing">Pricing</a><a href="/blog/x">x</a>'
        '<a href="https://app.kestrel.example/plans">go</a><a href="/pricing.html#team">Pricing</a>',
        "https://kestrel.example/",
    )

    assert page.pricing_links == (
        "https://kestrel.example/pricing.html#team",
        "https://app.kestrel.example/plans",
        "https://kestrel.example/#pricing",
    )


def test_sites_on_shared_hosts_are_apart() -> None:
    page = read('<a href="https://wren.github.io/pricing">Pricing</a>', "https://kestrel.github.io/")

    assert page.pricing_links == ()


def test_repository_links_are_normalised() -> None:
    page = read(
        '<a href="https://github.com/features/actions">f</a><a href="https://github.com/ada">owner</a>'
        '<a href="https://www.github.com/ada/wren.git">w</a><a href="https://github.com/Ada/Kestrel/blob/main/x">k</a>'
        '<a href="https://github.com/ada/kestrel#readme">again</a>'
    )

    assert page.repository_links == ("https://github.com/Ada/Kestrel", "https://github.com/ada/wren")


def test_meta_refresh_is_followed_with_its_fragment() -> None:
    page = read('<meta http-equiv="Refresh" content="0; URL=index.html#pricing">')

    assert page.refresh_to == "https://kestrel.example/index.html#pricing"


def test_refresh_for_readers_without_script_is_ignored() -> None:
    page = read('<noscript><meta http-equiv="refresh" content="0;url=/nojs"></noscript>')

    assert page.refresh_to is None


def test_canonical_is_absolute() -> None:
    assert read('<link rel="canonical" href="/p">').canonical == "https://kestrel.example/p"
    assert read('<link rel="canonical" href="javascript:1">').canonical is None


def test_language_is_read_or_unknown() -> None:
    assert read('<html lang="pt-BR">').lang == "pt-BR"
    assert read('<html lang="{{lang}}">').lang is None


def test_one_malformed_block_loses_only_itself() -> None:
    block = '<script type="application/ld+json">{}</script>'

    page = read(
        "".join(block.format(text) for text in ('{"name": ', "null", '{"name": "a\nb",}', '<!-- c --> [{"x": 1}]'))
    )

    assert page.structured == ({"name": "a\nb"}, {"x": 1})


def test_graph_is_flattened() -> None:
    page = read('<script type="application/ld+json">{"@context": "c", "@graph": [{"a": 1}, {"b": 2}]}</script>')

    assert page.structured == ({"a": 1}, {"b": 2})


def test_declared_encoding_is_honoured() -> None:
    page = read_page("<p>49 € café</p>".encode("cp1252"), URL, "windows-1252")

    assert page.text == "49 € café"


def test_deep_nesting_and_length_are_bounded() -> None:
    deep = read_page(b"<div>" * 20_000 + b"end", URL)
    long = read_page(b"<p>word</p>" * 60_000, URL)

    assert "end" in deep.text or deep.text == ""
    assert len(long.text) <= 200_000


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<s>", "<td>", "<table>", "<sup>", "<h2>Pro", "$", "9", ".99", "/mo", " free ", "€", "\x00",
         "\n", "<script type='application/ld+json'>", "{", "[", "</script>", "141B parameters", " MIT license",
         "<a href='//[x'>", "&#xD800;", "\u202e", "unlike Foo, Bar", " 64K context",
         "<meta http-equiv=refresh content='0;url=//['>", "<pre>", "\n| Pro | $9/mo |", "<td colspan=3>", "<a b\"c='d'",
         "<!--", "-->", "<svg>", "<template>", "<time datetime='2026-01-01'>", "&nbsp;&lt;", "<plaintext>"]
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode("utf-8", "replace"))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), MARKUP))
def test_any_bytes_give_real_spans(body: bytes) -> None:
    page = read_page(body, URL)

    for found in [*find_facts(page), *find_pricing(page)]:
        assert page.text[found.start : found.end] == found.quote
        assert 0 <= found.confidence <= 1
