"""Naming a licence from the way a page speaks of it."""

import pytest

from crawler.extract.licence import spdx_of


@pytest.mark.parametrize(
    ("words", "spdx"),
    [
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("MIT licensed", "MIT"),
        ("mit", "MIT"),
        ("GPLv3", "GPL-3.0"),
        ("AGPL", "AGPL-3.0"),
        ("AGPL-3.0-or-later", "AGPL-3.0"),
        ("BSD 3-Clause", "BSD-3-Clause"),
        ("MPL 2.0", "MPL-2.0"),
        ("BSL 1.1", "BUSL-1.1"),
        ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
        ("Proprietary", None),
        ("", None),
    ],
)
def test_names_become_spdx_identifiers(words: str, spdx: str | None) -> None:
    assert spdx_of(words) == spdx
