from __future__ import annotations

import pytest

from adhere.markers import (
    MATRIX,
    both,
    by_extra,
    either,
    environment,
    environments,
    groups_of,
    holds,
    without_choices,
)
from adhere.markers.tree import MarkerError, parse, render

LINUX = environment("3.12.1", "linux")
WINDOWS = environment("3.9", "win32")


@pytest.mark.parametrize(
    ("marker", "linux", "windows"),
    [
        ("", True, True),
        ('sys_platform == "win32"', False, True),
        ("os_name == 'nt' or python_version >= '3.12'", True, True),
        ('python_version < "3.10"', False, True),
        ('"3.10" > python_version', False, True),
        ('python_full_version == "3.12.1"', True, False),
        ("platform_machine in 'AMD64 x86'", False, True),
        ("platform_machine not in 'AMD64 x86'", True, False),
        ("sys.platform == 'linux' and (os.name == 'posix')", True, False),
        ("platform_python_implementation == 'CPython'", True, True),
        ("implementation_name == 'pypy'", False, False),
        ("extra == 'cli'", False, False),
        ("extra != 'cli'", True, True),
    ],
)
def test_holds_by_environment(marker: str, linux: bool, windows: bool) -> None:
    assert holds(marker, LINUX) is linux
    assert holds(marker, WINDOWS) is windows


def test_python_3_10_is_newer_than_3_9() -> None:
    assert holds("python_version > '3.9'", environment("3.10"))


def test_several_extras_and_groups_are_a_set() -> None:
    marker = "('cli' in extras or extra == 'GUI_x') and 'dev' not in dependency_groups"
    assert not holds(marker, LINUX)
    assert holds(marker, LINUX, frozenset({"cli"}))
    assert holds(marker, LINUX, frozenset({"gui-x", "other"}))
    assert not holds(marker, LINUX, frozenset({"cli"}), frozenset({"dev"}))


@pytest.mark.parametrize(
    "marker", ["nonsense", "python_version ~= 'x'", "(" * 100_000, "extra == 'a' and", "\x00"]
)
def test_what_cannot_be_read_holds(marker: str) -> None:
    assert holds(marker, LINUX)
    assert environments(marker) == MATRIX


def test_matrix() -> None:
    assert len(MATRIX) == 18
    assert {(e.python_version, e.sys_platform) for e in environments("python_version>'3.12'")} == {
        (python, platform)
        for python in ("3.13", "3.14")
        for platform in ("linux", "darwin", "win32")
    }
    assert environments("sys_platform == 'aix'") == ()


def test_matrix_does_not_ask_whether_an_extra_is_wanted() -> None:
    assert environments("extra == 'x' and sys_platform == 'darwin'") == tuple(
        where for where in MATRIX if where.sys_platform == "darwin"
    )
    assert without_choices("extra == 'x'") == ""


def test_unknown_platform_is_posix() -> None:
    where = environment("3.13.2", "freebsd14", "amd64", "pypy")
    assert (where.os_name, where.platform_system, where.platform_machine) == (
        "posix",
        "Freebsd",
        "amd64",
    )
    assert where.platform_python_implementation == "PyPy"


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("extra == 'x'", (("x", ""),)),
        ("extra == 'X_y' and os_name == 'nt'", (("x-y", 'os_name == "nt"'),)),
        ("extra == 'a' or extra == 'b'", (("a", ""), ("b", ""))),
        ("os_name == 'nt'", (("", 'os_name == "nt"'),)),
        ("os_name == 'nt' or extra == 'a'", (("", 'os_name == "nt"'), ("a", ""))),
        ("extra == 'a' and extra == 'b'", ()),
        ("extra != 'a'", (("", ""),)),
        ("extra != 'a' or os_name == 'nt'", (("", ""),)),
        (
            "(os_name == 'nt' or os_name == 'java') and extra == 'a'",
            (("a", 'os_name == "nt" or os_name == "java"'),),
        ),
    ],
)
def test_extra_is_taken_out(marker: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert by_extra(marker) == expected


def test_rendering_keeps_the_meaning() -> None:
    text = "(os_name == 'nt' or os_name == 'a\"b') and (python_version < '3' or 'x' in extras)"
    assert parse(render(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "python_version",
        "'a' == 'b'",
        "os_name == sys_platform",
        "os_name = 'x'",
        "os_name not 'x'",
        "os_name == 'x' os_name == 'y'",
        "(os_name == 'x'",
        "os_name == 'x",
        "colour == 'red'",
        "os_name == 'x' #",
        "os_name == 'x' or " * 10_000 + "os_name == 'x'",
    ],
)
def test_not_a_marker(text: str) -> None:
    with pytest.raises(MarkerError):
        parse(text)


def test_joined() -> None:
    assert either([]) == either(["os_name == 'nt'", ""]) == ""
    assert either(["os_name == 'nt'", "os_name == 'nt'"]) == "os_name == 'nt'"
    two = either(["os_name == 'nt'", "sys_platform == 'linux' and python_version > '3'"])
    assert holds(two, LINUX)
    assert holds(two, WINDOWS)
    assert both("", "") == ""
    assert both("os_name == 'nt'", "") == both("", "os_name == 'nt'") == "os_name == 'nt'"
    assert not holds(both("os_name == 'nt' or os_name == 'posix'", "os_name == 'nt'"), LINUX)


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("", ("runtime",)),
        ("sys_platform == 'win32'", ("runtime",)),
        ("'cli' in extras", ("extra:cli",)),
        ("'cli' in extras or 'gui' in extras", ("extra:cli", "extra:gui")),
        ("'dev' in dependency_groups and os_name == 'nt'", ("dev",)),
        ("'default' in dependency_groups", ("runtime",)),
        ("'cli' in extras and 'gui' in extras", ()),
        ("nonsense", ("runtime",)),
    ],
)
def test_groups_that_install(marker: str, expected: tuple[str, ...]) -> None:
    found = groups_of(marker, ["cli", "gui"], ["dev", "default"], frozenset({"default"}))
    assert found == expected
