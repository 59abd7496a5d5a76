from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.model.package import Origin
from adhere.sources.script import _blocks, read, requirements
from readers.given import package, reading, refusal, written

SCRIPT = """\
#!/usr/bin/env python
# Something else
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "a==1.0",  # why
#   "b[x]>=2; os_name == 'nt'",
#   "c @ https://h.example.org/c.zip",
# ]
#
# [tool.uv.sources]
# b = { path = "../b" }
# ///
print("hi")
"""


def test_lines_are_those_of_the_script(tmp_path: Path) -> None:
    found = requirements(written(tmp_path, {"s.py": SCRIPT}), "s.py")
    assert [(r.name, r.specifier, str(r.location)) for r in found] == [
        ("a", "==1.0", "s.py:6:5"),
        ("b", ">=2", "s.py:7:5"),
        ("c", "", "s.py:8:5"),
    ]
    assert found[1].origin == Origin("path", "../b")
    assert found[1].by == "s.py"


def test_without_a_lock(tmp_path: Path) -> None:
    found = reading(read, tmp_path, {"s.py": SCRIPT.replace('"b[x]', '"d[x]')})
    assert [(p.name, p.version) for p in found.packages] == [("a", "1.0"), ("c", "")]
    assert [(f.code, f.subject, f.location.line) for f in found.faults] == [
        ("requirement-unresolved", "d", 7)
    ]
    assert [root.name for root in found.roots] == ["a", "d", "c"]
    assert "no s.py.lock beside it" in found.source.remarks[0]


def test_with_a_lock(tmp_path: Path) -> None:
    lock = """\
version = 1
revision = 3

[manifest]
requirements = [{ name = "a", specifier = "==1.0" }]
constraints = [{ name = "k", specifier = "<2" }]

[[package]]
name = "a"
version = "1.0"
source = { registry = "https://index.example.org/simple" }
dependencies = [{ name = "z" }]

[[package]]
name = "z"
version = "3"
source = { registry = "https://index.example.org/simple" }
"""
    found = reading(read, tmp_path, {"tools/s.py": SCRIPT, "tools/s.py.lock": lock})
    assert found.source.kind == "script"
    assert found.source.path == "tools/s.py"
    assert package(found, "z").location.path == "tools/s.py.lock"
    assert [(r.name, r.location.path) for r in found.roots] == [
        ("a", "tools/s.py"),
        ("b", "tools/s.py"),
        ("c", "tools/s.py"),
        ("k", "tools/s.py.lock"),
    ]
    before = found.source.digest
    assert reading(read, tmp_path, {"tools/s.py": SCRIPT + "\n"}).source.digest != before


def test_a_broken_lock_is_an_error(tmp_path: Path) -> None:
    (problem,) = refusal(read, tmp_path, {"s.py": SCRIPT, "s.py.lock": "x = ["})
    assert problem.path == "s.py.lock"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    found = requirements(written(tmp_path, {"s.py": SCRIPT.replace("\n", end)}), "s.py")
    assert [r.location.line for r in found] == [6, 7, 8]


def test_a_block_of_another_kind_is_not_ours(tmp_path: Path) -> None:
    text = "# /// pyproject\n# x = [\n# ///\n\n" + SCRIPT
    assert len(requirements(written(tmp_path, {"s.py": text}), "s.py")) == 3


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("print()\n", "s.py", "no metadata block"),
        ("# /// script\n# dependencies = []\n", "s.py", "no metadata block"),
        (SCRIPT + SCRIPT, "s.py:17", "on line 3 already"),
        ("# /// script\n# x = = 1\n# ///\n", "s.py:2:7", "not valid TOML"),
        ("\n# /// script\n# x = [\n#\n# ///\n", "s.py:3:8", "not valid TOML"),
        ("# /// script\n# dependencies = 'a'\n# ///\n", "s.py:2:3", "a string, not an array"),
        ("# /// script\n# dependencies = [\n#  'a b',\n#  1]\n# ///\n", "s.py:3:4", "no requirement"),
        ("# /// script\n# requires-python = 3\n# ///\n", "s.py:2:3", "a number, not a string"),
    ],
)  # fmt: skip
def test_mistakes_have_the_scripts_own_place(
    tmp_path: Path, text: str, place: str, words: str
) -> None:
    problems = refusal(read, tmp_path, {"s.py": text})
    assert problems[0].place == place
    assert words in problems[0].message


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = "# /// script\n# dependencies = ['a b', 1, 'c']\n# requires-python = 3\n# ///\n"
    assert len(refusal(requirements, tmp_path, {"s.py": text})) == 3


# The expression that the inline script metadata specification gives.
SPECIFIED = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
_line = st.sampled_from(
    ["# /// script", "# /// x-1", "# ///", "#", "# a", "#a", "", "x", "# /// s c"]
)


@given(st.lists(_line, max_size=12).map("\n".join))
def test_blocks_are_those_that_the_specification_finds(text: str) -> None:
    expected = [
        (
            match["type"],
            "".join(
                line[2:] if line.startswith("# ") else line[1:]
                for line in match["content"].splitlines(keepends=True)
            ),
        )
        for match in SPECIFIED.finditer(text)
    ]
    assert [(block.kind, block.text) for block in _blocks(text)] == expected
