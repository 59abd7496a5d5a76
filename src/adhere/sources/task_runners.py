"""What nox sessions, tox environments and pre-commit hooks run; nothing of them is run."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from adhere.sources.nox_file import nox_tasks
from adhere.sources.shell import commands
from adhere.sources.task import Read, Task, values


def tasks(words: Sequence[str], read: Read) -> Iterator[Task]:
    """What a command of a task runner runs; nothing for any other command.

    Args:
        words: of the command, without wrappers.
        read: gets at files of the project.
    """
    words = words[: words.index("--")] if "--" in words else words  # the rest is the session's
    program = words[0] if words else ""
    if program == "nox":
        yield from nox_tasks(words, read)
    elif program == "tox":
        yield from _tox(words, read)
    elif program in ("pre-commit", "prek") and "run" in words:
        yield from _hooks(words, read)


def _tox(words: Sequence[str], read: Read) -> Iterator[Task]:
    asked = values(words, ("-e",), ("--env",))
    for path, environments in _tox_files(read):
        names = asked or [name for name, one in environments.items() if one.get("default")]
        for name in names:
            one = environments.get(name) or environments.get("")
            if one is None:
                continue
            ignored = "`ignore_outcome` is set" if one.get("ignored") else ""
            for line in one["commands"]:
                text = line.lstrip("- ")
                hides = "`-` hides its failure" if line.startswith("-") else ""
                for command in commands(text):
                    yield Task(command.words, f"tox -e {name}", path, 0, ignored or hides)
        if environments:
            return


def _tox_files(read: Read) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Environments by name, ``""`` for what all of them have, of the first file that has any."""
    for path, table in (("tox.ini", ()), ("setup.cfg", ("tox:",))):
        text = read(path)
        if text is not None:
            yield path, _tox_ini(text, "".join(table))
    for path, keys in (("tox.toml", ()), ("pyproject.toml", ("tool", "tox"))):
        text = read(path)
        if text is not None:
            yield path, _tox_toml(text, keys)


def _tox_ini(text: str, prefix: str) -> dict[str, dict[str, Any]]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    listed = parser.get(f"{prefix}tox", "envlist", fallback="")
    listed = parser.get(f"{prefix}tox", "env_list", fallback=listed)
    default = {name for name in re.split(r"[\s,]+", listed) if name}
    base = dict(parser["testenv"]) if parser.has_section("testenv") else {}
    found: dict[str, dict[str, Any]] = {}
    for section in parser.sections():
        if section == "testenv" or section.startswith("testenv:"):
            own = {**base, **parser[section]}
            name = section.partition(":")[2]
            lines = re.sub(r"\\\n", " ", own.get("commands", "")).split("\n")
            found[name] = {
                "commands": [line.strip() for line in lines if line.strip()],
                "ignored": own.get("ignore_outcome", "").lower() == "true",
                "default": name in default,
            }
    if "" in found:
        for name in default - found.keys():
            found[name] = {**found[""], "default": True}
    return found


def _tox_toml(text: str, keys: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    for key in keys:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        return {}
    if isinstance(table.get("legacy_tox_ini"), str):
        return _tox_ini(table["legacy_tox_ini"], "")
    base = table.get("env_run_base") or {}
    found: dict[str, dict[str, Any]] = {}
    for name, own in {"": base, **(table.get("env") or {})}.items():
        given = {**base, **own} if isinstance(own, dict) else {}
        lines = [
            " ".join(word for word in line if isinstance(word, str))
            for line in given.get("commands", ())
            if isinstance(line, list)
        ]
        if lines:
            found[name] = {
                "commands": lines,
                "ignored": given.get("ignore_outcome") is True,
                "default": name in table.get("env_list", ()),
            }
    return found


def _hooks(words: Sequence[str], read: Read) -> Iterator[Task]:
    from adhere.sources.yaml_nodes import YamlError, compose, place

    path = next(iter(values(words, ("-c",), ("--config",))), ".pre-commit-config.yaml")
    text = read(path)
    if text is None:
        return
    try:
        root, value = compose(text)
    except YamlError:
        return
    plain = [word for word in words[words.index("run") + 1 :] if not word.startswith("-")]
    whole = "--all-files" in words or "-a" in words
    fault = "" if whole else "without `--all-files` it looks at nothing in CI"
    repos = value.get("repos") if isinstance(value, dict) else None
    for n, repo in enumerate(repos if isinstance(repos, list) else ()):
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        for m, hook in enumerate(hooks if isinstance(hooks, list) else ()):
            name = hook.get("id") if isinstance(hook, dict) else None
            if isinstance(name, str) and (not plain or name in plain):
                line, _ = place(root, ("repos", n, "hooks", m))
                manual = hook.get("stages") == ["manual"] and not plain
                skipped = "its stage is `manual`" if manual else fault
                yield Task((name,), "pre-commit run", path, line, skipped)
