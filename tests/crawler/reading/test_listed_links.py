"""Links of curated lists: which line names a tool, by what name, and what a change truly adds."""

from typing import Any

import pytest

from crawler.reading.listed_links import ListedLink, added_links, read_line


def change(*lines: str, filename: str = "README.md") -> dict[str, Any]:
    return {"filename": filename, "patch": "\n".join(["@@ -1,9 +1,9 @@ ## Coding", *lines])}


def added(*files: dict[str, Any]) -> list[str]:
    return [link.canonical for link in added_links(files)]


@pytest.mark.parametrize(
    ("line", "name", "url", "description"),
    [
        ("- [Kettle](https://kettle.example) - boils.", "Kettle", "https://kettle.example", "boils."),
        ('* [Kettle](https://kettle.example "tea") — boils', "Kettle", "https://kettle.example", "boils"),
        ("1. **[Kettle](https://kettle.example)**: boils", "Kettle", "https://kettle.example", "boils"),
        ("### [Kettle](https://kettle.example)", "Kettle", "https://kettle.example", ""),
        ("| [Kettle](https://kettle.example) | boils | $9 |", "Kettle", "https://kettle.example", "boils | $9"),
        ("| Kettle | [Website](https://kettle.example) | boils |", "Kettle", "https://kettle.example", "boils"),
        ("- Kettle - boils ([GitHub](https://github.com/a/k))", "Kettle", "https://github.com/a/k", "boils"),
        ("- [Kettle](#kettle) [Demo](https://kettle.example)", "Kettle", "https://kettle.example", ""),
        ("- [a/kettle](https://github.com/a/kettle) 🐍 - boils", "kettle", "https://github.com/a/kettle", "boils"),
        ("- [Tea](https://tea.example/wiki_(drink)) - a drink", "Tea", "https://tea.example/wiki_(drink)", "a drink"),
        ('- <a href="https://kettle.example">Kettle</a>: boils', "Kettle", "https://kettle.example", "boils"),
        ("- [![i](https://a.example)](https://b.example) [Tea](https://c.example)", "Tea", "https://c.example", ""),
    ],
)  # fmt: skip
def test_entry_is_read_with_its_own_name(line: str, name: str, url: str, description: str) -> None:
    link = read_line(line, "")

    assert link is not None
    assert (link.name, link.url, link.description) == (name, url, description)


@pytest.mark.parametrize(
    "line",
    [
        "A sentence with a [link](https://a.example).",
        "- [Contents](#contents)",
        "- [Licence](LICENSE.md)",
        "- [here](https://a.example)",
        "- If you want to know much more about this read [here](https://a.example)",
        "- ![Kettle](https://a.example/kettle.png)",
        "- [stars](https://img.shields.io/github/stars/acme/kettle)",
        "- [Kettle](ftp://kettle.example)",
        "- [Kettle](https://ada@kettle.example)",
        "",
    ],
)
def test_line_without_a_named_outside_link_is_none(line: str) -> None:
    assert read_line(line, "") is None


@pytest.mark.parametrize(
    ("line", "section", "why"),
    [
        ("- [Pots](https://github.com/ben/awesome-pots)", "", "it is another list"),
        ("- [Tea](https://tea.example)", "Recommended reading", "it is listed under Recommended reading"),
        ("- [Tea](https://tea.example)", "📚 Tutorials & courses", "it is listed under 📚 Tutorials & courses"),
        ("- [Tea](https://tea.example)", "Video", ""),
        ("- [Tea](https://tea.example)", "Machine learning", ""),
    ],
)
def test_list_itself_says_what_is_no_tool(line: str, section: str, why: str) -> None:
    link = read_line(line, section)

    assert link is not None and link.why_none == why


def test_section_comes_from_headings_and_hunks() -> None:
    links = added_links(
        [change("+- [A](https://a.example)", " ## Papers", "+- [B](https://b.example)", "@@ -9 +9 @@ ## Audio", "+- [C](https://c.example)")]
    )  # fmt: skip

    assert [(link.name, link.why_none) for link in links] == [("A", ""), ("B", "it is listed under Papers"), ("C", "")]


def test_moved_or_reworded_entry_is_not_new() -> None:
    moved = change(
        "-- [Kettle](https://kettle.example/) - old words", "+- [Kettle](http://www.kettle.example) - new words"
    )

    assert added(moved) == []
    assert added(change("+- [Kettle](https://kettle.example)", "+- [Kettle](https://kettle.example/)")) == [
        "https://kettle.example/"
    ]


def test_repaired_address_is_not_new() -> None:
    assert (
        added(change("-- [Kettle](https://kettle.dead) - boils", "+- [Kettle](https://kettle.example) - boils")) == []
    )


def test_link_moved_to_another_file_is_not_new() -> None:
    archive = change("-- [Kettle](https://kettle.example)", filename="ARCHIVE.md")

    assert added(change("+- [Kettle](https://kettle.example)"), archive) == []
    assert added(change("+- [Kettle](https://kettle.example)", filename="ARCHIVE.md")) == []
    assert added(change("+- [Kettle](https://kettle.example)", filename="src/readme.py")) == []


def test_translation_does_not_outrank_the_original() -> None:
    english, other = (change(f"+- [{name}](https://kettle.example)") for name in ("Kettle", "水壶"))
    links = added_links([other | {"filename": "README-zh.md"}, english])

    assert links == [ListedLink("Kettle", "https://kettle.example", "https://kettle.example/")]


@pytest.mark.parametrize(
    "patch", [None, 7, "", "\n\n", "+", "@@", "\x00+- [a](https://a.example", "+" + "- [a" * 50_000]
)
def test_any_patch_is_survived(patch: Any) -> None:
    assert added({"filename": "README.md", "patch": patch}) == []
