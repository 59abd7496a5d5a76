"""The synthetic corpus: every kind of evidence, weighed to one conclusion."""

from __future__ import annotations

import pytest

from adhere.licenses.choose import conclude
from adhere.licenses.texts import Match, TextFacts, identify
from adhere.model.claim import MAX_RAW
from adhere.model.package import Declared, LicenseFile
from corpus.licenses.cases import Case, cases, license_text


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_corpus(case: Case) -> None:
    found = case.conclude()
    assert (found.state, found.expression) == (case.state, case.is_), found.why
    if case.candidates or case.state == "ambiguous":
        assert found.candidates == tuple(sorted(case.candidates))
    if case.by:
        assert next(claim.kind for claim in found.claims if claim.standing == "decides") == case.by
    assert found.why
    assert (found.confidence > 0.5) == (found.state == "concluded")


def test_every_kind_of_evidence_is_in_the_corpus() -> None:
    kinds = {claim.kind for case in cases() for claim in case.conclude().claims}
    assert kinds == {
        "license-expression",
        "license-field",
        "classifiers",
        "license-text",
        "sbom",
        "curated",
    }
    assert {case.state for case in cases()} == {"concluded", "ambiguous", "conflicting", "unknown"}
    assert len({case.id for case in cases()}) == len(cases())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_the_order_of_files_and_classifiers_changes_nothing(case: Case) -> None:
    declared = case.declared
    if declared is not None:
        declared = Declared(
            declared.expression,
            declared.text,
            tuple(reversed(declared.classifiers)),
            declared.stated,
            declared.digest,
            declared.document,
        )
    found = conclude(case.name, case.version, declared, list(reversed(case.texts)))
    expected = case.conclude()
    assert (found.state, found.expression) == (expected.state, expected.expression)
    assert (found.candidates, found.confidence) == (expected.candidates, expected.confidence)


def test_every_claim_is_kept_with_its_document_and_digest() -> None:
    (case,) = [case for case in cases() if case.id == "slip-of-a-classifier"]
    claims = {claim.kind: claim for claim in case.conclude().claims}
    assert claims["license-field"].standing == "decides"
    assert claims["classifiers"].standing == "contradicts"
    assert claims["license-text"].standing == "agrees"
    assert claims["license-field"].document == "METADATA"
    assert claims["license-field"].raw == "ISC"
    assert claims["license-text"].document == "LICENSE"
    assert claims["license-text"].digest == case.texts[0][0].digest


def test_agreement_raises_confidence_and_doubt_lowers_it() -> None:
    by_id = {case.id: case.conclude().confidence for case in cases()}
    assert by_id["classifier"] < by_id["text"] < by_id["expression"]
    assert by_id["slip-of-a-classifier"] < by_id["field-identifier"]
    unread = conclude("x", "1", Declared(text="MIT"), [(LicenseFile("LICENSE", ""), UNREAD)])
    assert unread.confidence < conclude("x", "1", Declared(text="MIT"), []).confidence
    assert "LICENSE is not recognised" in unread.why


UNREAD = TextFacts("unknown", words=80)


def test_every_kind_that_agrees_halves_the_doubt() -> None:
    text = identify(license_text("mit.txt"))
    alone = conclude("x", "1", Declared(text="MIT License"), [])
    both = conclude("x", "1", Declared(text="MIT License"), [(LicenseFile("LICENSE", ""), text)])
    assert 1 - both.confidence == pytest.approx((1 - alone.confidence) / 2, abs=0.002)


def gnu_text(*names: str) -> TextFacts:
    return TextFacts("license", (Match(names, 1.0),), candidates=names, words=5_000)


def test_the_lesser_gpl_comes_with_the_text_of_the_gpl() -> None:
    texts = [
        (LicenseFile("COPYING", ""), gnu_text("GPL-3.0-only", "GPL-3.0-or-later")),
        (LicenseFile("COPYING.LESSER", ""), gnu_text("LGPL-3.0-only", "LGPL-3.0-or-later")),
    ]
    found = conclude("x", "1", None, texts)
    assert found.candidates == ("LGPL-3.0-only", "LGPL-3.0-or-later")
    declared = conclude("x", "1", Declared(expression="LGPL-3.0-or-later"), texts)
    assert declared.state == "concluded"
    only_gpl = conclude("x", "1", Declared(expression="LGPL-3.0-or-later"), texts[:1])
    assert only_gpl.state == "conflicting"


def test_a_classifier_of_the_lgpl_two_is_open_with_the_text_of_two_one() -> None:
    name = "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)"
    texts = [(LicenseFile("COPYING", ""), gnu_text("LGPL-2.1-only", "LGPL-2.1-or-later"))]
    found = conclude("x", "1", Declared(classifiers=(name,)), texts)
    assert (found.state, found.candidates) == (
        "ambiguous",
        ("LGPL-2.0-or-later", "LGPL-2.1-or-later"),
    )


def test_curated_facts_can_be_left_out() -> None:
    with_facts = conclude("ply", "3.11", Declared(text="BSD"), [])
    without = conclude("ply", "3.11", Declared(text="BSD"), [], curated=False)
    assert (with_facts.state, without.state) == ("concluded", "ambiguous")


def test_curated_facts_are_not_even_asked_when_there_is_evidence() -> None:
    (case,) = [case for case in cases() if case.id == "curated-never-overrides"]
    assert "curated" not in {claim.kind for claim in case.conclude().claims}


def test_missing_evidence_is_passed_on() -> None:
    found = conclude("x", "1", None, [], missing=("the index was not asked",))
    assert (found.state, found.claims) == ("unknown", ())
    assert found.missing == ("the index was not asked",)


def test_a_fact_says_whether_later_versions_of_a_gnu_text_count() -> None:
    text = gnu_text("LGPL-3.0-only", "LGPL-3.0-or-later")
    name = "License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)"
    file = [(LicenseFile("COPYING.LESSER", ""), text)]
    declared = Declared(classifiers=(name,))
    found = conclude("pygithub", "2.10.0", declared, file)
    assert (found.state, found.expression) == ("concluded", "LGPL-3.0-or-later")
    other = [(LicenseFile("COPYING", ""), gnu_text("LGPL-2.1-only", "LGPL-2.1-or-later"))]
    assert conclude("pygithub", "2.10.0", declared, other).state == "ambiguous"
    assert conclude("pygithub", "2.10.1", declared, file).state == "ambiguous"


def test_other_texts_in_the_file_that_decides_are_said() -> None:
    both = identify(license_text("bsd-3-clause.txt") + "\n\n" + license_text("mit.txt"))
    alone = identify(license_text("bsd-3-clause.txt"))
    for declared in (Declared(text="BSD"), Declared(text="BSD-3-Clause")):
        found = conclude("x", "1", declared, [(LicenseFile("LICENSE", ""), both)])
        assert found.expression == "BSD-3-Clause"
        assert "LICENSE also holds MIT" in found.why
        sure = conclude("x", "1", declared, [(LicenseFile("LICENSE", ""), alone)])
        assert found.confidence < sure.confidence
        assert "also" not in sure.why


def test_a_text_that_nothing_declares_is_said_when_a_declared_one_has_no_text() -> None:
    """Seen: `BSD-3-Clause OR Apache-2.0`, and LICENSE.BSD is the two-clause text."""
    texts = [
        (LicenseFile("LICENSE.APACHE", ""), identify(license_text("apache-2.0.txt"))),
        (LicenseFile("LICENSE.BSD", ""), identify(license_text("bsd-2-clause.txt"))),
    ]
    found = conclude("x", "1", Declared(text="BSD-3-Clause OR Apache-2.0"), texts)
    assert found.expression == "BSD-3-Clause OR Apache-2.0"
    assert "LICENSE.BSD is the text of BSD-2-Clause, which is not declared" in found.why
    right = conclude("x", "1", Declared(text="BSD-2-Clause OR Apache-2.0"), texts)
    assert found.confidence < right.confidence
    assert "not declared" not in right.why
    part = [texts[0], (LicenseFile("licenses/vendor/x/LICENSE", ""), texts[1][1])]
    assert "not declared" not in conclude("x", "1", Declared(text="Apache-2.0"), part).why


def test_an_authors_words_are_kept_short() -> None:
    found = conclude("x", "1", Declared(text="nonsense " * 5_000), [])
    assert len(found.claims[0].raw) == MAX_RAW


def test_why_stays_one_line_whatever_the_author_wrote() -> None:
    hostile = "Acme\x1b[31m License\n\n`rm`\u0085 " + "x" * 500
    found = conclude("x", "1", Declared(text=hostile), [])
    assert found.why.isprintable()
    assert len(found.why) < 300


def test_a_thousand_license_files_are_survived() -> None:
    facts = TextFacts("unknown", words=80)
    files = [(LicenseFile(f"licenses/LICENSE.{at}", ""), facts) for at in range(1_000)]
    found = conclude("x", "1", Declared(text="MIT"), files)
    assert found.state == "concluded"
    assert len(found.claims) <= 301
