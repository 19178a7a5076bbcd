"""Purpose-bound tokens for links in mail and for the envelope sender.

A token is version, key id, subscriber, edition and expiry, signed with a key derived for its purpose
alone (HKDF, RFC 5869), so that an unsubscribe token can never confirm or vote.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from errors import AppError

LAYOUT = ">BBIII"  # version, key id, subscriber, edition, expiry in Unix seconds (0: never)
VERSION = 1
BODY, MAC = struct.calcsize(LAYOUT), 16

CONFIRM, UNSUBSCRIBE, BOUNCE = "confirm", "unsubscribe", "bounce"


class TokenError(AppError):
    """The token is not ours, not for this, or no longer good."""


@dataclass(frozen=True)
class Claim:
    subscriber_id: int
    edition_id: int


def make_token(
    keys: tuple[bytes, ...], purpose: str, subscriber_id: int, edition_id: int = 0, expires_at: datetime | None = None
) -> str:
    return base64.urlsafe_b64encode(sign(keys[0], purpose, subscriber_id, edition_id, expires_at)).rstrip(b"=").decode()


def make_address_token(keys: tuple[bytes, ...], purpose: str, subscriber_id: int, edition_id: int) -> str:
    """The same in an alphabet that survives a mail system that folds case."""
    return base64.b32encode(sign(keys[0], purpose, subscriber_id, edition_id, None)).rstrip(b"=").decode().lower()


def read_token(keys: tuple[bytes, ...], purpose: str, token: str, now: datetime) -> Claim:
    return verify(keys, purpose, decode(token), now)


def read_address_token(keys: tuple[bytes, ...], purpose: str, token: str, now: datetime) -> Claim:
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError) as exc:
        raise TokenError("This bounce address was not made here.") from exc
    return verify(keys, purpose, raw, now)


def sign(key: bytes, purpose: str, subscriber_id: int, edition_id: int, expires_at: datetime | None) -> bytes:
    expiry = int(expires_at.timestamp()) if expires_at else 0
    body = struct.pack(LAYOUT, VERSION, key_id(key), subscriber_id, edition_id, expiry)
    return body + mac(key, purpose, body)


def verify(keys: tuple[bytes, ...], purpose: str, raw: bytes, now: datetime) -> Claim:
    if len(raw) != BODY + MAC:
        raise TokenError("This link is incomplete; copy the whole of it from the mail.")
    body, given = raw[:BODY], raw[BODY:]
    version, kid, subscriber_id, edition_id, expiry = struct.unpack(LAYOUT, body)
    good = [key for key in keys if key_id(key) == kid and hmac.compare_digest(given, mac(key, purpose, body))]
    if version != VERSION or not good:
        raise TokenError("This link was not made here, or not for this.")
    if expiry and now > datetime.fromtimestamp(expiry, UTC):
        raise TokenError("This link has expired; ask for a new one.")
    return Claim(subscriber_id, edition_id)


def decode(token: str) -> bytes:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise TokenError("This link is incomplete; copy the whole of it from the mail.") from exc


def mac(key: bytes, purpose: str, body: bytes) -> bytes:
    extracted = hmac.new(b"ai-tool-verdicts", key, hashlib.sha256).digest()
    derived = hmac.new(extracted, purpose.encode() + b"\x01", hashlib.sha256).digest()
    return hmac.new(derived, body, hashlib.sha256).digest()[:MAC]


def key_id(key: bytes) -> int:
    return hashlib.sha256(b"key id\0" + key).digest()[0]
