"""Which addresses are one, which prove a tool, and which prove nothing."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.addresses import canonical_url, registrable_domain, repository_of, slugify
from catalog.identity import Key, keys_of, owner_of

SEGMENT = st.text("abcXYZ019-_.~%+ é/", max_size=12)
WORDS = st.sampled_from(["", "utm_source=x", "ref=hn", "q=A%20b", "fbclid=1", "id=7", "flag", "a=%FF"])
URLS = st.builds(
    lambda scheme, www, host, port, path, query, end: f"{scheme}://{www}{host}{port}/{path}?{query}{end}",
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["", "www.", "WWW.", "www.www."]),
    st.sampled_from(["kettle.example", "Kettle.Example.", "bücher.example", "kettle.com", "com", "10.0.0.1"]),
    st.sampled_from(["", ":80", ":443", ":8443"]),
    st.lists(SEGMENT, max_size=3).map("/".join).flatmap(lambda p: st.sampled_from([p, p + "/index.html", p + "/"])),
    st.lists(WORDS, max_size=3).map("&".join),
    st.sampled_from(["", "#part", "#/route"]),
)


@given(st.one_of(URLS, st.text(max_size=60)))
@example("https://a.example/%2525")
@example("https://a.example/index.html/index.html")
@example("https://a.example/index.html/")
@example("https://www.www.com/")
@example("https://[::ffff:127.0.0.1]/")
@example("https://a.example/\ud800")
def test_canonical_address_is_its_own(url: str) -> None:
    once = canonical_url(url)

    assert once is None or canonical_url(once) == once


@given(st.text("abcXYZ", min_size=1, max_size=20))
def test_path_keeps_its_case(path: str) -> None:
    assert canonical_url(f"https://Kettle.Example/{path}") == f"https://kettle.example/{path}"


@given(URLS)
def test_canonical_address_carries_no_tracking(url: str) -> None:
    canonical = canonical_url(url) or ""

    assert not any(word in canonical for word in ("utm_", "ref=", "fbclid", "#"))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://www.kettle.example", "https://kettle.example/"),
        ("https://kettle.example:443/Docs/", "https://kettle.example/Docs"),
        ("https://kettle.example/a//b/index.html", "https://kettle.example/a/b"),
        ("https://kettle.example/?utm_source=hn&plan=pro&ref=x", "https://kettle.example/?plan=pro"),
        ("  https://kettle.example./#top ", "https://kettle.example/"),
        ("https://kettle.example:8443/a", "https://kettle.example:8443/a"),
        ("https://kettle.example/%c3%a9t%c3%a9", "https://kettle.example/%C3%A9t%C3%A9"),
        ("https://www.de/", "https://www.de/"),
    ],
)
def test_spellings_become_one_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_bytes_that_differ_stay_apart() -> None:
    assert canonical_url("https://kettle.example/%FF") != canonical_url("https://kettle.example/%FE")


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:secret@kettle.example/",
        "https://:secret@kettle.example/",
        "https://@kettle.example/",
        "ftp://kettle.example/",
        "javascript:alert(1)",
        "https://localhost/",
        "https://kettle.example:99999/",
        "https://[::1]/",
        "https://[half",
        "//kettle.example/",
        "https://a.example/\udfff",
        "",
    ],
)
def test_no_web_address_is_none(url: str) -> None:
    assert canonical_url(url) is None


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://github.com/Acme/Kettle", "acme/kettle"),
        ("https://www.github.com/acme/kettle.git", "acme/kettle"),
        ("https://github.com/acme/kettle/tree/main/docs?tab=readme#top", "acme/kettle"),
        ("https://github.com/acme/kettle.cpp", "acme/kettle.cpp"),
        ("https://github.com/acme", None),
        ("https://github.com/topics/llm", None),
        ("https://github.com/resources/articles/ai", None),
        ("https://gist.github.com/acme/1234", None),
        ("https://github.com.evil.example/acme/kettle", None),
        ("https://[half", None),
    ],
)
def test_repository_is_read_from_address(url: str, repository: str | None) -> None:
    assert repository_of(url) == repository


def test_repository_is_the_strongest_key() -> None:
    keys = keys_of("https://www.kettle.example/?ref=hn", "https://github.com/Acme/Kettle")

    assert keys == [Key("repository", "acme/kettle"), Key("url", "https://kettle.example/")]


def test_repository_page_gives_one_key() -> None:
    assert keys_of("https://github.com/Acme/Kettle/releases", "https://github.com/acme/kettle.git") == [
        Key("repository", "acme/kettle")
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://news.ycombinator.com/item?id=1",
        "https://www.youtube.com/watch?v=1",
        "https://huggingface.co/",
        "https://ada.substack.com/",
        "https://t.co/abc",
        "https://github.com/acme",
        "no address",
    ],
)
def test_shared_host_proves_nothing(url: str) -> None:
    assert keys_of(url) == []


def test_deep_page_of_shared_host_proves() -> None:
    assert keys_of("https://huggingface.co/spaces/Acme/Kettle") == [
        Key("url", "https://huggingface.co/spaces/Acme/Kettle")
    ]


def test_two_paths_of_a_vendor_stay_two() -> None:
    assert keys_of("https://mistral.ai/news/a") != keys_of("https://mistral.ai/news/b")


@pytest.mark.parametrize(
    ("url", "repository", "owner"),
    [
        ("https://docs.kettle.co.uk/x", None, "kettle.co.uk"),
        ("https://ada.github.io/kettle", "ada/kettle", "ada.github.io"),
        ("https://kettle.vercel.app/", None, "kettle.vercel.app"),
        ("https://github.com/Acme/kettle", "acme/kettle", "github.com/acme"),
        ("https://kettle.dev/", "acme/kettle", "kettle.dev"),
    ],
)
def test_owner_is_who_registered_it(url: str, repository: str | None, owner: str) -> None:
    assert owner_of(url, repository) == owner


def test_reserved_name_counts_as_registered() -> None:
    assert registrable_domain("https://www.kettle.example/") == "kettle.example"


@given(st.text(max_size=300))
def test_slug_is_safe_and_short(name: str) -> None:
    slug = slugify(name)

    assert 1 <= len(slug) <= 80
    assert urlsplit(f"https://a.example/{slug}").path == f"/{slug}"
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
