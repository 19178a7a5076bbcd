"""One spelling for one address, and what it belongs to."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.addresses import canonical_url, home_of, is_vendor_page, registrable_domain, repository_of, slugify
from catalog.likeness.stores import store_id_of

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


def test_reserved_name_counts_as_registered() -> None:
    assert registrable_domain("https://www.kettle.example/") == "kettle.example"


@given(st.text(max_size=300))
def test_slug_is_safe_and_short(name: str) -> None:
    slug = slugify(name)

    assert 1 <= len(slug) <= 80
    assert urlsplit(f"https://a.example/{slug}").path == f"/{slug}"
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    "parameter",
    "utm_source utm_id ref ref_ fbclid gclid msclkid ttclid gbraid srsltid mc_cid _hsenc mkt_tok igshid ref_src via "
    "fp_ref source _gl cmpid gad_source UTM_Campaign".split(),
)
def test_tracking_parameter_goes(parameter: str) -> None:
    assert canonical_url(f"https://kettle.ai/?{parameter}=producthunt&id=7") == "https://kettle.ai/?id=7"


@pytest.mark.parametrize("parameter", "id q page plan v item itemName lang refresh sourcemap viable".split())
def test_telling_parameter_stays(parameter: str) -> None:
    assert canonical_url(f"https://kettle.ai/?{parameter}=7") == f"https://kettle.ai/?{parameter}=7"


def test_parameter_may_be_idle_on_one_host_alone() -> None:
    assert canonical_url("https://www.youtube.com/watch?v=abc&si=x") == "https://youtube.com/watch?v=abc"
    assert canonical_url("https://kettle.ai/?si=x") == "https://kettle.ai/?si=x"


@pytest.mark.parametrize(
    "url",
    [
        "https://kettle.ai/pricing",
        "https://kettle.ai/index",
        "https://kettle.ai/en",
        "https://kettle.ai/en-us/docs",
        "https://docs.kettle.ai/",
        "https://app.kettle.ai/login",
    ],
)
def test_home_page_variants_lead_home(url: str) -> None:
    assert home_of(url) == "https://kettle.ai/"


@pytest.mark.parametrize(
    "url",
    [
        "https://kettle.ai/blog/kettle-2",
        "https://kettle.ai/imagine",
        "https://phoenix.arize.com/",
        "https://platform.kettle.ai/",
        "https://kettle.ai/pricing?product=lid",
        "https://kettle.ai:8443/pricing",
        "https://canva.com/docs",
        "https://10.0.0.1/",
        "https://medium.com/about",
    ],
)
def test_page_of_its_own_stays(url: str) -> None:
    assert home_of(url) == url


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://ada.github.io/kettle/docs/x", "https://ada.github.io/kettle"),
        ("https://ada.github.io/", "https://ada.github.io/"),
        ("https://kettle.vercel.app/pricing", "https://kettle.vercel.app/"),
        ("https://ada-kettle.hf.space/docs", "https://ada-kettle.hf.space/"),
    ],
)
def test_site_of_a_host_is_its_own(url: str, home: str) -> None:
    assert home_of(url) == home


@pytest.mark.parametrize("host", ["kettle.vercel.app", "kettle.netlify.app", "kettle.pages.dev", "a-kettle.hf.space"])
def test_private_suffix_counts(host: str) -> None:
    assert registrable_domain(f"https://x.{host}/") == host


@pytest.mark.parametrize(
    ("url", "general"),
    [
        ("https://mistral.ai/", True),
        ("https://deepmind.google/models", True),
        ("https://developer.nvidia.com/", True),
        ("https://mistral.ai/news/codestral", False),
        ("https://gemini.google.com/", False),
        ("https://claude.ai/", False),
        ("https://claude.ai/blog", True),
        ("https://kettle.ai/", False),
    ],
)
def test_vendor_page_names_no_tool(url: str, general: bool) -> None:
    assert is_vendor_page(url) is general


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://huggingface.co/spaces/Acme/Kettle?logs=build", "space:acme/kettle"),
        ("https://huggingface.co/Acme/Kettle-7B/tree/main", "model:acme/kettle-7b"),
        ("https://hf.co/datasets/acme/leaves", "dataset:acme/leaves"),
        ("https://apps.apple.com/de/app/kettle/id6448311069?mt=8", "apple:6448311069"),
        ("https://play.google.com/store/apps/details?id=com.Acme.kettle&hl=de", "play:com.Acme.kettle"),
        (
            "https://chrome.google.com/webstore/detail/kettle/ofpnmcalabcbjgholdjcjblkibolbppb",
            "chrome:" + "ofpnmcalabcbjgholdjcjblkibolbppb",
        ),
        ("https://marketplace.visualstudio.com/items?itemName=Acme.kettle", "vscode:acme.kettle"),
        ("https://www.npmjs.com/package/@acme/kettle/v/1.0.0", "npm:@acme/kettle"),
        ("https://pypi.org/project/Kettle_Core/1.0/", "pypi:kettle-core"),
        ("https://crates.io/crates/kettle_core", "crate:kettle-core"),
        ("https://arxiv.org/pdf/2401.00001v2.pdf", "paper:2401.00001"),
    ],
)
def test_store_gives_an_id(url: str, key: str) -> None:
    found = store_id_of(canonical_url(url) or "")

    assert found is not None and found.key == key


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/acme",
        "https://huggingface.co/docs/transformers",
        "https://huggingface.co/spaces/acme",
        "https://huggingface.co/blog/acme/kettle",
        "https://apps.apple.com/us/developer/acme/id1",
        "https://play.google.com/store/apps/dev?id=7",
        "https://npmjs.com/~acme",
        "https://kettle.ai/spaces/acme/kettle",
    ],
)
def test_other_pages_give_none(url: str) -> None:
    assert store_id_of(url) is None
