"""Names out of headlines: 'Show HN: Name – what it does' in its many spellings. Pure."""

import re

PREFIX = re.compile(r"^\s*(?:show|launch|ask|tell)\s+hn\s*[:–—-]\s*", re.IGNORECASE)
# A dash needs a space on one side at least, so that "text-to-speech" and "GPT-5" stay whole.
SPLIT = re.compile(r"\s+[–—-]{1,2}\s*|\s*[–—]\s+|:\s+|\s*\|\s+")
BATCH = re.compile(r"\s*\((?:YC\s+)?[WSFX]\d{2}\)\s*", re.IGNORECASE)
ANNOUNCES = re.compile(
    r"^\s*(?:introducing|announcing|launching|releasing|open[- ]sourcing|meet|say hello to|(?:we|i) (?:built|made))\s+"
    r"(?:our\s+)?",
    re.IGNORECASE,
)
YEAR = re.compile(r"\s*\(\d{4}\)\s*$")


def split_title(title: str) -> tuple[str, str]:
    """(name, tagline). A title that names nothing is its own name, cut at a reasonable length."""
    bare = ANNOUNCES.sub("", YEAR.sub("", PREFIX.sub("", title)))
    bare = BATCH.sub(" ", bare).strip()
    parts = SPLIT.split(bare, maxsplit=1)
    name = parts[0].strip(" ,.")
    if len(parts) == 2 and 0 < len(name) <= 60 and len(name.split()) <= 6:
        return name, parts[1].strip()
    if name_before_comma := re.match(r"^([\w.+-]+(?: [\w.+-]+){0,2}), (an? .+)$", bare):
        return name_before_comma[1], name_before_comma[2]
    return shorten(bare), ""


def shorten(text: str, most: int = 60) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def name_from_url(url: str) -> str:
    """For a post that names nothing: 'murmurite' from its address."""
    from catalog.identity import registrable_domain, repository_of

    repository = repository_of(url)
    if repository:
        return repository.split("/")[1]
    return registrable_domain(url).split(".")[0].capitalize()
