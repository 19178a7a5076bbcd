"""Words and facts in, one finished mail out: subject, HTML and text. Reads templates, writes nothing.

Everything a template sees has been through `clean`: scraped text arrives as one visible line. What differs from
reader to reader stays in the mail as %%UNSUBSCRIBE_URL%% and %%ADDRESS%%, and no other text can contain either.
"""

import re
import traceback
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)

import config
from digest.mjml import to_html
from errors import RenderError

TEMPLATES = config.ROOT / "templates"
UNSUBSCRIBE_URL = "%%UNSUBSCRIBE_URL%%"
ADDRESS = "%%ADDRESS%%"
PROSE = {"intro", "note"}  # the two places where an editor writes paragraphs
COLUMNS = 72
LONGEST_SUBJECT = 150
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Rendered:
    subject: str
    html: str
    text: str


def render_digest(content: dict[str, Any]) -> Rendered:
    """Render an edition, whole and alike for every reader."""
    return render("digest", content)


def render_letter(kind: str, context: dict[str, Any]) -> Rendered:
    """Render one of the small mails: confirm, welcome, goodbye, reminder, alert."""
    return render(kind, context)


def render(folder: str, content: dict[str, Any]) -> Rendered:
    values = clean(content)
    subject = one_line(fill(f"email/{folder}/subject.txt", values))
    if not subject:
        raise RenderError(f"email/{folder}/subject.txt", "the subject is empty")
    values |= {"subject": subject}
    return Rendered(
        subject=subject,
        html=to_html(fill(f"email/{folder}/body.mjml", values)),
        text=tidy(fill(f"email/{folder}/body.txt", values)),
    )


def fill(name: str, values: dict[str, Any]) -> str:
    try:
        return environment().get_template(name).render(values)
    except TemplateNotFound as exc:
        raise RenderError(name, f"the template {exc.name} does not exist") from exc
    except TemplateSyntaxError as exc:
        raise RenderError(name, f"{exc.name} line {exc.lineno}: {exc.message}") from exc
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as exc:
        raise RenderError(name, f"{place_in_template(exc)}{exc}") from exc


def place_in_template(exc: Exception) -> str:
    for frame in reversed(traceback.extract_tb(exc.__traceback__)):
        if frame.filename.startswith(str(TEMPLATES)):
            return f"{frame.filename.removeprefix(f'{TEMPLATES}/')} line {frame.lineno}: "
    return ""


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("mjml", "html"), default=False, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clip": clip,
        "figure": figure,
        "host": host,
        "in_words": in_words,
        "link": link,
        "marks": marks,
        "own_link": own_link,
        "plain": plain,
        "wrap": wrap,
    }
    made.globals |= {"spread": spread, "unsubscribe_url": UNSUBSCRIBE_URL, "reader_address": ADDRESS}
    return made


# --- text from outside ---


def clean(value: Any, key: str = "") -> Any:
    """The same value with every text in it made plain; addresses of pages are judged by `link` instead."""
    if isinstance(value, dict):
        return {name: clean(part, str(name)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part, key) for part in value]
    if not isinstance(value, str) or key.endswith("url"):
        return value
    if key in PROSE:
        return "\n\n".join(filter(None, map(plain, re.split(r"\n\s*\n", value))))
    return plain(value)


def plain(text: str) -> str:
    """One visible line: no controls, direction overrides or zero-width marks, no piece of a header or a sentinel."""
    shown = "".join(map(visible, text))
    shown = re.sub(r"%(?=%)", "% ", shown).replace("=?", "= ?")
    return " ".join(shown.split())


def visible(char: str) -> str:
    """Formatting characters vanish, control characters part words, and what no document may hold is replaced."""
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    point = ord(char)
    return "\ufffd" if kind == "Cs" or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF else char


def one_line(text: str) -> str:
    return clip(plain(text), LONGEST_SUBJECT)


def clip(text: str, most: int) -> str:
    """At most so many characters, cut between words where there is a gap to cut in."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    gap = head.rfind(" ")
    return (head[:gap] if gap > most // 2 else head).rstrip(" ,.;:–—-") + "…"


def link(url: str) -> str:
    """The address when it is an absolute web address; else nothing, and the template shows no link."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    if not usable or any(char in '<>"' or unicodedata.category(char)[0] in "CZ" for char in url):
        return ""
    return url.replace("%%", "%25%25")


def own_link(url: str) -> str:
    """As `link`, for our own pages: a missing one stops the mail."""
    if not (checked := link(url)):
        raise ValueError(f"'{url}' is not an absolute web address")
    return checked


def host(url: str) -> str:
    """The name a link leads to, as a mailbox's reader can check it."""
    name = (urlsplit(link(url)).hostname or "").removeprefix("www.")
    with suppress(UnicodeError):
        name = name.encode("idna").decode("ascii")
    return clip(name, 40)


# --- figures ---


def figure(number: int) -> str:
    return f"{number:,}"


def in_words(number: int) -> str:
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else figure(number)


def marks(stances: list[dict[str, str]]) -> str:
    """The verdict mark in text: [#] ship, [x] skip, [ ] abstain."""
    signs = {"ship": "[#]", "skip": "[x]", "abstain": "[ ]"}
    return "".join(signs[mark["stance"]] for mark in stances)


# --- lines of the text part ---


def wrap(text: str, indent: int = 0) -> str:
    """Fill lines of 72 columns; lines after the first start `indent` columns in, as the first already does."""
    room = COLUMNS - indent
    lines = [""]
    for gap, piece in pieces(text, room):
        joined = f"{lines[-1]}{gap if lines[-1] else ''}{piece}"
        if width(joined) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(piece)
    return ("\n" + " " * indent).join(lines)


def pieces(text: str, room: int) -> Iterator[tuple[str, str]]:
    """What may start a line, with the gap before it: words, wide characters, and parts of words too long for a line."""
    for word in text.split():
        gap = " "
        for piece in parts(word, room):
            yield gap, piece
            gap = ""


def parts(word: str, room: int) -> list[str]:
    if re.match(r"https?://|%%", word):
        return [word]
    found: list[str] = []
    for char in word:
        alone = width(char) == 2 or not found or width(found[-1][0]) == 2
        if (alone and width(char) > 0) or width(found[-1] + char if found else char) > room:
            found.append(char)
        elif found:
            found[-1] += char
        else:
            found = [char]
    return found


def width(text: str) -> int:
    """Columns on a screen: East Asian wide characters take two, combining marks none."""
    return sum(columns(char) for char in text)


def columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def spread(left: str, right: str) -> str:
    """Both on one line, at its two ends; on two lines when they do not fit."""
    gap = COLUMNS - width(left) - width(right)
    return f"{left}{' ' * gap}{right}" if gap >= 2 else f"{wrap(left)}\n{wrap(right)}"


def tidy(text: str) -> str:
    """No space at line ends, one blank line at most, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
