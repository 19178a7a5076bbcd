"""Whether a word of denial governs a span of a sentence."""

import re

NEGATED_BEFORE = re.compile(
    r"\b(?:no|not|never|without|neither|nor|none|cannot|can['’]?t|won['’]t|isn['’]t|aren['’]t|doesn['’]t"
    r"|don['’]t|didn['’]t|hasn['’]t|haven['’]t"
    r"|lacks?|lacking|missing|minus|free of|forbids?|prohibits?|rules? out|excludes?|nobody|nothing|bans?"
    r"|refuses?|forget|instead of|zero|bars)\b[^.;:!?]{0,48}$",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"^[^.;,!?]{0,44}?\b(?:(?:is|are|was|were|has|have|do|does|will|can|be)(?:n['’]t| not| never|not)"
    r"|missing|absent|unavailable|impossible|forbidden|prohibited|not (?:available|allowed|offered"
    r"|supported|included|required|needed|permitted)"
    r"|nowhere|discontinued|is out\b|is off the table|off[- ]limits|are gone|is gone|unsupported"
    r"|disallowed|out of luck|left out|need not apply|out in the cold|left behind|on the roadmap|coming soon"
    r"|planned|excluded|barred|ruled out|off by default|must not)",
    re.IGNORECASE,
)
NONE_OF_IT = re.compile(
    r"\?\s(?:there (?:is|are) none|no\b|none|not\b|nope|forget|you (?:will|do) not|you wo"
    r"|nowhere)",
    re.IGNORECASE,
)
DOUBLE = re.compile(
    r"\b(?:not only|no longer a problem|no doubt|no surprise|not just|not bad|nothing but|no wonder"
    r"|no matter|not to mention|without (?:fuss|drama|trouble|hesitation|thinking|effort))\b",
    re.IGNORECASE,
)


def in_denial(text: str, start: int, end: int, own: bool = False) -> bool:
    """Whether a word of denial governs the span: before it in the same clause, or right after it.
    With `own` a denial inside the span is its meaning: 'without a connection' is how 'offline' is said."""
    clause = re.split(
        r"[.;:!?]\s|,\s(?!or\b|nor\b|no\b)|\sbut\s|\sthough\s|\sso\s|\sand\s(?=it\b|you\b|they\b|is\b|has\b)",
        text[:start],
    )[-1]
    clause = DOUBLE.sub(" ", clause)
    inside = DOUBLE.sub(" ", text[start:end])
    said = bool(NEGATED_BEFORE.search(clause + " ")) or (
        not own and bool(re.match(r"(?:no|without|not)\b", inside, re.IGNORECASE))
    )
    after = bool(NONE_OF_IT.match(text[end:])) or bool(NEGATED_AFTER.match(DOUBLE.sub(" ", text[end:])))
    if said and after and re.search(r"\b(?:nothing|nobody|none|without)\b", clause, re.IGNORECASE):
        return False  # 'without a card you will not get far': it is needed
    return said or after
