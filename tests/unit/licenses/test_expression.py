"""SPDX expressions: what is read, what is refused, and how it is written again."""

from __future__ import annotations

import pytest

from adhere.licenses.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    And,
    ExpressionError,
    Id,
    Or,
    With,
    category,
    known,
    leaves,
    parse,
    parse_full,
    render,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mit", "MIT"),
        ("MIT or apache-2.0", "MIT OR Apache-2.0"),
        ("MIT AND (Apache-2.0 OR ISC)", "MIT AND (Apache-2.0 OR ISC)"),
        ("(MIT AND Apache-2.0) OR ISC", "MIT AND Apache-2.0 OR ISC"),
        ("MIT OR MIT", "MIT"),
        ("MIT OR (Apache-2.0 OR MIT)", "MIT OR Apache-2.0"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("gpl-2.0-or-later+", "GPL-2.0-or-later"),
        ("Apache-2.0+", "Apache-2.0+"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("gpl-2.0 with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("apache-2.0 WITH llvm-exception", "Apache-2.0 WITH LLVM-exception"),
        ("licenseref-Acme", "LicenseRef-Acme"),
        ("DocumentRef-x:LicenseRef-Acme", "DocumentRef-x:LicenseRef-Acme"),
        ("GPL-3.0-only WITH AdditionRef-own", "GPL-3.0-only WITH AdditionRef-own"),
        ("  MIT  ", "MIT"),
    ],
)
def test_reads_and_writes_the_canonical_form(text: str, canonical: str) -> None:
    assert render(parse(text)) == canonical


def test_and_binds_tighter_than_or() -> None:
    tree = parse("MIT OR ISC AND Zlib")
    assert tree == Or((Id("MIT"), And((Id("ISC"), Id("Zlib")))))


def test_an_exception_belongs_to_one_license() -> None:
    tree = parse("MIT AND GPL-2.0-only WITH Classpath-exception-2.0")
    assert tree == And((Id("MIT"), With(Id("GPL-2.0-only"), "Classpath-exception-2.0")))


def test_says_which_identifiers_were_deprecated() -> None:
    parsed = parse_full("GPL-2.0 OR MIT OR LGPL-2.1+")
    assert parsed.replaced == (("GPL-2.0", "GPL-2.0-only"), ("LGPL-2.1+", "LGPL-2.1-or-later"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("MIT AND", "it ends where a license identifier has to follow"),
        ("AND MIT", "`AND` stands where a license identifier has to follow"),
        ("MIT Apache-2.0", "`Apache-2.0` is unexpected"),
        ("(MIT", "a parenthesis is not closed"),
        ("MIT)", "`)` is unexpected"),
        ("()", "`)` stands where"),
        ("MIT WITH", "an exception identifier has to follow"),
        ("MIT WITH Apache-2.0", "`Apache-2.0` is no SPDX exception"),
        ("(MIT OR ISC) WITH LLVM-exception", "`WITH` is unexpected"),
        ("GPL-2.0-with-GCC-exception WITH LLVM-exception", "WITH has to follow a license"),
        ("MIT/Apache-2.0", "`/Apache-2.0` is no identifier"),
        ("Apache 2.0", "`Apache` is no SPDX license"),
        ("\u041cIT", "is no identifier"),  # a Cyrillic M
        ("MIT\x00", "is no identifier"),
        ("(" * (MAX_DEPTH + 2) + "MIT" + ")" * (MAX_DEPTH + 2), "nested too deeply"),
        ("MIT OR " * MAX_LENGTH + "MIT", "longer than"),
    ],
)
def test_refuses_what_is_no_expression(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Apache-2", "did you mean `Apache-2.0`?"),
        ("GPL-2.0-only WITH Classpath-exception", "did you mean `Classpath-exception-2.0`?"),
        ("qqqqqqqqqqqq", ""),
        ("MIT AND", ""),
    ],
)
def test_proposes_the_nearest_identifier(text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.hint == hint


def test_a_message_stays_short_for_a_huge_identifier() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("x" * 9_000)
    assert len(str(caught.value)) < 200
    assert caught.value.hint == ""


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("MIT", True),
        ("MIT OR LicenseRef-Acme", True),
        ("MIT AND LicenseRef-Acme", False),
        ("LicenseRef-MIT", False),
        ("DocumentRef-x:LicenseRef-MIT", False),
        ("(MIT AND LicenseRef-Acme) OR ISC", True),
        ("GPL-2.0-only WITH AdditionRef-own", False),
        ("Apache-2.0 WITH LLVM-exception", True),
    ],
)
def test_knows_what_the_list_alone_can_satisfy(text: str, listed: bool) -> None:
    assert known(parse(text)) is listed


def test_leaves_come_in_order_and_once() -> None:
    found = [render(leaf) for leaf in leaves(parse("MIT AND (ISC OR MIT) AND Zlib"))]
    assert found == ["MIT", "ISC", "Zlib"]


def test_an_exception_does_not_change_the_category() -> None:
    plain, excused = parse("GPL-2.0-only"), parse("GPL-2.0-only WITH Classpath-exception-2.0")
    assert isinstance(plain, Id)
    assert isinstance(excused, With)
    assert category(plain) == category(excused) == "strong-copyleft"
    assert category(Id("LicenseRef-Acme")) == ""
