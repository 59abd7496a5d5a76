"""Several licenses in one text: which operator is meant, and when none is."""

from __future__ import annotations

import pytest

from adhere.licenses.normalise import interpret


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT or Apache 2.0", "MIT OR Apache-2.0"),
        ("MIT License or Apache License, Version 2.0", "MIT OR Apache-2.0"),
        ("either the MIT license or the Apache License 2.0", "MIT OR Apache-2.0"),
        ("MIT || Apache 2.0", "MIT OR Apache-2.0"),
        ("MIT oder Apache 2.0", "MIT OR Apache-2.0"),
        ("MIT, ISC or Apache 2.0", "MIT OR ISC OR Apache-2.0"),
        ("MIT and Apache 2", "MIT AND Apache-2.0"),
        ("MIT & BSD 3-Clause", "MIT AND BSD-3-Clause"),
        ("both MIT and Apache 2.0", "MIT AND Apache-2.0"),
        ("MIT, Apache 2.0 and BSD-3-Clause", "MIT AND Apache-2.0 AND BSD-3-Clause"),
        ("GPL v2 or v3", "GPL-2.0-only OR GPL-3.0-only"),
        ("GPLv2 or later or MIT", "GPL-2.0-or-later OR MIT"),
        ("(MIT OR Apache 2.0) AND BSD 3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause"),
        ("Dual License: MIT / GPLv2+", "MIT OR GPL-2.0-or-later"),
        ("Tri-licensed MPL 1.1/GPLv2+/LGPLv2.1+",
         "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"),
    ],
)  # fmt: skip
def test_an_operator_that_is_said(text: str, expression: str) -> None:
    assert interpret(text).expression == expression


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("MIT/Apache-2.0", ("Apache-2.0", "MIT")),
        ("MIT, BSD-3-Clause", ("BSD-3-Clause", "MIT")),
        ("MIT; Apache 2.0", ("Apache-2.0", "MIT")),
        ("MIT and/or Apache 2.0", ("Apache-2.0", "MIT")),
        ("MIT License, Apache License, Version 2.0", ("Apache-2.0", "MIT")),
        ("dual licensed under MIT and Apache 2.0", ("Apache-2.0", "MIT")),
        ("MIT or Apache 2.0 and BSD 3-Clause", ("Apache-2.0", "BSD-3-Clause", "MIT")),
        ("GPLv2/v3", ("GPL-2.0-only", "GPL-3.0-only")),
        ("GPLv3 or commercial", ("GPL-3.0-only",)),
        ("BSD-3-Clause and Public-Domain", ("BSD-3-Clause",)),
    ],
)
def test_an_operator_that_is_not_said_leaves_candidates(
    text: str, candidates: tuple[str, ...]
) -> None:
    found = interpret(text)
    assert (found.expression, found.state, found.candidates) == ("", "ambiguous", candidates)


def test_every_part_has_to_be_concluded() -> None:
    found = interpret("Dual License: BSD / GPLv2+")
    assert found.expression == ""
    assert set(found.candidates) > {"BSD-3-Clause", "GPL-2.0-or-later"}


def test_a_compound_is_less_certain_than_its_least_certain_part() -> None:
    assert interpret("MIT or GPLv3").confidence < interpret("GPLv3").confidence


def test_names_with_and_and_or_in_them_stay_whole() -> None:
    text = "MIT or Historical Permission Notice and Disclaimer"
    assert interpret(text).expression == "MIT OR HPND"
