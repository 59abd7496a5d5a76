from __future__ import annotations

import pytest

from adhere.model.package import Dependency
from adhere.sources.markers import environment, locked_edges, requires_dist

LINUX = environment("3.12.1", "linux")


@pytest.mark.parametrize(
    ("line", "edge"),
    [
        ("Foo_Bar", Dependency("foo-bar")),
        ("foo (>=1.0, <2)", Dependency("foo", ">=1.0,<2")),
        ("foo>=1.0,<2", Dependency("foo", ">=1.0,<2")),
        ("foo ( >= 1.0 , )", Dependency("foo", ">=1.0")),
        ("foo[B_c, a] ~= 2.1", Dependency("foo", "~=2.1", ("a", "b-c"))),
        ("foo[] == 1.*", Dependency("foo", "==1.*")),
        ("foo === 1.0+local-9", Dependency("foo", "===1.0+local-9")),
        ("foo @ https://index.example.org/foo.whl", Dependency("foo")),
        ("foo; os_name == 'posix'", Dependency("foo")),
        ("foo ; extra == 'X'", Dependency("foo", extra="x")),
        ("foo;", Dependency("foo")),
    ],
)
def test_one_line_one_edge(line: str, edge: Dependency) -> None:
    assert requires_dist([line], LINUX) == (edge,)


def test_false_markers_are_dropped_and_extras_are_kept() -> None:
    lines = [
        "a; sys_platform == 'win32'",
        "b; extra == 'x' and sys_platform == 'win32'",
        "c; extra == 'x' or extra == 'y'",
        "d; sys_platform == 'linux' or extra == 'y'",
    ]
    assert requires_dist(lines, LINUX) == (
        Dependency("c", extra="x"),
        Dependency("c", extra="y"),
        Dependency("d"),
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("foo >dev", ["foo"]),
        ("foo; nonsense == 'x'", ["foo"]),
        ("foo; " + "(" * 90_000, ["foo"]),
        ("-foo", []),
        ("", []),
        ("a" * 300, []),
        ("foo" + " " * 100_000 + "!", ["foo"]),
        ("foo>=1" + " " * 15_000 + "!", ["foo"]),
        ("foo==" + "9" * 6_000 + "!", ["foo"]),
    ],
)
def test_a_broken_line_is_told_and_keeps_its_name(line: str, names: list[str]) -> None:
    broken: list[str] = []
    found = requires_dist([line, "bar"], LINUX, broken)
    assert [edge.name for edge in found] == [*names, "bar"]
    assert all(edge.specifier == "" for edge in found)
    assert broken == [line]


def test_in_a_lock_markers_stay_open() -> None:
    broken: list[str] = []
    lines = ["a>=1; os_name == 'nt'", "b; extra == 'x'", "c", "!"]
    assert locked_edges(lines, broken) == (
        Dependency("a", ">=1", marker='os_name == "nt"'),
        Dependency("b", extra="x"),
        Dependency("c"),
    )
    assert broken == ["!"]
