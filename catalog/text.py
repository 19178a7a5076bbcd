"""Text from outside, made safe to store: no control, no direction override, no zero width."""

import re
import unicodedata

UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Without what cannot be seen; lone surrogates, which no database stores, become the replacement mark."""
    if text.isascii():  # most are, and hold nothing to compose or to replace
        return text if text.isprintable() else UNSEEN.sub("", text)
    seen = UNSEEN.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", seen)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def lowered(text: str) -> str:
    """In small letters, each at its own place: a letter that would become two stays."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
