"""Which version a title names, and whether it is a step of a known tool or a launch of its own. Pure."""

import re

from catalog.text import lowered
from crawler.relevance.places import Place, place_of
from crawler.relevance.posts import Post, any_of

VERSION = re.compile(r"\bv?(\d+\.\d+(?:\.\d+){0,2})(?:[- ]?(?:rc|beta|alpha)\.?\d*)?\b")
RELEASED = any_of(r"released?|is out|changelog|release notes|patch|bug ?fix(?:es)?|available now|update")
MODEL_FAMILY = any_of(
    r"gpt|claude|gemini|gemma|llama|qwen\w*|mistral|mixtral|\w*stral|deepseek|kimi|glm|grok|phi|nemotron|granite",
    r"command|olmo\w*|falcon|yi|ernie|hunyuan|minimax|flux|sora|veo|imagen|whisper|dall-e|midjourney|kling|wan|nova",
    r"jamba|smollm\w*|internlm|lfm\w*|doubao|seed\w*|stable diffusion|muse|opus|sonnet|haiku|medium|small|large|mini",
    r"\d+(?:\.\d+)?[bm]|language models?|(?:family|generation) of .{0,40}models?|new .{0,20}models?|sam|[a-z]+v\d|"
    r"dino\w*|orpheus|llava|rerank\w*|embed\w*|codestral",
)


def version_of(title: str) -> str | None:
    """'Kettle 0.9.2 released' → '0.9.2'; 'GPT-5.6' keeps its digits, they are its name."""
    match = VERSION.search(title)
    if not match or re.search(r"[A-Za-z]-$", title[: match.start()]):
        return None
    return match[1]


def is_update(post: Post, version: str) -> bool:
    """A step of a known tool; a whole new number, a new model and a first showing are launches."""
    title = lowered(post.title)
    if is_notable(version) or (MODEL_FAMILY.search(title) and version.count(".") == 1):
        return False
    if re.match(r"\W*(?:show|launch) hn", post.title, re.IGNORECASE) or place_of(post.url) is Place.LAUNCHES:
        return False
    head = re.match(rf"^\W*(?:release\s+)?(?:\S+\s+){{0,3}}v?{re.escape(version)}", post.title, re.IGNORECASE)
    return bool(head or RELEASED.search(title))


def is_notable(version: str) -> bool:
    """'2.0' and '3.0.0' open a new chapter, '0.9' and '2.0.1' do not."""
    first, *rest = version.split(".")
    return first != "0" and all(part == "0" for part in rest)
