"""What a license file says beside its texts."""

from __future__ import annotations

import pytest

from adhere.licenses.choose import conclude
from adhere.licenses.statements import said, with_exception
from adhere.licenses.texts import identify
from adhere.model.package import Declared, LicenseFile
from corpus.licenses.cases import license_text

MIT = license_text("mit.txt")
ISC = license_text("isc.txt")
BSD = license_text("bsd-3-clause.txt")
BODY = BSD[BSD.index("Redistribution") :]
ABOUT = "\nAbout us\n--------\n" + "We met in a library and have been friends ever since. " * 30


@pytest.mark.parametrize(
    ("head", "held", "expression"),
    [
        ("Acme is licensed under the MIT License.", ["MIT"], "MIT"),
        ("Acme is released under the terms of the MIT license, as follows:", ["MIT"], "MIT"),
        (
            ("Acme is licensed under the terms of the Modified BSD License (also known as New"
            " or Revised BSD), as follows:"),
            ["BSD-3-Clause"],
            "BSD-3-Clause",
        ),
        (
            ("Acme is dual-licensed software. It is available under the terms of the MIT license,"
            " or the Academic Free License version 2.1. The texts are below."),
            ["MIT", "AFL-2.1"],
            "MIT OR AFL-2.1",
        ),
        ("Acme is available under the MIT license and the ISC license", ["ISC", "MIT"],
         "MIT AND ISC"),
    ],
)  # fmt: skip
def test_a_sentence_at_the_head_says_it(head: str, held: list[str], expression: str) -> None:
    assert said(head, [(name,) for name in held]) == expression


@pytest.mark.parametrize(
    ("head", "held"),
    [
        ("", ["MIT"]),
        ("The MIT License", ["MIT"]),
        ("Acme is licensed under the MIT License.", ["ISC"]),
        ("Acme is licensed under the MIT License.", ["MIT", "ISC"]),
        ("Acme is available under the MIT license or the ISC license", ["MIT"]),
        ("Acme is licensed under the MIT License.", []),
        ("Portions of Acme are licensed under the MIT License.", ["MIT"]),
        ("The documentation is licensed under the MIT License.", ["MIT"]),
        ("Acme was licensed under the MIT License until 2020.", ["MIT"]),
        ("Acme is not licensed under the MIT License.", ["MIT"]),
        ("Acme is licensed under the MIT License for academic use.", ["MIT"]),
        ("Acme is licensed under the MIT License except for its name.", ["MIT"]),
        ("Acme is licensed under a MIT-style license.", ["MIT"]),
        ("Acme is licensed under the MIT License. Beta is released under the ISC License.",
         ["MIT"]),
        ("Acme bundles Beta, which is licensed under the MIT License.", ["MIT"]),
        ("x" * 3_000 + " Acme is licensed under the MIT License.", ["MIT"]),
    ],
)  # fmt: skip
def test_any_other_sentence_says_nothing(head: str, held: list[str]) -> None:
    assert said(head, [(name,) for name in held]) == ""


def test_a_sentence_makes_a_text_among_other_words_exact() -> None:
    text = "Acme is licensed under the Modified BSD License, as follows:\n\n" + BODY + ABOUT
    facts = identify(text)
    assert (facts.kind, facts.stated) == ("statement", "BSD-3-Clause")
    assert "it says that it is under BSD-3-Clause" in facts.note
    assert identify("Acme and its friends greet you.\n\n" + BODY + ABOUT).stated == ""


def test_a_sentence_that_comes_after_the_text_is_not_asked() -> None:
    assert identify(BODY + ABOUT + "It is licensed under the Modified BSD License.").stated == ""


def test_a_sentence_adds_up_what_the_metadata_does_not_join() -> None:
    text = f"Acme is available under the MIT license, or the ISC license.\n\n{MIT}\n\n{ISC}"
    names = (
        "License :: OSI Approved :: MIT License",
        "License :: OSI Approved :: ISC License (ISCL)",
    )
    file = [(LicenseFile("LICENSE", ""), identify(text))]
    for field in ("MIT License", ""):
        found = conclude("x", "1", Declared(text=field, classifiers=names), file)
        assert (found.state, found.expression) == ("concluded", "MIT OR ISC"), found.why
    more = (*names, "License :: OSI Approved :: zlib/libpng License")
    for field in ("MIT License", "", "Zlib"):
        found = conclude("x", "1", Declared(text=field, classifiers=more), file)
        assert (found.state, found.expression) == ("ambiguous", ""), found.why


def test_without_the_sentence_they_stay_apart() -> None:
    found = conclude(
        "x",
        "1",
        Declared(
            text="MIT License",
            classifiers=(
                "License :: OSI Approved :: MIT License",
                "License :: OSI Approved :: ISC License (ISCL)",
            ),
        ),
        [(LicenseFile("LICENSE", ""), identify(f"{MIT}\n\n{ISC}"))],
    )
    assert found.state == "ambiguous"


def test_words_of_an_exception_belong_to_the_license() -> None:
    words = "---- LLVM Exceptions to the Apache 2.0 License ----\nAs an exception, if ..."
    facts = identify(license_text("apache-2.0.txt") + "\n\n" + words)
    assert facts.strong == "Apache-2.0 WITH LLVM-exception"
    declared = Declared(classifiers=("License :: OSI Approved :: Apache Software License",))
    found = conclude("x", "1", declared, [(LicenseFile("LICENSE", ""), facts)])
    assert found.expression == "Apache-2.0 WITH LLVM-exception"
    plain = conclude("x", "1", Declared(text="Apache-2.0"), [(LicenseFile("LICENSE", ""), facts)])
    assert plain.expression == "Apache-2.0"


def test_an_exception_belongs_to_its_own_license_only() -> None:
    words = "LLVM Exceptions to the Apache 2.0 License. GCC Runtime Library Exception\nVersion 3.1"
    assert with_exception(("MIT",), words) == ("MIT",)
    assert with_exception(("GPL-3.0-only", "GPL-3.0-or-later"), words) == (
        "GPL-3.0-only WITH GCC-exception-3.1",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
    )
    assert with_exception(("Apache-2.0",), "no exceptions") == ("Apache-2.0",)
