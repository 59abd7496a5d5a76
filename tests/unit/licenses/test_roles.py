"""What a license file is about, by its path."""

from __future__ import annotations

import pytest

from adhere.licenses.roles import role


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("LICENSE", "main"),
        ("licenses/LICENSE", "main"),
        ("licenses/LICENCE.rst", "main"),
        ("licenses/COPYING.LESSER", "main"),
        ("licenses/LICENSE-MIT", "main"),
        ("licenses/mit.LICENSE", "main"),
        ("licenses/UNLICENSE", "main"),
        ("licenses/LICENSES/MIT.txt", "main"),
        ("licenses/LICENSES/Apache-2.0.txt", "main"),
        ("licenses/NOTICE.txt", "notice"),
        ("licenses/LICENSES/NUMPY_LICENSE", "part"),
        ("licenses/pkg/_vendor/six/LICENSE", "part"),
        ("licenses/LICENSE-THIRD-PARTY", "part"),
        ("licenses/THIRD-PARTY-NOTICES.md", "part"),
        ("licenses/src/core/LICENSE", "part"),
        ("licenses\\vendor\\LICENSE", "part"),
        ("licenses/AUTHORS.rst", "other"),
        ("licenses/CHANGELOG.md", "other"),
        ("licenses/README", "other"),
        ("licenses/CODE_OF_CONDUCT.rst", "other"),
    ],
)
def test_role(path: str, about: str) -> None:
    assert role(path) == about
