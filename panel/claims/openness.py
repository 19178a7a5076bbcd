"""Open source, open weights, closed: what a quote says, and what the facts and their licences make of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from panel.claims.denial import in_denial
from panel.claims.licences import NOT_OPEN, OSI
from panel.claims.sentence import Read

OPEN_SOURCE = re.compile(
    (
        r"\bopen[- ]sourced?\b|\bopen (?:for|to) (?:anyone|anybody|everyone|everybody|all|inspection)\b|\bOSI[-"
        r" ](?:approved|compliant|licen[cs]e)|\b(?:the |its )?(?:source"
        r"|code) is (?:fully |all )?(?:open|public)\b|\bfree software\b|\bFOSS\b|\bOSS\b|\bpermissive(?:ly)?\b"
    ),
    re.IGNORECASE,
)
OPEN_WEIGHTS = re.compile(
    (
        r"\bopen[- ]weights?\b|\b(?:downloadable|public|published|released|open) (?:model )?weights\b"
        r"|\bweights (?:\w+ ){0,4}?(?:open|public|released|published|available|downloadable|out|online|free"
        r"|yours|shared|posted|up for|on Hugging ?Face)\b"
        r"|\bdownload (?:the|its) (?:model )?weights\b|\b(?:have|get|take|grab|keep|fetch|own|publish(?:es)?"
        r"|releases?|hands? over|gives? you|share[sd]?) (?:\w+ )?(?:the|its|their) weights\b"
        r"|\bweights (?:and all|included)\b|^weights(?=\?)|\bdownloadable\b(?=.*weights)|\bweights? (?:can be"
        r"|may be) downloaded\b"
    ),
    re.IGNORECASE,
)
CLOSED = re.compile(
    (
        r"\bclosed[- ](?:source|weights?)\b|\bproprietary (?:model|weights|code|software)\b"
        r"|\bweights (?:\w+ )?(?:closed|private|secret|proprietary|under lock|locked|hidden)\b|\bkeeps? (?:its"
        r"|the|their) (?:weights|source) (?:\w+ )?(?:private|closed|secret|to themselves|to itself|locked)"
        r"|\b(?:is|are|stays?|remains?) proprietary\b|\bsource is (?:closed|private)\b|\bweights (?:stay"
        r"|remain|live|are kept|sit) (?:with|behind|inside|in-house|at home|on their)\b"
        r"|\bnobody (?:outside )?(?:\w+ )?(?:gets|has|sees) the weights\b|\bclosed model\b|\bmodel is closed\b"
    ),
    re.IGNORECASE,
)
API_ONLY = re.compile(
    (
        r"\b(?:through|via|by|behind|over) (?:our |the |an |its )?(?:hosted )?API only\b|\bAPI[- ]only\b"
        r"|\bonly (?:\w+ )?(?:through|via|by|over|behind) (?:our|the|an|its) (?:hosted )?API\b"
        r"|\bAPI or nothing\b|\bno weights\b"
    ),
    re.IGNORECASE,
)
FORCE_OF_NATURE = re.compile(
    (
        r" (?:will|would|may|might|eats|wins|has (?:won|caught|a way)|is (?:coming|eating|winning|catching"
        r"|where)|always|never|tends|needs|deserves)\b"
    ),
    re.IGNORECASE,
)
NOT_OSI = re.compile(
    (
        r"\bsource[- ]available\b|\bresearch[- ](?:use )?only\b|\bresearch use only\b|\bnon-?commercial\b"
        r"|\bcommunity licen[cs]e\b|\bvendor['’]s own\b"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opened:
    start: int
    end: int
    what: str  # source · weights
    holds: bool


def find_openness(text: str) -> list[Opened]:
    found: list[Opened] = []
    for pattern, what, open_ in (
        (API_ONLY, "weights", False),
        (CLOSED, "", False),
        (OPEN_WEIGHTS, "weights", True),
        (OPEN_SOURCE, "source", True),
    ):
        for match in pattern.finditer(text):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            if (
                what == "source"
                and re.match(
                    (
                        r"(?:[- ]sourced?)? (?:models?|alternatives?|rivals?|tools?|projects?|competitors?"
                        r"|crowd|community"
                        r"|people|world|libraries|foundations?|dependencies)\b"
                    ),
                    text[match.end() :],
                    re.I,
                )
                and not re.search(r"(?:an?|fully|is|are) $", text[: match.start()], re.I)
            ):
                continue
            if what == "source" and FORCE_OF_NATURE.match(text, match.end()):
                continue
            inside = bool(re.search(r"\b(?:not|never)\b|n['’]t\b", match[0]))
            denied = (in_denial(text, match.start(), match.end()) or inside) and pattern is not API_ONLY
            kind = what or ("weights" if "weight" in match[0].lower() or "model" in match[0].lower() else "source")
            found.append(Opened(match.start(), match.end(), kind, open_ != denied))
    return found


def judge_openness(said: Opened, facts: Sequence[tuple[int, Read]]) -> tuple[str, int | None]:
    """The verdict and the fact that decides; a denial outweighs a licence elsewhere."""
    opinions = [(index, opinion) for index, read in facts if (opinion := openness_of(read, said.what)) is not None]
    agreeing = [index for index, opinion in opinions if opinion == said.holds]
    denying = [index for index, opinion in opinions if opinion != said.holds]
    if denying and (said.holds or not agreeing):
        return "contradicted", denying[0]
    return ("anchored", agreeing[0]) if agreeing else ("unanchored", None)


def openness_of(read: Read, what: str) -> bool | None:
    """Whether this fact says the source (or the weights) are open, closed, or nothing of it."""
    stated = list(find_openness(read.text))
    own = [one for one in stated if one.what == what]
    families = {
        one.family
        for one in read.licences
        if not one.later and one.scope != ("weights" if what == "source" else "code")
    }
    if own:
        return all(one.holds for one in own)
    if what == "source":
        if families & NOT_OPEN or NOT_OSI.search(read.text):
            return False
        if families & OSI:
            return True
        return False if any(one.what == "weights" for one in stated) else None
    if any(one.what == "source" and one.holds for one in stated):
        return True
    if any(one.what == "source" and not one.holds for one in stated) and re.search(
        r"\bclosed\b|proprietary", read.text, re.I
    ):
        return False
    return (
        True
        if re.search(r"\bdownload|\.safetensors|\.gguf|huggingface\.co/", read.text, re.IGNORECASE)
        and re.search(r"weights|model|checkpoint|hugging", read.text, re.IGNORECASE)
        else None
    )
