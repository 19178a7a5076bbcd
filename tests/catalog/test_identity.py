"""What proves that announcements speak of one tool, what only makes it likely, and what does neither."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.identity import Announcement, Key, judge, keys_of, owner_of
from catalog.likeness.labels import Label, measure, read_labels

LABELS = Path(__file__).resolve().parents[1] / "labels" / "identity.tsv"


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
    assert keys_of("https://dev.to/Acme/kettle-1") == [Key("url", "https://dev.to/Acme/kettle-1")]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.producthunt.com/products/speechify",
        "https://www.reddit.com/r/LocalLLaMA/",
        "https://www.linkedin.com/company/acme/",
        "https://mistral.ai/",
        "https://deepmind.google/blog",
        "https://www.ibm.com/products",
        "https://github.com/modelcontextprotocol/servers",
    ],
)
def test_page_of_many_tools_proves_none(url: str) -> None:
    assert keys_of(url) == []


def test_folders_of_a_repository_of_many_stay_apart() -> None:
    folder = "https://github.com/modelcontextprotocol/servers/tree/main/src"

    assert keys_of(f"{folder}/fetch") and keys_of(f"{folder}/fetch") != keys_of(f"{folder}/git")


def test_id_in_a_store_is_a_key_of_its_own() -> None:
    assert keys_of("https://huggingface.co/spaces/Acme/Kettle") == [Key("store", "space:acme/kettle")]


@pytest.mark.parametrize("page", ["pricing", "index.html", "en/", "docs", "?ref=producthunt", "#top"])
def test_variants_of_a_home_page_are_one(page: str) -> None:
    assert keys_of(f"https://kettle.ai/{page}") == [Key("url", "https://kettle.ai/")]


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


HOSTS = st.sampled_from(["kettle.ai", "app.kettle.ai", "ada.github.io", "mistral.ai", "huggingface.co", "github.com"])
PATHS = st.lists(st.sampled_from(["pricing", "en", "News", "Acme", "kettle", "blog", "spaces"]), max_size=3)
TRACKED = st.lists(st.sampled_from(["utm_source=x", "ref=producthunt", "fbclid=1", "gclid=2"]), max_size=3)


@given(HOSTS, PATHS, TRACKED, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_spelling_of_an_address_is_no_matter(
    host: str, path: list[str], tracked: list[str], http: bool, www: bool, slash: bool, upper: bool
) -> None:
    plain = f"https://{host}/{'/'.join(path)}"
    spelt = f"{'http' if http else 'https'}://{'www.' if www else ''}{host.upper() if upper else host}/{'/'.join(path)}"
    spelt += ("/" if slash else "") + ("?" + "&".join(tracked) if tracked else "")

    assert keys_of(spelt) == keys_of(plain)


NAMES = st.sampled_from(["Kettle", "Kettle AI", "kettle 2.0", "Lid", "Atlas", "Acme Kettle", "GPT-4", "GPT-5", ""])
ADDRESSES = st.sampled_from(
    "https://kettle.ai https://kettle.com/pricing https://getkettle.in https://github.com/acme/kettle "
    "https://github.com/other/kettle https://acme.github.io/kettle https://huggingface.co/acme/kettle "
    "https://huggingface.co/lid/kettle https://mistral.ai https://mistral.ai/news/kettle https://openai.com/kettle "
    "https://www.producthunt.com/products/kettle https://pypi.org/project/kettle nonsense".split()
)
REPOSITORIES = st.sampled_from(["", "acme/kettle", "https://github.com/other/kettle"])
TAGLINES = st.sampled_from(["", "Boils water over the wire for robots", "Water boils over wire, robots first"])
ANNOUNCEMENTS = st.builds(Announcement, NAMES, ADDRESSES, REPOSITORIES, TAGLINES)
LINKS = st.sampled_from(
    ["", "301", "links to", "https://kettle.ai -> https://github.com/acme/kettle", "redirect https://kettle.com, x"]
)


SPACE = Announcement("Kettle", "https://huggingface.co/spaces/acme/kettle")
COPY = Announcement("Kettle", "https://huggingface.co/spaces/lid/kettle")


@given(ANNOUNCEMENTS, ANNOUNCEMENTS, LINKS)
@example(COPY, SPACE, "")
def test_order_of_the_two_is_no_matter(a: Announcement, b: Announcement, links: str) -> None:
    assert judge(a, b, links) == judge(b, a, links)


@given(st.text(max_size=40), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_judged(name: str, url: str, links: str) -> None:
    assert judge(Announcement(name, url), Announcement("Kettle", "https://kettle.ai"), links).why


def decide(name_a: str, url_a: str, name_b: str, url_b: str, links: str = "") -> str:
    return judge(Announcement(name_a, url_a), Announcement(name_b, url_b), links).decision.value


HOME, CODE = "https://kettle.ai", "https://github.com/acme/kettle"


@pytest.mark.parametrize(
    "links",
    [
        "https://kettle.ai -> https://github.com/acme/kettle",
        "github.com/acme/kettle",
        "acme/kettle",
        "https://github.com/x/y; https://github.com/Acme/Kettle.git | https://z.example",
        "https://kettle.ai links to https://github.com/acme/kettle",
    ],
)
def test_link_joins_home_and_repository_of_one_name(links: str) -> None:
    assert decide("Kettle", HOME, "Kettle", CODE) == "propose"
    assert decide("Kettle", HOME, "Kettle", CODE, links) == "merge"


@pytest.mark.parametrize(
    "links",
    [
        "https://github.com/other/kettle",
        "https://kettle.ai -> https://github.com/other/kettle",
        "https://github.com/acme/kettle -> https://kettle.ai",
        "no link to https://github.com/acme/kettle",
        "not linked",
        "https://kettle.ai.evil.example",
    ],
)
def test_link_elsewhere_joins_nothing(links: str) -> None:
    assert decide("Kettle", HOME, "Kettle", CODE, links) == "propose"


def test_fork_that_links_home_is_left_to_an_editor() -> None:
    links = "https://github.com/other/kettle -> https://kettle.ai"

    assert decide("Kettle", HOME, "Kettle", "https://github.com/other/kettle", links) == "propose"
    assert decide("Kettle", HOME, "Kettle", "https://github.com/kettle-labs/kettle", "kettle.ai") == "merge"


def test_common_name_needs_both_links() -> None:
    there, back = (
        "https://atlas.ai -> https://github.com/acme/atlas",
        "https://github.com/acme/atlas -> https://atlas.ai",
    )

    assert decide("Atlas", "https://atlas.ai", "Atlas", "https://github.com/acme/atlas", there) == "propose"
    assert decide("Atlas", "https://atlas.ai", "Atlas", "https://github.com/acme/atlas", f"{there}, {back}") == "merge"


@pytest.mark.parametrize(
    "links",
    [
        "redirect https://lid.ai",
        "301 https://lid.ai",
        "https://kettle.ai redirects to https://www.lid.ai/welcome",
        "https://kettle.ai -> https://lid.ai (301)",
        "https://kettle.ai -> https://hop.example -> https://lid.ai, redirect",
    ],
)
def test_redirect_joins_two_names(links: str) -> None:
    assert decide("Kettle", HOME, "Lid", "https://lid.ai") == "different"
    assert decide("Kettle", HOME, "Lid", "https://lid.ai", links) == "merge"


@pytest.mark.parametrize(
    "links",
    [
        "https://lid.ai",
        "https://kettle.ai links to https://lid.ai",
        "https://kettle.ai redirects to https://elsewhere.example",
        "does not redirect to https://lid.ai",
    ],
)
def test_link_between_two_names_joins_nothing(links: str) -> None:
    assert decide("Kettle", HOME, "Lid", "https://lid.ai", links) == "different"


def test_product_swallowed_by_its_vendor_is_left_to_an_editor() -> None:
    assert decide("Grok", "https://x.ai/grok", "xAI", "https://x.ai", "redirect https://x.ai") == "propose"


def test_stated_repository_counts() -> None:
    with_code = Announcement("Kettle", HOME, repository="Acme/Kettle")

    assert judge(with_code, Announcement("kettle", f"{CODE}/releases")).decision == "merge"


def test_taglines_alike_speak_for_a_common_name() -> None:
    a = Announcement("Atlas", "https://atlas-maps.example", tagline="Maps for warehouse robots that draw themselves")
    b = Announcement(
        "Atlas", "https://github.com/acme/atlas", tagline="Maps for warehouse robots, they draw themselves"
    )

    assert judge(a, b).decision == "propose"
    assert judge(a, Announcement(b.name, b.url, tagline="A newsletter about tea")).decision == "different"


def test_own_pages_of_a_repository_are_the_repository() -> None:
    assert decide("Genie", "https://netflix.github.io/genie", "Genie", "https://github.com/Netflix/genie") == "merge"
    assert decide("Genie", "https://other.github.io/genie", "Genie", "https://github.com/Netflix/genie") == "different"


@pytest.mark.parametrize(
    ("name_a", "name_b", "decision"),
    [("Hasura", "Hasura Cloud", "merge"), ("Kettle", "Lid", "propose"), ("GPT-4", "GPT-5", "different")],
)
def test_one_page_under_two_names(name_a: str, name_b: str, decision: str) -> None:
    assert decide(name_a, "https://kettle.ai/pricing", name_b, "https://kettle.ai/pricing") == decision


def assert_good(labels: list[Label]) -> None:
    figures = measure(labels)

    assert figures["precision"] == 1.0, [miss for miss in figures["misses"] if miss["got"] == "merge"]
    assert figures["recall"] >= 0.9, figures["misses"]
    assert figures["proposed_of_different"] <= 1 / 3, figures["misses"]


def test_labelled_pairs_are_judged_right() -> None:
    labels = read_labels(LABELS.read_bytes(), LABELS.name)

    assert len(labels) >= 150
    assert_good(labels)


def test_hard_cases_are_judged_right(corpus: Path) -> None:
    path = corpus / "labels" / "hard_cases_labelled.tsv"

    assert_good(read_labels(path.read_bytes(), path.name))
