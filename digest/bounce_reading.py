"""Read what came back for a mail of ours: a bounce (hard, soft), a complaint, or nothing of the kind.

Pure: bytes in, a Reading out; no bytes raise. Order: feedback report (RFC 5965), delivery status (RFC 3464), automatic
reply (RFC 3834), the free texts of mail servers, nothing. Three rules hold throughout:

- Delayed is not failed: it is soft with the reason "delayed", so that whoever keeps the score may leave it out.
- With several recipients the mildest answer counts: one that is only full, late or delivered is still a reader.
- A free text counts only when a machine sent it; a person who quotes "550 user unknown" has not bounced.

The recipient named in a report can be forged. It is for an editor's eyes; who bounced is told by the address the report
was sent to.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

from flufl.bounce import all_failures

from db.words import BounceKind
from digest.smtp_codes import HARD, SENTENCES, Meaning, find_reply, find_status, meaning_of

BYTES_READ = 1_000_000
TEXT_READ = 60_000
PARTS_READ = 200
NESTED_PARTS_READ = 60

COMPLAINTS = {"abuse", "fraud", "virus", "opt-out", "opt-out-list", "complaint", "spam", "unsubscribe"}
SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
MAIL_ERRORS = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)

Fields = dict[str, str]


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
    mail = _parse_mail(raw[:BYTES_READ])
    report = _report_within(mail)
    reading = (
        _read_complaint(mail)
        or _read_delivery_status(report)
        or _read_automatic_reply(mail)
        or _read_free_text(report)
        or NOT_A_BOUNCE
    )
    return replace(reading, to_addresses=_addresses_sent_to(mail))


def _report_within(mail: Message) -> Message:
    """Some gateways wrap another server's report into a notice of their own."""
    returned = [part for part in _parts(mail) if part.get_content_type() == "message/rfc822"]
    inner = _children(returned[0])[:1] if returned and _is_from_machine(mail, strict=True) else []
    return next((m for m in inner if _is_from_machine(m, strict=True) and _report_type(m) == "delivery-status"), mail)


# --- complaints -----------------------------------------------------------------------------------------------------

_COMPLAINT_SUBJECT = re.compile(r"^complaint about message from [\d.:a-f]{3,45}", re.I)


def _read_complaint(mail: Message) -> Reading | None:
    for part in _parts(mail):
        if part.get_content_type() == "message/feedback-report":
            return _read_feedback(_first(_blocks_of(part)))
    if _header(mail, "X-Apple-Unsubscribe").lower() == "true":
        return Reading(BounceKind.COMPLAINT, "asked to be unsubscribed", reason="feedback")
    if _COMPLAINT_SUBJECT.search(_header(mail, "Subject")) and _is_from_machine(mail, "staff"):
        return Reading(BounceKind.COMPLAINT, "abuse report", reason="feedback")
    return None


def _read_feedback(fields: Fields) -> Reading:
    kind = fields.get("feedback-type", "").split(" ")[0].lower() or _untold_feedback(fields)
    recipient = _address_in(fields.get("removal-recipient") or fields.get("original-rcpt-to") or "")
    if kind in COMPLAINTS:
        return Reading(BounceKind.COMPLAINT, f"{kind} report", recipient=recipient, reason="feedback")
    return Reading(BounceKind.NONE, "a feedback report that is no complaint", recipient=recipient, reason="feedback")


def _untold_feedback(fields: Fields) -> str:
    return "auth-failure" if "auth-failure" in fields or "dkim-domain" in fields else "abuse"


# --- delivery status ------------------------------------------------------------------------------------------------

_ARRIVED = ("relay", "deliver", "expand")


def _read_delivery_status(mail: Message) -> Reading | None:
    blocks = _recipient_blocks(mail)
    if not blocks:
        return None
    story = _spoken_text(mail)
    return _mildest([_read_recipient(block, story if len(blocks) == 1 else "") for block in blocks])


def _recipient_blocks(mail: Message) -> list[Fields]:
    """One block per recipient, from the proper part or, from old mail servers, from the text itself."""
    parts = [part for part in _parts(mail) if "delivery-status" in part.get_content_type()]
    if parts and _may_report(mail):
        blocks = [block for part in parts for block in _blocks_of(part) if _tells_of_delivery(block)]
        return blocks[:PARTS_READ]
    if _is_from_machine(mail, strict=True) or _POSTMASTER.search(_sender(mail)):
        written = _field_blocks(_whole_text(mail))
        return [block for block in written if _names_recipient(block) and _tells_of_delivery(block)][:PARTS_READ]
    return []


def _may_report(mail: Message) -> bool:
    is_report = mail.get_content_type() == "multipart/report" or _report_type(mail) == "delivery-status"
    return is_report or _is_from_machine(mail) or bool(_BOUNCE_SUBJECT.match(_header(mail, "Subject")))


def _names_recipient(block: Fields) -> bool:
    return "final-recipient" in block or "original-recipient" in block


def _tells_of_delivery(block: Fields) -> bool:
    needed = {"action", "status", "diagnostic-code"} & block.keys()
    return len(needed) > 1 or (bool(needed) and _names_recipient(block))


def _read_recipient(block: Fields, story: str) -> Reading:
    action = block.get("action", "").lower()
    recipient = _address_in(block.get("original-recipient", "")) or _address_in(block.get("final-recipient", ""))
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


# --- automatic replies ----------------------------------------------------------------------------------------------

_AWAY = re.compile(
    r"out[ -]of[ -](?:the[ -])?office|auto(?:matic|mated)?[ -]?(?:reply|response|answer|responder)|^auto(?:matic)?:"
    r"|\bon (?:vacation|holiday|leave)\b|away from (?:my|the) (?:office|desk|mail)|abwesen|urlaub|automatische antwort"
    r"|réponse automatique|absence du bureau|absent du bureau|respuesta automática|fuera de (?:la )?oficina"
    r"|risposta automatica|fuori ufficio|resposta automática|fora do escritório|afwezig|automatisch antwoord|autosvar"
    r"|автоответ|автоматический ответ|自動(?:返信|応答)|不在(?:通知|のお知らせ|です)"
    r"|自动(?:回复|答复|应答)|自動回覆|부재중|자동 ?(?:응답|회신)",
    re.I,
)
_ANSWERERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoresponder", "X-Autogenerated-Reply")


def _read_automatic_reply(mail: Message) -> Reading | None:
    if _header(mail, "X-Failed-Recipients") or _is_from_machine(mail, strict=True):
        return None
    subject = _header(mail, "Subject")
    said = _header(mail, "Auto-Submitted").lower().startswith("auto-replied") or _says_it_answers(mail)
    if _AWAY.search(subject) or (said and not _BOUNCE_SUBJECT.search(subject)):
        return Reading(BounceKind.NONE, "an automatic reply", reason="autoreply")
    return None


def _says_it_answers(mail: Message) -> bool:
    marks = any(_header(mail, name) and _header(mail, name).lower() != "no" for name in _ANSWERERS)
    return marks or _header(mail, "Precedence").lower().replace("-", "_") == "auto_reply"


# --- free texts -----------------------------------------------------------------------------------------------------

_BOUNCE_SUBJECT = re.compile(
    r"undeliver(?:ed|able)|un-?deliverable|^\[bounce\]|(?:mail|message) (?:was )?returned"
    r"|returned (?:e?-?mail|to sender|message)"
    r"|returning (?:message|mail"
    r"|to)|mail failed"
    r"|(?:delivery|mail|message|transmission|send(?:ing)?|e-?mail) (?:\S{1,12} )?(?:status|failure|failed"
    r"|error|problem|report|subsystem|has failed)"
    r"|failure notice|failed (?:mail|delivery|to deliver)|failure (?:delivery|notification)|non-?deliver"
    r"|not be(?:en)? (?:delivered|sent)|not delivered"
    r"|(?:could|can)(?:not|n't| not) (?:be )?(?:deliver|sent)|error sending your mail|user unknown"
    r"|bounced? (?:mail|message)"
    r"|(?:mail|message|delivery)\S* (?:\S{1,40} ){0,4}(?:delayed|deferred)|delayed (?:mail|delivery)"
    r"|blocked by our|smtp server: errors|notice: mail"
    r"|unzustellbar|nicht zugestellt|nicht zustellbar|zustell\w* (?:\S{1,20} ){0,3}fehl|fehler\w* (?:bei"
    r"|der) (?:\S{1,20} )?(?:zustell|übermitt|nachricht)|unzustellbarkeit"
    r"|non (?:remis|distribu|délivr)|échec (?:\S{1,12} ){0,3}(?:remise|livraison|envoi|distribution)"
    r"|no (?:se )?(?:\S{1,12} )?entreg|devuelto|error de entrega|mensaje no"
    r"|mancat[ao] (?:recapito|consegna)|non (?:\S{1,12} )?recapit|não (?:foi )?entreg|falha na entrega"
    r"|onbestelbaar|niet (?:\S{1,12} )?bezorg"
    r"|недоставлен|не (?:было )?доставлен|не может быть доставлен"
    r"|(?:配信|配送|送信|送達)(?:でき|不能|不可|エラー|失敗|に失敗)|エラーメール|未配信"
    r"|退信|未送达|无法(?:投递|送达|发送)|(?:投递|发送|傳遞)失败"
    r"|無法(?:傳遞|投遞)|退回|반송|배달(?:되지|할 수)|전송 ?실패",
    re.I,
)
_BOUNCE_OPENING = re.compile(
    r"created automatically by mail delivery software|this is the (?:mail system|\S{1,30} (?:mail )?(?:server"
    r"|agent)|\S{1,30} program"
    r"|mailer-daemon|dragonfly|mail delivery agent)"
    r"|sorry to have to inform you|wasn't able to deliver your message|unable to deliver (?:your |the "
    r"|this )?(?:message|mail)|(?:was|is|were) (?:not |un)deliver"
    r"|could(?: not|n't) be delivered|cannot be delivered|can't be delivered|wasn't delivered"
    r"|not been delivered|delivery (?:\S{1,30} ){0,8}failed"
    r"|delivery has failed|permanent(?:ly)? (?:fatal )?error|had (?:permanent |delivery )"
    r"|transcript of session|undeliver(?:ed|able)|delivery attempts?"
    r"|(?:remote host said|diagnostic information|failed addresses|failure reasons"
    r"|did not reach the following)|returned (?:\S{1,30} ){0,6}error|returned to (?:the )?sender"
    r"|following (?:\S{1,30} ){0,3}(?:recipient|address)(?:es|s|\(s\)|\(es\))? |rcpt to:|nicht zugestellt"
    r"|n'a pas (?:pu être|été) (?:remis|distribu|délivr)"
    r"|no se (?:ha podido|pudo) entregar|non è stato (?:possibile|recapit)|не может быть доставлен|(?:送信|配信"
    r"|配送)できません|届けられません|无法(?:投递|送达|发送)|退信",
    re.I,
)
_DELAY = re.compile(
    r"\b(?:delayed|deferred)\b|not yet been delivered|not been delivered yet|still (?:being )?(?:trying"
    r"|retried|attempting)|will (?:continue|keep) (?:to )?try"
    r"|do not need to re-?send|delivery attempts will continue|will be retried|temporary (?:failure"
    r"|problem) report|verzögert|retardé|retrasado|遅延|延迟",
    re.I,
)
_ARRIVED_SUBJECT = re.compile(r"\bsuccess|return receipt|^read:|^delivered:|\(relay\)", re.I)
_FAILED_SUBJECT = re.compile(r"fail(?:ed|ure)\b|undeliver|returned", re.I)
_GIVEN_UP = re.compile(
    r"permanent(?:ly)? (?:fatal )?(?:error|fail)|failed permanently|given up|not going to try again", re.I
)
_COPY_BEGINS = re.compile(
    r"^(?:[-=|* ]{2,60}.{0,60}(?:below this line|copy of (?:the|your) (?:message|mail)|original (?:message"
    r"|mail)|returned message|message (?:header|text|body)"
    r"|enclosed is a copy|forwarded message|元のメッセージ|原邮件|原始).{0,60}|(?:below is a copy"
    r"|(?:the )?original message (?:follows|headers)|message headers? follow"
    r"|included is a copy|message text follows|original message headers).{0,60}|(?:received|return-path"
    r"|dkim-signature): ?\S.{0,200})$",
    re.I | re.M,
)
_QUOTED = re.compile(r"^(?:> ?(?!>>)|\| ).{0,2000}$", re.M)
_HEDGE = re.compile(
    r"\b(?:may|might|perhaps|possibly|if (?:the|you|your|this)|c(?:an|ould) be|make sure|please (?:check|verify|try))\b"
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_GROUP = re.compile(r"@googlegroups\.com$|\bgoogle groups\b", re.I)


def _read_free_text(mail: Message) -> Reading | None:
    text = _spoken_text(mail)
    failed = _address_in(_header(mail, "X-Failed-Recipients"))
    if _ARRIVED_SUBJECT.search(_header(mail, "Subject")):
        return None
    if not (failed or _looks_like_bounce(mail, text)):
        return None
    status, recipient = find_status(_refusals_in(text), text), failed or _recipient_in(mail, text)
    if _looks_like_delay(mail, text):
        return _delayed(status, recipient)
    if failed and _GROUP.search(failed):
        return _refusal(Meaning.POLICY, status, recipient)  # "may not exist, or you may not post": nobody can tell
    return _refusal(_meaning_of_text(text, status), status, recipient)


def _looks_like_bounce(mail: Message, text: str) -> bool:
    titled, opened = _BOUNCE_SUBJECT.search(_header(mail, "Subject")), _BOUNCE_OPENING.search(text[:6000])
    if _is_from_machine(mail, strict=True):
        return bool(titled or opened or find_reply(text) or _known_elsewhere(mail))
    if _POSTMASTER.search(_sender(mail)):
        return bool(opened or (titled and (find_reply(text) or meaning_of(text) != Meaning.UNKNOWN)))
    return bool(titled and opened and _is_from_machine(mail) and _shows_mail(mail, text))


def _shows_mail(mail: Message, text: str) -> bool:
    """A parcel "could not be delivered" too; a mail server shows the code it got or the mail it gives back."""
    returned = any(part.get_content_type() in ("message/rfc822", "text/rfc822-headers") for part in _parts(mail))
    return returned or bool(find_reply(text) or find_status(text) or _COPY_BEGINS.search(_whole_text(mail)))


def _looks_like_delay(mail: Message, text: str) -> bool:
    subject = _header(mail, "Subject")
    if _FAILED_SUBJECT.search(subject) or _GIVEN_UP.search(text[:6000]):
        return False
    return bool(_DELAY.search(subject) or _DELAY.search(text[:6000]))


def _meaning_of_text(text: str, status: str | None) -> Meaning:
    """Paragraphs with a server's reply speak first; then plain statements; then also what is only supposed."""
    replies = [_meaning_of_paragraph(paragraph) for paragraph in _paragraphs(text) if find_reply(paragraph)]
    told = [meaning for meaning in replies if meaning != Meaning.UNKNOWN]
    plain = meaning_of(" ".join(s for s in _SENTENCE_ENDS.split(text) if not _HEDGE.search(s.lower())), status, text)
    if told and plain in (Meaning.MAILBOX_FULL, Meaning.DISABLED):
        return plain
    if told:
        return min(told, key=lambda meaning: meaning in HARD)
    return meaning_of(text, status, text) if plain == Meaning.UNKNOWN else plain


def _meaning_of_paragraph(paragraph: str) -> Meaning:
    return meaning_of(paragraph, find_status(paragraph), paragraph)


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\s{0,200}\n", text)[:PARTS_READ]


def _refusals_in(text: str) -> str:
    return "\n".join(paragraph for paragraph in _paragraphs(text) if find_reply(paragraph))[:TEXT_READ]


def _recipient_in(mail: Message, text: str) -> str | None:
    ours = set(_addresses_sent_to(mail))
    return next((address for address in _addresses(text) if address not in ours), None)


def _known_elsewhere(mail: Message) -> bool:
    """A second opinion on whether this is a bounce at all; never on how bad it is."""
    try:
        return any(all_failures(mail))
    except MAIL_ERRORS:
        return False


# --- who sent it ----------------------------------------------------------------------------------------------------

_DAEMON = re.compile(
    r"mailer[-_ ]?daemon|mail[- ]?delivery|delivery (?:sub)?system|mail ?(?:sub)?system|mailer@|daemon@", re.I
)
_POSTMASTER = re.compile(
    r"post[-_.]?master|mail ?administrator|system ?administrator|mail ?server|mta@|dsn@"
    r"|microsoft (?:outlook|exchange) <",
    re.I,
)
_MACHINE = re.compile(
    r"no-?reply|do-?not-?reply|bounces?@|antispam|gateway|administrator@|sysadmin@|returned mail", re.I
)


def _is_from_machine(mail: Message, also: str = "", *, strict: bool = False) -> bool:
    """Strictly: only by the names that nobody else bears. Otherwise also an empty return path or a postmaster."""
    sender = _sender(mail)
    if _DAEMON.search(sender) or strict:
        return bool(_DAEMON.search(sender))
    automatic = _header(mail, "Auto-Submitted").lower().startswith("auto-")
    nobody = _header(mail, "Return-Path") == "<>" or sender in ("", "<>")
    named = _POSTMASTER.search(sender) or _MACHINE.search(sender) or (also and also in sender.lower())
    return automatic or nobody or bool(named)


def _sender(mail: Message) -> str:
    return f"{_header(mail, 'From')} {_header(mail, 'Sender')}".strip()


# --- the mail as parts, texts and fields ----------------------------------------------------------------------------

_NESTING = re.compile(rb"^content-type:[ \t\r\n]{0,20}(?:multipart|message)/", re.I | re.M)
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"'|\\]{1,128}@[a-z0-9](?:[a-z0-9.\-]{0,250}[a-z0-9])?", re.I)
_FIELD = re.compile(r"^([a-z][a-z\-]{2,40})[ \t]?:[ \t]?(.{0,4000})$", re.I)
_TAG = re.compile(r"<(?:style|script)\b[^<]{0,20000}</(?:style|script)>|<[^<>]{0,2000}>", re.I)


def _parse_mail(raw: bytes) -> Message:
    """Mail nested deeper than any mail server writes is read by its headers and its flat text."""
    if len(_NESTING.findall(raw)) > NESTED_PARTS_READ:
        return BytesHeaderParser().parsebytes(raw)
    try:
        return message_from_bytes(raw)
    except MAIL_ERRORS:
        return Message()


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of this mail itself, in order; what a returned or forwarded message holds is not looked into."""
    waiting, seen = [mail], 0
    while waiting and seen < PARTS_READ:
        part, seen = waiting.pop(), seen + 1
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting.extend(reversed(_children(part)))


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _report_type(mail: Message) -> str:
    found = re.search(r"report-type=\"?([\w\-]{1,40})", _header(mail, "Content-Type"), re.I)
    return found[1].lower() if found else ""


def _header(mail: Message, name: str) -> str:
    try:
        return "".join(
            _as_text(chunk, charset) for chunk, charset in decode_header(str(mail.get(name, ""))[:4000])
        ).strip()
    except MAIL_ERRORS:
        return ""


def _as_text(chunk: bytes | str, charset: str | None) -> str:
    if isinstance(chunk, str):
        return chunk
    for candidate in (charset or "utf-8", "utf-8"):
        try:
            return chunk.decode(candidate)
        except (LookupError, ValueError):
            continue
    return chunk.decode("latin-1")


def _text_of(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except MAIL_ERRORS:
        return ""
    return _as_text(payload[:TEXT_READ], charset).replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def _whole_text(mail: Message) -> str:
    """What the reporting machine says: the texts ahead of the returned message, or its page without the tags."""
    texts = {"text/plain": "", "text/html": ""}
    for part in _parts(mail):
        if part.get_content_maintype() == "message":
            break
        unparsed = part.get_content_maintype() == "multipart" and not part.is_multipart()
        kind = "text/plain" if unparsed else part.get_content_type()
        if kind in texts and len(texts[kind]) < TEXT_READ:
            texts[kind] += _text_of(part) + "\n\n"
    return texts["text/plain"] if texts["text/plain"].strip() else html.unescape(_TAG.sub(" ", texts["text/html"]))


def _spoken_text(mail: Message) -> str:
    """The same without quotations and without the copy of our own mail."""
    text = _QUOTED.sub("", _whole_text(mail))
    copy = _COPY_BEGINS.search(text, 1) if text.strip() else None
    return text[: copy.start()] if copy and text[: copy.start()].strip() else text


def _blocks_of(part: Message) -> list[Fields]:
    return list(_field_blocks(_raw_text(part)))


def _raw_text(part: Message) -> str:
    """A report part as written: the parser takes it for messages, and some servers encode it."""
    payload = part.get_payload()
    inner = payload if isinstance(payload, list) else [payload]
    text = "\n\n".join(_written(block) for block in inner[:PARTS_READ])
    return _decoded(text, _header(part, "Content-Transfer-Encoding").lower())


def _written(block: object) -> str:
    if not isinstance(block, Message):
        return str(block)
    fields = "\n".join(f"{name}: {value}" for name, value in block.items())
    return f"{fields}\n\n{''.join(_written(inner) for inner in _children(block)[:1]) or block.get_payload()}"


def _decoded(text: str, encoding: str) -> str:
    try:
        if encoding == "base64":
            return base64.b64decode("".join(text.split())).decode("utf-8", "replace")
        if encoding == "quoted-printable":
            return quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
    return text


def _field_blocks(text: str) -> Iterator[Fields]:
    for paragraph in _paragraphs(text[:TEXT_READ].replace("\r\n", "\n")):
        unfolded = re.sub(r"\n[ \t]{1,200}(?=\S)", " ", paragraph)
        fields: Fields = {}
        for line in unfolded.split("\n"):
            if found := _FIELD.match(line.strip()):
                fields.setdefault(found[1].lower(), found[2].strip())
        if fields:
            yield fields


def _first(blocks: Iterable[Fields]) -> Fields:
    return next(iter(blocks), {})


def _address_in(text: str) -> str | None:
    return next(_addresses(text), None)


def _addresses(text: str) -> Iterator[str]:
    return (found[0] for found in _ADDRESS.finditer(text[:TEXT_READ]))


def _addresses_sent_to(mail: Message) -> tuple[str, ...]:
    try:
        values = [str(value) for name in SENT_TO for value in mail.get_all(name, [])]
    except MAIL_ERRORS:
        return ()
    return tuple(dict.fromkeys(address for value in values for address in _addresses(value)))[:50]
