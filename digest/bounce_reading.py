"""Read what came back for a mail of ours: a bounce (hard, soft), a complaint, or nothing of the kind.

Pure: bytes in, a Reading out; no bytes raise. Order: feedback report (RFC 5965), delivery status (RFC 3464), automatic
reply (RFC 3834), the free texts of mail servers, nothing. Two rules hold throughout:

- Delayed is not failed: it is soft with the reason "delayed", so that whoever keeps the score may leave it out.
- With several recipients the mildest answer counts: one that is only full, late or delivered is still a reader.

The recipient named in a report can be forged. It is for an editor's eyes; who bounced is told by the address the report
was sent to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import Message

from db.words import BounceKind
from digest.bounce_signs import (
    is_from_machine,
    is_from_postmaster,
    looks_like_answer,
    looks_like_arrival,
    looks_like_bounce,
    looks_like_complaint,
    looks_like_delay,
    may_report,
)
from digest.mail_parts import (
    PARTS_READ,
    TEXT_READ,
    Fields,
    address_in,
    addresses_in,
    addresses_sent_to,
    blocks_of,
    children_of,
    field_blocks,
    header,
    paragraphs_of,
    parse_mail,
    parts_of,
    report_type,
    spoken_text,
    whole_text,
)
from digest.smtp_codes import HARD, SENTENCES, Meaning, find_reply, find_status, meaning_of

BYTES_READ = 1_000_000
COMPLAINTS = {"abuse", "fraud", "virus", "opt-out", "opt-out-list", "complaint", "spam", "unsubscribe"}

_ARRIVED = ("relay", "deliver", "expand")
_HEDGE = re.compile(
    r"\b(?:may|might|perhaps|possibly|if (?:the|you|your|this)|c(?:an|ould) be|make sure|please (?:check|verify|try))\b"
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_GROUP = re.compile(r"@googlegroups\.com$|\bgoogle groups\b", re.I)


@dataclass(frozen=True)
class Reading:
    kind: BounceKind
    why: str
    status: str | None = None
    recipient: str | None = None
    reason: str = "not-a-bounce"
    to_addresses: tuple[str, ...] = ()


NOT_A_BOUNCE = Reading(BounceKind.NONE, "not a bounce")


def read_bounce(raw: bytes) -> Reading:
    mail = parse_mail(raw[:BYTES_READ])
    report = _report_within(mail)
    reading = (
        _read_complaint(mail)
        or _read_delivery_status(report)
        or _read_automatic_reply(mail)
        or _read_free_text(report)
        or NOT_A_BOUNCE
    )
    return replace(reading, to_addresses=addresses_sent_to(mail))


def _report_within(mail: Message) -> Message:
    """Some gateways wrap another server's report into a notice of their own."""
    returned = [part for part in parts_of(mail) if part.get_content_type() == "message/rfc822"]
    inner = children_of(returned[0])[:1] if returned and is_from_machine(mail, strict=True) else []
    return next((m for m in inner if is_from_machine(m, strict=True) and report_type(m) == "delivery-status"), mail)


# --- complaints -----------------------------------------------------------------------------------------------------


def _read_complaint(mail: Message) -> Reading | None:
    for part in parts_of(mail):
        if part.get_content_type() == "message/feedback-report":
            return _read_feedback(_first(blocks_of(part)))
    if header(mail, "X-Apple-Unsubscribe").lower() == "true":
        return Reading(BounceKind.COMPLAINT, "asked to be unsubscribed", reason="feedback")
    if looks_like_complaint(mail):
        return Reading(BounceKind.COMPLAINT, "abuse report", reason="feedback")
    return None


def _read_feedback(fields: Fields) -> Reading:
    kind = fields.get("feedback-type", "").split(" ")[0].lower() or _untold_feedback(fields)
    recipient = address_in(fields.get("removal-recipient") or fields.get("original-rcpt-to") or "")
    if kind in COMPLAINTS:
        return Reading(BounceKind.COMPLAINT, f"{kind} report", recipient=recipient, reason="feedback")
    return Reading(BounceKind.NONE, "a feedback report that is no complaint", recipient=recipient, reason="feedback")


def _untold_feedback(fields: Fields) -> str:
    return "auth-failure" if "auth-failure" in fields or "dkim-domain" in fields else "abuse"


def _first(blocks: Iterable[Fields]) -> Fields:
    return next(iter(blocks), {})


# --- delivery status ------------------------------------------------------------------------------------------------


def _read_delivery_status(mail: Message) -> Reading | None:
    blocks = _recipient_blocks(mail)
    if not blocks:
        return None
    story = spoken_text(mail)
    return _mildest([_read_recipient(block, story if len(blocks) == 1 else "") for block in blocks])


def _recipient_blocks(mail: Message) -> list[Fields]:
    """One block per recipient, from the proper part or, from old mail servers, from the text itself."""
    parts = [part for part in parts_of(mail) if "delivery-status" in part.get_content_type()]
    if parts and may_report(mail):
        blocks = [block for part in parts for block in blocks_of(part) if _tells_of_delivery(block)]
        return blocks[:PARTS_READ]
    if is_from_machine(mail, strict=True) or is_from_postmaster(mail):
        written = field_blocks(whole_text(mail))
        return [block for block in written if _names_recipient(block) and _tells_of_delivery(block)][:PARTS_READ]
    return []


def _names_recipient(block: Fields) -> bool:
    return "final-recipient" in block or "original-recipient" in block


def _tells_of_delivery(block: Fields) -> bool:
    needed = {"action", "status", "diagnostic-code"} & block.keys()
    return len(needed) > 1 or (bool(needed) and _names_recipient(block))


def _read_recipient(block: Fields, story: str) -> Reading:
    action = block.get("action", "").lower()
    recipient = address_in(block.get("original-recipient", "")) or address_in(block.get("final-recipient", ""))
    said = block.get("diagnostic-code", "")
    status = find_status(said, block.get("status", ""))
    if action.startswith(_ARRIVED) or block.get("status", "").startswith("2"):
        return Reading(BounceKind.NONE, "a report of arrival", None, recipient, "delivered")
    if action.startswith(("delay", "defer")):
        return _delayed(status, recipient)
    return _refusal(_meaning_of_block(block, status, story), status or find_status(_refusals_in(story)), recipient)


def _meaning_of_block(block: Fields, status: str | None, story: str) -> Meaning:
    """The server's own words and code, else what is said around them."""
    said = f"{block.get('diagnostic-code', '')} {_comment_of(block.get('status', ''))}".strip()
    if not said or meaning_of(said, status) == Meaning.UNKNOWN:
        return _meaning_of_text(story, status)
    return meaning_of(said, status, story)


def _comment_of(status: str) -> str:
    return status.partition("(")[2]


def _mildest(readings: list[Reading]) -> Reading:
    """Failed before delayed before arrived, but never hard while one recipient may still be reached."""
    soft = [reading for reading in readings if reading.kind == BounceKind.SOFT and reading.reason != "delayed"]
    hard = [reading for reading in readings if reading.kind == BounceKind.HARD]
    late = [reading for reading in readings if reading.reason == "delayed"]
    if hard and len(hard) < len(readings) and not soft and not late:
        return replace(hard[0], kind=BounceKind.SOFT, why="refused for one recipient, delivered for another")
    return (soft or late or hard or readings)[0]


def _refusal(meaning: Meaning, status: str | None, recipient: str | None) -> Reading:
    kind = BounceKind.HARD if meaning in HARD else BounceKind.SOFT
    why = SENTENCES[meaning] + (f" ({status})" if status else "")
    return Reading(kind, why, status, recipient, meaning.value)


def _delayed(status: str | None, recipient: str | None) -> Reading:
    return Reading(BounceKind.SOFT, "delayed, not failed", status, recipient, "delayed")


# --- automatic replies and free texts -------------------------------------------------------------------------------


def _read_automatic_reply(mail: Message) -> Reading | None:
    return Reading(BounceKind.NONE, "an automatic reply", reason="autoreply") if looks_like_answer(mail) else None


def _read_free_text(mail: Message) -> Reading | None:
    text = spoken_text(mail)
    failed = address_in(header(mail, "X-Failed-Recipients"))
    if looks_like_arrival(mail):
        return None
    if not (failed or looks_like_bounce(mail, text)):
        return None
    status, recipient = find_status(_refusals_in(text), text), failed or _recipient_in(mail, text)
    if looks_like_delay(mail, text):
        return _delayed(status, recipient)
    if failed and _GROUP.search(failed):
        return _refusal(Meaning.POLICY, status, recipient)  # "may not exist, or you may not post": nobody can tell
    return _refusal(_meaning_of_text(text, status), status, recipient)


def _meaning_of_text(text: str, status: str | None) -> Meaning:
    """Paragraphs with a server's reply speak first; then plain statements; then also what is only supposed."""
    replies = [_meaning_of_paragraph(paragraph) for paragraph in paragraphs_of(text) if find_reply(paragraph)]
    told = [meaning for meaning in replies if meaning != Meaning.UNKNOWN]
    plain = meaning_of(" ".join(s for s in _SENTENCE_ENDS.split(text) if not _HEDGE.search(s.lower())), status, text)
    if told and plain in (Meaning.MAILBOX_FULL, Meaning.DISABLED):
        return plain
    if told:
        return min(told, key=lambda meaning: meaning in HARD)
    return meaning_of(text, status, text) if plain == Meaning.UNKNOWN else plain


def _meaning_of_paragraph(paragraph: str) -> Meaning:
    return meaning_of(paragraph, find_status(paragraph), paragraph)


def _refusals_in(text: str) -> str:
    return "\n".join(paragraph for paragraph in paragraphs_of(text) if find_reply(paragraph))[:TEXT_READ]


def _recipient_in(mail: Message, text: str) -> str | None:
    ours = set(addresses_sent_to(mail))
    return next((address for address in addresses_in(text) if address not in ours), None)
