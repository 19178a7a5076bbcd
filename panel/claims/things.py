"""Formats, programming languages, places and named products in a sentence: each must stand in some fact."""

import re
from collections.abc import Iterator, Sequence

from panel.claims.names import FAMILIES, Name
from panel.claims.rhetoric import is_condition, is_forecast
from panel.claims.sentence import Read
from panel.claims.values import CONTRADICTED, UNANCHORED, Claim
from panel.claims.vocabulary import LANGUAGES as SPOKEN

Known = Sequence[tuple[int, Read]]
FORMATS = (
    r"Markdown|CSVs?|TSV|JSONL?|PDFs?|DOCX?|Word|XLSX?|Excel|PPTX?|PowerPoint|EPUB|LaTeX|YAML|XML|HTML|RTF|SRT|VTT"
    r"|MP[34]|WAV|FLAC|OGG|MOV|WebM|MKV|PNG|JPE?G|SVG|GIF|WebP|TIFF|PSD|DXF|STL|GLTF|GGUF|ONNX|Parquet|Arrow|SQL"
    r"|iCal|ICS|OPML|BibTeX|OpenAPI|gRPC|GraphQL|MQTT|WebRTC|WebSockets?"
)
LANGUAGES = (
    r"Python|Rust|Go|Golang|Java|Kotlin|Swift|Ruby|PHP|Elixir|Haskell|Scala|TypeScript|JavaScript|Julia|Lua|Dart|Perl"
    r"|Node(?:\.js)?|COBOL|Fortran|Zig|Clojure|Erlang|OCaml|C\+\+|C#|\.NET"
)
RESOLUTIONS = r"[248]K|(?:480|720|1080|1440|2160)p|Full HD|UHD"
SAME = {"2160p": "4k", "uhd": "4k", "fullhd": "1080p"}
FORMAT_SAID = re.compile(
    r"\b(?:exports?|exported|exporting|imports?|imported|reads?|writes?|outputs?|accepts?|takes|returns?|emits?"
    r"|opens?"
    r"|leaves?|saves?|saved|speaks|swallows|digests|parses|produces|downloads?|uploads?|supports?|supported"
    r"|hands? (?:\w+ )?(?:over|back)"
    rf"|comes? out|getting|arrives?|as|into|only|conver\w+"
    rf"|renders?)\b[^.;:!?]{{0,48}}?(?<![\w.])(?P<thing>{FORMATS})(?![\w])"
)
LANGUAGE_SAID = re.compile(
    rf"\b(?:(?:written|wrote it|built|rewritten|coded|implemented) (?:\w+ )?in|SDKs? (?:is |are )?(?:for|in)"
    rf"|clients? for"
    rf"|librar(?:y|ies) for|bindings for|packages? for|support for) (?P<a>{LANGUAGES})(?![\w])"
    rf"|(?<![\w.])(?P<b>{LANGUAGES}) (?:SDK|client|library|bindings|package|codebase|source|binary|support)\b"
)
PLACE_SAID = re.compile(
    r"\b(?:hosted|host it|stored|stores?|kept|processed|sits?|stays?|data|servers?|based|headquartered|offices?"
    r"|incorporated|founded|region|run(?:s|ning)? it|works? (?:from|out)|located|bytes|resides?)\b[^.;:!?]{0,32}?"
    r"\b(?:in|from|out of|to) (?:the )?(?P<thing>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
PLATFORMS = r"Windows|macOS|Macs?|Linux|iOS|iPhones?|iPads?|Android|Chrome|Firefox|Safari|Edge|Apple Silicon"
r"|CUDA|ROCm"
TONGUES = "|".join(word.capitalize() for word in SPOKEN)
CLASSES = {"format": FORMATS, "platform": PLATFORMS, "spoken language": TONGUES, "programming language": LANGUAGES}
STORES = r"SQLite|Postgres(?:QL)?|MySQL|MariaDB|Redis|MongoDB|Elasticsearch|DuckDB|Cassandra|DynamoDB|Qdrant"
r"|Pinecone|Weaviate"
FRAMES = r"Electron|Tauri|React|Vue|Svelte|Django|Flask|FastAPI|Rails|Laravel|PyTorch|TensorFlow|JAX|Qt|Flutter"
CLOUDS = r"AWS|Azure|GCP|Google Cloud|Cloudflare|Hetzner|S3|Lambda|Vercel"
MENTIONED = {
    "database": re.compile(rf"(?<![\w./])(?:{STORES})(?![\w])"),
    "framework": re.compile(rf"(?<![\w./])(?:{FRAMES})(?![\w])"),
    "cloud": re.compile(rf"(?<![\w./])(?:{CLOUDS})(?![\w])"),
    "format": re.compile(rf"(?<![\w./])(?:{FORMATS})(?![\w.])"),
    "programming language": re.compile(rf"(?<![\w./])(?:{LANGUAGES})(?![\w])(?<!Go)(?<!Swift)(?<!Scala)(?<!Dart)"),
    "resolution": re.compile(
        rf"(?<![\w.$€£])(?:{RESOLUTIONS})(?![\w-])(?! (?:tokens|context|window|of|users|stars|a|per))"
    ),
}
ALONE = {
    kind: re.compile(
        rf"(?<![\w.])(?P<a>{names})s? (?:and nothing else|only|alone|or nothing)\b"
        rf"|\b(?:only|nothing but|just|exclusively) (?:\w+ )?(?:on |for |in |as |to |runs on |reads |speaks"
        rf" )?(?P<b>{names})\b",
    )
    for kind, names in CLASSES.items()
}
MEMBER = {kind: re.compile(rf"(?<![\w.])(?:{names})(?![\w])") for kind, names in CLASSES.items()}
# 'Word gets around' names no format.
EVERYDAY = {"Word", "Arrow", "React", "Rails", "Lambda", "Flask", "Swift", "Flutter", "Julia", "Lua"}
WORKING_MODEL = re.compile(
    rf"\b(?P<model>{'|'.join(name.capitalize() for name in FAMILIES.split() if name.isalpha() and len(name) > 3)}"
    r"|GPT|ChatGPT|DeepSeek|QwQ)(?= (?:does|handles|writes|powers|runs|drives|answers|listens|talks|sits|works"
    r"|is (?:what"
    r"|the|under|doing|behind))\b)"
)
ACTS_ON_IT = re.compile(
    r" (?:can |may |will |also )?(?:trigger|call|drive|control|reach|connect|start|query|embed|use|run|feed"
    r"|power|host|back|own"
    r"|fund|buy|sell|make|build|maintain|distribute|acquire|audit|resell|bundle)(?:s|ed)? (?:to |with )?(?:it|them)\b"
)
WIDE = {"europe", "eu", "us", "usa", "united states", "america", "european union", "january", "february", "march"}
WIDE |= {"april", "may", "june", "july", "august", "september", "october", "november", "december", "english", "monday"}
# Before a name that the tool is tied to. Not 'like X', 'a X', 'my X': those are figures of speech.
TIES = re.compile(
    r"(?:\b(?:to|into|from|with|via|on|through|by|inside|is|uses?|using|over|than|unlike|both|replaces?|only"
    r"|[a-z]{2,}(?<![sua])s|[a-z]+ed)|\bthere is) (?:its own |the )?$"
)
OWNED = re.compile(r"\b(?:your|my|an?|the|our|whole|existing|old) $")
KEPT_IN = re.compile(
    r"(?:['’]s)? (?:archives?|librar(?:y|ies)|accounts?|vaults?|exports?|databases?|workspaces?|files|data"
    r"|boards?|playlists?|backups?"
    r"|channels?|inbox|calendars?|plug-?ins?|integrations?|connectors?|buttons?|bots?)\b"
)
LISTED = re.compile(r"(?:,| and| or|, and|, or) $")
FIGURE = re.compile(
    r"\b(?:like|as|be|become|reminds?|remember|feels?|wish|dream\w*|era|circa|think of|imagine|grandmother"
    r"|mother|uncle"
    r"|novel|film|song|joke|hello|dear|so-called|the spirit of|ghost)\b",
    re.IGNORECASE,
)


def judge_things(read: Read, known: Known, about: tuple[Name, ...]) -> Iterator[Claim]:
    yield from judge_alone(read, known)
    for kind, start, end in dict.fromkeys(things(read, about)):
        said = read.text[start:end]
        if is_condition(read.text[:start]) or is_forecast(read.text[:start]):
            continue
        if any(stands_in(said, fact) for _, fact in known):
            continue
        only = next((index for index, fact in known if excludes(kind, fact)), None)
        yield thing_claim(read, kind, start, end, only, known)


def judge_alone(read: Read, known: Known) -> Iterator[Claim]:
    """'Windows only' where the facts name Linux beside it."""
    for kind, pattern in ALONE.items():
        for match in pattern.finditer(read.text):
            said = match["a"] or match["b"]
            others = next((index for index, fact in known if names_others(kind, said, fact)), None)
            if others is not None or not any(stands_in(said, fact) for _, fact in known):
                yield thing_claim(read, kind, match.start(), match.end(), others, known)


def names_others(kind: str, said: str, fact: Read) -> bool:
    own = said.lower().removesuffix("s")
    return any(not one[0].lower().startswith(own) for one in MEMBER[kind].finditer(fact.text))


def things(read: Read, about: tuple[Name, ...]) -> Iterator[tuple[str, int, int]]:
    yield from said_things(read)
    yield from mentioned_things(read)
    yield from tied_names(read, about)


def said_things(read: Read) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in (("format", FORMAT_SAID), ("programming language", LANGUAGE_SAID), ("place", PLACE_SAID)):
        for match in pattern.finditer(read.text):
            group = next(name for name, value in match.groupdict().items() if value)
            if kind != "place" or match[group].lower() not in WIDE:
                yield kind, match.start(group), match.end(group)


def mentioned_things(read: Read) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in MENTIONED.items():
        for match in pattern.finditer(read.text):
            opens = match.start() == 0 and match[0] in EVERYDAY
            if not opens and not FIGURE.search(read.text[: match.start()]):
                yield kind, match.start(), match.end()
    for match in WORKING_MODEL.finditer(read.text):
        if not any(one.start <= match.start("model") < one.end for one in read.names):
            yield "model", match.start("model"), match.end("model")


def tied_names(read: Read, about: tuple[Name, ...]) -> Iterator[tuple[str, int, int]]:
    """Other products the tool is tied to; a list of names hangs on the first of them."""
    tied_before = -1
    for name in read.products:
        before = read.text[: name.start]
        if name.start == 0 and ACTS_ON_IT.match(read.text, name.end):
            yield "name", name.start, name.end
        if not name.sure or name in about or FIGURE.search(before):
            continue
        listed = LISTED.search(before) and tied_before >= 0 and name.start - tied_before < 12
        if TIES.search(before) or listed or (OWNED.search(before) and KEPT_IN.match(read.text, name.end)):
            tied_before = name.end
            yield "name", name.start, name.end


def stands_in(said: str, fact: Read) -> bool:
    plain = re.sub(r"[\s.-]", "", said.lower()).removesuffix("s")
    plain = SAME.get(plain, plain)
    if re.fullmatch(r"\dk|\d+p", plain):
        return any(plain == SAME.get(one, one) for one in resolutions(fact))
    return plain in re.sub(r"[\s.-]", "", fact.text.lower()) or plain in "".join(fact.subject)


def resolutions(fact: Read) -> list[str]:
    return [one[0].lower().replace(" ", "") for one in MENTIONED["resolution"].finditer(fact.text)]


def excludes(kind: str, fact: Read) -> bool:
    """'PDF only' leaves no room for another format."""
    if kind in ("resolution", "database"):
        return bool(MENTIONED[kind].search(fact.text))
    pattern = {"format": FORMATS, "programming language": LANGUAGES}.get(kind)
    return bool(
        pattern
        and re.search(r"\b(?:only|exclusively|written in)\b", fact.text, re.IGNORECASE)
        and re.search(rf"(?<!\w)(?:{pattern})(?!\w)", fact.text)
    )


def thing_claim(read: Read, kind: str, start: int, end: int, only: int | None, known: Known) -> Claim:
    written = read.text[start:end]
    fact = next((one.text for index, one in known if index == only), "")
    if only is not None:
        why = f"The {kind} '{written}' is left out by the fact '{fact[:120]}'; correct it."
        return Claim(start, end, kind, written, CONTRADICTED, why, only, 0, len(fact))
    why = f"The {kind} '{written}' is in no fact; cite one that names it, or leave it out."
    return Claim(start, end, kind, written, UNANCHORED, why)
