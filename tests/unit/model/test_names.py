from __future__ import annotations

import pytest

from adhere.model.names import MAX_NAME, canonical_name, is_valid_name


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("Requests", "requests"),
        ("zope.interface", "zope-interface"),
        ("ruamel_yaml", "ruamel-yaml"),
        ("a.-_b", "a-b"),
        ("A--B", "a-b"),
    ],
)
def test_spellings_of_one_name_are_equal(spelled: str, canonical: str) -> None:
    assert canonical_name(spelled) == canonical
    assert canonical_name(canonical) == canonical


@pytest.mark.parametrize("name", ["a", "A1", "a-b", "a.b_c", "0", "x" * MAX_NAME])
def test_names_that_are(name: str) -> None:
    assert is_valid_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-a",
        "a-",
        "a b",
        "a/b",
        "../a",
        "a\n",
        "a\0",
        "é",
        "<b>",
        "\u202ea",
        "a\uff0eb",
        "x" * (MAX_NAME + 1),
    ],
)
def test_names_that_are_none(name: str) -> None:
    assert not is_valid_name(name)
