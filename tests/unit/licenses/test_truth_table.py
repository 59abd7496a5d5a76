"""Truths that other tools get wrong, end to end: from evidence to an accepted license."""

from __future__ import annotations

import subprocess
import sys

import pytest

from adhere.licenses.choose import conclude
from adhere.licenses.expression import parse
from adhere.licenses.satisfy import Acceptance, ListName, Lists, read_entry, satisfy
from adhere.model.package import Declared


def lists(*allow: str, deny: tuple[str, ...] = ()) -> Lists:
    rows: list[tuple[ListName, str]] = [("allow", text) for text in allow]
    rows += [("deny", text) for text in deny]
    return Lists(tuple(read_entry(text, name, at) for at, (name, text) in enumerate(rows)))


def judged(expression: str, *allow: str) -> Acceptance:
    return satisfy(parse(expression), lists(*allow)).acceptance


def test_an_and_needs_every_part() -> None:
    assert judged("MIT AND GPL-3.0-only", "MIT") == "denied"
    assert judged("MIT AND GPL-3.0-only", "MIT", "GPL-3.0-only") == "allowed"


def test_an_or_needs_one() -> None:
    assert judged("MIT OR Apache-2.0", "MIT", "Apache-2.0") == "allowed"
    assert judged("MIT OR GPL-3.0-only", "MIT") == "allowed"


@pytest.mark.parametrize("text", ["LicenseRef-SUBMITTED-Proprietary", "LicenseRef-Limited-EULA"])
def test_a_licenseref_is_unknown_and_never_mit(text: str) -> None:
    for declared in (Declared(expression=text), Declared(text=text)):
        found = conclude("x", "1", declared, [])
        assert found.state == "unknown"
        assert satisfy(parse(found.expression), lists("MIT")).acceptance == "denied"


def test_agpl_is_not_gpl() -> None:
    assert judged("AGPL-3.0-only", "GPL-3.0-only", "GPL-3.0-or-later") == "denied"
    assert conclude("x", "1", Declared(text="AGPLv3"), []).expression == "AGPL-3.0-only"


def test_an_exception_is_a_unit_of_its_own() -> None:
    assert judged("Apache-2.0 WITH LLVM-exception", "Apache-2.0") == "denied"
    assert judged("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception") == "allowed"


def test_two_classifiers_conclude_nothing() -> None:
    names = (
        "License :: OSI Approved :: MIT License",
        "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
    )
    found = conclude("x", "1", Declared(classifiers=names), [])
    assert (found.state, found.expression) == ("ambiguous", "")
    assert found.candidates == ("GPL-3.0-only", "MIT")


@pytest.mark.parametrize(
    ("classifier", "expression"),
    [
        ("Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"),
        ("Mulan Permissive Software License v2 (MulanPSL-2.0)", "MulanPSL-2.0"),
    ],
)
def test_version_two_is_version_two(classifier: str, expression: str) -> None:
    declared = Declared(classifiers=(f"License :: OSI Approved :: {classifier}",))
    assert conclude("x", "1", declared, []).expression == expression


def test_no_network_is_needed() -> None:
    """The policy holds offline because nothing here can ask anybody anything."""
    code = (
        "import sys\n"
        "from adhere.licenses.choose import conclude\n"
        "from adhere.licenses.texts import identify\n"
        "from adhere.model.package import Declared, LicenseFile\n"
        "conclude('x', '1', Declared(text='GPL'), [(LicenseFile('LICENSE', ''), identify('MIT'))])\n"
        "print(sorted({'socket', 'httpx', 'ssl', 'asyncio', 'urllib.request'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[]"
