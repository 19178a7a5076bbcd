"""Name a licence: from the way a page speaks of it, and from the text of a LICENSE file.

Identifiers are SPDX's, in the short form repositories show ("GPL-3.0", "AGPL-3.0"). A licence that SPDX does not
list keeps its own name and is called custom by the caller.
"""

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

MAX_LICENCE_TEXT = 60_000

VERSION = r"[\s,v-]{0,3}(?:version\s?)?"
ALIASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![\w-]){pattern}(?![\w-]|\.\d)", re.I), spdx)
    for pattern, spdx in (
        (
            rf"(?:gnu\s)?(?:agpl|affero\s(?:general\spublic|gpl)(?:\slicen[cs]e)?){VERSION}3(?:\.0)?(?:-only|"
            rf"-or-later|\+)?", "AGPL-3.0"),
        (r"(?:gnu\s)?(?:agpl|affero\s(?:general\spublic|gpl)(?:\slicen[cs]e)?)", "AGPL-3.0"),
        (rf"(?:gnu\s)?(?:lgpl|lesser\sgeneral\spublic\slicen[cs]e){VERSION}2\.1(?:-only|-or-later|\+)?", "LGPL-2.1"),
        (rf"(?:gnu\s)?(?:lgpl|lesser\sgeneral\spublic\slicen[cs]e){VERSION}3(?:\.0)?(?:-only|-or-later|\+)?",
         "LGPL-3.0"),
        (rf"(?:gnu\s)?(?:gpl|general\spublic\slicen[cs]e){VERSION}3(?:\.0)?(?:-only|-or-later|\+)?", "GPL-3.0"),
        (rf"(?:gnu\s)?(?:gpl|general\spublic\slicen[cs]e){VERSION}2(?:\.0)?(?:-only|-or-later|\+)?", "GPL-2.0"),
        (rf"apache(?:\ssoftware)?(?:\slicen[cs]e)?,?{VERSION}2(?:\.0)?", "Apache-2.0"),
        (r"apache[\s-](?:software\s)?licen[cs]ed?", "Apache-2.0"),
        (r"(?:bsd[\s-]3|3[\s-]clause\sbsd|new\sbsd|modified\sbsd)(?:[\s-]clause)?", "BSD-3-Clause"),
        (r"(?:bsd[\s-]2|2[\s-]clause\sbsd|simplified\sbsd)(?:[\s-]clause)?", "BSD-2-Clause"),
        (rf"(?:mpl|mozilla\spublic\slicen[cs]e),?{VERSION}2(?:\.0)?", "MPL-2.0"),
        (rf"(?:bsl|busl|business\ssource\slicen[cs]e){VERSION}1\.1", "BUSL-1.1"),
        (r"business\ssource\slicen[cs]e", "BUSL-1.1"),
        (rf"(?:elastic\slicen[cs]e|elv2){VERSION}(?:2(?:\.0)?)?", "Elastic-2.0"),
        (r"sspl(?:[\s-]?v?1(?:\.0)?)?|server\sside\spublic\slicen[cs]e", "SSPL-1.0"),
        (r"cc[\s-]by[\s-]nc[\s-]sa[\s-]4\.0", "CC-BY-NC-SA-4.0"),
        (r"cc[\s-]by[\s-]nc[\s-]4\.0", "CC-BY-NC-4.0"),
        (r"cc[\s-]by[\s-]sa[\s-]4\.0", "CC-BY-SA-4.0"),
        (r"cc[\s-]by[\s-]4\.0", "CC-BY-4.0"),
        (r"cc0(?:[\s-]1\.0)?", "CC0-1.0"),
        (r"isc[\s-]licen[cs]ed?", "ISC"),
        (r"(?:the\s)?unlicense", "Unlicense"),
        (r"mit[\s-](?:open[\s-]source\s)?licen[cs]ed?", "MIT"),
    )
)  # fmt: skip
BARE = {"mit": "MIT", "isc": "ISC", "bsd": "BSD-3-Clause", "apache": "Apache-2.0", "gpl": "GPL-3.0", "lgpl": "LGPL-3.0"}
SHORT_FORM = re.compile(r"^((?:A|L)?GPL-\d\.\d)-(?:only|or-later)$")

TEXTS: tuple[tuple[str, str], ...] = (
    ("gnu affero general public license version 3", "AGPL-3.0"),
    ("gnu lesser general public license version 3", "LGPL-3.0"),
    ("gnu lesser general public license version 2.1", "LGPL-2.1"),
    ("gnu general public license version 3", "GPL-3.0"),
    ("gnu general public license version 2", "GPL-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("mozilla public license version 2.0", "MPL-2.0"),
    ("business source license 1.1", "BUSL-1.1"),
    ("elastic license 2.0", "Elastic-2.0"),
    ("server side public license", "SSPL-1.0"),
    ("this is free and unencumbered software released into the public domain", "Unlicense"),
    ("permission to use copy modify and or distribute this software for any purpose with or without fee", "ISC"),
    ("permission to use copy modify and distribute this software for any purpose with or without fee", "ISC"),
    ("attribution noncommercial 4.0 international", "CC-BY-NC-4.0"),
    ("attribution sharealike 4.0 international", "CC-BY-SA-4.0"),
    ("attribution 4.0 international", "CC-BY-4.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
)
RESTRICTIONS = ("commons clause", "with the following additional conditions", "modified version of the apache license")
MIT_GRANT = "permission is hereby granted free of charge to any person obtaining a copy of this software"
BSD_GRANT = "redistribution and use in source and binary forms with or without modification are permitted"


def spdx_of(name: str) -> str | None:
    """The SPDX identifier of a licence as people write it: "Apache 2.0", "GPLv3", "MIT License"; None if unknown."""
    words = " ".join(name[:200].split()).strip(" .,;:()\"'")
    if not words:
        return None
    bare = re.sub(r"^the\s|[\s-]licen[cs]ed?$", "", words, flags=re.I).lower()
    if bare in BARE:
        return BARE[bare]
    found = next((spdx for pattern, spdx in ALIASES if pattern.fullmatch(words)), None)
    return found or _listed(words) or _listed(bare)


def _listed(name: str) -> str | None:
    try:
        return SHORT_FORM.sub(r"\1", str(canonicalize_license_expression(name)))
    except (InvalidLicenseExpression, ValueError):
        return None


def licence_of_text(text: str) -> str | None:
    """The SPDX identifier of a LICENSE file's text; None when it is none we know."""
    words = " ".join(re.sub(r"[^a-z0-9.]+", " ", text[:MAX_LICENCE_TEXT].lower()).split()).replace(". ", " ")
    opening = words[:1500]
    if any(phrase in words for phrase in RESTRICTIONS):
        return None
    if MIT_GRANT in words:
        return "MIT" if "the software is provided as is" in words else None
    if BSD_GRANT in words:
        return "BSD-3-Clause" if re.search(r"neither the names? of|endorse or promote", words) else "BSD-2-Clause"
    found = [(opening.index(phrase), -len(phrase), spdx) for phrase, spdx in TEXTS if phrase in opening]
    return min(found)[2] if found else None
