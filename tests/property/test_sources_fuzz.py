"""Whatever stands in a file, a reader answers with a reading or a `SourceError`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adhere.errors import SourceError
from adhere.model.inventory import Reading
from adhere.model.names import canonical_name, is_valid_name
from adhere.sources.distribution import read_distribution
from adhere.sources.markers import environment
from readers.given import LOCKS
from readers.sbom import CYCLONEDX_JSON, CYCLONEDX_XML, SPDX2_JSON, SPDX2_TAG_VALUE, SPDX3_JSON


def _lock(name: str, tables: int = 8) -> str:
    """The beginning of a real lock."""
    text = (LOCKS / name).read_text()
    parts = re.split(r"(?m)^(?=\[\[packages?\]\]$)", text)
    tail = re.search(r"(?ms)^\[(?:extras|metadata)\]$.*", text)
    head = "".join(parts[: tables + 1])
    return head if tail is None or tail.start() < len(parts[0]) else head + tail[0]


def _paragraphs(name: str, first: str, last: str) -> str:
    """The lines of a real file from one that begins so to one that begins so."""
    text = (LOCKS / name).read_text()
    return text[text.index(f"\n{first}") + 1 : text.index(f"\n{last}") + 1]


def _json(name: str) -> str:
    value = json.loads((LOCKS / name).read_text())
    if isinstance(value, dict) and "installed" in value:
        value["installed"] = value["installed"][:5]
    elif isinstance(value, list):
        value = value[:5]
    else:
        value["default"] = dict(list(value["default"].items())[:6])
    return json.dumps(value, indent=1)


SEEDS: dict[str, tuple[str, str]] = {
    "uv.lock": ("uv_lock", _lock("uv/uv.lock")),
    "pylock.toml": ("pylock", _lock("uv/pylock.toml")),
    "pylock.pip.toml": ("pylock", _lock("pip/pylock.toml")),
    "poetry.lock": ("poetry_lock", _lock("poetry/poetry.lock")),
    "pdm.lock": ("pdm_lock", _lock("pdm/pdm.lock")),
    "pyproject.toml": ("pyproject", (LOCKS / "uv/pyproject.toml").read_text()),
    "tool.py": ("script", (LOCKS / "script/tool.py").read_text()),
    "requirements.txt": ("requirements", _paragraphs("uv/requirements.txt", "anyio==", "h11==")),
    "dev.txt": ("requirements", (LOCKS / "pip-tools/dev.txt").read_text()),
    "setup.cfg": (
        "setup_cfg",
        "[metadata]\nname = a\n[options]\ninstall_requires =\n  b>=1\n  c; os_name=='nt'\n",
    ),
    "Pipfile": ("pipfile", (LOCKS / "pipenv/Pipfile").read_text()),
    "Pipfile.lock": ("pipfile_lock", _json("pipenv/Pipfile.lock")),
    "inspect.json": ("pip_json", _json("uv/inspect.json")),
    "list.json": ("pip_json", _json("uv/list.json")),
    "bom.json": ("cyclonedx", CYCLONEDX_JSON),
    "bom.xml": ("cyclonedx", CYCLONEDX_XML),
    "two.spdx.json": ("spdx", SPDX2_JSON),
    "two.spdx.yaml": ("spdx", yaml.safe_dump(json.loads(SPDX2_JSON), sort_keys=False)),
    "two.spdx": ("spdx", SPDX2_TAG_VALUE),
    "three.spdx.json": ("spdx", SPDX3_JSON),
}
"""A small valid file for each format, and its reader."""

WHOLE = re.compile(
    r"it has no `|it has neither|it has no metadata block|nested too deeply|number is too long"
    r"|out of range|its `bomFormat`|it does not tell which version|the file is empty"
    r"|but no output of|cannot read it|XML or RDF|has more than"
)
"""What is wrong with a file as a whole, and has no line; all else has one."""

FAULTS = {
    "package-unreadable", "package-duplicate", "package-outside", "package-version",
    "requirement-unresolved", "project-unreadable",
}  # fmt: skip

BOTH_PROJECT = {"pyproject.toml", "setup.cfg", "Pipfile"}
quickly = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _reader(name: str) -> Callable[[Path, str], Any]:
    module = import_module(f"adhere.sources.{SEEDS[name][0]}")
    if name not in BOTH_PROJECT:
        return module.read
    return module.requirements if name == "setup.cfg" else module.project


def survives(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.write_bytes(data)
    lines = data.count(b"\n") + data.count(b"\r") + 2
    try:
        found = _reader(name)(path, name)
    except SourceError as error:
        _is_told(error, str(folder), lines)
        return
    assert msgspec.json.encode(found if isinstance(found, Reading) else str(found))
    if isinstance(found, Reading):
        _is_sound(found, lines)


def _is_told(error: SourceError, folder: str, lines: int) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.message
        assert problem.code in {"source-invalid", "source-unsupported", "source-unreadable"}
        assert problem.line or WHOLE.search(problem.message), problem.message
        assert problem.message.isprintable(), problem.message
        assert problem.path
        assert folder not in str(problem)
        assert 0 <= problem.line <= lines


def _is_sound(found: Reading, lines: int) -> None:
    for fault in found.faults:
        assert fault.code in FAULTS
        assert fault.subject
        assert fault.reason
        assert fault.location.path
        assert 0 <= fault.location.line <= lines
    for package in found.packages:
        assert is_valid_name(package.name)
        assert package.name == canonical_name(package.name)
        assert package.version.isprintable()
        assert 0 <= package.location.line <= lines
        for edge in package.requires:
            assert edge.name == canonical_name(edge.name)
    for fault in found.faults:
        assert fault.reason
        assert fault.location.path
    for root in found.roots:
        assert root.name == canonical_name(root.name)


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_valid(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(SEEDS[name][1])
    found = _reader(name)(path, name)
    if isinstance(found, Reading):
        assert found.packages or found.roots
        assert {fault.code for fault in found.faults} <= {"requirement-unresolved"}
    else:
        assert found


@pytest.mark.parametrize("name", SEEDS)
@quickly
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_random_bytes(tmp_path: Path, name: str, data: bytes) -> None:
    survives(tmp_path, name, data)


_fragment = st.one_of(
    st.binary(min_size=1, max_size=6),
    st.sampled_from(
        [b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b'"', b"'", b"\\", b"[", b"{", b"]]", b"\n\n",
         b"=", b"#", b"<", b"&x;", b"..", b"9" * 5000, b"[" * 3000, b"\\ud800", b"\x1b[31m",
         b"${X}", b"-r x\n", "\u202e".encode(), b"-e ", b"@", b"://a:b@", b" ; "]
    ),
)  # fmt: skip


@st.composite
def _mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few cuts, insertions and repetitions at places given as fractions."""
    edits = draw(
        st.lists(
            st.tuples(st.floats(0, 1), st.integers(0, 60), st.none() | _fragment, st.booleans()),
            min_size=1,
            max_size=4,
        )
    )

    def apply(data: bytes) -> bytes:
        for place, length, fragment, cut_off in edits:
            at = int(place * len(data))
            if fragment is not None:
                data = data[:at] + fragment + data[at:]
            elif cut_off:
                data = data[:at]
            else:
                data = data[:at] + data[at + length :]
        return data

    return apply


@pytest.mark.parametrize("name", SEEDS)
@quickly
@given(mutate=_mutations())
def test_damaged_files(tmp_path: Path, name: str, mutate: Callable[[bytes], bytes]) -> None:
    survives(tmp_path, name, mutate(SEEDS[name][1].encode()))


_LITERALS = [
    "0", "-1", "1.5", "true", '""', '"x"', '"-"', '"\\u001b[31m"', "[]", "{}", "[[]]", "[0]",
    '[""]', "[{}]", "{ name = 1 }", "{ a = { b = [] } }", "1979-05-27", "nan",
    '"' + "x" * 3000 + '"', '"https://a:b@c/d?token=1"', '"file:///etc/passwd"', '"(" ', '"../x"',
]  # fmt: skip
_VALUE = re.compile(r'(?<=[=,\[{]) *(?:"[^"\n]*"|\[[^\]\n]*\]|\{[^}\n]*\}|[a-z0-9.-]+)')


@pytest.mark.parametrize("name", [n for n in SEEDS if n.endswith((".toml", ".lock", "Pipfile"))
                                  and n != "Pipfile.lock"])  # fmt: skip
@quickly
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.sampled_from(_LITERALS)), max_size=3))
def test_toml_of_other_shapes(tmp_path: Path, name: str, edits: list[tuple[float, str]]) -> None:
    text = SEEDS[name][1]
    for place, literal in edits:
        found = list(_VALUE.finditer(text))
        if found:
            match = found[min(int(place * len(found)), len(found) - 1)]
            text = f"{text[: match.start()]} {literal}{text[match.end() :]}"
    survives(tmp_path, name, text.encode())


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["NOASSERTION", "pkg:pypi/a@1", "pkg:npm/a", "../x", "==1", "\x1b[0m"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def _replaced(value: Any, place: float, new: Any) -> Any:
    """A copy with one node, chosen by a fraction, replaced."""
    paths: list[tuple[Any, ...]] = [()]
    for path in paths:
        node = value
        for part in path:
            node = node[part]
        keys = (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        )
        paths.extend((*path, key) for key in keys)
    path = paths[min(int(place * len(paths)), len(paths) - 1)]
    if not path:
        return new
    copy = json.loads(json.dumps(value))
    node = copy
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = new
    return copy


@pytest.mark.parametrize("name", [n for n in SEEDS if n.endswith(".json") or n == "Pipfile.lock"])
@quickly
@given(edits=st.lists(st.tuples(st.floats(0, 1), _values), min_size=1, max_size=3))
def test_json_of_other_shapes(tmp_path: Path, name: str, edits: list[tuple[float, Any]]) -> None:
    value = json.loads(SEEDS[name][1])
    for place, new in edits:
        value = _replaced(value, place, new)
    survives(tmp_path, name, json.dumps(value).encode())


@pytest.mark.parametrize("name", ["two.spdx.yaml"])
@quickly
@given(edits=st.lists(st.tuples(st.floats(0, 1), _values), min_size=1, max_size=3))
def test_yaml_of_other_shapes(tmp_path: Path, name: str, edits: list[tuple[float, Any]]) -> None:
    value = yaml.safe_load(SEEDS[name][1])
    for place, new in edits:
        value = _replaced(value, place, new)
    survives(tmp_path, name, yaml.safe_dump(value).encode())


ENTRY = re.compile(r"(?m)^(?=\[\[(?:package|packages)\]\]$)")
TAIL = re.compile(r"(?m)^(?=\[(?:extras|metadata)\]$)")
LISTS = ["uv.lock", "pylock.toml", "pylock.pip.toml", "poetry.lock", "pdm.lock"]


@st.composite
def _entry_edits(draw: st.DrawFn) -> Callable[[str], str]:
    """One thing that may be done to the text of one entry."""
    place = draw(st.floats(0, 1))
    how = draw(st.sampled_from(["value", "key", "line", "twice"]))
    literal = draw(st.sampled_from(_LITERALS))

    def edit(entry: str) -> str:
        lines = entry.split("\n")
        own = [n for n, line in enumerate(lines) if re.match(r"[a-z-]+ = ", line)]
        at = own[min(int(place * len(own)), len(own) - 1)]
        key, _, _ = lines[at].partition(" = ")
        if how == "value" and not lines[at].endswith(("[", "{")):
            lines[at] = f"{key} = {literal}"
        elif how == "key":
            lines[at] = "x-" + lines[at]
        elif how == "line" and not lines[at].endswith(("[", "{")):
            del lines[at]
        elif how == "twice":
            lines += ["", *lines]
        return "\n".join(lines)

    return edit


@pytest.mark.parametrize("name", LISTS)
@quickly
@given(place=st.floats(0, 1), edit=_entry_edits())
def test_what_is_wrong_with_one_entry_costs_no_other(
    tmp_path: Path, name: str, place: float, edit: Callable[[str], str]
) -> None:
    head, *entries = ENTRY.split(SEEDS[name][1])
    entries[-1], *tail = TAIL.split(entries[-1], maxsplit=1)
    at = min(int(place * len(entries)), len(entries) - 1)
    others = "".join(entry for index, entry in enumerate(entries) if index != at)
    read = _reader(name)
    (tmp_path / name).write_text(head + others + "".join(tail))
    without = {package.name for package in read(tmp_path / name, name).packages}
    entries[at] = edit(entries[at])
    text = head + "".join(entries) + "".join(tail)
    (tmp_path / name).write_text(text)
    try:
        found = read(tmp_path / name, name)
    except SourceError as error:  # one key twice is no TOML
        _is_told(error, str(tmp_path), text.count("\n") + 2)
        return
    assert without <= {package.name for package in found.packages}
    count = len(ENTRY.split(text)) - 1
    merged = {(package.name, package.version) for package in found.packages}
    lost = [fault for fault in found.faults if not fault.kept]
    assert len(found.packages) + len(lost) >= count or len(merged) == len(found.packages) < count


METADATA = """\
Metadata-Version: 2.4
Name: Acme.Tool
Version: 1.0
Summary: A tool
License-Expression: MIT
License-File: LICENSE
Classifier: License :: OSI Approved :: MIT License
Requires-Dist: click>=8
Requires-Dist: rich; extra == "pretty"
Project-URL: Home, https://acme.example.org

Text.
"""
DIRECT = '{"url": "https://git.example.org/a", "vcs_info": {"vcs": "git", "commit_id": "00"}}'
PARTS = {"METADATA": METADATA, "direct_url.json": DIRECT, "LICENSE": "MIT"}


@pytest.mark.parametrize("part", PARTS)
@quickly
@given(mutate=_mutations())
def test_damaged_metadata_is_a_package_or_a_fault(
    tmp_path: Path, part: str, mutate: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "acme_tool-1.0.dist-info"
    folder.mkdir(exist_ok=True)
    for name, text in PARTS.items():
        data = text.encode()
        (folder / name).write_bytes(mutate(data) if name == part else data)
    found = read_distribution(str(tmp_path), folder.name, "env", environment())
    assert found.package is not None or [fault.kept for fault in found.faults] == [False]
    if found.package is not None:
        assert is_valid_name(found.package.name)
        assert found.package.name == canonical_name(found.package.name)
        assert msgspec.msgpack.encode(found.package)
    if part != "METADATA":
        assert found.package is not None
    for fault in found.faults:
        assert fault.code in FAULTS
        assert fault.location.path.startswith("env/")
        assert str(tmp_path) not in fault.reason


@pytest.mark.parametrize("name", SEEDS)
def test_absurd_depth_and_size(tmp_path: Path, name: str) -> None:
    for data in (
        b"[" * 100_000,
        b"{" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"a = " + b"[" * 50_000 + b"]" * 50_000,
        b"a" + b".a" * 5_000 + b" = 1\n",
        b"<a>" * 50_000,
        b"x" * 1_000_000,
        b"x \\\n" * 100_000,
        b"9" * 20_000,
        b"a = " + b"9" * 20_000,
        b'{"a": ' + b"9" * 20_000 + b"}",
        b"# /// script\n" * 50_000,
    ):
        survives(tmp_path, name, data)
