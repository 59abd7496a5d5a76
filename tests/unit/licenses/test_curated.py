"""Curated facts: every row is well formed and holds for what it was read from."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from adhere.licenses.curated import CURATED, curated_fact
from adhere.licenses.expression import known, parse, render
from adhere.model.names import canonical_name


def test_rows_are_well_formed() -> None:
    for name, rows in CURATED.items():
        assert canonical_name(name) == name
        for specifier, expression, where in rows:
            assert SpecifierSet(specifier)
            assert render(parse(expression)) == expression
            assert known(parse(expression))
            assert where


@pytest.mark.parametrize("version", ["3.10", "4.0", "not a version", ""])
def test_a_fact_holds_for_its_release_only(version: str) -> None:
    assert curated_fact("ply", version) is None
    fact = curated_fact("ply", "3.11")
    assert fact is not None
    assert fact.claim.expression == "BSD-3-Clause"


def test_an_unknown_package_has_none() -> None:
    assert curated_fact("no-such-package", "1.0") is None
