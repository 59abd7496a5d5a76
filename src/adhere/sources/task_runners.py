"""What nox sessions, tox environments and pre-commit hooks run; nothing of them is run."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from adhere.sources.shell import commands, unwrap

Read = Callable[[str], str | None]
"""Text of a file of the project by its path, ``None`` where there is none."""

_DEPTH = 5


class Task(Struct, frozen=True):
    """A command that a task runner runs.

    Attributes:
        words: of it.
        by: what runs it, ``nox -s lint``.
        path: of the file that says so.
        line: from 1, 0 for unknown.
        fault: why its failure stops nothing, ``""`` where it does.
    """

    words: tuple[str, ...]
    by: str
    path: str
    line: int
    fault: str = ""


def tasks(words: Sequence[str], read: Read) -> Iterator[Task]:
    """What a command of a task runner runs; nothing for any other command.

    Args:
        words: of the command, without wrappers.
        read: gets at files of the project.
    """
    words = words[: words.index("--")] if "--" in words else words  # the rest is the session's
    program = words[0] if words else ""
    if program == "nox":
        yield from _nox(words, read)
    elif program == "tox":
        yield from _tox(words, read)
    elif program in ("pre-commit", "prek") and "run" in words:
        yield from _hooks(words, read)


def _values(words: Sequence[str], short: Sequence[str], long: Sequence[str]) -> list[str]:
    """Values of an option that takes one or several: ``-s a b``, ``--session=a``, ``-e a,b``."""
    found: list[str] = []
    taking = False
    for word in words:
        if word in (*short, *long):
            taking = True
        elif word.startswith("-"):
            taking = False
            name, is_given, value = word.partition("=")
            if is_given and name in long:
                found.append(value)
        elif taking:
            found.append(word)
    return [part for value in found for part in value.split(",") if part]


def _nox(words: Sequence[str], read: Read) -> Iterator[Task]:
    path = next(iter(_values(words, ("-f",), ("--noxfile",))), "noxfile.py")
    text = read(path)
    if text is None:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    sessions = {name: (node, tags, own) for name, node, tags, own in _sessions(functions.values())}
    asked = _values(words, ("-s", "-e"), ("--session", "--sessions"))
    tags = _values(words, ("-t",), ("--tags",))
    if tags:
        asked = [name for name, (_, known, _) in sessions.items() if set(tags) & set(known)]
    elif not asked:
        named = _options_sessions(tree)
        asked = named if named is not None else [n for n, (_, _, own) in sessions.items() if own]
    for name in asked:
        plain = re.sub(r"(-\d[\d.]*)?(\(.*\))?$", "", name)
        session = sessions.get(name) or sessions.get(plain)
        if session is not None:
            for found, line, fault in _run_by(session[0], functions, sessions, 0, ""):
                yield Task(found, f"nox -s {name}", path, line, fault)


def _sessions(
    functions: Iterator[ast.FunctionDef] | Any,
) -> Iterator[tuple[str, ast.FunctionDef, tuple[str, ...], bool]]:
    for node in functions:
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if (
                call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")
            ) != "session":
                continue
            given: dict[str, Any] = {}
            for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
                try:
                    given[str(keyword.arg)] = ast.literal_eval(keyword.value)
                except (ValueError, TypeError, SyntaxError):
                    continue
            tags = given.get("tags", ())
            yield (
                str(given.get("name") or node.name),
                node,
                tuple(map(str, tags)) if isinstance(tags, (list, tuple)) else (),
                given.get("default", True) is not False,
            )


def _options_sessions(tree: ast.Module) -> list[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "nox.options.sessions":
            try:
                return [str(name) for name in ast.literal_eval(node.value)]
            except (ValueError, TypeError):
                return []
    return None


def _run_by(
    function: ast.FunctionDef,
    functions: dict[str, ast.FunctionDef],
    sessions: dict[str, Any],
    depth: int,
    fault: str,
) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Commands of a session, of functions that it hands itself to, and of sessions it notifies."""
    if depth > _DEPTH or not function.args.args:
        return
    session = function.args.args[0].arg
    for node, within in _statements(function.body, fault):
        for call in _calls(node):
            target = call.func
            if isinstance(target, ast.Attribute) and getattr(target.value, "id", "") == session:
                if target.attr in ("run", "run_always"):
                    words = unwrap(list(_words(call)))
                    if words:
                        yield tuple(words), call.lineno, within or _lenient(call)
                elif target.attr == "notify" and call.args:
                    name = getattr(call.args[0], "value", None)
                    if name in sessions:
                        notified = sessions[name][0]
                        yield from _run_by(notified, functions, sessions, depth + 1, within)
            elif isinstance(target, ast.Name) and target.id in functions:
                handed = any(getattr(argument, "id", "") == session for argument in call.args)
                if handed:
                    inner = functions[target.id]
                    yield from _run_by(inner, functions, sessions, depth + 1, within)


def _statements(body: Sequence[ast.stmt], fault: str) -> Iterator[tuple[ast.stmt, str]]:
    """Statements, and why what they do may be left out or ignored."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _statements([*node.body, *node.orelse], fault or "it is within a condition")
        elif isinstance(node, (ast.For, ast.While)):
            yield from _statements(node.body, fault or "it is within a loop")
        elif isinstance(node, ast.Try):
            yield from _statements(node.body, fault or "`try` may hide its failure")
            yield from _statements(node.finalbody, fault)
        elif isinstance(node, ast.With):
            hides = any("suppress" in ast.unparse(item) for item in node.items)
            yield from _statements(
                node.body, fault or ("`suppress` hides its failure" if hides else "")
            )
        else:
            yield node, fault


def _calls(node: ast.stmt) -> Iterator[ast.Call]:
    return (child for child in ast.walk(node) if isinstance(child, ast.Call))


def _words(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value
        elif isinstance(argument, ast.Starred) and isinstance(
            argument.value, (ast.Tuple, ast.List)
        ):
            yield from (str(e.value) for e in argument.value.elts if isinstance(e, ast.Constant))
        else:
            yield "?"  # nobody knows what stands there


def _lenient(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "success_codes":
            try:
                codes = ast.literal_eval(keyword.value)
            except (ValueError, TypeError):
                codes = ("?",)
            if set(codes) != {0}:
                return "`success_codes` takes more than 0 for success"
    return ""


def _tox(words: Sequence[str], read: Read) -> Iterator[Task]:
    asked = _values(words, ("-e",), ("--env",))
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

    path = next(iter(_values(words, ("-c",), ("--config",))), ".pre-commit-config.yaml")
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
