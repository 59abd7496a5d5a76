"""Decisions that somebody took before: a document and its rules, ready for a project."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from adhere.adr.document import number_of
from adhere.app.project import Project, find_project, has_table
from adhere.app.register import Decisions, decisions_in, next_number
from adhere.errors import Problem, UsageError
from adhere.policy.decode import nearest
from adhere.report.render import built_in_folder

STARTER = "starter"
_NAMES = {
    STARTER: ("ADR-001", "dependencies"),
    "adr-010": ("ADR-010", "dependencies"),
    "adr-015": ("ADR-015", "performance"),
    "openchain-cra": ("", "vulnerability-handling"),
}
"""Id and name of each decision; without an id it gets the next number."""

PRESETS = tuple(_NAMES)
"""What `adhere init --preset` takes."""

_REQUIREMENTS = ("requirements.in", "requirements.txt")


class Prepared(Struct, frozen=True):
    """Files of presets, not written yet.

    Attributes:
        files: text by path, relative to the project.
        config: tables that the configuration has to have, as TOML, ``""`` for none.
        advice: what is left to a person.
    """

    files: dict[str, str]
    config: str
    advice: tuple[str, ...]


def prepare(root: str, names: Sequence[str], today: date) -> Prepared:
    """Fill in what is of this project.

    Args:
        root: absolute path of the project, the working directory.
        names: of presets.
        today: day of the decisions.

    Raises:
        UsageError: there is no such preset, or another decision has its number.
        ConfigError: the configuration, or a decision that is there, cannot be read.
        SourceError: what the project asks for cannot be read.
    """
    names = tuple(dict.fromkeys(names))
    words = ", ".join(PRESETS)
    for name in names:
        if name not in PRESETS:
            hint = nearest(name, PRESETS) or f"there is {words}"
            raise UsageError(Problem("usage", f"there is no preset `{name}`", hint=hint))
    found = find_project(root, None)
    decisions = decisions_in(found if found.root == root else Project(root, ""), today)
    files: dict[str, str] = {}
    advice: list[str] = []
    for name in names:
        if name == STARTER and _documents(root, decisions):
            advice.append(
                f"{decisions.folder} has decisions already; no rules were written for them"
            )
            continue
        stem, identifier = _place(name, decisions, root)
        slug = _NAMES[name][1]
        given = {"@ID@": identifier, "@STEM@": stem, "@TODAY@": today.isoformat(), **_given(root)}
        files[f"{decisions.folder}/{stem}-{slug}.md"] = _filled(name, "decision.md", given)
        files[f"{decisions.folder}/{stem}.rules.toml"] = _filled(name, "rules.toml", given)
    config = "\n".join(_text(name, "config.toml") for name in names if _has(name, "config.toml"))
    return Prepared(files, config, tuple(advice))


def _place(name: str, decisions: Decisions, root: str) -> tuple[str, str]:
    """Start of the names of its files, and its id.

    Raises:
        UsageError: another document has the number.
    """
    identifier, slug = _NAMES[name]
    documents = _documents(root, decisions)
    own = [document for document in documents if document.endswith(f"-{slug}.md")]
    if identifier:
        number = int(number_of(identifier))
        others = [d for d in documents if number_of(d) and int(number_of(d)) == number]
        if others and others != [f"{identifier}-{slug}.md"]:
            message = f"decision {number} is there already, {decisions.folder}/{others[0]}"
            hint = "give that one another number, or begin in an empty folder and move the files"
            raise UsageError(Problem("usage", message, hint=hint))
        return identifier, identifier
    if own:  # written by an earlier call
        stem = own[0].removesuffix(f"-{slug}.md")
        return stem, f"ADR-{number_of(own[0])}"
    prefix, written = next_number(decisions)
    return f"{prefix}{written}", f"ADR-{written}"


def _documents(root: str, decisions: Decisions) -> list[str]:
    folder = os.path.join(root, *decisions.folder.split("/"))
    if not os.path.isdir(folder):
        return []
    return sorted(name for name in os.listdir(folder) if name.endswith(".md"))


def _given(root: str) -> dict[str, str]:
    table = has_table(os.path.join(root, "pyproject.toml"))
    return {
        "@CONFIG@": "pyproject.toml" if table else "adhere.toml",
        "@TABLE@": "tool.adhere." if table else "",
        "@APPROVED@": "".join(f"\n    {line}," for line in _approved(root)) + "\n",
    }


def _approved(root: str) -> Iterator[str]:
    """What the project asks for today, as approvals.

    Raises:
        SourceError: a file cannot be read.
    """
    for name in sorted(set(_asked(root))):
        reason = "asked for when this was decided"
        yield f'{{ package = {json.dumps(name)}, category = "in use", reason = {json.dumps(reason)} }}'


def _asked(root: str) -> Iterator[str]:
    from pathlib import Path

    from adhere.sources.pyproject import BUILD, requirements
    from adhere.sources.requirements import read_requirements

    project = Path(root, "pyproject.toml")
    if project.is_file():
        yield from (one.name for one in requirements(project, project.name) if one.group != BUILD)
    for name in _REQUIREMENTS:
        path = Path(root, name)
        if path.is_file():
            yield from (one.name for one in read_requirements(path, name) if not one.constraint)
            return


def _filled(name: str, file: str, given: dict[str, str]) -> str:
    text = _text(name, file)
    for mark, value in given.items():
        text = text.replace(mark, value)
    return text


def _has(name: str, file: str) -> bool:
    return os.path.isfile(_path(name, file))


def _text(name: str, file: str) -> str:
    with open(_path(name, file), encoding="utf-8") as stream:
        return stream.read()


def _path(name: str, file: str) -> str:
    return os.path.join(built_in_folder(), "init", name, file)
