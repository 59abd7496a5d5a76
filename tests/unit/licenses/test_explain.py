"""How somebody's words for a license are explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from adhere.app.license import explain_file, explain_text, lists_of
from adhere.errors import SourceError, UsageError
from adhere.licenses.normalise import MAX_NAME
from corpus.licenses.cases import license_text


@pytest.mark.parametrize(
    ("text", "state", "expression"),
    [
        ("MIT", "concluded", "MIT"),
        ("\ufeffMIT", "concluded", "MIT"),
        ("Apache\u20112.0", "concluded", "Apache-2.0"),
        ("BSD \u2212 3-Clause", "concluded", "BSD-3-Clause"),
        ("M\u200bIT", "unknown", ""),
        ("\u041cIT", "unknown", ""),
        ("MIT-style", "unknown", ""),
        ("GPL", "ambiguous", ""),
        ("Public Domain", "unknown", ""),
        ("LicenseRef-Acme", "unknown", "LicenseRef-Acme"),
        ("DocumentRef-x:LicenseRef-y", "unknown", "DocumentRef-x:LicenseRef-y"),
        ("MIT OR LicenseRef-Acme", "concluded", "MIT OR LicenseRef-Acme"),
        ("MIT AND LicenseRef-Acme", "unknown", "MIT AND LicenseRef-Acme"),
    ],
)
def test_words_are_read(text: str, state: str, expression: str) -> None:
    found = explain_text(text)
    assert (found.input, found.state, found.expression) == (text, state, expression)
    assert (found.confidence > 0.0) == (state != "unknown")
    assert (found.confidence > 0.5) == (state == "concluded")
    assert found.why


def test_a_whole_text_in_the_place_of_words_is_read_as_a_text() -> None:
    text = license_text("mit.txt")
    found = explain_text(text)
    assert (found.state, found.expression) == ("concluded", "MIT")
    assert explain_text(" ".join(text.split())).expression == "MIT"
    assert explain_text(text + "\nNon-commercial use only.").state == "ambiguous"


def test_an_expression_of_very_many_licenses_is_read() -> None:
    text = " OR ".join(f"LicenseRef-{at}" for at in range(200)) + " OR MIT"
    assert len(text) > MAX_NAME
    assert explain_text(text).expression == text
    assert explain_text(text, lists_of(["MIT"])).satisfied is True


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000 + "MIT" + ")" * 10_000, "(" * 4_000 + "MIT" + ")" * 4_000, "MIT " * 2_000_000],
    ids=["parentheses", "fewer", "words"],
)
def test_hostile_words_conclude_nothing(text: str) -> None:
    assert explain_text(text).state == "unknown"


def test_what_is_allowed_is_judged_license_by_license() -> None:
    lists = lists_of(["MIT", "GPL-2.0-or-later"])
    found = explain_text("MIT AND (Zlib OR GPL-3.0-only)", lists)
    assert found.satisfied is True
    assert {leaf.license: leaf.accepted for leaf in found.leaves} == {
        "MIT": True,
        "Zlib": False,
        "GPL-3.0-only": True,
    }
    assert explain_text("MIT AND Zlib", lists).satisfied is False
    assert explain_text("MIT", None).satisfied is None


@pytest.mark.parametrize("text", ["BSD", "MIT/X11", "MIT, Zlib", "nonsense", ""])
def test_what_is_not_concluded_is_not_satisfied(text: str) -> None:
    everything = lists_of(["category:permissive", "MIT", "Zlib", "X11"])
    assert explain_text(text, everything).satisfied is False


def test_a_license_that_is_none_cannot_be_allowed() -> None:
    with pytest.raises(UsageError, match="--allow Foo"):
        lists_of(["MIT", "Foo"])


def test_a_file_is_read_as_a_text(tmp_path: Path) -> None:
    file = tmp_path / "LICENSE"
    file.write_text("\ufeff" + license_text("isc.txt"), "utf-8")
    found = explain_file(str(file), lists_of(["ISC"]))
    assert (found.input, found.expression, found.satisfied) == (str(file), "ISC", True)
    file.write_bytes(b"\0\1\2")
    assert explain_file(str(file)).state == "unknown"
    with pytest.raises(SourceError, match="no such file"):
        explain_file(str(tmp_path / "nothing"))
    with pytest.raises(SourceError, match="no regular file"):
        explain_file(str(tmp_path))
