"""A second real project, of what is rarer: one inventory, whichever source tells it.

Made by ``tests/generators/locks.py shop`` with uv and cyclonedx-py, on Linux with CPython 3.11.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from adhere.markers import holds, of_source
from adhere.model.assemble import assemble
from adhere.model.inventory import Component, Inventory, Reading
from readers.given import LOCKS, package

SHOP = LOCKS / "shop"
BEYOND = {"colorama", "async-timeout", "tzdata"}
"""What the lock has for other platforms and Pythons, beside the other fork of networkx."""


def read(kind: str, name: str) -> Reading:
    reader: Callable[..., Reading] = import_module(f"adhere.sources.{kind}").read
    return reader(SHOP / name, name)


@pytest.fixture(scope="module")
def lock() -> Reading:
    return read("uv_lock", "uv.lock")


@pytest.fixture(scope="module")
def installed() -> Reading:
    return read("pip_json", "inspect.json")


@pytest.fixture(scope="module")
def both(lock: Reading, installed: Reading) -> Inventory:
    return assemble([lock, installed], holds=lambda m, source: holds(m, of_source(source)))


def one(given: Inventory, name: str, version: str = "") -> Component:
    (found,) = (
        c for c in given.components if c.name == name and (not version or c.version == version)
    )
    return found


def test_the_lock_and_what_was_installed_from_it_are_one_list(
    both: Inventory, lock: Reading, installed: Reading
) -> None:
    assert lock.faults == installed.faults == ()
    here = {c.name: c.version for c in both.components if not c.elsewhere}
    assert here == {p.name: p.version for p in installed.packages}
    elsewhere = {c.name for c in both.components if c.elsewhere}
    assert elsewhere == BEYOND | {"networkx"}


def test_one_fork_is_for_here(both: Inventory) -> None:
    versions = {c.version: c.elsewhere for c in both.named(one(both, "six").name)}
    assert versions == {one(both, "six").version: False}
    forks = [
        (c.version.startswith("3.4"), c.elsewhere) for c in both.components if c.name == "networkx"
    ]
    assert forks == [(True, False), (False, True)]


def test_a_version_that_a_build_works_out_comes_from_the_environment(
    both: Inventory, lock: Reading
) -> None:
    assert package(lock, "acme-dynamic").version == ""
    dynamic = one(both, "acme-dynamic")
    assert dynamic.version == "0.9.dev3"
    assert dynamic.seen_in == (0, 1)
    assert dynamic.origin.kind == "editable"


def test_groups_of_an_extra_that_is_made_of_others(both: Inventory) -> None:
    assert one(both, "hiredis").groups == ("extra:all", "extra:cache")
    assert one(both, "psycopg-binary").groups == ("extra:all", "extra:data-base")
    assert one(both, "zope-interface").groups == ("runtime",)
    assert one(both, "markupsafe").groups == ("runtime",)
    assert one(both, "iniconfig").groups == ("dev", "test")
    assert one(both, "six").groups == ("dev",)


def test_what_is_direct(both: Inventory) -> None:
    assert {c.name for c in both.components if c.direct} == {
        "acme-dynamic",
        "acme-wheel",
        "colorama",
        "networkx",
        "psycopg",
        "pytest",
        "redis",
        "six",
        "zope-interface",
    }
    assert {c.name for c in both.components if c.first_party} == {"acme-shop"}


@pytest.mark.parametrize("name", ["locked.cdx.json", "installed.cdx.json"])
def test_a_bill_of_materials_lists_the_same(name: str, lock: Reading, installed: Reading) -> None:
    found = read("cyclonedx", name)
    assert found.faults == ()
    listed = {p.name: p.version for p in found.packages}
    assert listed["acme-wheel"] == "1.0+acme.1"
    if name == "installed.cdx.json":
        assert listed == {p.name: p.version for p in installed.packages}
    else:
        expected = {p.name for p in lock.packages} - {"acme-shop"}
        assert set(listed) == expected
        assert listed["acme-dynamic"] == ""
        assert found.first_party == ("acme-shop",)
        assert {r.name for r in found.roots} >= {"acme-dynamic", "acme-wheel", "zope-interface"}
    assert any("no package URL" in text for text in package(found, "acme-wheel").remarks)
