"""The licence texts we know: how each begins, where it ends, and how long it is. Patterns only."""

import re
from typing import NamedTuple


class Form(NamedTuple):
    """
    Attributes:
        spdx: SPDX's identifier as repositories show it, or LicenseRef-… where SPDX lists none.
        title: the line that names it.
        core: words no other text has; where they stand, this licence begins.
        end: its last words; empty where length tells nothing.
        most: more words than this between core and end are somebody's addition.
    """

    spdx: str
    title: re.Pattern[str]
    core: re.Pattern[str]
    end: re.Pattern[str] | None = None
    most: int = 0


def form(spdx: str, title: str, core: str = "", end: str = "", most: int = 0) -> Form:
    """Spaces in the patterns stand for any white space, line marks and stars of Markdown and comments too."""
    return Form(spdx, _loose(title), _loose(core or title), _loose(end) if end else None, most)


def named(spdx: str, title: str) -> Form:
    """A licence known by the line it begins with."""
    return form(spdx, rf"^[^\w\n]{{0,12}}(?:the )?{title}")


def _loose(pattern: str) -> re.Pattern[str]:
    pattern = pattern.replace("licence", "licen[cs]e")
    return re.compile(pattern.replace(" ", r"(?:[\s*#>/_,\"“”-]{1,40})"), re.I | re.M)


CC_PARTS = {"noncommercial": "NC", "sharealike": "SA", "noderivatives": "ND", "noderivs": "ND"}
CC_BY = _loose(
    r"attribution(?P<parts>(?: (?:non-?commercial|share-?alike|no-?deriv(?:ative)?s))*) (?P<version>[1-4]\.0)"
    r"(?: (?:international|unported|generic)| licence|$)"
)
CC_BY_SHORT = re.compile(r"\bCC[ -]BY(?P<parts>(?:[ -](?:NC|SA|ND))*)[ -](?P<version>[1-4]\.0)\b")

GRANT = r"permission is hereby granted free of charge to any person obtaining a copy"
BSD = r"redistribution and use in source and binary forms"
DAMAGE = r"possibility of such damage"
GPL_END = r"end of terms and conditions"

FORMS: tuple[Form, ...] = (
    form("MIT-0", r"mit no attribution", rf"mit no attribution[\s\S]{{0,300}}?{GRANT}",
         r"dealings in the software", 160),
    form("MIT", r"(?:the )?(?:modified )?(?:mit|x11|expat) licence(?: \(?(?:mit|expat)\)?)?", GRANT,
         r"dealings in the software", 185),
    form("BSD-4-Clause", r"(?:the )?bsd 4 clause licence", rf"{BSD}[\s\S]{{0,800}}?advertising materials mentioning",
         DAMAGE, 300),
    form("BSD-3-Clause", r"(?:the )?(?:bsd 3 clause|(?:3 clause |new |revised |modified )?bsd) licence",
         rf"{BSD}(?=[\s\S]{{0,1200}}?(?:neither the|endorse or promote))", DAMAGE, 250),
    form("BSD-2-Clause", r"(?:the )?(?:bsd 2 clause|(?:2 clause |simplified )?bsd) licence", BSD, DAMAGE, 205),
    form("0BSD", r"(?:bsd zero clause|zero clause bsd|0bsd)(?: licence)?",
         r"permission to use copy modify and(?: or|/or) distribute this software for any purpose with or without fee "
         r"is hereby granted\.", r"performance of this software", 125),
    form("ISC", r"(?:the )?isc licence",
         r"permission to use copy modify and(?: ?/ ?or| or)? distribute this software(?: and its documentation)? for "
         r"any purpose with or without fee", r"performance of this software", 145),
    form("Zlib", r"(?:the )?zlib(?: libpng)? licence", r"altered source versions must be plainly marked as such"),
    form("Unlicense", r"(?:the )?unlicense\b",
         r"this is free and unencumbered software released into the public domain", r"unlicense\.org", 240),
    form("WTFPL", r"do what the fuck you want to public licence"),
    form("Apache-2.0", r"apache licence (?:version|v\.?) ?2\.0",
         r"apache licence version 2\.0 january 2004|terms and conditions for use reproduction and distribution|"
         r"licensed under (?:the )?apache licence (?:version|v\.?) ?2\.0", GPL_END, 1520),
    form("AGPL-3.0", r"gnu affero general public licence version 3", end=GPL_END, most=5400),
    form("LGPL-3.0", r"gnu lesser general public licence version 3", end=r"permanent authorization", most=1250),
    form("LGPL-2.0", r"gnu library general public licence version 2"),
    form("LGPL-2.1", r"gnu lesser general public licence version 2\.1", end=GPL_END, most=4250),
    form("GPL-3.0", r"gnu general public licence(?: \(gpl\))? version 3", end=GPL_END, most=5450),
    form("GPL-2.0", r"gnu general public licence(?: \(gpl\))? version 2", end=GPL_END, most=2700),
    form("MPL-2.0", r"mozilla public licence version 2\.0", r"mozilla public licence version 2\.0|subject to the "
         r"terms of the mozilla public licence v\. 2\.0", r"incompatible with secondary licences", 2600),
    form("PSF-2.0", r"python software foundation licence version 2"),
    form("BlueOak-1.0.0", r"blue oak model licence"),
    form("EPL-2.0", r"eclipse public licence v(?:ersion)? ?2\.0"),
    form("EUPL-1.2", r"european union public licence v(?:ersion)?\.? ?1\.2"),
    form("Artistic-2.0", r"(?:the )?artistic licence 2\.0"),
    form("BSL-1.0", r"boost software licence version 1\.0"),
    form("PostgreSQL", r"postgresql licence", r"^\W{0,4}(?:the )?postgresql licence"),
    form("OFL-1.1", r"sil open font licence version 1\.1"),
    form("CC0-1.0", r"cc0 1\.0 universal"),
    form("BUSL-1.1", r"business source licence(?: version)? 1\.1", r"^[^\w\n]{0,12}business source licence"
         r"(?: version)? 1\.1|licensed under the business source licence 1\.1|mariadb (?:hereby )?grants you"),
    form("Elastic-2.0", r"elastic licence(?: version)?(?: 2\.0| v2)", r"^[^\w\n]{0,12}elastic licence(?: version)?"
         r"(?: 2\.0| v2)|elastic\.co/licensing/elastic-license"),
    form("SSPL-1.0", r"server side public licence(?: version 1)?", r"^[^\w\n]{0,60}server side public licence"),
    named("FSL-1.1-MIT", r"functional source licence version 1\.1 mit future licence"),
    named("FSL-1.1-ALv2", r"functional source licence version 1\.1 (?:alv2|apache(?: licence)?(?: version)? 2\.0) "
          r"future licence"),
    named("LicenseRef-FSL", r"functional source licence"),
    named("LicenseRef-FCL-1.0-MIT", r"fair core licence version 1\.0 mit future licence"),
    named("LicenseRef-FCL-1.0-ALv2", r"fair core licence version 1\.0 (?:alv2|apache[^\n]{0,20}) future licence"),
    named("PolyForm-Noncommercial-1.0.0", r"polyform noncommercial licence 1\.0\.0"),
    named("PolyForm-Small-Business-1.0.0", r"polyform small business licence 1\.0\.0"),
    *(named(f"LicenseRef-PolyForm-{kind}-1.0.0", rf"polyform {kind.replace('-', ' ').lower()} licence 1\.0\.0")
      for kind in ("Shield", "Perimeter", "Strict", "Internal-Use", "Free-Trial")),
    named("LicenseRef-Sustainable-Use-1.0", r"sustainable use licence"),
    named("LicenseRef-Fair-Code", r"fair code licence"),
    named("LicenseRef-Confluent-Community", r"confluent community licence"),
    *(named(f"LicenseRef-Llama-{version}-Community", rf"(?:meta )?llama {re.escape(version)} community licence")
      for version in ("2", "3.1", "3.2", "3.3", "3", "4")),
    named("LicenseRef-Gemma", r"gemma terms of use"),
    named("LicenseRef-Qwen-Research", r"qwen research licence"),
    named("LicenseRef-Qwen", r"(?:qwen|tongyi qianwen) licence agreement"),
    named("LicenseRef-DeepSeek", r"deepseek (?:model )?licence agreement"),
    named("LicenseRef-Mistral-Research", r"mistral(?: ai)? research licence"),
    named("LicenseRef-Mistral-Non-Production", r"mistral(?: ai)? non production licence"),
    named("LicenseRef-Stability-Community", r"stability(?: ai)? community licence"),
    named("LicenseRef-Stability-Non-Commercial",
          r"stability(?: ai)? non ?commercial (?:research )?(?:community )?licence"),
    named("LicenseRef-FLUX-Non-Commercial", r"flux[^\n]{0,20} non commercial licence"),
    named("LicenseRef-NVIDIA-Open-Model", r"nvidia open model licence"),
    named("LicenseRef-Hunyuan-Community", r"tencent hunyuan[^\n]{0,20} community licence"),
    named("LicenseRef-Falcon", r"(?:tii )?falcon[^\n]{0,20} licence"),
    named("LicenseRef-CreativeML-OpenRAIL++-M", r"creativeml open ?rail\+\+ m\b"),
    named("LicenseRef-CreativeML-OpenRAIL-M", r"creativeml open ?rail m\b"),
    named("LicenseRef-BigCode-OpenRAIL-M", r"bigcode (?:model licence agreement|open ?rail m\b)"),
    named("LicenseRef-BigScience-OpenRAIL-M", r"bigscience (?:rail|open ?rail m?)\b"),
    named("LicenseRef-OpenRAIL", r"(?:[^\n]{0,40} )?open ?rail\b"),
)  # fmt: skip
