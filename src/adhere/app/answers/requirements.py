"""Requirement lines of files."""

from __future__ import annotations

from pathlib import Path

from adhere.app.answers import Given
from adhere.model.inventory import Requirement
from adhere.model.need import Answer, RequirementsNeed


def answer(need: RequirementsNeed, given: Given) -> Answer:
    """Lines by file, in the order of each."""
    found: list[Requirement] = []
    for path in given.tree.matching(need.pattern):
        given.text(path)
        found.extend(read_requirement_lines(given.project.path(path), path))
    return tuple(found)


def read_requirement_lines(absolute: str, label: str) -> tuple[Requirement, ...]:
    """Every requirement line of a file, by what sort of file it is."""
    name = label.rpartition("/")[2]
    if name == "pyproject.toml":
        from adhere.sources import pyproject

        return pyproject.requirements(Path(absolute), label)
    if name == "setup.cfg":
        from adhere.sources import setup_cfg

        return setup_cfg.requirements(Path(absolute), label)
    if name.endswith(".py"):
        from adhere.sources import script

        return script.requirements(Path(absolute), label)
    from adhere.sources import requirements

    return requirements.read_requirements(Path(absolute), label)
