from __future__ import annotations

from pathlib import Path

import pytest

from adhere.sources.setup_cfg import requirements
from readers.given import refusal, written

TEXT = """\
[metadata]
name = shop

[options]
install_requires =
    # a comment
    a>=1
    b; os_name == 'nt'

    c
setup_requires = d; e>=2
python_requires = >=3.8

[options.extras_require]
My_x =
    f
g = h
"""


def test_lines_and_groups(tmp_path: Path) -> None:
    found = requirements(written(tmp_path, {"setup.cfg": TEXT}), "setup.cfg")
    assert [(r.group, r.name, r.specifier, str(r.location)) for r in found] == [
        ("runtime", "a", ">=1", "setup.cfg:7:5"),
        ("runtime", "b", "", "setup.cfg:8:5"),
        ("runtime", "c", "", "setup.cfg:10:5"),
        ("build", "d", "", "setup.cfg:11:18"),
        ("build", "e", ">=2", "setup.cfg:11:18"),
        ("extra:my-x", "f", "", "setup.cfg:16:5"),
        ("extra:g", "h", "", "setup.cfg:17:5"),
    ]
    assert found[1].marker == 'os_name == "nt"'
    assert {r.by for r in found} == {"shop"}


def test_files_that_it_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "setup.cfg": "[options]\ninstall_requires = file: r.txt, more/s.txt\n",
        "r.txt": "a==1\n",
        "more/s.txt": "b\n",
    }
    found = requirements(written(tmp_path, files), "setup.cfg")
    assert [(r.name, str(r.location)) for r in found] == [
        ("a", "r.txt:1:1"),
        ("b", "more/s.txt:1:1"),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("[options]\ninstall_requires =\n  a b\n  c\n  d e\n", ["setup.cfg:3:3", "setup.cfg:5:3"]),
        ("a = 1\n", ["setup.cfg:1"]),
        ("[options]\nnothing\n", ["setup.cfg:2"]),
        ("[a]\n[a]\n", ["setup.cfg:2"]),
        ("[a]\nx = 1\nx = 2\n", ["setup.cfg:3"]),
        ("[a]\n" + "x" * 30_000 + "=", ["setup.cfg:2"]),
        ("[options]\ninstall_requires = file: none.txt\n", ["none.txt"]),
    ],
)
def test_mistakes_have_a_place(tmp_path: Path, text: str, places: list[str]) -> None:
    problems = refusal(requirements, tmp_path, {"setup.cfg": text})
    assert [problem.place for problem in problems] == places
