"""The tables of license names, and how one name is looked up."""

from __future__ import annotations

import pytest

from adhere.licenses._aliases import ALIASES, GNU_DATES, RESERVED, SEVERAL, SILENT
from adhere.licenses._spdx import LICENSES, REPLACED
from adhere.licenses.expression import parse, render
from adhere.licenses.families import families, family_named
from adhere.licenses.keys import key
from adhere.licenses.names import index, look_up

SOURCES = {"trove", "pep639", "spdx", "gnu", "osi", "cc", "cpan", "steward", "observed"}
SPELLINGS = [(text, target) for target, _, row in ALIASES for text in row.split(" | ")]
OTHERS = [text for row in (SILENT, SEVERAL, RESERVED) for text in row.split(" | ")]


def spdx_keys() -> dict[str, str]:
    found = {}
    for identifier, name, _, _ in LICENSES.values():
        for text in (name, identifier):
            found[key(text)] = REPLACED.get(identifier, identifier)
    return found


def test_every_row_has_a_source() -> None:
    assert {source for _, source, _ in ALIASES} <= SOURCES


def test_every_target_is_a_canonical_expression() -> None:
    for target, _, _ in ALIASES:
        assert render(parse(target)) == target


def test_every_spelling_is_a_key() -> None:
    wrong = [text for text, _ in SPELLINGS if key(text) != text]
    wrong += [text for text in (*OTHERS, *families(), *GNU_DATES) if key(text) != text]
    assert wrong == []


def test_no_two_rows_contradict_one_another() -> None:
    seen: dict[str, str] = {}
    for text, target in SPELLINGS:
        assert seen.setdefault(text, target) == target, text
    assert not set(seen) & set(families())
    assert not (set(seen) | set(families())) & set(OTHERS)
    assert len(OTHERS) == len(set(OTHERS))


def test_no_row_contradicts_or_repeats_the_spdx_list() -> None:
    listed = spdx_keys()
    assert [text for text, _ in SPELLINGS if text in listed] == []
    # "W3C License" may be any of three; the identifier W3C itself is read before names are.
    assert set(families()) & set(listed) == {"w 3 c"}
    assert not set(OTHERS) & set(listed)


def test_every_identifier_and_name_of_the_list_is_found() -> None:
    for identifier, name, _, _ in LICENSES.values():
        if key(identifier) in families():
            continue
        meant = REPLACED.get(identifier, identifier)
        for text in (identifier, name):
            found = look_up(text)
            assert found is not None
            assert found.expression == meant, text


def test_family_candidates_are_members_and_canonical() -> None:
    for family in families().values():
        for candidate in family.candidates:
            assert render(parse(candidate)) == candidate
            assert family.has(candidate), (family.name, candidate)
        assert family_named(family.name) is family


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("GPLv3", "GPL-3.0-only"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("GNU General Public License, Version 2", "GPL-2.0-only"),
        ("GPLv2 or later", "GPL-2.0-or-later"),
        ("GPL2+", "GPL-2.0-or-later"),
        ("GPL 3 only", "GPL-3.0-only"),
        ("LGPLv2.1+", "LGPL-2.1-or-later"),
        ("AGPL-3", "AGPL-3.0-only"),
        ("GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007", "GPL-3.0-only"),
        ("Apache-2", "Apache-2.0"),
        ("MPL 2", "MPL-2.0"),
        ("afl 3+", "AFL-3.0+"),
    ],
)
def test_versions_are_read(text: str, expression: str) -> None:
    found = look_up(text)
    assert found is not None
    assert found.expression == expression


@pytest.mark.parametrize("text", ["GPL 2.1", "GPL 4", "LGPL 1", "AGPL 2", "Apache 3.0", "MIT 2"])
def test_versions_that_do_not_exist_are_no_names(text: str) -> None:
    assert look_up(text) is None


def test_a_gnu_license_without_later_is_less_certain_and_says_what_else_it_may_be() -> None:
    bare, exact = look_up("GPLv3"), look_up("GPLv3+")
    assert bare is not None
    assert exact is not None
    assert bare.confidence < exact.confidence
    assert bare.candidates == ("GPL-3.0-only", "GPL-3.0-or-later")


def test_the_index_does_not_grow_by_looking_things_up() -> None:
    before = len(index())
    look_up("something else entirely 7.3")
    assert len(index()) == before
