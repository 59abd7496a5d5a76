from __future__ import annotations

import pytest

from adhere.sources.entry import EntryError
from adhere.sources.poetry_constraint import to_specifier


# The bounds of a caret and a tilde are those of Poetry's documentation.
@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1.2", ">=1.2,<2.0"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("1.*", "==1.*"),
        ("1.2.*", "==1.2.*"),
        ("!=1.2.*", "!=1.2.*"),
        ("*", ""),
        ("", ""),
        ("1.2", "==1.2"),
        ("=1.2", "==1.2"),
        ("==1.2", "==1.2"),
        ("~=1.2", "~=1.2"),
        (">= 1.2, < 2", ">=1.2,<2"),
        (">=1.2 <2", ">=1.2,<2"),
        (">=1.2,<2.0,!=1.5", ">=1.2,<2.0,!=1.5"),
        ("^1.2.3rc1", ">=1.2.3rc1,<2.0.0"),
        ("^1 || ^2", ""),
        ("^1|^2", ""),
    ],
)
def test_as_pep_440(constraint: str, specifier: str) -> None:
    assert to_specifier(constraint) == specifier


@pytest.mark.parametrize(
    "constraint", ["x", "^", "^x", "1.2.*.3x!", "> > 1", "1 2 y", "^1 || x", "1" * 2000, ">=1,,x"]
)
def test_not_a_constraint(constraint: str) -> None:
    with pytest.raises(EntryError):
        to_specifier(constraint)
