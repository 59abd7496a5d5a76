"""Mutants of the check kinds: ``mutants/<kind>.toml``.

Each mutation is a mistake that somebody could make. It is made in memory, the kind that
results takes the place of the real one, and at least one golden case has to notice.
"""

from __future__ import annotations

import sys
import tomllib
from importlib import import_module
from inspect import getsource
from pathlib import Path
from types import ModuleType

import pytest

from adhere.checks import BUILT_IN, KINDS
from corpus.golden import CASES, EXPECTED, cases, made, said

MUTANTS = Path(__file__).parent / "mutants"


def mutants() -> list[tuple[str, dict[str, str]]]:
    found = []
    for path in sorted(MUTANTS.glob("*.toml")):
        for mutant in tomllib.loads(path.read_text("utf-8"))["mutant"]:
            found.append((path.stem, mutant))
    return found


def name_of(value: object) -> str | None:
    return value["breaks"] if isinstance(value, dict) else None


def mutated(kind: str, mutant: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The kind's module with one mistake in it; nothing on disk changes."""
    source = getsource(import_module(f"adhere.checks.{BUILT_IN[kind]}"))
    assert source.count(mutant["old"]) == 1, f"{kind} no longer has the line to break"
    module = ModuleType(f"mutant_{BUILT_IN[kind]}")
    # Annotations of structs are resolved in the module that they name.
    monkeypatch.setitem(sys.modules, module.__name__, module)
    code = compile(source.replace(mutant["old"], mutant["new"]), module.__name__, "exec")
    exec(code, module.__dict__)  # noqa: S102 - our own source, with a mistake of ours
    return module


@pytest.mark.parametrize(("kind", "mutant"), mutants(), ids=name_of)
def test_a_mistake_is_noticed(
    kind: str, mutant: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = mutated(kind, mutant, monkeypatch)
    assert KINDS[kind].name == kind  # it is loaded before it is replaced
    monkeypatch.setitem(KINDS._found, kind, module.KIND)
    assert any(
        said(made(case, tmp_path / str(number))) != (CASES / case / EXPECTED).read_text("utf-8")
        for number, case in enumerate(cases(kind))
    ), f"no golden case of {kind} notices that it no longer holds that {mutant['breaks']}"


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_every_kind_has_mutants(kind: str) -> None:
    assert sum(name == kind for name, _ in mutants()) >= 3
