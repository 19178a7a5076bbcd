"""When a number of the quote and a number of a fact are the same statement, and when they deny each other."""

import math
import re

from panel.claims import units
from panel.claims.context import family, qualities
from panel.claims.plans import plan_of
from panel.claims.quantity import Quantity

BENCHMARK = re.compile(
    (
        r"\b(HumanEval|MMLU|SWE-bench|GSM8K|MATH|ARC|HellaSwag|TruthfulQA|MT-Bench|MBPP|BLEU|WER|LiveCodeBench"
        r"|Arena|GPQA|AIME|DROP|IFEval|BBH)\b"
    ),
    re.I,
)
# A number past which something stops: 'anything over half an hour gets chopped', 'may last up to two hours'.
CAPS = re.compile(
    r"\b(?:anything|everything|whatever|files?|calls?|recordings?|videos?|meetings?|clips?|requests?|jobs?)"
    r" (?:over|above|beyond|past|longer than|bigger than|larger than|more than)\b|\bup to\b|\bmax(?:imum)?\b|\blimit"
    r"|\bcapp?(?:s|ed)?\b|\bat most\b|\bno (?:longer|larger|bigger|more) than\b|\b(?:stops?|cuts?|tops?) (?:you )?(?:at"
    r"|off|out|dead)\b|\bceiling\b",
    re.IGNORECASE,
)
EXCLUSIVE_TEAM = units.WHOLE_TEAM
TOLERANCE = {"time": 0.02, "bytes": 0.05, "percent": 0.004, "money": 0.001, "times": 0.01}


class Said:
    """A number with the text it stands in."""

    def __init__(self, quantity: Quantity, text: str, stems: frozenset[str]) -> None:
        self.quantity, self.text, self.stems = quantity, text, stems
        at = (quantity.start, quantity.end)
        self.family = family(
            text, "token" if quantity.unit == "token" and quantity.dim == "count" else quantity.dim, *at
        )
        self.plans = plan_of(text, *at)
        self.qualities = qualities(text, *at)
        self.caps = bool(CAPS.search(text))
        self.benchmarks = (
            frozenset(name.lower() for name in BENCHMARK.findall(text))
            if quantity.dim in ("percent", "number")
            else frozenset()
        )


def same_thing(said: Said, known: Said) -> bool:
    """Both measure the same kind of thing, and nothing beside them says otherwise."""
    mine, theirs = said.quantity, known.quantity
    if not same_dimension(mine, theirs):
        return False
    if said.plans and known.plans and not said.plans & known.plans:
        return False
    groups = said.qualities.keys() & known.qualities.keys() - (
        set() if mine.dim in ("percent", "times") else {"effect"}
    )
    if any(said.qualities[group].isdisjoint(known.qualities[group]) for group in groups):
        return False
    if (
        (
            mine.dim == "count"
            and mine.unit == "parameter"
            and "weights" in said.qualities
            and "weights" not in known.qualities
        )
        and "active" in said.qualities["weights"]
        and re.search(r"\btotal\b", known.text)
    ):
        return False
    directions = said.qualities.get("direction", frozenset()), known.qualities.get("direction", frozenset())
    if ("cached" in directions[0]) != ("cached" in directions[1]):
        return False
    if mine.dim == "percent" and "who" in known.qualities and "who" not in said.qualities:
        return False  # a discount for students is not everyone's
    if said.benchmarks and known.benchmarks and said.benchmarks.isdisjoint(known.benchmarks):
        return False
    return not (said.family and known.family and said.family.isdisjoint(known.family))


def same_dimension(mine: Quantity, theirs: Quantity) -> bool:
    if mine.dim != theirs.dim:
        return {mine.dim, theirs.dim} == {"money", "number"} and mine.dim == "money" and not mine.unit
    if mine.dim == "count":
        return units.same_noun(mine.unit, theirs.unit)
    return True


def on_topic(said: Said, known: Said) -> bool:
    """Near enough for the fact to bear the number: a bare '30%' does not bear just any claim."""
    dim = said.quantity.dim
    if said.family & known.family or shared_percentile(said, known) or exact_twin(said, known):
        return True
    if dim == "money":
        return not said.family & {"funding", "bounty", "training cost", "set-up", "add-on"} and not known.family & {
            "funding",
            "bounty",
            "set-up",
            "training cost",
        }
    if dim == "count":
        return said.quantity.unit != "token" or not said.family or not known.family
    if dim == "bytes":
        return not said.family or not known.family
    return bool(said.stems & known.stems) or (said.caps and known.caps)


def exact_twin(said: Said, known: Said) -> bool:
    """'99.9%' in both: so particular a figure needs no other word in common."""
    one, other = said.quantity, known.quantity
    if one.dim == "time" and not said.family and not one.article:
        return one.low == other.low and one.bound == other.bound
    return one.dim == "percent" and one.low == other.low and one.low % 1 != 0 and one.bound == other.bound


def denies(said: Said, known: Said) -> bool:
    """Close enough for a different number to be a contradiction."""
    if not same_thing(said, known):
        return False
    dim = said.quantity.dim
    if dim == "money":
        return on_topic(said, known) and comparable_per(said, known) is not None
    if dim == "count":
        rate = {"time"} & said.quantity.per_names == {"time"} & known.quantity.per_names
        return on_topic(said, known) and (rate or said.quantity.bound == "") and comparable_nouns(said, known)
    return bool(said.family & known.family) or shared_percentile(said, known) or on_topic(said, known)


def shared_percentile(said: Said, known: Said) -> bool:
    return bool(said.qualities.get("percentile", frozenset()) & known.qualities.get("percentile", frozenset()))


def comparable_nouns(said: Said, known: Said) -> bool:
    return said.quantity.unit != "token" or bool(said.family & known.family) or not (said.family or known.family)


def agree(said: Said, known: Said) -> bool:
    if said.quantity.dim == "money" and said.quantity.unit and known.quantity.unit not in ("", said.quantity.unit):
        return False
    scales = comparable_per(said, known)
    if scales is None:
        return False
    mine, theirs = said.quantity, known.quantity
    return values_agree(
        mine, theirs, mine.low / scales[0], mine.high / scales[0], theirs.low / scales[1], theirs.high / scales[1]
    )


def comparable_per(said: Said, known: Said) -> tuple[float, float] | None:
    """By what each number is divided so that they can be compared; None when they are per different things."""
    mine, theirs = dict(said.quantity.per), dict(known.quantity.per)
    if said.quantity.dim not in ("money", "count", "number", "time", "bytes"):
        return 1.0, 1.0
    if said.quantity.dim == "money" and holders_differ(said, known, mine, theirs):
        return None
    if said.quantity.dim in ("count", "bytes", "time"):
        mine = {name: amount for name, amount in mine.items() if name == "time" or name in theirs}
    for name in mine:
        if name not in theirs and name != "once":
            return None
        if name == "once" and "time" in theirs:
            return None
    if "once" in theirs and "time" in mine:
        return None
    if mine and any(name not in mine and name not in ("time", "user", "team", "once") for name in theirs):
        return None
    shared = mine.keys() & theirs.keys()
    return math.prod(mine[name] for name in shared), math.prod(theirs[name] for name in shared)


def holders_differ(said: Said, known: Said, mine: dict[str, float], theirs: dict[str, float]) -> bool:
    """Per seat is not per team."""
    mine_whole = "team" in mine or bool(EXCLUSIVE_TEAM.search(said.text))
    theirs_whole = "team" in theirs or bool(EXCLUSIVE_TEAM.search(known.text))
    if "team" in mine and "team" not in theirs and theirs_whole:
        mine.pop("team")
    return ("user" in mine and theirs_whole and "user" not in theirs) or (
        mine_whole and "user" in theirs and "user" not in mine
    )


def values_agree(
    mine: Quantity, theirs: Quantity, low: float, high: float, their_low: float, their_high: float
) -> bool:
    slack = tolerance(mine, theirs)
    if mine.bound == "range" or theirs.bound == "range":
        return ranges_agree(mine, theirs, (low, high), (their_low, their_high), slack)
    if close(low, their_low, slack):
        return not (mine.bound == "min" and theirs.bound in ("upto", "under")) and not (
            mine.bound in ("under", "upto") and theirs.bound == "min"
        )
    if rounded(mine, low, their_low):
        return True
    if mine.bound == "min":
        return their_low >= low and theirs.bound not in ("upto", "under")
    if mine.bound == "under":
        return their_low <= low and theirs.bound != "min"
    if mine.bound == "about":
        return close(low, their_low, 0.12) and theirs.bound not in ("upto", "min")
    if mine.bound == "nearly":
        return 0.85 * low <= their_low <= low
    if theirs.bound in ("about", "nearly") and not mine.bound:
        return False
    return False


def rounded(mine: Quantity, low: float, their_low: float) -> bool:
    """'12,000 stars' of 12,034: a round count stands for what rounds to it."""
    if mine.dim != "count" or mine.unit in ("token", "parameter") or low < 1000 or mine.bound not in ("", "about"):
        return False
    step = 10.0 ** (math.floor(math.log10(low)) - 1)
    return low % step == 0 and abs(their_low - low) < step / 2 and their_low % step != 0


def ranges_agree(
    mine: Quantity, theirs: Quantity, said: tuple[float, float], known: tuple[float, float], slack: float
) -> bool:
    if mine.bound == theirs.bound == "range":
        return close(said[0], known[0], slack) and close(said[1], known[1], slack)
    if mine.bound == "range":
        return mine.dim != "money" and said[0] < known[0] < said[1] and theirs.bound in ("", "about")
    if mine.bound == "under":
        return known[1] <= said[1]
    if mine.bound == "upto":
        return close(said[1], known[1], slack)
    if mine.bound == "min":
        return known[0] >= said[0]
    return (
        mine.bound in ("about", "")
        and known[0] * (1 - slack) <= said[0] <= known[1] * (1 + slack)
        and mine.bound == "about"
    )


def tolerance(mine: Quantity, theirs: Quantity) -> float:
    if mine.dim == "money" and mine.per != theirs.per and "time" in mine.per_names & theirs.per_names:
        return 0.016  # a month is thirty days to some
    if mine.dim == "time":
        return 0.02 if max(mine.low, theirs.low) > units.DAY else 0.001
    if mine.dim == "count" and mine.unit == "token":
        return 0.05 if any(one.low % 1024 == 0 for one in (mine, theirs)) else 0.0005
    if mine.dim == "percent":
        return 0.02 if mine.in_words and mine.low % 1 else 0.0005
    if mine.dim == "count" and mine.unit == "parameter":
        return 0.004
    return min(TOLERANCE.get(mine.dim, 0.0), 0.05) or 1e-6


def close(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack * max(abs(one), abs(other)) + 1e-12
