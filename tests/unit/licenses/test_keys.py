"""Which spellings of a license name are one, and which are not."""

from __future__ import annotations

import pytest

from adhere.licenses.keys import key


@pytest.mark.parametrize(
    "spellings",
    [
        ("MIT", "mit", "The MIT License", "MIT Licence", "MIT-License", "MIT License (MIT)"),
        ("MIT", "Licence MIT", "Licencia MIT", "Licença MIT", "Licenza MIT", "MIT-Lizenz"),
        (
            "MIT",
            "Лицензия MIT",
            "MIT许可证",
            "MIT ライセンス",
            "MIT 라이선스",
            "\uff2d\uff29\uff34",
        ),
        ("Apache-2.0", "Apache License, Version 2.0", "Apache v2.0", "APACHE 2.0 License"),
        ("GPL-3.0+", "GPLv3.0+", "GPL v3.0 or later", "GPL 3.0 or any later version"),
        ("GPL 3 +", "GPL (>= 3)", "GNU GPL version 3 oder später", "GPL v3 and above"),
        ("GPL 3", "GNU General Public License v3", "GNU GPLv3", "General Public License 3"),
        ("LGPL 2.1", "GNU Lesser General Public License v2.1", "lgpl-2-1", "LGPL_2_1"),
        ("AGPL 3", "GNU Affero General Public License v3", "Affero GPL 3"),
        ("CC BY-SA 4.0", "Creative Commons Attribution-ShareAlike 4.0"),
        ("BSD 3-Clause", "BSD 3 Clause License", "BSD-3-Clause", "bsd three clause"),
    ],
)
def test_spellings_of_one_name(spellings: tuple[str, ...]) -> None:
    assert {key(spelling) for spelling in spellings} == {key(spellings[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MIT", "!MIT"),
        ("MIT", "MIT?"),
        ("MIT", "M\u0406T"),  # a Ukrainian I
        ("MIT", "MI\u200bT"),  # a blank without width
        ("MIT", "MIT\u202e"),  # a mark that turns the direction of reading
        ("MIT", "SUBMIT"),
        ("MIT", "MIT*"),
        ("GPL 2", "GPL < 2"),
        ("GPL 2", "GPL 2+"),
        ("GPL 3", "LGPL 3"),
        ("Unlicense", "Unlicensed"),
        ("BSD 3", "BSD v3"),
        ("Apache 2", "Apache 2.1"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_nothing_is_left_of_the_word_license_alone() -> None:
    assert key("The License") == key("") == key(" - ") == ""
