"""'twice the context', 'ten times cheaper', 'costs less than Fennel': one fact set against another."""

import re
from dataclasses import dataclass

from panel.claims.matching import Said, close
from panel.claims.names import find_products, same_product
from panel.claims.plans import find_plans
from panel.claims.sentence import Read
from panel.claims.vocabulary import NO_NAMES

NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
NUMBER_WORDS |= {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100, "a hundred": 100}
FRACTIONS = {"half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "a quarter": 0.25, "one quarter": 0.25, "a fifth": 0.2}
FRACTIONS |= {
    "two thirds": 2 / 3,
    "three quarters": 0.75,
    "a tenth": 0.1,
    "one tenth": 0.1,
    "a sixth": 1 / 6,
    "an eighth": 0.125,
}
WHOLE = {"twice": 2.0, "double": 2.0, "triple": 3.0, "treble": 3.0, "quadruple": 4.0}
VERBS = {
    "doubles": 2.0,
    "doubled": 2.0,
    "triples": 3.0,
    "tripled": 3.0,
    "quadruples": 4.0,
    "halves": 0.5,
    "halved": 0.5,
}
VERBS |= {"doubling": 2.0, "tripling": 3.0, "halving": 0.5, "trebles": 3.0}
METRIC = (
    r"(?:price|cost|bill|fee|rate|context|window|speed|tokens?|size|parameters?|limit|storage|seats?"
    r"|memory|money|length|latency|time|allowance|quota|output|input|credits|minutes|voices|languages"
    r"|users|throughput|amount|budget|invoice|ceiling|cap|charge|room|space|weights|number"
    r"|vram|ram|subscription|monthly|yearly)"
)
FACTOR = re.compile(
    rf"\b(?P<f>half|(?:a|one) (?:third|quarter|fifth|tenth|sixth)|an eighth|two[- ]thirds|three[- ]quarters"
    r"|twice|double|triple|treble|quadruple)(?P<m1>(?: of)?(?: the| its| their| your| what| that| as| of)?(?:,)?"
    rf" (?:\w+ ){{0,1}}?{METRIC}\b|(?: of)? (?:as|what|the|that of) \w+|[- ]price\b)"
    rf"|\b(?P<n>\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})(?:[- ]times|[x×]|[- ]?fold)"
    r"(?P<m2> (?:cheaper|faster|quicker|slower|dearer|larger|longer|bigger|smaller"
    r"|more|less|fewer|higher|lower|the|as|what|that|pricier)\b)"
    rf"|\b(?P<v>{'|'.join(VERBS)}) (?P<m3>(?:the|your|its|my|our|in) (?:[\w'’]+ ){{0,3}}?{METRIC}\b|what (?:you"
    rf"|we) (?:pay|spend|owe))",
    re.IGNORECASE,
)
SHRINKING = re.compile(r"cheaper|smaller|less|fewer|lower|faster|quicker|shorter", re.IGNORECASE)
ORDER = re.compile(
    (
        r"\b(?P<less>undercuts(?= [A-Z])|(?:cheaper|less expensive|costs? less|charges? less|smaller|lighter"
        r"|faster|quicker|fewer (?:\w+ )?|less (?:\w+ )?|shorter"
        r"|lower)\b(?: \w+){0,3}? than) (?P<a>[A-Z][\w.-]+(?: [A-Z\d][\w.-]*)?)"
        r"|\b(?P<more>dearer|pricier|more expensive|costs? more|charges? more|larger|bigger|longer|slower"
        r"|more (?:\w+ )?|higher)\b(?: \w+){0,3}? than (?P<b>[A-Z][\w.-]+(?: [A-Z\d][\w.-]*)?)"
    ),
)
KIND_ORDER = re.compile(
    r"\b(?:[Tt]he |[Aa] )?(?P<one>[a-z]+|[A-Z][a-z]+)(?: (?:model|plan|tier|version|one|build|variant|size|mode))?"
    r" (?:is|are|costs?|takes?|runs?|needs?|has|holds) (?:\w+ )?(?:(?P<less>cheaper|less|smaller|lighter|faster"
    r"|quicker|fewer"
    r"|shorter|lower)|(?P<more>dearer|pricier|more|larger|bigger|longer|slower|heavier|higher))(?: \w+){0,2}?"
    r" than the"
    r" (?P<two>[a-z]+)\b",
)
TIMELY = re.compile(r"faster|quicker|slower|latency|speed", re.IGNORECASE)
COSTLY = re.compile(
    r"cheap|pric|cost|charge|expensive|dear|bill|undercut|fee|subscription|invoice|budget", re.IGNORECASE
)
ROOMY = re.compile(r"context|window|tokens|remember|room", re.IGNORECASE)
SIZED = re.compile(r"parameters|weights|size", re.IGNORECASE)


@dataclass(frozen=True)
class Compared:
    start: int
    end: int
    factor: float  # the first is this many times the second; 0 is 'less', inf is 'more'
    measured: bool = True  # of a price, a size; 'half the value' is not
    swapped: bool = False  # 'from A to B doubles': the second is the first times the factor


def find_ratios(text: str) -> list[Compared]:
    found = []
    for match in FACTOR.finditer(text):
        if match["f"] and re.match(r" (?:a )?(?:million|billion|thousand|dozen)", match["m1"]):
            continue
        if match["f"]:
            word = match["f"].lower().replace("-", " ")
            factor = FRACTIONS.get(word) or WHOLE.get(word, 0)
        elif match["n"]:
            factor = float(NUMBER_WORDS.get(match["n"].lower()) or match["n"].replace(",", "."))
            factor = (
                1 / factor
                if factor and SHRINKING.search(match["m2"]) and not re.search(r"fast", match["m2"] + "", re.I)
                else factor
            )
            factor = 1 / factor if factor and re.search(r"faster|quicker", match["m2"], re.I) else factor
        else:
            factor = VERBS[match["v"].lower()]
        if factor:
            measured = not match["f"] or bool(re.search(rf"\b{METRIC}\b", match["m1"], re.IGNORECASE))
            found.append(Compared(match.start(), match.end(), factor, measured, bool(match["v"])))
    return found


def judge_ratio(text: str, ratio: Compared, facts: list[tuple[int, Read, Said]]) -> tuple[str, int | None]:
    """'anchored', 'contradicted' or 'unanchored', and the fact that decides."""
    wanted = wanted_dimension(text)
    pairs = [(a, b) for at, a in enumerate(facts[:24]) for b in facts[at + 1 : 24] if comparable(a[2], b[2], wanted)]
    ordered = [(pair, places(text, *pair)) for pair in pairs]
    named = [(pair, order) for pair, order in ordered if order is not None]
    if not named and len({name for _, _, name in find_plans(text)} | {one.key for one in find_products(text)}) > 1:
        return "unanchored", None
    for (a, b), order in named or [(pair, 0) for pair, _ in ordered]:
        first, second = value(a[2]), value(b[2])
        if order and order < 0:
            first, second = second, first
        if ratio.swapped:
            first, second = second, first
        factors = (ratio.factor,) if order else (ratio.factor, 1 / ratio.factor)
        if second and any(close(first / second, factor, 0.05) for factor in factors):
            return "anchored", a[0]
    if not pairs and ratio.factor < 1 and not ratio.measured:
        return "", None
    return ("contradicted", pairs[0][0][0]) if pairs else ("unanchored", None)


def wanted_dimension(text: str) -> str:
    if COSTLY.search(text):
        return "money"
    if ROOMY.search(text):
        return "token"
    return "parameter" if SIZED.search(text) else "time" if TIMELY.search(text) else ""


def comparable(one: Said, other: Said, wanted: str) -> bool:
    mine, theirs = one.quantity, other.quantity
    if mine.dim != theirs.dim or mine.unit != theirs.unit or mine.per_names - {"user"} != theirs.per_names - {"user"}:
        return False
    if wanted and wanted not in (mine.dim, mine.unit):
        return False
    return mine.dim in ("money", "time", "bytes") or mine.dim == "count"


def value(said: Said) -> float:
    return said.quantity.low / said.quantity.scale


def places(text: str, a: tuple[int, Read, Said], b: tuple[int, Read, Said]) -> int | None:
    """1 when the sentence names a before b, -1 after; None when it does not name both."""
    first, second = place(text, a[1], a[2], b[1]), place(text, b[1], b[2], a[1])
    if first is None and second is None:
        return None
    if first is None or second is None:
        return None if subjectless(a, b) else (1 if (first is None) else -1)
    return 0 if first == second else 1 if first < second else -1


def subjectless(a: tuple[int, Read, Said], b: tuple[int, Read, Said]) -> bool:
    return not (a[1].subject or b[1].subject)


def place(text: str, read: Read, said: Said, other: Read) -> int | None:
    """Where the sentence names what this fact is about, by product, plan, direction or its opening words."""
    lower = text.lower()
    if read.subject and not same_product(read.subject, other.subject):
        at = lower.find(" ".join(read.subject))
        return at if at >= 0 else None
    plans = [start for start, _, name in find_plans(text) if name in said.plans]
    if said.plans and not plans:
        plans = [at for name in said.plans if (at := lower.find(name)) >= 0]
    if plans:
        return plans[0]
    for word in re.findall(r"[a-z]{4,}", read.text[: said.quantity.start].lower())[:3]:
        if word not in other.text.lower() and (at := lower.find(word[:6])) >= 0:
            return at
    return None


def judge_order(text: str, facts: list[tuple[int, Read, Said]]) -> list[tuple[int, int, str, int | None]]:
    """'costs less than Fennel' against the prices of both."""
    judged: list[tuple[int, int, str, int | None]] = []
    for match in KIND_ORDER.finditer(text):
        judged += kind_order(match, facts)
    for match in ORDER.finditer(text):
        name = tuple((match["a"] or match["b"]).lower().rstrip(".").split())
        if name[0] in NO_NAMES:
            judged += plan_order(text, match, name[0], facts)
            continue
        theirs = [one for one in facts if one[1].subject and same_product(one[1].subject, name)]
        ours = [one for one in facts if not (one[1].subject and same_product(one[1].subject, name))]
        pairs = [(a, b) for a in ours for b in theirs if comparable(a[2], b[2], wanted_dimension(text))]
        if not pairs:
            judged.append((match.start(), match.end(), "unanchored", None))
            continue
        right = any((value(a[2]) < value(b[2])) == bool(match["less"]) and value(a[2]) != value(b[2]) for a, b in pairs)
        judged.append((match.start(), match.end(), "anchored" if right else "contradicted", pairs[0][1][0]))
    return judged


def plan_order(
    text: str, match: re.Match[str], other: str, facts: list[tuple[int, Read, Said]]
) -> list[tuple[int, int, str, int | None]]:
    """'Solo costs more than Studio', where both are plans of one tool."""
    first = next((name for start, _, name in reversed(find_plans(text[: match.end()])) if start < match.start()), "")
    ours = [one for one in facts if first and first in one[2].plans]
    theirs = [one for one in facts if other in one[2].plans]
    wanted = wanted_dimension(text)
    pairs = [(a, b) for a in ours for b in theirs if comparable(a[2], b[2], wanted)]
    if not pairs:
        return []
    right = any((value(a[2]) < value(b[2])) == bool(match["less"]) and value(a[2]) != value(b[2]) for a, b in pairs)
    return [(match.start(), match.end(), "anchored" if right else "contradicted", pairs[0][1][0])]


def kind_order(match: re.Match[str], facts: list[tuple[int, Read, Said]]) -> list[tuple[int, int, str, int | None]]:
    """'the small model is slower than the large one', where a fact speaks of each."""
    one, two = match["one"].lower(), match["two"].lower()
    ours = [fact for fact in facts if one in fact[1].text.lower() and two not in fact[1].text.lower()]
    theirs = [fact for fact in facts if two in fact[1].text.lower() and one not in fact[1].text.lower()]
    wanted = wanted_dimension(match[0])
    pairs = [(a, b) for a in ours for b in theirs if comparable(a[2], b[2], wanted)]
    if not pairs:
        return []
    right = any((value(a[2]) < value(b[2])) == bool(match["less"]) and value(a[2]) != value(b[2]) for a, b in pairs)
    return [(match.start(), match.end(), "anchored" if right else "contradicted", pairs[0][0][0])]
