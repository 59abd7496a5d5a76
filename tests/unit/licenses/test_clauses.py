"""BSD texts in other words."""

from __future__ import annotations

import pytest

from adhere.licenses.clauses import MAX_LENGTH, reworded_bsd
from adhere.licenses.texts import identify
from corpus.licenses.cases import license_text

THREE = (
    license_text("bsd-3-clause.txt")
    .replace("binary forms,", "binary forms of the theme,")
    .replace("THIS SOFTWARE", "THIS THEME")
)
TWO = license_text("bsd-2-clause.txt").replace("THIS SOFTWARE", "THIS THEME")


def test_a_reworded_text_is_recognised_by_its_conditions() -> None:
    facts = identify(THREE)
    assert (facts.kind, facts.strong) == ("license", "BSD-3-Clause")
    assert facts.matches[0].share < 0.9
    assert "other words" in facts.note


def test_its_conditions_are_counted() -> None:
    found = reworded_bsd(TWO)
    assert found is not None
    assert found[0] == "BSD-2-Clause"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2. ", "2. Redistributions must be free of charge.\n\n3. "),
        ("modification, are", "modification for academic purposes, are"),
        ("POSSIBILITY OF SUCH DAMAGE.", ("POSSIBILITY OF SUCH DAMAGE. Military use is excluded,"
         " and so is use by anybody who is a competitor of the authors.")),
        ("without specific prior", "without or with specific prior"),
        ("must reproduce", "must not reproduce"),
        ("source and binary forms", "source form"),
        ("source and binary forms", "binary form"),
        ("with or without", "without"),
        (", with or without\nmodification", ""),
        ("IN NO EVENT SHALL", "IN MOST EVENTS SHALL"),
    ],
)  # fmt: skip
def test_any_other_condition_is_none(old: str, new: str) -> None:
    assert old in THREE
    assert reworded_bsd(THREE.replace(old, new)) is None
    assert identify(THREE.replace(old, new)).strong == ""


def test_a_preamble_of_the_authors_own_keeps_it_open() -> None:
    assert identify("Whoever reads this owes us " + "a drink " * 30 + "\n" + THREE).strong == ""


def test_a_line_about_the_owner_among_the_conditions_is_none_of_them() -> None:
    """Seen in published packages: it slipped below the grant."""
    text = license_text("bsd-3-clause.txt").replace("1. ", "All rights reserved.\n\n1. ", 1)
    assert identify(text).strong == "BSD-3-Clause"


def test_a_long_text_is_not_read() -> None:
    assert reworded_bsd(THREE + " " * MAX_LENGTH) is None
