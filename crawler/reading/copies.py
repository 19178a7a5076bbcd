"""Which entries of Hugging Face are no tools of their own: copies, closed ones, and what is none by its title. Pure.

Told by its fields alone; each reason is one an editor can read.
"""

import re
from typing import Any

COPY = re.compile(
    r"(?:^|[-_.])(?:gguf|ggml|gptq|awq|exl[23]|mlx|bnb|bitsandbytes|hqq|imatrix|onnx|openvino|coreml|"
    r"fp8|nvfp4|mxfp[48]|int[48]|w[48]a(?:4|8|16)|[2-8](?:\.\d+)?-?bits?|q[2-8](?:_[a-z0-9]+)*)(?=$|[-_.])",
    re.IGNORECASE,
)
CONVERTERS = frozenset(
    "bartowski comfy-org ggml-org lmstudio-community mlx-community mradermacher onnx-community".split()
)
# What runs there is AI by its nature, but not all of it is a tool.
NO_TOOL = re.compile(
    r"\b(survey|tutorial|course|playbook|leaderboard|data ?set|(?!work)\w*bench(?:mark\w*)?)\b", re.IGNORECASE
)
DERIVED = {"adapter": "an adapter for", "merge": "a merge of", "finetune": "a fine-tune of"}
# Their work on somebody else's base is news; everybody else's is one of thousands.
VENDORS = frozenset(
    "ai21labs allenai amazon answerdotai apple arcee-ai baai black-forest-labs bytedance bytedance-seed coherelabs "
    "deepseek-ai facebook google huggingfacetb ibm-granite jinaai lightricks liquidai lgai-exaone meta-llama microsoft "
    "mistralai moonshotai nousresearch nvidia openai openbmb opengvlab perplexity-ai primeintellect qwen salesforce "
    "servicenow-ai snowflake stabilityai stepfun-ai tencent togethercomputer xiaomimimo zai-org".split()
)
ADULT = re.compile(r"(?:^|[^a-z])(?:nsfw|porn\w*|hentai|erotic\w*|not-for-all-audiences)(?:$|[^a-z])", re.IGNORECASE)


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def tags_of(entry: dict[str, Any]) -> list[str]:
    tags = entry.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def why_no_tool(title: str) -> str:
    found = NO_TOOL.search(title)
    return f"the title speaks of a {found[1].lower()}" if found else ""


def why_closed(entry: dict[str, Any], path: str) -> str:
    if entry.get("private"):
        return "private"
    if entry.get("disabled"):
        return "disabled by Hugging Face"
    return "not for all audiences" if any(map(ADULT.search, (path, *tags_of(entry)))) else ""


def why_duplicated(entry: dict[str, Any], card: dict[str, Any]) -> str:
    places = (
        card.get("duplicated_from"),
        *(table(part).get("originRepo") for part in (entry, card, entry.get("runtime"))),
    )
    origin = next((place for place in places if place), None)
    named = origin if isinstance(origin, str) else table(origin).get("name")
    return f"a duplicate of {named or 'another Space'}" if origin else ""


def why_copied(owner: str, name: str, tags: list[str]) -> str:
    """A model made from another one is a launch when the base's own owner or a vendor made it; a mere change of
    format never is."""
    bases = [tag.removeprefix("base_model:") for tag in tags if tag.startswith("base_model:")]
    origin = next((base.rpartition(":")[2] for base in bases), "")
    if any(base.startswith("quantized:") for base in bases) or COPY.search(name) or owner in CONVERTERS:
        return f"a quantised or converted copy{f' of {origin}' if origin else ''}"
    if not bases or owner in VENDORS or owner == origin.partition("/")[0].lower():
        return ""
    relation = next(
        (words for word, words in DERIVED.items() if any(base.startswith(f"{word}:") for base in bases)), ""
    )
    return f"{relation or 'made from'} {origin}"
