from __future__ import annotations

from typing import Any

import pytest

from adhere.checks.licenses_unchanged import LAST_RUN
from adhere.model.claim import Claim, Conclusion
from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Component, Fault
from adhere.model.location import Location
from adhere.model.need import (
    Baseline,
    BaselineLicense,
    BaselineNeed,
    CannotJudge,
    InventoryNeed,
    LicensesNeed,
)
from adhere.model.package import LicenseFile
from corpus.inventories import component, inventory, package
from corpus.judging import judge, rule_of, told

A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
REPORT = "release.json"


def now(
    expression: str, version: str = "2.0", texts: tuple[str, ...] = (), **fields: Any
) -> tuple[Component, Conclusion]:
    files = tuple(LicenseFile(f"LICENSE.{i}", digest) for i, digest in enumerate(texts))
    about = component(
        "web", version, packages=(package("web", version, license_files=files),), **fields
    )
    claims = (Claim("license-expression", "METADATA", expression),)
    return about, Conclusion("concluded" if expression else "unknown", expression, claims=claims)


def then(expression: str, version: str = "1.0", texts: tuple[str, ...] = ()) -> BaselineLicense:
    return BaselineLicense(version, expression, "concluded" if expression else "unknown", texts)


def said(
    pair: tuple[Component, Conclusion],
    *before: BaselineLicense,
    parameters: str = "",
    report: str = REPORT,
    known: frozenset[str] = frozenset(),
    keys: str = "",
    faults: tuple[Fault, ...] = (),
) -> Judgement:
    about, conclusion = pair
    against = f'against = "{report}"\n' if report != LAST_RUN else ""
    rule = rule_of("licenses.unchanged", against + parameters, keys)
    earlier = Baseline(report, {"web": before} if before else {}, known)
    answers = {
        InventoryNeed(): inventory(about, faults=faults),
        LicensesNeed(): {(about.name, about.version): conclusion},
        BaselineNeed(report): earlier,
    }
    return judge(rule, answers)  # type: ignore[arg-type]  # needs of several sorts


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (["MIT"], "MIT", False),
        (["MIT"], "AGPL-3.0-only", True),
        (["MIT"], "", True),
        ([""], "MIT", True),
        ([""], "", False),
        (["MIT", "Apache-2.0"], "Apache-2.0", False),
        (["MIT", "Apache-2.0"], "ISC", True),
    ],
)
def test_an_expression_that_changed(before: list[str], after: str, changed: bool) -> None:
    judgement = said(now(after), *map(then, before))
    assert (told(judgement) == ["license-changed web"]) is changed
    assert (judgement.judged, judgement.unjudged) == (1, ())


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ((A,), (A,), False),
        ((A,), (B,), True),
        ((A,), (A, B), True),
        ((A, B), (B, A), False),
        ((), (A,), False),
        ((A,), (), False),
    ],
)
@pytest.mark.parametrize(("texts", "level"), [("warn", "warn"), ("deny", "error"), ("allow", "")])
def test_texts_that_changed_while_the_expression_stayed(
    before: tuple[str, ...], after: tuple[str, ...], changed: bool, texts: str, level: str
) -> None:
    judgement = said(
        now("MIT", texts=after), then("MIT", texts=before), parameters=f'texts = "{texts}"'
    )
    expected = [("license-text-changed", level)] if changed and level else []
    assert [(f.code, f.level) for f in judgement.findings] == expected


def test_a_waiver_can_be_bound_to_the_texts_of_the_change() -> None:
    (first,) = said(now("ISC", texts=(A,)), then("MIT")).findings
    (second,) = said(now("ISC", texts=(B,)), then("MIT")).findings
    assert first.digest.startswith("sha256:")
    assert first.digest != second.digest


def test_what_only_one_of_the_two_has_is_not_compared() -> None:
    judgement = said(now("MIT"))
    assert (judgement.judged, judgement.findings) == (0, ())


@pytest.mark.parametrize("before", ["MIT", ""])
def test_a_package_without_evidence_is_not_judged(before: str) -> None:
    about, _ = now("")
    nothing = Conclusion("unknown", missing=("it is not installed here",))
    judgement = said((about, nothing), then(before))
    assert (judgement.judged, judgement.findings) == (0, ())
    assert [(entry.subject, entry.reason) for entry in judgement.unjudged] == [
        ("web", "it is not installed here")
    ]


def test_but_a_license_that_was_lost_is_a_change() -> None:
    about, _ = now("")
    assert told(said((about, Conclusion("unknown")), then("MIT"))) == ["license-changed web"]


@pytest.mark.parametrize(
    "fields", [{"first_party": True}, {"elsewhere": True}, {"groups": ("dev",)}]
)
def test_whom_it_does_not_speak_of(fields: dict[str, Any]) -> None:
    given = said(now("ISC", **fields), then("MIT"), keys='groups = ["runtime"]\n')
    assert (given.judged, given.findings) == (0, ())


def test_a_package_that_could_not_be_read_is_not_judged() -> None:
    lost = Fault("package-unreadable", "lost", "why", Location("x"))
    judgement = said(now("MIT"), then("MIT"), faults=(lost,))
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]


def absent(report: str) -> Judgement:
    parameters = f'against = "{report}"' if report != LAST_RUN else ""
    about, conclusion = now("MIT")
    answers = {
        InventoryNeed(): inventory(about),
        LicensesNeed(): {("web", "2.0"): conclusion},
        BaselineNeed(report): Missing("there is no report"),
    }
    return judge(rule_of("licenses.unchanged", parameters), answers)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(("report", "hint"), [(LAST_RUN, "the next run has one"), (REPORT, "")])
def test_without_an_earlier_report_nobody_knows(report: str, hint: str) -> None:
    with pytest.raises(CannotJudge) as refused:
        absent(report)
    assert hint in refused.value.missing.hint


def test_to_run_twice_is_no_consent() -> None:
    """The first run reports the change, and leaves a report with the new license in it."""
    first = said(now("ISC"), then("MIT"), report=LAST_RUN).findings[0]
    known = frozenset({first.fingerprint})
    again = said(now("ISC"), then("ISC", "2.0"), report=LAST_RUN, known=known)
    assert [finding.fingerprint for finding in again.findings] == [first.fingerprint]
    assert told(said(now("ISC"), then("ISC", "2.0"), report=LAST_RUN)) == []
    # A report that was named was put there by somebody.
    assert told(said(now("ISC"), then("ISC", "2.0"), known=known)) == []


@pytest.mark.parametrize(("texts", "found"), [("deny", True), ("warn", False), ("allow", False)])
def test_neither_for_texts_where_they_are_denied(texts: str, found: bool) -> None:
    parameters = f'texts = "{texts}"'
    first = said(
        now("MIT", texts=(B,)),
        then("MIT", texts=(A,)),
        parameters='texts = "deny"',
        report=LAST_RUN,
    ).findings[0]
    again = said(
        now("MIT", texts=(B,)),
        then("MIT", texts=(B,)),
        parameters=parameters,
        report=LAST_RUN,
        known=frozenset({first.fingerprint}),
    )
    assert bool(again.findings) is found
