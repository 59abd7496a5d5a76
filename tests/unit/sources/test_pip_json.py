from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adhere.model.package import Dependency, Origin
from adhere.sources.pip_json import read
from readers.given import fault, package, reading, refusal

ENVIRONMENT = {
    "implementation_name": "cpython",
    "implementation_version": "3.12.1",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_release": "6",
    "platform_system": "Linux",
    "platform_version": "#1",
    "python_full_version": "3.12.1",
    "platform_python_implementation": "CPython",
    "python_version": "3.12",
    "sys_platform": "linux",
}


def inspected(*metadata: dict[str, Any], environment: Any = ENVIRONMENT, **more: Any) -> str:
    installed = [{"metadata": {"name": "a", "version": "1"} | m, **more} for m in metadata]
    report = {"version": "1", "pip_version": "26", "installed": installed}
    return json.dumps(report | {"environment": environment}, indent=1)


def test_a_list(tmp_path: Path) -> None:
    text = '[{"name": "Foo.Bar", "version": "1.0"},\n {"name": "b", "version": "2", "editable_project_location": "/srv/b"}]'
    found = reading(read, tmp_path, {"l.json": text})
    assert found.source.kind == "pip-list"
    assert package(found, "foo-bar").spelled == "Foo.Bar"
    assert package(found, "foo-bar").origin == Origin()
    assert package(found, "foo-bar").requested is None
    assert package(found, "b").origin == Origin("editable", "/srv/b")
    assert package(found, "b").location.line == 2
    assert "licenses" in found.source.remarks[0]


def test_the_whole_metadata(tmp_path: Path) -> None:
    text = inspected(
        {
            "license_expression": "MIT",
            "license": "see file",
            "classifier": ["License :: OSI Approved", "Topic :: X"],
            "summary": "s",
            "requires_dist": ["b>=1; sys_platform == 'win32'", "c; python_version > '3.8'", "d; extra == 'X'", "!"],
            "project_url": ["Home, https://a.example.org", "odd"],
        },
        requested=True,
        direct_url={"url": "https://u:p@git.example.org/a", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
    )  # fmt: skip
    found = reading(read, tmp_path, {"i.json": text})
    one = package(found, "a")
    assert (found.source.kind, found.source.python, found.source.platform) == (
        "pip-inspect",
        "3.12.1",
        "linux",
    )
    assert one.requires == (Dependency("c"), Dependency("d", extra="x"))  # type: ignore[arg-type]
    assert one.declared is not None
    assert (one.declared.expression, one.declared.text) == ("MIT", "see file")
    assert one.declared.classifiers == ("License :: OSI Approved",)
    assert one.declared.document == "i.json"
    assert one.links == (("Home", "https://a.example.org"),)
    assert one.requested is True
    assert one.origin == Origin("vcs", "https://git.example.org/a", commit="abc")
    assert "1 of its requirements" in one.remarks[0]


def test_what_came_from_an_index_and_what_nobody_knows(tmp_path: Path) -> None:
    assert package(reading(read, tmp_path, {"i": inspected({})}), "a").origin == Origin("index")
    odd = package(reading(read, tmp_path, {"i": inspected({}, direct_url={"x": 1})}), "a")
    assert odd.origin == Origin()
    assert "direct_url" in odd.remarks[0]


@pytest.mark.parametrize(
    "environment", [{}, {"python_version": 3}, {**ENVIRONMENT, "os_name": None}]
)
def test_without_an_environment_markers_stay_open(tmp_path: Path, environment: Any) -> None:
    text = inspected({"requires_dist": ["b; os_name == 'nt'"]}, environment=environment)
    found = reading(read, tmp_path, {"i": text})
    assert package(found, "a").requires == (Dependency("b", marker='os_name == "nt"'),)  # type: ignore[arg-type]
    assert "markers stay open" in found.source.remarks[0]


@pytest.mark.parametrize(
    "text",
    [
        inspected({}, {"name": "A", "version": "2"}),
        '[{"name": "a", "version": "1"}, {"name": "A", "version": "2"}]',
    ],
)
def test_a_package_that_is_there_twice(tmp_path: Path, text: str) -> None:
    found = reading(read, tmp_path, {"i": text})
    assert (fault(found).code, fault(found).kept) == ("package-duplicate", True)
    assert "1 and 2" in fault(found).reason


@pytest.mark.parametrize(
    "metadata",
    [{"name": ""}, {"name": "../a"}, {"version": ""}, {"version": None}, {"license": 5}, {"requires_dist": "b"}],
)  # fmt: skip
def test_a_wrong_entry_is_a_fault_with_its_line(tmp_path: Path, metadata: dict[str, Any]) -> None:
    text = inspected({"name": "good"}, {"name": "bad"} | metadata)
    found = reading(read, tmp_path, {"i": text})
    assert [p.name for p in found.packages] == ["good"]
    assert fault(found).location.line == 11
    assert fault(found).subject in ("bad", "../a", "entry 2")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("{}", "source-invalid", "i"),
        ("5", "source-invalid", "i"),
        ('[{"name": "a", "vers', "source-invalid", "i:1:21"),
        ('{"installed": {}, "version": "1"}', "source-invalid", "i:1:2"),
        ('{"installed": []}', "source-invalid", "i"),
        ('{"installed": [],\n "version": "2"}', "source-unsupported", "i:2:2"),
        ("WARNING: pip is old\n[]", "source-invalid", "i:1:1"),
    ],
)
def test_refusals(tmp_path: Path, text: str, code: str, place: str) -> None:
    (problem,) = refusal(read, tmp_path, {"i": text})
    assert (problem.code, problem.place) == (code, place)


def test_what_a_windows_shell_writes(tmp_path: Path) -> None:
    data = '[{"name": "a", "version": "1"}]\r\n'.encode("utf-16")
    assert len(reading(read, tmp_path, {"l.json": data}).packages) == 1


def test_an_empty_environment(tmp_path: Path) -> None:
    assert reading(read, tmp_path, {"l.json": "[]"}).packages == ()
