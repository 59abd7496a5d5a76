from __future__ import annotations

from pathlib import Path

import pytest

from adhere.app.project import Project, called, find_project, has_table
from adhere.errors import ConfigError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "a" / "b").mkdir(parents=True)
    return folder


class TestFind:
    def test_the_nearest_configuration_upwards(self, root: Path) -> None:
        (root / "adhere.toml").touch()
        (root / "a" / "adhere.toml").touch()
        assert find_project(str(root / "a" / "b"), None) == Project(str(root / "a"), "adhere.toml")

    def test_a_table_in_pyproject(self, root: Path) -> None:
        (root / "pyproject.toml").write_text("[tool.adhere]\n", "utf-8")
        (root / "a" / "pyproject.toml").write_text('[project]\nname = "adhere"\n', "utf-8")
        assert find_project(str(root / "a"), None) == Project(str(root), "pyproject.toml")

    @pytest.mark.parametrize("mark", [".git", ".hg"])
    def test_not_beyond_version_control(self, root: Path, mark: str) -> None:
        (root / "adhere.toml").touch()
        (root / "a" / mark).mkdir()
        assert find_project(str(root / "a" / "b"), None) == Project(str(root / "a"))

    def test_the_folder_itself_without_either(self, root: Path) -> None:
        assert find_project(str(root / "a"), None) == Project(str(root / "a"))

    def test_two_side_by_side(self, root: Path) -> None:
        (root / "adhere.toml").touch()
        (root / "pyproject.toml").write_text("[tool.adhere]\n", "utf-8")
        with pytest.raises(ConfigError, match=r"there is an adhere\.toml and a \[tool\.adhere\]"):
            find_project(str(root), None)

    @pytest.mark.parametrize("start", ["", "a"])
    def test_a_named_one_does_not_move_the_root(self, root: Path, start: str) -> None:
        (root / "adhere.toml").touch()
        (root / "a" / "b" / "other.toml").touch()
        path = str(root / "a" / "b" / "other.toml")
        assert find_project(str(root / start), path) == Project(str(root), "a/b/other.toml")

    def test_a_named_one_outside(self, root: Path) -> None:
        (root / "a" / ".git").mkdir()
        (root / "org.toml").touch()
        assert find_project(str(root / "a"), "../org.toml") == Project(
            str(root / "a"), "../org.toml"
        )

    def test_a_named_one_in_the_home_folder(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(root))
        (root / "org.toml").touch()
        assert find_project(str(root / "a"), "~/org.toml").config == "../org.toml"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", False),
        (b"[tool.adhere]\n", True),
        (b"\xef\xbb\xbf[tool.adhere]\n", True),
        (b"[tool.adhere.report]\n", True),
        (b"tool = { adhere = 3 }\n", True),
        (b'[project]\ndependencies = ["adhere"]\n', False),
        (b"# [tool.adhere]\n", False),
        (b"[tool.adhere\n", True),
        (b"[tool.adhere]\nx = \xff\n", True),
        (b'adhere = "\xff"\n', False),
    ],
)
def test_whether_a_pyproject_configures_us(tmp_path: Path, data: bytes, found: bool) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    assert has_table(str(tmp_path / "pyproject.toml")) is found


class TestLabel:
    @pytest.mark.parametrize(
        ("path", "label"),
        [
            ("/home/me/work/p/uv.lock", "uv.lock"),
            ("/home/me/work/p/a/../b", "b"),
            ("/home/me/work/q/uv.lock", "../q/uv.lock"),
            ("/srv/python/lib/site-packages", ".../lib/site-packages"),
            ("/x", ".../x"),
            ("/home/me/work/p", "."),
        ],
    )
    def test_tells_about_the_project_and_not_the_machine(self, path: str, label: str) -> None:
        assert Project("/home/me/work/p").label(path) == label

    def test_unless_paths_need_not_be_hidden(self) -> None:
        project = Project("/home/me/p", redact=False)
        assert project.label("/srv/x/y/z") == "../../../srv/x/y/z"


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ('[project]\nname = "Shop.Front"\nversion = "1.2rc1"\n', "Shop.Front", "1.2rc1"),
        ('[project]\nname = "shop"\ndynamic = ["version"]\n', "shop", ""),
        ('[project]\nname = "no name"\nversion = "1"\n', "folder", ""),
        ("[project]\nname = 3\n", "folder", ""),
        ('project = "shop"\n', "folder", ""),
        ('[tool.project]\nname = "shop"\n', "folder", ""),
        ('[tool.poetry]\nname = "shop"\nversion = "0.3"\n', "shop", "0.3"),
        ('[project]\nname = "shop"\n[tool.poetry]\nversion = "0.4"\n', "shop", "0.4"),
        ('tool = "name"\n', "folder", ""),
        ("[project\n", "folder", ""),
        (None, "folder", ""),
    ],
)
def test_a_project_is_called_as_it_says_or_as_its_folder(
    tmp_path: Path, text: str | None, name: str, version: str
) -> None:
    """A checkout may lie in any folder: those of CI are called ``app`` or ``workspace``."""
    root = tmp_path / "folder"
    root.mkdir()
    if text is not None:
        (root / "pyproject.toml").write_text(text, "utf-8")
    assert called(str(root)) == (name, version)
