"""Licences by family and version, and what they mean for 'open source', 'open weights' and commercial use."""

import re
from dataclasses import dataclass

FAMILIES: dict[str, str] = {
    "lgpl": r"\bLGPL|\bGNU Lesser General Public Licen[cs]e|\bLesser GPL",
    "agpl": r"\bAGPL|\b(?:GNU )?Affero(?: General Public| GPL)?",
    "gpl": r"(?<![AL])\bGPL|(?<!Lesser )(?<!Affero )\b(?:GNU )?General Public Licen[cs]e",
    "apache": r"\bApache\b(?! (?:Spark|Kafka|Airflow|Arrow|Cassandra|Hadoop|Beam|Flink|Iceberg|Lucene|Superset"
    r"|Tomcat))",
    "mit": r"\bMIT\b(?!-(?:trained|educated|born))(?! (?:researchers?|students?|professors?|graduates?|alumni"
    r"|study|paper|lab|media|press|spin))",
    "bsd": r"\bBSD\b|\b(?:two|three|2|3)-clause licen[cs]e",
    "mpl": r"\bMPL\b|\bMozilla (?:Public|(?=licen))",
    "epl": r"\bEPL\b|\bEclipse Public",
    "eupl": r"\bEUPL\b",
    "isc": r"\bISC\b",
    "unlicense": r"\bUnlicense\b|\bpublic domain\b|\bCC0\b",
    "cc-by-nc": r"\bCC[- ]BY[- ](?:NC|SA[- ]NC)|\bCreative Commons[\w\s-]{0,14}non-?commercial",
    "cc-by-sa": r"\bCC[- ]BY[- ]SA|\bCreative Commons[\w\s-]{0,14}share-?alike",
    "cc-by": r"\bCC[- ]BY\b(?![- ](?:NC|SA|ND))|\bCreative Commons Attribution\b(?!-)",
    "bsl": r"\bBSL\b|\bBUSL\b|\bBusiness Source",
    "sspl": r"\bSSPL\b|\bServer Side Public",
    "elastic": r"\bElastic(?:[- ]Licen[cs]e|[- ]v?2|(?= licen))",
    "fsl": r"\bFSL\b|\bFunctional Source",
    "polyform": r"\bPolyForm\b",
    "commons-clause": r"\bCommons Clause\b",
    "openrail": r"\b(?:Open|Creative)?RAIL(?:[-+]{0,2}M)?\b",
    "community": r"\b(?:[A-Z][\w.]+ )?(?:[\d.]+ )?(?:[Cc]ommunity [Ll]icen[cs]e|[Rr]esearch [Ll]icen[cs]e)",
    "terms": r"\bGemma (?:licen[cs]e|[Tt]erms)|\bcustom licen[cs]e",
    "proprietary": r"\bproprietary\b|\bcommercial licen[cs]e\b|\ball rights reserved\b",
}
PATTERNS = {
    name: re.compile(pattern, re.IGNORECASE if name in {"proprietary", "terms", "bsd", "agpl"} else 0)
    for name, pattern in FAMILIES.items()
}
LOWER_FORMS = re.compile(r"\b(?:license|licence)\b[:\s]+(mit|apache|gpl|bsd|isc|agpl|mpl)[-\d.]*", re.IGNORECASE)
OSI = {"lgpl", "agpl", "gpl", "apache", "mit", "bsd", "mpl", "epl", "eupl", "isc", "unlicense"}
COPYLEFT = {"lgpl", "agpl", "gpl", "mpl", "cc-by-sa", "sspl"}
PERMISSIVE = {"apache", "mit", "bsd", "isc", "unlicense"}
NOT_OPEN = {"cc-by-nc", "bsl", "sspl", "elastic", "fsl", "polyform", "commons-clause", "community", "terms"}
NOT_OPEN |= {"proprietary", "openrail"}
VERSION_AFTER = re.compile(
    r"(?:[-\s,]*(?:General |Public |Source |Affero )*(?:licen[cs]ed?\b)?[-\s,(]*(?:version\s|v\.?\s?)?"
    r"|v)(\d)(?:\.(\d+))?(?:\b|-)(?! (?:users|years|seats|months))",
    re.IGNORECASE,
)
CLAUSES = re.compile(r"[-\s]*(?:(2|3|two|three)[- ]clause)", re.IGNORECASE)
LATER = re.compile(
    r"\b(?:converts?|changes?|turns?|becomes?|become|change licen[cs]e|moves?|reverts?|switch(?:es)?|goes"
    r"|future licen[cs]e)"
    r"\b[^.;]{0,60}$",
    re.IGNORECASE,
)
FORMERLY = re.compile(
    r"\b(?:(?:re-?)?licensed|moved|switched|changed|away|went) from (?:the )?$|\b(?:formerly|previously"
    r"|used to be|once|until recently|no longer|was)(?: under)?(?: the)? $",
    re.IGNORECASE,
)
NOT_CHANGES = re.compile(r"chang(?:e|es) (?:nothing|little|everything)|your changes|share", re.IGNORECASE)
OF_WEIGHTS = re.compile(r"\b(?:weights?|checkpoints?|models?)\b", re.IGNORECASE)
OF_CODE = re.compile(r"\b(?:code|source|repo|repository|sdk|client|server|core|library)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Licence:
    start: int
    end: int
    family: str
    version: str = ""
    later: bool = False  # what it will turn into or was once, not what it is
    scope: str = ""  # weights · code


def find_licences(text: str) -> list[Licence]:
    found: list[Licence] = []
    for name, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            found.append(read_licence(text, name, match.start(), match.end()))
    for match in LOWER_FORMS.finditer(text):
        if not any(one.start <= match.start(1) < one.end for one in found):
            found.append(read_licence(text, match[1].lower(), match.start(1), match.end(1)))
    return sorted(found, key=lambda one: one.start)


def read_licence(text: str, family: str, start: int, end: int) -> Licence:
    version = ""
    if after := (CLAUSES if family == "bsd" else VERSION_AFTER).match(text, end):
        version = {"two": "2", "three": "3"}.get(after[1].lower(), after[1])
        if after.lastindex == 2 and after[2] and after[2].strip("0"):
            version += f".{after[2]}"
        end = after.end()
    elif family == "bsd" and text[start].isdigit():
        version = text[start]
    before = text[max(0, start - 80) : start]
    later = bool(LATER.search(before)) and not NOT_CHANGES.search(before)
    later = later or bool(FORMERLY.search(before))
    later = later or bool(re.match(r"[^.;]{0,20}\b(?:after|in) (?:\w+ ){1,2}(?:years|months)", text[end:]))
    return Licence(start, end, family, version, later, scope_of(text, start, end))


def scope_of(text: str, start: int, end: int) -> str:
    """'weights' or 'code' when the words of the same part of the sentence say so."""
    left = max(text.rfind(mark, 0, start) for mark in ",;.|") + 1
    right = min([at for mark in ",;|" if (at := text.find(mark, end)) >= 0] or [len(text)])
    part = text[left:start] + " " + text[end:right]
    weights, code = bool(OF_WEIGHTS.search(part)), bool(OF_CODE.search(part))
    if weights and code:
        return "both" if re.search(r"\band\b|,|all", part) else ""
    return "weights" if weights else "code" if code else ""


def licences_agree(said: Licence, known: Licence) -> bool:
    same = said.family == known.family and (not said.version or not known.version or said.version == known.version)
    scoped = not said.scope or not known.scope or said.scope == known.scope or "both" in (said.scope, known.scope)
    return same and said.later == known.later and scoped
