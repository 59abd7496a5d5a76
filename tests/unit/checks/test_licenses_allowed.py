from __future__ import annotations

from typing import Any

import pytest

from adhere.model.claim import Claim, Conclusion
from adhere.model.finding import Judgement
from adhere.model.inventory import Fault
from adhere.model.location import Location
from adhere.model.need import InventoryNeed, LicensesNeed
from adhere.model.package import LicenseFile
from corpus.inventories import component, inventory, package
from corpus.judging import judge, rule_of, told, wrong

CLAIM = Claim("license-field", "METADATA", "words")
ALLOW = 'allow = ["MIT", "Apache-2.0"]\n'


def concluded(expression: str, state: Any = "concluded") -> Conclusion:
    return Conclusion(state, expression, claims=(CLAIM,))


def said(
    conclusion: Conclusion, parameters: str = ALLOW, keys: str = "", **fields: Any
) -> Judgement:
    rule = rule_of("licenses.allowed", parameters, keys)
    faults = fields.pop("faults", ())
    about = component("web", **fields)
    answers = {
        InventoryNeed(): inventory(about, faults=faults),
        LicensesNeed(): {(about.name, about.version): conclusion},
    }
    return judge(rule, answers)  # type: ignore[arg-type]  # needs of two sorts


@pytest.mark.parametrize(
    ("parameters", "expression", "code"),
    [
        (ALLOW, "MIT", ""),
        (ALLOW, "ISC", "license-denied"),
        (ALLOW, "MIT OR ISC", ""),
        (ALLOW, "MIT AND ISC", "license-denied"),
        (ALLOW, "(MIT OR ISC) AND Apache-2.0", ""),
        (ALLOW, "MIT AND Apache-2.0", ""),
        (ALLOW, "Apache-2.0 WITH LLVM-exception", "license-denied"),
        (ALLOW + 'exceptions = ["LLVM-exception"]', "Apache-2.0 WITH LLVM-exception", ""),
        (ALLOW + 'exceptions = ["*"]', "Apache-2.0 WITH LLVM-exception", ""),
        (ALLOW + 'exceptions = ["*"]', "GPL-3.0-only WITH GCC-exception-3.1", "license-denied"),
        ('allow = ["Apache-2.0 WITH LLVM-exception"]', "Apache-2.0", "license-denied"),
        (ALLOW + 'review = ["MPL-2.0"]', "MPL-2.0", "license-review"),
        (ALLOW + 'review = ["MPL-2.0"]', "MPL-2.0 OR MIT", ""),
        (ALLOW + 'review = ["MPL-2.0"]', "MPL-2.0 AND MIT", "license-review"),
        (ALLOW + 'review = ["MPL-2.0"]', "MPL-2.0 AND ISC", "license-denied"),
        ('allow = ["category:permissive"]', "ISC", ""),
        ('allow = ["category:permissive"]', "GPL-3.0-only", "license-denied"),
        ('allow = ["category:permissive"]\ndeny = ["ISC"]', "ISC", "license-denied"),
        (ALLOW, "LicenseRef-Acme", "license-denied"),
        ('allow = ["LicenseRef-Acme"]', "LicenseRef-Acme", ""),
    ],
)
@pytest.mark.parametrize("state", ["concluded", "clarified"])
def test_what_was_concluded(parameters: str, expression: str, code: str, state: str) -> None:
    judgement = said(concluded(expression, state), parameters)
    assert told(judgement) == ([f"{code} web"] if code else [])
    assert judgement.judged == 1
    assert [finding.needs_approver for finding in judgement.findings] == (
        [code == "license-review"] if code else []
    )


STATES = {
    "unknown": ("unknown", "license-unknown"),
    "ambiguous": ("unconcluded", "license-unconcluded"),
    "conflicting": ("conflicting", "license-conflicting"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("treatment", "level"), [("", "error"), ("deny", "error"), ("warn", "warn"), ("allow", None)]
)
def test_what_was_not_concluded(state: str, treatment: str, level: str | None) -> None:
    key, code = STATES[state]
    parameters = ALLOW + (f'{key} = "{treatment}"' if treatment else "")
    expression = "MIT" if state == "conflicting" else ""
    judgement = said(concluded(expression, state), parameters)
    expected = [] if level is None else [(code, level)]
    assert [(f.code, f.level) for f in judgement.findings] == expected


@pytest.mark.parametrize("treatment", ["deny", "warn", "allow"])
def test_no_evidence_at_all_is_not_judged_whatever_unknown_means(treatment: str) -> None:
    judgement = said(Conclusion("unknown", missing=("offline",)), f'{ALLOW}unknown = "{treatment}"')
    assert (judgement.judged, judgement.findings) == (0, ())
    assert [(entry.subject, entry.reason) for entry in judgement.unjudged] == [("web", "offline")]


def classifiers(*raw: str, candidates: tuple[str, ...]) -> Conclusion:
    claim = Claim("classifiers", "METADATA", "; ".join(raw), candidates=candidates)
    return Conclusion("ambiguous", candidates=candidates, claims=(claim,))


MIT = "License :: OSI Approved :: MIT License"
APACHE = "License :: OSI Approved :: Apache Software License"
ISC = "License :: OSI Approved :: ISC License (ISCL)"
BSD = "License :: OSI Approved :: BSD License"


@pytest.mark.parametrize(
    ("names", "candidates", "setting", "found"),
    [
        ((MIT, ISC), ("ISC", "MIT"), "", "license-unconcluded"),
        ((MIT, ISC), ("ISC", "MIT"), "unconcluded", "license-unconcluded"),
        ((MIT, ISC), ("ISC", "MIT"), "and", "license-denied"),
        ((MIT, ISC), ("ISC", "MIT"), "or", ""),
        ((MIT, BSD), ("BSD-2-Clause", "BSD-3-Clause", "MIT"), "or", "license-unconcluded"),
    ],
)
def test_several_classifiers_are_what_the_policy_says(
    names: tuple[str, ...], candidates: tuple[str, ...], setting: str, found: str
) -> None:
    parameters = ALLOW + (f'classifier_set = "{setting}"' if setting else "")
    judgement = said(classifiers(*names, candidates=candidates), parameters)
    assert told(judgement) == ([f"{found} web"] if found else [])


def test_several_classifiers_are_fine_where_every_reading_is() -> None:
    both = ("ISC", "MIT")
    assert told(said(classifiers(MIT, ISC, candidates=both), 'allow = ["MIT", "ISC"]')) == []
    one = said(classifiers(MIT, ISC, candidates=both), 'allow = ["MIT"]\nreview = ["ISC"]')
    assert told(one) == ["license-unconcluded web"]


@pytest.mark.parametrize(
    ("name", "choice", "found"),
    [
        ("web", "MIT", []),
        ("WEB", "MIT", []),
        ("web", "ISC", ["license-denied web"]),
        ("web", "Apache-2.0", ["license-choice web"]),
        ("other", "MIT", ["license-choice other"]),
        ("Ot_her", "MIT", ["license-choice ot-her"]),
    ],
)
def test_a_choice_that_was_made_for_good(name: str, choice: str, found: list[str]) -> None:
    judgement = said(concluded("MIT OR ISC"), f'{ALLOW}choices = {{ "{name}" = "{choice}" }}')
    assert told(judgement) == found
    if found and found[0].startswith("license-choice"):
        pointed = (
            judgement.findings[0].location if name != "web" else judgement.findings[0].notes[0]
        )
        assert pointed is not None


@pytest.mark.parametrize(
    ("fields", "keys", "judged"),
    [
        ({"first_party": True}, "", 0),
        ({"elsewhere": True}, "", 0),
        ({"groups": ("dev",)}, 'groups = ["runtime"]\n', 0),
        ({"groups": ("dev", "runtime")}, 'groups = ["runtime"]\n', 1),
    ],
)
def test_whom_it_speaks_of(fields: dict[str, Any], keys: str, judged: int) -> None:
    judgement = said(concluded("ISC"), keys=keys, **fields)
    assert (judgement.judged, len(judgement.findings)) == (judged, judged)
    assert all(finding.groups == fields["groups"] for finding in judgement.findings)


def test_a_finding_is_bound_to_the_texts_that_were_read() -> None:
    def digest(*files: str) -> str:
        texts = tuple(LicenseFile(f"L{i}", f"sha256:{f * 64}") for i, f in enumerate(files))
        packages = (package("web", license_files=texts),)
        return said(concluded("ISC"), packages=packages).findings[0].digest

    assert digest() == ""
    assert digest("a", "b") == digest("b", "a") != digest("a")


def test_another_license_is_another_finding() -> None:
    first, second = (said(concluded(text)).findings[0] for text in ("ISC", "GPL-3.0-only"))
    assert first.fingerprint != second.fingerprint


def test_a_package_that_could_not_be_read_is_not_judged() -> None:
    lost = Fault("package-unreadable", "lost", "why", Location("x"))
    judgement = said(concluded("MIT"), faults=(lost,))
    assert [entry.subject for entry in judgement.unjudged] == ["lost"]
    assert judgement.observed == "1 of 2 packages accepted"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"allow": []}, "allow: nothing is allowed"),
        ({"allow": ["MITT"]}, "allow.0: "),
        ({"allow": ["MIT", "mit"]}, "allow.1: `mit` already stands in `allow`"),
        ({"review": ["MIT"]}, "review.0: `MIT` already stands in `allow`"),
        ({"deny": ["MIT"]}, "deny.0: `MIT` already stands in `allow`"),
        ({"deny": ["category:nice"]}, "deny.0: "),
        ({"allow": ["MIT OR ISC"]}, "allow.0: "),
        ({"exceptions": ["LLVM"]}, "exceptions.0: `LLVM` is no SPDX exception"),
        ({"choices": {"web": "MITT"}}, "choices.web: "),
        ({"choices": {"we.b": "MIT", "we-b": "MIT"}}, "choices.we-b: `we-b` is `we.b` in another"),
    ],
)
def test_parameters_that_cannot_be(parameters: dict[str, Any], message: str) -> None:
    (problem,) = wrong("licenses.allowed", **{"allow": ["MIT"], **parameters})
    assert problem.startswith(message)
