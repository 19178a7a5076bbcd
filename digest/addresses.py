"""Mail addresses: one strict door for every address that comes from outside (RFC 5321, 5322)."""

import hashlib
import hmac
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from config import Settings, secret_keys


@dataclass(frozen=True)
class Address:
    written: str  # as it goes on the envelope: domain in lower case, local part as given
    key: str  # as it is compared: two spellings of one mailbox share it

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


def parse_address(text: str) -> Address:
    """Raises ValueError, in words for a person, for anything that is no plain mail address."""
    text = text.strip()
    try:
        valid = validate_email(
            text, check_deliverability=False, test_environment=True, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as exc:
        raise ValueError(f"'{text[:80]}' is not a mail address: {exc}") from exc
    assert valid.ascii_email is not None  # a local part outside ASCII was refused above
    return Address(written=valid.ascii_email, key=valid.ascii_email.casefold())


def address_hash(settings: Settings, address_key: str) -> str:
    """A keyed hash that recognises an address without storing it. Uses the oldest key, which never changes."""
    return hmac.new(secret_keys(settings)[-1], b"address\0" + address_key.encode(), hashlib.sha256).hexdigest()


def masked(address: str) -> str:
    """For log lines: b…@example.org."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
