"""Free text about a license: what it is read as, and what is never read into it."""

from __future__ import annotations

import pytest

from adhere.licenses.normalise import MAX_NAME, interpret, is_text

CONCLUDED = {
    # identifiers and names of the SPDX list
    "MIT": "MIT",
    "mit": "MIT",
    "MIT License": "MIT",
    "The MIT License (MIT)": "MIT",
    "Expat": "MIT",
    "M.I.T.": "MIT",
    "MIT-0": "MIT-0",
    "0BSD": "0BSD",
    "Apache-2": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache2.0": "Apache-2.0",
    "ASL 2.0": "Apache-2.0",
    "AL2": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License 2.0": "Apache-2.0",
    "BSD3": "BSD-3-Clause",
    "BSD-3": "BSD-3-Clause",
    "new BSD": "BSD-3-Clause",
    "modified BSD": "BSD-3-Clause",
    'BSD 3-Clause "New" or "Revised" License': "BSD-3-Clause",
    "simplified BSD": "BSD-2-Clause",
    "FreeBSD": "BSD-2-Clause",
    "2-clause BSD": "BSD-2-Clause",
    "MPL 2": "MPL-2.0",
    "LGPLv2.1+": "LGPL-2.1-or-later",
    "GPLv2 or later": "GPL-2.0-or-later",
    "GPL (>= 3)": "GPL-3.0-or-later",
    "GPLv3": "GPL-3.0-only",
    "GPL-3.0": "GPL-3.0-only",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "zlib/libpng": "Zlib",
    "PSF": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Unlicense": "Unlicense",
    "WTFPL": "WTFPL",
    "CC0": "CC0-1.0",
    "CC BY 4.0": "CC-BY-4.0",
    "EUPL 1.2": "EUPL-1.2",
    "Boost Software License 1.0": "BSL-1.0",
    "BSL-1.0": "BSL-1.0",
    "BSL 1.1": "BUSL-1.1",
    "ZPL 2.1": "ZPL-2.1",
    "HPND": "HPND",
    "ISC": "ISC",
    "EPL 2.0": "EPL-2.0",
    "Ms-PL": "MS-PL",
    "Artistic 2.0": "Artistic-2.0",
    "JSON License": "JSON",
    "X11": "X11",
    "NCSA": "NCSA",
    "UPL": "UPL-1.0",
    "Mulan PSL v2": "MulanPSL-2.0",
    "CeCILL-B": "CECILL-B",
    "Apache License 2.0 with LLVM Exceptions": "Apache-2.0 WITH LLVM-exception",
    # words around a name
    "Released under the MIT license.": "MIT",
    "This project is licensed under the terms of the MIT license.": "MIT",
    "MIT License, see LICENSE for details": "MIT",
    "MIT License (see LICENSE)": "MIT",
    "MIT License, Copyright (c) 2012 John Smith": "MIT",
    "License: MIT": "MIT",
    "SPDX-License-Identifier: MIT": "MIT",
    "OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
    "['MIT']": "MIT",
    '"GPL-3.0-or-later"': "GPL-3.0-or-later",
    "{'text': 'MIT'}": "MIT",
    "**MIT**": "MIT",
    "[MIT](https://example.org/LICENSE)": "MIT",
    "Apache Software License (Apache 2.0)": "Apache-2.0",
    "BSD License (3-clause)": "BSD-3-Clause",
    # other languages
    "MIT-Lizenz": "MIT",
    "Licence MIT": "MIT",
    "Licencia MIT": "MIT",
    "GNU GPL Version 3 oder später": "GPL-3.0-or-later",
    "Лицензия MIT": "MIT",
    "MIT许可证": "MIT",
    "木兰宽松许可证, 第2版": "MulanPSL-2.0",
}


@pytest.mark.parametrize(("text", "expression"), CONCLUDED.items())
def test_reads_what_people_write(text: str, expression: str) -> None:
    found = interpret(text)
    assert (found.expression, found.state) == (expression, "concluded")
    assert found.confidence > 0.5
    assert found.note


FAMILIES = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-2-Clause",
    "BSD v3": "BSD-3-Clause",
    "GPL": "GPL-2.0-or-later",
    "GNU General Public License": "GPL-3.0-only",
    "LGPL": "LGPL-2.1-only",
    "Apache": "Apache-2.0",
    "Apache Software License": "Apache-1.1",
    "Artistic License": "Artistic-2.0",
    "MIT/X11": "X11",
    "BSL": "BUSL-1.1",
    "CDDL": "CDDL-1.1",
    "CC-BY-NC-SA": "CC-BY-NC-SA-4.0",
    "http://www.gnu.org/licenses/gpl.html": "GPL-3.0-only",
}


@pytest.mark.parametrize(("text", "candidate"), FAMILIES.items())
def test_a_family_is_ambiguous_and_names_its_members(text: str, candidate: str) -> None:
    found = interpret(text)
    assert (found.expression, found.state, found.sense) == ("", "ambiguous", "open")
    assert candidate in found.candidates
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "UNKNOWN",
        "None",
        "n/a",
        "-",
        "LICENSE",
        "see LICENSE.txt",
        "LICENSE.BSD3",
        "SEE LICENSE IN LICENSE.md",
        "{file = 'LICENSE'}",
        "Open Source",
        "OSI Approved",
        "TODO",
        "https://git.example.org/acme/LICENSE",
        "NOASSERTION",
        "not specified",
        "\x00\x1b",
    ],
)
def test_what_says_nothing_is_silent(text: str) -> None:
    found = interpret(text)
    assert (found.sense, found.state, found.candidates) == ("silent", "unknown", ())


@pytest.mark.parametrize(
    "text",
    [
        "Proprietary",
        "Other/Proprietary License",
        "Commercial",
        "All rights reserved",
        "custom",
        "Not MIT",
        "MIT with restrictions",
        "non-commercial MIT",
        "MIT (modified)",
        "no MIT",
        "MIT + Commons Clause",
        "Apache 2.0 with Commons Clause",
        "MIT, non-commercial use only",
        "LGPL with exceptions",
        "UNLICENSED",
        "LiMITed EULA",
        "Freeware",
        "MIT except for X",
        "Acme Personal Use License",
        "Acme Community License",
        "Internal use only",
    ],
)
def test_a_reservation_is_no_license_and_no_candidate(text: str) -> None:
    found = interpret(text)
    assert (found.sense, found.state) == ("reserved", "unknown")
    assert (found.expression, found.candidates) == ("", ())


@pytest.mark.parametrize("text", ["permitted", "submit", "LIMIT", "MITRE", "GPLX", "SUBMIT-2.0"])
def test_a_name_inside_a_word_is_no_name(text: str) -> None:
    found = interpret(text)
    assert (found.expression, found.candidates) == ("", ())


@pytest.mark.parametrize("text", ["BSD-style", "MIT-like", "GPL compatible", "MIT-ish"])
def test_a_comparison_with_a_license_is_not_that_license(text: str) -> None:
    found = interpret(text)
    assert (found.sense, found.expression, found.candidates) == ("unread", "", ())


@pytest.mark.parametrize(
    "text",
    ["LicenseRef-SUBMITTED-Proprietary", "LicenseRef-Limited-EULA", "MIT AND LicenseRef-Acme"],
)
def test_a_licenseref_is_an_expression_that_nobody_knows(text: str) -> None:
    found = interpret(text)
    assert (found.expression, found.state) == (text, "unknown")


def test_a_choice_with_one_listed_license_is_known() -> None:
    assert interpret("MIT OR LicenseRef-Acme").state == "concluded"


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("Apche 2.0", "Apache-2.0"),
        ("MIT Lisence", "MIT"),
        ("Unilicense", "Unlicense"),
        ("Mozila Public License 2.0", "MPL-2.0"),
        ("Apahce License 2.0", "Apache-2.0"),
    ],
)
def test_a_slip_of_the_pen_proposes_and_never_concludes(text: str, proposed: str) -> None:
    found = interpret(text)
    assert (found.expression, found.sense, found.state) == ("", "guess", "ambiguous")
    assert proposed in found.candidates
    assert found.confidence < 0.5


@pytest.mark.parametrize("text", ["MTI", "GLP", "BDS", "ALF", "PSL"])
def test_short_words_are_too_close_to_too_much(text: str) -> None:
    assert interpret(text).candidates == ()


def test_names_among_other_words_are_candidates_only() -> None:
    found = interpret("MIT (engine) / AGPL-3.0-or-later (bundled server)")
    assert (found.expression, found.state) == ("", "ambiguous")
    assert found.candidates == ("AGPL-3.0-or-later", "MIT")


def test_a_bare_gnu_version_says_what_else_it_may_be() -> None:
    found = interpret("GPLv3")
    assert found.candidates == ("GPL-3.0-only", "GPL-3.0-or-later")
    assert found.confidence < interpret("GPLv3+").confidence
    assert "or later" in found.note


def test_a_deprecated_identifier_is_said() -> None:
    assert interpret("BSD-2-Clause-FreeBSD").expression == "BSD-2-Clause"
    assert "deprecated" in interpret("BSD-2-Clause-FreeBSD").note


def test_an_everyday_word_is_an_identifier_only_as_the_list_writes_it() -> None:
    exact, other = interpret("Intel"), interpret("intel")
    assert (exact.expression, exact.confidence < 0.7) == ("Intel", True)
    assert (other.expression, other.candidates) == ("", ("Intel",))


def test_a_name_in_parentheses_that_disagrees_leaves_it_open() -> None:
    found = interpret("MIT License (Apache-2.0)")
    assert (found.expression, found.candidates) == ("", ("Apache-2.0", "MIT"))


def test_several_licenses_without_names_say_nothing() -> None:
    assert interpret("Dual License").sense == "unread"
    assert interpret("MIT (dual)").expression == ""


def test_a_whole_text_is_not_a_name() -> None:
    text = "Permission is hereby granted, free of charge, to any person " * 40
    assert is_text(text)
    assert interpret(text).note == "it is a text rather than a name"
    assert interpret("MIT " * MAX_NAME).sense == "unread"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900,
        "MIT" + "(" * 900,
        "MIT" + ",;" * 400,
        "or " * 300,
        "* " * 400,
        "[" * 999,
        "http://" * 140,
        "MIT or " * 140,
        "_*" * 400,
        "\u202e" * 500,
        "9." * 400,
        "a" * 999,
    ],
)
def test_hostile_text_is_survived(text: str) -> None:
    assert interpret(text).expression in ("", "MIT")


@pytest.mark.parametrize(
    "text",
    [
        "MIT or later",
        "BSD-3-Clause or later",
        "GPL-2.0-only or later",
        "BSD-3-Clause (modified)",
        "MIT-0 or later",
    ],
)
def test_what_contradicts_itself_or_says_too_little_concludes_nothing(text: str) -> None:
    assert interpret(text).expression == ""


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("Apache 2.0 or later", "Apache-2.0+"),
        ("MPL 2.0 or any later version", "MPL-2.0+"),
        ("GPL 2 or later", "GPL-2.0-or-later"),
        ("Modified BSD 3-Clause", "BSD-3-Clause"),
    ],
)
def test_later_versions_of_what_has_versions(text: str, expression: str) -> None:
    assert interpret(text).expression == expression
