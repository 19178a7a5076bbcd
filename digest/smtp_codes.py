"""What a mail server's refusal means: its words first, then its enhanced status code (RFC 3463).

Words come first because servers contradict their own codes ("5.1.0 - unknown address ... mailbox full"). Only four
meanings are hard: the mailbox, its domain or its mail service is gone, or the reader has moved. Everything else may
change by itself or is about us, so it is soft, and the score decides later.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from digest.smtp_phrases import (
    AFTER_CONNECT,
    AFTER_CONTENT,
    AFTER_SENDER,
    DENIED,
    DISABLED,
    EXPIRED,
    FULL,
    LOOP,
    MOVED,
    NETWORK,
    NO_DOMAIN,
    NO_MAIL,
    NO_REVERSE,
    NO_USER,
    POLICY,
    REFUSED_MAILBOX,
    SENDER,
    TOO_BIG,
    UNSURE,
)


class Meaning(StrEnum):
    NO_SUCH_USER = "no-such-user"
    NO_SUCH_DOMAIN = "no-such-domain"
    NO_MAIL_HERE = "no-mail-here"
    MOVED = "moved"
    MAILBOX_FULL = "mailbox-full"
    DISABLED = "disabled"
    BLOCKED = "blocked"
    POLICY = "policy"
    SENDER = "sender-refused"
    TOO_BIG = "too-big"
    EXPIRED = "expired"
    LOOP = "loop"
    NETWORK = "network"
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"


HARD = frozenset({Meaning.NO_SUCH_USER, Meaning.NO_SUCH_DOMAIN, Meaning.NO_MAIL_HERE, Meaning.MOVED})

SENTENCES = {
    Meaning.NO_SUCH_USER: "mailbox does not exist",
    Meaning.NO_SUCH_DOMAIN: "domain does not exist",
    Meaning.NO_MAIL_HERE: "domain does not accept mail",
    Meaning.MOVED: "the reader has moved to another address",
    Meaning.MAILBOX_FULL: "mailbox full",
    Meaning.DISABLED: "mailbox disabled or suspended",
    Meaning.BLOCKED: "our server is blocked there",
    Meaning.POLICY: "refused by a policy there, not the reader's fault",
    Meaning.SENDER: "our sender address was refused",
    Meaning.TOO_BIG: "message too big",
    Meaning.EXPIRED: "given up after trying for too long",
    Meaning.LOOP: "mail loop",
    Meaning.NETWORK: "their mail server could not be reached",
    Meaning.TEMPORARY: "a temporary failure",
    Meaning.UNKNOWN: "refused, no clear reason given",
}

# subject.detail of RFC 3463 and later registrations; the class digit (4 or 5) is judged apart.
CODES = {
    "1.0": Meaning.NO_SUCH_USER,
    "1.1": Meaning.NO_SUCH_USER,
    "1.2": Meaning.NO_SUCH_DOMAIN,
    "1.3": Meaning.NO_SUCH_USER,
    "1.6": Meaning.MOVED,
    "1.7": Meaning.SENDER,
    "1.8": Meaning.SENDER,
    "1.10": Meaning.NO_SUCH_USER,
    "2.0": Meaning.POLICY,
    "2.1": Meaning.DISABLED,
    "2.2": Meaning.MAILBOX_FULL,
    "2.3": Meaning.TOO_BIG,
    "3.1": Meaning.TEMPORARY,
    "3.2": Meaning.TEMPORARY,
    "3.4": Meaning.TOO_BIG,
    "4.1": Meaning.NETWORK,
    "4.2": Meaning.NETWORK,
    "4.3": Meaning.NETWORK,
    "4.4": Meaning.NO_SUCH_DOMAIN,
    "4.5": Meaning.TEMPORARY,
    "4.6": Meaning.LOOP,
    "4.7": Meaning.EXPIRED,
    "4.14": Meaning.LOOP,
    "4.310": Meaning.NO_SUCH_DOMAIN,
    "7.13": Meaning.DISABLED,
}

# In this order: what softens a "user unknown" said in the same breath, what is hard, then what is about us.
_WORDS = (
    (Meaning.SENDER, SENDER),
    (Meaning.BLOCKED, NO_REVERSE),
    (Meaning.MAILBOX_FULL, FULL),
    (Meaning.DISABLED, DISABLED),
    (Meaning.NO_MAIL_HERE, NO_MAIL),
    (Meaning.MOVED, MOVED),
    (Meaning.NO_SUCH_DOMAIN, NO_DOMAIN),
    (Meaning.NO_SUCH_USER, NO_USER),
    (Meaning.TOO_BIG, TOO_BIG),
    (Meaning.LOOP, LOOP),
    (Meaning.POLICY, POLICY),
)
_VAGUE_WORDS = (  # a telling code outweighs these
    (Meaning.NETWORK, NETWORK),
    (Meaning.EXPIRED, EXPIRED),
    (Meaning.TEMPORARY, UNSURE),
)

_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\w.])([45]\d\d)(?=[ \-])")
_REPLY_NOISE = re.compile(
    r"(?<![\w.])[45]\d\d(?:[ \-]+#?[45]\.\d{1,3}\.\d{1,3})?[ \-]+"
    r"|\(?#?(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)\)?"
)
_ADDRESS = re.compile(r"<?[^\s<>,;:()\"]{1,128}@[^\s<>,;:()\"]{1,255}>?")
_LINK = re.compile(r"https?://\S{1,500}")
_GATEWAY_PREFIX = re.compile(r"5\.1\.0 - unknown address error")  # said for every refusal, whatever the reason
_WORDS_READ = 4000


def find_status(*texts: str) -> str | None:
    """The most telling enhanced status code: the first that is more than x.0.0."""
    said = [_GATEWAY_PREFIX.sub(" ", text[:_WORDS_READ].lower()) for text in texts]
    found: list[str] = [code for text in said for code in _STATUS.findall(text) if code[0] != "2"]
    telling = [code for code in found if not code.endswith(".0.0")]
    return next(iter(telling or found), None)


def find_reply(text: str) -> str | None:
    """The SMTP reply code, 4xx or 5xx."""
    match = _REPLY.search(text[:_WORDS_READ])
    return match[1] if match else None


def meaning_of(text: str, status: str | None = None, context: str = "") -> Meaning:
    """What a refusal says. `context` is the talk around it, which tells at which command it was said."""
    words = _plain_words(text)
    meaning = (
        _first_said(_WORDS, words)
        or _meaning_of_status(status, words)
        or _first_said(_VAGUE_WORDS, words)
        or _last_resort(words, status)
    )
    if meaning == Meaning.NO_SUCH_USER and status:
        meaning = _contradicted(status) or meaning
    if meaning in HARD and _is_not_final(meaning, words, status or find_reply(text) or "5"):
        return Meaning.TEMPORARY
    return _seen_at_command(meaning, status, context.lower()[:_WORDS_READ])


def _plain_words(text: str) -> str:
    words = _LINK.sub(" ", text[:_WORDS_READ].lower().replace("’", "'"))
    words = _REPLY_NOISE.sub(" ", _GATEWAY_PREFIX.sub(" ", words))
    return " ".join(_ADDRESS.sub("<someone>", words).split())


def _first_said(table: Iterable[tuple[Meaning, re.Pattern[str]]], words: str) -> Meaning | None:
    return next((meaning for meaning, phrases in table if phrases.search(words)), None)


def _meaning_of_status(status: str | None, words: str) -> Meaning | None:
    if not status or status.endswith(".0.0"):
        return None
    if status.endswith(".1.0") and DENIED.search(words):
        return Meaning.BLOCKED
    return CODES.get(status[2:], Meaning.POLICY if _is_about(status, "7") else None)


def _contradicted(status: str) -> Meaning | None:
    """Codes which say that it is not the mailbox that is missing, whatever the words: x.2.x it is there, x.1.7 ours."""
    if _is_about(status, "2"):
        return Meaning.DISABLED
    return Meaning.SENDER if status[1:] in (".1.7", ".1.8") else None


def _last_resort(words: str, status: str | None) -> Meaning:
    """A bare "mailbox unavailable" or "recipient rejected", with no other reason given, is about the mailbox."""
    if DENIED.search(words) and not REFUSED_MAILBOX.fullmatch(words):
        return Meaning.BLOCKED
    elsewhere = any(_is_about(status, subject) for subject in "346")
    return Meaning.NO_SUCH_USER if REFUSED_MAILBOX.search(words) and not elsewhere else Meaning.UNKNOWN


def _is_about(status: str | None, subject: str) -> bool:
    return bool(status) and str(status).split(".")[1] == subject


def _is_not_final(meaning: Meaning, words: str, code: str) -> bool:
    """A 4xx refusal is final only when it plainly names a missing mailbox or domain and promises nothing."""
    if not code.startswith("4"):
        return False
    named = NO_USER if meaning == Meaning.NO_SUCH_USER else NO_DOMAIN
    return bool(UNSURE.search(words)) or not named.search(words)


def _seen_at_command(meaning: Meaning, status: str | None, context: str) -> Meaning:
    """A refusal before RCPT is about us; "user unknown" after the content came is a filter, unless the code insists."""
    if meaning not in HARD | {Meaning.UNKNOWN} or (status or "")[1:] in (".1.1", ".1.2", ".1.6"):
        return meaning
    if AFTER_SENDER.search(context):
        return Meaning.SENDER
    if AFTER_CONNECT.search(context):
        return Meaning.BLOCKED
    return Meaning.POLICY if AFTER_CONTENT.search(context) else meaning
