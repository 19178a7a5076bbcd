"""Name a licence from the way a page speaks of it; licence_text reads LICENSE files.

Identifiers are SPDX's, in the short form repositories show ("GPL-3.0", "AGPL-3.0"). A licence that SPDX does not
list keeps its own name and is called custom by the caller.
"""

import re

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

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
