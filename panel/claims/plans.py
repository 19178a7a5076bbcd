"""The plan a number or a promise belongs to: free, Pro, Team."""

import re

from panel.claims.context import nearest

PLANS = (
    "free hobby starter basic solo personal individual plus pro professional premium growth scale team teams business"
)
PLANS += (
    " enterprise studio standard max ultra lite developer creator agency complete essentials advanced "
    "unlimited entry student"
)
EITHER = PLANS.replace(" ", "|")
CAPITAL = "|".join(word.capitalize() for word in PLANS.split())
COMMON = {"free", "team", "individual", "personal", "complete", "business", "unlimited"}
UNUSUAL = "|".join(word.capitalize() for word in PLANS.split() if word not in COMMON)
FOLLOWS = "plan|tier|edition|package|account|subscription|costs?|is|at|includes?|comes?|gives?|gets?|adds|allows?|buys"
FOLLOWS += "|and|or|to|runs?|lets?|users|seats|storage|customers|accounts|minutes|credits|members|asks|charges|has"
PLAN = re.compile(
    rf"\b(?P<a>{CAPITAL})\b(?=(?: (?:{FOLLOWS}|[\d$€£]|for|in)\b| ?[:,.(;–—]| [$€£\d]|$|['’]s ))"
    rf"|\b(?:the |on |offre |a )(?P<b>{EITHER})(?= (?:plan|tier|edition|package|subscription|account)\b)"
    rf"|\b(?:on|from|to|of|the|for|with|than|between) (?P<c>{UNUSUAL})\b"
    rf"|\b(?P<d>{EITHER})[- ](?:plan|tier)\b|\b(?P<e>free) (?:users|accounts)\b"
    r"|\bOffre (?P<f>[A-Z]\w+)|\b(?P<g>[A-Z][a-z]+) (?:plan|tier)\b"
)
SAME_PLAN = {"teams": "team", "professional": "pro", "individual": "personal", "solo": "solo"}


def find_plans(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in PLAN.finditer(text):
        name = next(group for group in match.groups() if group).lower()
        if name not in (
            "the",
            "no",
            "this",
            "that",
            "our",
            "one",
            "every",
            "paid",
            "any",
            "each",
            "annual",
            "monthly",
            "yearly",
            "cheapest",
        ):
            found.append((match.start(), match.end(), SAME_PLAN.get(name, name)))
    return found


def plan_of(text: str, start: int, end: int) -> frozenset[str]:
    return nearest(find_plans(text), start, end, text)
