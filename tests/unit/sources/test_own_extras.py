from __future__ import annotations

from pathlib import Path

from adhere.model.assemble import assemble
from adhere.model.inventory import Requirement
from adhere.sources import poetry_lock, uv_lock
from adhere.sources.own_extras import own_extras_followed
from corpus.inventories import found, root
from readers.given import reading

UV = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "acme"
version = "1.0"
source = { editable = "." }
dependencies = [{ name = "base" }]

[package.optional-dependencies]
all = [{ name = "click" }, { name = "web" }]
cli = [{ name = "click" }]
web = [{ name = "web" }]

[package.metadata]
requires-dist = [
    { name = "acme", extras = ["cli", "web"], marker = "extra == 'all'" },
    { name = "base" },
    { name = "click", marker = "extra == 'cli'" },
    { name = "web", marker = "extra == 'web'" },
]

[[package]]
name = "base"
version = "1"
source = { registry = "https://index.example.org/simple" }

[[package]]
name = "click"
version = "1"
source = { registry = "https://index.example.org/simple" }

[[package]]
name = "web"
version = "1"
source = { registry = "https://index.example.org/simple" }
"""
PYPROJECT = """\
[project]
name = "acme"
dependencies = ["base"]

[project.optional-dependencies]
all = ["acme[cli,web]"]
cli = ["click"]
web = ["web"]

[dependency-groups]
dev = ["acme[all]; sys_platform == 'linux'", "tool"]
"""
POETRY = """\
[[package]]
name = "base"
version = "1"

[[package]]
name = "click"
version = "1"

[[package]]
name = "tool"
version = "1"

[[package]]
name = "web"
version = "1"

[metadata]
lock-version = "2.1"
"""


def asked(roots: tuple[Requirement, ...]) -> list[tuple[str, str, str]]:
    return sorted((r.name, r.group, r.marker) for r in roots)


def test_what_the_project_needs_anyway_is_not_of_the_extra_all(tmp_path: Path) -> None:
    given = assemble([reading(uv_lock.read, tmp_path, {"uv.lock": UV})])
    assert found(given, "base").groups == ("runtime",)
    assert found(given, "click").groups == ("extra:all", "extra:cli")
    assert not found(given, "acme").direct


def test_extras_of_extras_and_groups_are_followed_with_their_markers(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"poetry.lock": POETRY, "pyproject.toml": PYPROJECT}
    given = reading(poetry_lock.read, tmp_path, files)
    linux = 'sys_platform == "linux"'
    assert asked(given.roots) == [
        ("base", "runtime", ""),
        ("click", "dev", linux),
        ("click", "extra:all", ""),
        ("click", "extra:cli", ""),
        ("tool", "dev", ""),
        ("web", "dev", linux),
        ("web", "extra:all", ""),
        ("web", "extra:web", ""),
    ]


def test_extras_that_ask_for_one_another_end() -> None:
    roots = (
        root("acme[b]", group="extra:a", by="Acme"),
        root("acme[a]", group="extra:b", by="Acme"),
        root("x", group="extra:b", by="Acme"),
    )
    assert asked(own_extras_followed(roots)) == [("x", "extra:a", ""), ("x", "extra:b", "")]


def test_an_extra_that_asks_for_nothing_stays_and_other_projects_are_left_alone() -> None:
    roots = (
        root("acme[gone]", group="dev", by="acme"),
        root("other[x]", group="dev", by="acme"),
    )
    assert own_extras_followed(roots) == roots
