"""Is it the launch of something: what the place, the title and the description say, point by point. Pure."""

import re
from collections.abc import Iterator

from catalog.text import lowered
from crawler.relevance.ai import PAPERS, host_of, is_ai_host
from crawler.relevance.description_clues import DESCRIPTION
from crawler.relevance.places import Place, place_of
from crawler.relevance.posts import Clue, Point, Post
from crawler.relevance.title_clues import MADE, TITLE

IS_LAUNCH = 1.5  # the points it takes
# What the place alone says, before a word is read.
POINTS_OF_PLACE = {
    Place.PAPER: -5.0,
    Place.MODEL: 3.0,
    Place.SPACE: 2.5,
    Place.DATASET: -4.0,
    Place.REPOSITORY: 1.5,
    Place.INSIDE_REPOSITORY: -1.5,
    Place.RELEASE: -1.5,
    Place.PACKAGE: 2.5,
    Place.LAUNCHES: 3.5,
    Place.NEWS: -2.5,
    Place.THREAD: -0.5,
    Place.VIDEO: -2.5,
    Place.EVENT: -5.0,
    Place.LESSON: -2.5,
    Place.STORY: -3.0,
    Place.ESSAY: -1.5,
    Place.POST: -0.5,
    Place.HOME: 1.5,
    Place.UNKNOWN: 0.0,
}
LAUNCH_LISTS = re.compile(r"product ?hunt|launch|betalist|(?:^|:)models?$|(?:^|:)huggingface$", re.IGNORECASE)
NEWSLETTERS = re.compile(r"newsletter|digest|weekly", re.IGNORECASE)
# Words of headlines that tools bear in their names too.
OF_HEADLINES = frozenset("company headline measured policy customer doing asks".split())
SHARE_IN_NAMES = 0.3
WHERE_TITLES_ARE_NAMES = {Place.LAUNCHES, Place.PACKAGE, Place.REPOSITORY, Place.MODEL, Place.SPACE}
SHOWN = re.compile(r"^\W*(?:show|launch)\s+hn\s*[:–—-]*\s*", re.IGNORECASE)
OPENING = re.compile(r"^\W*(?:introducing|announcing|meet|launching|(?:show|launch) hn)\b", re.IGNORECASE)
INTRODUCING = re.compile(r"/(?:introducing|announcing|launching|meet|unveiling)-[^/]+/?$", re.IGNORECASE)
NUMBER = re.compile(
    r"^(?:[A-Za-z][\w-]*?[-v]?)?v?(?:\d{1,2}(?:\.\d{1,2}){0,2}|\d{1,3}(?:\.\d+)?[BbMm])[a-z.!]?(?:-[A-Za-z]\w*){0,3}$"
)
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
NAMED = re.compile(r"^\W*(\S+(?: \S+){0,4}?)\s*(?:\([^)]*\))?(?:\s[–—|-]{1,2}\s|:\s|\s?[–—]\s?)\S")
SENTENCE = frozenset(
    "a an the is are was of for to in on with and or we i you your our my how why what from by at".split()
)


def points_of_launch(post: Post) -> Iterator[Point]:
    bare = SHOWN.sub("", post.title)
    if bare != post.title:
        yield Point("shown", 2.5, "its maker shows it")
    yield from points_of_place(post)
    yield from points_of_shape(bare, post.url)
    softened = OF_HEADLINES if names_a_tool(post) else frozenset[str]()
    for clue in matching(TITLE, words_of(bare)):
        share = SHARE_IN_NAMES if clue.key in softened else 1.0
        yield Point(clue.key, clue.points * share, clue.reason)
    for clue in matching(DESCRIPTION, post.description):
        yield Point(clue.key, clue.points, clue.reason)


def points_of_place(post: Post) -> Iterator[Point]:
    place = place_of(post.url)
    if POINTS_OF_PLACE[place]:
        yield Point(f"at_{place.name.lower()}", POINTS_OF_PLACE[place], f"the address is {place.value}")
    if INTRODUCING.search(post.url) and not OPENING.match(post.title):
        yield Point("slug", 1.5, "the address introduces something")
    if post.announces and place is not Place.LAUNCHES:
        yield Point("announces", 1.5, "its source holds launches")
    elif LAUNCH_LISTS.search(post.place) and place is not Place.LAUNCHES:
        yield Point("in_list", 1.5, "its source lists launches")
    if NEWSLETTERS.search(post.place):
        yield Point("in_newsletter", -2.5, "its source is a newsletter")
    if PAPERS.search(post.place) and place is not Place.PAPER:
        yield Point("in_papers", -4.0, "its source lists papers")


def names_a_tool(post: Post) -> bool:
    """Where titles are names, or follow 'Introducing', a headline's words mean less: 'Deep Research', 'Court AI'."""
    if post.announces or place_of(post.url) in WHERE_TITLES_ARE_NAMES:
        return True
    return bool(OPENING.match(post.title) or MADE.match(post.title))


def words_of(title: str) -> str:
    """'owner/awesome-kettles' speaks in hyphens."""
    return title if " " in title else re.sub(r"[-_/]+", " ", title)


def points_of_shape(title: str, url: str) -> Iterator[Point]:
    named = NAMED.match(title)
    words = title.split()
    if named and looks_like_name(named[1]):
        yield Point("named", 1.5, "the title names something and says what it does")
    elif 1 <= len(words) <= 4 and looks_like_name(title):
        yield from points_of_bare_name(title, url)
    elif len(words) >= 6 and not (OPENING.match(title) or MADE.match(title)):
        yield Point("sentence", -0.6, "the title is a sentence and names nothing")
    if numbered_model(title):
        yield Point("model", 1.5, "the title names a model and its number")


def points_of_bare_name(title: str, url: str) -> Iterator[Point]:
    """A maker's article under a bare name presents that thing; anybody else's is as likely an essay."""
    if place_of(url) is Place.POST and not is_makers(url, title):
        yield Point("bare", 0.5, "the title is a bare name")
        return
    yield Point("bare", 1.2, "the title is a bare name")
    if " " in title and all(word[0].isupper() or word[0].isdigit() for word in title.split()):
        yield Point("proper", 0.8, "the title is a proper name")


def is_makers(url: str, title: str) -> bool:
    """An AI company's host, or one the title names: 'Cursor 1.0' on cursor.com."""
    host = host_of(url)
    labels = {label for label in host.split(".")[:-1] if len(label) >= 4}
    return is_ai_host(host) or any(label in title.lower() for label in labels)


def looks_like_name(text: str) -> bool:
    """'Mistral Small 3.1' and 'kettle-cli' are names; 'The case for tea' is not."""
    words = text.strip(" :–—-").split()
    is_short = len(UNSPACED.findall(text)) <= 8  # a script without spaces hides its sentences
    return bool(words) and is_short and not SENTENCE & {word.lower() for word in words} and "?" not in text[-2:]


def numbered_model(title: str) -> bool:
    """'Grok 4', 'DeepSeek-V4: …', 'Holotron-12B - …' and 'Introducing Mistral 3' carry a number in their name."""
    head = re.split(r":\s|\s[–—|-]\s", OPENING.sub("", title).strip(), maxsplit=1)[0]
    words = head.split()
    return 0 < len(words) <= 8 and words[0][0].isalpha() and any(NUMBER.match(word) for word in words[:5])


def matching(clues: tuple[Clue, ...], text: str) -> list[Clue]:
    small = lowered(text)
    return [clue for clue in clues if clue.pattern.search(small)]
