from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adhere.errors import Problem
from adhere.model.location import Location
from adhere.policy.quantity import Duration
from adhere.policy.settings import Waivers
from adhere.policy.waiver import parse_package, parse_subject
from corpus.policies import clarification, places, read_waivers, waiver


def the_problem(text: str, governance: Waivers | None = None) -> Problem:
    file = read_waivers(text, governance=governance)
    assert not file.waivers
    assert not file.clarifications
    (problem,) = file.problems
    return problem


@pytest.mark.parametrize(
    ("text", "name", "specifier"),
    [
        ("requests", "requests", ""),
        ("Requests", "requests", ""),
        ("zope_interface", "zope-interface", ""),
        ("requests@<2.33", "requests", "<2.33"),
        ("requests@2.31", "requests", "==2.31"),
        ("requests @ >=2,<3", "requests", ">=2,<3"),
        ("requests@===weird", "requests", "===weird"),
        ("requests@2.*", "requests", "==2.*"),
        ("pkg:pypi/requests@2.31%2Blocal", "requests", "==2.31+local"),
        ("pkg:pypi/Requests", "requests", ""),
        ("pkg:pypi/requests@2.31", "requests", "==2.31"),
        ("pkg:pypi/requests@2.31?extension=whl#sub", "requests", "==2.31"),
        ("src/app/main.py", "src/app/main.py", ""),
        ("docs/**/*.md", "docs/**/*.md", ""),
    ],
)
def test_subjects(text: str, name: str, specifier: str) -> None:
    subject = parse_subject(text)
    assert (subject.text, subject.name, subject.specifier) == (text, name, specifier)


@pytest.mark.parametrize(
    "text",
    [
        "requests@",
        "requests@ ",
        "requests@new",
        "requests@>=x",
        "pkg:pypi/requests@new",
        "pkg:pypi/requests@%00",
        "requests<2.33",
        "requests >= 2",
        "requests[socks]==2",
        "requests~=2",
    ],
)
def test_subjects_with_a_specifier_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"nothing follows|no version|write `name@specifier`"):
        parse_subject(text)


@pytest.mark.parametrize(
    ("subject", "name", "version", "covered"),
    [
        ("requests", "requests", "2.31", True),
        ("requests", "requests", "", True),
        ("requests", "requests-oauth", "2.31", False),
        ("requests@<2.33", "requests", "2.32", True),
        ("requests@<2.33", "requests", "2.33", False),
        ("requests@<2.33", "requests", "", False),
        ("requests@2.31", "requests", "2.31.0", True),
        ("requests@>=2", "requests", "3.0rc1", True),
        ("requests@weird-1", "requests", "weird-1", False),
        ("requests@===weird-1", "requests", "weird-1", True),
        ("requests@<2", "requests", "weird-1", False),
        ("src/a.py", "src/a.py", "", True),
        ("src/a.py", "src/b.py", "", False),
    ],
)
def test_what_a_subject_covers(subject: str, name: str, version: str, covered: bool) -> None:
    try:
        parsed = parse_subject(subject)
    except ValueError:
        assert not covered
        return
    assert parsed.covers(name, version) is covered


def test_a_waiver_that_is_right() -> None:
    file = read_waivers(
        "# why\n"
        + waiver(
            code='"license-denied"',
            advisory='"GHSA-1"',
            note='"n"',
            approved_by='"@lead"',
            ticket='"SEC-1"',
            digest=f'"sha256:{"a" * 64}"',
            until_fixed="true",
        )
    )
    assert file.problems == ()
    (found,) = file.waivers
    assert found.location == Location("adhere.waivers.toml", 2, 1)
    assert found.table.expires == date(2027, 2, 1)
    assert found.table.until_fixed
    assert found.subject.name == "package"


@pytest.mark.parametrize(
    ("keys", "line", "message"),
    [
        ({"rule": '"licences"'}, 3, "there is no rule `licences`"),
        ({"subject": '"a@"'}, 4, "nothing follows the `@`"),
        ({"owner": '"@"'}, 6, "`owner` names nobody"),
        ({"owner": '" "'}, 6, "`owner` names nobody"),
        ({"owner": '"\\t@\\u200b"'}, 6, "`owner` names nobody"),
        ({"approved_by": '"\\t"'}, 9, "`approved_by` names nobody"),
        ({"created": "2026-11-24"}, 7, "in the future (2026-11-24)"),
        ({"expires": "2026-10-31"}, 8, "`expires` is before `created`"),
        ({"expires": "2027-11-01"}, 8, "lasts 365 days; the policy allows 180d"),
        ({"id": '"  "'}, 2, "`id` is empty"),
        ({"digest": '"sha256:abc"'}, 9, "64 hexadecimal digits"),
        ({"digest": f'"{"a" * 64}"'}, 9, "64 hexadecimal digits"),
        ({"rule_digest": '"sha256:abc"'}, 9, "64 hexadecimal digits"),
        ({"approved_by": '"@"'}, 9, "`approved_by` names nobody"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_waiver_that_is_wrong(keys: dict[str, str], line: int, message: str) -> None:
    problem = the_problem(waiver(**keys))
    assert (problem.code, problem.line) == ("waiver-invalid", line)
    assert message in problem.message


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ({"reason": '"because"'}, "config-type", "'because' is none of `accepted-risk`"),
        ({"expires": ""}, "config-missing-key", "`expires` is missing"),
        ({"owner": ""}, "config-missing-key", "`owner` is missing"),
        ({"expires": '"soon"'}, "config-type", "not a date"),
        ({"expires": "2026-12-01T00:00:00"}, "config-type", "expected a date"),
        ({"until": "2026-12-01"}, "config-unknown-key", "unknown key `until`"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_waiver_that_is_malformed(keys: dict[str, str], code: str, message: str) -> None:
    problem = the_problem(waiver(**keys))
    assert problem.code == code
    assert message.lower() in problem.message.lower()


def test_all_mistakes_of_a_waiver_are_told() -> None:
    file = read_waivers(waiver(rule='"x"', owner='"@"', expires="2026-01-01"))
    assert places(file.problems) == [
        "adhere.waivers.toml:3:8 waiver-invalid",
        "adhere.waivers.toml:6:9 waiver-invalid",
        "adhere.waivers.toml:8:11 waiver-invalid",
    ]


def test_a_bad_waiver_takes_no_other_with_it() -> None:
    file = read_waivers(waiver(owner='"@"') + waiver(id='"W-2"'))
    assert [found.table.id for found in file.waivers] == ["W-2"]


def test_two_of_one_id() -> None:
    file = read_waivers(waiver() + waiver() + clarification(id='"W-1"'))
    assert [found.table.id for found in file.waivers] == ["W-1"]
    assert not file.clarifications
    assert ["stands above" in problem.message for problem in file.problems] == [True, True]


def test_a_term_of_exactly_the_longest_is_right() -> None:
    governance = Waivers(max=Duration("30d"))
    text = waiver(created="2026-11-01", expires="2026-12-01")
    assert read_waivers(text, governance=governance).problems == ()
    problem = the_problem(waiver(created="2026-11-01", expires="2026-12-02"), governance)
    assert problem.message == "it lasts 31 days; the policy allows 30d"


def test_only_approvers_approve() -> None:
    governance = Waivers(approvers=("@lead", "@legal"))
    for more in ('"@lead, @me"', '"@lead,, @me"'):
        the_problem(waiver(approved_by=more), governance)
    problem = the_problem(waiver(approved_by='"@me"'), governance)
    assert (problem.message, problem.line) == ("`@me` may not approve waivers", 9)
    assert problem.hint == "`@lead` and `@legal` may; set by `approvers` in `[waivers]`"
    both = {"approved_by": '"@lead, @legal"'}
    for keys in ({"approved_by": '"@legal"'}, {"approved_by": '"Legal"'}, both, {}):
        assert read_waivers(waiver(**keys), governance=governance).problems == ()


@pytest.mark.parametrize("write", [waiver, clarification])
@pytest.mark.parametrize("approver", ["@alice", "alice", "@Alice", " @ALICE ", "@a\\u200blice"])
@pytest.mark.parametrize(
    ("governance", "hint"),
    [
        (
            Waivers(approvers=("@alice", "@lead")),
            "have somebody else approve it, one of `@lead`; set by `approvers` in `[waivers]`",
        ),
        (
            Waivers(require_approver=True),
            "have somebody else approve it; set by `require_approver` in `[waivers]`",
        ),
    ],
    ids=["listed", "required"],
)
def test_nobody_approves_for_themselves_where_the_policy_speaks_of_approvals(
    write: Any, approver: str, governance: Waivers, hint: str
) -> None:
    problem = the_problem(write(approved_by=f'"{approver}"'), governance)
    assert problem.code == "waiver-invalid"
    assert problem.message.endswith("owns it, and cannot approve it as well")
    assert problem.hint == hint
    assert problem.excerpt.startswith("approved_by = ")


@pytest.mark.parametrize("write", [waiver, clarification])
def test_where_an_approver_is_required_there_has_to_be_one(write: Any) -> None:
    governance = Waivers(require_approver=True, approvers=("@lead",))
    problem = the_problem(write(), governance)
    assert (problem.message, problem.line) == ("nobody has approved it", 1)
    assert problem.hint == (
        "name an approver, one of `@lead`; set by `require_approver` in `[waivers]`"
    )
    file = read_waivers(write(approved_by='"@lead"'), governance=governance)
    assert not file.problems


def test_an_approver_of_another_type_is_one_mistake() -> None:
    problem = the_problem(waiver(approved_by="1"), Waivers(require_approver=True))
    assert problem.code == "config-type"


def test_a_clarification_that_is_right() -> None:
    digests = f'["{"a" * 64}", "sha256:{"b" * 64}"]'
    file = read_waivers(clarification(expression='"mit or apache-2.0"', sha256=digests))
    assert file.problems == ()
    (found,) = file.clarifications
    assert found.expression == "MIT OR Apache-2.0"
    assert found.digests == {f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"}


@pytest.mark.parametrize(
    ("keys", "line", "message"),
    [
        ({"expression": '"MITT"'}, 4, "MITT"),
        ({"expression": '""'}, 4, ""),
        ({"expression": '"MIT AND"'}, 4, ""),
        ({"sha256": "[]"}, 5, "name the sha256"),
        ({"sha256": '["abc"]'}, 5, "name the sha256"),
        ({"sha256": f'["{"A" * 64}"]'}, 5, "name the sha256"),
        ({"created": "2027-01-01"}, 7, "in the future"),
        ({"expires": "2026-01-01"}, 8, "`expires` is before `created`"),
        ({"id": '""'}, 2, "`id` is empty"),
        ({"owner": '""'}, 6, "names nobody"),
        ({"subject": '"a@!"'}, 3, "no version"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_clarification_that_is_wrong(keys: dict[str, str], line: int, message: str) -> None:
    problem = the_problem(clarification(**keys))
    assert (problem.code, problem.line) == ("waiver-invalid", line)
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("[[waver]]\nid = 'x'\n", "config-unknown-key", "did you mean `waiver`?"),
        ("xyz = 1\n", "config-unknown-key", "known are `[[waiver]]`"),
        ("[waiver]\nid = 'x'\n", "config-type", ""),
        ("waiver = [1]\n", "config-type", ""),
        ("schema = 2\n", "config-schema", "reads schema 1"),
        ("schema = '1'\n", "config-schema", "reads schema 1"),
        ("clarification = 'x'\n", "config-type", ""),
    ],
)
def test_a_file_of_another_shape(text: str, code: str, hint: str) -> None:
    problem = the_problem(text)
    assert problem.code == code
    assert hint in problem.hint


def test_an_empty_file_is_fine() -> None:
    assert read_waivers("schema = 1\n").problems == ()


def test_a_subject_says_whether_it_is_a_package() -> None:
    assert parse_package("Requests@2").name == "requests"
    assert not parse_subject("src/app/main.py").package
    with pytest.raises(ValueError, match="names no package"):
        parse_package("src/app/main.py")
