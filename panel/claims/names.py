"""Names in a text: models, repositories, files, commands, hardware, and the products a sentence speaks of."""

import re
from dataclasses import dataclass

from panel.claims.numbers import LARGE, SMALL
from panel.claims.vocabulary import NO_NAMES, OPENERS, TAGS

FAMILIES = (
    "chatgpt gpt claude gemini gemma llama codellama mistral ministral mixtral pixtral codestral "
    "devstral magistral qwen qwq whisper"
)
FAMILIES += " deepseek phi grok falcon sonnet opus haiku dall-e dalle sdxl flux text-embedding starcoder olmo vicuna"
FAMILIES += (
    " zephyr kimi glm imagen veo sora jamba granite nemotron smollm pixtral stable-diffusion bge titan command-r"
)
VARIANTS = "mini nano micro turbo pro flash lite large small medium tiny base opus sonnet haiku instruct chat vision"
VARIANTS += " coder code plus max ultra preview medium distil thinking reasoner next omni xl it"
VARIANTS += " hf exp latest schnell dev ada babbage davinci"
SIZE = r"\d+(?:\.\d+)?[bBmM]|\d+x\d+[bB]"
VARIANT = "|".join(VARIANTS.split())
FAMILY = "|".join(sorted((name.replace("-", "[ -]?") for name in FAMILIES.split()), key=len, reverse=True))
TAIL = (
    r"(?:(?:[\s_.:-]| \()?(?:[vrk]?\d+(?:\.\d+)*[a-z]?(?![\w%]|[.,]?\d)"
    rf"|{SIZE}|(?:{VARIANT})\b|r\+?(?=\b|-)))"
)
MODEL = re.compile(
    rf"(?<![\w/])(?:[\w.]+/)?(?:meta[\s-])?(?:{FAMILY})"
    rf"(?:{TAIL})+|(?<![\w-])o[134](?:-(?:mini|pro|preview))?(?![\w-])",
    re.IGNORECASE,
)
HARDWARE = re.compile(
    r"\b(?:(?:NVIDIA|Nvidia|GeForce) )?(?:(?:RTX|GTX)[\s-]?(?:A?\d{4})(?: ?(?:Ti|Super))?|[AHBV]\d{2,3}s?"
    r"|GH200|GB200|L40S?|L4|T4|A10G?|MI\d{3}X?"
    r"|TPU ?v\d\w?|Jetson(?: \w+)?|Raspberry Pi(?: \d)?|(?<=Apple )M[1-5](?: (?:Pro|Max|Ultra))?"
    r"|M[1-5] (?:Pro|Max|Ultra|Mac|MacBook|chip))\b"
)
URL = re.compile(r"https?://[^\s)|>\]]+")
REPO = re.compile(r"(?<![\w./-])([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*[\w])(?![\w/])")
NO_REPO = re.compile(
    (
        r"^(?:\d[\d.,]*/.*|and/or|he/she|s/he|read/write|input/output|on/off|yes/no|client/server|n/a|24/7"
        r"|text/\w+|application/\w+|tcp/ip|i/o|ci/cd|b2b/b2c|a/b|either/or|pass/fail|mac/windows|windows/mac"
        r"|[a-z]+/(?:month|mo|year|yr|user|seat|hour|day|s|sec|min|minute|second|token|request|image))$"
    ),
    re.I,
)
HOSTED_REPO = re.compile(
    r"(?:https?://)?(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|huggingface\.co|ghcr\.io|quay\.io|docker\.io"
    r"|bitbucket\.org|git\.sr\.ht)/~?(?P<repo>[\w.-]+/[\w.-]*\w)"
)
FILE = re.compile(
    (
        r"(?<![\w./])[\w-][\w./-]*\.(?:ya?ml|json|jsonl|py|safetensors|gguf|toml|md|txt|sh|bin|onnx|ckpt|pth?"
        r"|exe|dmg|deb|rpm|msi|appimage|env|cfg|ini|ipynb|whl|lock|zip|tar\.gz)\b"
    ),
    re.IGNORECASE,
)
COMMAND = re.compile(
    r"\b(?P<verb>pipx? install|uvx?(?: tool| pip)? install|uvx|npm (?:install|i)|npx|pnpm add|yarn add"
    r"|brew install|cargo install|go install|apt(?:-get)? install"
    r"|conda install|docker (?:pull|run|compose up)|ollama (?:run|pull)|git clone|helm install"
    r"|huggingface-cli download|gem install|curl|wget)"
    r"(?P<rest>(?: -{1,2}[\w-]+)*(?: (?!and\b|then\b|to\b|will\b|is\b|gets\b|or\b|works\b|did\b|does\b"
    r"|took\b|on\b|in\b|for\b|it\b|from\b)[\w@./:=+\[\]-]*[\w\]])?)"
)
WORD = r"[A-Z][\w'’+-]*(?:\.(?:ai|io|js|dev|com))?|[a-z]+[A-Z][\w]*"
NAME = re.compile(
    rf"(?<![\w./@-])(?:{WORD})(?: (?:[A-Z][\w+-]*|v?\d+(?:\.\d+)?"
    r"(?![\w.,%]*\d|[%x]| (?:per|tokens|users|GB|MB|seconds|minutes|hours|days|months|languages))))*"
)
NUMBERED = re.compile(r"^(.*?)[ -]v?(\d+(?:\.\d+)?)$")
SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“‘(]\s*|—\s*|–\s*|^[-*]\s+)$")


@dataclass(frozen=True)
class Name:
    start: int
    end: int
    kind: str  # model · hardware · repository · file · command · product
    text: str
    key: tuple[str, ...]
    sure: bool = True  # not merely a capital at the start of a sentence


def find_exact(text: str) -> list[Name]:
    """What is written the same wherever it stands: commands, files, repositories, models, hardware."""
    found: list[Name] = []
    for kind, matches in (
        ("command", COMMAND.finditer(text)),
        ("file", FILE.finditer(text)),
        ("repository", HOSTED_REPO.finditer(text)),
        ("repository", (one for one in REPO.finditer(text) if is_repository(text, one))),
        ("model", MODEL.finditer(text)),
        ("hardware", HARDWARE.finditer(text)),
    ):
        for match in matches:
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            if kind == "command" and not match["rest"].strip():
                continue
            written = (match["repo"] if match.re is HOSTED_REPO else match[0]).rstrip(".:-")
            key = model_key(written) if kind in ("model", "hardware") else (written.lower(),)
            start = match.end() - len(written) if match.re is HOSTED_REPO else match.start()
            found.append(Name(start, start + len(written), kind, written, key))
    return found


def is_repository(text: str, match: re.Match[str]) -> bool:
    """'owner/name', and not 'read/write': it has a hyphen, digit or inner capital, or a verb that fetches it."""
    written = match[1]
    if NO_REPO.match(written) or re.search(r"\d$", text[: match.start()]) or FILE.match(written):
        return False
    telling = re.search(r"[\d_]|-|[a-z][A-Z]|^[a-z]+/[A-Z]", written)
    led = re.search(
        r"(?:clone|pull|fetch|from|github|hugging ?face|repo(?:sitory)?|star|fork|at|is|`)\W*$",
        text[: match.start()],
        re.I,
    )
    return bool(telling and not re.fullmatch(r"\d[\w.]*/\d[\w.]*", written)) or bool(
        led and written.islower() and "`" in text
    )


def model_key(written: str) -> tuple[str, ...]:
    lower = re.sub(r"^.*/", "", written.lower()).replace("dall-e", "dalle").replace("qwq", "qwq")
    lower = re.sub(r"-20\d{6}|-\d{4}-\d\d-\d\d|@.*$|:.*(?=$)", "", lower) if "-20" in lower or "@" in lower else lower
    pieces = re.findall(r"\d+x\d+b|\d+[bmok]\b|v?\d+|[a-z]+", re.sub(r"\bv(?=\d)", "", lower))
    if {"sonnet", "opus", "haiku"} & set(pieces):
        pieces = [piece for piece in pieces if piece != "claude"]
    dropped = {"meta", "openai", "google", "anthropic", "mistralai", "nvidia", "geforce", "latest", "hf", "chip"}
    return tuple(piece.removeprefix("v") if piece[1:].isdigit() else piece for piece in pieces if piece not in dropped)


LOOSE = {"instruct", "it", "chat", "preview", "base", "latest", "hf", "exp"}


def same_model(said: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """All that the quote names stands in the fact, and the fact adds only a size or a flavour, no other variant."""
    if sorted(said) == sorted(known):
        return True
    if not set(said) <= set(known) or (said[:1] != known[:1] and said[:1] != ("claude",)):
        return False
    extra = [piece for piece in known if piece not in said]
    sized = re.compile(r"\d+[bm]|\d+x\d+b|\d{4,}")
    named = {"sonnet", "opus", "haiku"} if said[:1] == ("claude",) else set()
    return all(piece in LOOSE or sized.fullmatch(piece) or piece in named for piece in extra)


def find_products(text: str) -> list[Name]:
    """Capitalised names. At the start of a sentence only a word no sentence usually opens with."""
    found = []
    for match in NAME.finditer(text):
        name = trimmed(match[0])
        if not name or len(name) < 2:
            continue
        start = match.start() + match[0].find(name)
        opening = start == match.start() and bool(SENTENCE_START.search(text[: match.start()]))
        first = re.sub(r"['’]s$", "", name.split()[0]).lower()
        if first.split("-")[0] in NUMBER_WORDS or first.startswith(("sub-", "non-", "pre-", "un-")):
            continue
        inner = bool(re.search(r"[a-z][A-Z]|\.(?:ai|io|js|dev)$", name)) and not name.startswith(("macOS", "iOS"))
        ends = (start + len(name), match.end())
        if opening and not inner and not any(follows_like_a_name(text, end, name) for end in ends):
            continue
        if first in (OPENERS if opening else NO_NAMES) or (name.isupper() and len(name) <= 5 and not inner):
            continue
        clean = re.sub(r"['’]s$", "", name)
        found.append(
            Name(start, start + len(clean), "product", clean, tuple(clean.lower().split()), not opening or inner)
        )
    return found


def trimmed(written: str) -> str:
    """Without the plan, licence or unit words at its ends: 'Cadence Team' is Cadence."""
    words = written.split()
    while words and words[0].lower() in (OPENERS if len(words) > 1 else NO_NAMES):
        words = words[1:]
    kept: list[str] = []
    for word in words:
        if word.lower() in NO_NAMES or (word.lower() in OPENERS and kept):
            break
        kept.append(word)
    if kept and kept[0][0].isdigit():
        return ""
    return " ".join(kept)


NAME_ENDINGS = ("os", "us", "is", "as", "ys", "ax")  # 'Pharos' is one thing, not several
NUMBER_WORDS = {*SMALL, *LARGE}
SINGULAR_VERB = re.compile(
    r"['’]s\b|,? (?:is|was|has|does|will|can|could|would|should|may|might|must|never|only|also|just|still"
    r"|even|already|itself|now|users?|and [A-Z]|or [A-Z]|[a-z]+(?<!s)s|[\d.]+[a-z]?)\b"
    r"|\s?[:(–—]| (?:open|context|cold|p\d\d|latency|uptime|median|average|window|output|input|retention"
    r"|TTS|Cloud|voice|led|invested|bought|acquired|built|wrote|pricing|price|plan|team|pro|free|and"
    r"|charges?|needs?|weights|parameters)\b|, "
)


def follows_like_a_name(text: str, end: int, name: str) -> bool:
    if len(name.split()) > 1 or re.search(r"\d", name):
        return True
    lower = name.lower()
    if lower.endswith(("'s", "’s")):
        return True
    return bool(SINGULAR_VERB.match(text, end)) and not (
        lower.endswith("ing")
        or (lower.endswith("s") and not lower.endswith(NAME_ENDINGS) and not text[end:].startswith("'"))
    )


def subject_of(text: str, tag: str, tool: str) -> tuple[str, ...]:
    """Whose fact it is: the tool it was given with, the tag's own name, or the name that opens its text."""
    if tool:
        return tuple(tool.lower().split())
    own = [word for word in re.findall(r"[\w.+-]+", tag) if word.lower() not in TAGS]
    if own and (own[0][0].isupper() or re.search(r"[a-z][A-Z]", own[0])) and own[0].lower() not in OPENERS:
        return tuple(word.lower() for word in own)
    for name in [*find_exact(text), *find_products(text)]:
        if name.start <= 1 and name.kind in ("product", "model"):
            return name.key
    return ()


def same_product(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """'Kestrel' may be 'Kestrel 2'; 'Kestrel 1' is not."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and shorter == longer[: len(shorter)]
