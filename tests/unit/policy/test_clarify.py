from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adhere.model.claim import Claim, Conclusion
from adhere.model.inventory import Component
from adhere.model.package import Declared, LicenseFile
from adhere.policy.clarify import clarify, concerned, holds
from adhere.policy.waiver import Clarification
from corpus.inventories import component, package
from corpus.policies import TODAY, clarification, read_waivers

LICENSE, NOTICE, METADATA = (f"sha256:{letter * 64}" for letter in "abc")
UNKNOWN = Conclusion("unknown", claims=(Claim("license-text", "LICENSE"),), missing=("index",))


def clarified(*digests: str, **keys: str) -> Clarification:
    listed = ", ".join(f'"{digest}"' for digest in digests)
    file = read_waivers(clarification(sha256=f"[{listed}]", **keys))
    assert not file.problems
    return file.clarifications[0]


def installed(*files: str, metadata: str = "", version: str = "1.0") -> Component:
    given: dict[str, Any] = {
        "license_files": tuple(LicenseFile(f"LICENSE.{i}", d) for i, d in enumerate(files))
    }
    if metadata:
        given["declared"] = Declared(digest=metadata)
    return component("package", version, packages=(package("package", version, **given),))


def test_a_person_decides_what_the_files_say() -> None:
    before = Conclusion(
        "ambiguous",
        candidates=("BSD-2-Clause", "BSD-3-Clause"),
        claims=(
            Claim("license-field", "METADATA", expression="MIT", standing="decides"),
            Claim("license-text", "LICENSE", expression="ISC", standing="decides"),
            Claim("classifiers", "METADATA", standing="silent"),
        ),
    )
    found = clarify(installed(LICENSE), before, [clarified(LICENSE)], TODAY)
    assert (found.state, found.expression, found.confidence) == ("clarified", "MIT", 1.0)
    assert found.candidates == ()
    assert "@alice" in found.why
    assert [(c.kind, c.standing) for c in found.claims] == [
        ("clarification", "decides"),
        ("license-field", "agrees"),
        ("license-text", "outranked"),
        ("classifiers", "silent"),
    ]


@pytest.mark.parametrize(
    ("read", "there", "metadata", "held"),
    [
        ([LICENSE], [LICENSE], "", True),
        ([LICENSE, NOTICE], [NOTICE, LICENSE], "", True),
        ([LICENSE], [NOTICE], "", False),
        ([LICENSE], [LICENSE, NOTICE], "", False),
        ([LICENSE, NOTICE], [LICENSE], "", False),
        ([LICENSE], [], "", False),
        ([METADATA], [], METADATA, True),
        ([METADATA], [LICENSE], METADATA, False),
        ([LICENSE], [LICENSE], METADATA, True),
        ([LICENSE, METADATA], [LICENSE], METADATA, True),
    ],
    ids=[
        "the file",
        "both files in any order",
        "another file",
        "one more file",
        "one file less",
        "no file",
        "the metadata, where there is no file",
        "a file came beside the metadata",
        "the metadata was not read",
        "the metadata was read too",
    ],
)
def test_it_holds_for_exactly_the_files_that_were_read(
    read: list[str], there: list[str], metadata: str, held: bool
) -> None:
    about = installed(*there, metadata=metadata)
    assert holds(clarified(*read), about, TODAY) is held
    state = clarify(about, UNKNOWN, [clarified(*read)], TODAY).state
    assert state == ("clarified" if held else "unknown")


def test_one_that_lapsed_leaves_the_evidence_as_it_was() -> None:
    assert clarify(installed(NOTICE), UNKNOWN, [clarified(LICENSE)], TODAY) is UNKNOWN


@pytest.mark.parametrize(("today", "held"), [(date(2026, 12, 1), True), (date(2026, 12, 2), False)])
def test_it_holds_to_the_end_of_its_last_day(today: date, held: bool) -> None:
    ends = clarified(LICENSE, expires="2026-12-01")
    assert holds(ends, installed(LICENSE), today) is held


@pytest.mark.parametrize(
    ("subject", "version", "meant"),
    [('"package"', "2.0", True), ('"package@<2"', "1.9", True), ('"package@<2"', "2.0", False)],
)
def test_it_speaks_of_the_versions_it_names(subject: str, version: str, meant: bool) -> None:
    about = installed(LICENSE, version=version)
    one = clarified(LICENSE, subject=subject)
    assert (clarify(about, UNKNOWN, [one], TODAY).state == "clarified") is meant
    assert concerned(one, [about]) == ([about] if meant else [])


def test_the_first_one_that_holds_is_taken() -> None:
    lapsed, first, second = (
        clarified(NOTICE, id='"C-0"', expression='"ISC"'),
        clarified(LICENSE, id='"C-1"', expression='"MIT"'),
        clarified(LICENSE, id='"C-2"', expression='"0BSD"'),
    )
    found = clarify(installed(LICENSE), UNKNOWN, [lapsed, first, second], TODAY)
    assert found.expression == "MIT"
    assert found.missing == ("index",)
