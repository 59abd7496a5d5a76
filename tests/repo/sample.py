"""Sample projects: a folder of ``projects``, with the environment it describes made real.

``advisories.json`` of a sample holds the records of its snapshot of advisories.
``environment.toml`` of a sample lists what is installed. It becomes a virtual environment
in ``.venv``, metadata only, and is not itself part of the project (``environment-next.toml``
becomes ``.venv-next``):

- ``[[package]]``: name, version, license, fields, requires, requested, files (text by path
  below the metadata folder; ``@MIT`` for a license text by its name);
- ``[files]``: further text by path below site-packages;
- ``[links]``: symbolic links by path below site-packages.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

from corpus.advisories import snapshot_of
from corpus.environments import distribution, site_packages

PROJECTS = Path(__file__).parent / "projects"
_TEXTS = PROJECTS / "_texts"


def make_project(name: str, target: Path) -> Path:
    """A copy of a sample project in ``target``, which does not exist yet."""
    source = PROJECTS / name
    assert source.is_dir(), f"there is no sample project {name}"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for described in target.glob("environment*.toml"):
        folder = described.stem.replace("environment", ".venv")
        make_environment(tomllib.loads(described.read_text("utf-8")), target / folder)
        described.unlink()
    records = target / "advisories.json"
    if records.is_file():
        found = json.loads(records.read_text("utf-8"))
        snapshot_of(target / ".adhere/osv-pypi.zip", *found)
        records.unlink()
    return target


def make_environment(about: dict[str, Any], folder: Path) -> None:
    """A virtual environment that holds metadata only."""
    packages = site_packages(folder, about.get("python", "3.12"))
    for row in about.get("package", ()):
        files = {path: _text(text) for path, text in row.get("files", {}).items()}
        distribution(
            packages,
            row["name"],
            row.get("version", "1.0"),
            license=row.get("license"),
            fields=row.get("fields", ()),
            requires=row.get("requires", ()),
            files=files,
            requested=row.get("requested", False),
        )
    for path, text in about.get("files", {}).items():
        target = packages / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_text(text), "utf-8")
    for path, leads_to in about.get("links", {}).items():
        (packages / path).symlink_to(leads_to)


def install(name: str, folder: Path) -> None:
    """Leave in ``folder`` what an installer leaves of the sample distribution ``name``.

    Building it would need a build back end, which would need a network.
    """
    source = PROJECTS / name
    project = tomllib.loads((source / "pyproject.toml").read_text("utf-8"))["project"]
    about = distribution(folder, project["name"], project["version"], license=None)
    lines: list[str] = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{point} = {value}" for point, value in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
    for module in source.glob("*.py"):
        shutil.copy(module, folder)


def _text(text: str) -> str:
    if not text.startswith("@"):
        return text
    return (_TEXTS / f"{text[1:]}.txt").read_text("utf-8")
