"""The tools that a page sets its own beside: "an alternative to …", "unlike …", "… vs …"."""

import re
from itertools import islice

from crawler.extract.findings import Finding, finding, quotable, surest
from crawler.extract.page import Page
from crawler.extract.prose import Prose

NAME = r"(?:[A-Z][\w+#]*(?:[.-]\w+)*|[a-z]{1,10}(?:\d\w{0,6}|\.(?:ai|new|dev|io|com|so|app)\b))"
NAME += r"(?:\s(?:[A-Z0-9][\w+#]*(?:[.-]\w+)*)){0,2}"
NAMES = rf"{NAME}(?:(?:\s?,\s?(?:and\s|or\s)?|\s?/\s?|\s(?:and|or|&)\s){NAME}){{0,5}}"
RIVAL = re.compile(
    rf"(?:(?i:\balternatives?\sto|\bunlike|\bcompared\s(?:to|with)|\breplacements?\sfor|\binstead\sof|"
    rf"\bcompetitors?\s(?:to|of)|"
    rf"\bswitch(?:ing|ed)?\sfrom|\bmigrat(?:e|ing)\sfrom|\bdifferent\s(?:from|than|to)|\b(?:better|faster|"
    rf"cheaper|smaller|simpler)\sthan|"
    rf"\bversus)|\b[Vv]s\.?)\s(?:(?i:the|tools\slike|apps\slike|services\slike|products\slike|"
    rf"something\slike|similar\sto)\s)?"
    rf"(?P<names>{NAMES})|\b(?P<before>{NAME})[\s-](?i:alternative)s?\b"
)
RIVAL_WORDS = (
    "alternative", "unlike", "compared", "replacement", "instead", "competitor", "switch", "migrat", "different",
    "than", "versus", "vs",
)  # fmt: skip
NOT_A_NAMES = (
    "The A An Other Others Most Traditional Our Your My Their This That These Those It All Any Every Some Many Open "
    "Free Best Manual Self Source Good Great Cheaper Better Top Cloud AI ML LLM API CLI SaaS Each What How Why I We "
    "You Them Local Hosted Paid Monthly Annual Legacy Conventional Standard Typical"
)
NOT_A_NAME = frozenset(NOT_A_NAMES.split())


def find_rivals(page: Page, prose: Prose) -> list[Finding]:
    found = []
    for sentence in prose.mentioning(*RIVAL_WORDS):
        for match in islice(RIVAL.finditer(sentence.text), 4):
            names = _rival_names(match["names"] or match["before"], page.name)
            if names:
                sure = 0.75 if match["names"] else 0.65
                span = quotable(sentence, match.start())
                found.append(finding(page, "compares_with", ", ".join(names), {"names": names}, span, sure))
    return surest(found, 8)


def _rival_names(words: str, own: str) -> list[str]:
    names = []
    for part in re.split(r"\s?,\s?(?:and\s|or\s)?|\s?/\s?|\s(?:and|or|&)\s", words):
        kept = part.strip().split()
        while kept and (kept[0] in NOT_A_NAME or kept[0].startswith(("Open-", "Self-"))):
            kept = kept[1:]
        name = " ".join(kept)
        if len(name) > 1 and name.lower() != own.lower() and name not in names:
            names.append(name)
    return names
