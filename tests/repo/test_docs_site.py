"""The hook of our site: generated pages are in the navigation where there are any."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from repo.handbook import DOCS


@pytest.fixture
def hook() -> ModuleType:
    spec = spec_from_file_location("navigation", DOCS / "hooks" / "navigation.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def config(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(docs_dir=str(folder), nav=["index.md"], extra_css=[])


def test_without_pages_the_navigation_stays_as_it_is(hook: ModuleType, tmp_path: Path) -> None:
    found = hook.on_config(config(tmp_path))
    assert found.nav == ["index.md"]
    assert found.extra_css == []


def test_pages_come_in_the_order_in_which_one_reads_them(hook: ModuleType, tmp_path: Path) -> None:
    for name in ("waivers", "history", "index", "licenses"):
        page = tmp_path / "compliance" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.touch()
    (tmp_path / "_adhere").mkdir()
    (tmp_path / "_adhere" / "adhere.css").touch()
    found = hook.on_config(config(tmp_path))
    names = ["index.md", "licenses.md", "waivers.md", "history.md"]
    assert found.nav[-1] == {"Compliance": [f"compliance/{name}" for name in names]}
    assert found.extra_css == ["_adhere/adhere.css"]


def test_a_page_that_says_that_there_is_no_report_is_enough(
    hook: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "compliance").mkdir()
    (tmp_path / "compliance" / "index.md").touch()
    found = hook.on_config(config(tmp_path))
    assert found.nav[-1] == {"Compliance": ["compliance/index.md"]}
