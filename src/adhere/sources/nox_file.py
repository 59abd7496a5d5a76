"""What the sessions of a noxfile run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from adhere.sources.shell import unwrap
from adhere.sources.task import Read, Task, values

_DEPTH = 5
_REGISTER = "sessions"
"""Function of `adhere.nox` that registers a session."""
_CHECK = ("adhere", "check")
"""What such a session runs."""


def nox_tasks(words: Sequence[str], read: Read) -> Iterator[Task]:
    """What sessions run that a command of nox names; nothing of them is run."""
    path = next(iter(values(words, ("-f",), ("--noxfile",))), "noxfile.py")
    text = read(path)
    if text is None:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    sessions = {name: (node, tags, own) for name, node, tags, own in _sessions(functions.values())}
    ours = _Ours(tree)
    asked = values(words, ("-s", "-e"), ("--session", "--sessions"))
    tags = values(words, ("-t",), ("--tags",))
    if tags:
        asked = [name for name, (_, known, _) in sessions.items() if set(tags) & set(known)]
    elif not asked:
        named = _options_sessions(tree)
        every = [*(n for n, (_, _, own) in sessions.items() if own), *ours.sessions]
        asked = named if named is not None else every
    for name in asked:
        plain = re.sub(r"(-\d[\d.]*)?(\(.*\))?$", "", name)
        session = sessions.get(name) or sessions.get(plain)
        if session is not None:
            for found, line, fault in _run_by(session[0], functions, sessions, ours, 0, ""):
                yield Task(found, f"nox -s {name}", path, line, fault)
        elif plain in ours.sessions:
            yield Task(_CHECK, f"nox -s {name}", path, ours.sessions[plain])


class _Ours:
    """What a noxfile takes from `adhere.nox`.

    Attributes:
        names: under which it calls them, and what they are called there.
        sessions: that are registered, with the line that does so.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.names = dict(_imported(tree))
        self.sessions: dict[str, int] = {}
        for node in tree.body:
            call = node.value if isinstance(node, ast.Expr) else None
            if (
                not isinstance(call, ast.Call)
                or self.names.get(ast.unparse(call.func)) != _REGISTER
            ):
                continue
            given = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "name")]
            name = getattr(given[0], "value", None) if given else "compliance"
            if isinstance(name, str):
                self.sessions[name] = call.lineno


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        for alias in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else ():
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            origin = f"{module}{alias.name}"
            if origin == "adhere.nox":
                prefix = alias.asname or (alias.name if module else origin)
                yield from ((f"{prefix}.{name}", name) for name in (_REGISTER, "compliance"))
            elif origin.startswith("adhere.nox."):
                yield alias.asname or alias.name, alias.name


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
    ours: _Ours,
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
            if ours.names.get(ast.unparse(target)) == "compliance":
                yield _CHECK, call.lineno, within
            elif isinstance(target, ast.Attribute) and getattr(target.value, "id", "") == session:
                if target.attr in ("run", "run_always"):
                    words = unwrap(list(_words(call)))
                    if words:
                        yield tuple(words), call.lineno, within or _lenient(call)
                elif target.attr == "notify" and call.args:
                    name = getattr(call.args[0], "value", None)
                    if name in sessions:
                        notified = sessions[name][0]
                        yield from _run_by(notified, functions, sessions, ours, depth + 1, within)
            elif isinstance(target, ast.Name) and target.id in functions:
                handed = any(getattr(argument, "id", "") == session for argument in call.args)
                if handed:
                    inner = functions[target.id]
                    yield from _run_by(inner, functions, sessions, ours, depth + 1, within)


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
