"""What a Python file imports and calls, from its syntax tree; nothing of it is run."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator

from adhere.model.code import Call, FileCode, Import, When

MAX_BYTES = 4 << 20
"""Of a file that is read; a larger one was not written by hand."""

_LOOP, _COROUTINE, _LATER, _TYPING = 1, 2, 4, 8
_MAX_WORDS = 500
_BUILTINS = frozenset(dir(builtins))
_LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_IMPORTERS = frozenset({"importlib.import_module", "__import__"})


def read_code(data: bytes) -> FileCode:
    """Everything that a file imports and calls.

    Args:
        data: of the file, in whatever encoding it declares.
    """
    if len(data) > MAX_BYTES:
        return FileCode(fault=f"it is larger than {MAX_BYTES} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks about the project's code, not about ours
            tree = ast.parse(data)
    except SyntaxError as error:
        return FileCode(fault=f"Python does not parse it: {error.msg}", line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return FileCode(fault=f"it cannot be parsed: {error or type(error).__name__}")
    lines = data.split(b"\n") if not data.isascii() else []
    return _Reader(lines).read(tree)


class _Reader:
    """Walks a tree without recursion: how deep a stranger's expressions are nested is theirs."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.imports: list[Import] = []
        self.raw: list[tuple[ast.Call, int, str]] = []
        self.bound: dict[str, str] = {}
        self.aliases: list[tuple[str, ast.expr]] = []
        self.own: set[str] = set()
        self.stars: list[str] = []

    def read(self, tree: ast.Module) -> FileCode:
        stack: list[tuple[ast.AST, int, str]] = [(tree, 0, "")]
        while stack:
            node, flags, scope = stack.pop()
            if isinstance(node, ast.Call):
                self.raw.append((node, flags, scope))
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self.import_(node, flags)
                continue
            elif isinstance(node, ast.Assign):
                self.assigned(node)
            stack.extend(self.below(node, flags, scope))
        for name, value in self.aliases:
            named = self.name(value)
            if named and not named.startswith("?"):
                self.bound.setdefault(name, named)
        calls = [call for raw in self.raw for call in self.call(*raw)]
        calls.sort(key=lambda call: (call.line, call.column))
        self.imports.extend(self.dynamic(calls))
        self.imports.sort(key=lambda one: (one.line, one.column))
        return FileCode(tuple(self.imports), tuple(calls))

    def below(self, node: ast.AST, flags: int, scope: str) -> Iterator[tuple[ast.AST, int, str]]:
        """Children, each with what is known of where it stands."""
        inner: dict[str, int] = {}
        inside = scope
        if isinstance(node, (ast.For, ast.AsyncFor)):
            inner = {"body": flags | _LOOP}
        elif isinstance(node, ast.While):
            inner = {"body": flags | _LOOP, "test": flags | _LOOP}
        elif isinstance(node, ast.If):
            inner = _guarded(node.test, flags)
        elif isinstance(node, ast.Lambda):
            inner = {"body": flags | _LATER}
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.own.add(node.name)
            inside = f"{scope}.{node.name}" if scope else node.name
            later = flags & ~_LOOP & ~_COROUTINE | _LATER
            inner = {"body": later | (_COROUTINE if isinstance(node, ast.AsyncFunctionDef) else 0)}
        elif isinstance(node, ast.ClassDef):
            self.own.add(node.name)
            inside = f"{scope}.{node.name}" if scope else node.name
            inner = {"body": flags}
        elif isinstance(node, _COMPREHENSIONS):
            yield from _comprehension(node, flags, scope)
            return
        for field in node._fields:
            value = getattr(node, field, None)
            known = inner.get(field, flags)
            where = inside if field == "body" else scope
            if isinstance(value, list):
                for child in value:
                    if isinstance(child, ast.AST) and not isinstance(child, _LEAVES):
                        yield child, known, where
            elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
                yield value, known, where

    def import_(self, node: ast.Import | ast.ImportFrom, flags: int) -> None:
        when = _when(flags)
        at = (node.lineno, self.column(node))
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imports.append(Import(alias.name, (), 0, *at, when))
                first = alias.name.partition(".")[0]
                self.bound[alias.asname or first] = alias.name if alias.asname else first
            return
        module = node.module or ""
        names = tuple(alias.name for alias in node.names)
        self.imports.append(Import(module, names, node.level, *at, when))
        prefix = "." * node.level + module
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(prefix)
            else:
                self.bound[alias.asname or alias.name] = f"{prefix}.{alias.name}"

    def assigned(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                if isinstance(node.value, (ast.Name, ast.Attribute)):
                    self.aliases.append((target.id, node.value))
                else:
                    self.own.add(target.id)

    def name(self, node: ast.expr) -> str:
        """What an expression means: imports followed, ``?`` for what nobody can tell."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            root = "?"
        elif node.id in self.bound:
            root = self.bound[node.id]
        elif node.id in _BUILTINS and node.id not in self.own:
            root = node.id.removeprefix("builtins.")
        else:
            root = f"?.{node.id}"
        named = ".".join((root, *reversed(parts)))
        return named.removeprefix("builtins.")

    def call(self, node: ast.Call, flags: int, scope: str) -> Iterator[Call]:
        named = self.name(node.func)
        names = [named]
        free = isinstance(node.func, ast.Name) and node.func.id not in self.own
        if free and named.startswith("?."):  # it may come from any module that all was taken of
            names = [f"{star}.{named[2:]}" for star in self.stars] or names
        words = " ".join(_words(node))[:_MAX_WORDS]
        if not words.isascii():  # halves of surrogate pairs cannot be kept
            words = words.encode("utf-8", "replace").decode()
        for one in names:
            yield Call(
                one,
                words,
                scope,
                node.lineno,
                self.column(node),
                bool(flags & _LOOP),
                bool(flags & _COROUTINE),
                _when(flags),
            )

    def dynamic(self, calls: list[Call]) -> Iterator[Import]:
        """Imports by a call that names the module."""
        for call in calls:
            if call.name in _IMPORTERS and call.words:
                module = call.words.split()[0]
                if not module.startswith("."):
                    yield Import(module, (), 0, call.line, call.column, call.when)

    def column(self, node: ast.stmt | ast.expr) -> int:
        """From 1, in characters; the tree counts bytes of UTF-8."""
        if not self.lines or node.lineno > len(self.lines):
            return node.col_offset + 1
        before = self.lines[node.lineno - 1][: node.col_offset]
        return len(before.decode("utf-8", "replace")) + 1


def _when(flags: int) -> When:
    if flags & _TYPING:
        return "typing"
    return "call" if flags & _LATER else "import"


def _guarded(test: ast.expr, flags: int) -> dict[str, int]:
    """Which branch of a condition only a type checker sees."""
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    inner = test.operand if isinstance(test, ast.UnaryOp) else test
    name = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
    if name != "TYPE_CHECKING":
        return {}
    return {"orelse" if negated else "body": flags | _TYPING}


def _comprehension(node: ast.AST, flags: int, scope: str) -> Iterator[tuple[ast.AST, int, str]]:
    """Everything in it is done again and again, but for what it begins to go through."""
    for field in ("elt", "key", "value"):
        part = getattr(node, field, None)
        if part is not None:
            yield part, flags | _LOOP, scope
    for index, generator in enumerate(node.generators):  # type: ignore[attr-defined] # of all four
        yield generator.iter, flags | (_LOOP if index else 0), scope
        for condition in generator.ifs:
            yield condition, flags | _LOOP, scope


def _words(node: ast.Call) -> Iterator[str]:
    """Text among the arguments, in lists and f-strings too."""
    values: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
    while values:
        value = values.pop(0)
        if isinstance(value, ast.Constant):
            if isinstance(value.value, str):
                yield value.value
        elif isinstance(value, (ast.List, ast.Tuple)):
            values[:0] = value.elts
        elif isinstance(value, ast.JoinedStr):
            values[:0] = value.values
        elif isinstance(value, ast.Starred):
            values.insert(0, value.value)
        elif isinstance(value, ast.BinOp):
            values[:0] = [value.left, value.right]
