"""Classifiers: the whole list is mapped, and several never say AND or OR."""

from __future__ import annotations

import pytest

from adhere.licenses import classifiers as table
from adhere.licenses.classifiers import interpret_classifiers, parts
from adhere.licenses.expression import parse, render
from adhere.licenses.families import family_named

MIT = "License :: OSI Approved :: MIT License"
GPL3 = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
GPL = "License :: OSI Approved :: GNU General Public License (GPL)"
GPL2_LATER = "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)"


def published() -> set[str]:
    trove = pytest.importorskip("trove_classifiers", reason="it is a development dependency")
    every = {*trove.classifiers, *trove.deprecated_classifiers}
    names = {item for item in every if item.startswith("License :: ")}
    return {name.removeprefix("License :: ").removeprefix("OSI Approved :: ") for name in names}


def mapped() -> list[str]:
    groups = (table.LICENSES, table.FAMILIES, table.IGNORED, table.RESERVED, table.UNLISTED)
    return [name for group in groups for name in group]


def test_every_published_classifier_is_mapped_exactly_once() -> None:
    assert sorted(mapped()) == sorted(published())


def test_targets_are_canonical_and_families_exist() -> None:
    for expression in table.LICENSES.values():
        assert render(parse(expression)) == expression
    for family in table.FAMILIES.values():
        assert family_named(family).name == family


@pytest.mark.parametrize(
    ("classifier", "expression"),
    [
        ("OSI Approved :: Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"),
        ("OSI Approved :: Eclipse Public License 1.0 (EPL-1.0)", "EPL-1.0"),
        ("OSI Approved :: Mulan Permissive Software License v2 (MulanPSL-2.0)", "MulanPSL-2.0"),
        ("OSI Approved :: GNU Affero General Public License v3", "AGPL-3.0-only"),
        ("OSI Approved :: Python Software Foundation License", "PSF-2.0"),
        ("OSI Approved :: zlib/libpng License", "Zlib"),
        ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"),
    ],
)
def test_a_classifier_of_one_license(classifier: str, expression: str) -> None:
    assert interpret_classifiers([f"License :: {classifier}"]).expression == expression


def test_a_family_has_candidates() -> None:
    found = interpret_classifiers(["License :: OSI Approved :: Apache Software License"])
    assert (found.expression, found.family) == ("", "Apache")
    assert found.candidates == ("Apache-1.0", "Apache-1.1", "Apache-2.0")


def test_two_licenses_are_candidates_and_the_reason_says_why() -> None:
    found = interpret_classifiers([MIT, GPL3])
    assert (found.expression, found.state) == ("", "ambiguous")
    assert found.candidates == ("GPL-3.0-only", "MIT")
    assert "AND or OR" in found.note


def test_a_member_makes_its_family_exact() -> None:
    assert interpret_classifiers([GPL, GPL2_LATER]).expression == "GPL-2.0-or-later"


def test_parents_and_praise_are_ignored() -> None:
    found = interpret_classifiers(["License :: OSI Approved", MIT, "License :: DFSG approved"])
    assert found.expression == "MIT"
    assert interpret_classifiers(["License :: OSI Approved"]).sense == "silent"
    assert interpret_classifiers(["License"]).sense == "silent"
    assert interpret_classifiers([]).sense == "silent"


def test_order_and_repetition_change_nothing() -> None:
    assert interpret_classifiers([MIT, GPL3, MIT]) == interpret_classifiers([GPL3, MIT])


def test_what_is_not_understood_leaves_no_candidates() -> None:
    """A list of candidates that is not complete would let a policy accept the rest."""
    for other in ("Public Domain", "Repoze Public License", "Other/Proprietary License", "Bogus"):
        found = interpret_classifiers([MIT, f"License :: {other}"])
        assert (found.expression, found.candidates) == ("", ()), other


def test_a_classifier_of_a_private_index_may_be_a_name() -> None:
    found = interpret_classifiers(["License :: Acme Approved :: Apache-2.0"])
    assert (found.expression, found.confidence < 0.8) == ("Apache-2.0", True)


def test_parts_keep_each_classifier_by_itself() -> None:
    found = parts([GPL, MIT, "License :: OSI Approved"])
    assert [item if isinstance(item, str) else item.name for item in found] == ["GPL", "MIT"]
