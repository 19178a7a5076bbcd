"""Naming a licence from words and from a LICENSE file."""

import pytest

from crawler.extract.licence import licence_of_text, spdx_of

MIT = """MIT License  Copyright (c) 2026 Ada
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files, to deal in it. THE SOFTWARE IS PROVIDED "AS IS"."""
BSD = "Redistribution and use in source and binary forms, with or without modification, are permitted provided that"


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


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (MIT, "MIT"),
        ("Apache License\n Version 2.0, January 2004", "Apache-2.0"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007", "AGPL-3.0"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991", "GPL-2.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "LGPL-3.0"),
        (BSD, "BSD-2-Clause"),
        (f"{BSD} that neither the name of Ada nor", "BSD-3-Clause"),
        ("Mozilla Public License Version 2.0", "MPL-2.0"),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        ("Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee", "ISC"),
        ("All rights reserved.", None),
    ],
)
def test_licence_files_are_recognised(text: str, spdx: str | None) -> None:
    assert licence_of_text(text) == spdx


def test_restricted_licence_is_not_called_free() -> None:
    assert licence_of_text(f"{MIT}\nCommons Clause License Condition v1.0") is None
