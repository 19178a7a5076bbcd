"""What licence a LICENSE file holds: its name, the line that proves it, and whether somebody changed it."""

import os
from pathlib import Path

import pytest

from crawler.extract.licence_text import licence_of_text

GRANT = """Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, subject to the following conditions:

The above copyright notice shall be included in all copies. {extra}

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND. IN NO EVENT SHALL THE
AUTHORS BE LIABLE FOR ANY CLAIM ARISING FROM THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
MIT = "MIT License\n\nCopyright (c) 2026 Ada\n\n" + GRANT.format(extra="")
BSD = """Redistribution and use in source and binary forms, with or without modification, are permitted
provided that the following conditions are met:
{clauses}
IN NO EVENT SHALL ADA BE LIABLE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
NEITHER = "3. Neither the name of Ada may be used to endorse or promote products."
APACHE = """                                 Apache License
                           Version 2.0, January 2004

   TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION

   You may reproduce it, with or without modifications, provided that You meet the following conditions.

   END OF TERMS AND CONDITIONS
"""
NOTICE = 'Licensed under the Apache License, Version 2.0 (the "License");\nyou may not use this file except so.\n'


def name(text: str) -> str | None:
    found = licence_of_text(text)
    return found.spdx if found else None


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (MIT, "MIT"),
        (GRANT.format(extra=""), "MIT"),
        (f"MIT No Attribution\n\n{GRANT.format(extra='')}", "MIT-0"),
        (APACHE, "Apache-2.0"),
        (NOTICE, "Apache-2.0"),
        (BSD.format(clauses="1. Keep this."), "BSD-2-Clause"),
        (BSD.format(clauses=NEITHER), "BSD-3-Clause"),
        (BSD.format(clauses=f"3. All advertising materials mentioning it say so.\n{NEITHER}"), "BSD-4-Clause"),
        ("ISC License\nPermission to use, copy, modify, and/or distribute this software for any purpose with or "
         "without fee is hereby granted, provided that the notice appears.", "ISC"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991", "GPL-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0"),
        ("# GNU Lesser General Public License\n\n_Version 3, 29 June 2007_", "LGPL-3.0"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007", "AGPL-3.0"),
        ("Mozilla Public License Version 2.0\n====", "MPL-2.0"),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        ("Creative Commons Legal Code\n\nCC0 1.0 Universal", "CC0-1.0"),
        ("Attribution 4.0 International\n====", "CC-BY-4.0"),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution-NoDerivatives 4.0 International", "CC-BY-ND-4.0"),
        ("Weights: CC BY-NC 4.0", "CC-BY-NC-4.0"),
        ("Business Source License 1.1\n\nChange License: Apache License, Version 2.0", "BUSL-1.1"),
        ("Elastic License 2.0\n\nURL: https://www.elastic.co/licensing/elastic-license", "Elastic-2.0"),
        ("                     Server Side Public License\n VERSION 1, OCTOBER 16, 2018", "SSPL-1.0"),
        ("# Functional Source License, Version 1.1, MIT Future License", "FSL-1.1-MIT"),
        (f"# Functional Source License, Version 1.1, Apache 2.0 Future License\n{NOTICE}", "FSL-1.1-ALv2"),
        ("# PolyForm Noncommercial License 1.0.0", "PolyForm-Noncommercial-1.0.0"),
        ("# PolyForm Shield License 1.0.0", "LicenseRef-PolyForm-Shield-1.0.0"),
        ("# Sustainable Use License\n\nVersion 1.0", "LicenseRef-Sustainable-Use-1.0"),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT", "LicenseRef-Llama-3-Community"),
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT", "LicenseRef-Llama-3.1-Community"),
        ("Gemma Terms of Use\n", "LicenseRef-Gemma"),
        ("Copyright (c) 2022 Ada\n\nCreativeML Open RAIL++-M License\ndated", "LicenseRef-CreativeML-OpenRAIL++-M"),
        ("BigCode OpenRAIL-M v1 License Agreement", "LicenseRef-BigCode-OpenRAIL-M"),
    ],
)  # fmt: skip
def test_licence_files_are_named(text: str, spdx: str) -> None:
    found = licence_of_text(text)

    assert found and found.spdx == spdx
    assert found.confidence > 0.9


@pytest.mark.parametrize("text", ["", "All rights reserved.", "# Kettle\n\nSee LICENSE.", "\x00\udcff", "MIT " * 9000])
def test_other_texts_are_not_named(text: str) -> None:
    assert licence_of_text(text) is None


def test_quote_is_the_title_line() -> None:
    found = licence_of_text(f"Copyright 2026 Ada\n\n{APACHE}")

    assert found
    assert " ".join(f"Copyright 2026 Ada\n\n{APACHE}"[found.start : found.end].split()) == "Apache License Version 2.0"


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (f"“Commons Clause” License Condition v1.0\n\nThe right to Sell is not granted.\n\n{MIT}", "MIT"),
        (f"{APACHE}\n\n\"Commons Clause\" License Condition v1.0", "Apache-2.0"),
        (f"# Kettle Open Source License\n\nKettle is licensed under the Apache License 2.0, with the following "
         f"additional conditions:\n\n1. No multi-tenant service.\n\n{NOTICE}", "Apache-2.0"),
        ("Kettle is licensed under a modified version of the Apache License 2.0, with the following additional "
         "conditions:\n\n1. Keep the logo.", "Apache-2.0"),
        (f"Modified {MIT}\nOur only modification part is that you shall display \"Kettle\".", "MIT"),
        (f"{MIT}\nThis software may not be used for commercial purposes.", "MIT"),
        ("MIT License\n" + GRANT.format(extra="The Software must show the Kettle logo on every page. " * 20), "MIT"),
        (BSD.format(clauses=f"{NEITHER}\n4. " + "Licensees are barred from removing any Kettle branding. " * 30),
         "BSD-3-Clause"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3\n END OF TERMS AND CONDITIONS\n\nAdditional Terms\n\nKeep the "
         "logo.", "AGPL-3.0"),
    ],
)  # fmt: skip
def test_changed_licence_is_not_called_plain(text: str, spdx: str) -> None:
    found = licence_of_text(text)

    assert found and found.spdx == f"LicenseRef-{spdx}-modified"
    assert found.confidence < 0.6


def test_addition_is_quoted() -> None:
    text = f"{MIT}\n“Commons Clause” License Condition v1.0\nMore."
    found = licence_of_text(text)

    assert found and text[found.start : found.end] == "“Commons Clause” License Condition v1.0"


PORTIONS = """Copyright (c) 2026 Kettle Inc.

Portions of this software are licensed as follows:

- All content that resides under {folder} directory of this repository is licensed under the license in "ee/LICENSE".
- Content outside of the above mentioned directories is available under the "{outside}" license as defined below.

"""


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (PORTIONS.format(folder='any "ee/"', outside="MIT Expat") + MIT, "MIT AND LicenseRef-ee"),
        (PORTIONS.format(folder='"apps/web/ee/" (see there)', outside="MIT Expat") + MIT, "MIT AND LicenseRef-ee"),
        (PORTIONS.format(folder='the "paid/"', outside="Apache 2.0") + APACHE, "Apache-2.0 AND LicenseRef-paid"),
        (PORTIONS.format(folder='"cloud/"', outside="AGPLv3"), "AGPL-3.0 AND LicenseRef-cloud"),
        ("Portions of this software are licensed as follows:\n- Source code files that contain \".ee.\" in their "
         "filename are not licensed.\n\n## Sustainable Use License\n",
         "LicenseRef-Sustainable-Use-1.0 AND LicenseRef-ee"),
    ],
)  # fmt: skip
def test_folders_of_another_licence_are_told(text: str, spdx: str) -> None:
    assert name(text) == spdx


def test_commercial_alternative_is_told() -> None:
    text = "Kettle is dual-licensed: AGPL or a commercial licence.\n\nGNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3"

    assert name(text) == "AGPL-3.0 OR LicenseRef-Commercial"


def test_licence_kept_along_does_not_count() -> None:
    text = f"{MIT}\n\nThird-party code:\n\n{BSD.format(clauses=NEITHER)}\n{'notice ' * 2000}\nAdditional terms apply."

    assert name(text) == "MIT"


@pytest.mark.corpus
def test_recorded_licence_files_are_plain() -> None:
    folder = Path(os.environ.get("VERDICTS_CORPUS", "nowhere"))
    if not folder.is_dir():
        pytest.skip("VERDICTS_CORPUS does not name the folder of recorded files")
    texts = sorted(folder.rglob("*LICENSE"))
    named = {path.name: licence_of_text(path.read_text("utf-8", "replace")) for path in texts}

    assert named
    assert [file for file, found in named.items() if found is None or found.confidence < 0.9] == []
