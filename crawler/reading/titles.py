"""Names out of headlines: 'Show HN: Name – what it does' in its many spellings. Pure."""

import re

PREFIX = re.compile(r"^\s*(?:(?:show|launch|ask|tell)\s+hn\s*[:–—-]\s*|github\s+-\s+)", re.IGNORECASE)
# What forums hang on a title, at either end: [P], [pdf], [video], (2024).
MARKS = re.compile(r"^\s*(?:\[[^\[\]]{1,12}\]\s*)+(?=\S)|\s*(?:\[[^\[\]]{1,12}\]|\(\d{4}\))\s*$")
BATCH = re.compile(r"\s*\((?:YC\s+)?[A-Z]\d{2}\)\s*", re.IGNORECASE)
# How far it is says nothing of what it is called.
STAGE = re.compile(
    r"\s*[(\[（【]\s*(?:public |open |private |closed )?(?:beta|alpha|preview|experimental|open[- ]source[d]?|oss|free|"
    r"new|"
    r"early access|wip|mvp|v\d[\w.]*|updated?|测试版|开源|免费|内测|公测)\s*[)\]）】]\s*",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r"^\s*(?:introducing|announcing|launching|releasing|unveiling|presenting|open[- ]sourcing|meet|say hello to|"
    r"(?:we|i)(?:'ve|’ve| have)?(?: just)? (?:built|made|created|launched|released))\s*:?\s+(?:(?:our|the|my)\s+)?",
    re.IGNORECASE,
)
# A dash needs a space on one side at least, so that "text-to-speech" and "GPT-5" stay whole.
SPLIT = re.compile(r"\s+[–—-]{1,2}\s*|\s*[–—]{1,2}\s+|:\s+|\s*[|｜]\s+|\s*：\s*")
SENTENCE_END = re.compile(r"(?<=\w)[.!]\s+(?=\S)")
NEWS = re.compile(
    r"\s+(?:(?:is|are)\s+(?:now\s+|finally\s+)?(?:here|out|live|open|available|released|open[- ]sourced?)\b.*|"
    r"now\s+(?:available|live|open|in\s+(?:public\s+)?(?:beta|preview))\b.*|(?:has\s+been\s+)?released|beta\s+release|"
    r"release)\s*[.!]*$",
    re.IGNORECASE,
)
# "v0.3.1" and "1.2.3" are steps of a tool; "Gemini 3.5" and "Kettle 2.0" may well be names.
STEP = re.compile(
    r"\s+(?:v\d+(?:\.\d+)*|version\s+\d[\d.]*|\d+\.\d+\.\d+)(?:[- ]?(?:rc|beta|alpha)\.?\d*)?$", re.IGNORECASE
)
MAKER = re.compile(r"^(\S.{1,39}?) by @?[A-Z][\w.-]*(?: [A-Z][\w.-]*)?$")
REPOSITORY = re.compile(r"^[\w.-]{2,}/([\w.-]*\w)$")
COMMA = re.compile(r"^([\w.+-]+(?: [\w.+-]+){0,2}), ((?:an?|the|your|open[- ]source|ai) .+)$", re.IGNORECASE)
QUOTED = re.compile(r"^[\"“«「]([^\"“”«»「」]{1,60})[\"”»」]\s+(\S.*)$")
# Emoji, quotes and signs of trade around a name; letters, figures and brackets of every script stay.
DRESS = r"\s\"'“”„«»‘’`´*_~•·|,;:!.…™®©\u200b-\u200f\ufe0f\u2190-\u2bff\U0001f000-\U0001faff"
DRESSED = re.compile(rf"^[{DRESS}]+|[{DRESS}]+$")
MOST_WORDS = 6


def split_title(title: str) -> tuple[str, str]:
    """(name, tagline). A title that names nothing is its own name, cut at a reasonable length."""
    bare = bare_title(title)
    announced = ANNOUNCES.sub("", bare)
    parts = SPLIT.split(announced, maxsplit=1)
    if len(parts) == 1 and announced != bare:
        parts = SENTENCE_END.split(announced, maxsplit=1)  # "Meet Kettle. It boils."
    name = name_of(parts[0])
    if len(parts) == 2 and 0 < len(name) <= 60 and len(name.split()) <= MOST_WORDS:
        return name, parts[1].strip()
    if found := COMMA.match(announced) or QUOTED.match(announced):
        return name_of(found[1]) or found[1], found[2]
    return shorten(name_of(announced) or undress(title) or title.strip()), ""


def bare_title(title: str) -> str:
    """Without what the place it stands in has hung on it."""
    bare = PREFIX.sub("", MARKS.sub("", PREFIX.sub("", title)))
    bare = STAGE.sub(" ", BATCH.sub(" ", MARKS.sub("", bare)))
    return bare.strip()


def name_of(text: str) -> str:
    """'🚀 “Kettle” v0.3.1 is out!' → 'Kettle'."""
    name = undress(NEWS.sub("", undress(text)))
    name = undress(STEP.sub("", name)) or name
    if found := REPOSITORY.match(name) or MAKER.match(name):
        name = undress(found[1])
    return name


def undress(text: str) -> str:
    return DRESSED.sub("", text)


def shorten(text: str, most: int = 60) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def name_from_url(url: str) -> str:
    """For a post that names nothing: 'murmurite' from its address."""
    from catalog.addresses import registrable_domain, repository_of

    repository = repository_of(url)
    if repository:
        return repository.split("/")[1]
    return registrable_domain(url).split(".")[0].capitalize()
