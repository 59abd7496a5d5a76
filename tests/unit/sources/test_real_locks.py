"""One project locked by every tool: each lock lists what it installs.

The locks and what pip says of the environments installed from them are in
``tests/fixtures/locks``, made by ``tests/generators/locks.py`` with CPython 3.12 on Linux.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import import_module

import pytest

from adhere.model.assemble import assemble, dependency_edges
from adhere.model.graph import reach
from adhere.model.inventory import Inventory, Reading
from adhere.sources.markers import environment, holds
from readers.given import LOCKS

LINUX = environment("3.12.1", "linux")
READERS = {
    "uv/uv.lock": "uv_lock",
    "uv/pylock.toml": "pylock",
    "uv/requirements.txt": "requirements",
    "poetry/poetry.lock": "poetry_lock",
    "pdm/pdm.lock": "pdm_lock",
    "pipenv/Pipfile.lock": "pipfile_lock",
    "pip/pylock.toml": "pylock",
    "pip-tools/dev.txt": "requirements",
    "script/tool.py": "script",
}
PROJECTS = ["uv/uv.lock", "poetry/poetry.lock", "pdm/pdm.lock"]
WITH_EDGES = [*PROJECTS, "script/tool.py"]
OWN = {"acme-demo", "pip", "setuptools", "wheel"}

GROUPS = {
    "pygments": {"runtime"},
    "ruamel-yaml": {"runtime"},
    "httpx": {"runtime"},
    "tomli": {"runtime"},
    "colorama": {"runtime"},
    "acme-local": {"runtime"},
    "acme-plugin": {"runtime"},
    "click": {"extra:cli"},
    "rich": {"extra:cli"},
    "webob": {"extra:web"},
    "jinja2": {"extra:web"},
    "pytest": {"test", "dev"},
    "markdown": {"docs"},
    "build": {"dev"},
}
"""What the project asks for, and in which group."""


def read(name: str) -> Reading:
    path = LOCKS / name
    return import_module(f"adhere.sources.{READERS[name]}").read(path, path.name)


def installed(name: str, file: str) -> dict[str, str]:
    found = json.loads((LOCKS / name.partition("/")[0] / file).read_text())
    return {
        item["name"].lower().replace(".", "-").replace("_", "-"): item["version"]
        for item in found
        if item["name"].lower().replace(".", "-") not in OWN
    }


def here(inventory: Inventory, names: Iterable[str]) -> dict[str, str]:
    """Versions of some packages as they are installed here, ``""`` where a lock is silent."""
    wanted = set(names)
    return {
        component.name: component.version
        for component in inventory.components
        if component.name in wanted
        and component.name not in OWN
        and holds(component.packages[0].marker, LINUX)
    }


def same(listed: dict[str, str], there: dict[str, str]) -> None:
    assert set(listed) == set(there)
    for name, version in listed.items():
        assert version in (there[name], ""), name


def reached(inventory: Inventory, groups: Iterable[str] = ()) -> set[str]:
    """What the graph leads to on Linux, from some groups or from all."""
    wanted = set(groups)
    start = [
        (root.name, root.extras)
        for root in inventory.roots
        if not root.constraint
        and (not wanted or root.group in wanted)
        and holds(root.marker, LINUX)
    ]
    edges = dependency_edges(inventory)
    return {str(name) for name in reach(edges, start, lambda marker: holds(marker, LINUX))}


@pytest.mark.parametrize("name", READERS)
def test_lists_what_is_installed_from_it(name: str) -> None:
    inventory = assemble([read(name)])
    names = {component.name for component in inventory.components}
    if name in WITH_EDGES:
        names &= reached(inventory)
    same(here(inventory, names), installed(name, "list.json"))


@pytest.mark.parametrize("name", READERS)
def test_everything_in_it_can_be_read(name: str) -> None:
    faults = read(name).faults
    # This release of Pipenv does not lock what its own platform does not need.
    unlocked = {"tomli", "colorama"} if name.startswith("pipenv") else set()
    assert {fault.subject for fault in faults} == unlocked
    assert all(fault.code == "requirement-unresolved" for fault in faults)


@pytest.mark.parametrize("name", WITH_EDGES)
def test_the_graph_leads_to_what_is_installed_without_extras_and_groups(name: str) -> None:
    inventory = assemble([read(name)])
    there = reached(inventory, {"runtime"})
    same(here(inventory, there), installed(name, "list-runtime.json"))


@pytest.mark.parametrize("name", ["poetry/poetry.lock", "pdm/pdm.lock", "pipenv/Pipfile.lock"])
def test_groups_single_out_what_is_installed_without_extras_and_groups(name: str) -> None:
    inventory = assemble([read(name)])
    runtime = (c.name for c in inventory.components if "runtime" in c.groups)
    same(here(inventory, runtime), installed(name, "list-runtime.json"))


@pytest.mark.parametrize(
    "name", [*PROJECTS, "uv/pylock.toml", "pip/pylock.toml", "uv/requirements.txt"]
)
def test_what_was_asked_for_is_direct(name: str) -> None:
    inventory = assemble([read(name)])
    direct = {component.name for component in inventory.components if component.direct}
    expected = set(GROUPS)
    if name == "pip/pylock.toml":  # it is made for one environment
        expected -= {"tomli", "colorama"}
    assert direct - OWN == expected


@pytest.mark.parametrize("name", PROJECTS)
def test_groups_of_what_was_asked_for(name: str) -> None:
    for component in assemble([read(name)]).components:
        if component.name in GROUPS:
            assert GROUPS[component.name] <= set(component.groups), component.name
    only = {c.name: c.groups for c in assemble([read(name)]).components}
    assert only["mdurl"] == ("extra:cli",)
    assert only["iniconfig"] == ("dev", "test")
    assert only["h2"] == ("runtime",)  # under an extra of httpx, which is asked for
    assert only["legacy-cgi"] == ("extra:web",)


@pytest.mark.parametrize("name", READERS)
def test_origins(name: str) -> None:
    found = {package.name: package.origin for package in read(name).packages}
    if "acme-plugin" in found:
        assert found["acme-plugin"].kind == "vcs"
        assert found["acme-plugin"].url == "https://git.example.org/acme/plugin.git"
        assert found["acme-local"].kind == "path"
    assert found["httpx"].kind == "index"


@pytest.mark.parametrize("name", [*PROJECTS, "pipenv/Pipfile.lock", "uv/pylock.toml"])
def test_hashes_and_lines(name: str) -> None:
    lines = (LOCKS / name).read_text().splitlines()
    for package in read(name).packages:
        line = lines[package.location.line - 1]
        assert line.startswith("[[package") or package.name in line.lower().replace(".", "-")
        if package.origin.kind == "index":
            assert package.artifacts
            assert all(a.hashes and a.hashes[0].startswith("sha256:") for a in package.artifacts)


def test_dotted_and_upper_case_names_are_canonical() -> None:
    from adhere.sources.pip_json import read as read_pip

    found = {p.name: p.spelled for p in read_pip(LOCKS / "pip" / "list.json", "list.json").packages}
    assert found["ruamel-yaml"] == "ruamel.yaml"
    assert found["jinja2"] == "Jinja2"
    assert found["click"] == ""


def test_forks_of_a_resolution_are_two_components() -> None:
    inventory = assemble([read("uv/uv.lock")])
    assert [c.version for c in inventory.named("markdown")] == ["3.10.3", "3.11.3"]
    with_version = {
        d.specifier for c in inventory.named("acme-plugin") for d in c.packages[0].requires
    }
    assert with_version == {"==3.0.0", "==4.0.0"}


@pytest.mark.parametrize("tool", ["uv", "poetry", "pdm", "pipenv", "pip", "pip-tools", "script"])
def test_pip_inspect_and_pip_list_agree_with_each_other(tool: str) -> None:
    from adhere.sources.pip_json import read as read_pip

    inspected = read_pip(LOCKS / tool / "inspect.json", "inspect.json")
    listed = read_pip(LOCKS / tool / "list.json", "list.json")
    assert inspected.faults == listed.faults == ()
    assert inspected.source.kind == "pip-inspect"
    assert listed.source.kind == "pip-list"
    assert (inspected.source.python, inspected.source.platform) == ("3.12.1", "linux")
    assert {(p.name, p.version) for p in inspected.packages} == {
        (p.name, p.version) for p in listed.packages
    }
    by_name = {package.name: package for package in inspected.packages}
    assert {"h11", "idna"} <= {edge.name for edge in by_name["httpcore"].requires} | {"idna"}
    assert by_name["httpx"].declared.text == "BSD-3-Clause" or by_name["httpx"].declared.expression
