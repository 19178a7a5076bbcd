"""Dates and versions as they are written, and when two of them agree."""

import re
from dataclasses import dataclass

MONTHS = "january february march april may june july august september october november december".split()
MONTH_OF = {name: n for n, name in enumerate(MONTHS, 1)} | {name[:3]: n for n, name in enumerate(MONTHS, 1)}
MONTH_OF |= {"sept": 9}
MONTH = rf"({'|'.join(sorted(MONTH_OF, key=len, reverse=True))})\.?"
DATE_FORMS = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?:[-/.](?P<d>[0-2]?\d|3[01]))?\b(?![.\d])"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{MONTH}),? (?P<y>(?:19|20)\d\d|['’]\d\d)\b", re.I),
    re.compile(rf"\b(?P<mon>{MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d|['’]\d\d)\b", re.I),
    re.compile(rf"\b(?P<mon>{MONTH}),?(?: of)? (?P<y>(?:19|20)\d\d|['’]\d\d)\b", re.I),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{MONTH})\b(?! \d)", re.I),
    re.compile(r"\b(?P<q>Q[1-4]) (?P<y>20\d\d)\b"),
    re.compile(r"(?<![\w$€£.,/-])(?P<y>(?:19[89]|20[0-4])\d)\b(?![\w%]|[.,]\d| ?(?:tokens|users|dollars|GB|MB|ms))"),
)
MONTH_ALONE = re.compile(
    r"\b(?:in|since|from|until|by|last|past|of) (?P<mon>January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b(?! \d)"
)

SOFTWARE = "python node node.js cuda cudnn pytorch torch tensorflow java jdk ubuntu debian postgres postgresql docker"
SOFTWARE += " kubernetes macos ios android windows php ruby rails go rust react rocm chrome django gcc glibc npm .net"
SOFTWARE += " transformers swift kotlin numpy openssl mysql redis elasticsearch opencl vulkan typescript angular vue"
ALIAS = {"torch": "pytorch", "postgresql": "postgres", "node.js": "node", "jdk": "java"}
NUMBER = r"\d+(?:\.\d+){0,3}(?:\.x)?(?:-?(?:beta|alpha|rc)\.?\d*)?"
NAMED = re.compile(
    rf"(?<![\w/-])(?P<name>{'|'.join(re.escape(n) for n in sorted(SOFTWARE.split(), key=len, reverse=True))})"
    r"(?:\s|-|\s?(?P<op>[><=~]=?|≥)\s?|\sversion\s|\sv)(?P<op2>[><=]=?\s?)?"
    rf"(?P<n>{NUMBER})(?![\w%]|\.\d| ?(?:GB|MB|users|apps|times))",
    re.IGNORECASE,
)
PLAIN = re.compile(
    rf"(?<![\w.-])(?:v|(?:versions?|releases?|ver\.?)[\s:]+(?:is\s)?v?)(?P<n>{NUMBER})(?![\w%]|,\d)", re.IGNORECASE
)
TRIPLE = re.compile(r"(?<![\w.])(?P<n>\d+\.\d+\.\d+)(?![\w.]*\d)")
DOTTED = re.compile(
    (
        r"(?:(?:^|(?<=[.!?]\s))(?=\d+\.\d+ (?:is|was|brings|brought|adds|added|ships|shipped|fixes|fixed|broke"
        r"|came) (?!(?:seconds|percent)))|\b(?:tested|tried|ran|upgraded? to|updated? to|since|as of|tagged"
        r"|released|shipped|runs|running)\s)(?P<n>\d{1,2}\.\d{1,2}(?:\.\d+)?)(?=[\s,.;:]|$)(?! ?(?:million"
        r"|billion|seconds?|s|ms|min|minutes?|hours?|h|days|x|cents|euros|dollars|pounds|€|MB|TB|a month"
        r"|a year|per|times|stars|points|GB|out|per|tokens|percent|of ))"
    ),
    re.I,
)
HEADING = re.compile(r"^(?P<n>\d{1,3}\.\d{1,3})(?=:\s)")  # '2.8: collapsible sidebar'
ALSO = re.compile(r"(?:,| and| or|/)\s?(?P<n>\d+\.\d+)(?!\d|\.\d)")
UNTIL = re.compile(rf"\s?(?:to|through|thru|till|up to|[-–—])\s?v?(?P<n>{NUMBER})(?![\w%]|\.\d)", re.IGNORECASE)
AT_LEAST = re.compile(
    r"\s?(?:\+|or (?:newer|later|above|higher|up|better))|\s?and (?:up|newer|later|above)", re.IGNORECASE
)
AT_LEAST_BEFORE = re.compile(r"(?:at least|minimum(?: of)?|>=?|≥|newer than|from)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Stamp:
    start: int
    end: int
    kind: str  # date · version
    name: str  # of a version: 'python'; '' is the tool itself
    parts: tuple[int, ...]
    at_least: bool = False
    until: tuple[int, ...] = ()  # the last of a range


def find_dates(text: str) -> list[Stamp]:
    found: list[Stamp] = []
    for form in DATE_FORMS:
        for match in form.finditer(text):
            if not any(match.start() < one.end and one.start < match.end() for one in found):
                found.append(Stamp(match.start(), match.end(), "date", "", date_parts(match)))
    for match in MONTH_ALONE.finditer(text):
        if not any(match.start() < one.end and one.start < match.end() for one in found):
            found.append(Stamp(match.start("mon"), match.end(), "date", "", (0, MONTH_OF[match["mon"].lower()], 0)))
    return found


def date_parts(match: re.Match[str]) -> tuple[int, ...]:
    """(year, month, day); a missing one is 0."""
    groups = match.groupdict()
    year = groups.get("y") or "0"
    year_number = 2000 + int(year[1:]) if year[0] in "'’" else int(year)
    month = MONTH_OF.get((groups.get("mon") or "").lower().rstrip("."), 0) or int(groups.get("m") or 0)
    if groups.get("q"):
        month = -int(groups["q"][1])
    return year_number, month, int(groups.get("d") or 0)


def find_versions(text: str) -> list[Stamp]:
    found: list[Stamp] = []
    for match in NAMED.finditer(text):
        name = match["name"].lower()
        ahead = bool((match["op"] or match["op2"] or "").strip() in (">", ">=", "≥"))
        at_least = ahead or bool(AT_LEAST.match(text, match.end())) or is_minimum(text, match.start())
        last = UNTIL.match(text, match.end())
        end, until = (last.end(), parts(last["n"])) if last else (match.end(), ())
        found.append(Stamp(match.start(), end, "version", ALIAS.get(name, name), parts(match["n"]), at_least, until))
        for other in ALSO.finditer(text, match.end(), match.end() + 24):
            if not text[match.end() : other.start()].strip(" ,.0123456789/andor"):
                found.append(Stamp(other.start("n"), other.end(), "version", found[-1].name, parts(other["n"]), False))
    for form in (PLAIN, TRIPLE, DOTTED, HEADING):
        for match in form.finditer(text):
            start = match.start("n") if form is DOTTED else match.start()
            if not any(start < one.end and one.start < match.end() for one in found):
                at_least = bool(AT_LEAST.match(text, match.end())) or is_minimum(text, start)
                found.append(Stamp(start, match.end(), "version", "", parts(match["n"]), at_least))
    return found


def is_minimum(text: str, start: int) -> bool:
    return bool(AT_LEAST_BEFORE.search(text[max(0, start - 20) : start]))


def parts(written: str) -> tuple[int, ...]:
    numbers = [int(one[:9]) for one in re.findall(r"\d+", written)]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def dates_agree(said: Stamp, known: Stamp) -> bool:
    """What both tell must be equal, and the quote may not be the more exact one."""
    for mine, theirs in zip(said.parts, known.parts, strict=False):
        if mine < 0 and theirs > 0:
            if (theirs + 2) // 3 != -mine:
                return False
        elif mine and mine != theirs:
            return False
    return True


def versions_agree(said: Stamp, known: Stamp) -> bool:
    if known.until:
        first, last = known.parts, known.until
        if said.until:
            return said.parts == first and said.until == last
        return first <= said.parts <= last or said.parts == last[: len(said.parts)]
    if known.at_least and (said.parts >= known.parts or said.parts == known.parts[: len(said.parts)]):
        return True
    if said.at_least and not known.at_least and known.parts >= said.parts and said.name:
        return True
    if len(said.parts) <= len(known.parts):
        return said.parts == known.parts[: len(said.parts)]
    return False
