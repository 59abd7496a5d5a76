"""A project to run commands in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from surfaces.world import LICENSES, World

if TYPE_CHECKING:
    from surfaces.docs_site import DocsSite


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An empty folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / ".git").mkdir()  # nothing above it is looked at
    return World(folder, monkeypatch)


@pytest.fixture
def good(world: World) -> World:
    """One package, one rule, which passes."""
    world.install("alpha")
    world.write("adhere.toml", LICENSES)
    return world


@pytest.fixture
def bad(good: World) -> World:
    """Three packages, two of which violate the rule."""
    good.install("copyleft", license="GPL-3.0-only")
    good.install("reviewed", license="MPL-2.0", requires=["copyleft>=1"])
    return good


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DocsSite:
    """A site of documentation with a report."""
    from surfaces.docs_site import DocsSite  # imports MkDocs, which the others do without

    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    found = DocsSite(tmp_path)
    found.store()
    return found
