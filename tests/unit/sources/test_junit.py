"""JUnit XML in the dialects of the tools that write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adhere.errors import ConfigError
from adhere.model.location import Location
from adhere.model.results import ResultFile
from adhere.sources import xml_file
from adhere.sources.junit import read_junit

PYTEST = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests">
<testsuite name="pytest" timestamp="2026-11-24T00:30:00+02:00">
<properties>
<property name="adhere.commit" value="abc"/><property name="adhere.dirty" value="false"/>
</properties>
<testcase classname="tests.test_a.TestX" name="test_b[1]" file="tests/test_a.py" line="6">
<properties><property name="adhere.adr" value="ADR-1/x"/><property name="adhere.adr" value="ADR-2/"/>
</properties></testcase>
<testcase classname="" name="tests.test_c"><error message="collection failure">Traceback</error></testcase>
</testsuite></testsuites>
"""
GRADLE = """\
<testsuite name="org.example.A" timestamp="2026-11-24T09:00:00.1Z" tests="2">
<testcase name="opens()" classname="org.example.A"/>
<testcase name="waits()" classname="org.example.A"><skipped/></testcase>
<system-out><![CDATA[<testcase name="no test"/>]]></system-out>
</testsuite>
"""
NESTED = """\
<testsuites timestamp="2026-11-25T09:00:00">
<testsuite name="outer" timestamp="2026-11-24T09:00:00">
<testcase name="one" classname="C"/>
<testsuite name="inner" file="inner_test.py"><testcase name="two" line="12"/></testsuite>
</testsuite>
<testsuite name="later"><testcase name="three" classname="C"/></testsuite>
</testsuites>
"""


def read(text: str) -> ResultFile:
    return read_junit(text, "r.xml")


def one(inside: str = "", attributes: str = "") -> tuple[str, str]:
    (case,) = read(
        f'<testsuite><testcase name="t" {attributes}>{inside}</testcase></testsuite>'
    ).cases
    return case.ended, case.said


def test_pytest_with_the_plugin() -> None:
    found = read(PYTEST)
    assert (found.taken, found.commits, found.dirty) == (date(2026, 11, 23), ("abc",), False)
    first, second = found.cases
    assert first.name == "tests.test_a.TestX.test_b[1]"
    assert first.location == Location("tests/test_a.py", 7)  # it counts from nothing
    assert first.recorded == Location("r.xml", 7, 1)
    assert first.marks == ("ADR-1/x", "ADR-2/")
    assert not first.collection
    assert (second.name, second.ended, second.collection) == ("tests.test_c", "error", True)


def test_gradle() -> None:
    found = read(GRADLE)
    assert [(c.name, c.ended) for c in found.cases] == [
        ("org.example.A.opens()", "passed"),
        ("org.example.A.waits()", "skipped"),
    ]
    assert (found.taken, found.commits, found.dirty) == (date(2026, 11, 24), (), None)


def test_suites_in_suites() -> None:
    found = read(NESTED)
    assert [(c.name, str(c.location)) for c in found.cases] == [
        ("C.one", "r.xml:3:1"),
        ("two", "inner_test.py:12:1"),
        ("C.three", "r.xml:6:25"),
    ]
    assert found.taken == date(2026, 11, 24)  # the oldest part of it


@pytest.mark.parametrize(
    ("inside", "ended"),
    [
        ("", ("passed", "")),
        ('<failure message="no"/>', ("failed", "no")),
        ("<failure>\n  a trace\n  of it</failure>", ("failed", "a trace")),
        ('<error message="x"/>', ("error", "x")),
        ('<skipped message="not here"/>', ("skipped", "not here")),
        ("<skipped/>", ("skipped", "")),
        ("<disabled/>", ("skipped", "disabled")),
        ('<skipped type="pytest.xfail" message="known"/>', ("xfailed", "known")),
        ('<skipped/><failure message="no"/>', ("failed", "no")),
        ('<failure message="no"/><error message="at the end"/>', ("error", "at the end")),
        ("<system-out>failure</system-out>", ("passed", "")),
        ('<failure message="\x1b[31m"/>'.replace("\x1b", "&#x85;"), ("failed", "[31m")),
        (f'<failure message="{"x" * 900}"/>', ("failed", "x" * 157 + "...")),
    ],
)
def test_how_a_test_ended(inside: str, ended: tuple[str, str]) -> None:
    assert one(inside) == ended


@pytest.mark.parametrize(
    ("attributes", "ended"),
    [
        ('status="run" result="completed"', "passed"),  # GoogleTest
        ('status="notrun" result="suppressed"', "skipped"),
        ('status="run" result="skipped"', "skipped"),
        ('status="PASSED"', "passed"),
        ('status="failed"', "failed"),
        ('status="broken"', "error"),
        ('status="ignored"', "skipped"),
        ('status="flummoxed"', "unknown"),
    ],
)
def test_a_status_says_it_too(attributes: str, ended: str) -> None:
    assert one(attributes=attributes)[0] == ended


@pytest.mark.parametrize(
    "attributes",
    ['file="/home/me/test_a.py"', 'file="../test_a.py"', 'file="C:\\me\\test_a.py"', ""],
)
def test_a_place_outside_of_the_project_is_none(attributes: str) -> None:
    (case,) = read(f'<testsuite><testcase name="t" {attributes} line="3"/></testsuite>').cases
    assert str(case.location) == "r.xml:1:12"


@pytest.mark.parametrize(
    ("timestamp", "taken"),
    [
        ("2026-11-24T09:00:00", date(2026, 11, 24)),
        ("2026-11-24T23:30:00-01:00", date(2026, 11, 25)),
        ("2026-11-24", date(2026, 11, 24)),
        ("Tue Nov 24 2026", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_when_it_was(timestamp: str, taken: date | None) -> None:
    assert read(f'<testsuite timestamp="{timestamp}"/>').taken == taken


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "no element found", 1),
        ("<testsuite>", "no element found", 1),
        ("<testsuite><testcase/></testsuite>", "a test without a name", 1),
        ("<html/>", "its first element is `html`", 1),
        ('<!DOCTYPE t [<!ENTITY a "b">]>\n<testsuite>&a;</testsuite>', "a document type", 1),
        ('<testsuite>\n<testcase name="&undefined;"/></testsuite>', "undefined entity", 2),
        ("<testsuite>" * 300, "nested too deeply", 1),
    ],
)
def test_what_is_no_result_is_said(text: str, words: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.line) == ("results-invalid", "r.xml", line)
    assert words in problem.message


def test_more_elements_than_memory_has_room_for_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml_file, "MAX_ELEMENTS", 100)
    assert read("<testsuite>" + "<a/>" * 99 + "</testsuite>").cases == ()
    with pytest.raises(ConfigError, match="more than 100 elements"):
        read("<testsuite>" + "<a/>" * 100 + "</testsuite>")


@given(st.text(st.sampled_from(list(PYTEST)), max_size=40), st.integers(0, len(PYTEST)))
@example("<failure/>", PYTEST.index("<properties><property name") - 1)
def test_whatever_stands_in_a_file_is_read_or_refused(noise: str, at: int) -> None:
    try:
        found = read(PYTEST[:at] + noise + PYTEST[at:])
    except ConfigError as refused:
        _is_told(refused)
        return
    for case in found.cases:
        assert case.name
        assert case.said.isprintable()
        assert case.location.line >= 0


@given(st.binary(max_size=200))
def test_bytes_of_any_sort_are_read_or_refused(data: bytes) -> None:
    try:
        read(data.decode("utf-8", "replace"))
    except ConfigError as refused:
        _is_told(refused)


def _is_told(refused: ConfigError) -> None:
    for problem in refused.problems:
        assert problem.code == "results-invalid"
        assert problem.message.isprintable()
        assert problem.line >= 1
