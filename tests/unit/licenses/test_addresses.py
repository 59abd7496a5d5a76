"""Addresses: those of a license as such, and those of somebody's file."""

from __future__ import annotations

import pytest

from adhere.licenses.addresses import by_address
from adhere.licenses.normalise import interpret


@pytest.mark.parametrize(
    ("address", "expression"),
    [
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("http://www.opensource.org/licenses/mit-license.php", "MIT"),
        ("https://opensource.org/license/bsd-3-clause", "BSD-3-Clause"),
        ("https://spdx.org/licenses/GPL-2.0-only.html", "GPL-2.0-only"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0-only"),
        ("https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html", "LGPL-2.1-only"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0"),
        ("https://mozilla.org/MPL/2.0/", "MPL-2.0"),
        ("<https://unlicense.org>", "Unlicense"),
        ("https://mit-license.org/", "MIT"),
    ],
)
def test_the_address_of_a_license(address: str, expression: str) -> None:
    found = by_address(address)
    assert found is not None
    assert found.expression == expression


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.org/acme/blob/main/LICENSE",
        "https://example.org/licenses/MIT",
        "https://opensource.org/",
        "https://opensource.org/licenses/nonsense",
        "https://creativecommons.org/licenses/by/9.9",
        "https://opensource.org.example.org/licenses/MIT",
    ],
)
def test_any_other_address_says_nothing(address: str) -> None:
    found = by_address(address)
    assert found is None or found.expression == ""


def test_an_old_page_of_a_family_stays_a_family() -> None:
    found = by_address("http://www.opensource.org/licenses/bsd-license.php")
    assert found is not None
    assert found.family == "BSD"


def test_words_and_address_have_to_agree() -> None:
    assert interpret("MIT https://opensource.org/licenses/MIT").expression == "MIT"
    assert interpret("BSD https://opensource.org/licenses/BSD-3-Clause").expression == (
        "BSD-3-Clause"
    )
    assert interpret("MIT https://opensource.org/licenses/ISC").expression == ""
    assert interpret("BSD-like (https://example.org/license)").expression == ""
