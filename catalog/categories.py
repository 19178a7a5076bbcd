"""Where a tool belongs: the small maintained list in taxonomy.toml, and what speaks for each category.

Own words and topics are two signals and stay told apart, so an editor can see what a category rests on.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from errors import ConfigError

OTHER = "other"
TAXONOMY = Path(__file__).with_name("taxonomy.toml")
MOST_READ = 8000  # a tool says early what it is
OPENING = 300  # where its name and tagline stand: what is said there counts double
MOST_TIMES = 3  # one word said often does not shout
TOPIC_WEIGHT = 2.5  # a little above a word of the tagline
MOST_REASONS = 5
LEAST_SCORE = 1.0
PLAIN_SCORE = 3.0  # below it the words are too few to be sure of
LONGEST_KEY = 32

# Letters small, digits kept, a space for everything else: "Text-to-Speech" becomes "text to speech".
PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))
LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Category:
    key: str
    title: str
    purpose: str
    phrases: tuple[str, ...]  # speak for it, in a tool's own words; a longer phrase weighs more
    topics: tuple[str, ...]  # what a source files such a tool under
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    categories: tuple[Category, ...]
    different_jobs: dict[frozenset[str], str]


class Placed(NamedTuple):
    key: str
    sure: float  # 0 … 1
    why: tuple[str, ...]  # the strongest first


class Sign(NamedTuple):
    """A phrase as it is looked for; `before` are its other words, without which a text cannot hold it."""

    key: str
    phrase: str
    plain: bytes
    weight: float  # below 0: it speaks against the category
    before: frozenset[bytes]


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


def read_taxonomy(text: str) -> Taxonomy:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{TAXONOMY.name} is not valid TOML: {exc}; correct that line.") from exc
    categories = tuple(read_category(row) for row in tables(document, "category"))
    keys = [category.key for category in categories]
    if repeated := sorted({key for key in keys if keys.count(key) > 1}):
        raise refusal("the list", f"holds {repeated[0]!r} twice", "remove one of them")
    jobs = dict(read_jobs(row, keys) for row in tables(document, "different_jobs"))
    return Taxonomy(categories, jobs)


def tables(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = document.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise refusal("the list", f"has no [[{name}]]", "write at least one")
    return rows


def read_category(row: Mapping[str, Any]) -> Category:
    key = read_word(row, "key", str(row.get("title") or "a category"))
    unknown = sorted(row.keys() - {"key", "title", "for", "phrases", "topics", "against"})
    if unknown:
        raise refusal(key, f"has an unknown {unknown[0]!r}", "correct its spelling")
    if key == OTHER or len(key) > LONGEST_KEY or not key.replace("-", "").isalnum() or key != key.lower():
        raise refusal(key, "is no key", f"use at most {LONGEST_KEY} small letters, digits and hyphens, not {OTHER!r}")
    category = Category(
        key,
        read_word(row, "title", key),
        read_word(row, "for", key),
        read_phrases(row, "phrases", key),
        read_phrases(row, "topics", key),
        read_phrases(row, "against", key) if "against" in row else (),
    )
    if both := {plain_of(phrase) for phrase in category.phrases} & {plain_of(word) for word in category.against}:
        raise refusal(key, f"has {min(both).decode()!r} both for and against it", "remove one of them")
    return category


def read_word(row: Mapping[str, Any], name: str, key: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise refusal(key, f"has no {name!r}", "write it as a text")
    return value


def read_phrases(row: Mapping[str, Any], name: str, key: str) -> tuple[str, ...]:
    phrases = row.get(name)
    if not isinstance(phrases, list) or not phrases or not all(isinstance(one, str) for one in phrases):
        raise refusal(key, f"has no list of texts {name!r}", "write at least one")
    plain = [plain_of(phrase) for phrase in phrases]
    for phrase, found in zip(phrases, plain, strict=True):
        if not found or plain.count(found) > 1:
            raise refusal(key, f"has {phrase!r} twice or without a letter in {name!r}", "remove it")
    return tuple(phrases)


def read_jobs(row: Mapping[str, Any], keys: list[str]) -> tuple[frozenset[str], str]:
    pair = row.get("pair")
    if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
        raise refusal("different_jobs", f"has a pair {pair!r}", "name two categories")
    if missing := [key for key in pair if key not in keys]:
        raise refusal("different_jobs", f"names {missing[0]!r}, which is no category", "correct it")
    return frozenset(pair), read_word(row, "says", "different_jobs")


def refusal(which: str, what: str, cure: str) -> ConfigError:
    return ConfigError(f"{TAXONOMY.name}: {which} {what}; {cure}.")


def plain_of(words: str) -> bytes:
    return b" ".join(words.encode("ascii", "replace").translate(PLAIN).split())


# ── placing a tool ───────────────────────────────────────────────────────────────────────────────


def signs_of(category: Category) -> list[Sign]:
    spoken = [(phrase, 1.0) for phrase in category.phrases] + [(phrase, -1.0) for phrase in category.against]
    return [build_sign(category.key, phrase, way) for phrase, way in spoken]


def build_sign(key: str, phrase: str, way: float) -> Sign:
    plain = plain_of(phrase)
    words = plain.split()
    return Sign(key, phrase, plain, way * (1.0 + 0.5 * (len(words) - 1)), frozenset(words[:-1]))


def index_signs(categories: Iterable[Category]) -> dict[bytes, list[Sign]]:
    """Each phrase under its last word, in the singular and the plural."""
    index: dict[bytes, list[Sign]] = defaultdict(list)
    for sign in (sign for category in categories for sign in signs_of(category)):
        last = sign.plain.split()[-1]
        index[last].append(sign)
        index[last + b"s"].append(sign)
    return dict(index)


def index_topics(categories: Iterable[Category]) -> dict[bytes, list[str]]:
    index: dict[bytes, list[str]] = defaultdict(list)
    for category in categories:
        for topic in category.topics:
            index[plain_of(topic)].append(category.key)
    return dict(index)


LISTED = read_taxonomy(TAXONOMY.read_text(encoding="utf-8"))
CATEGORIES = LISTED.categories
BY_KEY = {category.key: category for category in CATEGORIES}
DIFFERENT_JOBS = LISTED.different_jobs
SIGNS = index_signs(CATEGORIES)
TOPICS = index_topics(CATEGORIES)


def categorise(own_words: str, topics: Iterable[str] = ()) -> Placed:
    """The category a tool's own words and its topics speak for, how clearly, and why."""
    by_words = weigh_words(own_words)
    by_topics = weigh_topics(topics)
    scores = {key: total(by_words.get(key, [])) + total(by_topics.get(key, [])) for key in by_words | by_topics}
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    if not ranked or ranked[0][1] < LEAST_SCORE:
        return Placed(OTHER, 0.0, ())
    best, most = ranked[0]
    second = max(0.0, ranked[1][1]) if len(ranked) > 1 else 0.0
    reasons = [reason for reason in by_words.get(best, []) + by_topics.get(best, []) if reason[0] > 0]
    reasons.sort(key=lambda reason: -reason[0])
    agreed = 0.4 if total(by_words.get(best, [])) > 0 and best in by_topics else 0.2
    sure = round(agreed + 0.6 * (most - second) / max(most, PLAIN_SCORE), 2)
    return Placed(best, sure, tuple(why for _, why in reasons[:MOST_REASONS]))


def total(reasons: list[tuple[float, str]]) -> float:
    return sum(points for points, _ in reasons)


def weigh_words(own_words: str) -> dict[str, list[tuple[float, str]]]:
    """Category → its points and reasons. Only phrases all of whose words occur are looked for."""
    text = own_words[:MOST_READ].encode("ascii", "replace").translate(PLAIN)
    words = set(text.split())
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    looked_for: set[tuple[str, bytes]] = set()
    for word in SIGNS.keys() & words:
        for sign in SIGNS[word]:
            if sign.before <= words and (sign.key, sign.plain) not in looked_for:
                looked_for.add((sign.key, sign.plain))
                if times := count_whole(text, sign.plain):
                    found[sign.key].append((sign.weight * times, f'its own words: "{sign.phrase}"'))
    for reasons in found.values():
        reasons.sort()  # a set has no order of its own
    return found


def count_whole(text: bytes, phrase: bytes) -> int:
    """How often it stands on its own or with a plural s, at most MOST_TIMES; the opening counts double."""
    times, at = 0, text.find(phrase)
    while at >= 0 and times < MOST_TIMES:
        end = at + len(phrase)
        end += text[end : end + 1] == b"s"
        if text[at - 1 : at] in (b"", b" ") and text[end : end + 1] in (b"", b" "):
            times += 2 if at < OPENING else 1
        at = text.find(phrase, end)
    return min(times, MOST_TIMES)


def weigh_topics(topics: Iterable[str]) -> dict[str, list[tuple[float, str]]]:
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for topic in dict.fromkeys(topics):
        for key in TOPICS.get(plain_of(topic), ()):
            found[key].append((TOPIC_WEIGHT, f"topic: {topic}"))
    return found


def title(key: str) -> str:
    return BY_KEY[key].title if key in BY_KEY else "Other tools"
