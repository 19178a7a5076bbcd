"""Names of tools: one spelling to compare them by, and the version a name may carry. A name only ever proposes."""

import re
import unicodedata
from functools import lru_cache

from catalog.likeness.name_words import COMMON_NAMES, MODEL_FAMILIES, TOO_PLAIN

NUMBER = r"\d+(?:\.\d+){0,3}"
UNFINISHED = r"(?:[- ]?(?:alpha|beta|rc|preview|pre)[.-]?\d*)"
# 'v2', 'version 3', '2.0', '1.2.3-rc1' as the last word of a name, in brackets or not.
MARKED = re.compile(rf"[\s(\[]+(?:version|release|ver\.?|v\.?)\s?({NUMBER}{UNFINISHED}?)[)\]]?\s*$", re.IGNORECASE)
DOTTED = re.compile(rf"[\s(\[]+(\d+(?:\.\d+){{1,3}}{UNFINISHED}?)[)\]]?\s*$", re.IGNORECASE)
THREE_PARTS = re.compile(rf"[\s(\[_-]+v?(\d+\.\d+\.\d+(?:\.\d+)?{UNFINISHED}?)[)\]]?\s*$", re.IGNORECASE)
SIZE = re.compile(r"\d+(?:\.\d+)?[bm]|\d+x\d+b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
FULL_NAME = re.compile(r"@?[\w.-]+/([\w.-]{3,})")  # owner/name
ARTICLE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)
DOMAIN_NAME = re.compile(r"(\w[\w -]*\w)\.(?:ai|com|io|app|dev|co|so|sh|org|net|xyz|tech|in)", re.IGNORECASE)
DRESSING = re.compile(r"[\s._-]+(?i:ai|app|hq)$|(?<=[a-z])(?:AI|HQ)$")
LETTERS = re.compile(r"[\W_]+")
# Signs whose meaning is lost when they are dropped.
SIGNS = {"&": " and ", "+": "plus", "#": "sharp"}


@lru_cache(maxsize=8192)
def version_of_name(name: str) -> tuple[str, str | None]:
    """'Kettle v2.0' → ('Kettle', '2.0'); 'GPT-5.6', 'Llama 3' and 'Claude Opus 4.1' keep their digits."""
    for pattern in (THREE_PARTS, MARKED, DOTTED):
        found = pattern.search(name[:300])
        rest = name[: found.start()].rstrip(" -–—:,(") if found else ""
        if found and WORD.search(rest) and not is_part_of_name(rest, found, pattern):
            return rest, found[1].strip()
    return name, None


def is_part_of_name(rest: str, found: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """A model family counts its generations: 'Llama 3.1', 'DeepSeek V3'; behind a size it is a release again."""
    if pattern is THREE_PARTS or SIZE.fullmatch(rest.split()[-1]):
        return False
    words = {word.lower() for word in WORD.findall(rest)}
    if pattern is MARKED:
        return "deepseek" in words and "V" in found[0] and "." not in found[1]
    return bool(words & MODEL_FAMILIES)


@lru_cache(maxsize=8192)
def plain_name(name: str) -> str:
    """Case, spacing, punctuation, version, owner and 'the' set aside; empty only for an empty name."""
    return squashed(core_of(name)) or unicodedata.normalize("NFKC", name).strip().casefold()


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """The name as names are compared: `plain_name` without what vendors hang on it (AI, .ai, .com, app, HQ)."""
    core, key = core_of(name), plain_name(name)
    domain = DOMAIN_NAME.fullmatch(core)
    bare = domain[1] if domain else core
    for _ in range(3):
        shorter = squashed(bare)
        if len(shorter) < 3 or shorter in TOO_PLAIN:
            break
        key, bare = shorter, DRESSING.sub("", bare)
    return key


def core_of(name: str) -> str:
    text = unicodedata.normalize("NFKC", name[:300]).strip()
    full = FULL_NAME.fullmatch(text)
    return ARTICLE.sub("", version_of_name(full[1] if full else text)[0])


def squashed(text: str) -> str:
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    return LETTERS.sub("", text.casefold())


def words_of(name: str) -> list[str]:
    """'WebComponents.dev' → web, components, dev"""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", unicodedata.normalize("NFKC", name))
    return [word for word in re.split(r"[\W_]+", parted.casefold()) if word]


@lru_cache(maxsize=8192)
def is_common(name: str) -> bool:
    """A name many give without knowing of each other, as a plain word or two such words: alone it says nothing."""
    words = [word for word in words_of(core_of(name)) if word not in ("ai", "app", "hq")]
    return is_plain_word(name_key(name)) or (bool(words) and all(is_plain_word(word) for word in words))


def is_plain_word(word: str) -> bool:
    return word in COMMON_NAMES or word.removesuffix("s") in COMMON_NAMES


def initials(name: str) -> str:
    """'Segment Anything Model 2' → 'sam2'"""
    return "".join(word if word.isdigit() else word[0] for word in words_of(name))
