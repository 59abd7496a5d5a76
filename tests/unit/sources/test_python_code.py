"""What a Python file imports and calls."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adhere.model.code import Call, FileCode
from adhere.sources.python_code import MAX_BYTES, read_code


def code(text: str) -> FileCode:
    return read_code(dedent(text).encode())


def calls(text: str) -> list[str]:
    return [call.name for call in code(text).calls]


def only(text: str) -> Call:
    (call,) = code(text).calls
    return call


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import os\nos.system(x)", "os.system"),
        ("import os as o\no.system(x)", "os.system"),
        ("from os import system\nsystem(x)", "os.system"),
        ("from os import system as s\ns(x)", "os.system"),
        ("import os.path\nos.path.join(x)", "os.path.join"),
        ("import os.path as p\np.join(x)", "os.path.join"),
        ("import os\nrun = os.system\nrun(x)", "os.system"),
        ("from os import *\nsystem(x)", "os.system"),
        ("eval(x)", "eval"),
        ("import builtins\nbuiltins.eval(x)", "eval"),
        ("def eval(x): ...\neval(x)", "?.eval"),
        ("class eval: ...\neval(x)", "?.eval"),
        ("eval = 1\neval(x)", "?.eval"),
        ("from . import db\ndb.run(x)", "..db.run"),
        ("a.b.c(x)", "?.a.b.c"),
        ("'{}'.format(x)", "?.format"),
        ("a[0].run(x)", "?.run"),
        ("(lambda: 1)(x)", "?"),
        ("from .db import *\nrun(x)", ".db.run"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert calls(text) == [name]


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("for a in b: f()", True),
        ("for a in f(): pass", False),
        ("for a in b: pass\nelse: f()", False),
        ("while f(): pass", True),
        ("while a: pass\nelse: f()", False),
        ("[f() for a in b]", True),
        ("[a for a in f()]", False),
        ("[a for b in c for a in f()]", True),
        ("{a: f() for a in b}", True),
        ("[a for a in b if f()]", True),
        ("for a in b:\n def g(): f()", False),
        ("for a in b:\n g = lambda: f()", True),
        ("async def g():\n async for a in b: f()", True),
        ("def g():\n with a:\n  if b:\n   for c in d:\n    try: f()\n    finally: pass", True),
        ("f()", False),
    ],
)
def test_loops(text: str, *, loop: bool) -> None:
    assert only(text).loop is loop


@pytest.mark.parametrize(
    ("text", "coroutine", "when"),
    [
        ("f()", False, "import"),
        ("class A:\n f()", False, "import"),
        ("def g(): f()", False, "call"),
        ("def g(a=f()): pass", False, "import"),
        ("@f()\ndef g(): pass", False, "import"),
        ("async def g(): f()", True, "call"),
        ("async def g():\n def h(): f()", False, "call"),
        ("g = lambda: f()", False, "call"),
        ("if TYPE_CHECKING: f()", False, "typing"),
        ("if not typing.TYPE_CHECKING: f()", False, "import"),
        ("if not TYPE_CHECKING: pass\nelse: f()", False, "typing"),
    ],
)
def test_where_it_is_done(text: str, when: str, *, coroutine: bool) -> None:
    call = only(text)
    assert (call.coroutine, call.when) == (coroutine, when)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('"pip show"', "pip show"),
        ('["pip", "show", name]', "pip show"),
        ('("pip", *["show"])', "pip show"),
        ('f"pip show {name}"', "pip show "),
        ('"pip " + "show"', "pip  show"),
        ('args=["pip", "show"], check=True', "pip show"),
        ("name, 1, None", ""),
        ('"\\ud800"', "?"),
    ],
)
def test_words(arguments: str, words: str) -> None:
    assert only(f"f({arguments})").words == words


def test_scopes_and_places() -> None:
    found = code(
        """\
        class A:
            def b(self):
                "ä"; f()
            async def c(self):
                def d(): f()
        f()
        """
    )
    assert [(call.scope, call.line, call.column) for call in found.calls] == [
        ("A.b", 3, 14),
        ("A.c.d", 5, 18),
        ("", 6, 1),
    ]


def test_imports() -> None:
    found = code(
        """\
        import a, b.c as d
        from e import f, g
        from .. import h
        from .i import *
        if TYPE_CHECKING:
            import j
        def k():
            import l
        import importlib
        importlib.import_module("m.n")
        __import__("o")
        importlib.import_module(".p", "q")
        importlib.import_module(name)
        """
    )
    assert [(one.module, one.names, one.level, one.when) for one in found.imports] == [
        ("a", (), 0, "import"),
        ("b.c", (), 0, "import"),
        ("e", ("f", "g"), 0, "import"),
        ("", ("h",), 2, "import"),
        ("i", ("*",), 1, "import"),
        ("j", (), 0, "typing"),
        ("l", (), 0, "call"),
        ("importlib", (), 0, "import"),
        ("m.n", (), 0, "import"),
        ("o", (), 0, "import"),
    ]


@pytest.mark.parametrize(
    ("data", "fault", "line"),
    [
        (b"x = (\n", "Python does not parse it", 1),
        (b"x = 1\ny = \xff\n", "Python does not parse it", 2),
        (b"# coding: nonsense\n", "Python does not parse it", 0),
        (b"x = 1\0", "", None),
        (b"(" * 10_000, "", None),
        (b"x = " + b"-" * 100_000 + b"1", "", None),
        (b"#" * (MAX_BYTES + 1), "it is larger than", 0),
    ],
)
def test_what_cannot_be_understood_is_said(data: bytes, fault: str, line: int | None) -> None:
    found = read_code(data)
    assert found.fault
    assert fault in found.fault
    assert line is None or found.line == line
    assert found.imports == found.calls == ()


def test_an_encoding_is_obeyed() -> None:
    text = "# coding: latin-1\nimport \xe4\n"
    (found,) = read_code(text.encode("latin-1")).imports
    assert found.module == "\xe4"


def test_an_expression_may_be_very_deep() -> None:
    """Deeper than functions may call each other, where the parser itself takes it."""
    found = code("a" + ".b()" * 900)
    assert (len(found.calls), found.fault) == (900, "")


def test_remarks_about_the_code_are_not_ours() -> None:
    assert calls('f("\\d")') == ["?.f"]


@given(st.text(alphabet="abf()[]{}:=.,*@\n \t'\"\\#+-in or if for def import from as", max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Every call of a tree is found, and nothing is raised."""
    found = read_code(text.encode())
    try:
        tree = ast.parse(text.encode())
    except (SyntaxError, ValueError):
        assert found.fault
        return
    places = {(n.lineno, n.col_offset + 1) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert {(call.line, call.column) for call in found.calls} == places
    named = sum(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert len(found.imports) >= named


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    read_code(data)
