"""Content words cut down so that 'translates' meets 'translation'."""

import re

IGNORED = set(
    """the and for are was were with that this they them their there have has had you your yours its not but all
    any can will would could should may might must than then from into over under out about after before per
    each every more most less least only just even still also very much many some such one two three four five
    six seven eight nine ten half which who whose what when where while how why does did doing done get gets
    give gives take takes make makes need needs come comes goes look keep put say says said mean means like
    enough plenty good great bad thing way month year day hour minute second week percent user
    free plan pro team business first now here too our out use used using
    available supports support new every include included includes including""".split()
)


def stems(text: str) -> frozenset[str]:
    """Content words, cut down so that 'translates' meets 'translation'."""
    words = re.findall(r"[a-z]{3,}", text.lower())
    return frozenset(stem(word) for word in words if word not in IGNORED)


def stem(word: str) -> str:
    for ending in (
        "isation",
        "ization",
        "ations",
        "ation",
        "ities",
        "ments",
        "ment",
        "ingly",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "ies",
        "ied",
        "ed",
        "es",
        "er",
        "ly",
        "al",
        "s",
        "e",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)][:7]
    return word[:7]
