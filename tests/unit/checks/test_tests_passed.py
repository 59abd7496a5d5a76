from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from adhere.model.finding import Judgement
from adhere.model.location import Location
from adhere.model.need import ResultsNeed, TodayNeed
from adhere.model.results import Case, ResultFile, Results
from adhere.policy.rule import Decision
from corpus.judging import judge, rule_of, told, wrong

DAY = date(2026, 11, 24)
HERE = "a" * 40
THERE = "b" * 40


def case(name: str, ended: str = "passed", *marks: str) -> Case:
    return msgspec.convert(
        {"name": name, "ended": ended, "recorded": ("junit.xml", 3, 1), "marks": marks}, Case
    )


def file(
    *cases: Case,
    taken: date | None = DAY,
    commits: tuple[str, ...] = (),
    dirty: bool | None = None,
) -> ResultFile:
    return ResultFile("junit.xml", taken, commits, dirty, cases)


def said(
    *files: ResultFile,
    parameters: str = 'tests = ["*"]',
    commit: str = "",
    dirty: bool | None = None,
    decision: str = "",
) -> Judgement:
    rule = rule_of("tests.passed", f'results = "junit.xml"\n{parameters}\n')
    if decision:
        rule = msgspec.structs.replace(rule, decision=Decision(decision, "A title"))
    results = Results(files, commit, dirty)
    return judge(rule, {ResultsNeed("junit.xml"): results, TodayNeed(): DAY})  # type: ignore[arg-type]  # needs of several sorts


@pytest.mark.parametrize(
    ("pattern", "name", "chosen"),
    [
        ("tests.test_a.test_b", "tests.test_a.test_b", True),
        ("tests.test_a.test_b", "tests.test_a.test_b[1-[x]]", True),
        ("tests.test_a.test_b", "tests.test_a.test_bc", False),
        ("tests.test_a.test_b[2]", "tests.test_a.test_b[2]", True),
        ("tests.test_a.test_b[2]", "tests.test_a.test_b[1]", False),
        ("test_b", "tests.test_a.test_b", False),
        ("*.test_b", "tests.test_a.test_b", True),
        ("tests?test_a.test_b", "tests.test_a.test_b", True),
        ("tests/test_a.py", "tests.test_a.TestX.test_b", True),
        ("tests/test_a.py", "tests.test_ab.test_b", False),
        ("tests/test_*.py", "tests.test_a.test_b", True),
        ("tests/test_a.py::test_b", "tests.test_a.test_b[1]", True),
        ("tests/test_a.py::TestX::test_b", "tests.test_a.TestX.test_b", True),
        ("tests/test_a.py::test_b", "tests.test_a.TestX.test_b", False),
        ("org.example.*.opens", "org.example.A.opens", True),
        ("org.example.A.opens", "orgXexample.A.opens", False),
    ],
)
def test_a_pattern_names_tests(pattern: str, name: str, *, chosen: bool) -> None:
    found = said(file(case(name)), parameters=f"tests = ['{pattern}']")
    assert found.judged == chosen


def test_a_pattern_names_files_where_the_tool_says_them() -> None:
    java = msgspec.structs.replace(case("A.opens"), file="src/test/A.java")
    assert said(file(java), parameters='tests = ["src/test/*.java"]').judged == 1


@pytest.mark.parametrize(
    ("mark", "decision", "parameters", "chosen"),
    [
        ("ADR-015/probe", "ADR-015", "", True),
        ("ADR-015/other", "ADR-015", "", False),
        ("ADR-015/", "ADR-015", "", False),
        ("ADR-016/probe", "ADR-015", "", False),
        ("/probe", "ADR-015", "", False),
        ("/probe", "", "", True),
        ("ADR-015/other", "ADR-015", 'marked = "decision"', True),
        ("ADR-015/", "ADR-015", 'marked = "decision"', True),
        ("ADR-0159/x", "ADR-015", 'marked = "decision"', False),
        ("/probe", "", 'marked = "decision"', False),
        ("ADR-015/probe", "ADR-015", 'tests = ["elsewhere*"]', False),
        ("ADR-015/probe", "ADR-015", 'tests = ["elsewhere*"]\nmarked = "rule"', True),
    ],
)
def test_a_mark_names_a_rule(mark: str, decision: str, parameters: str, *, chosen: bool) -> None:
    rule = rule_of("tests.passed", 'results = "junit.xml"')
    mark = mark.replace("probe", rule.table.id)
    found = said(file(case("t", "passed", mark)), parameters=parameters, decision=decision)
    assert found.judged == chosen


@pytest.mark.parametrize(
    ("ended", "codes", "unjudged"),
    [
        ("passed", [], 0),
        ("failed", ["test-failed t"], 0),
        ("error", ["test-failed t"], 0),
        ("xfailed", ["test-failed t"], 0),
        ("skipped", [], 1),
        ("unknown", [], 1),
    ],
)
def test_only_a_test_that_passed_is_a_pass(ended: str, codes: list[str], unjudged: int) -> None:
    found = said(file(case("t", ended)))
    assert (told(found), len(found.unjudged)) == (codes, unjudged)


def test_a_test_that_ran_twice_has_to_pass_twice() -> None:
    assert told(said(file(case("t")), file(case("t", "failed")))) == ["test-failed t"]


@pytest.mark.parametrize(
    ("results", "commit", "dirty", "current"),
    [
        (file(case("t"), taken=DAY), "", None, True),
        (file(case("t"), taken=DAY - timedelta(days=1)), "", None, True),
        (file(case("t"), taken=DAY - timedelta(days=2)), "", None, False),
        (file(case("t"), taken=DAY + timedelta(days=1)), "", None, True),
        (file(case("t"), taken=DAY + timedelta(days=2)), "", None, False),
        (file(case("t"), taken=None), "", None, False),
        (file(case("t"), taken=None), HERE, False, False),
        (file(case("t"), commits=(HERE,)), HERE, False, True),
        (file(case("t"), commits=(HERE,), dirty=True), HERE, True, True),
        (file(case("t"), commits=(THERE,)), HERE, False, False),
        (file(case("t"), commits=(HERE, THERE)), HERE, False, False),
        (file(case("t"), commits=(THERE,)), "", None, True),
        (file(case("t"), taken=None, commits=(HERE,), dirty=False), HERE, False, True),
        (file(case("t"), taken=None, commits=(HERE,), dirty=True), HERE, False, False),
        (file(case("t"), taken=None, commits=(HERE,), dirty=False), HERE, True, False),
        (file(case("t"), taken=None, commits=(HERE,), dirty=False), "", None, False),
        (file(case("t"), taken=DAY - timedelta(days=9), commits=(HERE,)), HERE, False, False),
    ],
)
def test_results_speak_of_a_time(
    results: ResultFile, commit: str, *, dirty: bool | None, current: bool
) -> None:
    found = said(results, commit=commit, dirty=dirty)
    assert (found.judged, len(found.unjudged)) == (int(current), int(not current))
    assert told(found) == []


def test_a_tree_with_changes_is_said() -> None:
    found = said(file(case("t"), commits=(HERE,), dirty=True), commit=HERE, dirty=False)
    assert found.observed == "1 of 1 result passed, of a tree with changes that no commit has"


def test_a_file_that_could_not_be_read_fails_who_asks_for_it_and_leaves_others_open() -> None:
    broken = Case("tests.test_a", "error", Location("junit.xml", 3, 1), collection=True)
    left_out = msgspec.structs.replace(broken, name="tests.test_b", ended="skipped")
    results = file(broken, left_out, case("tests.test_c.test_x"))
    asked = said(results, parameters='tests = ["tests/test_a.py"]')
    assert told(asked) == ["test-failed tests.test_a"]
    other = said(results, parameters='tests = ["tests/test_c.py"]')
    assert (told(other), [u.subject for u in other.unjudged]) == ([], ["tests.test_a"])
    skipped = said(results, parameters='tests = ["tests/test_b.py"]')
    assert [u.subject for u in skipped.unjudged] == ["tests.test_b", "tests.test_a"]


def test_parameters_that_cannot_be() -> None:
    assert wrong("tests.passed", results="/junit.xml") == [
        "results: `/junit.xml` has to be a POSIX path or pattern inside the project"
    ]
    assert wrong("tests.passed", results="a.xml", tests=["b", ""], min_tests=0) == [
        "tests.1: it names no test",
        "min_tests: without a test nothing is shown",
    ]
