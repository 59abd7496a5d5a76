"""License texts: which one a file is, and what keeps it from being one."""

from __future__ import annotations

import pytest

from adhere.licenses.choose import conclude
from adhere.licenses.scan import scan
from adhere.licenses.texts import MAX_TEXT, identify, library_version
from adhere.model.package import Declared, LicenseFile
from corpus.licenses.cases import license_text

MIT = license_text("mit.txt")
BODY = MIT[MIT.index("Permission") :]


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("mit.txt", "MIT"),
        ("bsd-2-clause.txt", "BSD-2-Clause"),
        ("bsd-3-clause.txt", "BSD-3-Clause"),
        ("isc.txt", "ISC"),
        ("apache-2.0.txt", "Apache-2.0"),
        ("unlicense.txt", "Unlicense"),
    ],
)
def test_a_text_is_its_license(name: str, identifier: str) -> None:
    facts = identify(license_text(name))
    assert (facts.kind, facts.strong, facts.terms) == ("license", identifier, ())
    assert facts.matches[0].licenses == (identifier,)
    assert facts.matches[0].share > 0.9


@pytest.mark.parametrize(
    "frame",
    [
        "/*\n * {}\n */",
        "# {}",
        "<html><body><p>{}</p></body></html>",
        "{{\\rtf1\\ansi\\deff0 {{\\b}}\\par {}}}",
        "\ufeff{}",
        "MIT License\n===========\n\n{}",
    ],
)
def test_markup_around_a_text_changes_nothing(frame: str) -> None:
    assert identify(frame.format(MIT)).strong == "MIT"


def test_a_gnu_text_is_two_licenses() -> None:
    facts = identify(license_text("lgpl-3.0.txt"))
    assert (facts.strong, facts.candidates) == ("", ("LGPL-3.0-only", "LGPL-3.0-or-later"))


def test_a_notice_says_what_the_text_leaves_open() -> None:
    notice = (
        "Example is free software: you can redistribute it and/or modify it under the terms of"
        " the GNU Lesser General Public License as published by the Free Software Foundation,"
        " either version 3 of the License, or (at your option) any later version.\n"
    )
    facts = identify(notice + license_text("lgpl-3.0.txt"))
    assert facts.matches[0].licenses == ("LGPL-3.0-or-later",)


def test_several_texts_are_several() -> None:
    facts = identify(MIT + "\n\n" + license_text("isc.txt"))
    assert (facts.kind, facts.strong) == ("licenses", "")
    assert [match.licenses for match in facts.matches] == [("MIT",), ("ISC",)]


@pytest.mark.parametrize(
    "text",
    [
        "Commons Clause applies.\n\n" + MIT,
        MIT + "\nNon-commercial use only.",
        MIT + "\nThe software may not be used for military purposes.",
        "Copyright 2026 Acme. You may not use this for commercial purposes.\n" + BODY,
        "Copyright 2026 Acme. Academic use only. " + BODY,
        MIT + "\nUsers must obtain a license from Acme for production.",
        MIT + "\nHowever, companies with more than 100 employees need to buy a license.",
        "Free for hobbyists. Businesses pay 10 EUR per seat.\n\n" + MIT,
        MIT + "\nThis license does not apply to competitors of Acme.",
        MIT + "\nIt is not for use by the military.",
        MIT + "\nCompanies have to pay us.",
        "ACME SDK\nThis software is proprietary and confidential.",
        "No license is granted. Unauthorized copying is prohibited.",
    ],
)
def test_terms_beside_a_text_are_found(text: str) -> None:
    facts = identify(text)
    assert facts.terms
    assert facts.strong == ""


@pytest.mark.parametrize(
    "text",
    [
        MIT + "\nFor commercial and non-commercial use.",
        MIT + "\nThanks to everybody who did not lose patience.",
        "Example\n\nCopyright 2026 Acme and\n  contributors. See AUTHORS.\n" + BODY,
        MIT + "\nThe name of Acme shall not be used to promote anything.",
        BODY,
        "The MIT License (MIT)\n\nCopyright 2026 Acme <https://example.org>\n\n" + BODY,
    ],
)
def test_harmless_words_beside_a_text_are_not_terms(text: str) -> None:
    facts = identify(text)
    assert (facts.terms, facts.strong) == ((), "MIT")


@pytest.mark.parametrize(
    "frame", ["Commons Clause applies.\n\n{}", "{}\n\nCommons Clause applies."]
)
def test_terms_around_several_texts_are_about_all_of_them(frame: str) -> None:
    both = f"{MIT}\n\n{license_text('isc.txt')}"
    facts = identify(frame.format(both))
    assert (facts.kind, facts.reserves) == ("licenses", True)
    found = conclude("x", "1", Declared(text="MIT"), [(LicenseFile("LICENSE", ""), facts)])
    assert found.state == "conflicting"
    between = identify(f"{MIT}\n\nBeta may not be sold.\n\n{license_text('isc.txt')}")
    assert (between.kind, between.reserves) == ("licenses", False)


def test_an_authors_own_words_are_counted() -> None:
    assert identify(MIT).own == 0
    assert identify("Greetings from all of us in Paris.\n\n" + MIT).own == 7


def test_a_text_with_much_else_around_it_does_not_speak_for_itself() -> None:
    """Nothing is declared, and what the author adds may say anything."""
    words = "\nWhoever reads this far shall know that the moon is made of green cheese. " * 3
    files = [(LicenseFile("LICENSE", ""), identify(MIT + words))]
    found = conclude("x", "1", None, files)
    assert (found.state, found.candidates) == ("ambiguous", ("MIT",))
    assert "in words of its own" in found.why
    declared = conclude("x", "1", Declared(text="MIT"), files)
    assert (declared.state, declared.expression) == ("concluded", "MIT")
    short = [(LicenseFile("LICENSE", ""), identify(MIT + "\nGreetings from Paris."))]
    assert conclude("x", "1", None, short).expression == "MIT"


@pytest.mark.parametrize(
    "words",
    [
        "Portions of this software are licensed under other terms.",
        (
            "The files at example/fixtures/pack-11fdfa9e156ab73.idx and"
            " example/fixtures/pack-11fdfa9e156ab73.pack are licensed under the GNU GPL."
        ),
    ],
)
def test_carve_outs_are_kept(words: str) -> None:
    facts = identify(f"{words}\n{MIT}")
    assert facts.strong == "MIT"
    assert facts.parts


def test_a_text_with_a_changed_word_is_not_recognised() -> None:
    assert identify(BODY.replace("and/or sell", "")).strong == ""


def test_a_mention_is_no_text() -> None:
    facts = identify("See https://www.apache.org/licenses/LICENSE-2.0 for the terms.")
    assert (facts.kind, facts.strong) == ("statement", "")
    assert facts.matches[0].mention


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("SPDX-License-Identifier: MIT", "MIT"),
        ("/* SPDX-License-Identifier: Apache-2.0 OR MIT */", "Apache-2.0 OR MIT"),
        ("`SPDX-License-Identifier: MIT`", "MIT"),
        ("SPDX-License-Identifier: MIT\nSPDX-License-Identifier: MIT", "MIT"),
        ("SPDX-License-Identifier: MIT\nSPDX-License-Identifier: ISC", ""),
        ("SPDX-License-Identifier: LicenseRef-Acme", ""),
        ("SPDX-License-Identifier: nonsense", ""),
        ("SPDX-License-Identifier: MIT\n\n" + license_text("isc.txt"), ""),
    ],
)
def test_a_tag_states_an_expression(text: str, stated: str) -> None:
    assert identify(text).stated == stated


def test_a_long_gnu_text_in_an_unknown_edition_is_only_headed_so() -> None:
    """Its own words forbid things, and they are not the author's."""
    text = license_text("lgpl-3.0.txt").replace("covered", "governed").replace("work", "thing")
    facts = identify(text.replace("Library", "Collection"))
    assert (facts.kind, facts.strong, facts.terms) == ("statement", "", ())
    assert facts.matches[0].mention
    assert "LGPL-3.0" in facts.note


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        (" \n\t .,;", "empty"),
        ("\0\0MIT", "binary"),
        ("\ufffd" * 50 + "MIT License", "binary"),
        ("Ada Example\nBob Example", "unknown"),
        ("a " * MAX_TEXT, "too-long"),
    ],
)
def test_what_is_no_license_text_is_said(text: str, kind: str) -> None:
    facts = identify(text)
    assert (facts.kind, facts.strong) == (kind, "")


def test_nothing_is_concluded_from_the_beginning_of_a_huge_file() -> None:
    facts = identify(MIT + " x" * MAX_TEXT)
    assert (facts.kind, facts.strong, facts.stated) == ("too-long", "", "")


@pytest.mark.parametrize("unit", ["{#a", "](#a", "<a", "&a", "(c)", "* ", "part ", "derived from "])
def test_hostile_texts_are_survived(unit: str) -> None:
    facts = identify((unit * MAX_TEXT)[:MAX_TEXT])
    assert facts.strong == ""


def test_neutral_markup_keeps_the_offsets() -> None:
    text = "](" * 600 + "\n" + MIT
    (region,) = scan(text).regions
    assert text[region.start : region.end].strip().endswith("SOFTWARE.")


def test_the_version_names_the_library_and_the_list() -> None:
    library, _, spdx = library_version().partition("+")
    assert library
    assert spdx
