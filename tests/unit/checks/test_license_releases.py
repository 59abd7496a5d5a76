from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adhere.licenses.choose import conclude
from adhere.model.claim import Claim, Conclusion
from adhere.model.finding import Judgement, Missing
from adhere.model.inventory import Component
from adhere.model.need import InventoryNeed, LicensesNeed, PreviousNeed
from adhere.model.package import Declared, Origin
from adhere.model.project import Previous
from adhere.policy.rule import ParamProblem
from corpus.inventories import component, inventory, package
from corpus.judging import judge, rule_of, told

AGAINST = 'against = "previous-release"\n'
MIT = "License :: OSI Approved :: MIT License"
BSD = "License :: OSI Approved :: BSD License"


def web(declared: Declared | None, **fields: Any) -> Component:
    about: dict[str, Any] = {"declared": declared}
    if "origin" in fields:
        about["origin"] = fields.pop("origin")
    return component("web", "2.0", packages=(package("web", "2.0", **about),), **fields)


def now_of(about: Component) -> Conclusion:
    """What it comes to, with a license text beside the metadata."""
    found = conclude("web", "2.0", about.declared, ())
    text = Claim("license-text", "LICENSE", expression="Zlib")
    return msgspec.structs.replace(found, claims=(text, *found.claims))


def said(
    about: Component,
    answer: Previous | Missing | None,
    parameters: str = "",
    need: PreviousNeed | None = None,
    concluded: Conclusion | None = None,
) -> Judgement:
    rule = rule_of("licenses.unchanged", AGAINST + parameters)
    answers = {
        InventoryNeed(): inventory(about),
        LicensesNeed(): {(about.name, "2.0"): concluded or now_of(about)},
        need or PreviousNeed(): {} if answer is None else {(about.name, "2.0"): answer},
    }
    return judge(rule, answers)  # type: ignore[arg-type]  # needs of several sorts


def then(expression: str = "", *classifiers: str, version: str = "1.0") -> Previous:
    return Previous(version, Declared(expression=expression, classifiers=classifiers))


@pytest.mark.parametrize(
    ("before", "now", "changed"),
    [
        (then("MIT"), Declared("MIT"), False),
        (then("MIT"), Declared("AGPL-3.0-only"), True),
        (then("", MIT), Declared("MIT"), False),
        (then("", BSD), Declared("", classifiers=(BSD,)), False),
        (then("MIT OR ISC"), Declared("ISC OR MIT"), False),
    ],
)
def test_metadata_is_compared_with_metadata(before: Previous, now: Declared, changed: bool) -> None:
    judgement = said(web(now), before)
    assert told(judgement) == (["license-changed web"] if changed else [])
    assert (judgement.judged, judgement.unjudged) == (1, ())


def test_a_change_is_told_with_both_releases() -> None:
    (finding,) = said(web(Declared("BUSL-1.1")), then("Apache-2.0")).findings
    assert finding.message == "web changed its license from Apache-2.0 (1.0) to BUSL-1.1 (2.0)"
    assert "waive it for this version" in finding.fix


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        (then("", BSD), Declared("MIT"), "the metadata of 1.0, the release before, leaves its"),
        (then("MIT"), Declared("", classifiers=(BSD,)), "the metadata of 2.0 leaves its"),
        (Missing("index: offline"), Declared("MIT"), "index: offline"),
        (None, Declared("MIT"), "nobody asked"),
    ],
)
def test_what_is_open_is_not_judged(
    before: Previous | Missing | None, now: Declared, reason: str
) -> None:
    judgement = said(web(now), before)
    assert told(judgement) == []
    assert judgement.judged == 0
    assert judgement.unjudged[0].reason.startswith(reason)


def test_a_first_release_has_none_before_it() -> None:
    judgement = said(web(Declared("MIT")), Previous("", None))
    assert (judgement.judged, told(judgement)) == (1, [])


def test_what_is_only_locked_is_what_an_index_says() -> None:
    claims = (Claim("index", "METADATA", "ISC", expression="ISC"),)
    by_index = Conclusion("concluded", "ISC", claims=claims)
    assert told(said(web(None), then("MIT"), concluded=by_index)) == ["license-changed web"]
    assert told(said(web(None), then("ISC"), concluded=by_index)) == []


def test_what_comes_from_elsewhere_has_no_release_before() -> None:
    origin = Origin("vcs", "https://git.example.org/web")
    judgement = said(web(Declared("MIT"), origin=origin), then("ISC"))
    assert (judgement.judged, judgement.unjudged) == (0, ())


def test_a_choice_of_packages() -> None:
    for parameters, need, is_direct in (
        ('only = ["we*"]', PreviousNeed(("we*",)), False),
        ("direct = true", PreviousNeed((), direct=True), True),
    ):
        about = web(Declared("MIT"), direct=is_direct)
        assert said(about, then("ISC"), parameters, need).judged == 1
    for parameters, need in (
        ('only = ["other"]', PreviousNeed(("other",))),
        ("direct = true", PreviousNeed((), direct=True)),
    ):
        about = web(Declared("MIT"), direct=False)
        assert said(about, then("ISC"), parameters, need).judged == 0


def test_a_choice_needs_something_to_choose_for() -> None:
    from adhere.checks.licenses_unchanged import Params, validate

    assert list(validate(Params("previous-release", only=("a",), direct=True))) == []
    problems: list[ParamProblem] = list(validate(Params(only=("a",), direct=True)))
    assert [path for path, _, _ in problems] == [("only",), ("direct",)]
