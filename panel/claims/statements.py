"""Yes-or-no statements about a tool: a free plan, a card, self-hosting, training on your data, certificates."""

import re
from dataclasses import dataclass

from panel.claims.denial import NONE_OF_IT, in_denial
from panel.claims.topics import BARE, COMPILED

CLAIMS_IT = re.compile(
    r"\b(?:keeps?|kept|logged|stored|retains?|retained|saves?|saved|has|have|had|supports?|supported|comes? with"
    r"|includes?|included|including|offers?|offered"
    r"|ships?|there(?:['’]s| is| are)|you get|gets you|gives? you|adds?|provides?|exposes?|is (?:available"
    r"|there|on|missing|in place|included|supported|built in|a given)"
    r"|are (?:available|there|included|supported|missing)|runs? (?:on|in|under|without)|run (?:on|in"
    r"|without)|works?|available|needs?|lives? in|sits? in|requires?|required|wants"
    r"|lacks?|lasts?|out of luck|left out|need not apply|left behind|no|without|missing|absent|nowhere|never"
    r"|cannot|can|exports?|both|writes?|stores?"
    r"|installs? (?:on|via|with)|only on|deploys?)\b|n['’]t\b|\bnot\b",
    re.IGNORECASE,
)
OPPOSITE_WORDS = {
    "commercial use": re.compile(
        r"\bnon-?commercial\b|\bresearch[- ](?:use )?only\b|\bresearch (?:use|purposes) only\b|\bpersonal use only\b",
        re.IGNORECASE,
    ),
    "gpu": re.compile(r"\bCPU[- ]only\b|\bon (?:a|the) (?:plain |laptop )?CPU\b", re.IGNORECASE),
    "contract": re.compile(r"\bcancel (?:at )?any ?time\b|\bsans engagement\b|\bmonth[- ]to[- ]month\b", re.IGNORECASE),
    "funded": re.compile(r"\b[Bb]ootstrapped\b"),
    "waitlist": re.compile(r"\bgenerally available\b|\bgeneral availability\b", re.IGNORECASE),
    "image input": re.compile(r"\btext[- ]only\b", re.IGNORECASE),
    "refunds": re.compile(r"\bnon-?refundable\b", re.IGNORECASE),
    "ads": re.compile(r"\bad[- ]free\b", re.IGNORECASE),
}
NOT_KEPT = re.compile(r"\b(?:not|never|no|zero|nowhere)\b", re.IGNORECASE)
RESTRICTED = re.compile(
    r"\b(?:requires? a (?:separate |commercial |paid )|contact us for|needs? a (?:separate |paid "
    r"|commercial )?(?:contract|agreement|licen[cs]e))",
    re.IGNORECASE,
)
FREE_OF_TRIAL = re.compile(r"\bfree trial\b", re.IGNORECASE)
PAID_ONLY = re.compile(
    r"\bplans? (?:start|begin)s? (?:at|from)\b|\bfrom [$€£]\d|\bpaid (?:plans? )?only\b|\bstarting (?:at"
    r"|from) [$€£]|^\$[1-9][\d.]* (?:per|a|/)",
    re.IGNORECASE,
)
CLOUD_ONLY = re.compile(
    r"\b(?:cloud|SaaS|hosted)[- ]only\b|\bonly (?:runs? |lives? |works? |available "
    r"|offered )?(?:\w+ )?(?:in|on|as|from) (?:their|our|the vendor['’]s|its|the)? ?(?:\w+ )?(?:cloud"
    r"|servers|hosted|SaaS|managed)\b|\b(?:cloud|hosted|SaaS|servers?) or (?:nothing|not at all|nowhere)\b"
    r"|\bhosted service only\b|\bexclusively (?:in|on) (?:our"
    r"|their) (?:cloud|servers)|\bfully managed(?: service)? only\b",
    re.IGNORECASE,
)
PAID_FOR_ALL = re.compile(
    r"\beverybody pays\b|\beveryone pays\b|\b(?:every|all) (?:plans?|tiers?) (?:is|are|costs?) (?:paid"
    r"|money)|\bpaid from day one\b|\bnothing (?:here |about it )?is free\b"
    r"|\byou (?:have to|must|will) pay (?:from|before|to even)|\bpaid[- ]only\b|\bno free (?:lunch|ride) here\b",
    re.IGNORECASE,
)
STAYS_HERE = re.compile(
    r"\b(?:never|nothing|no \w+|not a byte|not one byte)(?: \w+){0,4} (?:leaves?|sent|sends?|reach(?:es)?"
    r"|touch(?:es)?|uploads?|goes)(?: \w+){0,4} (?:cloud|servers?|machine|laptop|network|device|internet"
    r"|building|premises|house)\b",
    re.IGNORECASE,
)
ONLINE_ONLY = re.compile(
    r"\b(?:requires?|needs?|wants) (?:an? )?(?:\w+ )?(?:internet|network|online)(?: connection)?\b"
    r"|\bonline only\b|\bprocessed in (?:our|the) cloud\b",
    re.IGNORECASE,
)

STAYS_IN_EUROPE = re.compile(
    r"\b(?:never|nothing|no \w+|not a byte|n['’]t|not)(?: \w+){0,3} (?:leaves?|outside)(?: of)? (?:the )?(?:EU"
    r"|Europe|European Union)\b",
    re.IGNORECASE,
)
ONLY = (
    ("eu hosting", STAYS_IN_EUROPE, True),
    ("self-hosting", CLOUD_ONLY, False),
    ("offline", ONLINE_ONLY, False),
    ("free plan", PAID_FOR_ALL, False),
    ("offline", STAYS_HERE, True),
)


@dataclass(frozen=True)
class Statement:
    start: int
    end: int
    topic: str
    holds: bool


def find_statements(text: str, in_fact: bool = False) -> list[Statement]:
    found = [
        one
        for topic, pattern in COMPILED.items()
        for m in pattern.finditer(text)
        if (one := read(text, topic, m, in_fact))
    ]
    for topic, pattern, holds in ONLY:
        for match in pattern.finditer(text):
            denied = (
                in_denial(text, match.start(), match.end()) != holds
                if pattern not in (STAYS_HERE, STAYS_IN_EUROPE)
                else True
            )
            found = [
                one for one in found if not (one.topic == topic and one.start < match.end() and match.start() < one.end)
            ]
            found.append(Statement(match.start(), match.end(), topic, denied))
    return found


def read(text: str, topic: str, match: re.Match[str], in_fact: bool) -> Statement | None:
    start, end = match.span()
    if topic == "free plan" and FREE_OF_TRIAL.match(text, start):
        return None
    if not in_fact and topic not in BARE and not claims_it(text, start, end):
        return None
    denied = in_denial(text, start, end, own=topic in ("offline", "free plan"))
    if topic == "keeps data" and NOT_KEPT.search(match[0]):
        denied = True
    opposite = OPPOSITE_WORDS.get(topic)
    holds = denied if opposite and opposite.match(text, start) else not denied
    if (
        topic == "card"
        and not denied
        and not re.search(r"require|requiring|need|ask|must|enter|want|before|demand|up front", text, re.IGNORECASE)
    ):
        return None
    if topic == "gpu" and not re.search(
        r"require|requiring|need|must|without|no |CPU|want|demand|won['’]t|not", text, re.IGNORECASE
    ):
        return None
    if topic == "card" and re.search(r"before (?:the|your|a) (?:credit )?card|card is charged", text, re.IGNORECASE):
        return None
    return Statement(start, end, topic, holds)


def claims_it(text: str, start: int, end: int) -> bool:
    left = max(text.rfind(mark, 0, start) for mark in ".;:!?") + 1
    right = min([at for mark in ".;:!?" if (at := text.find(mark, end)) >= 0] or [len(text)])
    if re.match(
        r" (?:client|build|app|version|binary|support|integration|plug-?in|extension|export|users?)\b",
        text[end:],
        re.IGNORECASE,
    ):
        return True
    listed = re.search(r"(?:^|, |\band )(?:an? |the )?$", text[:start]) and re.match(r",| and\b|\.?$", text[end:])
    return bool(listed or NONE_OF_IT.match(text[end:]) or CLAIMS_IT.search(text[left:right]))
